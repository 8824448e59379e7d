"""Which adapter serves a shop, by its address."""

from __future__ import annotations

from bot.shop.backend import ShopBackend
from bot.shop.memory import MemoryShop
from bot.shop.portable import read_file

_SQL = ("sqlite:", "postgresql:", "postgresql+psycopg2:", "postgres:", "mysql:", "mysql+pymysql:")


def open_shop(url: str) -> ShopBackend:
    """The shop at a database URL, or in a JSON file (docs/shop-data.md), which is read at once into memory.

    Raises BadInput for an unreadable file and NotConfigured for a URL of no supported database. A database is
    not opened before the first question.
    """
    if url.startswith(_SQL) or "://" in url:
        # SQLAlchemy takes a moment to import; a talk over a file does without it.
        from bot.shop.sql import SqlShop

        return SqlShop(url)
    return MemoryShop(read_file(url))
