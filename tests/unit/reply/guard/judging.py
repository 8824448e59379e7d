"""A case with everything usual filled in, judged with the shop's styles."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.reply.guard.judge import judge
from bot.reply.style import Styles, read_styles

ROOT = Path(__file__).resolve().parents[4]
TODAY = "2026-11-21"
STYLE = {"name": "warm", "address": "亲", "max_chars": 200, "emoji": False}


@lru_cache(maxsize=1)
def styles() -> Styles:
    """The shop's own styles."""
    return read_styles(ROOT / "data" / "style")


def verdict(template: str, draft: Any, **fields: Any) -> dict[str, Any]:
    """The guard's verdict on one draft."""
    case = {"id": "t", "template": template, "draft": draft, "today": TODAY, "style": STYLE, **fields}
    return judge(case, styles())


def rules(template: str, draft: Any, **fields: Any) -> set[str]:
    """The rules that a draft breaks; none if it is fine."""
    return {reason["rule"] for reason in verdict(template, draft, **fields)["reasons"]}


def own_cases() -> list[dict[str, Any]]:
    """Every case of tests/guard."""
    files = sorted((ROOT / "tests" / "guard").glob("*.jsonl"))
    lines = [line for path in files for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [case for case in map(json.loads, lines) if isinstance(case, dict)]
