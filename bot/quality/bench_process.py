"""Child processes of a measurement: started on free loopback ports, watched through /proc, always stopped."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType

import httpx

from bot.errors import NotConfigured, XiaoerError
from bot.settings import ROOT
from bot.supervise import last_line

STOP_SECONDS = 10.0
_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
_PROC = Path("/proc")


def check_platform() -> None:
    """Figures of other processes are read from /proc; raises NotConfigured where there is none."""
    if not (_PROC / "self" / "stat").is_file():
        raise NotConfigured(
            "xiaoer bench: expected Linux with /proc, found none; run it in a container or VM"
        )


def free_port() -> int:
    """A loopback port that nothing holds now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(given: Mapping[str, str]) -> dict[str, str]:
    """This process's environment without its own shop's settings, with `given` and the project's code."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("XIAOER_")}
    quiet = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONWARNINGS": "ignore"}
    host = {"SANIC_HOST": "127.0.0.1"}  # `rasa run actions` listens on every address unless told otherwise
    return {**kept, **quiet, **host, "PYTHONPATH": str(ROOT), **given}


class Child:
    """A server process in a group of its own. It ends with the block, at the latest with this process."""

    def __init__(
        self,
        name: str,
        module: Sequence[str],
        env: Mapping[str, str],
        log: Path,
        folder: Path = ROOT,
    ) -> None:
        """`module` and its arguments run as `python -m` in `folder`; its output goes to `log`."""
        self.name, self.log = name, log
        self.seconds = 0.0
        """From the start until it was ready."""
        self._begun = time.monotonic()
        with log.open("ab") as out:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bot.tethered", *module],
                stdin=subprocess.PIPE,
                stdout=out,
                stderr=out,
                env=environment(env),
                cwd=folder,
                start_new_session=True,
            )

    def __enter__(self) -> Child:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def wait(self, url: str, patience: float, ready: Callable[[httpx.Response], bool]) -> None:
        """Ask `url` until it is ready; raises XiaoerError where that takes more than `patience` seconds."""
        with httpx.Client(trust_env=False, timeout=5) as client:
            while time.monotonic() - self._begun < patience:
                if self._process.poll() is not None:
                    raise XiaoerError(f"{self.name} ended with {self._process.returncode}: {self._told()}")
                try:
                    if ready(client.get(url)):
                        self.seconds = time.monotonic() - self._begun
                        return
                except httpx.HTTPError:
                    pass
                time.sleep(0.1)
        raise XiaoerError(f"{self.name} was not ready within {patience:.0f} s: {self._told()}")

    def cpu(self) -> float:
        """CPU seconds that it has used, user and system, all threads."""
        fields = (
            (_PROC / str(self._process.pid) / "stat").read_text(encoding="ascii").rpartition(")")[2].split()
        )
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def resident(self) -> float:
        """Resident memory in MB."""
        status = (_PROC / str(self._process.pid) / "status").read_text(encoding="utf-8")
        line = next(row for row in status.splitlines() if row.startswith("VmRSS:"))
        return int(line.split()[1]) / 1024

    def stop(self) -> None:
        """Ask it to end, then make it."""
        self._signal(signal.SIGTERM)
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._signal(signal.SIGKILL)
            self._process.wait()
        self._signal(signal.SIGKILL)  # whatever it started itself
        if self._process.stdin is not None:
            self._process.stdin.close()

    def _signal(self, sent: signal.Signals) -> None:
        try:
            os.killpg(self._process.pid, sent)
        except (ProcessLookupError, PermissionError):
            return

    def _told(self) -> str:
        return f"{last_line(self.log)} (log {self.log})"


def run(
    module: Sequence[str], env: Mapping[str, str], log: Path, patience: float, folder: Path = ROOT
) -> str:
    """Run `python -m module…` to its end, its complaints into `log`; returns its stdout.

    Raises XiaoerError where it fails or takes longer than `patience` seconds; nothing of it is left then.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as err:
        process = subprocess.Popen(
            [sys.executable, "-m", *module],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=err,
            env=environment(env),
            cwd=folder,
            start_new_session=True,
        )
        try:
            out, _ = process.communicate(timeout=patience)
        except BaseException as problem:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            if isinstance(problem, subprocess.TimeoutExpired):
                raise XiaoerError(f"{module[0]} took longer than {patience:.0f} s (log {log})") from None
            raise
    if process.returncode:
        raise XiaoerError(f"{' '.join(module[:2])} failed: {last_line(log)} (log {log})")
    return out.decode("utf-8", "replace")
