"""The shop's secrets: made once, kept in `<home>/xiaoer.env` with mode 600, never printed."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from bot.errors import BadInput, NotConfigured, told
from bot.settings import ENV_FILE, Settings, name_of

SECRETS = ("bot_secret", "desk_secret", "shop_key", "picture_key")
HEAD = """# Settings of this shop, one a line; the environment wins over them. Keep this file to yourself.
# `xiaoer doctor` checks them.
"""


def make_home(home: Path) -> None:
    """A folder that only its owner may read."""
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as e:
        raise NotConfigured(f"数据目录建不了({told(e)});请检查 XIAOER_HOME 和上级目录的权限") from None


def ensure(settings: Settings) -> bool:
    """Make the secrets that neither file nor environment give; True if any was made.

    A file is never changed in place: a half-written one cannot come about.
    """
    missing = {name_of(name): secrets.token_urlsafe(48) for name in SECRETS if not getattr(settings, name)}
    if missing:
        add(settings.home, missing)
    return bool(missing)


def add(home: Path, values: Mapping[str, str]) -> Path:
    """Append settings to the home's file, making it if there is none; returns its path."""
    make_home(home)
    path = home / ENV_FILE
    before = path.read_text(encoding="utf-8") if path.is_file() else HEAD
    lines = [f"{key}={_plain(key, value)}\n" for key, value in values.items()]
    write_private(path, (before if before.endswith("\n") else before + "\n") + "".join(lines))
    return path


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, at once or not at all."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    part.unlink(missing_ok=True)
    try:
        with os.fdopen(
            os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
        ) as out:
            out.write(text)
        part.replace(path)
    except OSError as e:
        part.unlink(missing_ok=True)
        raise NotConfigured(f"{path} 写不进去({told(e)})") from None


def _plain(key: str, value: str) -> str:
    if any(c in value for c in "\n\r'\"#") or value != value.strip():
        raise BadInput(f"{key} 的值不能含引号、# 或换行,首尾不能有空白,却是 {value!r}")
    return value
