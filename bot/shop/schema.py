"""Tables of a shop in SQL: one a type of models.py, a column a field, in the JSON form of docs/shop-data.md.

Times and dates are ISO text (exact in every database, zone kept), money is a whole number of fen, small parts
that belong to one row (options, specs, the address of an order, its refund) are JSON text.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import Enum
from types import UnionType
from typing import Any, Union, get_args, get_origin

import sqlalchemy as sa
from sqlalchemy.dialects.mysql import LONGTEXT

from bot.shop.models import (
    Address,
    Booking,
    Coupon,
    Invoice,
    Order,
    OrderItem,
    Parcel,
    Product,
    Promotion,
    Shopper,
    Sku,
    Trace,
)
from bot.shop.reading import hints
from bot.shop.values import Id

METADATA = sa.MetaData()
_TEXT = sa.Text().with_variant(LONGTEXT(), "mysql")


class JsonText(sa.types.TypeDecorator):  # type: ignore[misc]
    """JSON as text, its keys in the order given (a native JSON column may sort them)."""

    impl = _TEXT
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> str:
        """To text."""
        return json.dumps(value, ensure_ascii=False)

    def process_result_value(self, value: str | None, dialect: Any) -> Any:
        """From text."""
        return None if value is None else json.loads(value)


@dataclass(frozen=True)
class Kind:
    """A type of row: its class, table, key and the tables of its parts (by field name)."""

    type: Any
    table: Any
    key: str
    parts: dict[str, Any]


def _column(name: str, hint: Any, key: bool, index: bool) -> Any:
    optional = get_origin(hint) in (Union, UnionType)
    bare = next(a for a in get_args(hint) if a is not type(None)) if optional else hint
    return sa.Column(name, _column_type(bare), primary_key=key, index=index, nullable=optional)


def _column_type(hint: Any) -> Any:
    if hint == Id:
        return sa.String(64)
    base = getattr(hint, "__origin__", hint)
    if not isinstance(base, type):
        return JsonText
    if issubclass(base, Enum):
        return sa.String(32)
    simple = {str: _TEXT, int: sa.BigInteger, bool: sa.Boolean, datetime: sa.String(40), date: sa.String(10)}
    return simple.get(base, JsonText)


def _table(name: str, kind: Any, key: str = "", index: str = "", parts: tuple[str, ...] = ()) -> Any:
    columns = [
        _column(f.name, hints(kind)[f.name], f.name == key, f.name == index)
        for f in fields(kind)
        if f.name not in parts
    ]
    return sa.Table(name, METADATA, *columns, mysql_charset="utf8mb4", mysql_collate="utf8mb4_bin")


def _part(name: str, kind: Any) -> Any:
    place = [
        sa.Column("owner", sa.String(64), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    ]
    columns = [_column(f.name, hints(kind)[f.name], False, False) for f in fields(kind)]
    return sa.Table(name, METADATA, *place, *columns, mysql_charset="utf8mb4", mysql_collate="utf8mb4_bin")


META = sa.Table(
    "shop_meta",
    METADATA,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("value", _TEXT, nullable=False),
    mysql_charset="utf8mb4",
    mysql_collate="utf8mb4_bin",
)
"""`schema`, `catalogue_version`, `policy` (JSON) and the marks of whoever filled the shop."""

LEDGER = sa.Table(
    "shop_ledger",
    METADATA,
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("order_id", sa.String(64), nullable=False, index=True),
    sa.Column("shopper_id", sa.String(64), nullable=False, index=True),
    sa.Column("args", JsonText, nullable=False),
    sa.Column("result", JsonText, nullable=False),
    sa.Column("at", sa.String(40), nullable=False),
    mysql_charset="utf8mb4",
    mysql_collate="utf8mb4_bin",
)
"""What was done to the shop by conversation, each write once under its key."""

KINDS: dict[str, Kind] = {
    "products": Kind(
        Product,
        _table("shop_products", Product, "id", parts=("skus",)),
        "id",
        {"skus": _part("shop_skus", Sku)},
    ),
    "shoppers": Kind(
        Shopper,
        _table("shop_shoppers", Shopper, "id", parts=("addresses",)),
        "id",
        {"addresses": _part("shop_addresses", Address)},
    ),
    "orders": Kind(
        Order,
        _table("shop_orders", Order, "id", "shopper_id", ("items",)),
        "id",
        {"items": _part("shop_order_items", OrderItem)},
    ),
    "parcels": Kind(
        Parcel,
        _table("shop_parcels", Parcel, "waybill", "order_id", ("traces",)),
        "waybill",
        {"traces": _part("shop_traces", Trace)},
    ),
    "invoices": Kind(Invoice, _table("shop_invoices", Invoice, "id", "order_id"), "id", {}),
    "bookings": Kind(Booking, _table("shop_bookings", Booking, "id", "order_id"), "id", {}),
    "coupons": Kind(Coupon, _table("shop_coupons", Coupon, "id"), "id", {}),
    "promotions": Kind(Promotion, _table("shop_promotions", Promotion, "id"), "id", {}),
}


def version() -> str:
    """Changes whenever a table of rows does; kept in the database so that an old one is noticed.

    The ledger does not count: it is made where it is missing, and no import or export concerns it.
    """
    tables = [table for table in METADATA.sorted_tables if table is not LEDGER]
    shape = [f"{t.name} {c.name} {c.type!r} {c.nullable}" for t in tables for c in t.columns]
    return hashlib.sha256("\n".join(shape).encode()).hexdigest()[:16]
