"""Which adapter serves a shop, by its address."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import NotConfigured
from bot.shop.backend import ShopBackend
from bot.shop.memory import MemoryShop
from bot.shop.portable import read_file

if TYPE_CHECKING:
    from bot.settings import Settings

_SQL = ("sqlite:", "postgresql:", "postgresql+psycopg2:", "postgres:", "mysql:", "mysql+pymysql:")


def shop_of(settings: Settings) -> ShopBackend:
    """The shop that is configured; see `open_shop`."""
    return open_shop(settings.shop_url, settings.shop_api_key, settings.shop_map)


def open_shop(url: str, api_key: str = "", mapping: Path | None = None) -> ShopBackend:
    """The shop at a database's or an interface's URL, or in a JSON file, which is read at once into memory.

    `mapping`: how the tables of the database are called, which are its owner's then. Raises BadInput for an
    unreadable file and NotConfigured for a URL of nothing supported or a wrong mapping. Nothing else is
    opened before the first question. The forms: docs/shop-data.md, docs/shop-api.md, docs/shop-map.md.
    """
    # Drivers and clients take a moment to import; a talk over a file does without them.
    if _is_interface(url) and mapping is not None:
        raise NotConfigured("XIAOER_SHOP_URL 是店铺接口,不需要 XIAOER_SHOP_MAP;请去掉其中一个")
    if _is_interface(url):
        from bot.shop.http import HttpShop

        return HttpShop(url, api_key)
    if mapping is not None:
        from bot.shop.mapped.shop import MappedShop

        return MappedShop(url, mapping)
    if url.startswith(_SQL) or "://" in url:
        from bot.shop.sql import SqlShop

        return SqlShop(url)
    return MemoryShop(read_file(url))


def is_foreign(url: str, mapping: Path | None) -> bool:
    """Whether the shop's rows are kept by a system of its own, and only there put in place."""
    return mapping is not None or _is_interface(url)


def _is_interface(url: str) -> bool:
    return url.startswith(("https://", "http://"))
