"""`xiaoer bench`: what a turn costs, beside a stock Rasa project on the same data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Optional

import typer

EXAMPLES = """\b
例:
  xiaoer bench                          与原版 Rasa 同机比较(第一次要训练原版模型,几分钟)
  xiaoer bench --without-stock --quick  只测店小二,少测几遍
  xiaoer bench --desk --json 结果.json   再经客服台跑 1,000 条消息,全部数字写进文件
\b
测什么、怎么测见 docs/performance.md。
"""
WIDTH = 110
"""Columns of the table also where there is no terminal."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=EXAMPLES)(bench)


def bench(
    *,
    without_stock: Annotated[bool, typer.Option("--without-stock", help="不测原版 Rasa")] = False,
    desk: Annotated[bool, typer.Option("--desk", help="也经真的客服台测(收到消息到存下回复)")] = False,
    quick: Annotated[bool, typer.Option("--quick", help="少测几遍,数字粗一些")] = False,
    to: Annotated[Optional[Path], typer.Option("--json", metavar="FILE", help="全部数字写进文件")] = None,  # noqa: UP045
) -> None:
    """测每轮对话的 CPU、延迟和内存,与原版 Rasa 同数据、同次运行比较。"""
    from rich.console import Console

    from bot.commands.steps import Steps
    from bot.quality.bench import Options, measure
    from bot.quality.bench_report import table
    from bot.settings import load

    steps = Steps()
    report = measure(load(), Options(not without_stock, desk, quick), steps.step)
    Console(width=max(steps.console.width, WIDTH)).print(table(report.rows))
    if to is not None:
        text = json.dumps(report.to_json(), ensure_ascii=False, indent=1)
        to.write_text(text + "\n", encoding="utf-8")
