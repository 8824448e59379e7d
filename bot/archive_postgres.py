"""The part of a backup that lies in PostgreSQL: dump, check and restore with PostgreSQL's own programs."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

from bot.database import Database
from bot.errors import BadInput, NotConfigured, ShopDown

_RUNNING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = "
_ANYTHING = "SELECT 1 FROM pg_tables WHERE schemaname = 'public' LIMIT 1"
DESK = "xiaoer desk"
"""The name under which every desk process is connected."""


def dump(url: str, target: Path) -> None:
    """Write the database, as it stands at one moment, to a file; raises NotConfigured."""
    _run("pg_dump", url, "--format=custom", "--no-owner", f"--file={target}")


def check(url: str, made: datetime, *, overwrite_newer: bool) -> None:
    """Refuse to restore a dump made then into a database that is no PostgreSQL, in use, or newer.

    Raises:
        BadInput: Something was said in it later, and `overwrite_newer` is not set.
        NotConfigured: It cannot be restored into, or desk processes are connected to it.
    """
    if not url.startswith("postgresql"):
        raise NotConfigured("备份来自 PostgreSQL;请先把 XIAOER_DATABASE_URL 设为要恢复到的 PostgreSQL 数据库")
    _program("pg_restore")
    with _reading(url) as connection:
        desks = connection.exec_driver_sql(f"{_RUNNING}'{DESK}'").scalar()
    if desks:
        raise NotConfigured(f"还有客服台进程连着这个数据库({desks} 个连接);先停掉它们再恢复")
    newest = _newest(url)
    if newest and newest > made and not overwrite_newer:
        raise BadInput(
            f"数据库里的消息({newest:%Y-%m-%d %H:%M})比备份({made:%Y-%m-%d %H:%M})新;"
            "确定要退回到备份时的样子,请加 --force"
        )


def restore(url: str, source: Path, kept: Path) -> bool:
    """Put a dump in place in one transaction; what it replaces, if anything, is dumped to `kept` first."""
    with _reading(url) as connection:
        replaces = connection.exec_driver_sql(_ANYTHING).scalar() is not None
    if replaces:
        dump(url, kept)
    _run("pg_restore", url, "--clean", "--if-exists", "--no-owner", "--single-transaction", str(source))
    return replaces


@contextmanager
def _reading(url: str) -> Iterator[Any]:
    """A connection that is closed at the end: a database in use can neither be restored nor dropped."""
    with closing(Database(url, 1)) as database, database.reading() as connection:
        yield connection


def _newest(url: str) -> datetime | None:
    """When the last line was said; None where the desk has no tables, or nothing was said yet."""
    try:
        with _reading(url) as connection:
            found: Any = connection.exec_driver_sql("SELECT max(at) FROM conversations_event").scalar()
    except ShopDown:
        return None
    return found.astimezone() if found else None


def _program(tool: str) -> str:
    program = shutil.which(tool)
    if program is None:
        raise NotConfigured(f"找不到 {tool}:请安装 PostgreSQL 客户端(Debian:postgresql-client),再重试")
    return program


def _run(tool: str, url: str, *options: str) -> None:
    """Run a PostgreSQL program; the password goes by environment, where `ps` does not show it."""
    parts = urlsplit(url)
    bare = urlunsplit(parts._replace(netloc=parts.netloc.replace(f":{parts.password}@", "@")))
    env = {**os.environ, **({"PGPASSWORD": unquote(parts.password)} if parts.password else {})}
    done = subprocess.run(
        [_program(tool), f"--dbname={bare}", *options], env=env, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise NotConfigured(f"{tool} 失败:{(done.stderr.strip().splitlines() or ['没有说明'])[-1]}")
