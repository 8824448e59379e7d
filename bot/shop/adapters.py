"""Which adapter serves a shop, by its address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.shop.backend import ShopBackend
from bot.shop.memory import MemoryShop
from bot.shop.portable import read_file

if TYPE_CHECKING:
    from bot.settings import Settings

_SQL = ("sqlite:", "postgresql:", "postgresql+psycopg2:", "postgres:", "mysql:", "mysql+pymysql:")


def shop_of(settings: Settings) -> ShopBackend:
    """The shop that is configured; see `open_shop`."""
    return open_shop(settings.shop_url, settings.shop_api_key)


def open_shop(url: str, api_key: str = "") -> ShopBackend:
    """The shop at a database's or an interface's URL, or in a JSON file, which is read at once into memory.

    Raises BadInput for an unreadable file and NotConfigured for a URL of nothing supported. Nothing else is
    opened before the first question. The forms: docs/shop-data.md, docs/shop-api.md.
    """
    # Drivers and clients take a moment to import; a talk over a file does without them.
    if is_interface(url):
        from bot.shop.http import HttpShop

        return HttpShop(url, api_key)
    if url.startswith(_SQL) or "://" in url:
        from bot.shop.sql import SqlShop

        return SqlShop(url)
    return MemoryShop(read_file(url))


def is_interface(url: str) -> bool:
    """Whether a shop's own HTTP interface is meant, whose rows only the shop itself can put in place."""
    return url.startswith(("https://", "http://"))
