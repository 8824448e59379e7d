"""Every adapter of a shop, empty databases of their own included; each database is dropped after its test."""

from __future__ import annotations

import os
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache, partial
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from bot.shop.backend import ShopBackend
from bot.shop.mapped.shop import MappedShop
from bot.shop.memory import MemoryShop
from bot.shop.portable import ShopData
from bot.shop.sql import SqlShop
from tests.contract import foreign
from tests.contract.served import Doors

Made = Callable[[ShopData], ShopBackend]

_POSTGRES = "postgresql+psycopg2://postgres@127.0.0.1:5432/test"
_SERVERS = {
    "postgres": ("TEST_POSTGRES_URL", _POSTGRES),
    "mysql": ("TEST_MYSQL_URL", ""),
}


def _server(kind: str) -> str:
    name, default = _SERVERS[kind]
    return os.environ.get(name) or default


DATABASES = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
if _server("mysql"):
    DATABASES.append("mysql")


def _execute(url: str, statement: str) -> None:
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", future=True, poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        connection.execute(sa.text(statement))
    engine.dispose()


def _fresh(kind: str) -> Iterator[str]:
    server = _server(kind)
    name = f"xiaoer_{uuid.uuid4().hex[:12]}"
    try:
        _execute(server, f"CREATE DATABASE {name}")
    except SQLAlchemyError as problem:
        if kind == "postgres" and os.environ.get("CI") == "true":
            raise
        pytest.skip(f"no {kind} answers at {make_url(server)!r}: {str(problem).splitlines()[0]}")
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    _execute(server, f"DROP DATABASE {name}")


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'rows.sqlite3'}"
        return
    yield from _fresh(request.param)


@pytest.fixture(scope="session")
def kept() -> Iterator[Callable[[str], str]]:
    """The URL of one database by its name, for all tests that begin by putting rows in the place of all.

    Making one takes a server a second, and there are hundreds of such tests.
    """
    with ExitStack() as open_:

        @cache
        def url(name: str) -> str:
            return open_.enter_context(contextmanager(_fresh)(name.removeprefix(MAPPED)))

        yield url


@pytest.fixture(scope="session")
def doors() -> Iterator[Doors]:
    """One server before all shops in memory."""
    with Doors.open() as opened:
        yield opened


MAPPED = "mapped-"
_ADAPTERS = ["memory", *DATABASES, "http", f"{MAPPED}sqlite"]


@pytest.fixture(params=[*_ADAPTERS, pytest.param(f"{MAPPED}postgres", marks=pytest.mark.postgres)])
async def make_shop(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Made]:
    """Makes a shop of each kind that holds the given rows."""
    shops: list[ShopBackend] = []
    make = _maker(request, tmp_path)

    def made(data: ShopData) -> ShopBackend:
        shops.append(make(data))
        return shops[-1]

    yield made
    for shop in shops:
        await shop.close()


def _maker(request: pytest.FixtureRequest, folder: Path) -> Made:
    kind = request.param
    if kind == "memory":
        return MemoryShop
    if kind == "http":
        doors: Doors = request.getfixturevalue("doors")
        return lambda data: doors.shop(MemoryShop(data))
    is_file = kind.endswith("sqlite")
    url = f"sqlite:///{folder / 'rows.sqlite3'}" if is_file else request.getfixturevalue("kept")(kind)
    return partial(_mapped, url, folder) if kind.startswith(MAPPED) else partial(_imported, url)


def _imported(url: str, data: ShopData) -> ShopBackend:
    """Xiaoer's own tables, after an import."""
    shop = SqlShop(url)
    shop.replace(data)
    return shop


def _mapped(url: str, folder: Path, data: ShopData) -> ShopBackend:
    """Somebody else's tables under their mapping."""
    foreign.fill(url, data)
    return MappedShop(url, foreign.write_map(folder, data))
