"""Claims after buying in talk: only what is missing is asked, all of it is restated, a yes does it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
import yaml

from actions.aftersales import ProductProblem, ReturnGoods, WrongMissing
from actions.exchanging import ExchangeGoods
from actions.handoff import Compensation, Complaint
from actions.information import ProvideInfo
from actions.orders import OrderStatus
from actions.refunds import RefundRequest, RefundStatus
from actions.returning import ReturnShipping
from actions.service import PriceProtect
from actions.talk import ActionAffirm, ActionAskWhich, ActionDeny
from actions.undertaking import Undertaking
from actions.undertakings.goodwill import BY_PERSON
from bot.settings import ROOT
from bot.shop.models import Order, OrderItem, OrderState, Product, RefundState, Shopper, Sku
from bot.shop.policy import load_policy
from bot.shop.portable import ShopData
from bot.shop.tasks import TaskKind
from tests.unit.actions.order_shop import COOKER, HAN, LI, NUTS, SHIRT, Heard, ago, order
from tests.unit.actions.test_undertaking import N, Shop, Talk

S = OrderState
SHOE = Product(
    "P7",
    "白屿 小白鞋",
    "鞋靴",
    tuple(
        Sku(f"Z{n}", {"颜色": "全白", "尺码": str(n)}, 13900, stock)
        for n, stock in ((40, 3), (41, 2), (42, 0))
    ),
    aliases=("小白鞋", "鞋子"),
)
TEE = replace(SHIRT, skus=(*SHIRT.skus, Sku("K9", {"颜色": "白色", "尺码": "M"}, 7900, 2)))
PRODUCTS = (TEE, COOKER, NUTS, SHOE)


def talk_of(*orders: Order, li: Shopper = LI, **policy: Any) -> Talk:
    """A conversation with LI about these orders."""
    rows = ShopData(products=PRODUCTS, shoppers=(li, HAN), orders=orders, policy=load_policy(policy))
    return Talk(Shop(rows))


def signed(product: Product = TEE, **more: Any) -> Order:
    """An order received yesterday."""
    return order(N, S.SIGNED, product, **{"signed": ago(1), **more})


def pair() -> Order:
    """A shirt and two bags of nuts, received yesterday."""
    nuts = OrderItem(NUTS.id, "K4", NUTS.title, {}, 2, 3900)
    both = signed()
    return replace(both, items=(*both.items, nuts), goods_total=15700, paid_total=15700)


def row(heard: Heard, title: str) -> dict[str, Any]:
    """A button of the last reply."""
    rows = heard.said[-1].get("rows") or heard.said[-1]["others"]
    return next(r for r in rows if r["title"].startswith(title))


def current(talk: Talk) -> Order:
    """The order as the shop has it now."""
    return next(o for o in talk.shop.data.orders if o.id == N)


async def yes(talk: Talk) -> Heard:
    """A plain yes."""
    return await talk.hear(ActionAffirm(), "确认")


# --- returns ---


async def test_a_return_asks_why_restates_and_is_done() -> None:
    """Who pays the way back goes by the reason."""
    talk = talk_of(signed())
    asked = await talk.hear(ReturnGoods(), "我要退货")
    assert asked.names == ["utter_do_return_goods_ask_reason"]
    pressed = await talk.hear(ReturnGoods(), reason=row(asked, "quality")["reason"])
    assert pressed.names == ["utter_do_return_goods_restate_fault"]
    assert (pressed.facts["amount"], pressed.facts["payer"], pressed.facts["to"]) == (7900, "shop", "支付宝")
    assert talk.shop.writes == 0
    done = await yes(talk)
    assert done.names == ["utter_do_return_goods_done_fault"]
    assert done.facts["address"]
    assert done.facts["back_within"] == "7d"
    assert (talk.state, talk.shop.writes) == (S.REFUNDING, 1)


@pytest.mark.parametrize(
    ("text", "reason", "payer"),
    [
        ("衣服起球了 质量问题 退货退款", "quality", "shop"),
        ("收到就是破的 退了吧", "damaged", "shop"),
        ("颜色发错了 我要退货", "wrong_item", "shop"),
        ("跟图片不一样 退货", "not_as_described", "shop"),
        ("太小了穿不上 帮我退了", "no_reason", "shopper"),
        ("质量没问题 就是不喜欢 想退", "no_reason", "shopper"),
        ("没质量问题 就是不合身 退货", "no_reason", "shopper"),
        ("没有问题 不是质量问题 买大了 退货", "no_reason", "shopper"),
    ],
)
async def test_what_one_message_tells_is_not_asked(text: str, reason: str, payer: str) -> None:
    """One item, its reason in the shopper's own words."""
    heard = await talk_of(signed()).hear(ReturnGoods(), text)
    assert heard.names[0].startswith("utter_do_return_goods_restate")
    assert (heard.facts["reason"], heard.facts["payer"]) == (reason, payer)


async def test_of_several_goods_the_one_is_asked_for_then_the_reason() -> None:
    """One thing at a time; a name or a button answers."""
    for answer in ({"text": "坚果", "product": "坚果"}, {"item": f"{NUTS.id}/K4"}):
        talk = talk_of(pair())
        assert (await talk.hear(ReturnGoods(), "退货")).names == ["utter_do_return_goods_ask_item"]
        text = answer.pop("text", "")
        asked = await talk.hear(ProvideInfo(), text, "provide_info", **answer)
        assert asked.names == ["utter_do_return_goods_ask_reason"]
        state = await talk.hear(ProvideInfo(), "买多了", "provide_info")
        assert (state.names, state.facts["rule"]) == (["utter_do_return_goods_ask_state"], "unopened")
        heard = await talk.hear(ProvideInfo(), "都没拆", "provide_info")
        assert heard.names == ["utter_do_return_goods_restate_special"]
        assert (heard.facts["amount"], heard.facts["rule"]) == (7800, "unopened")


async def test_all_of_an_order_goes_back_at_once() -> None:
    """都退 is an answer as well."""
    talk = talk_of(pair())
    heard = await talk.hear(ReturnGoods(), "都退了吧 不喜欢 没拆封")
    assert heard.names == ["utter_do_return_goods_restate_special"]
    assert heard.facts["amount"] == 15700


async def test_a_part_of_a_line_may_go_back() -> None:
    """退一件 of two."""
    two = signed()
    two = replace(two, items=(replace(two.items[0], quantity=2),), goods_total=15800, paid_total=15800)
    heard = await talk_of(two).hear(ReturnGoods(), "退一件 买多了", quantity="1")
    assert heard.facts["amount"] == 7900


async def test_goods_that_are_used_are_refused_with_the_way_out() -> None:
    """Opened counts for food, worn for clothes; trying on is nothing."""
    food = await talk_of(signed(NUTS)).hear(ReturnGoods(), "不喜欢 已经拆开了 想退")
    assert food.names == ["utter_do_return_goods_refused_used"]
    worn = await talk_of(signed()).hear(ReturnGoods(), "洗过一次 不喜欢 想退")
    assert worn.names == ["utter_do_return_goods_refused_worn"]
    tried = await talk_of(signed(SHOE)).hear(ReturnGoods(), "试穿了一下 太大了 我要退")
    assert tried.names == ["utter_do_return_goods_restate_special"]


@pytest.mark.parametrize(
    ("answer", "intent", "ends"),
    [
        ("没有", "deny", "restate_special"),
        ("没穿出去 盒子都在", "provide_info", "restate_special"),
        ("对的", "affirm", "restate_special"),
        ("不是", "deny", "refused_used"),
        ("穿了", "provide_info", "refused_used"),
        ("穿过两次", "provide_info", "refused_used"),
        ("吊牌没剪", "product_problem", "restate_special"),
    ],
)
async def test_the_condition_of_a_kind_of_goods_is_asked_for(answer: str, intent: str, ends: str) -> None:
    """Not only told: what the shopper says of it decides."""
    talk = talk_of(signed(SHOE))
    asked = await talk.hear(ReturnGoods(), "太大了 我要退")
    assert (asked.names, asked.facts["rule"]) == (["utter_do_return_goods_ask_state"], "unworn")
    heard = await talk.hear(ProvideInfo(), answer, intent)
    assert heard.names == [f"utter_do_return_goods_{ends}"]


async def test_past_its_window_a_fault_is_still_offered() -> None:
    """The button goes on with that reason."""
    talk = talk_of(signed(signed=ago(9)))
    assert (await talk.hear(ReturnGoods(), "不喜欢 我要退货")).names == [
        "utter_do_return_goods_refused_past_quality"
    ]
    assert (await talk.hear(ReturnGoods(), reason="quality")).names == ["utter_do_return_goods_restate_fault"]


async def test_a_question_and_a_digression_leave_the_claim_open() -> None:
    """What was told is kept; the question comes back."""
    talk = talk_of(signed())
    await talk.hear(ReturnGoods(), "我要退货")
    aside = await talk.hear(ReturnShipping(), "退货运费谁出")
    assert aside.names[-1] == "utter_doing_still_asks"
    assert (await talk.hear(ProductProblem(), "洗一次就起球")).names == [
        "utter_do_return_goods_restate_fault"
    ]
    assert (await yes(talk)).names == ["utter_do_return_goods_done_fault"]


async def test_the_reason_may_change_after_the_restatement() -> None:
    """What was said before of the goods is kept; the new restatement has the new freight."""
    talk = talk_of(pair())
    first = await talk.hear(ReturnGoods(), "T恤不喜欢 退货", product="T恤")
    assert first.facts["payer"] == "shopper"
    second = await talk.hear(ReturnGoods(), "不对 是质量问题 退货")
    assert (second.names, second.facts["payer"]) == (["utter_do_return_goods_restate_fault"], "shop")
    assert second.facts["amount"] == 7900
    third = await talk.hear(ActionDeny(), "不对 是不喜欢")
    assert (third.names, third.facts["payer"]) == (["utter_do_return_goods_restate"], "shopper")


async def test_a_number_after_the_restatement_is_of_what_was_chosen() -> None:
    """只退一件: one of the two that were restated."""
    talk = talk_of(pair())
    both = await talk.hear(ReturnGoods(), "坚果买多了 没拆 退货", product="坚果")
    assert both.facts["amount"] == 7800
    assert (await talk.hear(ReturnGoods(), "只退一件", quantity="1")).facts["amount"] == 3900


async def test_no_more_questions_after_a_no() -> None:
    """Nothing is written."""
    talk = talk_of(signed())
    await talk.hear(ReturnGoods(), "我要退货")
    assert (await talk.hear(ActionDeny(), "算了 不退了")).names == ["utter_doing_dropped"]
    assert (talk.shop.writes, talk.state) == (0, S.SIGNED)


async def test_what_is_not_understood_is_asked_once_more_and_then_left() -> None:
    """Never a reason made up."""
    talk = talk_of(signed())
    await talk.hear(ReturnGoods(), "我要退货")
    assert (await talk.hear(ActionAskWhich(), "嘟嘟", "nlu_fallback")).names == [
        "utter_do_return_goods_ask_reason"
    ]
    assert (await talk.hear(ActionAskWhich(), "嘟嘟", "nlu_fallback")).names == ["utter_doing_left"]


async def test_goods_of_another_order_lead_to_that_order() -> None:
    """What was told of the reason is kept, what was chosen is not."""
    other = order("100000000000000002", S.SIGNED, SHOE, signed=ago(2), placed=ago(5))
    talk = talk_of(signed(), other)
    assert (await talk.hear(ReturnGoods(), "我要退货")).facts["order_id"] == N
    moved = await talk.hear(ProvideInfo(), "是鞋子那单", "provide_info", product="鞋子")
    assert (moved.names, moved.facts["order_id"]) == (["utter_do_return_goods_ask_reason"], other.id)
    assert (await talk.hear(ProvideInfo(), "太大了 没穿过", "provide_info")).facts["amount"] == 13900


async def test_a_changed_mind_drops_what_is_not_done_yet() -> None:
    """不退了 还是换: the exchange begins, nothing is said of an application that never was."""
    talk = talk_of(signed(SHOE))
    await talk.hear(ReturnGoods(), "太小了 我要退货")
    heard = await talk.hear(ReturnGoods(), "不退了 还是留着吧")
    assert heard.names == ["utter_doing_dropped"]
    assert talk.slots["doing"] is None


async def test_a_question_is_answered_and_a_yes_goes_on_with_it() -> None:
    """能退吗, then 那申请吧; who asks for something else has asked for nothing."""
    talk = talk_of(signed())
    assert (await talk.hear(ReturnGoods(), "这件还能退吗")).names == ["utter_return_open"]
    assert (await talk.hear(ActionAffirm(), "嗯 申请吧", "affirm")).names == [
        "utter_do_return_goods_ask_reason"
    ]
    other = talk_of(signed())
    await other.hear(ReturnGoods(), "这件还能退吗")
    assert (await other.hear(OrderStatus(), "查订单")).names == ["utter_order_signed"]
    assert other.slots["doing"] is None


async def test_a_question_that_tells_its_reason_is_answered_by_the_restatement() -> None:
    """不喜欢能退吗: for how much, who pays, yes or no."""
    heard = await talk_of(signed()).hear(ReturnGoods(), "不太喜欢 能不能退啊")
    assert (heard.names, heard.facts["payer"]) == (["utter_do_return_goods_restate"], "shopper")


# --- money without a return ---


async def test_what_has_not_left_is_paid_back_after_a_yes() -> None:
    """To a gift card at once."""
    talk = talk_of(order(N, S.PAID, TEE))
    heard = await talk.hear(RefundRequest(), "我要退款")
    assert (heard.names, heard.facts["amount"]) == (["utter_do_refund_restate_unsent"], 7900)
    assert (await yes(talk)).names == ["utter_do_refund_done_unsent"]
    assert talk.state is S.REFUNDING
    card = talk_of(order(N, S.PAID, TEE, payment="礼品卡"))
    assert (await card.hear(RefundRequest(), "退款")).names == ["utter_do_refund_restate_card"]
    assert (await yes(card)).names == ["utter_do_refund_done_card"]
    assert card.state is S.REFUNDED


async def test_a_part_is_paid_back_for_a_fault_and_the_goods_stay() -> None:
    """Up to the shop's limit; above it the goods come back."""
    talk = talk_of(signed())
    asked = await talk.hear(RefundRequest(), "有点线头 不想寄回 退我一点钱")
    assert asked.names == ["utter_do_refund_ask_amount"]
    heard = await talk.hear(ProvideInfo(), "10块", "provide_info", money="10")
    assert (heard.names, heard.facts["amount"]) == (["utter_do_refund_restate_kept"], 1000)
    assert (await yes(talk)).names == ["utter_do_refund_done_kept"]
    assert current(talk).refund is not None
    dear = talk_of(signed())
    refused = await dear.hear(RefundRequest(), "起球了 不退货 退我50元", money="50")
    assert (refused.names, refused.facts["limit"]) == (["utter_do_refund_ask_amount_over"], 1500)
    less = await dear.hear(ProvideInfo(), "那就12", "provide_info")
    assert (less.names, less.facts["amount"]) == (["utter_do_refund_restate_kept"], 1200)


async def test_of_missing_goods_what_was_paid_for_them_comes_back() -> None:
    """少发: from the fault's own buttons."""
    talk = talk_of(pair())
    told = await talk.hear(WrongMissing(), "少发了一件")
    assert told.names == ["utter_wrong_open"]
    press = row(told, "missing_refund")
    assert press["intent"] == "refund_request"
    asked = await talk.hear(RefundRequest(), order_id=press["order_id"], reason=press["reason"])
    assert asked.names == ["utter_do_refund_ask_item"]
    heard = await talk.hear(RefundRequest(), item=row(asked, NUTS.title)["item"])
    assert (heard.names, heard.facts["amount"]) == (["utter_do_refund_restate_kept"], 3900)
    assert (await yes(talk)).names == ["utter_do_refund_done_kept"]


@pytest.mark.parametrize(
    ("told", "answer", "amount"),
    [("坚果少发一包 退我钱", "", 3900), ("坚果只收到一包 退款", "", 3900), ("少发坚果了 退钱", "2包", 7800)],
)
async def test_so_many_pieces_are_missing_as_are_told(told: str, answer: str, amount: int) -> None:
    """What is missing or what came; asked for where nothing is told of it."""
    talk = talk_of(pair())
    heard = await talk.hear(RefundRequest(), told, product="坚果")
    if answer:
        assert heard.names == ["utter_do_refund_ask_pieces"]
        heard = await talk.hear(ProvideInfo(), answer, "provide_info")
    assert (heard.names, heard.facts["amount"]) == (["utter_do_refund_restate_kept"], amount)


# --- faults ---


async def test_a_fault_offers_ways_that_are_a_press_away() -> None:
    """Return, exchange, or a part of the money; each knows order and reason."""
    talk = talk_of(signed())
    told = await talk.hear(ProductProblem(), "衣服起球了")
    assert told.names == ["utter_problem_open"]
    ways = {r["intent"] for r in told.facts["others"]}
    assert ways == {"return_goods", "exchange_goods", "refund_request"}
    press = row(told, "return_goods")
    heard = await talk.hear(ReturnGoods(), order_id=press["order_id"], reason=press["reason"])
    assert (heard.names, heard.facts["reason"]) == (["utter_do_return_goods_restate_fault"], "quality")


async def test_a_fault_is_remembered_for_the_claim_that_comes_next() -> None:
    """换个新的: on the shop, since the fault was told before."""
    talk = talk_of(signed(SHOE))
    await talk.hear(ProductProblem(), "鞋底断了")
    heard = await talk.hear(ExchangeGoods(), "换双新的")
    assert (heard.names, heard.facts["payer"]) == (["utter_do_exchange_restate_anew"], "shop")


async def test_a_part_missing_from_the_only_piece_is_a_fault_of_it() -> None:
    """Not the whole price without anything coming back."""
    talk = talk_of(signed(COOKER))
    told = await talk.hear(WrongMissing(), "少发了一个配件")
    press = row(told, "missing_refund")
    asked = await talk.hear(RefundRequest(), order_id=press["order_id"], reason=press["reason"])
    assert asked.names == ["utter_do_refund_ask_amount"]
    assert (await talk.hear(ProvideInfo(), "200", "provide_info")).names == [
        "utter_do_refund_ask_amount_over"
    ]


async def test_a_sum_without_its_unit_is_read_and_the_goods_stay() -> None:
    """不想退 退我10块钱算了."""
    heard = await talk_of(signed()).hear(ReturnGoods(), "有点瑕疵 不想退 退我10")
    assert (heard.names, heard.facts["amount"]) == (["utter_do_refund_restate_kept"], 1000)


async def test_damage_is_told_in_time_or_looked_at_by_a_person() -> None:
    """The report window counts from signing."""
    late = await talk_of(signed(signed=ago(4))).hear(ProductProblem(), "收到的时候就碎了")
    assert late.names == ["utter_problem_late"]
    soon = await talk_of(signed()).hear(ProductProblem(), "收到的时候就碎了")
    assert (soon.names, soon.facts["reason"]) == (["utter_problem_open"], "damaged")


# --- exchanges ---


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("鞋子小了想换大一码41的 没穿出去", {"product": "鞋子", "size": "41"}),
        ("小了 换大一码 鞋子还没穿", {}),
        ("没穿过 换成41码", {"size": "41"}),
        ("40换41 全新的", {}),
        ("有点挤脚 能换41吗 就在家试了下", {}),
    ],
)
async def test_an_exchange_reads_the_size_that_is_wanted(text: str, entities: dict[str, str]) -> None:
    """By its number or beside the one that was bought."""
    talk = talk_of(signed(SHOE))
    heard = await talk.hear(ExchangeGoods(), text, **entities)
    assert (heard.names, heard.facts["new"]) == (["utter_do_exchange_restate"], "全白 41")
    assert heard.facts["payer"] == "shopper"
    done = await yes(talk)
    assert (done.names, done.facts["held"]) == (["utter_do_exchange_done"], "2026-11-28")
    assert talk.state is S.EXCHANGING
    assert current(talk).items[0].to_sku == "Z41"


async def test_what_is_sold_out_is_replaced_by_a_choice() -> None:
    """Only what is there stands on the buttons."""
    talk = talk_of(signed(SHOE))
    out = await talk.hear(ExchangeGoods(), "换42的", size="42")
    assert out.names == ["utter_do_exchange_ask_variant_out"]
    assert [r["sku_id"] for r in out.facts["rows"]] == ["Z41"]
    asked = await talk.hear(ExchangeGoods(), sku_id="Z41")
    assert asked.names == ["utter_do_exchange_ask_state"]
    heard = await talk.hear(ActionDeny(), "没有", "deny")
    assert heard.names == ["utter_do_exchange_restate"]


async def test_a_faulty_one_is_exchanged_for_a_new_one() -> None:
    """The same variant, on the shop."""
    talk = talk_of(signed(SHOE))
    heard = await talk.hear(ExchangeGoods(), "开胶了 给我换双新的")
    assert (heard.names, heard.facts["payer"]) == (["utter_do_exchange_restate_anew"], "shop")
    assert heard.facts["old"] == heard.facts["new"]
    assert (await yes(talk)).names == ["utter_do_exchange_done_anew"]


async def test_an_exchange_is_taken_back() -> None:
    """不换了: the kept pair is free again."""
    talk = talk_of(signed(SHOE))
    await talk.hear(ExchangeGoods(), "换41的 没穿过", size="41")
    await yes(talk)
    assert (await talk.hear(ExchangeGoods(), "不换了")).names == ["utter_do_withdraw_refund_restate"]
    assert (await yes(talk)).names == ["utter_do_withdraw_refund_done"]
    assert talk.state is S.SIGNED
    assert talk.shop.data.products == PRODUCTS


# --- an application taken back ---


async def test_a_refund_is_withdrawn_and_the_order_goes_on() -> None:
    """As it was before; a second time there is nothing to withdraw."""
    talk = talk_of(order(N, S.PAID, TEE))
    await talk.hear(RefundRequest(), "退款")
    await yes(talk)
    heard = await talk.hear(RefundStatus(), "不退了 发货吧")
    assert heard.names == ["utter_do_withdraw_refund_restate_unsent"]
    assert (await yes(talk)).names == ["utter_do_withdraw_refund_done_unsent"]
    assert (talk.state, current(talk).refund) == (S.PAID, None)
    assert (await talk.hear(RefundRequest(), "撤销退款")).names == ["utter_withdraw_none"]


# --- price protection and compensation ---


async def test_a_fallen_price_is_made_up_for_after_a_yes() -> None:
    """The order goes on."""
    dear = signed()
    dear = replace(dear, items=(replace(dear.items[0], price=9900),), goods_total=9900, paid_total=9900)
    talk = talk_of(dear)
    heard = await talk.hear(PriceProtect(), "降价了 申请价保")
    assert (heard.facts["was"], heard.facts["price"], heard.facts["amount"]) == (9900, 7900, 2000)
    assert (await yes(talk)).names == ["utter_do_protect_price_done"]
    refund = current(talk).refund
    assert refund is not None
    assert (talk.state, refund.amount, refund.state) == (S.SIGNED, 2000, RefundState.REQUESTED)
    again = await talk.hear(PriceProtect(), "申请价保")
    assert again.names == ["utter_doing_refused_in_aftersales"]


async def test_a_small_compensation_is_asked_for_step_by_step() -> None:
    """What for, how much, then a yes."""
    talk = talk_of(signed())
    asked = await talk.hear(Compensation(), "你们得给我补偿")
    assert asked.names == ["utter_do_compensate_ask_grievance"]
    amount = await talk.hear(Compensation(), reason=row(asked, "fault")["reason"])
    assert amount.names == ["utter_do_compensate_ask_amount"]
    heard = await talk.hear(ProvideInfo(), "15块", "provide_info", money="15")
    assert (heard.names, heard.facts["amount"]) == (["utter_do_compensate_restate"], 1500)
    assert (await yes(talk)).names == ["utter_do_compensate_done"]


async def test_above_the_limit_a_person_decides_and_nothing_is_paid() -> None:
    """The record's number is told, and somebody is called."""
    talk = talk_of(signed())
    heard = await talk.hear(Compensation(), "质量太差 赔我100元", money="100")
    assert heard.names == ["utter_compensation_noted_queued"]
    assert heard.facts["custom"]["handoff"]["role"] == "complaint"
    assert talk.session is not None
    (task,) = talk.session.tasks
    assert (task.kind, task.order, task.facts["amount"]) == (TaskKind.FOLLOWUP, N, 10000)
    assert task.key.startswith(heard.facts["task_key"])
    assert (talk.shop.writes, talk.slots["doing"]) == (0, None)


async def test_what_the_rows_do_not_show_is_a_persons_to_decide() -> None:
    """A dispatch that was in time is no reason for money."""
    late = order(N, S.PAID, TEE, dispatch_by=ago(1))
    paid = await talk_of(late).hear(Compensation(), "发货太慢了 赔钱")
    assert (paid.names, paid.facts["amount"]) == (["utter_do_compensate_restate"], 500)
    in_time = await talk_of(order(N, S.PAID, TEE, dispatch_by=ago(-1))).hear(
        Compensation(), "发货太慢了 赔钱"
    )
    assert in_time.names == ["utter_compensation_noted_queued"]


async def test_a_complaint_is_written_down_and_told_by_its_number() -> None:
    """One a day; the order talked of stands in it."""
    talk = talk_of(signed())
    await talk.hear(OrderStatus(), "查订单")
    heard = await talk.hear(Complaint(), "你们太坑了 我要投诉")
    assert talk.session is not None
    (task,) = talk.session.tasks
    assert heard.names == ["utter_complaint_queued"]
    assert (task.kind, task.order) == (TaskKind.COMPLAINT, N)
    assert task.key.startswith(heard.facts["task_key"])


KINDS = (
    "return_goods",
    "refund",
    "withdraw_refund",
    "exchange",
    "protect_price",
    "compensate",
    "undo_cancel",
)
RULES = ("aftersales", "claims", "exchanging", "price_protection", "compensation", "money")


def responses() -> set[str]:
    """The names of what is said of doing."""
    folder = ROOT / "data" / "responses"
    return {
        name
        for path in folder.glob("do*.yml")
        for name in yaml.safe_load(path.read_text("utf-8"))["responses"]
    }


@pytest.mark.parametrize("kind", KINDS)
def test_every_refusal_of_a_kinds_own_has_words(kind: str) -> None:
    """No code that the kind claims for itself is left unsaid."""
    own = {f"utter_do_{kind}_refused_{code}" for code in Undertaking.of(kind).own_refusals}
    assert own - responses() == set()


def test_every_code_of_the_rules_is_told_somehow() -> None:
    """In words of a kind's own, in general ones, or by a person."""
    text = "".join((ROOT / "bot/shop/doing" / f"{name}.py").read_text("utf-8") for name in RULES)
    codes = set(re.findall(r'Refused\(\s*"(\w+)"', text))
    own = {code for kind in KINDS for code in Undertaking.of(kind).own_refusals} | BY_PERSON
    assert {code for code in codes - own if f"utter_doing_refused_{code}" not in responses()} == set()
    assert len(codes) > 20
