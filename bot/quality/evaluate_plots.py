"""Pictures of an evaluation as PNG, drawn without a screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from typing import Any

from bot.quality.evaluate_metrics import Bin

DPI = 110
INK, LINE, FAINT, RED = "#1f2937", "#0f766e", "#d1d5db", "#b91c1c"
FIRST = 0.05
"""Up to this share a curve is made of too few verdicts to fix the scale."""
CHINESE_FONTS = (
    *("Noto Sans CJK", "Noto Sans SC", "Source Han Sans", "WenQuanYi"),
    *("Microsoft YaHei", "SimHei", "PingFang", "Heiti"),
)
"""Beginnings of the names of fonts that hold Chinese; without any of them the pictures are in English."""
Words = Mapping[str, str]
CHINESE = {
    "meant": "买家的意思",
    "taken": "机器人的理解",
    "sure": "机器人的把握",
    "right": "实际答对",
    "answered": "不反问、直接回答的比例",
    "accuracy": "其中答对的比例",
    "now": "现在",
    "ideal": "把握与实际一致",
}
ENGLISH = {
    "meant": "meant",
    "taken": "taken for",
    "sure": "probability given",
    "right": "share right",
    "answered": "share answered without asking",
    "accuracy": "share of these right",
    "now": "now",
    "ideal": "as sure as right",
}


def chinese_font() -> str:
    """The name of an installed font that holds Chinese; empty if there is none."""
    from matplotlib.font_manager import fontManager

    names = sorted({font.name for font in fontManager.ttflist})
    return next((name for wanted in CHINESE_FONTS for name in names if name.startswith(wanted)), "")


def heat_map(pairs: Mapping[tuple[str, str], int], names: Mapping[str, str]) -> bytes:
    """Rows: what was meant; columns: what it was taken for; each row as shares of its messages.

    `names` are the intents to show, in their order, with their Chinese names.
    """
    order = [name for name in names if any(name in pair for pair in pairs)]
    total = {one: sum(pairs.get((one, other), 0) for other in order) for one in order}
    shares = [[pairs.get((one, other), 0) / (total[one] or 1) for other in order] for one in order]

    def draw(axes: Any, words: Words) -> None:
        labels = [names[name] for name in order] if words is CHINESE else order
        axes.imshow(shares or [[0.0]], cmap="Blues", vmin=0, vmax=1)
        axes.set_xticks(range(len(order)), labels, rotation=90)
        axes.set_yticks(range(len(order)), labels)
        axes.tick_params(labelsize=7, length=0)
        axes.set_xticks([at - 0.5 for at in range(len(order))], minor=True)
        axes.set_yticks([at - 0.5 for at in range(len(order))], minor=True)
        axes.grid(which="minor", color=FAINT, linewidth=0.3)
        axes.tick_params(which="minor", length=0)
        axes.set(xlabel=words["taken"], ylabel=words["meant"])
        for row, one in enumerate(order):
            for column, other in enumerate(order):
                if row != column and (one, other) in pairs:
                    axes.text(column, row, pairs[one, other], ha="center", va="center", size=6, color=RED)

    return _png(draw, 10.5, 10)


def calibration_curve(bins: Sequence[Bin]) -> bytes:
    """The share that was right against the probability that was given; a dot's size tells how many."""

    def draw(axes: Any, words: Words) -> None:
        axes.plot([0, 1], [0, 1], "--", color=FAINT, label=words["ideal"])
        axes.plot([one.sure for one in bins], [one.right for one in bins], color=LINE)
        most = max((one.count for one in bins), default=1)
        sizes = [20 + 180 * one.count / most for one in bins]
        axes.scatter([one.sure for one in bins], [one.right for one in bins], sizes, color=LINE, zorder=3)
        axes.set(xlabel=words["sure"], ylabel=words["right"], xlim=(0, 1.03), ylim=(0, 1.05))
        _percents(axes)
        axes.legend(frameon=False, loc="lower right")

    return _png(draw, 5.2, 4)


def coverage_curve(curve: Sequence[tuple[float, float]], now: tuple[float, float] | None) -> bytes:
    """The share right among the surest so many; the dot is what the bot does today."""

    def draw(axes: Any, words: Words) -> None:
        axes.plot([share for share, _ in curve], [right for _, right in curve], color=LINE)
        dots = [now] if now else []
        axes.scatter(
            [share for share, _ in dots], [right for _, right in dots], 60, color=RED, label=words["now"]
        )
        lowest = min((right for share, right in (*curve, *dots) if share > FIRST), default=0.0)
        axes.set(xlabel=words["answered"], ylabel=words["accuracy"], xlim=(0, 1.03))
        axes.set_ylim(max(0.0, lowest - 0.05), 1.01)
        _percents(axes)
        axes.legend(frameon=False, loc="lower left")

    return _png(draw, 5.2, 4)


def _percents(axes: Any) -> None:
    from matplotlib.ticker import PercentFormatter

    axes.xaxis.set_major_formatter(PercentFormatter(1.0, 0))
    axes.yaxis.set_major_formatter(PercentFormatter(1.0, 0))


def _png(draw: Callable[[Any, Words], None], width: float, height: float) -> bytes:
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    font = chinese_font()
    look = {"font.size": 9, "text.color": INK, "axes.labelcolor": INK, "axes.edgecolor": FAINT}
    with rc_context({**look, "font.sans-serif": [*filter(None, [font]), "DejaVu Sans"]}):
        figure = Figure((width, height), DPI, tight_layout=True)
        FigureCanvasAgg(figure)
        axes = figure.add_subplot()
        axes.spines[["top", "right"]].set_visible(False)
        draw(axes, CHINESE if font else ENGLISH)
        picture = BytesIO()
        figure.savefig(picture, format="png", metadata={"Software": None})
    return picture.getvalue()
