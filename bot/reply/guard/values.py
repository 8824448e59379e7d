"""Quantities, codes and closed names of a text as canonical values: what is equal is honest rewriting."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from bot.reply.guard import codes, counts, days, durations, hours, money, people, rates
from bot.reply.guard.found import Found
from bot.reply.guard.vocabulary import Vocabulary

_THRESHOLD = re.compile(r"的?(?:包邮|免邮|满减)?(?:门槛|起点|标准线|包邮线|包邮标准|免邮线|线)")
_NEAR = re.compile(r"[^,。!?;:、\n\d]{0,4}$")
_FAR = re.compile(r"[^,。!?;:、\n\d]{0,9}$")
_SUPERLATIVE = re.compile(r"[最至][多少高低]$|不[低少高大小]于$|不超过$")
_NEAR = re.compile(r"[^,。!?;:、\n\d]{0,4}$")
_FAR = re.compile(r"[^,。!?;:、\n\d]{0,9}$")
_SUPERLATIVE = re.compile(r"[最至][多少高低]$|不[低少高大小]于$|不超过$")
NO_NAME = "none"
"""The kind of longer words in which a name only seems to stand: 遇上海关."""
SURELY_BEFORE = 13
"""How far before a value its bound may stand: 最晚(在), 最多抵扣订单金额的."""


@dataclass(frozen=True)
class Value:
    """One value of a text. `keys` are its possible readings: 23号 may be of several months.

    `raw` are the plain numbers in it, `bound` what limits it: within, least, after, about or nothing;
    `article` marks 一个 and the like, which need not be a number.
    """

    kind: str
    keys: frozenset[Hashable]
    start: int
    end: int
    raw: frozenset[float] = frozenset()
    bound: str = ""
    article: bool = False
    unit: str = ""

    def same(self, other: Value) -> bool:
        """Whether both can mean the same."""
        return self.kind == other.kind and not self.keys.isdisjoint(other.keys)


Reader = Callable[[str, Vocabulary, "date | None"], Iterator[Found]]
READERS: tuple[Reader, ...] = (
    days.written,
    codes.read,
    people.read,
    days.named,
    hours.read,
    money.read,
    rates.read,
    durations.read,
    counts.measures,
    counts.counted,
    counts.bare,
)
"""Surest first: what one has read is gone for the next."""


def read(text: str, words: Vocabulary, today: date | None) -> list[Value]:
    """Every value of a folded text, in order of appearance."""
    return list(_read(text, words, today))


@lru_cache(maxsize=4096)
def _read(text: str, words: Vocabulary, today: date | None) -> tuple[Value, ...]:
    values = [
        Value(kind, frozenset((name,)), start, end)
        for start, end, kind, name in words.names.find(text)
        if kind != NO_NAME
    ]
    work = words.idioms.blank(text)
    for reader in READERS:
        spans: list[tuple[int, int]] = []
        for found in reader(work, words, today):
            span = (found.start, found.end)
            if "\0" in work[found.start : found.end] or any(_crosses(span, other) for other in spans):
                continue
            values.append(_value(found, text, words))
            spans.append(span)
        for start, end in spans:
            work = work[:start] + "\0" * (end - start) + work[end:]
    return tuple(sorted(values, key=lambda value: (value.start, value.end)))


def _crosses(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two spans share a place without being the same: both ends of a range stand at one span."""
    return one != other and one[0] < other[1] and other[0] < one[1]


def _value(found: Found, text: str, words: Vocabulary) -> Value:
    return Value(
        found.kind,
        found.keys,
        found.start,
        found.end,
        frozenset(found.raw),
        _bound(text, found.start, found.end, words),
        found.article,
        found.unit,
    )


def _bound(text: str, start: int, end: int, words: Vocabulary) -> str:
    after = words.bounds_after.match(text, end)
    if after:
        return words.bound_of[after.group()]
    if _THRESHOLD.match(text, end):
        return "least"
    near = text[max(0, start - SURELY_BEFORE) : start]
    bound = ""
    for before in words.bounds_before.finditer(near):
        reach = _FAR if _SUPERLATIVE.search(before.group()) else _NEAR
        if reach.match(near, before.end()):
            bound = words.bound_of[before.group()]
    return bound


def fits(weekday: Value, day: Value) -> bool:
    """Whether a weekday beside a date is that day's."""
    return not weekday.keys.isdisjoint(day.keys)
