"""A shop in a SQL database of Xiaoer's own tables, which an import fills."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from time import monotonic
from typing import Any

import sqlalchemy as sa

from bot.errors import NotConfigured
from bot.shop.memory import catalogue_version
from bot.shop.models import Catalogue
from bot.shop.policy import Policy, default_policy, dump_policy, load_policy
from bot.shop.portable import ShopData
from bot.shop.rows import Rows, store
from bot.shop.schema import KINDS, META, METADATA, version
from bot.shop.sql_base import SqlBackend

_SETUP = 5_870_611
"""Number of the lock under which tables are made."""


class SqlShop(SqlBackend):
    """A shop at a SQLAlchemy URL. Tables are made on first use; raises ShopDown when it cannot be asked."""

    fresh = 1.0

    def __init__(self, url: str) -> None:
        """Opens nothing yet; raises NotConfigured for a URL of no supported database."""
        super().__init__(url, Rows())
        self._policy_text = ""

    def replace(self, data: ShopData, marks: Mapping[str, str] | None = None) -> None:
        """Put `data` in the place of all rows, in one transaction (blocks); `marks` are kept beside them."""
        self._prepare(remake=True)
        self._looked = float("-inf")
        meta = {
            **(marks or {}),
            "catalogue_version": catalogue_version(data.products),
            "policy": json.dumps(dump_policy(data.policy), ensure_ascii=False),
        }
        with self._database.writing() as connection:
            self._rows.take_turn(connection)  # another import waits, then replaces what it finds
            for table in METADATA.sorted_tables:
                everything = table.delete()
                connection.execute(everything.where(META.c.name != "schema") if table is META else everything)
            for name in KINDS:
                store(connection, name, getattr(data, name))
            rows = [{"name": name, "value": value} for name, value in meta.items()]
            connection.execute(META.insert(), rows)

    def read_all(self) -> ShopData:
        """All rows as they stand at one moment (blocks)."""
        self._prepare()
        with self._database.reading() as connection:
            rows: dict[str, Any] = {name: _by_id(name, self._rows.load(connection, name)) for name in KINDS}
            return ShopData(**rows, policy=self._read_policy(connection))

    def marks(self) -> dict[str, str]:
        """What the last `replace` was marked with, even by another version of Xiaoer (blocks)."""
        with self._database.setting_up(_SETUP) as connection:
            METADATA.create_all(connection, tables=[META])
            kept = {row.name: row.value for row in connection.execute(sa.select(META))}
        return {k: v for k, v in kept.items() if k not in ("schema", "catalogue_version", "policy")}

    def is_empty(self) -> bool:
        """Whether the shop has no rows of any kind (blocks)."""
        self._prepare()
        with self._database.reading() as connection:
            tables = [kind.table for kind in KINDS.values()]
            return not any(connection.execute(sa.select(table).limit(1)).first() for table in tables)

    def _look(self, connection: Any) -> None:
        """Read what has changed of policy and catalogue."""
        begun = monotonic()
        self._policy = self._read_policy(connection)
        current = _meta(connection, "catalogue_version") or catalogue_version(())
        if self._catalogue is None or self._catalogue.version != current:
            self._catalogue = Catalogue(current, _by_id("products", self._rows.load(connection, "products")))
        self._looked = begun

    def _read_policy(self, connection: Any) -> Policy:
        text = _meta(connection, "policy")
        if text is None:
            return default_policy()
        if self._policy is None or self._policy_text != text:
            self._policy, self._policy_text = load_policy(json.loads(text)), text
        return self._policy

    def _make_tables(self, remake: bool) -> None:
        with self._database.setting_up(_SETUP) as connection:
            METADATA.create_all(connection, tables=[META])
            known = _meta(connection, "schema")
            if known not in (None, version()):
                if not remake:
                    raise NotConfigured(
                        f"{self._database.name} 里的店铺资料是另一个版本的店小二写的;"
                        "请用那个版本 xiaoer shop export,再用这个版本 xiaoer shop import"
                    )
                METADATA.drop_all(connection)
            METADATA.create_all(connection)
            self._database.add_missing(connection, META, [{"name": "schema", "value": version()}])


def _meta(connection: Any, name: str) -> str | None:
    value = connection.execute(sa.select(META.c.value).where(META.c.name == name)).scalar()
    return None if value is None else str(value)


def _by_id(name: str, rows: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(sorted(rows, key=lambda row: str(getattr(row, KINDS[name].key))))
