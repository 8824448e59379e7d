"""What every shop in a SQL database does alike; asked from a few threads, so that no event loop waits."""

from __future__ import annotations

import asyncio
import threading
from abc import abstractmethod
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from time import monotonic
from typing import Any, TypeVar

from bot.database import Conflict, Database
from bot.shop.backend import ShopBackend
from bot.shop.doing.rows import Moment, Receipt
from bot.shop.memory import as_sent, by_day, catalogue_version, last_requested, newest_first
from bot.shop.models import Booking, Catalogue, Coupon, Invoice, Order, Parcel, Promotion, Shopper
from bot.shop.policy import Policy, default_policy
from bot.shop.rows import first
from bot.shop.sql_ledger import Store, done, tried
from bot.shop.wishes import Wish

Answer = TypeVar("Answer")

_THREADS = 4
_TRIES = 3
"""So often a write is tried that another transaction got in the way of."""


class SqlBackend(ShopBackend):
    """A shop at a SQLAlchemy URL, whose tables a subclass knows; raises ShopDown when it cannot be asked."""

    fresh: float
    """Seconds for which policy and catalogue hold without a look whether they have changed."""

    def __init__(self, url: str, rows: Store) -> None:
        """Opens nothing yet; raises NotConfigured for a URL of no supported database."""
        self._database = Database(url, _THREADS)
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="shop")
        self._setup = threading.Lock()
        self._ready = False
        self._rows = rows
        self._catalogue: Catalogue | None = None
        self._policy: Policy | None = None
        self._looked = float("-inf")

    @abstractmethod
    def _make_tables(self, remake: bool) -> None:
        """Make what is missing before the first question (blocks); `remake`: whatever else is there goes."""

    @abstractmethod
    def _look(self, connection: Any) -> None:
        """Read what has changed of policy and catalogue."""

    async def order(self, order_id: str) -> Order | None:
        """See ShopBackend."""
        return first(await self._ask("orders", "id", order_id))

    async def orders_of(self, shopper_id: str) -> Sequence[Order]:
        """See ShopBackend."""
        return newest_first(await self._ask("orders", "shopper_id", shopper_id))

    async def parcels_of(self, order_id: str) -> Sequence[Parcel]:
        """See ShopBackend."""
        return as_sent(await self._ask("parcels", "order_id", order_id))

    async def parcel(self, waybill: str) -> Parcel | None:
        """See ShopBackend."""
        return first(await self._ask("parcels", "waybill", waybill))

    async def shopper(self, shopper_id: str) -> Shopper | None:
        """See ShopBackend."""
        return first(await self._ask("shoppers", "id", shopper_id))

    async def invoice_of(self, order_id: str) -> Invoice | None:
        """See ShopBackend."""
        found: list[Invoice] = await self._ask("invoices", "order_id", order_id)
        return last_requested(found)

    async def bookings_of(self, order_id: str) -> Sequence[Booking]:
        """See ShopBackend."""
        found: list[Booking] = await self._ask("bookings", "order_id", order_id)
        return by_day(found)

    async def coupons_of(self, shopper_id: str | None) -> Sequence[Coupon]:
        """See ShopBackend."""
        return await self._ask("coupons", "shopper_id", "", *([shopper_id] if shopper_id else []))

    async def promotions(self) -> Sequence[Promotion]:
        """See ShopBackend."""
        return await self._run(lambda connection: self._rows.load(connection, "promotions"))

    async def catalogue(self) -> Catalogue:
        """See ShopBackend; the products are read again only when they have changed."""
        if self._catalogue is None or not self._is_fresh():
            await self._run(self._look)
        return self._catalogue or Catalogue(catalogue_version(()), ())

    async def policy(self) -> Policy:
        """See ShopBackend."""
        if self._policy is None or not self._is_fresh():
            await self._run(self._look)
        return self._policy or default_policy()

    async def preview(self, wish: Wish, now: datetime) -> Receipt:
        """See ShopBackend."""
        policy = await self.policy()
        return await self._run(
            lambda connection: tried(self._rows, connection, wish, Moment(now, policy, ""))
        )

    async def do(self, wish: Wish, key: str, now: datetime) -> Receipt:
        """See ShopBackend; what another transaction got in the way of is tried again."""
        at = Moment(now, await self.policy(), key)
        receipt = await asyncio.get_running_loop().run_in_executor(self._threads, self._write, wish, at)
        self._looked = float("-inf")
        return receipt

    async def close(self) -> None:
        """See ShopBackend."""
        await asyncio.to_thread(self._threads.shutdown)
        self._database.close()

    async def _ask(self, name: str, column: str, *values: str) -> list[Any]:
        return await self._run(lambda connection: self._rows.load(connection, name, column, values))

    async def _run(self, ask: Callable[[Any], Answer]) -> Answer:
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._read, ask)

    def _read(self, ask: Callable[[Any], Answer]) -> Answer:
        self._prepare()
        with self._database.reading() as connection:
            return ask(connection)

    def _write(self, wish: Wish, at: Moment) -> Receipt:
        self._prepare()
        for left in reversed(range(_TRIES)):
            try:
                with self._database.writing() as connection:
                    return done(self._rows, connection, wish, at)
            except Conflict:
                if not left:
                    raise
        raise AssertionError("unreachable")

    def _is_fresh(self) -> bool:
        return monotonic() - self._looked < self.fresh

    def _prepare(self, remake: bool = False) -> None:
        """Make the tables if they are not there; what is there is made anew only by an import."""
        with self._setup:
            if not self._ready:
                self._make_tables(remake)
            self._ready = True
