"""Keeping a shop's servers running: start, wait for health, restart what dies, stop without leftovers."""

from __future__ import annotations

import asyncio
import errno
import os
import re
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.errors import NotConfigured, XiaoerError

STOP_SECONDS = 12.0
FIRST_DELAY, LONGEST_DELAY, STEADY_SECONDS = 1.0, 30.0, 60.0
EMPTY_WORDS = re.compile(r"ERROR: +Application startup failed|\(Background on this error at:")
"""How uvicorn and SQLAlchemy end what they had to say."""
SPEAKER = re.compile(r"xiaoer: |CommandError: |bot\.errors\.\w+: ")
Say = Callable[[str], None]


@dataclass(frozen=True)
class Service:
    """A server process: `module` and its arguments, the URL that answers 200 once it is ready, its log."""

    name: str
    module: tuple[str, ...]
    health: str
    log: Path
    patience: float = 240.0
    """Seconds from start to health."""


class StartError(XiaoerError):
    """A server did not come up; the message gives the last line of its log."""


@dataclass
class Supervisor:
    """Runs services in process groups of their own until `stop` is called."""

    services: tuple[Service, ...]
    say: Say
    env: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    delay: float = FIRST_DELAY
    _running: dict[str, asyncio.subprocess.Process] = field(default_factory=dict, init=False)
    _came_up: set[str] = field(default_factory=set, init=False)
    _stopping: asyncio.Event = field(default_factory=asyncio.Event, init=False)

    async def run(self, ready: Callable[[], None]) -> None:
        """Start all, call `ready` once all are healthy, keep them alive until `stop`, then stop them.

        Raises:
            StartError: One of them did not become healthy.
        """
        for service in self.services:
            _rotate(service.log)
        keepers = [asyncio.create_task(self._keep(service)) for service in self.services]
        healthy = asyncio.create_task(self._all_healthy())
        stopped = asyncio.create_task(self._stopping.wait())
        try:
            await _first_of(healthy, stopped, *keepers)
            if healthy.done():
                ready()
                await _first_of(stopped, *keepers)
        finally:
            self._stopping.set()
            tasks: list[asyncio.Task[Any]] = [healthy, stopped, *keepers]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._stop_all()

    def stop(self) -> None:
        """Begin to stop; a second call kills."""
        if self._stopping.is_set():
            for process in self._running.values():
                _signal_group(process, signal.SIGKILL)
        self._stopping.set()

    def pids(self) -> dict[str, int]:
        """The processes that run now, by service."""
        return {name: process.pid for name, process in self._running.items()}

    async def _keep(self, service: Service) -> None:
        delay = self.delay
        clock = asyncio.get_running_loop().time
        while True:
            begun = clock()
            code = await (await self._start(service)).wait()
            del self._running[service.name]
            if service.name not in self._came_up:
                raise StartError(f"{service.name} 没能启动(退出代码 {code}):{_told(service)}")
            if clock() - begun > STEADY_SECONDS:
                delay = self.delay
            self.say(f"{service.name} 意外退出(代码 {code}),{delay:.0f} 秒后重新启动;日志 {service.log}")
            await asyncio.sleep(delay)
            delay = min(delay * 2, LONGEST_DELAY)

    async def _start(self, service: Service) -> asyncio.subprocess.Process:
        with service.log.open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot.tethered", *service.module),
                stdin=asyncio.subprocess.PIPE,
                stdout=log,
                stderr=log,
                env=dict(self.env),
                start_new_session=True,
            )
        self._running[service.name] = process
        return process

    async def _all_healthy(self) -> None:
        await asyncio.gather(*(self._healthy(service) for service in self.services))

    async def _healthy(self, service: Service) -> None:
        import httpx  # not above: the check-up, which says what is missing, needs this module

        deadline = asyncio.get_running_loop().time() + service.patience
        async with httpx.AsyncClient(trust_env=False, timeout=5) as client:
            while asyncio.get_running_loop().time() < deadline:
                with suppress(httpx.HTTPError):
                    if (await client.get(service.health)).status_code == 200:
                        self._came_up.add(service.name)
                        return
                await asyncio.sleep(0.1)
        raise StartError(f"{service.name} 在 {service.patience:.0f} 秒内没有就绪:{_told(service)}")

    async def _stop_all(self) -> None:
        for process in self._running.values():
            _signal_group(process, signal.SIGTERM)
        await asyncio.gather(*(_end(process) for process in self._running.values()))
        self._running.clear()


async def _end(process: asyncio.subprocess.Process) -> None:
    try:
        await asyncio.wait_for(process.wait(), STOP_SECONDS)
    except asyncio.TimeoutError:
        _signal_group(process, signal.SIGKILL)
        await process.wait()
    _signal_group(process, signal.SIGKILL)  # whatever it started itself


def _signal_group(process: asyncio.subprocess.Process, sent: signal.Signals) -> None:
    try:
        os.killpg(process.pid, sent)
    except (ProcessLookupError, PermissionError):
        return


def _rotate(log: Path) -> None:
    """Each run has its own log; the one before it is kept."""
    log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if log.exists():
        log.replace(log.with_suffix(".before.log"))


def _told(service: Service) -> str:
    return f"{last_line(service.log)}(日志 {service.log})"


async def _first_of(*tasks: asyncio.Task[Any]) -> None:
    """Wait until one is done; raises what any of them has raised."""
    done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in done:
        task.result()


def last_line(log: Path) -> str:
    """The last line of a log that says something, shortened, without the marks of who said it."""
    if not log.is_file():
        return "没有日志"
    lines = [line.strip() for line in log.read_bytes()[-8000:].decode("utf-8", "replace").splitlines()]
    told = next((line for line in reversed(lines) if line and not EMPTY_WORDS.match(line)), "日志为空")
    return SPEAKER.sub("", told, count=1)[:300]


def check_port(host: str, port: int, setting: str) -> None:
    """Refuse a port that something else holds, or an address this machine does not have."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as e:
            why = "已被占用" if e.errno == errno.EADDRINUSE else e.strerror
            raise NotConfigured(
                f"不能使用 {host}:{port}({why});停掉占用它的程序,或用 {setting}=<别的端口> 另选一个"
            ) from None
