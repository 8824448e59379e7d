"""Days that shoppers name, relative to today: 明天, 上周五, 11月23号, 双十一."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from bot.daywords import FEASTS, PATTERN, RELATIVE, calendar_day, weekday_number
from bot.nlu.patterns import Found
from bot.numerals import decimal

_STEPS = {"上上": -2, "上": -1, "下": 1, "下下": 2}
_WEEKDAY = re.compile(
    r"(?P<which>上上|下下|上个?|下个?|这个?|本)?(?:周|星期|礼拜)(?P<day>[一二三四五六日天])"
)
_MONTH_DAY = re.compile(
    r"(?<![\d一二三四五六七八九十])(?:(?P<y>20\d\d)年)?(?P<m>\d{1,2}|十[一二]?|[一二三四五六七八九])月(?P<d>\d{1,2}|[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])[号日]?"
)
_ISO = re.compile(r"(?<!\d)(?P<y>20\d\d)[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d)")
_POINTED = re.compile(
    r"(?<![\d./-])(?P<y>)(?P<m>1[0-2]|0?[1-9])[./](?P<d>3[01]|[12]\d|0?[1-9])(?=[号日下买拍付发到送那]|的?单|之?[前后]|以[前后])"
)
"""11.3 and 12/1 are days before what is done on one, else anything."""
_NUMBER_OF_DAY = r"(?P<d>[12]?\d|3[01]|[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_DAY_OF_MONTH = re.compile(rf"(?P<which>上个?|下个?|这个?|本)月{_NUMBER_OF_DAY}[号日]")
_DAY_ONLY = re.compile(
    rf"(?<![\d一二三四五六七八九十月街路弄巷道村院栋幢楼座排第大小加]){_NUMBER_OF_DAY}号(?![码楼店线机院])"
)
_WAS = re.compile(r"[^,，。!！?？\s]{0,4}?(?:[买拍付订]|下的?单|签收|收到|寄|退|到的|发的|说|了)")
"""Behind a weekday: that day has been."""
_HAD = re.compile(r"(?:今[天日]已?|现在|都|从|自|说好|答应[我了]?|原定|本来|约的|上次[^,，。\s]{0,3})$")
"""Before a weekday: the same."""


def days(folded: str, today: date) -> Iterator[Found]:
    """Every day named in the text, as an ISO date, surest patterns first."""
    for match in _ISO.finditer(folded):
        yield from _at(match, calendar_day(int(match["y"]), int(match["m"]), int(match["d"])))
    for match in (*_MONTH_DAY.finditer(folded), *_POINTED.finditer(folded)):
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
    for match in _DAY_OF_MONTH.finditer(folded):
        yield from _at(match, _day_of_month(match, today))
    for match in _DAY_ONLY.finditer(folded):
        yield from _at(match, _nearest_of_month(today, int(decimal(match["d"]))))


def _at(match: re.Match[str], day: date | None) -> Iterator[Found]:
    if day is not None:
        yield Found("date", day.isoformat(), match.start(), match.end())


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
    """The weekday of the week that is meant; Chinese weeks begin on Monday.

    周一 by itself is this week's, or the next one where that is over and nothing was done on it.
    """
    weeks = _STEPS.get((match["which"] or "").rstrip("个"), 0)
    day = today - timedelta(days=today.weekday()) + timedelta(weeks=weeks, days=weekday_number(match["day"]))
    was = _WAS.match(match.string, match.end()) or _HAD.search(match.string, 0, match.start())
    over = not match["which"] and day < today and not was
    return day + timedelta(weeks=1) if over else day


def _day_of_month(match: re.Match[str], today: date) -> date | None:
    """下个月3号, 上月28号."""
    months = today.year * 12 + today.month - 1 + _STEPS.get(match["which"].rstrip("个"), 0)
    return calendar_day(months // 12, months % 12 + 1, int(decimal(match["d"])))
