"""A shop in a SQL database, asked from a few threads so that the event loop never waits."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from time import monotonic
from typing import Any, TypeVar

import sqlalchemy as sa

from bot.database import Conflict, Database
from bot.errors import NotConfigured
from bot.shop.backend import ShopBackend
from bot.shop.doing.rows import Moment, Receipt
from bot.shop.memory import as_sent, by_day, catalogue_version, last_requested, newest_first
from bot.shop.models import Booking, Catalogue, Coupon, Invoice, Order, Parcel, Promotion, Shopper
from bot.shop.policy import Policy, default_policy, dump_policy, load_policy
from bot.shop.portable import ShopData
from bot.shop.rows import Rows, first, store
from bot.shop.schema import KINDS, META, METADATA, version
from bot.shop.sql_ledger import done, tried
from bot.shop.wishes import Wish

Answer = TypeVar("Answer")

_THREADS = 4
_FRESH = 1.0
"""Seconds for which policy and catalogue hold without a look whether they have changed."""
_TRIES = 3
"""So often a write is tried that another transaction got in the way of."""
_SETUP = 5_870_611
"""Number of the lock under which tables are made."""


class SqlShop(ShopBackend):
    """A shop at a SQLAlchemy URL. Tables are made on first use; raises ShopDown when it cannot be asked."""

    def __init__(self, url: str) -> None:
        """Opens nothing yet; raises NotConfigured for a URL of no supported database."""
        self._database = Database(url, _THREADS)
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="shop")
        self._setup = threading.Lock()
        self._ready = False
        self._rows = Rows()
        self._catalogue: Catalogue | None = None
        self._policy: tuple[str, Policy] | None = None
        self._looked = float("-inf")

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
        """See ShopBackend; the products are read again only when the version in the database has changed."""
        if self._catalogue is None or not self._is_fresh():
            await self._run(self._look)
        return self._catalogue or Catalogue(catalogue_version(()), ())

    async def policy(self) -> Policy:
        """See ShopBackend."""
        if self._policy is None or not self._is_fresh():
            await self._run(self._look)
        return self._policy[1] if self._policy else default_policy()

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

    def replace(self, data: ShopData, marks: Mapping[str, str] | None = None) -> None:
        """Put `data` in the place of all rows, in one transaction (blocks); `marks` are kept beside them."""
        self._prepare(remake=True)
        self._looked = float("-inf")
        meta = {
            **(marks or {}),
            "catalogue_version": catalogue_version(data.products),
            "policy": json.dumps(dump_policy(data.policy), ensure_ascii=False),
        }
        with self._database.writing() as connection:
            # Whoever holds this row replaces; another one waits, then replaces what it finds.
            connection.execute(sa.select(META.c.value).where(META.c.name == "schema").with_for_update())
            for table in METADATA.sorted_tables:
                everything = table.delete()
                connection.execute(everything.where(META.c.name != "schema") if table is META else everything)
            for name in KINDS:
                store(connection, name, getattr(data, name))
            rows = [{"name": name, "value": value} for name, value in meta.items()]
            connection.execute(META.insert(), rows)

    def read_all(self) -> ShopData:
        """All rows as they stand at one moment (blocks)."""
        self._prepare()
        with self._database.reading() as connection:
            rows: dict[str, Any] = {name: _by_id(name, self._rows.load(connection, name)) for name in KINDS}
            return ShopData(**rows, policy=self._read_policy(connection))

    def marks(self) -> dict[str, str]:
        """What the last `replace` was marked with, even by another version of Xiaoer (blocks)."""
        with self._database.setting_up(_SETUP) as connection:
            METADATA.create_all(connection, tables=[META])
            kept = {row.name: row.value for row in connection.execute(sa.select(META))}
        return {k: v for k, v in kept.items() if k not in ("schema", "catalogue_version", "policy")}

    def is_empty(self) -> bool:
        """Whether the shop has no rows of any kind (blocks)."""
        self._prepare()
        with self._database.reading() as connection:
            tables = [kind.table for kind in KINDS.values()]
            return not any(connection.execute(sa.select(table).limit(1)).first() for table in tables)

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
        return monotonic() - self._looked < _FRESH

    def _look(self, connection: Any) -> None:
        """Read what has changed of policy and catalogue."""
        begun = monotonic()
        self._read_policy(connection)
        current = _meta(connection, "catalogue_version") or catalogue_version(())
        if self._catalogue is None or self._catalogue.version != current:
            self._catalogue = Catalogue(current, _by_id("products", self._rows.load(connection, "products")))
        self._looked = begun

    def _read_policy(self, connection: Any) -> Policy:
        text = _meta(connection, "policy")
        if text is None:
            return default_policy()
        if self._policy is None or self._policy[0] != text:
            self._policy = (text, load_policy(json.loads(text)))
        return self._policy[1]

    def _prepare(self, remake: bool = False) -> None:
        """Make the tables if they are not there; those of another version are made anew only by an import."""
        with self._setup:
            if not self._ready:
                self._make_tables(remake)
            self._ready = True

    def _make_tables(self, remake: bool) -> None:
        with self._database.setting_up(_SETUP) as connection:
            METADATA.create_all(connection, tables=[META])
            known = _meta(connection, "schema")
            if known not in (None, version()):
                if not remake:
                    raise NotConfigured(
                        f"{self._database.name} 里的店铺资料是另一个版本的店小二写的;"
                        "请用那个版本 xiaoer shop export,再用这个版本 xiaoer shop import"
                    )
                METADATA.drop_all(connection)
            METADATA.create_all(connection)
            self._database.add_missing(connection, META, [{"name": "schema", "value": version()}])


def _meta(connection: Any, name: str) -> str | None:
    value = connection.execute(sa.select(META.c.value).where(META.c.name == name)).scalar()
    return None if value is None else str(value)


def _by_id(name: str, rows: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(sorted(rows, key=lambda row: str(getattr(row, KINDS[name].key))))
