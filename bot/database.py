"""Engines for the databases of shop rows, proof tries and model usage: SQLite, PostgreSQL, MySQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic, sleep
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.pool import QueuePool

from bot.errors import NotConfigured, ShopDown

PATIENCE = 10
"""Seconds that one statement, or the wait for a lock, may take before the shop counts as down."""

_RETRY = 0.01
"""Seconds between two tries of what SQLite does not wait for by itself."""
_CONFLICTS = {"40001", "40P01", 1213, 1020}
"""Deadlock and lost snapshot, as PostgreSQL and MySQL number them."""
_DRIVERS = {"postgres": "postgresql+psycopg2", "postgresql": "postgresql+psycopg2", "mysql": "mysql+pymysql"}


class Conflict(ShopDown):
    """The database undid a transaction that got in the way of another one: it may be tried again."""


class Database:
    """One database by its URL: `reading` gives a consistent snapshot, `writing` one transaction.

    Nothing is opened before the first use. Raises NotConfigured for a URL that names no supported database.
    """

    def __init__(self, url: str, connections: int) -> None:
        """`connections`: how many are kept open at most."""
        self.url = _url(url)
        self.kind: str = self.url.get_backend_name()
        self.name = f"{self.kind} {self.url.host or ''} {self.url.database}".replace("  ", " ")
        self._engine = _ENGINES[self.kind](self.url, connections)
        level = {} if self.kind == "sqlite" else {"isolation_level": "READ COMMITTED"}
        self._writer = self._engine.execution_options(xiaoer_writes=True, **level)

    @contextmanager
    def reading(self) -> Iterator[Any]:
        """A connection within a transaction that sees one moment of the data; raises ShopDown."""
        with self._telling(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Any]:
        """A connection within a transaction: committed at the end, undone on any error; raises ShopDown."""
        with self._telling(), self._writer.begin() as connection:
            yield connection

    @contextmanager
    def setting_up(self, number: int) -> Iterator[Any]:
        """As `writing`, for making tables: one process at a time under each number."""
        with self.writing() as connection:
            if self.kind == "postgresql":
                connection.execute(sa.text("SELECT pg_advisory_xact_lock(:n)"), {"n": number})
            if self.kind != "mysql":
                yield connection
                return
            connection.execute(sa.text("SELECT GET_LOCK(:n, :s)"), {"n": f"xiaoer {number}", "s": PATIENCE})
            try:
                yield connection
            finally:
                connection.execute(sa.text("SELECT RELEASE_LOCK(:n)"), {"n": f"xiaoer {number}"})

    def add_missing(self, connection: Any, table: Any, rows: list[dict[str, Any]]) -> None:
        """Insert rows whose key is not there yet, without a race."""
        connection.execute(_MISSING[self.kind](table), rows)

    def close(self) -> None:
        """Close the idle connections."""
        self._engine.dispose()

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as problem:
            kind = Conflict if _is_conflict(problem) else ShopDown
            raise kind(f"数据库({self.name})出错:{_reason(problem)}") from problem


def _is_conflict(problem: SQLAlchemyError) -> bool:
    driver = problem.orig if isinstance(problem, DBAPIError) else None
    code = getattr(driver, "pgcode", None) or next(iter(getattr(driver, "args", ())), None)
    return code in _CONFLICTS


def _reason(problem: SQLAlchemyError) -> str:
    """The driver's own first line; SQLAlchemy's text may hold customers' data and runs over many lines."""
    text = str(problem.orig) if isinstance(problem, DBAPIError) else str(problem)
    return " ".join(text.split("\n")[0].split()) or type(problem).__name__


def _url(text: str) -> Any:
    expected = "数据库网址应为 sqlite:///文件、postgresql://… 或 mysql://…"
    try:
        url = make_url(text)
    except (ArgumentError, ValueError) as problem:
        raise NotConfigured(f"{expected},却是别的写法") from problem
    url = url.set(drivername=_DRIVERS.get(url.drivername, url.drivername))
    if url.get_backend_name() not in _ENGINES:
        raise NotConfigured(f"{expected},却是 {url.drivername}:")
    if url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:"):
        raise NotConfigured("数据库网址 sqlite:/// 后面应有文件名")
    return url


def _sqlite(url: Any, connections: int) -> Any:
    settings = {"timeout": PATIENCE, "check_same_thread": False}
    engine = _engine(url, connections, connect_args=settings, poolclass=QueuePool)
    sa.event.listen(engine, "connect", _prepare_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    _write_ahead(connection)
    connection.execute("PRAGMA synchronous=NORMAL")


def _write_ahead(connection: Any) -> None:
    """Switch the file to WAL, which it stays in; SQLite refuses at once while another connection uses it."""
    deadline = monotonic() + PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as problem:
            if "locked" not in str(problem) or monotonic() > deadline:
                raise
            sleep(_RETRY)


def _begin_sqlite(connection: Any) -> None:
    # The driver opens no transaction for reads and a deferred one for writes: two writers would fail.
    writes = connection.get_execution_options().get("xiaoer_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _postgresql(url: Any, connections: int) -> Any:
    settings = {"connect_timeout": 5, "tcp_user_timeout": PATIENCE * 1000}
    engine = _engine(
        url, connections, connect_args=settings, isolation_level="REPEATABLE READ", pool_pre_ping=True
    )
    sa.event.listen(engine, "connect", _prepare_postgresql)
    return engine


def _prepare_postgresql(connection: Any, _record: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET statement_timeout = {PATIENCE * 1000}")
    connection.commit()


def _mysql(url: Any, connections: int) -> Any:
    settings = {
        "charset": "utf8mb4",
        "connect_timeout": 5,
        "read_timeout": PATIENCE,
        "write_timeout": PATIENCE,
    }
    return _engine(
        url, connections, connect_args=settings, isolation_level="REPEATABLE READ", pool_pre_ping=True
    )


def _engine(url: Any, connections: int, **options: Any) -> Any:
    pool = {"pool_size": connections, "max_overflow": 2, "pool_timeout": PATIENCE}
    return sa.create_engine(url, future=True, hide_parameters=True, **pool, **options)


def _missing_sqlite(table: Any) -> Any:
    return sqlite.insert(table).on_conflict_do_nothing()


def _missing_postgresql(table: Any) -> Any:
    return postgresql.insert(table).on_conflict_do_nothing()


def _missing_mysql(table: Any) -> Any:
    # INSERT IGNORE would lock the row for reading only: two that go on to change it would block each other.
    key = next(iter(table.primary_key.columns))
    return mysql.insert(table).on_duplicate_key_update(**{key.name: key})


_ENGINES = {"sqlite": _sqlite, "postgresql": _postgresql, "mysql": _mysql}
_MISSING = {"sqlite": _missing_sqlite, "postgresql": _missing_postgresql, "mysql": _missing_mysql}
