"""Where the parcel is, when it comes, and what is wrong with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from actions.logistics import DeliveryEta, LogisticsDelay, NotReceived, TrackLogistics
from actions.visits import DeliveryInstall
from bot.shop.models import Booking, BookingKind, BookingState, OrderState, ParcelState, Trace
from tests.unit.actions.order_shop import COOKER, NOW, TODAY, Desk, ago, order, parcel

N = "100000000000000001"
S, P = OrderState, ParcelState
MOVING = order(N, S.IN_TRANSIT)


async def test_a_moving_parcel_is_told_whole() -> None:
    """Place, carrier, waybill, day and the card."""
    facts = (await Desk((MOVING,), (parcel(N, P.IN_TRANSIT),)).hear(TrackLogistics())).facts
    assert facts["response"] == "utter_parcel_moving"
    assert (facts["carrier"], facts["place"], facts["expected"]) == ("中通快递", "合肥转运中心", "2026-11-22")
    assert facts["parcel"]["traces"][0]["at"] == "2026-11-21T07:00:00+08:00"


@pytest.mark.parametrize(
    ("state", "more", "response"),
    [
        (P.COLLECTED, {"traces": ()}, "utter_parcel_collected"),
        (P.IN_TRANSIT, {"expected": None}, "utter_parcel_moving_open"),
        (P.IN_TRANSIT, {"expected": TODAY - timedelta(days=1)}, "utter_parcel_late"),
        (P.IN_TRANSIT, {"traces": (Trace(ago(3), "西安", "到达"),)}, "utter_parcel_stuck"),
        (P.IN_TRANSIT, {"traces": (Trace(ago(9), "西安", "到达"),)}, "utter_parcel_lost"),
        (P.STUCK, {}, "utter_parcel_stuck"),
        (P.LOST, {}, "utter_parcel_lost"),
        (P.RETURNED, {}, "utter_parcel_returned"),
        (P.OUT_FOR_DELIVERY, {}, "utter_parcel_out"),
        (P.OUT_FOR_DELIVERY, {"courier_phone": "13500000000"}, "utter_parcel_out_call"),
        (P.WAITING_PICKUP, {"pickup_place": "驿站"}, "utter_parcel_pickup"),
        (P.WAITING_PICKUP, {"pickup_place": "驿站", "pickup_code": "3-2"}, "utter_parcel_pickup_code"),
        (P.SIGNED, {}, "utter_parcel_signed"),
    ],
)
async def test_every_turn_of_a_parcel_has_its_own_answer(
    state: ParcelState, more: dict[str, object], response: str
) -> None:
    """Stuck and lost show by the carrier's word or by silence longer than the policy's patience."""
    assert (await Desk((MOVING,), (parcel(N, state, **more),)).hear(TrackLogistics())).names == [response]


async def test_each_parcel_of_an_order_is_told() -> None:
    """Two parcels, two answers; a waybill picks one."""
    two = (parcel(N, P.IN_TRANSIT), parcel(N, P.SIGNED, waybill="7900000000001"))
    assert len((await Desk((MOVING,), two).hear(TrackLogistics())).said) == 2
    one = await Desk((MOVING,), two).hear(TrackLogistics(), waybill="7900000000001")
    assert one.names == ["utter_parcel_signed"]


async def test_before_dispatch_tracking_tells_when_it_leaves() -> None:
    """No parcel yet: the promise."""
    heard = await Desk((order(N, S.PAID, dispatch_by=NOW + timedelta(hours=1)),)).hear(TrackLogistics())
    assert heard.names == ["utter_ship_promised"]


async def test_the_parcel_on_its_way_is_meant_before_older_ones() -> None:
    """A newer order that waits for dispatch is offered, not answered."""
    other = order("100000000000000002", S.PAID, placed=ago(1))
    heard = await Desk((MOVING, other), (parcel(N, P.IN_TRANSIT),)).hear(TrackLogistics())
    assert heard.facts["order_id"] == N
    assert [o["order_id"] for o in heard.facts["others"]] == [other.id]


async def test_a_complaint_of_delay_about_a_good_parcel_shows_that_it_moves() -> None:
    """Reassure with the last trace and the day."""
    heard = await Desk((MOVING,), (parcel(N, P.IN_TRANSIT),)).hear(LogisticsDelay())
    assert heard.names == ["utter_delay_moving"]


async def test_a_complaint_of_delay_finds_the_parcel_in_trouble() -> None:
    """The worst of several parcels is the one meant."""
    two = (parcel(N, P.STUCK), parcel(N, P.IN_TRANSIT, waybill="7900000000001"))
    assert (await Desk((MOVING,), two).hear(LogisticsDelay())).names == [
        "utter_parcel_stuck",
        "utter_do_urge_restate",
    ]


async def test_arrival_is_the_carriers_day() -> None:
    """On the road: expected; before dispatch: promise plus the days to the province."""
    heard = await Desk((MOVING,), (parcel(N, P.IN_TRANSIT),)).hear(DeliveryEta())
    assert (heard.names, heard.facts["expected"]) == (["utter_eta_expected"], "2026-11-22")
    waiting = await Desk((order(N, S.PAID, dispatch_by=NOW + timedelta(hours=1)),)).hear(DeliveryEta())
    assert (waiting.facts["fewest"], waiting.facts["most"]) == (1, 2)


async def test_arrival_in_general_needs_no_identity() -> None:
    """The days of the named province, else the usual ones."""
    heard = await Desk(who=None).hear(DeliveryEta(), "到新疆几天")
    assert (heard.names, heard.facts["province"], heard.facts["most"]) == (["utter_eta_area"], "新疆", 9)
    assert (await Desk(who=None).hear(DeliveryEta())).names == ["utter_eta_policy"]


async def test_signed_and_not_received_tells_where_and_by_when_we_answer() -> None:
    """Place, time, the courier's number if known, and the policy's deadlines."""
    desk = Desk((order(N, S.SIGNED, signed=ago(1)),), (parcel(N, P.SIGNED, courier_phone="13500000000"),))
    heard = await desk.hear(NotReceived())
    assert heard.names == ["utter_not_received_call"]
    assert (heard.facts["answer"], heard.facts["settle"]) == ("24h", "72h")


async def test_not_received_while_it_waits_at_a_locker_tells_the_code() -> None:
    """It is not lost, only not fetched."""
    waiting = parcel(N, P.WAITING_PICKUP, pickup_place="驿站", pickup_code="3-2")
    heard = await Desk((order(N, S.OUT_FOR_DELIVERY),), (waiting,)).hear(NotReceived())
    assert heard.names == ["utter_parcel_pickup_code"]


async def test_a_region_that_is_not_served_is_said_before_anything_else() -> None:
    """No false hope."""
    heard = await Desk(who=None).hear(DeliveryInstall(), "台湾送不送")
    assert (heard.names, heard.facts["province"]) == (["utter_delivery_undeliverable"], "台湾")


async def test_a_booked_visit_is_told() -> None:
    """Day and hours of the visit."""
    booked = Booking("B1", N, BookingKind.INSTALLATION, BookingState.BOOKED, TODAY, "09:00-12:00")
    heard = await Desk((order(N, S.IN_TRANSIT, COOKER),), more={"bookings": (booked,)}).hear(
        DeliveryInstall()
    )
    assert (heard.names, heard.facts["what"]) == (["utter_install_booked"], "installation")


async def test_tracking_means_the_parcel_on_the_road_even_after_a_signed_one_was_shown() -> None:
    """我的快递到哪了 asks for what has not come yet."""
    signed, moving = (
        order("100000000000000001", OrderState.SIGNED, signed=ago(1)),
        order("100000000000000002", OrderState.IN_TRANSIT),
    )
    desk = Desk(
        (signed, moving), (parcel(moving.id, ParcelState.IN_TRANSIT), parcel(signed.id, ParcelState.SIGNED))
    )
    heard = await desk.hear(TrackLogistics(), "我的快递到哪了", slots={"order_id": signed.id})
    assert heard.facts["order_id"] == moving.id


OTHER = order("100000000000000002", S.IN_TRANSIT, placed=ago(1))


async def test_a_complaint_of_delay_is_about_the_parcel_in_trouble_wherever_it_is() -> None:
    """包裹一直不动: the stuck one of all orders, even after another was shown."""
    desk = Desk((OTHER, MOVING), (parcel(OTHER.id, P.IN_TRANSIT), parcel(N, P.STUCK)))
    heard = await desk.hear(LogisticsDelay(), "包裹一直不动", slots={"order_id": OTHER.id})
    assert (heard.names, heard.facts["order_id"]) == (["utter_parcel_stuck", "utter_do_urge_restate"], N)


async def test_a_lost_parcel_is_the_one_not_received() -> None:
    """Unless the message speaks of one that was signed for."""
    signed = order("100000000000000003", S.SIGNED, signed=ago(1))
    desk = Desk((signed, MOVING), (parcel(N, P.LOST), parcel(signed.id, P.SIGNED)))
    assert (await desk.hear(NotReceived(), "没收到货")).names == ["utter_parcel_lost"]
    assert (await desk.hear(NotReceived(), "显示签收了没收到")).names == ["utter_not_received_signed"]


async def test_what_comes_today_is_what_is_out_for_delivery() -> None:
    """今天能送到吗 before a newer order that was only collected."""
    out = order("100000000000000003", S.OUT_FOR_DELIVERY, placed=ago(5))
    desk = Desk((OTHER, out), (parcel(OTHER.id, P.COLLECTED), parcel(out.id, P.OUT_FOR_DELIVERY)))
    assert (await desk.hear(DeliveryEta(), "今天能送到吗")).facts["order_id"] == out.id


async def test_a_city_tells_its_province() -> None:
    """几天到拉萨."""
    assert (await Desk(who=None).hear(DeliveryEta(), "几天到拉萨")).facts["province"] == "西藏"


async def test_before_delivery_there_is_no_courier_to_call() -> None:
    """Said so, with the day it comes."""
    heard = await Desk((MOVING,), (parcel(N, P.IN_TRANSIT),)).hear(TrackLogistics(), "快递员电话多少")
    assert heard.names == ["utter_parcel_no_courier"]


async def test_a_fragment_goes_on_about_the_parcel_just_shown() -> None:
    """到底在哪 after a signed one does not jump to another."""
    signed = order("100000000000000003", S.SIGNED, signed=ago(1))
    desk = Desk((MOVING, signed), (parcel(N, P.IN_TRANSIT), parcel(signed.id, P.SIGNED)))
    heard = await desk.hear(TrackLogistics(), "到底在哪", slots={"order_id": signed.id})
    assert heard.facts["order_id"] == signed.id


HEAVY = replace(
    COOKER, id="P9", title="滚筒洗衣机", aliases=("洗衣机",), category="大家电", installation="免费安装。"
)
VISIT = Booking(
    "B1", N, BookingKind.INSTALLATION, BookingState.BOOKED, TODAY + timedelta(days=3), "09:00-12:00"
)
ROWS = {"products": (HEAVY, COOKER), "bookings": (VISIT,)}


@pytest.mark.parametrize(
    ("text", "response"),
    [
        ("洗衣机安装约的几点", "utter_install_booked"),
        ("洗衣机安装改个时间", "utter_do_move_visit_ask_day"),
        ("洗衣机送上楼吗", "utter_upstairs_free"),
        ("洗衣机安装收费吗", "utter_install_product"),
        ("旧洗衣机回收吗", "utter_install_old"),
    ],
)
async def test_a_visit_answers_what_was_asked_of_it(text: str, response: str) -> None:
    """When it is, another time, the stairs, what it costs, the old machine."""
    desk = Desk((order(N, S.SIGNED, HEAVY, signed=ago(1)),), more=ROWS)
    assert (await desk.hear(DeliveryInstall(), text, product="洗衣机")).names == [response]


async def test_installation_in_general_is_the_products() -> None:
    """Nobody's visit is hidden or shown where there is no order of it."""
    heard = await Desk(who=None, more=ROWS).hear(DeliveryInstall(), "洗衣机包安装吗", product="洗衣机")
    assert heard.names == ["utter_install_product"]


async def test_who_wants_it_brought_home_hears_of_the_parcel_at_the_station() -> None:
    """想送货上门 is about what lies there, even after another order was shown."""
    there = order("100000000000000003", S.OUT_FOR_DELIVERY, placed=ago(5))
    waiting = parcel(there.id, P.WAITING_PICKUP, pickup_place="驿站", courier_phone="13500000000")
    heard = await Desk((MOVING, there), (waiting,)).hear(
        DeliveryInstall(), "想送货上门", slots={"order_id": N}
    )
    assert (heard.names, heard.facts["pickup_place"]) == (["utter_door_station_call"], "驿站")


async def test_a_part_of_an_installation_is_told_by_the_goods_that_need_it() -> None:
    """外机支架多少钱: one product speaks of it, or several are asked about."""
    cool = replace(
        COOKER, id="P10", title="空调", aliases=("空调",), installation="外机支架80元起。安装免费。"
    )
    wash = replace(COOKER, id="P11", title="洗衣机", aliases=("洗衣机",), installation="免费安装。")
    desk = Desk(who=None, more={"products": (cool, wash)})
    heard = await desk.hear(DeliveryInstall(), "外机支架多少钱")
    assert (heard.names, heard.facts["how"]) == (["utter_install_product"], cool.installation)
    assert (await desk.hear(DeliveryInstall(), "安装费多少")).names == ["utter_product_which_of"]


async def test_a_city_tells_the_province() -> None:
    """发到广州要几天: nobody is asked for what they have said."""
    heard = await Desk(who=None).hear(DeliveryEta(), "发到广州要几天")
    assert (heard.names, heard.facts["province"]) == (["utter_eta_area"], "广东")


async def test_who_asks_for_the_pickup_code_hears_of_the_parcel_that_waits_or_that_there_is_none_yet() -> (
    None
):
    """取件码多少 is not answered with where another parcel is."""
    orders = (MOVING, order("100000000000000002", S.IN_TRANSIT, placed=ago(5)))
    waiting = parcel("100000000000000002", P.WAITING_PICKUP, pickup_place="驿站", pickup_code="3-2")
    desk = Desk(orders, (parcel(N, P.IN_TRANSIT), waiting))
    assert (await desk.hear(TrackLogistics(), "取件码多少")).names == ["utter_parcel_pickup_code"]
    alone = Desk((MOVING,), (parcel(N, P.IN_TRANSIT),))
    assert (await alone.hear(TrackLogistics(), "取件码多少")).names == ["utter_parcel_no_code"]


async def test_who_asks_how_to_reach_the_courier_is_told_so() -> None:
    """怎么联系快递员, in whatever order the words come."""
    heard = await Desk((MOVING,), (parcel(N, P.IN_TRANSIT),)).hear(TrackLogistics(), "怎么联系快递员")
    assert heard.names == ["utter_parcel_no_courier"]
