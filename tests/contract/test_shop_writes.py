"""What every adapter promises of doing: by the shop's rules, all or nothing, once under a key."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.shop.backend import ShopBackend
from bot.shop.doing.rows import Refused
from bot.shop.mapped.shop import MappedShop
from bot.shop.memory import MemoryShop
from bot.shop.models import OrderState, RefundState
from bot.shop.portable import ShopData, dump, read
from bot.shop.sql import SqlShop
from bot.shop.wishes import (
    Cancel,
    ChangeAddress,
    ChangeRemark,
    ChangeVariant,
    Line,
    OrderWish,
    PlaceOrder,
    UndoCancel,
    Urge,
    Wish,
    read_wish,
    write_wish,
)
from tests.contract.foreign import all_rows
from tests.contract.served import ServedShop
from tests.contract.test_shop_backend import order, rows

Made = Callable[[ShopData], ShopBackend]
NOW = datetime.fromisoformat("2026-11-21T10:00:00+08:00")


def data(**policy: Any) -> ShopData:
    """The shop of the reading contract, its stock at three, with one order more, paid from the gift card."""
    given = rows()
    by_card = order("O5", "S1", "2026-11-20T09:30:00+08:00", payment="礼品卡", coupon="C9")
    unpaid = order("O6", "S1", "2026-11-21T09:50:00+08:00", state="unpaid")
    given["orders"] += [by_card, unpaid]
    given["shoppers"][0]["gift_card_balance"] = 500
    spent = {"id": "C9", "title": "满99减7", "off": 700, "over": 9900, "begins": "2026-11-01"}
    given["coupons"] = [{**spent, "ends": "2026-11-30", "shopper_id": "S1", "state": "used"}]
    return read({**given, "policy": policy})


def stock(shop_rows: Any, sku_id: str) -> int:
    """Pieces of one variant of P1."""
    product = next(p for p in shop_rows if p.id == "P1")
    return int(next(s.stock for s in product.skus if s.id == sku_id))


async def test_a_cancelled_order_gives_back_stock_and_asks_for_the_money(make_shop: Made) -> None:
    """The order keeps its reason, each variant its pieces, and the whole amount is on its way."""
    shop = make_shop(data())
    before = await shop.catalogue()
    done = await shop.do(Cancel("O2", "拍错了"), "k1", NOW)
    found, after = await shop.order("O2"), await shop.catalogue()
    assert found is not None
    assert found.refund is not None
    assert (found.state, found.cancel_reason, found.closed) == (OrderState.CANCELLED, "拍错了", NOW)
    assert (found.refund.state, found.refund.amount) == (RefundState.REQUESTED, 38000)
    assert [stock(after.products, s) - stock(before.products, s) for s in ("P1-1", "P1-2")] == [2, 1]
    assert after.version != before.version
    assert (done.key, done.order_id, done.shopper_id, done.result["amount"]) == ("k1", "O2", "S1", 38000)


async def test_what_was_paid_from_the_gift_card_is_there_again_at_once(make_shop: Made) -> None:
    """And the coupon may be used again."""
    shop = make_shop(data())
    done = await shop.do(Cancel("O5"), "k1", NOW)
    shopper = await shop.shopper("S1")
    assert shopper is not None
    assert shopper.gift_card_balance == 38500
    assert done.result["refund"] == "paid"
    assert [c.state.value for c in await shop.coupons_of("S1")] == ["usable"]


async def test_an_unpaid_order_is_closed_without_money(make_shop: Made) -> None:
    """There is nothing to give back but the goods."""
    shop = make_shop(data())
    done = await shop.do(Cancel("O6"), "k1", NOW)
    found = await shop.order("O6")
    assert found is not None
    assert found.state is OrderState.CANCELLED
    assert found.refund is None
    assert "amount" not in done.result


async def test_the_same_key_is_one_write(make_shop: Made) -> None:
    """Told again, the receipt is the first one, though the order has long been cancelled."""
    shop = make_shop(data())
    first = await shop.do(Cancel("O5"), "k1", NOW)
    again = await shop.do(Cancel("O5"), "k1", NOW + timedelta(minutes=3))
    shopper = await shop.shopper("S1")
    assert again == first
    assert shopper is not None
    assert shopper.gift_card_balance == 38500


async def test_of_two_at_once_one_is_refused(make_shop: Made) -> None:
    """Two tabs that cancel the same order under two keys: one does it, the other one is told."""
    shop = make_shop(data())
    both = await asyncio.gather(
        *(shop.do(Cancel("O5"), key, NOW) for key in ("k1", "k2")), return_exceptions=True
    )
    refused = [each for each in both if isinstance(each, Refused)]
    shopper = await shop.shopper("S1")
    assert [r.code for r in refused] == ["cancelled"]
    assert shopper is not None
    assert shopper.gift_card_balance == 38500


async def test_the_same_key_at_once_is_one_write(make_shop: Made) -> None:
    """A yes that was sent twice comes to one receipt."""
    shop = make_shop(data())
    both = await asyncio.gather(*(shop.do(Cancel("O5"), "k1", NOW) for _ in range(4)))
    shopper = await shop.shopper("S1")
    assert len({each.at for each in both}) == 1
    assert shopper is not None
    assert shopper.gift_card_balance == 38500


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        (Cancel("nobody's"), "not_found"),
        (Cancel("O1"), "in_aftersales"),
        (UndoCancel("O2"), "not_cancelled"),
        (Urge("O6"), "wrong_state"),
        (ChangeVariant("O2", "P1", "P9", "P1-2"), "not_in_order"),
        (ChangeVariant("O2", "P1", "P1-1", "P9"), "no_variant"),
        (ChangeVariant("O2", "P1", "P1-1", "P1-1"), "same"),
    ],
)
async def test_a_refusal_changes_nothing(make_shop: Made, wish: Wish, code: str) -> None:
    """Neither in a preview nor in earnest."""
    shop = make_shop(data())
    for trial in (shop.preview(wish, NOW), shop.do(wish, "k1", NOW)):
        with pytest.raises(Refused) as refused:
            await trial
        assert refused.value.code == code
    assert _data(shop) == data()


async def test_a_preview_changes_nothing(make_shop: Made) -> None:
    """It tells what doing it would tell."""
    shop = make_shop(data())
    tried = await shop.preview(Cancel("O2"), NOW)
    assert _data(shop) == data()
    done = await shop.do(Cancel("O2"), "k1", NOW)
    assert tried.result == done.result


async def test_an_order_goes_where_it_is_wanted_as_often_as_the_shop_allows(make_shop: Made) -> None:
    """Twice is too often here; a place the shop does not send to is refused before."""
    shop = make_shop(data())
    old = (await _order(shop, "O2")).address
    there = replace(old, receiver="韩梅梅", phone="13900139000", street="文二路8号")
    with pytest.raises(Refused, match="undeliverable"):
        await shop.do(ChangeAddress("O2", replace(there, province="台湾省")), "k0", NOW)
    with pytest.raises(Refused, match="same"):
        await shop.do(ChangeAddress("O2", old), "k0", NOW)
    await shop.do(ChangeAddress("O2", there), "k1", NOW)
    assert (await _order(shop, "O2")).address == there
    with pytest.raises(Refused, match="too_often"):
        await shop.do(ChangeAddress("O2", old), "k2", NOW)


async def test_another_variant_moves_the_stock(make_shop: Made) -> None:
    """One piece fewer of the new one, as many more of the old."""
    shop = make_shop(data())
    before = (await shop.catalogue()).products
    await shop.do(ChangeVariant("O2", "P1", "P1-1", "P1-2"), "k1", NOW)
    after = (await shop.catalogue()).products
    assert [stock(after, s) - stock(before, s) for s in ("P1-1", "P1-2")] == [2, -2]
    assert {i.sku_id for i in (await _order(shop, "O2")).items} == {"P1-2"}


async def test_a_cancelling_is_undone_while_the_money_is_here(make_shop: Made) -> None:
    """Not after it has gone back."""
    shop = make_shop(data())
    await shop.do(Cancel("O2"), "k1", NOW)
    await shop.do(UndoCancel("O2"), "k2", NOW)
    assert (await _order(shop, "O2")).state is OrderState.PAID
    assert [p for p in dump(_data(shop))["products"] if p["id"] == "P1"] == [
        p for p in dump(data())["products"] if p["id"] == "P1"
    ]
    await shop.do(Cancel("O5"), "k3", NOW)
    with pytest.raises(Refused, match="paid_back"):
        await shop.do(UndoCancel("O5"), "k4", NOW)


async def test_an_undone_cancelling_takes_its_coupon_again(make_shop: Made) -> None:
    """Not where it has been spent meanwhile: one coupon takes off once."""
    given = data()
    orders = tuple(replace(o, coupon="C9" if o.id == "O2" else "") for o in given.orders)
    shop = make_shop(replace(given, orders=orders))
    await shop.do(Cancel("O2"), "k1", NOW)
    assert [c.state.value for c in await shop.coupons_of("S1")] == ["usable"]
    await shop.do(UndoCancel("O2"), "k2", NOW)
    assert [c.state.value for c in await shop.coupons_of("S1")] == ["used"]
    await shop.do(Cancel("O2"), "k3", NOW)
    lines = (Line("P1", "P1-1", 1),)
    address = (await _order(shop, "O2")).address
    await shop.do(PlaceOrder("S1", lines, address, coupon_id="C9"), "k4", NOW)
    with pytest.raises(Refused, match="coupon_spent"):
        await shop.do(UndoCancel("O2"), "k5", NOW)
    assert (await _order(shop, "O2")).state is OrderState.CANCELLED


async def test_an_order_is_urged_once_a_day(make_shop: Made) -> None:
    """Tomorrow again."""
    shop = make_shop(data())
    await shop.do(Urge("O2"), "k1", NOW)
    with pytest.raises(Refused, match="urged_today"):
        await shop.do(Urge("O2"), "k2", NOW + timedelta(hours=3))
    await shop.do(Urge("O2"), "k3", NOW + timedelta(days=1))


async def test_policy_decides_until_when(make_shop: Made) -> None:
    """A shop that lets nothing be cancelled refuses what another one does."""
    shop = make_shop(data(changes={"cancel": "never", "remark": "sent"}))
    with pytest.raises(Refused, match="too_late"):
        await shop.do(Cancel("O2"), "k1", NOW)
    await shop.do(ChangeRemark("O2", "放门口"), "k2", NOW)
    assert (await _order(shop, "O2")).remark == "放门口"


@pytest.mark.parametrize("wish", [Cancel("O2", "拍错了"), ChangeVariant("O2", "P1", "P1-1", "P1-2")])
def test_a_wish_comes_back_from_json_as_it_was(wish: OrderWish) -> None:
    """State and ledger keep its JSON."""
    assert read_wish(write_wish(wish)) == wish


async def _order(shop: ShopBackend, order_id: str) -> Any:
    return await shop.order(order_id)


def _data(shop: ShopBackend) -> ShopData:
    shop = shop.behind if isinstance(shop, ServedShop) else shop
    if isinstance(shop, MappedShop):
        return all_rows(shop)
    assert isinstance(shop, (MemoryShop, SqlShop))
    return shop.data if isinstance(shop, MemoryShop) else shop.read_all()
