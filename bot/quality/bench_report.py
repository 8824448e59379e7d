"""From figures to a table: what was measured, the ratio, the target, and whether it is met."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import fmean, median
from typing import Any

from rich.table import Table

from bot.quality.bench_bots import Figures
from bot.quality.bench_client import percentile
from bot.quality.bench_desk import PER_SECOND, DeskFigures

NOT_MEASURED = "未测"
KEPT_UP = 0.9
"""Below this share of the wanted rate the latencies are those of an overloaded desk."""
LEAST_SAVED = 0.7
"""Of what DIET takes for a message, our mean may take this share, sentence vectors and all."""
LONGEST_WAIT = 8.5
"""Seconds: the 8 that a model has, and the turn around them."""
LEFT = frozenset({"项目", "单位", "目标", "达标"})


@dataclass(frozen=True)
class Row:
    """One line; `None` is what was not measured. `ratio` is stock over ours, above 1 where ours is better."""

    what: str
    unit: str
    ours: float | None
    stock: float | None = None
    target: str = ""
    met: bool | None = None
    higher_is_better: bool = False

    @property
    def ratio(self) -> float | None:
        """How many times better ours is."""
        if not self.ours or not self.stock:
            return None
        return self.ours / self.stock if self.higher_is_better else self.stock / self.ours

    def to_json(self) -> dict[str, Any]:
        """The row with its ratio."""
        return {**asdict(self), "ratio": self.ratio}


def rows(
    ours: Figures | None,
    stock: Figures | None,
    desk: DeskFigures | None,
    wording: Mapping[str, Sequence[float]] | None = None,
) -> list[Row]:
    """Every line of the report, in DESIGN's order, those of other commands left out."""
    lines = [*_inside(ours, stock), *_server(ours, stock), *_desk(desk)]
    return [*lines, *_wording(wording or {}), *_natural(ours, stock)]


def _wording(figures: Mapping[str, Sequence[float]]) -> list[Row]:
    """What bench_wording measured."""

    def p95(name: str) -> float | None:
        return percentile(figures[name], 95) if len(figures.get(name, ())) > 1 else None

    guard, slowest = p95("guard"), max(figures.get("hanging", ()), default=None)
    return [
        Row("审一稿(进程内)p95", "ms CPU", guard, None, "≤ 5", _met(guard, lambda v: v <= 5)),
        Row("用模板回复一轮(进程内)p95", "ms", p95("template")),
        Row(
            "大模型不回答时一轮,最慢", "s", slowest, None,
            f"≤ {LONGEST_WAIT:g}", _met(slowest, lambda v: v <= LONGEST_WAIT),
        ),
    ]  # fmt: skip


def _inside(ours: Figures | None, stock: Figures | None) -> list[Row]:
    def row(what: str, read: Callable[[Mapping[str, Any]], float], at_most: float, times: float = 0) -> Row:
        mine, theirs = (_of(f, lambda f: read(f.inside)) for f in (ours, stock))
        wanted = f"≤ {at_most:g}" + (f",快 {times:g} 倍" if times else "")
        fast = None if not times or mine is None or theirs is None else theirs >= times * mine
        return Row(
            what, "ms CPU", mine, theirs, wanted, _all(mine is not None and mine <= at_most, fast, mine)
        )

    def served(figures: Mapping[str, Any]) -> float:
        """What the action server, if there is one, takes for a turn with an action."""
        used = float(figures.get("action_server_cpu_s", 0.0))
        return used * 1000 / max(1, int(figures["action_turns"]))

    return [
        row("解析整图(进程内)p50", lambda f: median(f["parse_cpu"]), 0.5, 40),
        row("解析整图(进程内)p95", lambda f: percentile(f["parse_cpu"], 95), 1.0),
        row("一轮对话,无动作(进程内)p50", lambda f: median(f["turn_cpu"]["talk"]), 3.5, 20),
        row("一轮对话,有动作(进程内)p50", lambda f: median(f["turn_cpu"]["business"]) + served(f), 4.0, 20),
        _load_row(ours, stock),
        _memory_row(ours, stock),
    ]


def _load_row(ours: Figures | None, stock: Figures | None) -> Row:
    mine, theirs = (_of(f, lambda f: float(f.inside["load_s"])) for f in (ours, stock))
    return Row("加载模型(import 之后)", "s", mine, theirs, "≤ 1.5", _met(mine, lambda v: v <= 1.5))


def _memory_row(ours: Figures | None, stock: Figures | None) -> Row:
    mine, theirs = (_of(f, lambda f: f.loaded_mb) for f in (ours, stock))
    return Row("启动后常驻内存(全部进程)", "MB", mine, theirs, "≤ 800", _met(mine, lambda v: v <= 800))


def _server(ours: Figures | None, stock: Figures | None) -> list[Row]:
    def row(what: str, unit: str, read: Callable[[Figures], float], **more: Any) -> Row:
        return Row(what, unit, _of(ours, read), _of(stock, read), **more)

    def growth(f: Figures) -> float:
        return f.long.cpu / f.short.cpu

    speed = _of(ours, lambda f: f.together.per_second)
    longer = _of(ours, growth)
    found = [
        row("启动到就绪", "s", lambda f: f.load_s),
        row("测完后常驻内存(全部进程)", "MB", lambda f: f.after_mb),
        row("解析(HTTP)", "ms CPU", lambda f: f.parse.cpu),
    ]
    names = {"talk": "无动作", "business": "有动作"}
    for field, name in names.items():
        found.append(row(f"一轮对话,{name}(HTTP)", "ms CPU", lambda f, k=field: getattr(f, k).cpu))  # type: ignore[misc]
        for percent in (50, 95):
            what = f"一轮对话,{name}(HTTP)p{percent}"
            read = _latency(field, percent)
            found.append(row(what, "ms", read))
    return [
        *found,
        row(
            "800 个事件后的一轮 ÷ 40 个事件后", "倍", growth,
            target="≤ 1.2", met=_met(longer, lambda v: v <= 1.2),
        ),
        row(
            "16 路并发,单个 bot 进程", "轮/s", lambda f: f.together.per_second,
            target="≥ 250", met=_met(speed, lambda v: v >= 250), higher_is_better=True,
        ),
    ]  # fmt: skip


def _latency(field: str, percent: int) -> Callable[[Figures], float]:
    return lambda f: float(getattr(f, field).at(percent))


def _desk(desk: DeskFigures | None) -> list[Row]:
    paced = desk.paced_p95 if desk else None
    kept_up = desk is None or desk.paced_per_second >= KEPT_UP * PER_SECOND
    rate = f"{PER_SECOND:.0f} 条/s" if kept_up or desk is None else f"只达到 {desk.paced_per_second:.0f} 条/s"
    wrong = float(desk.wrong) if desk else None
    return [
        Row(
            f"收到消息→存下回复,{rate},p95", "ms", paced, None,
            "≤ 150", _met(paced, lambda v: kept_up and v <= 150),
        ),
        Row("经客服台 16 路并发 p50", "ms", desk.p50 if desk else None),
        Row("经客服台 16 路并发 p95", "ms", desk.p95 if desk else None),
        Row("经客服台 16 路并发", "轮/s", desk.per_second if desk else None, higher_is_better=True),
        Row(
            f"没答、答两次或乱序(共 {desk.messages if desk else 0} 条)", "条", wrong, None,
            "0", _met(wrong, lambda v: v == 0),
        ),
    ]  # fmt: skip


def _natural(ours: Figures | None, stock: Figures | None) -> list[Row]:
    first, theirs = (_of(f, lambda f: fmean(f.inside["first_cpu"])) for f in (ours, stock))
    less = None if first is None or theirs is None else first <= LEAST_SAVED * theirs
    return [
        Row("自然比例的平均解析,含语义阶段", "ms CPU", first, theirs, f"≤ {LEAST_SAVED:g} × DIET", less),
        Row("自然比例的吞吐,含语义阶段", "轮/s", None, None, "≥ 50"),
    ]


def table(found: Sequence[Row]) -> Table:
    """For the terminal."""
    shown = Table(title="店小二与原版 Rasa,同机、同数据、同次运行", title_justify="left")
    for name in ("项目", "单位", "店小二", "原版", "优于原版", "目标", "达标"):
        shown.add_column(name, justify="left" if name in LEFT else "right", no_wrap=True)
    for row in found:
        ratio = "" if row.ratio is None else f"{row.ratio:.1f} 倍"
        met = {True: "是", False: "否", None: "" if not row.target else NOT_MEASURED}[row.met]
        shown.add_row(row.what, row.unit, _number(row.ours), _number(row.stock), ratio, row.target, met)
    return shown


def _number(value: float | None) -> str:
    if value is None:
        return NOT_MEASURED
    return f"{value:.0f}" if value >= 100 or value == 0 else f"{value:.3g}"


def _of(figures: Figures | None, read: Callable[[Figures], float]) -> float | None:
    return None if figures is None else read(figures)


def _met(value: float | None, holds: Callable[[float], bool]) -> bool | None:
    return None if value is None else holds(value)


def _all(within: bool, fast: bool | None, mine: float | None) -> bool | None:
    """None where nothing was measured; the ratio counts once both bots were."""
    return None if mine is None else within and fast is not False
