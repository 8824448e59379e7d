"""The one door to a shopper's data: who is asking, and what may be seen.

"Not yours" and "not there" look the same from outside: both are None.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Protocol

from bot.shop.backend import ShopBackend
from bot.shop.models import Coupon, Invoice, Order, Parcel, Shopper
from bot.spelling import compact


@dataclass(frozen=True)
class Identity:
    """A shopper whom the shop's own page has signed in."""

    shopper_id: str
    name: str = ""


@dataclass(frozen=True)
class Page:
    """What the shopper is looking at: context for "这个多少钱", never authority."""

    kind: str
    product_id: str = ""
    order_id: str = ""


class Proof(str, Enum):
    """How an attempt to prove an order ended."""

    PROVED = "proved"
    WRONG = "wrong"
    LOCKED = "locked"


class ProofTries(Protocol):
    """Counts attempts to prove an order, atomically, over 24 hours."""

    def take(self, keys: Sequence[str], now: datetime) -> bool:
        """Count one try under every key; False if one of them had none left (nothing is counted then)."""
        ...

    def give_back(self, keys: Sequence[str], now: datetime) -> None:
        """Undo one `take`: the try was right."""
        ...


@dataclass
class Session:
    """Who asks in this turn, when, and from where. Set by the turn, never filled from a message."""

    backend: ShopBackend
    tries: ProofTries
    now: datetime
    identity: Identity | None = None
    client: str = ""
    """The client's network address, as the desk saw it; empty on the command line."""
    page: Page | None = None
    proved: set[str] = field(default_factory=set)
    """Orders that an anonymous shopper has proved in this conversation."""

    @property
    def today(self) -> date:
        """The day it is at the shop."""
        return self.now.date()

    async def access_order(self, order_id: str) -> Order | None:
        """The order if it exists and this shopper may see it."""
        order = await self.backend.order(order_id)
        return order if order is not None and self._may_see(order) else None

    async def access_orders(self) -> Sequence[Order]:
        """All orders this shopper may see, newest first."""
        if self.identity is not None:
            return await self.backend.orders_of(self.identity.shopper_id)
        found = [await self.backend.order(order_id) for order_id in sorted(self.proved)]
        return sorted((o for o in found if o is not None), key=lambda o: o.placed, reverse=True)

    async def access_parcels(self, order: Order) -> Sequence[Parcel]:
        """The parcels of an order that came through this door."""
        return await self.backend.parcels_of(order.id)

    async def access_parcel(self, waybill: str) -> Parcel | None:
        """The parcel of that waybill, if its order may be seen."""
        parcel = await self.backend.parcel(waybill)
        if parcel is None or await self.access_order(parcel.order_id) is None:
            return None
        return parcel

    async def access_invoice(self, order: Order) -> Invoice | None:
        """The invoice of an order that came through this door."""
        return await self.backend.invoice_of(order.id)

    async def access_coupons(self) -> Sequence[Coupon]:
        """The shopper's coupons and those anyone may claim."""
        return await self.backend.coupons_of(self.identity.shopper_id if self.identity else None)

    async def access_shopper(self) -> Shopper | None:
        """The signed-in shopper's own record."""
        return await self.backend.shopper(self.identity.shopper_id) if self.identity else None

    async def prove(self, order_id: str, phone_tail: str) -> Proof:
        """Prove one order by its number and the last four digits of the receiver's or the buyer's phone.

        Capitals do not matter, nor do they buy more tries. A wrong pair counts against the order and the
        client address, five each within 24 hours.
        """
        keys = [f"order:{compact(order_id) or order_id}", *([f"client:{self.client}"] if self.client else [])]
        if not await asyncio.to_thread(self.tries.take, keys, self.now):
            return Proof.LOCKED
        order = await self._order_in_any_case(order_id)
        if order is None or phone_tail not in await self._tails(order):
            return Proof.WRONG
        await asyncio.to_thread(self.tries.give_back, keys, self.now)
        self.proved.add(order.id)
        return Proof.PROVED

    async def _order_in_any_case(self, order_id: str) -> Order | None:
        for spelling in dict.fromkeys((order_id, order_id.upper(), order_id.lower())):
            if (order := await self.backend.order(spelling)) is not None:
                return order
        return None

    def _may_see(self, order: Order) -> bool:
        if self.identity is not None:
            return order.shopper_id == self.identity.shopper_id
        return order.id in self.proved

    async def _tails(self, order: Order) -> set[str]:
        shopper = await self.backend.shopper(order.shopper_id)
        phones = [order.address.phone, shopper.phone if shopper else ""]
        return {phone[-4:] for phone in phones if len(phone) >= 4}


SESSION: ContextVar[Session] = ContextVar("session")
