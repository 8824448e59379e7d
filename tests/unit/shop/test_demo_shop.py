"""The demo shop: sound on any day, never stale, and never in the way of an imported shop."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.shop.demo import load_demo, seed
from bot.shop.models import OrderState, ParcelState
from bot.shop.portable import ShopData
from bot.shop.sql import SqlShop

DAY = date(2026, 11, 21)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[SqlShop]:
    """An empty shop."""
    made = SqlShop(f"sqlite:///{tmp_path / 'shop.sqlite3'}")
    yield made
    made._database.close()


@pytest.mark.parametrize("day", [DAY, date(2027, 3, 1), date(2028, 2, 29)])
def test_the_demo_rows_are_sound_on_any_day(day: date):
    """Every reference holds, every date is a date."""
    data = load_demo(day)
    assert len(data.products) >= 60
    assert len(data.shoppers) >= 40
    assert len(data.orders) >= 200


def test_the_demo_shop_has_orders_and_parcels_in_every_state():
    """So that every answer can be seen."""
    data = load_demo(DAY)
    assert {order.state for order in data.orders} == set(OrderState)
    assert {parcel.state for parcel in data.parcels} == set(ParcelState)


def test_nothing_in_the_demo_shop_is_later_than_it_can_be():
    """No order was placed, no parcel scanned, after the day it is."""
    data = load_demo(DAY)
    tomorrow = DAY + timedelta(days=1)
    assert all(order.placed.date() < tomorrow for order in data.orders)
    assert all(trace.at.date() < tomorrow for parcel in data.parcels for trace in parcel.traces)


def test_the_policy_speaks_of_the_demo_shops_own_categories():
    """A rule for a category that no product has would never be told."""
    data = load_demo(DAY)
    there = {product.category for product in data.products} | {"定制"}
    rules = data.policy
    assert {e.category for e in rules.returns.exceptions} <= there
    assert set(rules.warranty.by_category) <= there
    assert set(rules.delivery.big.categories) <= there
    assert {shopper.grade for shopper in data.shoppers} <= {grade.name for grade in rules.membership}


def test_the_demo_shop_is_filled_once_a_day(shop: SqlShop):
    """The same day again changes nothing, so that what shoppers did today stays."""
    assert seed(shop, DAY)
    assert not seed(shop, DAY)
    assert shop.read_all() == load_demo(DAY)


def test_a_new_day_begins_anew(shop: SqlShop):
    """Its dates move along."""
    seed(shop, DAY)
    assert seed(shop, DAY + timedelta(days=1))
    assert shop.read_all() == load_demo(DAY + timedelta(days=1))


def test_other_rows_or_rules_begin_anew(shop: SqlShop, monkeypatch: pytest.MonkeyPatch):
    """After an update of the project, say."""
    seed(shop, DAY)
    monkeypatch.setattr("bot.shop.demo._hash", lambda: "another")
    assert seed(shop, DAY)


def test_an_imported_shop_is_left_alone(shop: SqlShop):
    """The demo never overwrites a shop that someone brought."""
    mine = ShopData(products=load_demo(DAY).products[:1])
    shop.replace(mine)
    assert not seed(shop, DAY)
    assert shop.read_all() == mine
