"""Writing to a shop in SQL tables: a wish done once, its rows and its ledger line in one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.shop.doing.perform import perform, receipt
from bot.shop.doing.rows import Change, Moment, Receipt
from bot.shop.memory import as_sent, by_day, last_requested
from bot.shop.models import Booking, Coupon, Invoice, Order, Parcel, Product, Promotion, Shopper
from bot.shop.rows import Rows, first, replace_rows
from bot.shop.schema import KINDS, LEDGER, META
from bot.shop.wishes import Wish


class SqlRows:
    """See bot.shop.doing.rows.Rows: one transaction's view, each row read when a rule asks for it."""

    def __init__(self, rows: Rows, connection: Any, *, lock: bool) -> None:
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


def tried(rows: Rows, connection: Any, wish: Wish, at: Moment) -> Receipt:
    """What a wish would come to; raises Refused."""
    seen = SqlRows(rows, connection, lock=False)
    return receipt(wish, perform(wish, seen, at), seen, at)


def done(rows: Rows, connection: Any, wish: Wish, at: Moment) -> Receipt:
    """Do a wish within a writing transaction, unless its key says that it was done; raises Refused.

    Writes of one shop wait for one another, and for an import: whoever holds the row `schema` writes.
    """
    connection.execute(sa.select(META.c.value).where(META.c.name == "schema").with_for_update())
    known = connection.execute(sa.select(LEDGER).where(LEDGER.c.key == at.key)).mappings().first()
    if known is not None:
        return _read(known)
    seen = SqlRows(rows, connection, lock=True)
    change = perform(wish, seen, at)
    line = receipt(wish, change, seen, at)
    _store(connection, change)
    connection.execute(LEDGER.insert(), [{**asdict(line), "at": line.at.isoformat()}])
    if change.products:
        _renew_catalogue(connection, at.key)
    return line


def _store(connection: Any, change: Change) -> None:
    for name in (field.name for field in fields(change) if field.name in KINDS):
        replace_rows(connection, name, getattr(change, name))


def _renew_catalogue(connection: Any, key: str) -> None:
    """Another version, so that every reader looks at the products again."""
    where = META.c.name == "catalogue_version"
    old = connection.execute(sa.select(META.c.value).where(where)).scalar() or ""
    new = hashlib.sha256(f"{old}/{key}".encode()).hexdigest()[:16]
    connection.execute(META.update().where(where).values(value=new))


def _read(row: Any) -> Receipt:
    return Receipt(**{**row, "at": datetime.fromisoformat(row["at"])})
