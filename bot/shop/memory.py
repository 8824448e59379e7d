"""A shop held in memory: for one-off talks over a file, and for tests."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from bot.shop.backend import ShopBackend
from bot.shop.doing.perform import perform, receipt
from bot.shop.doing.rows import Change, Moment, Receipt
from bot.shop.models import (
    Booking,
    Catalogue,
    Coupon,
    Invoice,
    Order,
    Parcel,
    Product,
    Promotion,
    Shopper,
)
from bot.shop.policy import Policy
from bot.shop.portable import KINDS, ShopData
from bot.shop.reading import write_value
from bot.shop.wishes import Wish


def digest(form: Any) -> str:
    """A version of a JSON form: the same for the same, whatever keeps it."""
    return hashlib.sha256(json.dumps(form, ensure_ascii=False).encode()).hexdigest()[:16]


def catalogue_version(products: Sequence[Product]) -> str:
    """A version that is the same for the same products, whatever keeps them."""
    return digest(write_value(tuple(products)))


def newest_first(orders: Iterable[Order]) -> list[Order]:
    """Orders by when they were placed; those of one moment by number, so that the order never wavers."""
    return sorted(orders, key=lambda order: (order.placed, order.id), reverse=True)


def as_sent(parcels: Iterable[Parcel]) -> list[Parcel]:
    """Parcels by their first scan, those not scanned yet last."""
    return sorted(parcels, key=lambda p: (not p.traces, p.traces[0].at if p.traces else None, p.waybill))


def last_requested(invoices: Iterable[Invoice]) -> Invoice | None:
    """The invoice that counts of several."""
    return max(invoices, key=lambda i: (i.requested, i.id), default=None)


def by_day(bookings: Iterable[Booking]) -> list[Booking]:
    """Visits by their day."""
    return sorted(bookings, key=lambda b: (b.day, b.id))


class MemoryRows:
    """One `ShopData` by its keys: what the rules see, and what questions are answered from."""

    def __init__(self, data: ShopData) -> None:
        """`data` is not changed."""
        self.data = data
        self.receipts: list[Receipt] = []
        self._by_key = {name: _by_key(name, data) for name in KINDS}

    def order(self, order_id: str) -> Order | None:
        """See Rows."""
        return self._by_key["orders"].get(order_id)

    def orders_of(self, shopper_id: str) -> list[Order]:
        """All orders of a shopper, newest first."""
        return newest_first(o for o in self.data.orders if o.shopper_id == shopper_id)

    def shopper(self, shopper_id: str) -> Shopper | None:
        """See Rows."""
        return self._by_key["shoppers"].get(shopper_id)

    def product(self, product_id: str) -> Product | None:
        """See Rows."""
        return self._by_key["products"].get(product_id)

    def parcel(self, waybill: str) -> Parcel | None:
        """The parcel of that waybill."""
        return self._by_key["parcels"].get(waybill)

    def parcels_of(self, order_id: str) -> list[Parcel]:
        """See Rows."""
        return as_sent(p for p in self.data.parcels if p.order_id == order_id)

    def invoice_of(self, order_id: str) -> Invoice | None:
        """See Rows."""
        return last_requested(i for i in self.data.invoices if i.order_id == order_id)

    def bookings_of(self, order_id: str) -> list[Booking]:
        """See Rows."""
        return by_day(b for b in self.data.bookings if b.order_id == order_id)

    def coupons_of(self, shopper_id: str) -> list[Coupon]:
        """See Rows."""
        return [c for c in self.data.coupons if not c.shopper_id or c.shopper_id == shopper_id]

    def promotions(self) -> Sequence[Promotion]:
        """See Rows."""
        return self.data.promotions

    def receipts_of(self, shopper_id: str) -> list[Receipt]:
        """See Rows."""
        return [r for r in self.receipts if r.shopper_id == shopper_id]

    def put(self, change: Change, done: Receipt) -> None:
        """Store what a wish changed."""
        for name in (field.name for field in fields(change) if field.name in KINDS):
            for row in getattr(change, name):
                self._by_key[name][getattr(row, KINDS[name][1])] = row
        rows: dict[str, Any] = {name: tuple(kept.values()) for name, kept in self._by_key.items()}
        self.data = replace(self.data, **rows)
        self.receipts.append(done)


def _by_key(name: str, data: ShopData) -> dict[str, Any]:
    return {getattr(row, KINDS[name][1]): row for row in getattr(data, name)}


class MemoryShop(ShopBackend):
    """Answers from one `ShopData`, and changes its own copy; never down."""

    def __init__(self, data: ShopData) -> None:
        """`data` is not changed."""
        self._rows = MemoryRows(data)
        self._known: Catalogue | None = None

    @property
    def data(self) -> ShopData:
        """The shop as it stands."""
        return self._rows.data

    async def order(self, order_id: str) -> Order | None:
        """See ShopBackend."""
        return self._rows.order(order_id)

    async def orders_of(self, shopper_id: str) -> Sequence[Order]:
        """See ShopBackend."""
        return self._rows.orders_of(shopper_id)

    async def parcels_of(self, order_id: str) -> Sequence[Parcel]:
        """See ShopBackend."""
        return self._rows.parcels_of(order_id)

    async def parcel(self, waybill: str) -> Parcel | None:
        """See ShopBackend."""
        return self._rows.parcel(waybill)

    async def shopper(self, shopper_id: str) -> Shopper | None:
        """See ShopBackend."""
        return self._rows.shopper(shopper_id)

    async def invoice_of(self, order_id: str) -> Invoice | None:
        """See ShopBackend."""
        return self._rows.invoice_of(order_id)

    async def bookings_of(self, order_id: str) -> Sequence[Booking]:
        """See ShopBackend."""
        return self._rows.bookings_of(order_id)

    async def coupons_of(self, shopper_id: str | None) -> Sequence[Coupon]:
        """See ShopBackend."""
        return self._rows.coupons_of(shopper_id or "")

    async def promotions(self) -> Sequence[Promotion]:
        """See ShopBackend."""
        return self._rows.promotions()

    async def catalogue(self) -> Catalogue:
        """See ShopBackend."""
        if self._known is None:
            self._known = Catalogue(catalogue_version(self.data.products), self.data.products)
        return self._known

    async def policy(self) -> Policy:
        """See ShopBackend."""
        return self.data.policy

    async def preview(self, wish: Wish, now: datetime) -> Receipt:
        """See ShopBackend."""
        return self._tried(wish, Moment(now, self.data.policy, ""))[1]

    async def do(self, wish: Wish, key: str, now: datetime) -> Receipt:
        """See ShopBackend."""
        done = next((r for r in self._rows.receipts if r.key == key), None)
        if done is None:
            change, done = self._tried(wish, Moment(now, self.data.policy, key))
            self._rows.put(change, done)
            self._known = None if change.products else self._known
        return done

    async def close(self) -> None:
        """Nothing to let go of."""

    def _tried(self, wish: Wish, at: Moment) -> tuple[Change, Receipt]:
        change = perform(wish, self._rows, at)
        return change, receipt(wish, change, self._rows, at)
