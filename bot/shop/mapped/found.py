"""Rows in an owner's own tables, as they are found there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from bot.shop.mapped.columns import NOTHING
from bot.shop.mapped.tables import Kind, Part, Table
from bot.shop.rows import AT_ONCE

Json = dict[str, Any]


@dataclass(frozen=True)
class Found:
    """A row as it was found: its JSON, its primary key, some of its columns by name, and its parts."""

    form: Json
    key: tuple[Any, ...]
    columns: Json
    parts: dict[str, list[Found]]


def find(connection: Any, kind: Kind, column: str, values: Sequence[str], *, lock: bool) -> list[Found]:
    """The rows of a kind whose field `column` holds one of `values` (no column: all), parts included."""
    where = kind.table.where(column, values) if column else None
    wanted = {part.to for part in kind.parts.values()}
    rows = _select(
        connection, kind.table, [] if where is None else [where], wanted, kind.table.key, lock=lock
    )
    for name, part in kind.parts.items():
        owners = [row.columns[part.to] for row in rows]
        found = _parts(connection, part, owners if column else None, lock=lock)
        for row in rows:
            row.parts[name] = found.get(row.columns[part.to], [])
            forms = [each.form for each in row.parts[name]]
            row.form[name] = forms if part.several else next(iter(forms[-1:]), None)
    return rows


def _parts(
    connection: Any, part: Part, owners: Sequence[Any] | None, *, lock: bool
) -> dict[Any, list[Found]]:
    """Parts by their owner, in their order; everybody's if `owners` is None."""
    its, rows = part.table.of.c[part.owner], []
    groups = [None] if owners is None else [owners[i : i + AT_ONCE] for i in range(0, len(owners), AT_ONCE)]
    for group in groups:
        where = [] if group is None else [its.in_(group)]
        rows += _select(connection, part.table, where, {part.owner}, part.order, lock=lock)
    found: dict[Any, list[Found]] = defaultdict(list)
    for row in rows:
        found[row.columns[part.owner]].append(row)
    return found


def _select(
    connection: Any, table: Table, where: list[Any], more: Iterable[str], order: Sequence[str], *, lock: bool
) -> list[Found]:
    names = list(dict.fromkeys((*table.key, *more)))
    asked = [*(table.of.c[name] for name in names), *(table.shows(path) for path in table.cells)]
    wanted = (
        sa.select(*(each.label(f"c{at}") for at, each in enumerate(asked)))
        .where(*table.only(), *where)
        .order_by(*(table.of.c[name] for name in order))
    )
    wanted = wanted.with_for_update() if lock else wanted
    found = []
    for row in connection.execute(wanted):
        columns = dict(zip(names, row, strict=False))
        read = {
            path: cell.read(raw)
            for (path, cell), raw in zip(table.cells.items(), row[len(names) :], strict=True)
        }
        key = tuple(columns[name] for name in table.key)
        found.append(Found(_nested(table, read), key, columns, {}))
    return found


def _nested(table: Table, read: Json) -> Json:
    """The JSON form of fields by path; an object that may be null is, where it lacks what it needs."""
    lacking = {s.within for path, s in table.specs.items() if s.needed and read.get(path) is NOTHING}
    form: Json = {}
    for path, value in {**table.map.fixed, **read}.items():
        within = table.specs[path].within
        if value is NOTHING or (within and within in lacking):
            continue
        place = form
        *above, name = path.split(".")
        for each in above:
            place = place.setdefault(each, {})
        place[name] = value
    return form
