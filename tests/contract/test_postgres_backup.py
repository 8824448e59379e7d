"""A desk in PostgreSQL is backed up and restored with the same care as one in a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot import archive, archive_postgres, keys
from bot.errors import BadInput, NotConfigured
from bot.settings import Settings, load, name_of
from tests.contract.conftest import _fresh

pytestmark = pytest.mark.postgres


@dataclass
class Desk:
    """A home whose desk lies in a database of its own."""

    settings: Settings
    file: Path

    def run(self, statement: str, **connecting: Any) -> Any:
        engine = sa.create_engine(
            self.settings.database_url, connect_args=connecting, future=True, poolclass=sa.pool.NullPool
        )
        with engine.begin() as connection:
            answer = connection.execute(sa.text(statement))
            return answer.scalars().all() if answer.returns_rows else None

    def said(self) -> list[str]:
        return list(self.run("SELECT text FROM conversations_event ORDER BY at"))

    def say(self, text: str, ago: timedelta) -> None:
        self.run(f"INSERT INTO conversations_event VALUES ('{self.settings.now() - ago}', '{text}')")


@pytest.fixture
def desk(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """One line is said, and backed up an hour later."""
    fresh = _fresh("postgres")
    url = next(fresh).replace("postgresql+psycopg2:", "postgresql:")
    monkeypatch.setenv("XIAOER_HOME", str(home))
    monkeypatch.setenv("XIAOER_DATABASE_URL", url)
    for name in keys.SECRETS:
        monkeypatch.delenv(name_of(name), raising=False)
    keys.ensure(load())
    made = Desk(load(), tmp_path / "backup.tar.gz")
    made.run("CREATE TABLE conversations_event (at timestamptz, text text)")
    made.say("第一句", timedelta(hours=1))
    archive.write(made.settings, made.file)
    yield made
    for _ in fresh:
        pass


def test_a_restore_brings_back_what_was_said_and_keeps_what_it_replaces(desk: Desk):
    """The kept dump brings that back in turn."""
    desk.run("UPDATE conversations_event SET text = '改过'")
    archive.read(desk.settings, desk.file)
    assert desk.said() == ["第一句"]
    (kept,) = desk.settings.home.glob("before-restore-*/desk.dump")
    archive_postgres.restore(desk.settings.database_url, kept, kept.with_name("again.dump"))
    assert desk.said() == ["改过"]


def test_newer_messages_are_not_overwritten_unless_asked(desk: Desk):
    """A line said after the backup is somebody's."""
    desk.say("第二句", timedelta(0))
    with pytest.raises(BadInput, match="--force"):
        archive.read(desk.settings, desk.file)
    assert desk.said() == ["第一句", "第二句"]
    archive.read(desk.settings, desk.file, overwrite_newer=True)
    assert desk.said() == ["第一句"]


def test_a_desk_that_is_connected_is_never_overwritten(desk: Desk):
    """Further desk processes are not in this home's lock; the database knows them by name."""
    engine = sa.create_engine(
        desk.settings.database_url, connect_args={"application_name": archive_postgres.DESK}, future=True
    )
    with engine.connect(), pytest.raises(NotConfigured, match="客服台"):
        archive.read(desk.settings, desk.file, overwrite_newer=True)
    engine.dispose()
    archive.read(desk.settings, desk.file)


def test_a_restore_into_an_empty_database_keeps_nothing(desk: Desk):
    """A new machine."""
    desk.run("DROP TABLE conversations_event")
    desk.settings.env_file.unlink()
    archive.read(desk.settings, desk.file)
    assert desk.said() == ["第一句"]
    assert list(desk.settings.home.glob("before-restore-*")) == []


def test_a_dump_that_cannot_be_restored_changes_nothing(desk: Desk, tmp_path: Path):
    """Neither the database nor the files of the home."""
    desk.run("CREATE VIEW lately AS SELECT text FROM conversations_event")  # the old table cannot be dropped
    before = desk.settings.env_file.stat().st_mtime_ns
    with pytest.raises(NotConfigured, match="pg_restore"):
        archive.read(desk.settings, desk.file)
    assert desk.said() == ["第一句"]
    assert desk.settings.env_file.stat().st_mtime_ns == before
