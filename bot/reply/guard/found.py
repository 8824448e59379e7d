"""What a reader of one kind of value hands back, and how numbers are written."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass

from bot.numerals import decimal

ARABIC = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
CHINESE = r"(?<![零〇一二两俩三四五六七八九十百千万])[零〇一二两俩三四五六七八九十百千万]+"
NUMBER = rf"(?:(?<![\d.]){ARABIC}[万千百]?|{CHINESE}(?:点[零〇一二三四五六七八九]+)?)"
"""One number, group-free: 1,299.00, 1.3万, 一千二百九十九, 二点五."""
TO = r"(?:-|—|–|~|至|到)"
_MULTIPLES = {"万": 10_000, "千": 1000, "百": 100}
_PAIR = re.compile("一二|一两|两三|二三|三四|三五|四五|五六|六七|七八|八九")
PLAIN = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}


@dataclass(frozen=True)
class Found:
    """A value at an interval of the folded text."""

    kind: str
    keys: frozenset[Hashable]
    start: int
    end: int
    raw: tuple[float, ...] = ()
    article: bool = False
    unit: str = ""


def number(text: str) -> float:
    """The value of what NUMBER matched."""
    text = text.replace(",", "")
    if text[0].isdigit():
        unit = _MULTIPLES.get(text[-1], 1)
        return round(float(text.rstrip("万千百")) * unit, 6)
    whole, _, part = text.partition("点")
    value = decimal(whole)
    return value + float("0." + "".join(str(int(decimal(ch))) for ch in part)) if part else value


def ends(low: str | None, high: str) -> list[float]:
    """The ends of a range: one number, two, or 两三 as two."""
    if low:
        return [number(low), number(high)]
    if _PAIR.fullmatch(high):
        return [float(PLAIN[ch]) for ch in high]
    return [number(high)]


def unit_pattern(units: list[str], not_before: Mapping[str, str]) -> re.Pattern[str]:
    """Numbers with one of these units behind; Latin units not inside a word, none before its `not_before`."""
    any_of = "|".join(
        re.escape(unit)
        + ("(?![a-z])" if unit[-1].isascii() else "")
        + (f"(?![{not_before[unit]}])" if unit in not_before else "")
        for unit in sorted(units, key=len, reverse=True)
    )
    return re.compile(rf"(?:(?P<low>{NUMBER}){TO})?(?P<n>{NUMBER})\s*(?P<unit>{any_of})")


def duration_pattern(units: list[str]) -> re.Pattern[str]:
    """Numbers with a unit of time behind; 第3天 is none."""
    any_of = "|".join(
        re.escape(unit) + ("(?![a-z])" if unit.isascii() else "")
        for unit in sorted(units, key=len, reverse=True)
    )
    low = rf"(?:(?P<low>{NUMBER})(?P<its>天|小时|分钟|个?工作日|个月|月|周岁?|岁|年)?{TO})?"
    return re.compile(rf"(?<![第\dx*]){low}(?P<n>{NUMBER})\s*(?P<unit>{any_of})(?P<half>半(?!价|折))?")
