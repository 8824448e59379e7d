"""A start does what is stale and nothing else, and a step that was cut off is done again."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing, nullcontext
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from bot import prepare, training
from bot.errors import NotConfigured, XiaoerError
from bot.settings import Settings, load

MONDAY = datetime(2026, 11, 23, 23, 0, tzinfo=timezone(timedelta(hours=8)))


class Runner:
    """Stands for the processes that `prepare` starts: notes them, makes the database that each would make."""

    def __init__(self, settings: Settings) -> None:
        self.ran: list[str] = []
        self.fails = ""
        self._makes = {"migrate": settings.home / "desk.sqlite3", "demo": settings.home / "shop.sqlite3"}

    def __call__(self, _settings: Settings, name: str, *_arguments: str) -> str:
        """One process."""
        if name == self.fails:
            raise XiaoerError(f"{name} failed")
        self.ran.append(name)
        if name in self._makes:
            with closing(sqlite3.connect(self._makes[name])) as database:
                database.execute("create table if not exists made (by)")
        return "owner\tsecret\towner\n" if name == "accounts" else ""

    def take(self) -> list[str]:
        """What ran since the last time."""
        ran, self.ran = self.ran, []
        return ran


@pytest.fixture
def settings(home: Path) -> Settings:
    """An empty home on a Monday evening."""
    home.mkdir()
    return replace(load({"XIAOER_HOME": str(home)}), today=MONDAY)


@pytest.fixture
def runner(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Runner:
    """No process is started."""
    runner = Runner(settings)
    monkeypatch.setattr(prepare, "run", runner)
    monkeypatch.setattr(training, "is_fresh", lambda _root: True)
    return runner


def start(settings: Settings) -> None:
    """One start, without a display."""
    prepare.prepare(settings, lambda _title: nullcontext())


def test_the_first_start_makes_everything_and_the_second_nothing(settings: Settings, runner: Runner):
    """That is what makes the second start quick."""
    start(settings)
    assert runner.take() == ["migrate", "demo", "accounts"]
    start(settings)
    assert runner.take() == []
    assert prepare.demo_accounts(settings) == [("owner", "secret", "owner")]


def test_a_stale_model_is_trained_in_a_process_of_its_own(
    settings: Settings, runner: Runner, monkeypatch: pytest.MonkeyPatch
):
    """Training takes memory that the supervisor must not keep."""
    monkeypatch.setattr(training, "is_fresh", lambda _root: False)
    start(settings)
    assert runner.take()[0] == "train"


def test_a_database_that_has_gone_is_made_again(settings: Settings, runner: Runner):
    """A stamp alone proves nothing."""
    start(settings)
    runner.take()
    (settings.home / "desk.sqlite3").unlink()
    start(settings)
    assert runner.take() == ["migrate", "accounts"]


def test_a_database_that_was_emptied_is_made_again(settings: Settings, runner: Runner):
    """A file of no bytes holds no tables."""
    start(settings)
    runner.take()
    (settings.home / "shop.sqlite3").write_bytes(b"")
    start(settings)
    assert runner.take() == ["demo"]


@pytest.mark.parametrize("name", ["desk", "shop", "access"])
@pytest.mark.parametrize("damage", [lambda whole: b"?" * len(whole), lambda whole: whole[: len(whole) // 2]])
def test_a_damaged_database_is_named_with_the_remedy(
    settings: Settings, runner: Runner, name: str, damage: Callable[[bytes], bytes]
):
    """Before servers wait for it in vain."""
    start(settings)
    runner.take()
    file = settings.home / f"{name}.sqlite3"
    with closing(sqlite3.connect(file)) as database:
        database.execute("create table if not exists more (text)")
        database.executemany("insert into more values (?)", [("x" * 1000,)] * 100)
        database.commit()
    file.write_bytes(damage(file.read_bytes()))
    with pytest.raises(NotConfigured, match=rf"{name}\.sqlite3.*xiaoer restore"):
        start(settings)
    assert runner.take() == []


def test_a_step_that_failed_is_done_again_and_the_finished_ones_are_not(settings: Settings, runner: Runner):
    """The next start mends a half-finished one."""
    runner.fails = "demo"
    with pytest.raises(XiaoerError, match="demo failed"):
        start(settings)
    assert runner.take() == ["migrate"]
    runner.fails = ""
    start(settings)
    assert runner.take() == ["demo", "accounts"]


def test_after_midnight_only_the_demos_rows_are_renewed(settings: Settings, runner: Runner):
    """The demo's dates are relative to today."""
    start(settings)
    runner.take()
    start(replace(settings, today=MONDAY + timedelta(hours=2)))
    assert runner.take() == ["demo"]


def test_a_real_shop_gets_no_demo_rows_and_no_demo_accounts(settings: Settings, runner: Runner):
    """`xiaoer init` turned the demo off."""
    start(replace(settings, demo=False))
    assert runner.take() == ["migrate"]


def test_a_full_disk_is_said_before_anything_is_written(
    settings: Settings, runner: Runner, monkeypatch: pytest.MonkeyPatch
):
    """One line that names the place and what is needed."""
    usage = shutil._ntuple_diskusage(10**9, 10**9 - 5_000_000, 5_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage)
    with pytest.raises(NotConfigured, match="5 MB"):
        start(settings)
    assert runner.take() == []
    assert not (settings.home / "xiaoer.env").exists()
