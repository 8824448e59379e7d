"""`xiaoer style check`: templates, styles and any text held against the house's rules on words."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from bot.errors import BadInput
from bot.settings import ROOT, load

EXAMPLES = """\b
例:
  xiaoer style check                              全部模板、每种语气、规则自带的例子
  xiaoer style check 快捷回复.txt --kind canned    一行一句;人写的话只提醒,不拦
  echo 加我微信聊 | xiaoer style check -
"""
KINDS = ("bot", "agent", "canned", "faq", "product")
Files = Annotated[list[str] | None, typer.Argument(metavar="FILES", help="文本文件,一行一句;- 是标准输入")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    group = typer.Typer(help="服务语气:检查模板和任何文字。", no_args_is_help=True)
    group.command(epilog=EXAMPLES)(check)
    group.command(name="list")(show)
    app.add_typer(group, name="style")


def show() -> None:
    """有哪些语气,现在用的是哪一种。"""
    from bot.reply.style import FOLDER, read_styles

    used = load().style
    for style in read_styles(ROOT / FOLDER).by_name.values():
        mark = "*" if style.name == used else " "
        typer.echo(f"{mark} {style.name}\t{style.title}\t称呼「{style.address}」,最多 {style.max_chars} 字")


def check(
    files: Files = None,
    *,
    style: Annotated[str, typer.Option(help="只按这一种语气检查")] = "",
    kind: Annotated[str, typer.Option(help="谁写的:" + "、".join(KINDS))] = "bot",
) -> None:
    """按语气和用词规则检查;一行一处:在哪里、哪几个字、为什么、该怎么说。有该拦的就以 1 退出。"""
    if kind not in KINDS:
        raise BadInput(f"--kind:要写 {'、'.join(KINDS)} 之一,写的是 {kind}")
    blocked = 0
    for line, blocks in _texts(files, style, kind) if files else _own():
        typer.echo(line)
        blocked += blocks
    if blocked:
        raise typer.Exit(1)
    typer.echo("没有要拦的。", err=True)


def _own() -> Iterator[tuple[str, bool]]:
    """Templates and styles, then the FAQ, which nobody alters and nothing blocks."""
    from bot.knowledge.files import FaqFiles
    from bot.reply.lint import lint
    from bot.reply.rehearsal import check_all, line
    from bot.reply.style import FOLDER, read_styles

    yield from ((breach, True) for breach in check_all(ROOT))
    rules = read_styles(ROOT / FOLDER).rules
    for entry in FaqFiles.of(load().home).entries():
        for found in lint(entry.answer, rules, kind="faq"):
            yield f"{entry.source}: {entry.id}: 提醒: {line(found)}", False


def _texts(files: list[str], name: str, kind: str) -> Iterator[tuple[str, bool]]:
    """Every finding in files of one text a line: (line for people, whether it blocks)."""
    from bot.reply.lint import lint
    from bot.reply.rehearsal import line
    from bot.reply.style import FOLDER, read_styles

    styles = read_styles(ROOT / FOLDER)
    style = styles.get(name) if name else None
    if name and style is None:
        raise BadInput(f"--style:没有 {name};有 {'、'.join(styles.by_name)}")
    for file in files:
        for at, text in enumerate(_lines(file), 1):
            for found in lint(text, style.rules if style else styles.rules, kind=kind):  # type: ignore[arg-type]
                blocks = found.level == "block"
                yield f"{file}:{at}: {'拦下' if blocks else '提醒'}: {line(found)}", blocks


def _lines(file: str) -> list[str]:
    if file == "-":
        return sys.stdin.read().splitlines()
    try:
        return Path(file).read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        raise BadInput(f"{file}:要 UTF-8 的文本文件;请另存为 UTF-8 再试") from None
