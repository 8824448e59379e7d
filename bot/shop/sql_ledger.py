"""Writing to a shop in SQL tables: a wish done once, its rows and its ledger line in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Protocol

import sqlalchemy as sa

from bot.shop.doing.perform import perform, receipt
from bot.shop.doing.rows import Change, Moment, Receipt
from bot.shop.memory import as_sent, by_day, last_requested
from bot.shop.models import Booking, Coupon, Invoice, Order, Parcel, Product, Promotion, Shopper
from bot.shop.rows import first
from bot.shop.schema import LEDGER
from bot.shop.wishes import Wish


class Store(Protocol):
    """Where rows are kept: what reading and writing need of tables, whatever these are called."""

    def load(
        self, connection: Any, name: str, column: str = "", values: Sequence[str] = (), *, lock: bool = False
    ) -> list[Any]:
        """All rows of a kind, or those whose field `column` holds one of `values`, if told so locked."""
        ...

    def take_turn(self, connection: Any) -> None:
        """Wait for other writes of this shop to end: they follow one another, and so do imports."""
        ...

    def check(self, connection: Any, change: Change) -> None:
        """Raise Refused for a change that these tables cannot hold."""
        ...

    def put(self, connection: Any, change: Change, key: str) -> None:
        """Store a change that was made under `key`; raises Refused as `check` does."""
        ...


class SqlRows:
    """See bot.shop.doing.rows.Rows: one transaction's view, each row read when a rule asks for it."""

    def __init__(self, rows: Store, connection: Any, *, lock: bool) -> None:
        """`rows` reads them, over an open transaction; `lock`: nobody else changes them until its end."""
        self._rows = rows
        self._connection = connection
        self._lock = lock

    def order(self, order_id: str) -> Order | None:
        """See Rows."""
        return first(self._all("orders", "id", order_id))

    def shopper(self, shopper_id: str) -> Shopper | None:
        """See Rows."""
        return first(self._all("shoppers", "id", shopper_id))

    def product(self, product_id: str) -> Product | None:
        """See Rows."""
        return first(self._all("products", "id", product_id))

    def parcels_of(self, order_id: str) -> list[Parcel]:
        """See Rows."""
        return as_sent(self._all("parcels", "order_id", order_id))

    def invoice_of(self, order_id: str) -> Invoice | None:
        """See Rows."""
        return last_requested(self._all("invoices", "order_id", order_id))

    def bookings_of(self, order_id: str) -> list[Booking]:
        """See Rows."""
        return by_day(self._all("bookings", "order_id", order_id))

    def coupons_of(self, shopper_id: str) -> list[Coupon]:
        """See Rows."""
        return self._all("coupons", "shopper_id", "", shopper_id)

    def promotions(self) -> Sequence[Promotion]:
        """See Rows."""
        return self._rows.load(self._connection, "promotions")

    def receipts_of(self, shopper_id: str) -> list[Receipt]:
        """See Rows."""
        wanted = (
            sa.select(LEDGER).where(LEDGER.c.shopper_id == shopper_id).order_by(LEDGER.c.at, LEDGER.c.key)
        )
        return [_read(row) for row in self._connection.execute(wanted).mappings()]

    def _all(self, name: str, column: str, *values: str) -> list[Any]:
        return self._rows.load(self._connection, name, column, values, lock=self._lock)


def tried(rows: Store, connection: Any, wish: Wish, at: Moment) -> Receipt:
    """What a wish would come to; raises Refused."""
    seen = SqlRows(rows, connection, lock=False)
    change = perform(wish, seen, at)
    rows.check(connection, change)
    return receipt(wish, change, seen, at)


def done(rows: Store, connection: Any, wish: Wish, at: Moment) -> Receipt:
    """Do a wish within a writing transaction, unless its key says that it was done; raises Refused."""
    rows.take_turn(connection)
    known = connection.execute(sa.select(LEDGER).where(LEDGER.c.key == at.key)).mappings().first()
    if known is not None:
        return _read(known)
    seen = SqlRows(rows, connection, lock=True)
    change = perform(wish, seen, at)
    line = receipt(wish, change, seen, at)
    rows.put(connection, change, at.key)
    connection.execute(LEDGER.insert(), [{**asdict(line), "at": line.at.isoformat()}])
    return line


def _read(row: Any) -> Receipt:
    return Receipt(**{**row, "at": datetime.fromisoformat(row["at"])})
