"""Backups are consistent and private; a restore verifies first and keeps what it replaces."""

from __future__ import annotations

import io
import os
import sqlite3
import stat
import tarfile
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot import archive, keys
from bot.commands.up import only_one
from bot.errors import BadInput, NotConfigured
from bot.settings import Settings, load


@pytest.fixture
def shop(home: Path) -> Settings:
    """A home with secrets and a desk database in WAL mode that holds one message."""
    settings = load({"XIAOER_HOME": str(home)})
    keys.ensure(settings)
    with closing(sqlite3.connect(home / "desk.sqlite3")) as database:
        database.execute("pragma journal_mode=wal")
        database.execute("create table message (text)")
        database.execute("insert into message values ('第一句')")
        database.commit()
    return load({"XIAOER_HOME": str(home)})


def messages(settings: Settings) -> list[str]:
    """What the desk database says."""
    with closing(sqlite3.connect(settings.home / "desk.sqlite3")) as database:
        return [row[0] for row in database.execute("select text from message")]


def test_a_backup_taken_while_others_write_holds_every_committed_row(shop: Settings, tmp_path: Path):
    """Rows still in the write-ahead log are copied, too."""
    file = tmp_path / "b.tar.gz"
    with closing(sqlite3.connect(shop.home / "desk.sqlite3")) as writer:
        writer.execute("insert into message values ('第二句')")
        writer.commit()
        writer.execute("insert into message values ('没提交')")
        archive.write(shop, file)
    fresh = load({"XIAOER_HOME": str(tmp_path / "fresh")})
    archive.read(fresh, file)
    assert messages(fresh) == ["第一句", "第二句"]
    assert load({"XIAOER_HOME": str(fresh.home)}).desk_secret == shop.desk_secret


def test_a_backup_is_private(shop: Settings, tmp_path: Path):
    """It holds secrets and customers' words."""
    archive.write(shop, tmp_path / "b.tar.gz")
    assert stat.S_IMODE((tmp_path / "b.tar.gz").stat().st_mode) == 0o600
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


def test_an_existing_file_is_not_overwritten_unless_asked(shop: Settings, tmp_path: Path):
    """The only good backup may be that one."""
    file = tmp_path / "b.tar.gz"
    file.write_text("older")
    with pytest.raises(BadInput, match="--force"):
        archive.write(shop, file)
    archive.write(shop, file, overwrite=True)
    assert tarfile.is_tarfile(file)


def test_newer_data_is_not_overwritten_unless_asked_and_then_kept(shop: Settings, tmp_path: Path):
    """A mistaken restore can be undone."""
    file = tmp_path / "b.tar.gz"
    long_ago = shop.now() - timedelta(days=3)
    archive.write(replace(shop, today=long_ago), file)
    with pytest.raises(BadInput, match="--force"):
        archive.read(shop, file)
    told = archive.read(shop, file, overwrite_newer=True)
    assert messages(shop) == ["第一句"]
    (kept,) = shop.home.glob("before-restore-*")
    assert str(kept) in "\n".join(told)
    assert (kept / "desk.sqlite3").exists()


def test_a_running_shop_is_never_overwritten(shop: Settings, tmp_path: Path):
    """Not even on demand: its processes would mix old and new."""
    file = tmp_path / "b.tar.gz"
    archive.write(shop, file)
    with only_one(shop.home):
        assert archive.is_running(shop)
        with pytest.raises(NotConfigured, match=str(os.getpid())):
            archive.read(shop, file, overwrite_newer=True)
    assert not archive.is_running(shop)


@pytest.mark.parametrize("cut", [0, 10, 400])
def test_a_cut_off_file_is_refused_and_nothing_is_touched(shop: Settings, tmp_path: Path, cut: int):
    """A download that broke off."""
    file = tmp_path / "b.tar.gz"
    archive.write(shop, file)
    file.write_bytes(file.read_bytes()[:cut])
    before = (shop.home / "desk.sqlite3").read_bytes()
    with pytest.raises(BadInput, match=r"b\.tar\.gz"):
        archive.read(shop, file, overwrite_newer=True)
    assert (shop.home / "desk.sqlite3").read_bytes() == before


def test_a_changed_member_is_refused(shop: Settings, tmp_path: Path):
    """The manifest's hashes hold."""
    file = tmp_path / "b.tar.gz"
    archive.write(shop, file)
    with tarfile.open(file) as tar:
        members = {m.name: tar.extractfile(m).read() for m in tar.getmembers()}
    members["xiaoer.env"] += b"XIAOER_DEMO=1\n"
    repack(file, members)
    with pytest.raises(BadInput, match=r"xiaoer\.env"):
        archive.read(shop, file, overwrite_newer=True)


def test_a_member_cannot_leave_the_home(shop: Settings, tmp_path: Path):
    """Only the names that a backup has are taken from the archive."""
    file = tmp_path / "evil.tar.gz"
    manifest = (
        b'{"format": 1, "made": "2026-01-01T00:00:00+08:00", "files": {"xiaoer.env": "0", "../x": "0"}}'
    )
    repack(file, {"manifest.json": manifest, "../x": b"x", "xiaoer.env": b""})
    with pytest.raises(BadInput, match=r"evil\.tar\.gz"):
        archive.read(shop, file, overwrite_newer=True)
    assert not (shop.home.parent / "x").exists()


def repack(file: Path, members: dict[str, bytes]) -> None:
    """Write an archive of these members."""
    with tarfile.open(file, "w:gz") as tar:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
