"""Which order is meant, and who may hear of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.aftersales import ProductProblem, ReturnGoods
from actions.changes import CancelOrder
from actions.information import ProvideInfo
from actions.invoices import InvoiceHelp
from actions.orders import OrderStatus, UrgeShip
from actions.returning import ReturnShipping
from actions.service import Review
from actions.session import WISH_LIVES, current, hear
from actions.talk import ActionGreet
from bot.shop.access import Page
from bot.shop.models import OrderState
from tests.unit.actions.order_shop import COOKER, HAN, LI, SHIRT, Desk, ago, order

FIRST, SECOND, HERS = "100000000000000001", "100000000000000002", "100000000000000003"
PAID, CANCELLED = OrderState.PAID, OrderState.CANCELLED
TWO = (order(FIRST, PAID), order(SECOND, CANCELLED, COOKER), order(HERS, PAID, shopper_id=HAN.id))


async def test_a_named_order_is_meant_before_all_others() -> None:
    """The number in the message wins over page and memory."""
    desk = Desk(TWO, page=Page("order", order_id=FIRST))
    heard = await desk.hear(OrderStatus(), order_id=SECOND, slots={"order_id": FIRST})
    assert heard.facts["order_id"] == SECOND
    assert heard.slots["order_id"] == SECOND


async def test_the_pages_order_is_meant_before_the_last_one_shown() -> None:
    """What the shopper looks at is context."""
    heard = await Desk(TWO, page=Page("order", order_id=SECOND)).hear(
        OrderStatus(), slots={"order_id": FIRST}
    )
    assert heard.facts["order_id"] == SECOND


async def test_a_page_never_opens_another_shoppers_order() -> None:
    """A page is context, not authority; and no order of one's own is told in its place, nor a rule beside."""
    for number in (HERS, "999999999999999999"):
        for action in (OrderStatus(), ReturnGoods(), ReturnShipping()):
            heard = await Desk(TWO, page=Page("order", order_id=number)).hear(action)
            assert heard.names == ["utter_order_not_found_page"]


async def test_the_last_order_shown_is_meant_again() -> None:
    """A fragment goes on about the same order."""
    heard = await Desk(TWO).hear(OrderStatus(), slots={"order_id": SECOND})
    assert heard.facts["order_id"] == SECOND


async def test_an_order_shown_before_gives_way_when_its_state_does_not_fit() -> None:
    """An invoice is not asked for a cancelled order."""
    heard = await Desk(TWO).hear(InvoiceHelp(), slots={"order_id": SECOND})
    assert heard.facts["order_id"] == FIRST


async def test_a_product_named_picks_the_order_that_holds_it() -> None:
    """我买的电饭煲 means the order of the cooker."""
    heard = await Desk(TWO).hear(OrderStatus(), product="电饭煲")
    assert heard.facts["order_id"] == SECOND


async def test_other_orders_are_offered_beside_the_one_answered() -> None:
    """One answer, the rest one tap away, and only one's own."""
    heard = await Desk(TWO).hear(OrderStatus())
    assert [other["order_id"] for other in heard.facts["others"]] in ([FIRST], [SECOND])


@pytest.mark.parametrize("number", [HERS, "999999999999999999"])
async def test_not_yours_and_not_there_sound_the_same(number: str) -> None:
    """Nothing tells whether the number exists."""
    heard = await Desk(TWO).hear(OrderStatus(), order_id=number)
    assert heard.names == ["utter_order_not_found"]
    assert heard.facts.get("order_id") is None


async def test_a_foreign_waybill_is_not_found_either() -> None:
    """The parcel's door is the order's door."""
    heard = await Desk(TWO).hear(OrderStatus(), waybill="7800000000003")
    assert heard.names == ["utter_order_not_found"]


async def test_an_anonymous_shopper_proves_the_order_first() -> None:
    """Nothing of an order is said without a proof; the wish is kept."""
    heard = await Desk(TWO, who=None).hear(OrderStatus(), order_id=FIRST)
    assert heard.said == []
    assert heard.follows == ["order_proof_form"]
    assert heard.slots["wish"] == "order_status"


async def test_a_shopper_without_orders_is_told_so() -> None:
    """No order, no guess."""
    assert (await Desk().hear(OrderStatus())).names == ["utter_order_none"]


async def test_an_answer_in_the_middle_of_the_proof_drops_the_form() -> None:
    """A digression ends the questions; a number sent later takes them up again."""
    heard = await Desk(TWO, who=None).hear(Review(), form=True)
    assert {"event": "active_loop", "name": None, "timestamp": None} in heard.events
    assert heard.follows == ["action_listen"]
    assert heard.slots == {"requested_slot": None, "phone_tail": None}


def test_outside_a_turn_the_shopper_is_anonymous_unless_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plain `rasa shell` sees nobody's orders; XIAOER_DEV_SHOPPER signs one shopper in."""
    assert current("a").identity is None
    monkeypatch.setenv("XIAOER_DEV_SHOPPER", LI.id)
    known = current("a").identity
    assert known is not None
    assert known.shopper_id == LI.id


def test_outside_a_turn_proofs_are_kept_by_conversation() -> None:
    """What one conversation has proved, another has not."""
    current("a").proved.add(FIRST)
    assert current("a").proved == {FIRST}
    assert current("b").proved == set()


async def test_a_digression_leaves_the_wish_that_waits_for_its_proof() -> None:
    """The number sent later is for what was asked first."""
    heard = await Desk(TWO, who=None).hear(CancelOrder(), form=True, slots={"wish": "order_status"})
    assert "wish" not in heard.slots


async def test_orders_that_look_alike_on_a_button_are_told_apart() -> None:
    """By the variant; where that is the same, by the end of the number."""
    large = replace(SHIRT, skus=SHIRT.skus[1:])
    orders = (order("ZX-1001", PAID), order("ZX-1002", PAID, large), order("ZX-1003", PAID))
    heard = await Desk(orders).hear(ProvideInfo(), "123")
    titles = {row["order_id"]: row["title"] for row in heard.facts["others"]}
    assert titles == {"ZX-1001": "T恤 黑色 M …1001", "ZX-1002": "T恤 黑色 L", "ZX-1003": "T恤 黑色 M …1003"}


async def test_a_fault_asked_about_on_a_products_page_is_of_that_product() -> None:
    """Never of whatever else was bought; its own order, where it was bought, or the rule."""
    bought = Desk(
        (
            order(FIRST, OrderState.SIGNED, signed=ago(1)),
            order(SECOND, OrderState.SIGNED, COOKER, signed=ago(1)),
        )
    )
    heard = await replace(bought, page=Page("product", "P2")).hear(
        ProductProblem(), "声音好大", intent="product_problem"
    )
    assert heard.facts["order_id"] == SECOND
    heard = await replace(bought, page=Page("product", "P3")).hear(
        ProductProblem(), "有股味", intent="product_problem"
    )
    assert heard.names == ["utter_problem_rules"]


async def test_an_old_wish_is_forgotten_when_others_have_been_answered_since() -> None:
    """A number that comes long after is no longer for what was asked first."""
    slots = {"wish": "cancel_order"}
    for _ in range(WISH_LIVES):
        slots |= (await Desk(TWO).hear(Review(), slots=slots)).slots
        assert slots["wish"] == "cancel_order"
    assert (await Desk(TWO).hear(ActionGreet(), slots=slots)).slots == {}
    assert (await Desk(TWO).hear(Review(), slots=slots)).slots["wish"] is None


async def test_goods_that_only_mention_a_name_give_way_to_goods_called_so() -> None:
    """A blender whose title mentions a rice cooker is no rice cooker, wherever the catalogue lists it."""
    blender = replace(COOKER, id="P9", title="破壁机 也能当电饭煲", aliases=("破壁机",))
    orders = (order(FIRST, PAID, blender), order(SECOND, PAID, COOKER, placed=ago(9)))
    heard = await Desk(orders, more={"products": (blender, COOKER)}).hear(OrderStatus(), product="电饭煲")
    assert heard.facts["order_id"] == SECOND


async def test_a_product_in_no_order_never_leads_to_another_order() -> None:
    """Nothing is said of an order that holds something else; the recent ones are offered."""
    heard = await Desk(TWO, page=Page("order", order_id=FIRST)).hear(OrderStatus(), product="坚果")
    assert heard.names == ["utter_order_none_fits"]
    assert "order_id" not in heard.slots


async def test_a_product_in_an_order_of_any_state_leads_to_it() -> None:
    """The states that fit a wish rank orders; they hide none that is named."""
    heard = await Desk(TWO).hear(CancelOrder(), "电饭煲为啥取消了", product="电饭煲")
    assert (heard.names, heard.facts["order_id"]) == (["utter_order_cancelled"], SECOND)


async def test_of_two_orders_with_the_same_goods_the_fitting_one_is_told_and_the_other_offered() -> None:
    """Both are the T恤; neither is forgotten, and nothing else is offered."""
    orders = (order(FIRST, CANCELLED), order(SECOND, PAID, placed=ago(9)), order("3", PAID, COOKER))
    heard = await Desk(orders).hear(UrgeShip(), product="T恤")
    assert heard.facts["order_id"] == SECOND
    assert [o["order_id"] for o in heard.facts["others"]] == [FIRST]


async def test_what_is_wanted_instead_is_not_what_is_meant() -> None:
    """T恤换成电饭煲 is about the T恤."""
    rows = [
        {"entity": "product", "value": "T恤", "start": 0},
        {"entity": "product", "value": "电饭煲", "start": 5},
    ]
    tracker = Tracker(
        "c", {}, {"text": "T恤换成电饭煲", "entities": rows}, [], False, None, {}, "action_listen"
    )
    asked = await hear(CollectingDispatcher(), tracker)
    assert asked.product_names == ["T恤"]


async def test_the_second_request_of_a_message_is_about_the_order_shown_before_it() -> None:
    """What the first request found is no context for the second."""
    before = {"event": "slot", "name": "order_id", "value": FIRST}
    said = {"event": "user", "message_id": "m"}
    found = {"event": "slot", "name": "order_id", "value": SECOND}
    slots, events = {"order_id": SECOND}, [before, said, found, said]
    for past, shown in ((events, FIRST), (events[1:], SECOND), (events[:3], SECOND)):
        tracker = Tracker("c", slots, {"text": ""}, past, False, None, {}, "action_listen")
        assert (await hear(CollectingDispatcher(), tracker)).shown_id == shown


@pytest.mark.parametrize("text", ["帮我查下吴佩珊的订单", "查一下我朋友的快递", "看下王芳的包裹到哪了"])
async def test_somebody_elses_order_is_not_answered_with_ones_own(text: str) -> None:
    """Others' orders are theirs."""
    assert (await Desk(TWO).hear(OrderStatus(), text)).names == ["utter_order_others"]


@pytest.mark.parametrize("text", ["帮我查下我的订单", "看看刚买的订单", "查一下昨天的快递"])
async def test_ones_own_order_is_nobody_elses(text: str) -> None:
    """我的, 刚买的, 昨天的 name no person."""
    assert (await Desk(TWO).hear(OrderStatus(), text)).names != ["utter_order_others"]


async def test_an_order_that_is_pointed_at_brings_its_product_into_view() -> None:
    """有大码吗 after an order of a shirt is about the shirt; a guessed order changes nothing."""
    assert (await Desk(TWO).hear(OrderStatus(), product="电饭煲")).slots["product_id"] == "P2"
    assert "product_id" not in (await Desk(TWO).hear(OrderStatus())).slots
