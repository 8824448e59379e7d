"""The order's state, its dispatch, and what may still be changed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from actions.buying import ActionOrderPayment
from actions.changes import CancelOrder, ModifyAddress, ModifyOrder
from actions.information import ProvideInfo
from actions.orders import OrderStatus, ShipTime, UrgeShip, offer_others
from actions.session import Asked, ShopAction
from bot.shop.models import Booking, BookingKind, BookingState, OrderState, ParcelState
from tests.unit.actions.order_shop import COOKER, NOW, Desk, ago, order, parcel

N = "100000000000000001"
S = OrderState


@pytest.mark.parametrize(
    ("state", "more", "response"),
    [
        (S.UNPAID, {"placed": ago(hours=0.2)}, "utter_order_unpaid"),
        (S.UNPAID, {"placed": ago(hours=2)}, "utter_order_unpaid_due"),
        (S.PAID, {"dispatch_by": NOW + timedelta(hours=5)}, "utter_order_awaiting"),
        (S.PACKED, {"dispatch_by": ago(hours=1)}, "utter_order_overdue"),
        (S.SENT, {}, "utter_order_sent"),
        (S.SIGNED, {"signed": ago(3)}, "utter_order_signed"),
        (S.FINISHED, {"signed": ago(30)}, "utter_order_signed_past"),
        (S.CANCELLED, {"cancel_reason": "拍错了"}, "utter_order_cancelled_because"),
        (S.CANCELLED, {}, "utter_order_cancelled"),
        (S.EXCHANGING, {}, "utter_order_exchanging"),
        (S.REFUNDING, {}, "utter_order_refund"),
    ],
)
async def test_every_state_has_its_own_answer(
    state: OrderState, more: dict[str, object], response: str
) -> None:
    """What comes next differs by state."""
    heard = await Desk((order(N, state, **more),)).hear(OrderStatus())
    assert heard.names == [response]
    assert heard.facts["order"]["state"] == state.value


@pytest.mark.parametrize("text", ["我的订单", "看我的订单", "我有哪些订单", "查一下我所有的订单"])
async def test_all_orders_are_listed_where_all_are_asked_for(text: str) -> None:
    """Newest first, each with its button."""
    orders = (order(N, S.PAID), order("100000000000000002", S.SIGNED, placed=ago(9), signed=ago(5)))
    heard = await Desk(orders).hear(OrderStatus(), text)
    assert heard.names == ["utter_order_list"]
    assert [row["order_id"] for row in heard.facts["orders"]] == [o.id for o in orders]


async def test_one_order_is_told_where_one_is_asked_for() -> None:
    """A question about an order is no wish for a list."""
    old = order("100000000000000002", S.FINISHED, placed=ago(9))
    orders = (order(N, S.PAID, dispatch_by=NOW + timedelta(hours=5)), old)
    assert (await Desk(orders).hear(OrderStatus(), "我的订单怎么样了")).names == ["utter_order_awaiting"]


async def test_this_order_is_the_one_just_talked_about() -> None:
    """这单 means the order last shown, whatever would fit better."""
    shown, waits = order("100000000000000002", S.IN_TRANSIT), order(N, S.PAID)
    heard = await Desk((shown, waits)).hear(UrgeShip(), "这单怎么回事", slots={"order_id": shown.id})
    assert heard.facts["order_id"] == shown.id


async def test_an_order_on_its_way_tells_where_it_is() -> None:
    """Carrier, waybill and place come with the state."""
    desk = Desk((order(N, S.IN_TRANSIT),), (parcel(N, ParcelState.IN_TRANSIT),))
    facts = (await desk.hear(OrderStatus())).facts
    assert (facts["response"], facts["carrier"], facts["place"]) == (
        "utter_order_moving",
        "中通快递",
        "合肥转运中心",
    )


async def test_the_return_window_counts_from_signing() -> None:
    """Signed on the 18th, seven days: until the 25th."""
    heard = await Desk((order(N, S.SIGNED, signed=ago(3)),)).hear(OrderStatus())
    assert heard.facts["until"] == "2026-11-25"


async def test_when_it_leaves_is_answered_without_an_order() -> None:
    """A general question demands no identity; the shop's rule comes as facts."""
    heard = await Desk(who=None).hear(ShipTime())
    assert heard.names == ["utter_ship_policy"]
    assert (heard.facts["promise"], heard.facts["cut_off"]) == ("48h", "16:00")


async def test_a_push_within_the_promise_hears_until_when_it_runs() -> None:
    """The promise is 48 hours after payment where the order names no time."""
    heard = await Desk((order(N, S.PAID, paid=ago(1)),)).hear(UrgeShip())
    assert heard.names == ["utter_ship_urged", "utter_do_urge_restate"]
    assert heard.facts["by"] == "2026-11-22T10:00:00+08:00"


async def test_a_push_after_the_promise_hears_an_apology_and_what_the_policy_gives() -> None:
    """Overdue: the amount comes from the policy."""
    late = (order(N, S.PAID, dispatch_by=ago(hours=1)),)
    heard = await Desk(late).hear(UrgeShip())
    assert (heard.names, heard.facts["amount"]) == (["utter_ship_overdue_paid", "utter_do_urge_restate"], 500)
    plain = await Desk(late, policy={"dispatch": {"late_compensation": 0}}).hear(UrgeShip())
    assert plain.names[0] == "utter_ship_overdue"


async def test_a_push_means_the_order_that_waits_even_after_another_was_shown() -> None:
    """The order last shown is meant again only where it could be pushed; else it is only what is left."""
    shown, waits = order("100000000000000002", S.IN_TRANSIT), order(N, S.PAID, placed=ago(9))
    memory = {"order_id": shown.id}
    assert (await Desk((shown, waits)).hear(UrgeShip(), slots=memory)).facts["order_id"] == N
    assert (await Desk((shown,)).hear(UrgeShip(), slots=memory)).facts["order_id"] == shown.id


async def test_an_anonymous_push_proves_the_order_first() -> None:
    """There is nothing to push without an order."""
    assert (await Desk(who=None).hear(UrgeShip())).follows == ["order_proof_form"]


@pytest.mark.parametrize(
    ("state", "response"),
    [
        (S.UNPAID, "utter_do_change_address_ask_where"),
        (S.PAID, "utter_do_change_address_ask_where"),
        (S.PACKED, "utter_modify_address_packed"),
        (S.SENT, "utter_modify_address_sent"),
        (S.SIGNED, "utter_order_delivered"),
    ],
)
async def test_an_address_changes_until_packing(state: OrderState, response: str) -> None:
    """The stage is the policy's; after it the reply tells the way that is left."""
    assert (await Desk((order(N, state),)).hear(ModifyAddress(), order_id=N)).names == [response]


async def test_another_shop_may_allow_changes_until_dispatch() -> None:
    """No stage is written in code."""
    desk = Desk((order(N, S.PACKED),), policy={"changes": {"address": "sent"}})
    assert (await desk.hear(ModifyAddress())).names == ["utter_do_change_address_ask_where"]


async def test_options_may_be_closed_while_remarks_are_open() -> None:
    """Packed: the goods are chosen, the remark may still change."""
    desk = Desk((order(N, S.PACKED),), policy={"changes": {"options": "packed", "remark": "sent"}})
    assert (await desk.hear(ModifyOrder())).names == ["utter_modify_order_remark"]


@pytest.mark.parametrize(
    ("state", "changes", "response"),
    [
        (S.PAID, {}, "utter_do_cancel_restate"),
        (S.PACKED, {}, "utter_cancel_intercept"),
        (S.IN_TRANSIT, {"intercept_fee": 800}, "utter_cancel_intercept_fee"),
        (S.IN_TRANSIT, {"intercept": False}, "utter_cancel_refuse"),
        (S.CANCELLED, {}, "utter_order_cancelled"),
    ],
)
async def test_cancelling_depends_on_state_and_policy(
    state: OrderState, changes: dict[str, object], response: str
) -> None:
    """Open, stopped on the way, refused at the door, or done already."""
    assert (
        await Desk((order(N, state),), policy={"changes": changes}).hear(CancelOrder(), order_id=N)
    ).names == [response]


async def test_a_cancellation_names_money_audit_and_arrival() -> None:
    """Paid by 支付宝: the arrival is that account's."""
    facts = (await Desk((order(N, S.PAID),)).hear(CancelOrder())).facts
    assert (facts["total"], facts["audit"], facts["arrival"]) == (7900, "2h", "24h")


async def test_general_wishes_are_answered_to_anybody() -> None:
    """Nobody proves an order to hear a rule."""
    names = [(await Desk(who=None).hear(a)).names for a in (ModifyAddress(), ModifyOrder(), CancelOrder())]
    assert names == [["utter_modify_address_policy"], ["utter_modify_order_policy"], ["utter_cancel_policy"]]


async def test_a_wish_taken_back_finds_nothing_to_take_back() -> None:
    """不取消了 after no application: all goes on as planned."""
    heard = await Desk((order(N, S.PAID),)).hear(CancelOrder(), "不取消了", slots={"order_id": N})
    assert (heard.names, heard.facts["state"]) == (["utter_withdraw_none"], "paid")


async def test_a_booked_visit_is_moved_not_the_order() -> None:
    """空调安装时间改一下 is about the visit, not about an order that is packed."""
    booked = Booking("B1", N, BookingKind.INSTALLATION, BookingState.BOOKED, ago(-3).date(), "09:00-12:00")
    orders = (order(N, S.SIGNED, COOKER, signed=ago(1)), order("100000000000000002", S.PACKED))
    heard = await Desk(orders, more={"bookings": (booked,)}).hear(ModifyOrder(), "安装时间改一下")
    assert (heard.names, heard.facts["order_id"]) == (["utter_do_move_visit_ask_day"], N)


@pytest.mark.parametrize(
    ("text", "hours", "response"),
    [
        ("怎么付不了款", 2, ["utter_order_unpaid_due"]),
        ("待付款那个还能付吗", 0.2, ["utter_order_unpaid", "utter_pay_ways"]),
        ("花呗付了钱显示没付", 0.2, ["utter_order_paid_unseen"]),
        ("能用花呗吗", 2, ["utter_pay_instalments"]),
    ],
)
async def test_a_payment_is_looked_up_in_the_order_that_waits_for_it(
    text: str, hours: float, response: list[str]
) -> None:
    """An order whose time is over is never said to be kept; a question about ways stays general."""
    unpaid = order(N, S.UNPAID, placed=ago(hours=hours))
    assert (await Desk((unpaid,)).hear(ActionOrderPayment(), text)).names == response


class Deny(ShopAction):
    """A no that offers other orders where that is what it means."""

    intent = "deny"

    async def answer(self, asked: Asked) -> None:
        """Offer them, else say nothing."""
        await offer_others(asked)


@pytest.mark.parametrize(
    ("text", "shown", "offers"), [("不是这个", N, 1), ("不用了", N, 0), ("不是这个", None, 0)]
)
async def test_not_this_one_offers_the_others(text: str, shown: str | None, offers: int) -> None:
    """The wrong order is forgotten; a plain no, or one without an order before it, offers nothing."""
    orders = (order(N, S.PAID), order("100000000000000002", S.SIGNED))
    heard = await Desk(orders).hear(Deny(), text, slots={"order_id": shown})
    assert [len(said["others"]) for said in heard.said] == [1] * offers
    assert heard.slots == ({"order_id": None} if offers else {})


async def test_not_this_one_but_that_one_is_answered_at_once() -> None:
    """不是这单 是电饭煲那单, 不对 电饭煲: what was wanted, about the other order."""
    orders = (order(N, S.PAID), order("100000000000000002", S.SIGNED, COOKER))
    slots = {"order_id": N, "wish": "invoice"}
    for text in ("不是这单 是电饭煲那单", "不对 是电饭煲"):
        heard = await Desk(orders).hear(Deny(), text, slots=slots, product="电饭煲")
        assert (heard.follows, heard.said) == (["action_invoice"], [])


async def test_a_mere_no_right_after_an_order_means_another_one() -> None:
    """不对 elsewhere is only a no."""
    orders = (order(N, S.PAID), order("100000000000000002", S.SIGNED, COOKER))
    slots = {"order_id": N, "wish": "invoice"}
    asked = await Desk(orders).hear(Deny(), "不对", slots=slots, before=("invoice", "deny"))
    assert asked.names == ["utter_order_which_else"]
    assert (await Desk(orders).hear(Deny(), "不对", slots=slots, before=("review", "deny"))).said == []


@pytest.mark.parametrize("text", ["看看我最近的订单", "查一下我的所有订单", "我都买过啥"])
async def test_who_asks_for_all_orders_sees_them(text: str) -> None:
    """A list, not the newest alone."""
    heard = await Desk((order(N, S.PAID), order("2", S.SIGNED))).hear(OrderStatus(), text)
    assert heard.names == ["utter_order_list"]


async def test_goods_named_after_a_complaint_mean_ones_order_of_them() -> None:
    """卫衣！！！ is no wish for the product's card."""
    desk = Desk((order(N, S.SIGNED),))
    heard = await desk.hear(ProvideInfo(), "T恤！！！", before=("complaint", "provide_info"), product="T恤")
    assert heard.follows == ["action_order_status"]


@pytest.mark.parametrize("action", [OrderStatus(), UrgeShip()])
async def test_an_order_whose_parcel_is_stuck_is_not_said_to_be_on_its_way(action: ShopAction) -> None:
    """羽绒服 都9天了: the trouble, not the state."""
    desk = Desk((order(N, S.IN_TRANSIT),), (parcel(N, ParcelState.STUCK),))
    assert (await desk.hear(action)).names == ["utter_parcel_stuck"]


@pytest.mark.parametrize(
    ("before", "follows"),
    [
        (("track_logistics",), "track_logistics"),
        (("greet", "thanks_bye"), "product_info"),
        ((), "product_info"),
    ],
)
async def test_a_bare_product_goes_on_with_a_fresh_wish_or_is_told_about(
    before: tuple[str, ...], follows: str
) -> None:
    """牛肉干呢 right after a parcel was asked for, 羽绒服 out of the blue."""
    desk = Desk()
    heard = await desk.hear(
        ProvideInfo(), "T恤呢", slots={"wish": "track_logistics"}, before=before, product="T恤"
    )
    assert heard.follows == [f"action_{follows}"]
