"""A shop in its owner's own tables, read and written as a mapping file says."""

from __future__ import annotations

from pathlib import Path
from time import monotonic
from typing import Any

from bot.errors import NotConfigured
from bot.shop.mapped.mapping import read_map
from bot.shop.mapped.rows import TURN, MappedRows
from bot.shop.mapped.tables import bind
from bot.shop.memory import catalogue_version
from bot.shop.models import Catalogue
from bot.shop.policy import default_policy, load_policy
from bot.shop.reading import WrongRows
from bot.shop.schema import LEDGER, META, METADATA
from bot.shop.sql_base import SqlBackend
from bot.yaml_file import shown

_SETUP = 5_870_613
"""Number of the lock under which the ledger is made."""


class MappedShop(SqlBackend):
    """The shop at a SQLAlchemy URL under a mapping; raises ShopDown when it cannot be asked.

    Of ours, only `shop_ledger` and `shop_meta` are made there. Raises NotConfigured naming the key of the
    mapping for a table or column that is not there.
    """

    fresh = 10.0

    def __init__(self, url: str, mapping: Path) -> None:
        """Opens nothing yet; raises NotConfigured for a wrong URL or mapping, BadInput for wrong rules."""
        self._bound = MappedRows()
        super().__init__(url, self._bound)
        self._file = mapping
        self._map = read_map(mapping)
        rules = self._map.policy
        self._policy = load_policy(mapping.parent / rules) if rules else default_policy()

    def _look(self, connection: Any) -> None:
        """Read the products: nobody else's tables say whether they have changed."""
        begun = monotonic()
        found = self._rows.load(connection, "products")
        products = tuple(sorted(found, key=lambda product: str(product.id)))
        self._catalogue = Catalogue(catalogue_version(products), products)
        self._looked = begun

    def _make_tables(self, remake: bool) -> None:
        with self._database.setting_up(_SETUP) as connection:
            METADATA.create_all(connection, tables=[META, LEDGER])
            self._database.add_missing(connection, META, [{"name": TURN, "value": ""}])
            try:
                self._bound.kinds = bind(connection, self._map)
            except WrongRows as problem:
                raise NotConfigured(f"{shown(self._file)}:{problem}") from problem
