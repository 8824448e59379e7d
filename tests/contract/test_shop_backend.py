"""What every adapter of a shop promises: the same answers to the same questions, whatever keeps the rows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from bot.shop.backend import ShopBackend
from bot.shop.models import OrderState, RefundState
from bot.shop.policy import default_policy, load_policy
from bot.shop.portable import ShopData, read

Made = Callable[[ShopData], ShopBackend]

ADDRESS = {
    "id": "A1",
    "receiver": "李雷",
    "phone": "13800138000",
    "province": "浙江省",
    "city": "杭州市",
    "district": "余杭区",
    "street": "文一西路969号'; DROP TABLE shop_orders;--",
}


def sku(sku_id: str, **more: Any) -> dict[str, Any]:
    return {"id": sku_id, "options": {"颜色": "黑色", "尺码": "L"}, "price": 12900, "stock": 3, **more}


def order(order_id: str, shopper: str, placed: str, **more: Any) -> dict[str, Any]:
    item = {
        "product_id": "P1",
        "sku_id": "P1-1",
        "title": "保温杯 😀",
        "options": {"尺码": "L", "颜色": "黑色"},
        "quantity": 2,
        "price": 12900,
    }
    return {
        "id": order_id,
        "shopper_id": shopper,
        "state": "paid",
        "items": [item, {**item, "sku_id": "P1-2", "quantity": 1}],
        "placed": placed,
        "address": ADDRESS,
        "goods_total": 38700,
        "freight": 0,
        "discount": 700,
        "paid_total": 38000,
        **more,
    }


def trace(at: str, place: str) -> dict[str, str]:
    return {"at": at, "place": place, "text": f"快件到达{place}"}


def rows() -> dict[str, Any]:
    refund = {
        "id": "R1",
        "state": "paying",
        "amount": 38000,
        "requested": "2026-11-20T09:00:00+08:00",
        "to": "支付宝",
        "expected": "2026-11-25",
    }
    return {
        "products": [
            {
                "id": "P1",
                "title": "保温杯",
                "category": "日用",
                "skus": [sku("P1-2"), sku("P1-1", restock="2026-12-01")],
                "specs": {"容量": "500毫升", "材质": "不锈钢"},
                "size_chart": [{"size": "L", "height": [170, 175.5], "weight": [60, 70]}],
            },
            {"id": "P0", "title": "袜子", "category": "服装", "skus": [sku("P0-1")], "on_sale": False},
        ],
        "shoppers": [
            {
                "id": "S1",
                "name": "李雷",
                "phone": "13800138000",
                "addresses": [ADDRESS, {**ADDRESS, "id": "A0"}],
            },
            {"id": "s1", "name": "韩梅梅", "phone": "13900139000"},
        ],
        "orders": [
            order("O1", "S1", "2026-11-18T10:00:00+08:00", state="refunding", refund=refund),
            order("O3", "S1", "2026-11-20T01:00:00Z", gifts=["杯套"]),
            order("O2", "S1", "2026-11-20T08:30:00+08:00"),
            order("O4", "s1", "2026-11-20T08:30:00+08:00"),
        ],
        "parcels": [
            {"waybill": "W3", "order_id": "O1", "carrier": "中通", "state": "collected", "traces": []},
            {
                "waybill": "W2",
                "order_id": "O1",
                "carrier": "中通",
                "state": "in_transit",
                "traces": [
                    trace("2026-11-19T08:00:00+08:00", "杭州"),
                    trace("2026-11-20T08:00:00+08:00", "上海"),
                ],
            },
            {
                "waybill": "W1",
                "order_id": "O1",
                "carrier": "顺丰",
                "state": "signed",
                "traces": [trace("2026-11-19T09:00:00+08:00", "宁波")],
            },
        ],
        "invoices": [
            {
                "id": invoice,
                "order_id": "O1",
                "state": "issued",
                "kind": "electronic",
                "title": "个人",
                "amount": 38000,
                "requested": requested,
            }
            for invoice, requested in (
                ("I2", "2026-11-19T00:00:00+08:00"),
                ("I1", "2026-11-20T00:00:00+08:00"),
            )
        ],
        "bookings": [
            {
                "id": booking,
                "order_id": "O1",
                "kind": "installation",
                "state": "booked",
                "day": day,
                "window": "09:00-12:00",
            }
            for booking, day in (("B1", "2026-11-26"), ("B2", "2026-11-25"))
        ],
        "coupons": [
            {
                "id": "C1",
                "title": "满99减10",
                "off": 1000,
                "over": 9900,
                "begins": "2026-11-01",
                "ends": "2026-12-01",
            }
            | {"shopper_id": owner, "id": coupon}
            for coupon, owner in (("C3", "S1"), ("C1", ""), ("C2", "s1"))
        ],
        "promotions": [
            {
                "id": "M1",
                "title": "双十一",
                "rule": "满300减40",
                "begins": "2026-11-01T00:00:00+08:00",
                "ends": "2026-11-12T00:00:00+08:00",
                "over": 30000,
                "off": 4000,
            }
        ],
        "policy": {"shop": {"name": "测试店"}, "returns": {"window": "15d"}},
    }


@pytest.fixture
def shop(make_shop: Made) -> ShopBackend:
    """The rows above, in one adapter after the other."""
    return make_shop(read(rows()))


async def test_an_order_comes_back_whole(shop: ShopBackend):
    """Goods in their order, money as fen, times with their zone, the refund nested, a quote harmless."""
    data = read(rows())
    found = await shop.order("O1")
    assert found == data.orders[0]
    assert found is not None
    assert found.state is OrderState.REFUNDING
    assert found.refund is not None
    assert found.refund.state is RefundState.PAYING
    assert [item.sku_id for item in found.items] == ["P1-1", "P1-2"]
    assert list(found.items[0].options) == ["尺码", "颜色"]


@pytest.mark.parametrize(
    "name", ["", "O9", "o1", "O1'", "O1 ", "'; DROP TABLE shop_orders;--", "订单", "%", "O_"]
)
async def test_what_is_not_there_is_none(shop: ShopBackend, name: str):
    """Ids match exactly, upper and lower case apart; no text is ever taken for SQL."""
    assert await shop.order(name) is None
    assert await shop.parcel(name) is None
    assert await shop.shopper(name) is None
    assert await shop.invoice_of(name) is None
    assert list(await shop.orders_of(name)) == []
    assert list(await shop.parcels_of(name)) == []
    assert list(await shop.bookings_of(name)) == []
    assert await shop.order("O1") is not None


async def test_a_shoppers_orders_come_newest_first_across_time_zones(shop: ShopBackend):
    """01:00 in Greenwich is later than 08:30 in China; another shopper's orders are not among them."""
    assert [o.id for o in await shop.orders_of("S1")] == ["O3", "O2", "O1"]
    assert [o.id for o in await shop.orders_of("s1")] == ["O4"]


async def test_parcels_come_as_they_were_sent(shop: ShopBackend):
    """By first scan; one that was never scanned is last."""
    assert [p.waybill for p in await shop.parcels_of("O1")] == ["W2", "W1", "W3"]
    parcel = await shop.parcel("W2")
    assert parcel is not None
    assert parcel.place == "上海"


async def test_the_last_invoice_counts_and_visits_come_by_day(shop: ShopBackend):
    """An invoice asked for again replaces the one before."""
    invoice = await shop.invoice_of("O1")
    assert invoice is not None
    assert invoice.id == "I1"
    assert [b.id for b in await shop.bookings_of("O1")] == ["B2", "B1"]


async def test_coupons_are_ones_own_and_those_anyone_may_claim(shop: ShopBackend):
    """Never another shopper's."""
    assert sorted(c.id for c in await shop.coupons_of("S1")) == ["C1", "C3"]
    assert [c.id for c in await shop.coupons_of(None)] == ["C1"]
    assert [c.id for c in await shop.coupons_of("nobody")] == ["C1"]


async def test_a_shopper_comes_with_addresses_in_order(shop: ShopBackend):
    """S1 and s1 are two people."""
    shopper = await shop.shopper("S1")
    other = await shop.shopper("s1")
    assert shopper is not None
    assert other is not None
    assert [a.id for a in shopper.addresses] == ["A1", "A0"]
    assert other.addresses == ()


async def test_the_catalogue_holds_every_product_and_changes_its_version_with_them(make_shop: Made):
    """Products by id, SKUs as given; the version says whether anything changed."""
    first = await make_shop(read(rows())).catalogue()
    again = await make_shop(read(rows())).catalogue()
    changed = rows()
    changed["products"][1]["skus"][0]["stock"] = 2
    other = await make_shop(read(changed)).catalogue()
    assert first == again
    assert [p.id for p in first.products] == ["P0", "P1"]
    assert first.products == read(rows()).products
    assert other.version != first.version
    assert other.get("P0") is not None
    assert other.products[0].skus[0].stock == 2


async def test_policy_and_promotions_are_the_shops_own(shop: ShopBackend):
    """What the shop does not say is the default's."""
    assert await shop.policy() == load_policy(rows()["policy"])
    assert [p.id for p in await shop.promotions()] == ["M1"]


async def test_an_empty_shop_answers(make_shop: Made):
    """Nothing is there, nothing fails."""
    empty = make_shop(ShopData())
    assert (await empty.catalogue()).products == ()
    assert await empty.order("O1") is None
    assert await empty.policy() == default_policy()


async def test_many_questions_at_once_are_all_answered(shop: ShopBackend):
    """More questions than threads: each gets its own answer."""
    answers = await asyncio.gather(*(shop.order(f"O{i % 4 + 1}") for i in range(64)))
    assert [a.id for a in answers if a] == [f"O{i % 4 + 1}" for i in range(64)]
