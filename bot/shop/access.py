"""The one door to a shopper's data: who is asking, and what may be seen.

"Not yours" and "not there" look the same from outside: both are None.
"""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Iterable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Protocol

from bot.errors import ShopDown
from bot.shop.backend import ShopBackend
from bot.shop.doing.rows import Receipt, Refused
from bot.shop.models import Coupon, Invoice, Order, Parcel, Shopper
from bot.shop.tasks import Task
from bot.shop.wishes import Wish, order_of, shopper_of
from bot.spelling import compact

WRITE_SECONDS = 6.0
"""A write that takes longer is told as unsure; its key makes a second try safe."""
WINDOW = timedelta(hours=24)
"""So long a wrong try to prove an order counts."""
ORDER_TRIES = 5
"""Wrong tries for one order within WINDOW, from wherever: a tail is one of ten thousand."""
CLIENT_TRIES = 30
"""Wrong tries from one client network within WINDOW: carriers and offices hide many shoppers behind one."""


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
    """Counts attempts to prove an order, atomically, over WINDOW."""

    def take(self, limits: Mapping[str, int], now: datetime) -> bool:
        """Count one try under every key; False, and nothing counted, if one of them has used up its limit."""
        ...

    def give_back(self, keys: Iterable[str], now: datetime) -> None:
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
    waiting: str = ""
    """Why the shopper waits for a person already, as it was handed over; empty if they do not."""
    done: list[Receipt] = field(default_factory=list)
    """What was written in this turn."""
    tasks: list[Task] = field(default_factory=list)
    """What this turn leaves for a person to do."""

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

    async def preview(self, wish: Wish) -> Receipt:
        """What the wish would come to; raises Refused, for somebody else's order as for none."""
        await self._check_own(wish)
        return await self.backend.preview(wish, self.now)

    async def do(self, wish: Wish, key: str) -> Receipt:
        """Do it, once under its key; raises Refused, and ShopDown where it may or may not have been done."""
        await self._check_own(wish)
        try:
            receipt = await asyncio.wait_for(self.backend.do(wish, key, self.now), WRITE_SECONDS)
        except asyncio.TimeoutError as slow:
            raise ShopDown("店铺系统没有及时回应") from slow
        self.done.append(receipt)
        return receipt

    async def prove(self, order_id: str, phone_tail: str) -> Proof:
        """Prove one order by its number and the last four digits of the receiver's or the buyer's phone.

        Capitals do not matter, nor do they buy more tries. A wrong pair counts against the order, and against
        the client's network if one is known.
        """
        limits = {f"order:{compact(order_id) or order_id}": ORDER_TRIES}
        if network := client_network(self.client):
            limits[f"client:{network}"] = CLIENT_TRIES
        if not await asyncio.to_thread(self.tries.take, limits, self.now):
            return Proof.LOCKED
        order = await self._order_in_any_case(order_id)
        if order is None or phone_tail not in await self._tails(order):
            return Proof.WRONG
        await asyncio.to_thread(self.tries.give_back, limits, self.now)
        self.proved.add(order.id)
        return Proof.PROVED

    async def _order_in_any_case(self, order_id: str) -> Order | None:
        for spelling in dict.fromkeys((order_id, order_id.upper(), order_id.lower())):
            if (order := await self.backend.order(spelling)) is not None:
                return order
        return None

    async def _check_own(self, wish: Wish) -> None:
        """A wish is about the shopper's own order, or in the shopper's own name."""
        order_id, shopper_id = order_of(wish), shopper_of(wish)
        if order_id and await self.access_order(order_id) is None:
            raise Refused("not_found")
        if shopper_id and (self.identity is None or self.identity.shopper_id != shopper_id):
            raise Refused("not_found")

    def _may_see(self, order: Order) -> bool:
        if self.identity is not None:
            return order.shopper_id == self.identity.shopper_id
        return order.id in self.proved

    async def _tails(self, order: Order) -> set[str]:
        shopper = await self.backend.shopper(order.shopper_id)
        phones = [order.address.phone, shopper.phone if shopper else ""]
        return {phone[-4:] for phone in phones if len(phone) >= 4}


def client_network(client: str) -> str:
    """The network that tries from a client address are counted for; empty if it is no one's in particular.

    Loopback is everybody: a proxy that does not pass the client's address on. IPv6 gives every household
    a /64 of addresses.
    """
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return client
    address = getattr(address, "ipv4_mapped", None) or address
    if address.is_loopback:
        return ""
    return str(ipaddress.ip_network((address, 64), strict=False)) if address.version == 6 else str(address)


SESSION: ContextVar[Session] = ContextVar("session")
