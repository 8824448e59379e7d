"""The demo shop: rows whose dates count from a given day, so that the shop never grows stale."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

from bot.errors import BadInput
from bot.shop.policy import DEFAULT
from bot.shop.portable import KINDS, ShopData, read
from bot.shop.schema import version
from bot.shop.sql import SqlShop

FOLDER = Path(__file__).resolve().parents[2] / "data" / "demo"


def load_demo(today: date) -> ShopData:
    """The demo shop as it stands on `today`; raises BadInput naming the path of a wrong row."""
    return read({name: _rows(name) for name in (*KINDS, "policy")}, anchor=today)


def seed(shop: SqlShop, today: date) -> bool:
    """Fill `shop` with the demo rows of `today`; True if that was needed. Blocks.

    What shoppers have changed is kept for the day; another day, other rows or another policy begin anew. A
    shop that was imported is left alone.
    """
    wanted = {"demo_day": today.isoformat(), "demo_rows": _hash()}
    marks = shop.marks()
    if marks == wanted or (not marks and not shop.is_empty()):
        return False
    shop.replace(load_demo(today), wanted)
    return True


def _rows(name: str) -> Any:
    try:
        return json.loads(_content(FOLDER / f"{name}.json"))
    except ValueError as problem:
        raise BadInput(f"{FOLDER / name}.json:应为 JSON;{problem}") from problem


def _hash() -> str:
    found = hashlib.sha256(version().encode())
    for path in [*(FOLDER / f"{name}.json" for name in (*KINDS, "policy")), DEFAULT]:
        found.update(_content(path))
    return found.hexdigest()[:16]


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as problem:
        raise BadInput(f"{path}:演示店缺少这一部分({problem.strerror})") from problem
