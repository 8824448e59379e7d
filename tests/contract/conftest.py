"""Every adapter of a shop, empty databases of their own included; each database is dropped after its test."""

from __future__ import annotations

import os
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from bot.shop.backend import ShopBackend
from bot.shop.memory import MemoryShop
from bot.shop.portable import ShopData
from bot.shop.sql import SqlShop
from tests.contract.served import ServedShop, served

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


@asynccontextmanager
async def _behind_interfaces() -> AsyncIterator[Made]:
    """Makes shops that answer over HTTP, each from a server of its own."""
    with ExitStack() as servers:
        shops: list[ServedShop] = []

        def made(data: ShopData) -> ShopBackend:
            shops.append(servers.enter_context(served(MemoryShop(data))))
            return shops[-1]

        yield made
        for shop in shops:
            await shop.close()


@pytest.fixture(params=["memory", *DATABASES, "http"])
async def make_shop(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Made]:
    """Makes a shop of each kind that holds the given rows."""
    if request.param == "memory":
        yield MemoryShop
        return
    if request.param == "http":
        async with _behind_interfaces() as made:
            yield made
        return
    fresh = (
        iter([f"sqlite:///{tmp_path / 'shop.sqlite3'}"])
        if request.param == "sqlite"
        else _fresh(request.param)
    )
    shop = SqlShop(next(fresh))

    def filled(data: ShopData) -> ShopBackend:
        shop.replace(data)
        return shop

    yield filled
    await shop.close()
    for _ in fresh:
        pass
