"""`xiaoer backup | restore`: a shop's databases and secrets in one private file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

EXAMPLES = """\b
例:
  xiaoer backup 店小二-11-21.tar.gz        运行中也可以备份
  xiaoer restore 店小二-11-21.tar.gz       先停下 xiaoer up;换下来的文件会留着
\b
备份里有密钥和买家的话,文件权限为 600,请妥善保管。
"""
File = Annotated[Path, typer.Argument(metavar="FILE", help="备份文件(.tar.gz)")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(epilog=EXAMPLES)(backup)
    app.command(epilog=EXAMPLES)(restore)


def backup(
    file: File, *, force: Annotated[bool, typer.Option("--force", help="覆盖已有的文件")] = False
) -> None:
    """把数据库和密钥一致地复制到一个文件。"""
    from bot.archive import write
    from bot.settings import load

    for line in write(load(), file, overwrite=force):
        typer.echo(line)


def restore(
    file: File, *, force: Annotated[bool, typer.Option("--force", help="也覆盖比备份更新的数据")] = False
) -> None:
    """从备份恢复;先验证,再替换,换下来的文件留在 before-restore 目录。"""
    from bot.archive import read
    from bot.settings import load

    for line in read(load(), file, overwrite_newer=force):
        typer.echo(line)
