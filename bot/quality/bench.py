"""What a turn costs, ours beside a stock Rasa project made of the same data, in the same run.

What is measured, and how, stands in docs/performance.md.
"""

from __future__ import annotations

import os
import platform
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bot.quality.bench_bots import (
    FULL,
    QUICK,
    Figures,
    measure_ours,
    measure_stock,
    measure_wording,
    prepare_shop,
)
from bot.quality.bench_desk import DeskFigures, measure_desk
from bot.quality.bench_process import check_platform
from bot.quality.bench_project import Project, lay_out, read_messages, train
from bot.quality.bench_report import Row, rows
from bot.settings import Settings

Json = dict[str, Any]
Step = Callable[[str], AbstractContextManager[object]]
"""Shows a title while its block runs."""
NOW = "2026-11-21T10:00:00+08:00"
SHOPPER = "S001"
"""The demo shop's first, who has orders in several states."""
DESK_CONVERSATIONS, DESK_TURNS = 100, 10


@dataclass(frozen=True)
class Options:
    """What to measure."""

    stock: bool = True
    desk: bool = False
    quick: bool = False


@dataclass(frozen=True)
class Report:
    """All figures of one run."""

    rows: tuple[Row, ...]
    ours: Figures
    stock: Figures | None
    desk: DeskFigures | None
    wording: Json
    options: Options

    def to_json(self) -> Json:
        """Everything, single measurements included."""
        return {
            "machine": _machine(),
            "options": asdict(self.options),
            "rows": [row.to_json() for row in self.rows],
            "ours": asdict(self.ours),
            "stock": asdict(self.stock) if self.stock else None,
            "desk": asdict(self.desk) if self.desk else None,
            "wording": self.wording,
        }


def measure(settings: Settings, options: Options, step: Step) -> Report:
    """Train what is missing, then measure one bot after the other; every process is stopped again.

    Raises XiaoerError where a process fails, with where its log lies.
    """
    check_platform()
    project = _trained(settings, options, step)
    messages, size = read_messages(), QUICK if options.quick else FULL
    settings.home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=settings.home) as folder:
        home = Path(folder)
        env = prepare_shop(home, NOW, SHOPPER)
        stock = None
        if options.stock:
            with step("测原版 Rasa"):
                stock = measure_stock(project, env, messages, size)
        with step("测店小二"):
            ours = measure_ours(project, env, messages, size)
        with step("测措辞:审稿、模板、大模型不回答时"):
            wording = measure_wording(project, env, quick=options.quick)
        desk = _measure_desk(home, project, messages.desk, options, step) if options.desk else None
    return Report(tuple(rows(ours, stock, desk, wording)), ours, stock, desk, wording, options)


def _trained(settings: Settings, options: Options, step: Step) -> Project:
    project = lay_out(settings.home)
    with step("训练店小二的模型(资料没变就不训练)"):
        train(project, "ours")
    if options.stock:
        with step("训练原版 Rasa 的模型(只训练一次,要几分钟)"):
            train(project, "stock")
    return project


def _measure_desk(
    home: Path, project: Project, texts: tuple[str, ...], options: Options, step: Step
) -> DeskFigures:
    conversations = DESK_CONVERSATIONS // 10 if options.quick else DESK_CONVERSATIONS
    folder = home / "desk"
    folder.mkdir()
    with step(f"经客服台:{conversations} 场会话,每场 {DESK_TURNS} 条"):
        return measure_desk(folder, project.ours, texts, conversations, DESK_TURNS)


def _machine() -> Json:
    return {
        "cpus": os.cpu_count(),
        "load": [round(load, 2) for load in os.getloadavg()],
        "python": platform.python_version(),
        "system": platform.system(),
    }
