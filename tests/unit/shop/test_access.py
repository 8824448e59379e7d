"""The one door to a shopper's data: "not yours" and "not there" are alike, and five wrong tails lock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from bot.shop.access import Identity, Proof, Session
from bot.shop.memory import MemoryShop
from bot.shop.portable import read
from bot.shop.tries import SqlTries

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=timezone(timedelta(hours=8)))
MINE = Identity("S1", "李雷")


def shop() -> MemoryShop:
    """Two shoppers; O1 and O3 are the first one's, O3 goes to a friend's phone."""

    def order(order_id: str, owner: str, day: int, phone: str) -> dict[str, Any]:
        place = dict.fromkeys(("receiver", "province", "city", "district", "street"), "x")
        item = {"product_id": "P1", "sku_id": "K1", "title": "杯", "options": {}, "quantity": 1, "price": 100}
        return {
            "id": order_id,
            "shopper_id": owner,
            "state": "paid",
            "items": [item],
            "placed": f"2026-11-{day}T10:00:00+08:00",
            "address": {"id": "A1", "phone": phone, **place},
            **{"goods_total": 100, "freight": 0, "discount": 0, "paid_total": 100},
        }

    sku = {"id": "K1", "options": {}, "price": 100, "stock": 1}
    parcel = {"carrier": "中通", "state": "collected", "traces": []}
    coupon = {"title": "券", "off": 1, "over": 2, "begins": "2026-11-01", "ends": "2026-11-30"}
    return MemoryShop(
        read(
            {
                "products": [{"id": "P1", "title": "杯", "category": "日用", "skus": [sku]}],
                "shoppers": [
                    {"id": "S1", "name": "李雷", "phone": "13800001111"},
                    {"id": "S2", "name": "韩梅梅", "phone": ""},
                ],
                "orders": [
                    order("O1", "S1", 18, "13800001111"),
                    order("O2", "S2", 19, "123"),
                    order("O3", "S1", 20, "13900002222"),
                ],
                "parcels": [{"waybill": f"W{n}", "order_id": f"O{n}", **parcel} for n in (1, 2)],
                "coupons": [{"id": f"C{n}", "shopper_id": f"S{n}", **coupon} for n in (1, 2)],
            }
        )
    )


@pytest.fixture
def tries(tmp_path: Path) -> Iterator[SqlTries]:
    """Counts that start at none."""
    made = SqlTries(f"sqlite:///{tmp_path / 'access.sqlite3'}")
    yield made
    made.close()


@pytest.fixture
def mine(tries: SqlTries) -> Session:
    """A signed-in shopper's session."""
    return Session(shop(), tries, NOW, MINE, "10.0.0.1")


@pytest.fixture
def anonymous(tries: SqlTries) -> Session:
    """A session of someone unknown."""
    return Session(shop(), tries, NOW, None, "10.0.0.1")


async def test_a_shopper_sees_their_own_orders_newest_first(mine: Session):
    """And nobody else's."""
    assert [o.id for o in await mine.access_orders()] == ["O3", "O1"]
    assert await mine.access_order("O1") is not None
    assert [c.id for c in await mine.access_coupons()] == ["C1"]


async def test_not_yours_and_not_there_are_alike(mine: Session):
    """The same answer, so that nobody learns which numbers exist."""
    assert await mine.access_order("O2") is None
    assert await mine.access_order("O9") is None
    assert await mine.access_parcel("W2") is None
    assert await mine.access_parcel("W9") is None


async def test_someone_unknown_sees_nothing(anonymous: Session):
    """Not even an order whose number they know."""
    assert await anonymous.access_order("O1") is None
    assert list(await anonymous.access_orders()) == []
    assert await anonymous.access_parcel("W1") is None
    assert await anonymous.access_shopper() is None
    assert list(await anonymous.access_coupons()) == []


async def test_a_right_tail_proves_that_order_only(anonymous: Session):
    """Proof is not identity: the shopper's other order stays closed."""
    assert await anonymous.prove("O1", "1111") is Proof.PROVED
    assert [o.id for o in await anonymous.access_orders()] == ["O1"]
    assert await anonymous.access_parcel("W1") is not None
    assert await anonymous.access_order("O3") is None
    assert await anonymous.access_shopper() is None


@pytest.mark.parametrize("tail", ["1111", "2222"])
async def test_the_buyers_and_the_receivers_phone_both_prove(anonymous: Session, tail: str):
    """A gift's receiver may ask for it too."""
    assert await anonymous.prove("O3", tail) is Proof.PROVED


async def test_a_wrong_tail_and_a_wrong_number_are_alike(anonymous: Session):
    """Both are WRONG, both are counted."""
    assert await anonymous.prove("O1", "9999") is Proof.WRONG
    assert await anonymous.prove("O9", "1111") is Proof.WRONG
    assert not anonymous.proved


@pytest.mark.parametrize("order", ["O1", "O9"])
async def test_five_wrong_tails_lock_and_a_sixth_right_one_too(anonymous: Session, order: str):
    """An order that is not there locks just the same."""
    wrong = [await anonymous.prove(order, f"000{n}") for n in range(5)]
    assert wrong == [Proof.WRONG] * 5
    assert await anonymous.prove(order, "1111") is Proof.LOCKED
    assert not anonymous.proved


async def test_capitals_do_not_matter_and_buy_no_more_tries(anonymous: Session):
    """o1 is O1 to who types it, and to who counts."""
    assert [await anonymous.prove(order, "0000") for order in ("O1", "o1", "O 1", "o-1")] == [Proof.WRONG] * 4
    assert await anonymous.prove("o1", "1111") is Proof.PROVED
    assert anonymous.proved == {"O1"}
    assert await anonymous.prove("O1", "0000") is Proof.WRONG
    assert await anonymous.prove("o1", "1111") is Proof.LOCKED


async def test_the_lock_holds_in_other_conversations_and_from_other_addresses(tries: SqlTries):
    """An order is locked for everyone and free again a day later; who shares the address is not locked."""
    for n in range(5):
        await Session(shop(), tries, NOW, None, "10.0.0.1").prove("O1", f"000{n}")
    elsewhere = Session(shop(), tries, NOW, None, "10.0.0.2")
    assert await elsewhere.prove("O1", "1111") is Proof.LOCKED
    same_place = Session(shop(), tries, NOW, None, "10.0.0.1")
    assert await same_place.prove("O3", "1111") is Proof.PROVED
    tomorrow = Session(shop(), tries, NOW + timedelta(hours=24), None, "10.0.0.1")
    assert await tomorrow.prove("O1", "1111") is Proof.PROVED


async def guess(tries: SqlTries, *clients: str) -> Proof:
    """Five guesses at each of six orders, from these addresses in turn; then a right pair from the last."""
    for n in range(30):
        client = clients[n % len(clients)]
        assert await Session(shop(), tries, NOW, None, client).prove(f"X{n // 5}", "0000") is Proof.WRONG
    return await Session(shop(), tries, NOW, None, clients[-1]).prove("O1", "1111")


@pytest.mark.parametrize(
    "clients",
    [("10.0.0.1",), ("2001:db8::1", "2001:db8::ffff:2"), ("10.0.0.1", "::ffff:10.0.0.1"), ("unknown",)],
)
async def test_thirty_wrong_pairs_from_one_network_lock_it(tries: SqlTries, clients: tuple[str, ...]):
    """A household's IPv6 addresses are one network, and an IPv4 address is itself in either spelling."""
    assert await guess(tries, *clients) is Proof.LOCKED
    assert await Session(shop(), tries, NOW, None, "10.0.0.9").prove("O1", "1111") is Proof.PROVED


@pytest.mark.parametrize("client", ["127.0.0.1", "::1", "::ffff:127.0.0.1", ""])
async def test_loopback_is_no_ones_address(tries: SqlTries, client: str):
    """Behind a proxy that passes no address on it is everybody's: one guesser must not lock the shop."""
    assert await guess(tries, client) is Proof.PROVED


async def test_right_tails_are_not_counted(anonymous: Session):
    """A shopper may ask for as many orders as they can prove."""
    for _ in range(10):
        assert await anonymous.prove("O1", "1111") is Proof.PROVED


@pytest.mark.parametrize("tail", ["", "123", "3", "0123"])
async def test_a_phone_too_short_proves_nothing(anonymous: Session, tail: str):
    """Four digits or none: an empty phone is not proved by an empty tail."""
    assert await anonymous.prove("O2", tail) is Proof.WRONG
