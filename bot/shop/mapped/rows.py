"""Rows in an owner's own tables: read by their mapping, and only what has changed written back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import Any

import sqlalchemy as sa

from bot.shop.doing.rows import Change, Refused
from bot.shop.mapped.forms import Unwritable
from bot.shop.mapped.found import Found, find
from bot.shop.mapped.steps import Step, added, updated
from bot.shop.mapped.tables import Kind
from bot.shop.reading import write_value
from bot.shop.rows import Checked
from bot.shop.schema import META

TURN = "mapped"
"""The row of `shop_meta` that whoever writes holds."""


class MappedRows:
    """See bot.shop.sql_ledger.Store; `kinds` are bound before the first question."""

    def __init__(self) -> None:
        """Nothing bound yet."""
        self.kinds: dict[str, Kind] = {}
        self._checked = Checked()

    def load(
        self, connection: Any, name: str, column: str = "", values: Sequence[str] = (), *, lock: bool = False
    ) -> list[Any]:
        """See Store; a kind that is not mapped has no rows."""
        kind = self.kinds.get(name)
        if kind is None:
            return []
        rows = [self._row(kind, found) for found in find(connection, kind, column, values, lock=lock)]
        return [row for row in rows if not column or getattr(row, column) in values]

    def _row(self, kind: Kind, found: Found) -> Any:
        return self._checked.row(kind.name, str(found.form.get(kind.key)), found.form)

    def take_turn(self, connection: Any) -> None:
        """See Store."""
        connection.execute(sa.select(META.c.value).where(META.c.name == TURN).with_for_update())

    def check(self, connection: Any, change: Change) -> None:
        """See Store."""
        list(self._steps(connection, change))

    def put(self, connection: Any, change: Change, key: str) -> None:
        """See Store."""
        for step in list(self._steps(connection, change)):
            connection.execute(step)

    def _steps(self, connection: Any, change: Change) -> Iterator[Step]:
        for name in (field.name for field in fields(change) if field.name != "result"):
            for row in getattr(change, name):
                try:
                    yield from self._writing(connection, name, row)
                except Unwritable as what:
                    raise Refused("by_person") from what

    def _writing(self, connection: Any, name: str, row: Any) -> Iterator[Step]:
        kind = self.kinds.get(name)
        if kind is None:
            raise Unwritable(name)
        key = getattr(row, kind.key)
        found = find(connection, kind, kind.key, [key], lock=False)
        old = next((each for each in found if each.form.get(kind.key) == key), None)
        new = write_value(row)
        if old is None:
            yield from added(connection, kind, new)
        else:
            yield from updated(connection, kind, old, write_value(self._row(kind, old)), new)
