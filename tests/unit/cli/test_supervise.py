"""Servers come up together, come back when they die, and leave nothing behind."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

import httpx
import pytest

from bot.commands.up import seconds_to_midnight
from bot.errors import NotConfigured
from bot.supervise import Service, StartError, Supervisor, check_port, last_line

PATIENCE = 60.0


def free_port() -> int:
    """A port that nobody holds at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def file_server(tmp_path: Path, name: str) -> Service:
    """A small server that is healthy as soon as it listens."""
    port = free_port()
    module = ("http.server", str(port), "--bind", "127.0.0.1", "--directory", str(tmp_path))
    return Service(name, module, f"http://127.0.0.1:{port}/", tmp_path / f"{name}.log", PATIENCE)


def is_alive(pid: int) -> bool:
    """Whether a process runs (one that has ended but was not waited for does not)."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


async def until(true: Callable[[], bool]) -> None:
    """Wait for something that another process brings about; pytest's own timeout ends a wait in vain."""
    while not true():  # noqa: ASYNC110 - another process sets no event here
        await asyncio.sleep(0.02)


async def test_ready_is_told_once_all_are_healthy_and_a_stop_leaves_no_process(tmp_path: Path):
    """Two servers up, both gone afterwards."""
    services = (file_server(tmp_path, "bot"), file_server(tmp_path, "desk"))
    supervisor = Supervisor(services, say=print)
    answers: list[int] = []
    pids: list[int] = []

    def ready() -> None:
        answers.extend(httpx.get(s.health, trust_env=False).status_code for s in services)
        pids.extend(supervisor.pids().values())
        supervisor.stop()

    await supervisor.run(ready)
    assert answers == [200, 200]
    assert len(pids) == 2
    assert not any(map(is_alive, pids))


async def test_a_server_that_is_killed_is_started_again_and_the_owner_is_told(tmp_path: Path):
    """One crash must not end a shop's service."""
    service = file_server(tmp_path, "bot")
    said: list[str] = []
    supervisor = Supervisor((service,), said.append, delay=0.05)
    up = asyncio.Event()
    running = asyncio.create_task(supervisor.run(up.set))
    await up.wait()
    first = supervisor.pids()["bot"]
    os.kill(first, signal.SIGKILL)
    await until(lambda: supervisor.pids().get("bot", first) != first)
    second = supervisor.pids()["bot"]
    supervisor.stop()
    await running
    assert len(said) == 1
    assert "-9" in said[0]
    assert not is_alive(second)


async def test_a_server_that_cannot_start_is_reported_with_its_last_words_and_the_others_stop(tmp_path: Path):
    """The reason stands in the one line that the owner sees."""
    good = file_server(tmp_path, "desk")
    bad = Service("bot", ("no_such_module",), "http://127.0.0.1:1/", tmp_path / "bot.log", PATIENCE)
    supervisor = Supervisor((good, bad), say=print)
    with pytest.raises(StartError, match="no_such_module"):
        await supervisor.run(lambda: None)
    assert supervisor.pids() == {}


@pytest.mark.parametrize(
    ("log", "told"),
    [
        (
            "Traceback:\nbot.errors.ModelMissing: 没有模型\n\nERROR:    Application startup failed.\n",
            "没有模型",
        ),
        ("xiaoer: 端口不对\n", "端口不对"),
        ("OperationalError: locked\n(Background on this error at: https://x)\n", "OperationalError: locked"),
        ("\n \n", "日志为空"),
    ],
)
def test_the_reason_is_told_and_not_the_farewell(log: str, told: str, tmp_path: Path):
    """uvicorn ends every failed start with the same words."""
    file = tmp_path / "bot.log"
    file.write_text(log, encoding="utf-8")
    assert last_line(file) == told


async def test_a_server_that_never_answers_is_given_up(tmp_path: Path):
    """A start does not hang for ever."""
    sleep = ("timeit", "-n1", "import time; time.sleep(60)")
    silent = Service("bot", sleep, "http://127.0.0.1:1/", tmp_path / "bot.log", 0.5)
    with pytest.raises(StartError, match="bot"):
        await Supervisor((silent,), say=print).run(lambda: None)


def test_servers_end_when_their_starter_is_killed(tmp_path: Path):
    """Even kill -9 on `xiaoer up` leaves no server that holds a port."""
    service = file_server(tmp_path, "bot")
    script = (
        "import asyncio, sys; from pathlib import Path\n"
        "from bot.supervise import Service, Supervisor\n"
        f"service = Service('bot', {service.module!r}, {service.health!r}, Path({str(service.log)!r}), 60)\n"
        "supervisor = Supervisor((service,), print)\n"
        "asyncio.run(supervisor.run(lambda: print(supervisor.pids()['bot'], flush=True)))\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as starter:
        pid = int(starter.stdout.readline())
        starter.kill()
    deadline = time.monotonic() + PATIENCE
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not is_alive(pid)


def test_a_taken_port_is_refused_naming_the_port_and_the_setting():
    """The owner learns which program to stop or which setting to change."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(NotConfigured, match=f"{port}.*XIAOER_DESK_PORT"):
            check_port("127.0.0.1", port, "XIAOER_DESK_PORT")
    check_port("127.0.0.1", port, "XIAOER_DESK_PORT")


def test_the_next_midnight_is_the_shops_own():
    """The demo's dates turn when the shop's day does."""
    zone = timezone(timedelta(hours=8))
    assert seconds_to_midnight(datetime(2026, 11, 21, 23, 59, 30, tzinfo=zone)) == 30
    assert seconds_to_midnight(datetime(2026, 11, 21, 0, 0, tzinfo=zone)) == 86400
