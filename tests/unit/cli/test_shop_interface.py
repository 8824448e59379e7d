"""The command line before a shop that keeps its own rows: they are left alone, and `doctor` asks it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot import archive, checkup
from bot.checkup import Mark
from bot.commands.shop import holds_demo
from bot.settings import Settings
from bot.shop.demo import load_demo
from bot.shop.memory import MemoryShop
from bot.shop.portable import ShopData, dump_text, read
from bot.shop.reference import create_app
from tests.contract import foreign
from tests.contract.served import API_KEY, listening
from tests.unit.cli.conftest import Ran


def _look(url: str, key: str = API_KEY) -> list[checkup.Finding]:
    return list(checkup._shop(Settings(shop_url=url, shop_api_key=key)))


def test_doctor_says_that_the_shop_answers():
    """With its name and how much it holds."""
    data = read({"policy": {"shop": {"name": "测试店"}}})
    with listening(create_app(MemoryShop(data), API_KEY)) as url:
        (empty,) = _look(url)
    assert (empty.mark, "测试店" in empty.what) == (Mark.HINT, True)


def test_doctor_says_why_it_does_not():
    """The key is another one; it is said to look at it."""
    with listening(create_app(MemoryShop(ShopData()), "another key")) as url:
        found = checkup.examine(Settings(shop_url=url, shop_api_key=API_KEY))
    told = [finding.what for finding in found if "店铺接口" in finding.what]
    assert len(told) == 1
    assert "XIAOER_SHOP_API_KEY" in told[0]


@pytest.mark.parametrize("command", ["import", "export"])
def test_rows_of_an_interface_are_neither_imported_nor_exported(
    xiaoer: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
):
    """They are the shop's own."""
    monkeypatch.setenv("XIAOER_SHOP_URL", "https://shop.example/api")
    file = tmp_path / "shop.json"
    file.write_text(dump_text(ShopData()), encoding="utf-8")
    ran = xiaoer("shop", command, file)
    assert (ran.code, "接口" in ran.err) == (2, True)


def test_the_demo_is_never_put_into_a_shop_of_its_own():
    """Nobody is even asked."""
    assert not holds_demo(Settings(shop_url="https://shop.example/api"))


@pytest.fixture
def own_tables(tmp_path: Path) -> Settings:
    """A shop in tables of its owner's, in SQLite."""
    url = f"sqlite:///{tmp_path}/own.sqlite3"
    data = read({"products": [{"id": "P1", "title": "杯", "category": "日用", "skus": []}]})
    foreign.fill(url, data)
    return Settings(home=tmp_path / "var", shop_url=url, shop_map=foreign.write_map(tmp_path, data))


def test_doctor_looks_into_the_owners_tables(own_tables: Settings):
    """Through the mapping."""
    (found,) = checkup._shop(own_tables)
    assert (found.mark, "1 件商品" in found.what) == (Mark.GOOD, True)
    assert not holds_demo(own_tables)


def test_a_backup_leaves_the_owners_tables_alone(own_tables: Settings):
    """They would else be put back to an older state with a restore."""
    assert "shop" not in archive._databases(own_tables)
    assert "shop" in archive._databases(replace(own_tables, shop_map=None))


def test_a_shop_is_served_only_under_a_key(xiaoer: Callable[..., Ran], tmp_path: Path):
    """An interface that answers everyone would be a bad example."""
    file = tmp_path / "shop.json"
    file.write_text(dump_text(ShopData()), encoding="utf-8")
    ran = xiaoer("shop", "serve", file)
    assert (ran.code, "XIAOER_SHOP_API_KEY" in ran.err) == (2, True)


def test_a_shop_file_is_served(xiaoer: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """By the reference server, on this machine alone."""
    started: dict[str, Any] = {}
    monkeypatch.setattr("uvicorn.run", lambda app, **more: started.update(more, app=app))
    monkeypatch.setenv("XIAOER_SHOP_API_KEY", API_KEY)
    file = tmp_path / "shop.json"
    file.write_text(dump_text(load_demo(Settings().now().date())), encoding="utf-8")
    ran = xiaoer("shop", "serve", file, "--port", 8901)
    assert (ran.code, started["host"], started["port"]) == (0, "127.0.0.1", 8901)
    with listening(started["app"]) as url:
        (found,) = _look(url)
    assert found.mark is Mark.GOOD
