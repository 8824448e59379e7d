"""`xiaoer chat`: bubbles in a terminal. Reads a line, shows the replies, numbers the buttons."""

from __future__ import annotations

import asyncio

from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table

from bot.commands.conversation import Conversation
from bot.errors import XiaoerError
from bot.turn import Button, Json, Reply, Turn


async def show(conversation: Conversation) -> None:
    """Talk until end of input."""
    console = Console()
    who = conversation.shopper.name if conversation.shopper else "未登录的买家"
    console.print(f"[bold]店小二[/bold] 您是{escape(who)}。直接输入问题;输入数字点按钮;Ctrl-D 结束。")
    offered: tuple[Button, ...] = ()
    while True:
        try:
            line = (await asyncio.to_thread(console.input, "[cyan]您:[/cyan]")).strip()
        except (EOFError, UnicodeDecodeError):
            console.print()
            return
        if not line:
            continue
        try:
            turn = await conversation.say(pressed(line, offered))
        except XiaoerError as e:
            console.print(f"[red]{escape(str(e))}[/red]")
            continue
        offered = draw(console, turn)


def pressed(line: str, offered: tuple[Button, ...]) -> Json:
    """A number that names an offered button presses it; anything else is text."""
    if line.isascii() and line.isdigit() and 0 < int(line) <= len(offered):
        return {"button": offered[int(line) - 1].id}
    return {"text": line}


def draw(console: Console, turn: Turn) -> tuple[Button, ...]:
    """Show the replies; returns the buttons in the order of their numbers."""
    offered: list[Button] = []
    for reply in turn.replies:
        console.print(Panel(escape(reply.text), border_style="green", expand=False))
        if reply.card:
            console.print(_card(reply))
        for button in reply.buttons:
            offered.append(button)
            console.print(f"  [bold]{len(offered)}[/bold] {escape(button.title)}")
    if turn.handoff:
        console.print(f"[yellow]→ 转人工({escape(turn.handoff.reason)})[/yellow]")
    seen = turn.understanding
    console.print(f"[dim]{escape(seen.intent)} · {escape(seen.step)} · {escape(seen.mood)}[/dim]")
    return tuple(offered)


def _card(reply: Reply) -> Table:
    table = Table(show_header=False, box=None, padding=(0, 1))
    for name, value in (reply.card or {}).items():
        if isinstance(value, str) and not name.endswith("_code") and name not in {"kind", "picture"}:
            table.add_row(f"[dim]{escape(name)}[/dim]", escape(value))
    return table
