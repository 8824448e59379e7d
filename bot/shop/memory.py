"""A shop held in memory: for one-off talks over a file, and for tests."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property

from bot.shop.backend import ShopBackend
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
from bot.shop.portable import ShopData
from bot.shop.reading import write_value


def catalogue_version(products: Sequence[Product]) -> str:
    """A version that is the same for the same products, whatever keeps them."""
    text = json.dumps(write_value(tuple(products)), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def newest_first(orders: Iterable[Order]) -> list[Order]:
    """Orders by when they were placed; those of one moment by number, so that the order never wavers."""
    return sorted(orders, key=lambda order: (order.placed, order.id), reverse=True)


def as_sent(parcels: Iterable[Parcel]) -> list[Parcel]:
    """Parcels by their first scan, those not scanned yet last."""
    return sorted(parcels, key=lambda p: (not p.traces, p.traces[0].at if p.traces else None, p.waybill))


class MemoryShop(ShopBackend):
    """Answers from one `ShopData`; never down."""

    def __init__(self, data: ShopData) -> None:
        """`data` is not changed."""
        self._data = data
        self._orders = {order.id: order for order in data.orders}
        self._shoppers = {shopper.id: shopper for shopper in data.shoppers}
        self._parcels = {parcel.waybill: parcel for parcel in data.parcels}
        self._orders_of: dict[str, list[Order]] = defaultdict(list)
        for order in data.orders:
            self._orders_of[order.shopper_id].append(order)

    async def order(self, order_id: str) -> Order | None:
        """See ShopBackend."""
        return self._orders.get(order_id)

    async def orders_of(self, shopper_id: str) -> Sequence[Order]:
        """See ShopBackend."""
        return newest_first(self._orders_of.get(shopper_id, ()))

    async def parcels_of(self, order_id: str) -> Sequence[Parcel]:
        """See ShopBackend."""
        return as_sent(p for p in self._data.parcels if p.order_id == order_id)

    async def parcel(self, waybill: str) -> Parcel | None:
        """See ShopBackend."""
        return self._parcels.get(waybill)

    async def shopper(self, shopper_id: str) -> Shopper | None:
        """See ShopBackend."""
        return self._shoppers.get(shopper_id)

    async def invoice_of(self, order_id: str) -> Invoice | None:
        """See ShopBackend."""
        found = [i for i in self._data.invoices if i.order_id == order_id]
        return max(found, key=lambda i: (i.requested, i.id), default=None)

    async def bookings_of(self, order_id: str) -> Sequence[Booking]:
        """See ShopBackend."""
        return sorted((b for b in self._data.bookings if b.order_id == order_id), key=lambda b: (b.day, b.id))

    async def coupons_of(self, shopper_id: str | None) -> Sequence[Coupon]:
        """See ShopBackend."""
        return [c for c in self._data.coupons if not c.shopper_id or c.shopper_id == shopper_id]

    async def promotions(self) -> Sequence[Promotion]:
        """See ShopBackend."""
        return self._data.promotions

    async def catalogue(self) -> Catalogue:
        """See ShopBackend."""
        return self._catalogue

    async def policy(self) -> Policy:
        """See ShopBackend."""
        return self._data.policy

    async def close(self) -> None:
        """Nothing to let go of."""

    @cached_property
    def _catalogue(self) -> Catalogue:
        return Catalogue(catalogue_version(self._data.products), self._data.products)
