"""Rows of a shop in SQL tables: one table a kind, and one for each list within it."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import fields
from typing import Any, TypeVar

import sqlalchemy as sa

from bot.errors import ShopDown
from bot.shop.doing.rows import Change
from bot.shop.reading import BAD, Discreet, read_value, write_value
from bot.shop.schema import KINDS, META

Row = TypeVar("Row")

AT_ONCE = 500
"""Rows an insert, and ids a query, at once: under every database's limit of parameters."""
_KNOWN = 5_000
"""Rows that a reader keeps as read."""


class Checked:
    """Rows as values. Checking one takes longer than fetching it, so what is the same again is kept."""

    def __init__(self) -> None:
        """Nothing read yet."""
        self._known: dict[tuple[str, str], tuple[str, Any]] = {}

    def row(self, name: str, key: str, given: dict[str, Any]) -> Any:
        """The row of a kind in its JSON form; raises ShopDown naming what is wrong in it."""
        found = repr(given)
        known = self._known.get((name, key))
        if known is not None and known[0] == found:
            return known[1]
        if len(self._known) >= _KNOWN:
            self._known.clear()
        row = _read(name, key, given)
        self._known[(name, key)] = (found, row)
        return row


def _read(name: str, key: str, given: dict[str, Any]) -> Any:
    reading = Discreet()
    row = read_value(KINDS[name].type, given, f"{name}[{key}]", reading)
    if row is BAD:
        raise ShopDown(f"店铺数据库里有一行不对:{reading.problems[0]}")
    return row


class Rows:
    """See bot.shop.sql_ledger.Store: Xiaoer's own tables."""

    def __init__(self) -> None:
        """Nothing read yet."""
        self._checked = Checked()

    def load(
        self, connection: Any, name: str, column: str = "", values: Sequence[str] = (), *, lock: bool = False
    ) -> list[Any]:
        """All rows of a kind, or those whose `column` holds one of `values`, if told so locked."""
        kind = KINDS[name]
        wanted = sa.select(kind.table)
        if column:
            wanted = wanted.where(_among(kind.table.c[column], values))
        wanted = wanted.with_for_update() if lock else wanted
        found = [dict(row) for row in connection.execute(wanted).mappings()]
        # MySQL takes "O1 " for "O1"; nobody else does.
        rows = {row[kind.key]: row for row in found if not column or row[column] in values}
        for part, table in kind.parts.items():
            parts = _load_parts(connection, table, list(rows) if column else None)
            for key, row in rows.items():
                row[part] = parts[key]
        return [self._checked.row(name, key, row) for key, row in rows.items()]

    def take_turn(self, connection: Any) -> None:
        """See Store: whoever holds the row `schema` writes."""
        connection.execute(sa.select(META.c.value).where(META.c.name == "schema").with_for_update())

    def check(self, connection: Any, change: Change) -> None:
        """See Store: these tables hold everything."""

    def put(self, connection: Any, change: Change, key: str) -> None:
        """See Store."""
        for name in (field.name for field in fields(change) if field.name in KINDS):
            _replace(connection, name, getattr(change, name))
        if change.products:
            _renew_catalogue(connection, key)


def _load_parts(connection: Any, table: Any, owners: list[str] | None) -> dict[str, list[dict[str, Any]]]:
    """Parts by their owner, in their order; all of them if `owners` is None."""
    wanted = sa.select(table).order_by(table.c.owner, table.c.position)
    groups = [None] if owners is None else [owners[i : i + AT_ONCE] for i in range(0, len(owners), AT_ONCE)]
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for group in groups:
        chosen = wanted if group is None else wanted.where(_among(table.c.owner, group))
        for row in connection.execute(chosen).mappings():
            part = dict(row)
            del part["position"]
            found[part.pop("owner")].append(part)
    return found


def _among(column: Any, values: Sequence[str]) -> Any:
    # One value is the usual case, and SQLAlchemy prepares an equality much faster than an IN.
    return column == values[0] if len(values) == 1 else column.in_(values)


def store(connection: Any, name: str, rows: Sequence[Any]) -> None:
    """Insert rows of a kind with their parts."""
    kind = KINDS[name]
    written = [write_value(row) for row in rows]
    _insert(connection, kind.table, written)
    for part, table in kind.parts.items():
        parts = [
            {"owner": row[kind.key], "position": position, **value}
            for row in written
            for position, value in enumerate(row[part])
        ]
        _insert(connection, table, parts)


def first(rows: Sequence[Row]) -> Row | None:
    """The first row, or None."""
    return rows[0] if rows else None


def _replace(connection: Any, name: str, rows: Sequence[Any]) -> None:
    kind = KINDS[name]
    for key in (getattr(row, kind.key) for row in rows):
        for table in kind.parts.values():
            connection.execute(table.delete().where(table.c.owner == key))
        connection.execute(kind.table.delete().where(kind.table.c[kind.key] == key))
    store(connection, name, rows)


def _renew_catalogue(connection: Any, key: str) -> None:
    """Another version, so that every reader looks at the products again."""
    where = META.c.name == "catalogue_version"
    old = connection.execute(sa.select(META.c.value).where(where)).scalar() or ""
    new = hashlib.sha256(f"{old}/{key}".encode()).hexdigest()[:16]
    connection.execute(META.update().where(where).values(value=new))


def _insert(connection: Any, table: Any, rows: list[dict[str, Any]]) -> None:
    names = table.columns.keys()
    for start in range(0, len(rows), AT_ONCE):
        some = [{name: row[name] for name in names} for row in rows[start : start + AT_ONCE]]
        connection.execute(table.insert(), some)
