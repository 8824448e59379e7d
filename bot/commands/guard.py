"""`xiaoer guard`: the guard as a filter, cases in, verdicts out."""

from __future__ import annotations

import sys
from typing import Any

import typer

from bot.commands.talk import json_lines, machine_output, write_line
from bot.errors import BadInput

EXAMPLES = """\b
例:
  xiaoer guard < cases.jsonl > verdicts.jsonl
\b
输入每行一个 {"id", "response", "mood", "shopper", "template", "facts", "today", "style", "draft"},
输出每行一个 {"id", "ok", "reasons": [{"rule", "span", "expected", "why"}]}。读不懂的行得到 rule: format。
"""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=EXAMPLES)(guard)


def guard() -> None:
    """检查 LLM 草稿:有没有多说、少说、说错,风格对不对。"""
    from bot.reply.guard.judge import judge
    from bot.reply.style import read_styles
    from bot.settings import ROOT

    styles = read_styles(ROOT / "data" / "style")
    with machine_output() as out:
        for raw in json_lines(sys.stdin.buffer):
            write_line(out, judge(_case(raw), styles))


def _case(raw: Any) -> Any:
    """The line's object; what is none is judged malformed rather than stopping the run."""
    return None if isinstance(raw, BadInput) else raw
