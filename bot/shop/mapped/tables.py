"""The mapped tables as the database has them: every name checked, every field bound to its column."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from bot.shop.mapped.columns import Cell, Column, column, fitted
from bot.shop.mapped.mapping import Link, PartMap, ShopMap, Spec, TableMap, part_type, specs
from bot.shop.portable import KINDS
from bot.shop.reading import Reading


@dataclass(frozen=True)
class Table:
    """A mapped table: `cells` by field, `key` its primary key."""

    name: str
    of: Any
    cells: Mapping[str, Cell]
    columns: Mapping[str, Column]
    key: tuple[str, ...]
    map: TableMap
    specs: Mapping[str, Spec]

    def shows(self, path: str) -> Any:
        """What a SELECT asks for a field: its column, or the one that it is linked to."""
        cell = self.cells[path]
        if cell.link is None:
            return self.of.c[cell.column.name]
        link, there = cell.link, linked(cell.link)
        found = sa.select(there.c[link.shows]).where(there.c[link.key] == self.of.c[link.column])
        return found.scalar_subquery()

    def where(self, path: str, values: Sequence[str]) -> Any:
        """The condition under which a field is one of `values`; None where it is no column's."""
        cell = self.cells.get(path)
        if cell is None:
            return None
        raws = [raw for value in values for raw in cell.holding(value)]
        some = [raw for raw in raws if raw is not None]
        if cell.link is None:
            its, among = self.of.c[cell.column.name], some
        else:
            link, there = cell.link, linked(cell.link)
            its = self.of.c[link.column]
            among = sa.select(there.c[link.key]).where(there.c[link.shows].in_(some))
        empty = its.is_(None) if None in raws else sa.false()
        return sa.or_(its.in_(among), empty) if some else empty

    def only(self) -> list[Any]:
        """What a row must be like to count."""
        same = [self.of.c[name] == value for name, value in self.given.items()]
        if not self.gone:
            return same
        lives = (self.of.c[name].is_distinct_from(value) for name, value in self.gone.items())
        return [*same, sa.or_(*lives)]

    @property
    def given(self) -> dict[str, Any]:
        """Columns that hold the same in every row that counts."""
        return self._fitted(self.map.only)

    @property
    def gone(self) -> dict[str, Any]:
        """Columns that together say that a row is no more; empty where none do."""
        return self._fitted(self.map.gone if isinstance(self.map, PartMap) else {})

    def _fitted(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return {name: fitted(value, self.columns[name]) for name, value in values.items()}


@dataclass(frozen=True)
class Part:
    """The table of a row's parts: `owner` there holds what stands in the row's own column `to`."""

    table: Table
    owner: str
    to: str
    order: tuple[str, ...]
    several: bool


@dataclass(frozen=True)
class Kind:
    """The tables of a kind of rows; `key` is the field that tells rows apart."""

    name: str
    type: Any
    key: str
    table: Table
    parts: Mapping[str, Part]


def bind(connection: Any, found: ShopMap) -> dict[str, Kind]:
    """The mapped kinds; raises WrongRows naming every table and column that is not there."""
    reading = Reading()
    binder = _Binder(sa.inspect(connection), found, reading)
    kinds = {name: binder.kind(name) for name in found.kinds}
    reading.finish()
    return {name: kind for name, kind in kinds.items() if kind is not None}


class _Binder:
    """Looks tables up and notes what is wrong."""

    def __init__(self, inspector: Any, found: ShopMap, reading: Reading) -> None:
        self._inspector = inspector
        self._map = found
        self._reading = reading
        self._names = [*inspector.get_table_names(), *inspector.get_view_names()]

    def kind(self, name: str) -> Kind | None:
        """A kind's tables; None where something was wrong."""
        row, key = KINDS[name]
        wanted = self._map.kinds[name]
        table = self._table(wanted, specs(row, wanted.parts), name)
        parts = {}
        for part, map_ in wanted.parts.items():
            kind, several = part_type(row, part)
            path = f"{name}.parts.{part}"
            bound = self._table(map_, specs(kind), path)
            if bound is None or table is None:
                continue
            to = map_.to or table.cells[key].column.name
            self._there(to, table.columns, f"{path}.to", f"表 {table.name} 的列")
            self._there(map_.owner, bound.columns, f"{path}.owner", f"表 {bound.name} 的列")
            parts[part] = Part(bound, map_.owner, to, self._order(map_, bound, path), several)
        return Kind(name, row, key, table, parts) if table else None

    def _order(self, wanted: PartMap, table: Table, path: str) -> tuple[str, ...]:
        if not wanted.order:
            return table.key
        self._there(wanted.order, table.columns, f"{path}.order", f"表 {table.name} 的列")
        return (wanted.order, *(name for name in table.key if name != wanted.order))

    def _table(self, wanted: TableMap, known: Mapping[str, Spec], path: str) -> Table | None:
        columns, key = self._columns(wanted.table, f"{path}.table")
        if not columns:
            return None
        cells = {}
        for name, its in wanted.columns.items():
            if self._there(its, columns, f"{path}.columns.{name}", f"表 {wanted.table} 的列"):
                cells[name] = self._cell(name, known[name], columns[its], wanted)
        for name, link in wanted.links.items():
            there, _ = self._columns(link.table, f"{path}.links.{name}.table")
            sound = self._there(
                link.column, columns, f"{path}.links.{name}.column", f"表 {wanted.table} 的列"
            )
            for end in ("key", "shows"):
                where = f"{path}.links.{name}.{end}"
                sound &= bool(there) and self._there(
                    getattr(link, end), there, where, f"表 {link.table} 的列"
                )
            if sound:
                cells[name] = self._cell(name, known[name], there[link.shows], wanted)
        for name in wanted.only:
            self._there(name, columns, f"{path}.only", f"表 {wanted.table} 的列")
        for name in wanted.gone if isinstance(wanted, PartMap) else ():
            self._there(name, columns, f"{path}.gone", f"表 {wanted.table} 的列")
        return Table(wanted.table, _plain(wanted.table, columns), cells, columns, key, wanted, known)

    def _cell(self, path: str, spec: Spec, its: Column, wanted: TableMap) -> Cell:
        named = wanted.values.get(path, {})
        values = tuple((fitted(theirs, its), ours) for theirs, ours in named.items())
        link = wanted.links.get(path)
        return Cell(path, spec, its, values, ZoneInfo(self._map.zone), self._map.money, link)

    def _columns(self, table: str, path: str) -> tuple[dict[str, Column], tuple[str, ...]]:
        if not self._there(table, self._names, path, "表"):
            return {}, ()
        key = tuple(self._inspector.get_pk_constraint(table).get("constrained_columns") or ())
        described = self._inspector.get_columns(table)
        return {each["name"]: column(each, key) for each in described}, key

    def _there(self, name: str, names: Collection[str], path: str, what: str) -> bool:
        if name in names:
            return True
        near = difflib.get_close_matches(name, names, n=1)
        hint = f"您是不是想写 {near[0]}?" if near else f"有的是 {'、'.join(sorted(names)[:20])}"
        self._reading.note(path, f"没有名为 {name} 的{what}({hint})")
        return False


def linked(link: Link) -> Any:
    """The other table of a link."""
    return _plain(link.table, (link.key, link.shows))


def _plain(name: str, columns: Collection[str]) -> Any:
    """A table whose values are taken as the driver gives them: their conversion is ours."""
    return sa.table(name, *(sa.column(each) for each in columns))
