"""`xiaoer evaluate`: how much of what shoppers say is understood, as a report for the owner."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from bot.errors import BadInput

if TYPE_CHECKING:
    from rich.table import Table

    from bot.commands.steps import Steps
    from bot.quality.evaluate import Evaluation

EXAMPLES = """\b
例:
  xiaoer evaluate                               用随带的测试集,报告写进 results/evaluate/report.html
  xiaoer evaluate --file 我的句子.jsonl          用自己的测试集,每行一个 {"text": "…", "intent": "…"}
  xiaoer evaluate --compare 旧模型.tar.gz        与另一个模型比较,列出变好、变差的句子
  xiaoer evaluate --json > 结果.json             全部数字
\b
行里还可以写 "mood"(calm、confused、angry);几件事写 "requests": [意图, …];看前文的写 "before": [前面几句];
要人工的写 "wish": "explicit";内容写 "entities": [{"entity", "value"}]。写错的行会指出是哪个文件第几行。
"""


FOLDER = Path("results/evaluate")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=EXAMPLES)(evaluate)


def evaluate(
    *,
    files: Annotated[
        Optional[list[Path]],  # noqa: UP045
        typer.Option("--file", metavar="FILE", help="自己的测试集(JSONL),可以写几次"),
    ] = None,
    other: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--compare", metavar="MODEL", help="与另一个模型文件比较"),
    ] = None,
    folder: Annotated[Path, typer.Option("--to", metavar="DIR", help="报告和图写到哪里")] = FOLDER,
    as_json: Annotated[bool, typer.Option("--json", help="把全部数字输出成 JSON")] = False,
    store: Annotated[
        bool, typer.Option("--store", help="把这次的数字存为基准 tests/nlu/figures.json")
    ] = False,
) -> None:
    """测一测机器人听懂多少,写一份看得懂的报告。"""
    from rich.console import Console

    from bot.commands.steps import Steps
    from bot.commands.talk import machine_output
    from bot.quality.evaluate import evaluate as run
    from bot.quality.evaluate import write_report
    from bot.settings import load

    if store and files:
        raise BadInput("--store 存的是随带测试集的数字,不能和 --file 一起用;去掉其中一个")
    with machine_output() as out:
        steps, settings = Steps(Console(stderr=True, highlight=False)), load()
        _warn_of_age(settings.model, steps)
        done = run(settings, files or [], other, steps.step)
        with steps.step("画图、写报告"):
            report = write_report(done, folder)
        if as_json:
            out.write(json.dumps(done.to_json(), ensure_ascii=False, indent=1) + "\n")
        else:
            console = Console(file=out, highlight=False)
            console.print(_table(done))
            console.print(f"报告:{report}", soft_wrap=True, markup=False)
        if store:
            _store(done, steps)


def _warn_of_age(model: Path, steps: Steps) -> None:
    from bot import training
    from bot.settings import ROOT

    if model == training.model_path(ROOT) and training.condition(ROOT) is training.Condition.STALE:
        steps.say("提醒:模型比 data/ 里的资料旧,测的是旧模型;要测新的,先运行 xiaoer train。")


def _store(done: Evaluation, steps: Steps) -> None:
    from bot.quality.evaluate_stored import store
    from bot.settings import ROOT

    steps.say(f"已存为基准:{store(ROOT, done.found).relative_to(ROOT)}")


def _table(done: Evaluation) -> Table:
    from rich.table import Table

    from bot.quality.evaluate_report import bounds, percent, read_words

    titles, other = read_words({}).figures, done.compared.headline if done.compared else {}
    table = Table(title=f"听懂了多少({done.model.name})", title_justify="left")
    for name in ("项目", "数值", "95% 范围", "条数", *([done.compared.name] if done.compared else [])):
        table.add_column(name, justify="left" if name == "项目" else "right", no_wrap=True)
    for name, figure in done.found.headline.items():
        its = [percent(other[name]) if name in other else ""] if done.compared else []
        table.add_row(titles[name][0], percent(figure), bounds(figure), str(figure.of), *its)
    return table
