"""When a value of a draft is an honest form of a value in the sources."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from bot.reply.guard.days import weekday_of
from bot.reply.guard.hours import in_part
from bot.reply.guard.values import Value
from bot.reply.guard.vocabulary import Vocabulary

CODES = frozenset({"id", "phone", "identity", "tail"})
DATES = frozenset({"date", "weekday"})
LOOSE = frozenset({"money", "points", "count", "percent", "measure", "size", "ordinal"})
"""Kinds whose unit may be left unsaid: 满200减20 = 满200元减20元."""


STOREYS = frozenset({"层", "楼"})
"""What one counts by ordinals: 第四层 is 4楼."""


def honest(draft: Value, source: Value, words: Vocabulary) -> bool:
    """Whether the draft's value can be the source's, written otherwise."""
    if draft.same(source):
        return True
    kinds = {draft.kind, source.kind}
    if kinds <= CODES:
        return any(_code(one, other) for one in _texts(draft) for other in _texts(source))
    if kinds <= DATES:
        return _days(draft, source)
    if kinds == {"count", "ordinal"}:
        return _counts(draft, source, words) and any(unit in STOREYS for _, unit in _pairs(source))
    if kinds == {"count"}:
        return _counts(draft, source, words)
    if draft.kind == "daypart" and source.kind == "time":
        return any(in_part(int(minute), part) for minute in _numbers(source) for part in _texts(draft))
    if draft.kind in {"month", "year"} and source.kind == "date":
        days = [day for day in source.keys if isinstance(day, date)]
        return bool({getattr(day, draft.kind) for day in days} & draft.keys)
    if "number" in kinds and kinds & CODES:
        return any(_code(one, other) for one in _texts(draft) for other in _texts(source))
    if "number" in kinds and kinds & LOOSE:
        return _unsaid(draft, source)
    return False


def from_number(draft: Value, numbers: Iterable[float]) -> bool:
    """Whether a plain number of the facts can be meant: an amount in yuan or fen, a share, days, pieces."""
    wanted = set(draft.raw)
    match draft.kind:
        case "money":
            wanted |= {yuan * 100 for yuan in draft.raw}
        case "percent" | "off":
            wanted |= {round(rate / 100, 6) for rate in draft.raw} | set(_numbers(draft))
        case "duration" | "measure":
            wanted |= {float(key[1]) for key in draft.keys if isinstance(key, tuple)}
        case "date" | "weekday" | "time" | "daypart" | "month" | "period":
            return False
        case "id" | "phone" | "tail":
            return any(_code(code, f"{number:.0f}") for code in _texts(draft) for number in numbers)
    return any(abs(one - number) < 1e-6 for number in numbers for one in wanted)


def _code(draft: str, source: str) -> bool:
    if draft == source:
        return True
    if "*" in draft:
        pattern = ".*".join(re.escape(part) for part in re.split(r"\*+", draft))
        return re.fullmatch(pattern, source) is not None
    tail = len(draft) >= 4 and len(source) > len(draft) and source.endswith(draft)
    return tail and (len(draft) <= 6 or "*" in source)


def _days(draft: Value, source: Value) -> bool:
    if not draft.keys.isdisjoint(source.keys):
        return True
    return any(
        weekday_of(day) in other.keys for one, other in ((draft, source), (source, draft)) for day in one.keys
    )


def _counts(draft: Value, source: Value, words: Vocabulary) -> bool:
    for amount, unit in _pairs(draft):
        for other, kind in _pairs(source):
            if amount == other and kind in words.same_unit.get(unit, frozenset((unit,))):
                return True
    return False


def _unsaid(draft: Value, source: Value) -> bool:
    plain, named = (draft, source) if draft.kind == "number" else (source, draft)
    known = named.kind in {"money", "size"} or not plain.unit
    return known and not plain.raw.isdisjoint(named.raw)


def _texts(value: Value) -> list[str]:
    return [key for key in value.keys if isinstance(key, str)]


def _numbers(value: Value) -> list[float]:
    return [float(key) for key in value.keys if isinstance(key, (int, float))]


def _pairs(value: Value) -> list[tuple[Any, Any]]:
    return [key for key in value.keys if isinstance(key, tuple) and len(key) == 2]
