"""Buying, in every adapter: what goods come to, stock, gift card and coupons."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.shop.backend import ShopBackend
from bot.shop.codes import PayWay
from bot.shop.doing.rows import Refused
from bot.shop.models import CouponState, OrderState, Promotion
from bot.shop.portable import ShopData, read
from bot.shop.wishes import Cancel, ClaimCoupon, Line, PayByGiftCard, PlaceOrder
from tests.contract.test_shop_backend import ADDRESS, rows
from tests.contract.test_shop_writes import NOW

Made = Callable[[ShopData], ShopBackend]
SHELF = {"id": "P7", "title": "电热水壶", "category": "小家电", "price": 15900}
SKUS = [
    {"id": "K", "options": {"颜色": c}, "price": 15900, "stock": s} for c, s in (("白色", 5), ("黑色", 0))
]


def data(balance: int = 0, grade: str = "普通会员", **more: Any) -> ShopData:
    """A kettle at 159 yuan; S1 with a gift card, an own coupon, and one that anyone may claim."""
    given = rows()
    skus = [{**sku, "id": f"K{at}"} for at, sku in enumerate(SKUS)]
    given["products"] += [{**SHELF, "skus": skus}, {**SHELF, "id": "P8", "skus": skus, "on_sale": False}]
    given["shoppers"][0] |= {"gift_card_balance": balance, "grade": grade}
    days = {"begins": "2026-11-01", "ends": "2026-11-30"}
    given["coupons"] = [
        {"id": "C1", "title": "满99减10", "off": 1000, "over": 9900, "shopper_id": "S1", **days},
        {"id": "C2", "title": "满299减50", "off": 5000, "over": 29900, "shopper_id": "S1", **days},
        {"id": "C3", "title": "人人可领满50减5", "off": 500, "over": 5000, **days},
        {"id": "C4", "title": "过期", "off": 500, "over": 0, "begins": "2026-10-01", "ends": "2026-10-02"},
    ]
    given["promotions"] = []
    found = read(given)
    return replace(found, **more)


def wish(quantity: int = 1, sku: str = "K0", product: str = "P7", **more: Any) -> PlaceOrder:
    """A kettle to S1's address."""
    address = next(iter(data().shoppers)).addresses[0]
    return PlaceOrder("S1", (Line(product, sku, quantity),), address, **more)


async def test_an_order_is_placed_unpaid_and_takes_the_stock(make_shop: Made) -> None:
    """Freight is free from 99 yuan on; the same key is one order."""
    shop = make_shop(data())
    done = await shop.do(wish(2), "k1", NOW)
    again = await shop.do(wish(2), "k1", NOW)
    found = await shop.order(done.result["order_id"])
    assert again == done
    assert found is not None
    assert (found.state, found.goods_total, found.freight, found.paid_total) == (
        OrderState.UNPAID,
        31800,
        0,
        31800,
    )
    assert (found.placed, found.shopper_id, found.payment) == (NOW, "S1", "")
    assert next(o.id for o in await shop.orders_of("S1")) == found.id
    kettle = (await shop.catalogue()).get("P7")
    assert kettle is not None
    assert [sku.stock for sku in kettle.skus] == [3, 0]


async def test_a_gift_card_pays_at_once_or_not_at_all(make_shop: Made) -> None:
    """Never below nothing."""
    shop = make_shop(data(balance=16000))
    done = await shop.do(wish(pay=PayWay.GIFT_CARD), "k1", NOW)
    found, shopper = await shop.order(done.result["order_id"]), await shop.shopper("S1")
    assert found is not None
    assert shopper is not None
    assert (found.state, found.payment, found.paid, shopper.gift_card_balance) == (
        OrderState.PAID,
        "礼品卡",
        NOW,
        100,
    )
    with pytest.raises(Refused, match="card_short"):
        await shop.do(wish(pay=PayWay.GIFT_CARD), "k2", NOW)
    assert len(await shop.orders_of("S1")) == 4
    await shop.do(Cancel(found.id), "k3", NOW)
    after = await shop.shopper("S1")
    assert after is not None
    assert after.gift_card_balance == 16000


async def test_two_at_once_do_not_spend_the_same_money(make_shop: Made) -> None:
    """One is refused."""
    shop = make_shop(data(balance=16000))
    both = await asyncio.gather(
        *(shop.do(wish(pay=PayWay.GIFT_CARD), key, NOW) for key in ("k1", "k2")), return_exceptions=True
    )
    shopper = await shop.shopper("S1")
    assert sorted(type(each).__name__ for each in both) == ["Receipt", "Refused"]
    assert shopper is not None
    assert shopper.gift_card_balance == 100


async def test_grade_promotion_and_coupon_come_off(make_shop: Made) -> None:
    """银卡 pays 98 per cent; the larger of two running 满减 counts, once; the coupon is spent."""
    begins, ends = NOW - timedelta(days=1), NOW + timedelta(days=1)
    offers = (
        Promotion("M1", "满150减8", "满150减8", begins, ends, over=15000, off=800),
        Promotion("M2", "满100减3", "满100减3", begins, ends, over=10000, off=300),
        Promotion("M3", "过期", "过期", begins, begins, over=0, off=9000),
    )
    shop = make_shop(data(grade="银卡会员", promotions=offers))
    done = await shop.do(wish(coupon_id="C1"), "k1", NOW)
    assert (done.result["goods"], done.result["discount"]) == (15900, 318 + 800 + 1000)
    assert done.result["total"] == 15900 - 2118
    states = {c.id: c.state for c in await shop.coupons_of("S1")}
    assert (states["C1"], states["C2"]) == (CouponState.USED, CouponState.USABLE)


async def test_a_flash_price_is_the_price(make_shop: Made) -> None:
    """While it runs."""
    begins, ends = NOW - timedelta(hours=1), NOW + timedelta(hours=1)
    flash = (Promotion("M1", "秒杀", "秒杀", begins, ends, product_ids=("P7",), price=9900),)
    shop = make_shop(data(promotions=flash))
    assert (await shop.preview(wish(), NOW)).result["total"] == 9900
    assert (await shop.preview(wish(), NOW + timedelta(hours=2))).result["total"] == 15900


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (wish(6), "sold_out"),
        (wish(sku="K1"), "sold_out"),
        (wish(10_000), "sold_out"),
        (wish(sku="K9"), "no_variant"),
        (wish(product="P9"), "no_variant"),
        (wish(product="P8"), "off_sale"),
        (wish(coupon_id="C2"), "coupon_short"),
        (wish(coupon_id="C3"), "no_coupon"),
        (wish(pay=PayWay.COD), "no_such_way"),
        (replace(wish(), address=replace(wish().address, province="台湾省")), "undeliverable"),
        (replace(wish(), shopper_id="S9"), "not_found"),
        (PayByGiftCard("O2"), "not_unpaid"),
        (ClaimCoupon("S1", "C1"), "no_coupon"),
        (ClaimCoupon("S1", "C4"), "coupon_over"),
    ],
)
async def test_what_is_not_to_be_had_is_refused(make_shop: Made, wanted: Any, code: str) -> None:
    """And nothing is ordered."""
    shop = make_shop(data())
    with pytest.raises(Refused) as refused:
        await shop.do(wanted, "k1", NOW)
    assert refused.value.code == code
    assert len(await shop.orders_of("S1")) == 3


async def test_an_unpaid_order_is_paid_in_time(make_shop: Made) -> None:
    """After half an hour it is closed."""
    shop = make_shop(data(balance=20000))
    first = (await shop.do(wish(), "k1", NOW)).result["order_id"]
    with pytest.raises(Refused, match="pay_time_over"):
        await shop.do(PayByGiftCard(first), "k2", NOW + timedelta(minutes=31))
    done = await shop.do(PayByGiftCard(first), "k3", NOW + timedelta(minutes=29))
    assert done.result["left"] == 20000 - 15900


async def test_a_coupon_is_claimed_once(make_shop: Made) -> None:
    """The open one stays for others."""
    shop = make_shop(data())
    done = await shop.do(ClaimCoupon("S1", "C3"), "k1", NOW)
    own = [c for c in await shop.coupons_of("S1") if c.id == done.result["coupon_id"]]
    assert [(c.shopper_id, c.title) for c in own] == [("S1", "人人可领满50减5")]
    with pytest.raises(Refused, match="claimed"):
        await shop.do(ClaimCoupon("S1", "C3"), "k2", NOW)
    assert any(c.id == "C3" for c in await shop.coupons_of("s1"))


def test_the_address_of_the_fixture_is_whole() -> None:
    """The wishes above send to it."""
    assert wish().address.receiver == ADDRESS["receiver"]
