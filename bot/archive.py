"""One private file that holds a shop: consistent copies of its databases, its secrets, and the model's name.

The shop's own rows are included only where they lie in an SQLite file or in the desk's database; another
system's are its owner's to back up. A restore checks every hash and every database before it touches
anything, and keeps what it replaces.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bot import archive_postgres, keys
from bot.errors import BadInput, NotConfigured
from bot.prepare import sqlite_file
from bot.settings import ENV_FILE, ROOT, Settings, load, read_file
from bot.training import stored_fingerprint

FORMAT = 1
MANIFEST = "manifest.json"
POSTGRES = "desk.dump"
KEPT = "before-restore"


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself; `files` maps a member's name to its SHA-256."""

    made: datetime
    model: str
    files: dict[str, str]


def write(settings: Settings, file: Path, *, overwrite: bool = False) -> list[str]:
    """Write the backup, mode 600, at once or not at all; what to tell the owner."""
    if file.exists() and not overwrite:
        raise BadInput(f"{file} 已存在;换个名字,或用 --force 覆盖")
    if not settings.env_file.exists():
        raise NotConfigured(f"{settings.home} 里还没有店;先运行 xiaoer up 或 xiaoer init,或设对 XIAOER_HOME")
    with _workroom(settings.home) as room:
        notes = _copy_all(settings, room)
        names = sorted(path.name for path in room.iterdir())
        model = stored_fingerprint(ROOT) or ""
        manifest = {
            "format": FORMAT,
            "made": settings.now().isoformat(),
            "model": model,
            "files": {name: _sha256(room / name) for name in names},
        }
        (room / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
        _pack(room, [MANIFEST, *names], file)
    return [
        f"已备份到 {file}:{'、'.join(names)}",
        *notes,
        f"模型不在备份里(指纹 {model or '无'}),恢复后 xiaoer train 会重做",
    ]


def read(settings: Settings, file: Path, *, overwrite_newer: bool = False) -> list[str]:
    """Restore a backup into the home; what to tell the owner.

    Raises:
        BadInput: The file is no intact backup, or older than what is there.
        NotConfigured: The shop is running, or a tool is missing.
    """
    from bot.commands.up import only_one

    keys.make_home(settings.home)
    with only_one(settings.home), _workroom(settings.home) as room:
        manifest = _unpack(file, room)
        settings = _restored(settings, room / ENV_FILE)
        targets = _targets(settings, manifest)
        if not overwrite_newer:
            _check_not_newer(targets, manifest)
        if POSTGRES in manifest.files:
            archive_postgres.check(settings.database_url, manifest.made, overwrite_newer=overwrite_newer)
        kept = _replace(settings, room, targets, manifest)
    told = [f"已恢复 {manifest.made:%Y-%m-%d %H:%M} 的备份:{'、'.join(sorted(manifest.files))}"]
    if kept:
        told.append(f"换下来的文件在 {kept}")
    if manifest.model != (stored_fingerprint(ROOT) or ""):
        told.append("备份时的模型与现在的不同;xiaoer up 会按现在的资料训练")
    return told


def is_running(settings: Settings) -> bool:
    """Whether `xiaoer up` holds this home."""
    from bot.commands.up import take

    lock = settings.home / "up.lock"
    if not lock.exists():
        return False
    with lock.open("a+") as held:
        return not take(held)


def _copy_all(settings: Settings, room: Path) -> list[str]:
    notes = []
    shutil.copyfile(settings.env_file, room / ENV_FILE)
    if settings.database_url.startswith("postgresql"):
        archive_postgres.dump(settings.database_url, room / POSTGRES)
    for name, url in _databases(settings).items():
        path = sqlite_file(url)
        if path is not None and path.is_file():
            _copy_sqlite(path, room / f"{name}.sqlite3")
        elif path is None and name == "shop" and url != settings.database_url:
            notes.append(f"店铺资料在 {urlsplit(url).scheme} 数据库里,不在这个备份内,请按它自己的办法备份")
    if "shop" not in _databases(settings):
        notes.append("店铺资料在店铺自己的系统里,不在这个备份内,请按它自己的办法备份")
    return notes


def _databases(settings: Settings) -> dict[str, str]:
    """By name; a shop that keeps its own rows is not ours to put back to an older state."""
    from bot.shop.adapters import is_foreign

    shop = {} if is_foreign(settings.shop_url, settings.shop_map) else {"shop": settings.shop_url}
    return {"desk": settings.database_url, **shop, "access": settings.access_url}


def _copy_sqlite(source: Path, target: Path) -> None:
    """SQLite's own online copy: consistent while others write."""
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as old,
        closing(sqlite3.connect(target)) as new,
    ):
        old.backup(new)


def _pack(room: Path, names: list[str], file: Path) -> None:
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with (
            os.fdopen(descriptor, "wb") as raw,
            tarfile.open(fileobj=raw, mode="w:gz", compresslevel=6) as tar,
        ):
            for name in names:
                tar.add(room / name, arcname=name)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


def _unpack(file: Path, room: Path) -> Manifest:
    """Unpack what the manifest names, and check it; nothing else of the archive is looked at."""
    try:
        with tarfile.open(file, "r:gz") as tar:
            manifest = _read_manifest(_member(tar, MANIFEST))
            for name in manifest.files:
                (room / name).write_bytes(_member(tar, name))
    except FileNotFoundError:
        raise BadInput(f"{file}: 没有这个文件") from None
    except (tarfile.TarError, OSError, EOFError, KeyError, ValueError) as e:
        raise BadInput(f"{file} 不是完整的店小二备份:{e}") from None
    for name, digest in manifest.files.items():
        if _sha256(room / name) != digest:
            raise BadInput(f"{file} 已损坏:{name} 与备份时不同")
        if name.endswith(".sqlite3"):
            _check_sqlite(room / name)
    return manifest


def _member(tar: tarfile.TarFile, name: str) -> bytes:
    member = tar.getmember(name)
    content = tar.extractfile(member) if member.isreg() else None
    if content is None:
        raise ValueError(f"{name} 不是普通文件")
    return content.read()


def _read_manifest(content: bytes) -> Manifest:
    raw: Any = json.loads(content)
    allowed = {ENV_FILE, POSTGRES, "desk.sqlite3", "shop.sqlite3", "access.sqlite3"}
    if not isinstance(raw, dict) or raw.get("format") != FORMAT:
        raise ValueError(f"版本不符,应为 {FORMAT}")
    files = raw.get("files")
    if not isinstance(files, dict) or not set(files) <= allowed or ENV_FILE not in files:
        raise ValueError("清单里的文件名不对")
    return Manifest(
        datetime.fromisoformat(raw["made"]), str(raw.get("model", "")), {k: str(v) for k, v in files.items()}
    )


def _check_sqlite(path: Path) -> None:
    try:
        with closing(sqlite3.connect(path)) as database:
            answer = database.execute("PRAGMA integrity_check").fetchone()
    except sqlite3.DatabaseError as e:
        raise BadInput(f"备份里的 {path.name} 不是完好的数据库:{e}") from None
    if answer != ("ok",):
        raise BadInput(f"备份里的 {path.name} 不是完好的数据库:{answer[0] if answer else ''}")


def _restored(settings: Settings, env_file: Path) -> Settings:
    """The settings as they will be: the backup's file under this process's environment."""
    return load({**read_file(env_file), **os.environ, "XIAOER_HOME": str(settings.home)})


def _targets(settings: Settings, manifest: Manifest) -> dict[str, Path]:
    """Where each file of the backup belongs."""
    targets = {}
    for name in manifest.files:
        if name == ENV_FILE:
            targets[name] = settings.env_file
        elif name != POSTGRES:
            url = _databases(settings).get(name.removesuffix(".sqlite3"), "")
            targets[name] = sqlite_file(url) or settings.home / name
    return targets


def _check_not_newer(targets: dict[str, Path], manifest: Manifest) -> None:
    for path in targets.values():
        for file in (path, *_beside(path)):
            if file.exists() and file.stat().st_mtime > manifest.made.timestamp():
                made = f"{manifest.made:%Y-%m-%d %H:%M}"
                raise BadInput(f"{file} 比备份({made})新;确定要退回到备份时的样子,请加 --force")


def _replace(settings: Settings, room: Path, targets: dict[str, Path], manifest: Manifest) -> Path | None:
    """Put the backup in place, the server's database first: it is whole or refused. Where the old is kept."""
    kept, anything = Path(tempfile.mkdtemp(prefix=f"{KEPT}-", dir=settings.home)), False
    try:
        if POSTGRES in manifest.files:
            anything = archive_postgres.restore(settings.database_url, room / POSTGRES, kept / POSTGRES)
        anything = _swap(room, targets, kept) or anything
    finally:
        if not any(kept.iterdir()):
            kept.rmdir()
    return kept if anything else None


def _swap(room: Path, targets: dict[str, Path], kept: Path) -> bool:
    """Move what is there aside, then move the backup in; on failure everything goes back."""
    moved: list[tuple[Path, Path]] = []
    try:
        for path in targets.values():
            for file in (path, *_beside(path)):
                if file.exists():
                    moved.append((file, Path(shutil.move(file, kept / file.name))))
        for name, path in targets.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            (room / name).chmod(0o600)
            shutil.move(room / name, path)
    except OSError:
        for file, aside in reversed(moved):
            shutil.move(aside, file)
        raise
    return bool(moved)


def _beside(path: Path) -> Iterator[Path]:
    """SQLite's own files beside a database; left there they would be mixed into the restored one."""
    if path.suffix == ".sqlite3":
        yield from (path.with_name(path.name + end) for end in ("-wal", "-shm"))


@contextmanager
def _workroom(home: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=home) as room:
        yield Path(room)


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as content:
        while chunk := content.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()
