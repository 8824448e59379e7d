"""Proving an order by its number and a phone's last four digits."""

from __future__ import annotations

from typing import Any

import pytest

from actions.information import ProvideInfo
from actions.proof import AskOrderNumber, AskPhoneTail, ValidateOrderProofForm
from bot.shop.access import Page
from bot.shop.models import OrderState
from tests.unit.actions.order_shop import Desk, Heard, Tries, order

NUMBER = "200000000000000007"
ORDERS = (order(NUMBER, OrderState.PAID),)


async def say(text: str, asking: str | None = "order_number", desk: Desk | None = None, **more: Any) -> Heard:
    """One message while the form is open."""
    slots = {"requested_slot": asking, "wish": "track_logistics", **more.pop("slots", {})}
    desk = desk or Desk(ORDERS, who=None)
    return await desk.hear(ValidateOrderProofForm(), text, slots=slots, form=True, **more)


async def test_a_number_is_taken_and_the_tail_asked_for() -> None:
    """Bare digits are enough while the number is asked for."""
    heard = await say(f"订单号 {NUMBER}", intent="provide_info")
    assert heard.slots["order_number"] == NUMBER
    assert heard.slots["phone_tail"] is None


@pytest.mark.parametrize("text", ["1234", "尾号1234", "１２３４", "13900011234"])
async def test_a_tail_is_read_from_digits_or_a_whole_phone(text: str) -> None:
    """However it is typed, four digits come out; a wrong one keeps the number."""
    heard = await say(text, "phone_tail", slots={"order_number": NUMBER})
    assert heard.slots == {"order_number": NUMBER, "phone_tail": None, "proof_step": "wrong"}


async def test_a_phone_before_the_number_is_thanked_for() -> None:
    """Only the tail of it is kept, until the number comes."""
    heard = await say("13900010001", intent="provide_info")
    assert heard.slots == {"order_number": None, "phone_tail": "0001", "proof_step": "phone"}


async def test_the_right_pair_resumes_the_wish() -> None:
    """The receiver's tail proves the order; the tail is stored nowhere."""
    desk = Desk(ORDERS, who=None)
    heard = await say("0001", "phone_tail", desk, slots={"order_number": NUMBER})
    assert desk.proved == {NUMBER}
    assert heard.follows == ["action_track_logistics"]
    assert heard.slots["order_id"] == NUMBER
    assert "0001" not in str(heard.events)
    assert heard.slots["requested_slot"] is None


async def test_number_and_tail_in_one_message_are_enough() -> None:
    """Nobody is asked for what they have already said."""
    desk = Desk(ORDERS, who=None)
    heard = await say("我的订单到哪了", None, desk, order_id=NUMBER, phone="13800138000")
    assert desk.proved == {NUMBER}
    assert heard.follows == ["action_track_logistics"]


async def test_after_five_wrong_pairs_the_order_is_locked() -> None:
    """Guessing ends, for as long as a try counts; a person is offered."""
    desk = Desk(ORDERS, who=None, tries=Tries())
    for _ in range(5):
        assert (await say("9999", "phone_tail", desk, slots={"order_number": NUMBER})).said == []
    heard = await say("0001", "phone_tail", desk, slots={"order_number": NUMBER})
    assert heard.names == ["utter_order_proof_locked"]
    assert heard.facts["wait"] == "24h"
    assert desk.proved == set()


@pytest.mark.parametrize(
    ("text", "intent"), [("不用了", "deny"), ("算了", "cancel_order"), ("不查了", "chitchat")]
)
async def test_a_refusal_ends_the_form_politely(text: str, intent: str) -> None:
    """算了 and 不用了 end the questions whatever they were taken for."""
    heard = await say(text, intent=intent)
    assert heard.names == ["utter_order_proof_declined"]
    assert heard.slots["requested_slot"] is None
    assert heard.follows == ["action_listen"]


async def test_another_request_is_left_to_the_rules() -> None:
    """No event at all: Rasa rejects the form and the rules answer."""
    assert (await say("七天无理由怎么退", intent="return_goods")).events == []


async def test_a_yes_is_met_with_patience() -> None:
    """好的 keeps the question open."""
    assert (await say("好的", intent="affirm")).slots == {"proof_step": "patience"}


@pytest.mark.parametrize(
    ("text", "intent"), [("12", "provide_info"), ("123", "provide_info"), ("asdf", "nlu_fallback")]
)
async def test_too_few_digits_and_stray_letters_are_called_unreadable(text: str, intent: str) -> None:
    """A slip is told as such."""
    assert (await say(text, intent=intent)).slots == {"proof_step": "unreadable"}


@pytest.mark.parametrize(
    "number", ["ZX-1002", "TB88812", "20261118-0042", "2026/11/0042", "A.1002", "1002", "x_1", "QWERTY"]
)
async def test_any_shops_number_is_taken_as_the_answer(number: str) -> None:
    """Whole, never cut at a sign; the tail is asked for next."""
    assert (await say(number, intent="provide_info")).slots["order_number"] == number


async def test_a_short_number_and_a_tail_come_in_one_answer() -> None:
    """1003 8001: the number first, as it was asked for."""
    desk = Desk((order("1003", OrderState.PAID),), who=None)
    assert (await say("1003 0001", desk=desk)).follows == ["action_track_logistics"]
    assert desk.proved == {"1003"}


@pytest.mark.parametrize("typed", ["zx-1002", "Zx-1002", "ZX-1002"])
async def test_capitals_do_not_matter_and_the_shops_own_spelling_is_kept(typed: str) -> None:
    """What follows finds the order by the number as the shop writes it."""
    desk = Desk((order("ZX-1002", OrderState.PAID),), who=None)
    heard = await say("0001", "phone_tail", desk, slots={"order_number": typed})
    assert heard.slots["order_id"] == "ZX-1002"
    assert desk.proved == {"ZX-1002"}


async def test_on_an_orders_page_only_the_tail_is_asked_for() -> None:
    """The number is there to be read; it proves nothing."""
    desk = Desk(ORDERS, who=None, page=Page("order", order_id=NUMBER))
    heard = await say("到哪了", None, desk, intent="track_logistics")
    assert heard.slots["order_number"] == NUMBER
    other = await say("300000000000000001", None, desk, intent="provide_info")
    assert other.slots["order_number"] == "300000000000000001"


async def test_a_number_in_groups_holds_no_tail() -> None:
    """6820 6041 7395 1820 317 is one number."""
    tries = Tries()
    desk = Desk(ORDERS, who=None, tries=tries)
    heard = await say("6820 6041 7395 1820 317", desk=desk, order_id="6820604173951820317")
    assert (heard.slots["order_number"], tries.taken) == ("6820604173951820317", {})


@pytest.mark.parametrize("text", ["ZX-1002 2026年买的", "ZX-1002 花了1299元", "订单尾号0042 ZX-1002"])
async def test_a_year_a_price_and_an_orders_end_are_no_phones_tail(text: str) -> None:
    """A try must not be lost on them."""
    tries = Tries()
    desk = Desk(ORDERS, who=None, tries=tries)
    tail = {"order_tail": "0042"} if "0042" in text else {}
    heard = await say(text, None, desk, code="ZX-1002", **tail)
    assert heard.slots["order_number"] == "ZX-1002"
    assert tries.taken == {}


async def test_a_tail_that_comes_after_a_digression_still_belongs_to_the_number() -> None:
    """The number was given before another request was answered."""
    slots = {"wish": "track_logistics", "order_number": NUMBER}
    heard = await Desk(ORDERS, who=None).hear(ProvideInfo(), "0001", intent="provide_info", slots=slots)
    assert heard.follows == ["order_proof_form"]
    desk = Desk(ORDERS, who=None)
    assert (await say("0001", None, desk, slots=slots, intent="provide_info")).follows == [
        "action_track_logistics"
    ]


async def test_the_questions_are_worded_for_what_came_before() -> None:
    """First, patient, unreadable and wrong sound different."""
    desk = Desk(ORDERS, who=None)
    first = await desk.hear(AskOrderNumber(), slots={"proof_step": "first"})
    wrong = await desk.hear(AskOrderNumber(), slots={"proof_step": "wrong"})
    tail = await desk.hear(AskPhoneTail(), slots={"proof_step": "first", "order_number": NUMBER})
    assert first.names + wrong.names + tail.names == [
        "utter_order_proof_number_first",
        "utter_order_proof_number_wrong",
        "utter_order_proof_tail_first",
    ]
    assert tail.facts["order_id"] == NUMBER


async def test_a_number_sent_after_a_digression_takes_the_wish_up_again() -> None:
    """The wish is remembered; the form starts with what was sent."""
    heard = await Desk(ORDERS, who=None).hear(
        ProvideInfo(), NUMBER, intent="provide_info", slots={"wish": "track_logistics"}
    )
    assert heard.follows == ["order_proof_form"]


async def test_a_number_of_ones_own_goes_on_with_the_last_wish() -> None:
    """A signed-in shopper who sends a number hears the same about that order."""
    heard = await Desk(ORDERS).hear(ProvideInfo(), slots={"wish": "invoice"}, order_id=NUMBER)
    assert heard.follows == ["action_invoice"]


async def test_bare_information_without_a_wish_is_asked_back() -> None:
    """A name alone tells no wish."""
    heard = await Desk(ORDERS).hear(ProvideInfo(), "李雷", intent="provide_info")
    assert heard.names == ["utter_info_noted"]


async def test_stray_digits_are_asked_about_with_ones_orders() -> None:
    """123 after a parcel was told: which order is meant? Each choice goes on with what was wanted."""
    heard = await Desk(ORDERS).hear(ProvideInfo(), "123", slots={"wish": "track_logistics"})
    assert heard.names == ["utter_info_unmatched"]
    assert [row["intent"] for row in heard.facts["others"]] == ["track_logistics"]


async def test_bare_measures_go_to_the_form_that_reads_them() -> None:
    """175 140 is not answered with a size of nobody."""
    heard = await Desk(who=None).hear(ProvideInfo(), "175 140", height="175", weight="70")
    assert heard.follows == ["size_form"]


async def test_a_colour_by_itself_goes_on_with_the_question_for_a_variant() -> None:
    """L码有吗, 白色的."""
    desk = Desk(who=None)
    for before, follows in (("stock_query", ["action_stock_query"]), ("invoice", [])):
        heard = await desk.hear(ProvideInfo(), "白色的", before=(before, "provide_info"), colour="白色")
        assert heard.follows == follows


@pytest.mark.parametrize(
    ("before", "follows"),
    [("price_promo", "action_price_promo"), ("size_advice", "size_form"), ("invoice", "action_product_info")],
)
async def test_goods_that_are_named_next_get_the_last_question_about_goods(before: str, follows: str) -> None:
    """T恤多少钱, 那卫衣呢."""
    heard = await Desk(who=None).hear(
        ProvideInfo(), "那T恤呢", before=(before, "provide_info"), product="T恤"
    )
    assert heard.follows == [follows]


async def test_a_number_never_goes_on_with_a_wish_about_goods() -> None:
    """多少钱 was asked of a product; the order number that comes is for the order."""
    heard = await Desk(ORDERS).hear(ProvideInfo(), slots={"wish": "price_promo"}, order_id=NUMBER)
    assert heard.follows == ["action_order_status"]


async def test_a_wrong_tail_keeps_the_number() -> None:
    """The next four digits are a tail again, never a number."""
    desk = Desk(ORDERS, who=None)
    wrong = await say(f"{NUMBER} 9999", None, desk, order_id=NUMBER)
    assert wrong.slots == {"order_number": NUMBER, "phone_tail": None, "proof_step": "wrong"}
    heard = await say("0001", "phone_tail", desk, slots={"order_number": NUMBER})
    assert heard.follows == ["action_track_logistics"]


async def test_another_number_takes_the_place_of_a_wrong_one() -> None:
    """The tail is asked for anew."""
    heard = await say(
        "300000000000000001", "phone_tail", slots={"order_number": NUMBER}, intent="provide_info"
    )
    assert heard.slots["order_number"] == "300000000000000001"


async def test_what_was_wrong_is_said_once() -> None:
    """Asked again with nothing new, the question is patient."""
    heard = await Desk(ORDERS, who=None).hear(
        AskPhoneTail(), slots={"proof_step": "wrong", "order_number": NUMBER}
    )
    assert heard.names == ["utter_order_proof_tail_wrong"]
    assert heard.slots == {"proof_step": "patience"}


@pytest.mark.parametrize(
    "text",
    ["我没有订单号", "找不到订单号", "用手机号查行吗", "订单号在哪看", "忘了尾号", "我不知道", "不记得了啊"],
)
async def test_who_lacks_the_number_hears_the_ways_there_are(text: str) -> None:
    """Where to find it, signing in, or a person; not the same question again."""
    assert (await say(text, intent="order_status")).slots == {"proof_step": "help"}


async def test_four_digits_out_of_nowhere_are_no_order_number() -> None:
    """After the proof a lone tail starts nothing over."""
    heard = await Desk(ORDERS, who=None).hear(
        ProvideInfo(), "9012", intent="provide_info", slots={"wish": "track_logistics"}
    )
    assert heard.follows == []


@pytest.mark.parametrize(
    ("text", "wish"), [("个人", "invoice"), ("成都云帆科技有限公司 税号91510100MA6C12345X", None)]
)
async def test_what_an_invoice_needs_goes_into_one(text: str, wish: str | None) -> None:
    """Of whoever has an order; anybody else hears where it goes."""
    heard = await Desk(ORDERS).hear(ProvideInfo(), text, slots={"wish": wish})
    assert heard.follows == ["action_invoice"]
    heard = await Desk(ORDERS, who=None).hear(ProvideInfo(), text, slots={"wish": wish})
    assert heard.names == ["utter_info_invoice"]


@pytest.mark.parametrize(
    ("text", "wish", "response"),
    [
        ("李雷 民意街道5号", "modify_address", "utter_info_address"),
        ("今天下午发的", "return_goods", "utter_info_for"),
    ],
)
async def test_information_is_thanked_for_and_told_where_it_goes(
    text: str, wish: str | None, response: str
) -> None:
    """Signed in, too: what was wanted last says what it is for; nothing is claimed to be noted down."""
    heard = await Desk(ORDERS).hear(ProvideInfo(), text, slots={"wish": wish})
    assert heard.names == [response]
