"""What must be there before the servers start: secrets, a model, tables, the demo's rows and accounts.

Each step leaves a stamp with the hash of what it was made from, after it has succeeded; a step that was cut
off, or whose database has gone, is done again.
"""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, closing
from pathlib import Path
from urllib.parse import quote

from bot import keys
from bot.errors import NotConfigured, XiaoerError
from bot.settings import LOOPBACK, ROOT, Settings
from bot.supervise import last_line

LEAST_FREE = 100_000_000
"""Bytes."""
Step = Callable[[str], AbstractContextManager[object]]
"""Shows a title while its block runs."""


def prepare(settings: Settings, step: Step) -> None:
    """Bring everything up to date, doing only what is stale."""
    check_disk(settings)
    keys.ensure(settings)
    check_databases(settings)
    prepare_model(settings, step)
    prepare_desk(settings, step)
    if settings.demo:
        prepare_demo(settings, step)


def check_demo_is_private(settings: Settings) -> None:
    """Refuse demo accounts, whose passwords everyone knows, on an address that others reach."""
    if settings.demo and (settings.desk_host not in LOOPBACK or settings.public_url):
        raise NotConfigured(
            f"演示店的账号密码是公开的,不能在 {settings.public_url or settings.desk_host} 上开放;"
            "正式开店请先运行 xiaoer init,"
            "只想试用请把 XIAOER_DESK_HOST 改回 127.0.0.1,并去掉 XIAOER_PUBLIC_URL"
        )


def check_databases(settings: Settings) -> None:
    """Refuse a damaged database before servers wait for it in vain; half a second for a million messages."""
    for url in (settings.database_url, settings.shop_url, settings.access_url):
        path = sqlite_file(url)
        if path is not None and (fault := sqlite_fault(path)):
            raise NotConfigured(f"数据库 {path} 损坏了({fault});{remedy(settings, path)}")


def remedy(settings: Settings, path: Path) -> str:
    """What to do about a damaged database."""
    again = f";演示店没有要留的东西,删掉 {path.name} 再启动也行" if settings.demo else ""
    return f"请停下店小二,用 xiaoer restore 恢复最近的备份(比备份新的文件要加 --force,会留着){again}"


def prepare_model(settings: Settings, step: Step) -> None:
    """Train, in a process of its own that gives its memory back, unless the model is fresh."""
    from bot import training

    if not training.is_fresh(ROOT):
        with step("训练模型(约 2 分钟)"):
            run(settings, "train", "bot.cli", "train")


def prepare_desk(settings: Settings, step: Step) -> None:
    """Make or change the desk's tables."""
    wanted = hash_of(
        [*ROOT.glob("desk/**/migrations/*.py"), ROOT / "requirements/run.txt"], settings.database_url
    )
    if not is_fresh(settings, "tables", wanted, settings.database_url):
        with step("准备客服台数据库"):
            run(settings, "migrate", "desk", "migrate", "--noinput", "-v0")
        _stamp(settings, "accounts").unlink(missing_ok=True)  # new tables may be empty ones
        mark(settings, "tables", wanted)


def prepare_demo(settings: Settings, step: Step) -> None:
    """The demo shop's rows, dated relative to today, and its accounts."""
    rows = demo_hash(settings)
    if not is_fresh(settings, "rows", rows, settings.shop_url):
        with step("备好演示店的商品和订单"):
            run(settings, "demo", "bot.cli", "shop", "demo")
        mark(settings, "rows", rows)
    accounts = hash_of([ROOT / "desk/people/demo.py"], settings.database_url)
    if not is_fresh(settings, "accounts", accounts, settings.database_url):
        with step("建立演示账号"):
            told = run(settings, "accounts", "desk", "seed_demo")
        mark(settings, "accounts", accounts, told)


def demo_hash(settings: Settings) -> str:
    """Changes with the demo's files and at the shop's midnight."""
    files = [*ROOT.glob("data/demo/**/*"), ROOT / "data/policy.yml", *ROOT.glob("bot/shop/*.py")]
    return hash_of(files, settings.shop_url, settings.now().date().isoformat())


def demo_accounts(settings: Settings) -> list[tuple[str, str, str]]:
    """(user name, password, role) of each demo account."""
    stamp = _stamp(settings, "accounts")
    lines = stamp.read_text(encoding="utf-8").splitlines()[1:] if stamp.is_file() else []
    rows = [tuple(line.split("\t")) for line in lines]
    return [(row[0], row[1], row[2]) for row in rows if len(row) == 3]


def hash_of(files: Iterable[Path], *more: str) -> str:
    """One hash over files (name and content) and texts."""
    digest = hashlib.sha256("\0".join(more).encode())
    for path in sorted(f for f in files if f.is_file() and "__pycache__" not in f.parts):
        digest.update(f"{path.relative_to(ROOT).as_posix()}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()


def is_fresh(settings: Settings, name: str, wanted: str, url: str) -> bool:
    """Whether the step's last success was made from the same, and its database is still there.

    A database server may have been emptied since, so there each step, being repeatable, is done again.
    """
    stamp = _stamp(settings, name)
    file = sqlite_file(url)
    there = file is not None and file.is_file() and file.stat().st_size > 0
    return there and stamp.is_file() and stamp.read_text(encoding="utf-8").split("\n", 1)[0] == wanted


def mark(settings: Settings, name: str, made_from: str, told: str = "") -> None:
    """Remember a success, and what it said."""
    keys.make_home(_stamp(settings, name).parent)
    keys.write_private(_stamp(settings, name), f"{made_from}\n{told}")


def sqlite_file(url: str) -> Path | None:
    """The file of an SQLite URL, None for other databases."""
    return Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else None


def sqlite_fault(path: Path) -> str:
    """What is wrong with an SQLite file; empty if nothing, or if it is not there.

    Raises NotConfigured where it cannot even be opened.
    """
    if not path.is_file():
        return ""
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)) as database:
            answer = str(database.execute("PRAGMA quick_check(1)").fetchone()[0])
    except sqlite3.OperationalError as e:
        raise NotConfigured(f"数据库 {path} 打不开({e});请检查文件和目录的权限") from None
    except sqlite3.DatabaseError as e:
        return str(e)
    return "" if answer == "ok" else " ".join(answer.split())


def _stamp(settings: Settings, name: str) -> Path:
    return settings.home / "stamps" / name


def run(settings: Settings, name: str, module: str, *arguments: str) -> str:
    """Run one of our modules to its end; its stdout. Raises XiaoerError with its last word if it fails."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        cwd=ROOT,
        check=False,
    )
    told = done.stderr.decode("utf-8", "replace")
    check_disk(settings)  # a full disk fails in many words; say it in ours, and before a log is written
    log = settings.home / "log" / f"{name}.log"
    keys.make_home(log.parent)
    log.write_text(told, encoding="utf-8")
    if done.returncode:
        raise XiaoerError(f"{last_line(log)}(步骤 {name},日志 {log})")
    return done.stdout.decode("utf-8", "replace")


def check_disk(settings: Settings) -> None:
    """Refuse to go on where messages could soon not be stored."""
    free = shutil.disk_usage(settings.home).free
    if free < LEAST_FREE:
        raise NotConfigured(
            f"磁盘快满了:{settings.home} 只剩 {free / 1e6:.0f} MB,至少要 {LEAST_FREE / 1e6:.0f} MB;"
            "腾出空间再试,做到一半的步骤会接着做"
        )
