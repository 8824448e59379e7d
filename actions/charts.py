"""Size charts read: a body or a foot to the sizes that fit it. Plain functions of the shop's rows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.shop.models import SizeRow

EDGE = 0.5
"""So near to a line's end (kg, cm), the neighbouring size fits as well."""
EDGE_MM = 1.0

_NUMBER = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True)
class Advice:
    """A size, or the two it lies between (smaller first); not `inside` where the chart does not reach."""

    sizes: tuple[str, ...]
    inside: bool = True


def advise(chart: tuple[SizeRow, ...], height: float, weight: float) -> Advice:
    """The chart's size for a body of that height (cm) and weight (kg); a size may have several lines."""
    tall = _nearest_rows(chart, [row.height for row in chart], height)
    sizes = _sizes(row for row in tall if _within(row.weight, weight, EDGE))
    inside = bool(sizes) and any(_within(row.height, height, EDGE) for row in tall)
    if not sizes:
        near = _nearest_rows(chart, [row.weight for row in chart], weight)
        sizes = _sizes(_nearest_rows(near, [row.height for row in near], height))
    return Advice(sizes[:2] if inside else sizes[:1], inside)


def advise_shoe(chart: tuple[SizeRow, ...], foot: float) -> Advice:
    """The chart's size for a usual shoe size (below 100) or a foot's length in mm."""
    if foot < 100:
        same = _sizes(row for row in chart if _spans(row.size, foot))
        if same:
            return Advice(same[:1])
        foot = foot * 5 + 50
    near = _nearest_rows(chart, [row.foot for row in chart], foot)
    inside = any(_within(row.foot, foot, EDGE_MM) for row in near)
    return Advice(_sizes(near)[: 2 if inside else 1], inside)


def _nearest_rows(
    chart: tuple[SizeRow, ...], ranges: list[tuple[float, float] | None], value: float
) -> tuple[SizeRow, ...]:
    """The lines that hold the value, or those that come nearest to it."""
    distances = [_distance(limits, value) for limits in ranges]
    least = min(distances, default=0.0)
    return tuple(row for row, distance in zip(chart, distances, strict=True) if distance <= least)


def _sizes(rows: Iterable[SizeRow]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row.size for row in rows))


def _distance(limits: tuple[float, float] | None, value: float) -> float:
    if limits is None:
        return 0.0
    return max(limits[0] - value, value - limits[1], 0.0)


def _within(limits: tuple[float, float] | None, value: float, edge: float) -> bool:
    return _distance(limits, value) <= edge


def _spans(size: str, usual: float) -> bool:
    """Whether a size such as 38 or 36-37 is the usual one."""
    numbers = [float(n) for n in _NUMBER.findall(size)]
    return bool(numbers) and min(numbers) <= usual <= max(numbers)
