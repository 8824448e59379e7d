"""`xiaoer journeys`: shoppers played by rules talk to the bot, and what became of the shop is judged."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.errors import BadInput, XiaoerError

if TYPE_CHECKING:
    from bot.quality.journeys import Played
    from bot.quality.journeys_files import Journey

EXAMPLES = """\b
例:
  xiaoer journeys                     每条旅程走一遍
  xiaoer journeys --times 4           每条走四遍,报告 pass^1 到 pass^4
  xiaoer journeys --only 取消 --show  只走名字或主题里有「取消」的,打印对话
\b
旅程写在 tests/journeys/*.yml,写法见 docs/journeys.md。低于 --bar 时以 1 退出。
"""


class BelowBar(XiaoerError):
    """Fewer journeys than asked for were a success."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=EXAMPLES)(journeys)


def journeys(
    *,
    times: Annotated[int, typer.Option("--times", metavar="N", min=1, max=20, help="每条走几遍")] = 1,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="从哪个随机种子起")] = 1,
    only: Annotated[
        str, typer.Option("--only", metavar="文字", help="只走名字、主题或作者里有这段文字的")
    ] = "",
    show: Annotated[bool, typer.Option("--show", help="把对话也打印出来")] = False,
    bar: Annotated[float, typer.Option("--bar", metavar="0-1", help="pass^N 至少要多少")] = 0.0,
    folder: Annotated[Path, typer.Option("--from", metavar="DIR", help="旅程在哪个目录")] = Path(
        "tests/journeys"
    ),
) -> None:
    """让模拟的买家走完一段段旅程,检查店里最后变成了什么。"""
    from bot.commands.talk import machine_output
    from bot.quality.journeys import dialogue_for, play
    from bot.quality.journeys_files import read_journeys
    from bot.settings import load

    wanted = [j for j in read_journeys(folder) if only in f"{j.name} {j.about} {j.writer} {j.fault.value}"]
    if not wanted:
        raise BadInput(f"{folder}: 没有这样的旅程({only or '目录是空的'})")

    async def whole() -> Played:
        async with dialogue_for(load()) as dialogue:
            return await play(dialogue, folder, wanted, range(seed, seed + times))

    with machine_output() as out:
        played = asyncio.run(whole())
        for line in _lines(played, wanted, show=show):
            print(line, file=out)
    if played.passes(times) < bar:
        raise BelowBar(f"pass^{times} 应至少 {bar:.3f},却是 {played.passes(times):.3f}")


def _lines(played: Played, wanted: list[Journey], *, show: bool) -> list[str]:
    lines: list[str] = []
    for each in played.tries:
        if each.faults or show:
            lines.append(
                f"{'✗' if each.faults else '✓'} {each.journey.name} (seed {each.seed}, {each.turns} turns)"
            )
            lines += [f"    {line}" for line in each.log] if show else []
            lines += [f"  ! {fault}" for fault in each.faults]
    writers = sorted({journey.writer for journey in wanted})
    for writer in writers if len(writers) > 1 else []:
        part = played.of(lambda journey, writer=writer: journey.writer == writer)  # type: ignore[misc]
        lines.append(f"{writer or '-'}: {_passes(part)}")
    turns = sum(each.turns for each in played.tries) / len(played.tries)
    again = sum(each.asked_twice for each in played.tries)
    return [
        *lines,
        f"{len(wanted)} journeys x {played.times}: {_passes(played)}; {turns:.1f} turns; asked twice {again}",
    ]


def _passes(played: Played) -> str:
    return ", ".join(f"pass^{k} {played.passes(k):.3f}" for k in range(1, played.times + 1))
