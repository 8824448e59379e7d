"""The mapping file: how an owner's own tables and columns are called (docs/shop-map.md)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from enum import Enum
from pathlib import Path
from types import UnionType
from typing import Any, Union, cast, get_args, get_origin
from zoneinfo import ZoneInfo

from bot.errors import BadInput, NotConfigured
from bot.shop.portable import KINDS
from bot.shop.reading import BAD, Reading, check_keys, hints, read_value
from bot.shop.values import Words
from bot.yaml_file import read_yaml, shown


class Unit(str, Enum):
    """What the owner's amounts of money count."""

    FEN = "fen"
    YUAN = "yuan"


@dataclass(frozen=True)
class Link:
    """A field that stands in another table: this row's `column` is the `key` there of what `shows` it."""

    column: Words
    table: Words
    key: Words
    shows: Words


@dataclass(frozen=True)
class TableMap:
    """A table: its columns by field (`address.phone`), and what else is to be known of it."""

    table: Words
    columns: dict[str, Words] = field(default_factory=dict)
    links: dict[str, Link] = field(default_factory=dict)
    values: dict[str, dict[Any, Any]] = field(default_factory=dict)
    """By field: the column's value, and ours."""
    fixed: dict[str, Any] = field(default_factory=dict)
    """Fields that no column holds, and what they always are."""
    dropped: tuple[str, ...] = ()
    """Fields that no column holds, and whose change may be lost."""
    only: dict[str, Any] = field(default_factory=dict)
    """Columns that a row must hold these values in to count; a new row gets them."""


@dataclass(frozen=True)
class PartMap(TableMap):
    """The table of a row's parts: `owner` holds what stands in the row's own column `to` (none: its id)."""

    owner: Words = field(kw_only=True)
    to: str = ""
    order: str = ""
    """The column that tells their order; none: the primary key."""
    gone: dict[str, Any] = field(default_factory=dict)
    """Columns whose values together say that a part is no more: one that is taken away gets them."""


@dataclass(frozen=True)
class KindMap(TableMap):
    """The table of a kind of rows, and those of its parts by field."""

    parts: dict[str, PartMap] = field(default_factory=dict)


@dataclass(frozen=True)
class ShopMap:
    """The file: a section a kind, and what holds for all of them."""

    zone: str = "Asia/Shanghai"
    """Of times that are kept without one."""
    money: Unit = Unit.FEN
    policy: str = ""
    """The file of the shop's rules, beside this one; none: the default's."""
    products: KindMap | None = None
    shoppers: KindMap | None = None
    orders: KindMap | None = None
    parcels: KindMap | None = None
    invoices: KindMap | None = None
    bookings: KindMap | None = None
    coupons: KindMap | None = None
    promotions: KindMap | None = None

    @property
    def kinds(self) -> dict[str, KindMap]:
        """The kinds of rows that are mapped."""
        return {name: found for name in KINDS if (found := getattr(self, name)) is not None}


@dataclass(frozen=True)
class Spec:
    """A field of a row, or of an object within it: its type, and whether it may be null or left out."""

    hint: Any
    optional: bool
    needed: bool
    within: str
    """The object that may be null and holds it (`refund`); empty: none."""


def read_map(path: Path) -> ShopMap:
    """The mapping of a file; raises NotConfigured naming file and key of whatever is wrong."""
    reading = Reading()
    try:
        found = read_value(ShopMap, read_yaml(path, words=True), "", reading)
        if found is not BAD:
            _check(found, reading)
        reading.finish()
        return cast(ShopMap, found)
    except BadInput as problem:
        raise NotConfigured(f"{shown(path)}:{problem}") from problem


def part_type(kind: Any, name: str) -> tuple[Any, bool]:
    """The type of a row's parts in a field, and whether there are several."""
    bare, _ = bared(hints(kind)[name])
    several = get_origin(bare) is tuple
    return (get_args(bare)[0] if several else bare), several


def bared(hint: Any) -> tuple[Any, bool]:
    """A hint without `| None`, and whether it had it."""
    if get_origin(hint) not in (Union, UnionType):
        return hint, False
    return next(a for a in get_args(hint) if a is not type(None)), True


def specs(kind: Any, parts: Iterable[str] = ()) -> dict[str, Spec]:
    """The fields of a row by path, those of objects within it included; not those that are `parts`."""
    return dict(_specs(kind, frozenset(parts), "", ""))


def _specs(kind: Any, parts: frozenset[str], above: str, within: str) -> Iterator[tuple[str, Spec]]:
    for each in (f for f in fields(kind) if above or f.name not in parts):
        bare, optional = bared(hints(kind)[each.name])
        path = f"{above}{each.name}"
        if is_dataclass(bare):
            yield from _specs(bare, parts, f"{path}.", path if optional else within)
        else:
            needed = each.default is MISSING and each.default_factory is MISSING
            yield path, Spec(bare, optional, needed, within)


def _check(found: ShopMap, reading: Reading) -> None:
    """Note every field that is none, every value that a field cannot have, and what is missing."""
    try:
        ZoneInfo(found.zone)
    except (KeyError, ValueError, OSError):
        reading.wrong("zone", "时区,如 Asia/Shanghai", found.zone)
    for name, kind in found.kinds.items():
        row, key = KINDS[name]
        if key not in kind.columns:
            reading.note(f"{name}.columns.{key}", "缺少这一项:每一行靠它分清,要有自己的列")
        could = [each.name for each in fields(row) if _is_part(hints(row)[each.name])]
        check_keys(kind.parts, could, f"{name}.parts", reading)
        _check_table(kind, specs(row, kind.parts), name, reading)
        for part, table in kind.parts.items():
            if part in could:
                _check_table(table, specs(part_type(row, part)[0]), f"{name}.parts.{part}", reading)


def _is_part(hint: Any) -> bool:
    bare, _ = bared(hint)
    return is_dataclass(get_args(bare)[0] if get_origin(bare) is tuple else bare)


def _check_table(table: TableMap, known: Mapping[str, Spec], path: str, reading: Reading) -> None:
    for section in ("columns", "links", "fixed"):
        check_keys(getattr(table, section), known, f"{path}.{section}", reading)
    check_keys(dict.fromkeys(table.dropped), known, f"{path}.dropped", reading)
    stored = [*table.columns, *table.links]
    check_keys(table.values, stored, f"{path}.values", reading)
    for name, values in table.values.items():
        for ours in values.values():
            _check_value(known.get(name), ours, f"{path}.values.{name}", reading)
    for name, ours in table.fixed.items():
        _check_value(known.get(name), ours, f"{path}.fixed.{name}", reading)
    given = {*stored, *table.fixed}
    objects = {known[name].within for name in given if name in known}
    for name, spec in known.items():
        if spec.needed and spec.within in {"", *objects} and name not in given:
            reading.note(f"{path}.columns.{name}", "缺少这一项:写列名,或在 fixed 里写它一直是什么")


def _check_value(spec: Spec | None, ours: Any, path: str, reading: Reading) -> None:
    if spec is not None and not (spec.optional and ours is None):
        read_value(spec.hint, ours, path, reading)
