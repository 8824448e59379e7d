"""Days that shoppers name, relative to today: 明天, 上周五, 11月23号, 双十一."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from bot.daywords import FEASTS, PATTERN, RELATIVE, calendar_day, weekday_number
from bot.numerals import decimal

_WEEKDAY = re.compile(
    r"(?P<which>上上|下下|上个?|下个?|这个?|本)?(?:周|星期|礼拜)(?P<day>[一二三四五六日天])"
)
_MONTH_DAY = re.compile(
    r"(?<![\d一二三四五六七八九十])(?:(?P<y>20\d\d)年)?(?P<m>\d{1,2}|十[一二]?|[一二三四五六七八九])月(?P<d>\d{1,2}|[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])[号日]?"
)
_ISO = re.compile(r"(?<!\d)(?P<y>20\d\d)[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d)")
_DAY_ONLY = re.compile(r"(?<![\d月街路弄巷道村院栋幢楼座排])(?P<d>[12]?\d|3[01])[号](?![码楼店线机])")


Day = tuple[str, int, int]
"""(ISO date, start, end)."""


def days(folded: str, today: date) -> Iterator[Day]:
    """Every day named in the text, surest patterns first."""
    for match in _ISO.finditer(folded):
        yield from _at(match, calendar_day(int(match["y"]), int(match["m"]), int(match["d"])))
    for match in _MONTH_DAY.finditer(folded):
        month, number = int(decimal(match["m"])), int(decimal(match["d"]))
        day = calendar_day(int(match["y"]), month, number) if match["y"] else _nearest(today, month, number)
        yield from _at(match, day)
    for match in _WEEKDAY.finditer(folded):
        yield from _at(match, _weekday(match, today))
    for match in PATTERN.finditer(folded):
        word = match.group()
        yield from _at(
            match,
            today + timedelta(days=RELATIVE[word]) if word in RELATIVE else _nearest(today, *FEASTS[word]),
        )
    for match in _DAY_ONLY.finditer(folded):
        yield from _at(match, _nearest_of_month(today, int(match["d"])))


def _at(match: re.Match[str], day: date | None) -> Iterator[Day]:
    if day is not None:
        yield day.isoformat(), match.start(), match.end()


def _nearest(today: date, month: int, day: int) -> date | None:
    """The month and day of last, this or next year that lies closest to today."""
    years = (today.year - 1, today.year, today.year + 1)
    return _closest(today, [calendar_day(year, month, day) for year in years])


def _nearest_of_month(today: date, day: int) -> date | None:
    """The day's number in last, this or next month, closest to today."""
    months = [
        (today.year + (today.month - 1 + step) // 12, (today.month - 1 + step) % 12 + 1)
        for step in (-1, 0, 1)
    ]
    return _closest(today, [calendar_day(year, month, day) for year, month in months])


def _closest(today: date, candidates: list[date | None]) -> date | None:
    real = [day for day in candidates if day is not None]
    return min(real, key=lambda day: abs((day - today).days), default=None)


def _weekday(match: re.Match[str], today: date) -> date:
    """The weekday of the week that is meant; Chinese weeks begin on Monday."""
    weeks = {"上上": -2, "上": -1, "下": 1, "下下": 2}.get((match["which"] or "").rstrip("个"), 0)
    return today - timedelta(days=today.weekday()) + timedelta(weeks=weeks, days=weekday_number(match["day"]))
