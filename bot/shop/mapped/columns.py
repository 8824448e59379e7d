"""An owner's columns: what stands in them as the JSON of docs/shop-data.md, and the other way round."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Any, get_origin
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from bot.errors import ShopDown
from bot.shop.mapped.forms import (
    Shape,
    Unwritable,
    read_day,
    read_moment,
    read_table,
    read_texts,
    read_whole,
    to_number,
    write_listed,
    write_moment,
    write_number,
)
from bot.shop.mapped.mapping import Link, Spec, Unit
from bot.shop.values import Count, Fen, Percent, Quantity

NOTHING = object()
"""What an empty column says: the field's default holds."""
_EMPTY = ("", "0", "0000-00-00", "0000-00-00 00:00:00")

_SHAPES = (
    (sa.JSON, Shape.JSON),
    (sa.Boolean, Shape.FLAG),
    (sa.Integer, Shape.WHOLE),
    (sa.Numeric, Shape.NUMBER),
    (sa.DateTime, Shape.MOMENT),
    (sa.Date, Shape.DAY),
)


@dataclass(frozen=True)
class Column:
    """A column as the database describes it; `needed`: a new row must give it."""

    name: str
    shape: Shape
    length: int | None
    nullable: bool
    needed: bool


def column(described: Any, key: Iterable[str]) -> Column:
    """The column of an inspector's description; a key of whole numbers fills itself."""
    kind = described["type"]
    shape = next((shape for each, shape in _SHAPES if isinstance(kind, each)), Shape.TEXT)
    if shape is Shape.MOMENT and getattr(kind, "timezone", False):
        shape = Shape.AWARE
    filled = described.get("default") is not None or (
        shape is Shape.WHOLE and list(key) == [described["name"]]
    )
    nullable = bool(described.get("nullable", True))
    return Column(
        described["name"], shape, getattr(kind, "length", None), nullable, not nullable and not filled
    )


def fitted(theirs: Any, its: Column) -> Any:
    """A value of the mapping file as the column has it: `10` of a text is "10"."""
    if theirs is None or isinstance(theirs, (date, datetime)):
        return theirs
    if its.shape is Shape.TEXT:
        return str(theirs)
    return int(theirs) if isinstance(theirs, bool) and its.shape is not Shape.FLAG else theirs


@dataclass(frozen=True)
class Cell:
    """A field of a row and the column that holds it."""

    path: str
    spec: Spec
    column: Column
    values: tuple[tuple[Any, Any], ...]
    """The column's value and ours, where the owner names them."""
    zone: ZoneInfo
    money: Unit
    link: Link | None = None

    def read(self, raw: Any) -> Any:
        """The field's JSON; what makes no sense is handed on as it is, for the strict reading to refuse."""
        for theirs, ours in self.values:
            if _same(raw, theirs):
                return ours
        if raw is None:
            return NOTHING
        if self.values and self._is_choice:
            told = f"列 {self.column.name} 里有 {str(raw)[:20]!r},values 里没有写它是什么"
            raise ShopDown(f"{self.path}:{told}")
        if isinstance(raw, (bytes, memoryview)):
            raw = bytes(raw).decode("utf-8", "replace")
        try:
            return self._read(raw)
        except (ValueError, InvalidOperation, OverflowError):
            return str(raw)

    def write(self, value: Any) -> Any:
        """What the column is to hold; raises Unwritable."""
        for theirs, ours in self.values:
            if ours == value:
                return theirs
        if value is None:
            return self._empty()
        raw = self._write(value)
        too_long = isinstance(raw, str) and len(raw) > (self.column.length or len(raw))
        is_time = self.spec.hint in (datetime, date)  # to the second, or the day, as the column has it
        if too_long or (self.values and self._is_choice) or not (is_time or self.read(raw) == value):
            raise Unwritable(self.path)
        return raw

    def holding(self, value: str) -> list[Any]:
        """What the column may hold where the field is `value`; None: it may be empty."""
        if not value:
            blank = [""] if self.column.shape is Shape.TEXT else []
            return [*(theirs for theirs, ours in self.values if ours == value), *blank, None]
        if named := [theirs for theirs, ours in self.values if ours == value]:
            return named
        try:
            return [self.write(value)]
        except Unwritable:
            return []

    def _empty(self) -> Any:
        if self.column.nullable:
            return None
        if self.spec.hint in (datetime, date) and self.column.shape is Shape.WHOLE:
            return 0
        raise Unwritable(self.path)

    @property
    def _is_choice(self) -> bool:
        """Whether the field is one of a few values, all of which must be named then."""
        return isinstance(self.spec.hint, type) and issubclass(self.spec.hint, (Enum, bool))

    def _read(self, raw: Any) -> Any:
        hint = self.spec.hint
        if hint == Fen:
            return read_whole(Decimal(str(raw)) * (100 if self.money is Unit.YUAN else 1))
        if hint in (int, Count, Quantity, Percent):
            return read_whole(raw)
        if hint is bool:
            return {"1": True, "0": False, "True": True, "False": False}.get(str(raw), raw)
        if hint is datetime:
            return NOTHING if str(raw) in _EMPTY else read_moment(raw, self.zone).isoformat()
        if hint is date:
            return NOTHING if str(raw) in _EMPTY else read_day(raw, self.zone).isoformat()
        if get_origin(hint) is dict:
            return raw if isinstance(raw, dict) else read_table(str(raw))
        if get_origin(hint) is tuple:
            return raw if isinstance(raw, list) else read_texts(str(raw))
        return str(read_whole(raw) if isinstance(raw, Decimal) else raw)

    def _write(self, value: Any) -> Any:
        shape, hint = self.column.shape, self.spec.hint
        if hint == Fen and self.money is Unit.YUAN:
            return write_number(Decimal(value) / 100, shape)
        if hint is datetime:
            return write_moment(datetime.fromisoformat(value).astimezone(self.zone), shape)
        if hint is date and shape in (Shape.MOMENT, Shape.AWARE, Shape.WHOLE):
            return write_moment(datetime.combine(date.fromisoformat(value), time(), self.zone), shape)
        if isinstance(value, (dict, list)):
            return write_listed(value, shape)
        if isinstance(value, bool):
            return value if shape is Shape.FLAG else int(value)
        if shape in (Shape.WHOLE, Shape.NUMBER):
            return write_number(to_number(value), shape)
        return str(value)


def _same(raw: Any, theirs: Any) -> bool:
    if isinstance(raw, Decimal) and raw == raw.to_integral_value():
        raw = int(raw)
    as_text = {str(theirs), str(int(theirs))} if isinstance(theirs, bool) else {str(theirs)}
    return raw is theirs or (raw is not None and theirs is not None and str(raw) in as_text)
