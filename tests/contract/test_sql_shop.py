"""A shop in a database: replaced whole, exported as imported, and honest when it is down."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.errors import NotConfigured, ShopDown
from bot.shop.adapters import open_shop
from bot.shop.memory import MemoryShop
from bot.shop.models import Coupon, Product, Sku
from bot.shop.portable import ShopData, dump_text
from bot.shop.sql import SqlShop

DAY = date(2026, 11, 21)


def goods(number: int) -> ShopData:
    """A shop whose every row tells which of several it is."""
    products = tuple(
        Product(f"P{i:04}", f"{number}号", "日用", (Sku(f"K{i}", {}, number, number),)) for i in range(600)
    )
    return ShopData(products=products, coupons=(Coupon(f"C{number}", "券", 1, 2, DAY, DAY),))


@pytest.fixture
async def shop(database_url: str) -> AsyncIterator[SqlShop]:
    """An empty database as a shop."""
    made = SqlShop(database_url)
    yield made
    await made.close()


def test_what_was_imported_is_exported(shop: SqlShop):
    """Byte for byte, with its marks beside it."""
    shop.replace(goods(1), {"by": "test"})
    assert shop.read_all() == goods(1)
    assert dump_text(shop.read_all()) == dump_text(goods(1))
    assert shop.marks() == {"by": "test"}


def test_an_import_leaves_nothing_of_the_shop_before(shop: SqlShop):
    """Rows and marks are replaced, not added to."""
    assert shop.is_empty()
    shop.replace(goods(1), {"by": "test"})
    shop.replace(goods(2))
    assert not shop.is_empty()
    assert shop.read_all() == goods(2)
    assert shop.marks() == {}


def test_an_import_that_fails_half_way_changes_nothing(shop: SqlShop):
    """One transaction: the last row is one too many."""
    shop.replace(goods(1), {"by": "test"})
    twice = goods(2)
    with pytest.raises(ShopDown):
        shop.replace(replace(twice, coupons=twice.coupons * 2))
    assert shop.read_all() == goods(1)
    assert shop.marks() == {"by": "test"}


async def test_the_catalogue_is_read_again_only_when_it_changed(shop: SqlShop):
    """The same object as long as the version holds."""
    shop.replace(goods(1))
    first = await shop.catalogue()
    assert await shop.catalogue() is first
    shop.replace(goods(2))
    second = await shop.catalogue()
    assert second.version != first.version
    assert second == await MemoryShop(goods(2)).catalogue()


async def test_readers_never_see_half_an_import(shop: SqlShop, database_url: str):
    """While one imports, others see the shop before or the shop after, whole."""
    shop.replace(goods(1))
    other = SqlShop(database_url)

    async def look() -> set[str]:
        seen = await asyncio.to_thread(other.read_all)
        assert len(seen.products) == 600
        return {p.title for p in seen.products} | {c.id.replace("C", "") + "号" for c in seen.coupons}

    imports = asyncio.gather(*(asyncio.to_thread(shop.replace, goods(n)) for n in (2, 3)))
    for _ in range(6):
        assert len(await look()) == 1
    await imports
    assert len(await look()) == 1
    await other.close()


async def test_imports_at_once_follow_one_another(database_url: str):
    """Replicas that start together leave one whole shop."""
    shops = [SqlShop(database_url) for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda n: shops[n].replace(goods(n)), range(3)))
    assert shops[0].read_all() in [goods(n) for n in range(3)]
    for shop in shops:
        await shop.close()


async def test_tables_of_another_version_are_refused_until_the_next_import(shop: SqlShop):
    """Rows that this code cannot read are never half-read; the way out is said."""
    shop.replace(goods(1), {"by": "test"})
    with shop._database.writing() as connection:
        connection.exec_driver_sql("UPDATE shop_meta SET value = 'old' WHERE name = 'schema'")
        connection.exec_driver_sql("DROP TABLE shop_coupons")
    later = SqlShop(shop._database.url.render_as_string(hide_password=False))
    assert later.marks() == {"by": "test"}
    with pytest.raises(NotConfigured, match="shop import"):
        await later.order("O1")
    later.replace(goods(2))
    assert later.read_all() == goods(2)
    await later.close()


async def test_a_row_that_someone_spoiled_is_named(shop: SqlShop):
    """A system that writes the tables itself gets told what is wrong in them."""
    shop.replace(goods(1))
    with shop._database.writing() as connection:
        connection.exec_driver_sql("UPDATE shop_coupons SET state = 'free'")
    with pytest.raises(ShopDown, match=r"coupons\[C1\]\.state:应为以下之一:usable"):
        await shop.coupons_of(None)


async def test_a_database_that_is_not_there_is_down_in_one_line(tmp_path: Path):
    """The driver's reason, no statement, no trace, no password."""
    lost = SqlShop(f"sqlite:///{tmp_path}/nowhere/shop.sqlite3")
    with pytest.raises(ShopDown, match="unable to open database file") as down:
        await lost.order("O1")
    assert "\n" not in str(down.value)
    await lost.close()
    silent = SqlShop("postgresql://me:secret@127.0.0.1:1/shop")
    with pytest.raises(ShopDown, match=r"127\.0\.0\.1") as down:
        await silent.order("O1")
    assert "secret" not in str(down.value)
    await silent.close()


@pytest.mark.parametrize("url", ["oracle://x", "sqlite://", "sqlite:///:memory:", "://", "ftp://x/y.json"])
def test_a_url_of_no_supported_database_is_refused(url: str):
    """With what would be right."""
    with pytest.raises(NotConfigured, match="数据库网址"):
        open_shop(url)


async def test_a_path_opens_a_shop_in_memory(tmp_path: Path):
    """As `talk --shop FILE` does."""
    file = tmp_path / "shop.json"
    file.write_text(dump_text(goods(1)), encoding="utf-8")
    shop = open_shop(str(file))
    assert isinstance(shop, MemoryShop)
    assert (await shop.catalogue()).products == goods(1).products


async def test_a_file_that_another_holds_at_its_first_use_is_waited_for(tmp_path: Path):
    """SQLite refuses at once to switch a file in use to its log: the shop tries until the other is done."""
    path = tmp_path / "rows.sqlite3"
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    shop = SqlShop(f"sqlite:///{path}")
    importing = asyncio.create_task(asyncio.to_thread(shop.replace, goods(1)))
    done, _ = await asyncio.wait({importing}, timeout=0.3)
    assert not done
    other.execute("COMMIT")
    await importing
    assert shop.read_all() == goods(1)
    other.close()
    await shop.close()
