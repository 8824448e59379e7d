"""An order named by a number is answered about, or said not to be found; never another in its place."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actions.gifts import ActionGiftQuery
from actions.information import ProvideInfo
from actions.logistics import TrackLogistics
from actions.orders import OrderStatus
from actions.returning import ReturnShipping
from actions.service import UsageHelp
from actions.session import ShopAction
from bot.shop.models import OrderState, ParcelState
from tests.unit.actions.order_shop import COOKER, HAN, Desk, order, parcel

FIRST, SECOND, THIRD = "ZX-1002", "20261118-0042", "A.1002"
S = OrderState
ORDERS = (
    order(FIRST, S.IN_TRANSIT),
    order(SECOND, S.PAID, COOKER),
    order(THIRD, S.CANCELLED),
    order("ZX-1003", S.PAID, shopper_id=HAN.id),
)
PARCELS = (replace(parcel(FIRST, ParcelState.IN_TRANSIT), waybill="YT-88-12"),)
DESK = Desk(ORDERS, PARCELS)


@pytest.mark.parametrize(
    ("entity", "typed", "number"),
    [
        ("order_id", SECOND, SECOND),
        ("code", "zx1002", FIRST),
        ("order_id", "a 1002", THIRD),
        ("waybill", "yt8812", FIRST),
        ("code", "YT-88-12", FIRST),
        ("order_id", "0042", SECOND),
        ("order_tail", "0042", SECOND),
        ("phone_tail", "0042", SECOND),
        ("order_tail", "812", FIRST),
    ],
)
async def test_a_number_leads_to_its_order_however_it_is_typed(entity: str, typed: str, number: str) -> None:
    """By order, by parcel, by the last digits of either."""
    heard = await DESK.hear(OrderStatus(), **{entity: typed})
    assert heard.facts["order_id"] == number


@pytest.mark.parametrize("action", [OrderStatus(), ReturnShipping(), ActionGiftQuery(), ProvideInfo()])
@pytest.mark.parametrize(
    ("entity", "typed"),
    [("order_id", "ZX-1003"), ("code", "ZX-9999"), ("waybill", "YT9"), ("order_tail", "7777")],
)
async def test_a_number_that_is_not_theirs_is_not_found_and_no_other_order_is_told(
    action: ShopAction, entity: str, typed: str
) -> None:
    """Not yours and not there sound the same."""
    heard = await DESK.hear(action, "赠品没收到", slots={"order_id": SECOND}, **{entity: typed})
    assert heard.names == ["utter_order_not_found"]


async def test_digits_that_end_several_numbers_are_asked_about() -> None:
    """A closed question, each choice with the wish it is for."""
    heard = await DESK.hear(TrackLogistics(), order_tail="1002")
    assert heard.names == ["utter_order_which"]
    assert [(row["order_id"], row["intent"]) for row in heard.facts["others"]] == [
        (FIRST, "track_logistics"),
        (THIRD, "track_logistics"),
    ]


async def test_a_phones_last_digits_may_tell_the_order() -> None:
    """手机尾号8001那单: where it goes to."""
    away = replace(ORDERS[1].address, phone="13700018001")
    desk = Desk((ORDERS[0], replace(ORDERS[1], address=away)))
    heard = await desk.hear(OrderStatus(), "手机尾号8001那单", phone_tail="8001")
    assert heard.facts["order_id"] == SECOND


async def test_a_phone_to_be_written_into_an_order_names_none() -> None:
    """电话改成尾号1234的 is no order that is not found."""
    heard = await DESK.hear(OrderStatus(), "电话改成尾号1234的", phone_tail="1234")
    assert heard.names != ["utter_order_not_found"]


async def test_two_numbers_are_both_answered() -> None:
    """ZX-1002和A.1002 到哪了: one bubble each."""
    desk = replace(DESK, orders=ORDERS)
    heard = await desk.hear(TrackLogistics(), order_id=FIRST, code=THIRD)
    assert [said["order_id"] for said in heard.said] == [FIRST, THIRD]


async def test_a_model_of_the_shops_goods_is_no_order() -> None:
    """QL-3500 stands in the specs of what is sold."""
    product = replace(COOKER, specs={"型号": "QL-3500"})
    desk = replace(DESK, more={"products": (product,)})
    assert (await desk.hear(OrderStatus(), code="QL-3500")).names != ["utter_order_not_found"]


async def test_who_asks_how_to_use_something_names_a_model_not_an_order() -> None:
    """QX-5000怎么清洗."""
    heard = await DESK.hear(UsageHelp(), "QX-5000怎么清洗", intent="usage_help", code="QX-5000")
    assert "utter_order_not_found" not in heard.names


async def test_a_stranger_who_names_an_order_by_its_end_is_asked_for_the_whole_number() -> None:
    """A tail is no number; nothing is tried with it."""
    heard = await replace(DESK, who=None).hear(OrderStatus(), order_tail="0042")
    assert heard.follows == ["order_proof_form"]
