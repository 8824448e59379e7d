"""Parts of an order, hours and places of delivery, parcels looked for in vain, harm, grades."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actions.aftersales import ProductProblem
from actions.changes import ModifyOrder
from actions.coupons import ActionCouponQuery
from actions.handoff import Complaint
from actions.logistics import DeliveryEta, LogisticsDelay, NotReceived, TrackLogistics
from actions.orders import UrgeShip
from actions.service import AccountMember, Review, UsageHelp
from actions.talk import ActionAskWhich
from bot.shop.models import OrderItem, OrderState, ParcelState
from tests.unit.actions.order_shop import COOKER, NUTS, Desk, ago, order, parcel

S, P = OrderState, ParcelState
N = "100000000000000001"
BOTH = tuple(OrderItem(p.id, p.skus[0].id, p.title, {}, 1, p.skus[0].price) for p in (COOKER, NUTS))
TWO = replace(order(N, S.PAID), items=BOTH)


async def test_parts_of_an_order_are_asked_of_the_warehouse() -> None:
    """Nothing is promised: the wish becomes a remark, after a yes."""
    heard = await Desk((TWO,)).hear(ModifyOrder(), "能不能分开发货")
    assert heard.names == ["utter_split_note", "utter_do_change_remark_restate"]
    assert heard.slots["doing"]["args"]["remark"] == "分开发货"


async def test_the_goods_that_go_first_stand_in_the_remark() -> None:
    """先发电饭煲 names them; words that name no goods stand as they were said."""
    named = await Desk((TWO,)).hear(ModifyOrder(), "先发电饭煲", product="电饭煲")
    assert named.slots["doing"]["args"]["remark"] == "先发电饭煲，其余的分开发"
    own = await Desk((TWO,)).hear(ModifyOrder(), "先把贵的发了")
    assert own.slots["doing"]["args"]["remark"] == "分开发货：先把贵的发了"


@pytest.mark.parametrize(
    ("kept", "response"),
    [
        (order(N, S.UNPAID), "utter_split_unpaid"),
        (order(N, S.PAID), "utter_split_single"),
        (replace(TWO, state=S.PACKED), "utter_split_packed"),
        (replace(TWO, state=S.IN_TRANSIT), "utter_split_sent"),
    ],
)
async def test_what_cannot_be_parted_is_told_why(kept: object, response: str) -> None:
    """Unpaid, one piece, packed, gone: each with what is left to do."""
    heard = await Desk((kept,), (parcel(N, P.IN_TRANSIT),)).hear(ModifyOrder(), "这单拆开发")  # type: ignore[arg-type]
    assert heard.names == [response]


@pytest.mark.parametrize("action", [UrgeShip(), LogisticsDelay(), TrackLogistics()])
async def test_a_wish_for_parts_is_heard_whatever_it_came_to(action: UrgeShip) -> None:
    """先发一件 is no push."""
    heard = await Desk((TWO,)).hear(action, "两样分开发吧")
    assert heard.follows == ["action_modify_order"]


async def test_an_hour_on_the_road_is_the_couriers() -> None:
    """Their number where it is known, else when it shows."""
    moving = order(N, S.OUT_FOR_DELIVERY)
    known = Desk((moving,), (parcel(N, P.OUT_FOR_DELIVERY, courier_phone="13500000000"),))
    assert (await known.hear(ModifyOrder(), "让快递晚上再送")).names == ["utter_delivery_wish_call"]
    unknown = Desk((moving,), (parcel(N, P.IN_TRANSIT),))
    assert (await unknown.hear(ModifyOrder(), "放门口就行")).names == ["utter_delivery_wish"]


async def test_a_place_to_leave_it_is_noted_before_it_leaves() -> None:
    """放门口 becomes a remark."""
    heard = await Desk((order(N, S.PAID),)).hear(ModifyOrder(), "放门口就行")
    assert heard.names == ["utter_do_change_remark_restate"]


@pytest.mark.parametrize(
    ("text", "before"), [("显示签收 家里邻居都问了没有", ()), ("还是没有", ("not_received", "not_received"))]
)
async def test_who_looked_for_it_is_not_told_to_look_again(text: str, before: tuple[str, ...]) -> None:
    """A person asks the carrier, and a task says so."""
    desk = Desk((order(N, S.SIGNED, signed=ago(1)),), (parcel(N, P.SIGNED),))
    heard = await desk.hear(NotReceived(), text, before=before, slots={"order_id": N})
    assert heard.names == ["utter_missing_parcel_queued"]
    assert heard.facts["custom"]["handoff"]["role"] == "aftersales"


@pytest.mark.parametrize(("state", "end"), [(P.STUCK, ""), (P.LOST, "_lost")])
async def test_the_same_goods_again_are_no_second_report(state: ParcelState, end: str) -> None:
    """补发 is answered: after the carrier's word, or at once where it is lost."""
    desk = Desk((order(N, S.IN_TRANSIT),), (parcel(N, state),))
    heard = await desk.hear(LogisticsDelay(), "能给我补发吗")
    assert heard.names == [f"utter_parcel_resend{end}"]


async def test_the_courier_of_the_parcel_in_talk_is_meant() -> None:
    """After 没收到 the number asked for is of who brought that one, not of another on its way."""
    signed, other = order(N, S.SIGNED, signed=ago(1)), order("100000000000000002", S.IN_TRANSIT)
    parcels = (parcel(N, P.SIGNED, courier_phone="13500000000"), parcel(other.id, P.IN_TRANSIT))
    before = ("not_received", "track_logistics")
    desk = Desk((signed, other), parcels)
    heard = await desk.hear(TrackLogistics(), "快递员电话多少", before=before, slots={"order_id": N})
    assert (heard.names, heard.facts["courier"]) == (["utter_parcel_courier_signed"], "13500000000")


@pytest.mark.parametrize("text", ["吃了拉肚子", "漏电电到我了", "烫伤了手"])
async def test_harm_goes_to_a_person_at_once(text: str) -> None:
    """Before any rule of returns."""
    heard = await Desk((order(N, S.SIGNED, signed=ago(1)),)).hear(ProductProblem(), text)
    assert heard.names == ["utter_harm_queued"]


async def test_a_repair_is_offered_only_where_there_is_a_warranty() -> None:
    """Past the days of a fault a cooker is repaired; of nuts a person decides."""
    cooker = await Desk((order(N, S.FINISHED, COOKER, signed=ago(30)),)).hear(ProductProblem(), "不加热")
    assert cooker.names == ["utter_problem_past"]
    nuts = await Desk((order(N, S.FINISHED, NUTS, signed=ago(30)),)).hear(ProductProblem(), "有味道")
    assert nuts.names == ["utter_problem_past_person"]


async def test_help_that_did_not_help_is_a_fault() -> None:
    """按说明弄了还是不行 wants no manual."""
    heard = await Desk((order(N, S.SIGNED, COOKER, signed=ago(1)),)).hear(UsageHelp(), "按说明弄的还是不行")
    assert heard.follows == ["action_product_problem"]


async def test_grades_tell_what_they_take_and_bring() -> None:
    """Asked as an account's or a coupon's question alike."""
    heard = await Desk().hear(AccountMember(), "怎么升金卡")
    assert (heard.names, heard.facts["spent"], heard.facts["percent"]) == (
        ["utter_account_grade"],
        200000,
        95,
    )
    assert (await Desk().hear(ActionCouponQuery(), "金卡有什么好处")).follows == ["action_account_member"]
    assert (await Desk().hear(AccountMember(), "会员等级怎么分")).names == ["utter_account_ladder"]


@pytest.mark.parametrize(
    ("text", "response"),
    [("手机号换了", "utter_account_phone"), ("过生日有礼物吗", "utter_account_birthday")],
)
async def test_other_parts_of_the_account_are_told(text: str, response: str) -> None:
    """A number that is gone is no forgotten password."""
    assert (await Desk().hear(AccountMember(), text)).names == [response]


async def test_reviews_are_neither_bought_nor_pressed_for() -> None:
    """Money for praise is refused with the reason; who is pestered complains."""
    assert (await Desk().hear(Review(), "五星好评返现吗")).names == ["utter_review_cashback"]
    assert (await Desk().hear(Review(), "给差评你们老打电话骚扰我")).follows == ["action_complaint"]
    assert (await Desk().hear(Review(), "评价图片传不上去")).names == ["utter_review_fails"]


async def test_how_far_a_complaint_is_makes_no_new_one() -> None:
    """By when it is answered, and a person."""
    assert (await Desk().hear(Complaint(), "我投诉的事处理了吗")).names == ["utter_complaint_status"]


async def test_a_faq_entry_goes_before_the_rules_of_faults() -> None:
    """Where no order is known and the question is a frequent one."""
    heard = await Desk(who=None).hear(ProductProblem(), "羽绒服洗完结块怎么办")
    assert heard.names == ["utter_faq"]


async def test_goods_nobody_ordered_come_into_stock() -> None:
    """沙发啥时候到货 of goods in none of their orders is a question about the shelf."""
    heard = await Desk((order(N, S.IN_TRANSIT),)).hear(DeliveryEta(), "电饭煲啥时候到货", product="电饭煲")
    assert heard.follows == ["action_stock_query"]


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("怎么升金卡啊", "action_account_member"),
        ("有没有别的杯子吗", "action_recommend_compare"),
        ("我那快递丢了吗", "action_not_received"),
        ("我买140差多少能减", "action_price_promo"),
    ],
)
async def test_what_is_told_by_words_is_not_asked_about(text: str, action: str) -> None:
    """However unsure a message was understood."""
    heard = await Desk((order(N, S.IN_TRANSIT),)).hear(ActionAskWhich(), text)
    assert heard.follows == [action]
