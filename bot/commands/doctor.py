"""`xiaoer doctor`: looks at everything that a running shop needs, and says what to do."""

from __future__ import annotations

import typer

EXAMPLES = """\b
例:
  xiaoer doctor                           ✓ 正常  ! 可以更好  ✗ 要处理(退出代码 1)
"""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=EXAMPLES)(doctor)


def doctor() -> None:
    """检查环境、模型、数据库、端口和大模型接口,并说明怎么办。"""
    from bot.checkup import Mark, examine
    from bot.settings import load

    findings = examine(load())
    for finding in findings:
        typer.echo(
            f"{finding.mark.value} {finding.what}" + (f"\n    → {finding.advice}" if finding.advice else "")
        )
    if any(finding.mark is Mark.BAD for finding in findings):
        raise typer.Exit(1)
