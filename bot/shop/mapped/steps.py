"""Statements that write a changed row into an owner's own tables: only what has changed, and all of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import zip_longest
from typing import Any

import sqlalchemy as sa

from bot.shop.mapped.forms import Shape, Unwritable
from bot.shop.mapped.found import Found
from bot.shop.mapped.mapping import Link
from bot.shop.mapped.tables import Kind, Table, linked

Json = dict[str, Any]
Step = Any
"""A statement that is yet to be executed."""


def updated(connection: Any, kind: Kind, old: Found, was: Json, new: Json) -> Iterator[Step]:
    """Statements that make the row that was found what it is now."""
    table = kind.table
    yield from _changed(connection, table, old, was, new)
    for name, part in kind.parts.items():
        olds, before, after = old.parts[name], was[name], new[name]
        if not part.several:
            olds, before, after = olds[-1:], *([each] if each else [] for each in (before, after))
        owner = {part.owner: old.columns[part.to]}
        for its, first, then in zip_longest(olds, before, after):
            if then is None:
                yield _update(part.table, its, part.table.gone)
            elif first is None or (not part.several and first.get("id") != then.get("id")):
                yield _inserted(connection, part.table, then, owner, part=True)
            else:
                yield from _changed(connection, part.table, its, first, then)


def _changed(connection: Any, table: Table, found: Found, was: Json, new: Json) -> Iterator[Step]:
    before = _flat(was, table.specs)
    changes = {path: value for path, value in _flat(new, table.specs).items() if value != before[path]}
    if values := _raw(connection, table, changes):
        yield _update(table, found, values)


def _update(table: Table, found: Found, values: Json) -> Step:
    """The statement that writes into the row that was found, which needs a key of its own for that."""
    if not (found.key and values):
        raise Unwritable(table.name)
    its = [table.of.c[name] == value for name, value in zip(table.key, found.key, strict=True)]
    return sa.update(table.of).where(*its).values(**values)


def added(connection: Any, kind: Kind, new: Json) -> Iterator[Step]:
    """Statements that make a new row with its parts."""
    table = kind.table
    yield _inserted(connection, table, new, {})
    cell = table.cells[kind.key]
    for name, part in kind.parts.items():
        its = sa.select(table.of.c[part.to]).where(table.of.c[cell.column.name] == cell.write(new[kind.key]))
        parts = new[name] if part.several else [new[name]] if new[name] else []
        for each in parts:
            owner = {part.owner: its.scalar_subquery()}
            yield _inserted(connection, part.table, each, owner, part=True)


def _inserted(connection: Any, table: Table, new: Json, owner: Json, *, part: bool = False) -> Step:
    """The statement that makes one row; a part may leave its own number to the table."""
    flat = _flat(new, table.specs)
    given = {path: value for path, value in flat.items() if not _left_out(table, path, value, part=part)}
    values = {**table.given, **owner, **_raw(connection, table, given)}
    if any(column.needed and name not in values for name, column in table.columns.items()):
        raise Unwritable(table.name)
    return sa.insert(table.of).values(**values)


def _left_out(table: Table, path: str, value: Any, *, part: bool) -> bool:
    """Whether a new row needs no word of a field: the column's default says it, or what is fixed."""
    cell = table.cells.get(path)
    if cell is None:
        return not value or value == table.map.fixed.get(path)
    numbers_itself = cell.column.name in table.key and cell.column.shape is Shape.WHOLE
    return value is None or (part and numbers_itself)


def _raw(connection: Any, table: Table, flat: Json) -> Json:
    """What columns are to hold, by their name; raises Unwritable where one cannot, or there is none."""
    values = {}
    for path, value in flat.items():
        cell = table.cells.get(path)
        if cell is None and path not in table.map.dropped:
            raise Unwritable(path)
        if cell is not None and cell.link is not None:
            values[cell.link.column] = _key_of(connection, cell.link, cell.write(value))
        elif cell is not None:
            values[cell.column.name] = cell.write(value)
    return values


def _key_of(connection: Any, link: Link, shown: Any) -> Any:
    there = linked(link)
    found = connection.execute(sa.select(there.c[link.key]).where(there.c[link.shows] == shown)).scalar()
    if found is None:
        raise Unwritable(link.table)
    return found


def _flat(form: Json, paths: Iterable[str]) -> Json:
    """Fields by path; those of an object that is null are null."""
    found = {}
    for path in paths:
        value: Any = form
        for name in path.split("."):
            value = None if value is None else value[name]
        found[path] = value
    return found
