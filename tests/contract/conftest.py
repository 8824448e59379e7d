"""Every adapter of a shop, empty databases of their own included; each database is dropped after its test."""

from __future__ import annotations

import os
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from functools import partial
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
from tests.contract.served import served

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
    yield from _empty(request.param, tmp_path)


MAPPED = ["mapped-sqlite", pytest.param("mapped-postgres", marks=pytest.mark.postgres)]


@pytest.fixture(params=["memory", *DATABASES, "http", *MAPPED])
async def make_shop(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Made]:
    """Makes a shop of each kind that holds the given rows."""
    if request.param == "memory":
        yield MemoryShop
        return
    async with AsyncExitStack() as open_:
        if request.param == "http":
            yield partial(_served, open_)
            return
        server = request.param.removeprefix("mapped-")
        url = open_.enter_context(contextmanager(_empty)(server, tmp_path))
        yield partial(_imported if server == request.param else _mapped, open_, url, tmp_path)


def _empty(server: str, folder: Path) -> Iterator[str]:
    """The URL of an empty database."""
    if server == "sqlite":
        yield f"sqlite:///{folder / 'rows.sqlite3'}"
        return
    yield from _fresh(server)


def _imported(open_: AsyncExitStack, url: str, _: Path, data: ShopData) -> ShopBackend:
    """Xiaoer's own tables, after an import."""
    shop = SqlShop(url)
    open_.push_async_callback(shop.close)
    shop.replace(data)
    return shop


def _mapped(open_: AsyncExitStack, url: str, folder: Path, data: ShopData) -> ShopBackend:
    """Somebody else's tables under their mapping."""
    foreign.fill(url, data)
    shop = MappedShop(url, foreign.write_map(folder, data))
    open_.push_async_callback(shop.close)
    return shop


def _served(open_: AsyncExitStack, data: ShopData) -> ShopBackend:
    """A shop in memory behind a server of its own."""
    shop = open_.enter_context(served(MemoryShop(data)))
    open_.push_async_callback(shop.close)
    return shop
