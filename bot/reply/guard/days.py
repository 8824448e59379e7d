"""Days seen from today: 2026-11-23 = 11月23日 = 23号 = 后天 = 下周一; keys: every date that can be meant."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator
from datetime import date, timedelta
from functools import lru_cache

from bot.daywords import FEASTS, PATTERN, RELATIVE, calendar_day, weekday_number
from bot.numerals import decimal
from bot.reply.guard.found import Found
from bot.reply.guard.vocabulary import Vocabulary

LAST = 31
_PERIODS = (
    "本周末|这周末|下周末|周末|月底|月末|月初|年底|年末|年初|年前|年后|春节|下个?月|本月|这个月|(?<!赶)上个?月(?![初末底])|本周|这周|下周|上周|"
    r"今年度?|本年度?|明年|去年|当天|当日|(?<![个\d一二两三四五六七八九十])工作日|上旬|中旬|下旬|(?<!提)前一[天日]|头一天|次日|隔天|隔日|第二天|同日"
)
_SAME_PERIOD = {
    "隔天": "次日",
    "前一日": "前一天",
    "头一天": "前一天",
    "隔日": "次日",
    "第二天": "次日",
    "当日": "当天",
    "同日": "当天",
    "月末": "月底",
    "年末": "年底",
}
_YEARS = {"去年": -1, "今年": 0, "本年": 0, "明年": 1}
_MONTHS = {"上月": -1, "本月": 0, "下月": 1}
_ISO = re.compile(r"(?<![\da-z-])(?P<y>20\d\d)(?P<s>[-/.])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})(?:t|日|(?!\d))")
_ISO_TAIL = re.compile(r"(?P<h>\d\d):(?P<min>\d\d)(?::\d\d(?:\.\d+)?)?(?:z|[+-]\d\d:?\d\d)?")
_N = r"(?:\d{1,2}|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_MONTH_DAY = re.compile(
    rf"(?<![\d.])(?:(?P<y>20\d\d|二[零〇]二[零〇一二三四五六七八九])年)?(?P<m>{_N})月(?:份)?(?P<d>{_N})(?:日|号)?(?![\d元个%月])"
    rf"(?:(?:-|~|至|到)(?P<d2>{_N})(?:日|号)(?!\d))?"
)
_YEAR_MONTH = re.compile(rf"(?<![\d.])(?:(?P<y>20\d\d)年)?(?P<m>{_N})月(?:份)?(?![\d龄])")
_YEAR = re.compile(r"(?<!\d)(?P<y>20\d\d)年")
_DAY_RANGE = re.compile(
    rf"(?<![\d月.]){_N}(?:号|日)?(?:-|~|至|到)(?P<d>{_N})(?:号|日)(?![楼线店码仓机房馆门内后起])"
)
_DAY = re.compile(
    rf"(?<![\d月.第前大小同-])(?P<d>{_N})(?:号(?![楼线店码仓机房馆门院库柜])|(?<=[12]\d)日(?=起)|(?<=3[01])日(?=起)|日(?![内后起志常]|之内|以内|无理由))"
)
_OTHER_MONTH = re.compile(rf"(?P<which>下|上|本|这)个?月(?P<d>{_N})(?:号|日)")
_SLASH = re.compile(r"(?<![\d./-])(?P<m>1[0-2]|0?[1-9])/(?P<d>3[01]|[12]\d|0?[1-9])(?![\d/.%]|个|件|码)")
_DOT = re.compile(r"(?<![\d.])(?P<m>1[0-2]|[1-9])\.(?P<d>3[01]|[12]\d|0?[1-9])(?=[发号日前起送开]|到(?!\d))")
_WEEKDAY = re.compile(
    r"(?P<which>上上个?|下下个?|上个?|下个?|这个?|本)?(?:周|星期|礼拜)(?P<day>[一二三四五六日天])(?!次)"
    r"(?:(?:-|~|至|到)(?:周|星期|礼拜)?(?P<day2>[一二三四五六日天])(?!天))?"
)
_NO_DAY = re.compile(r"[当目之以提]前天|.?前天气|[售以之然最]后天|[说证]明天数?|.?[今明昨后前]天气")
"""What only looks like a day: 当前天气."""
_PERIOD = re.compile(_PERIODS)
_WEEKS = {"上上": (-2,), "上": (-1,), "下": (1,), "下下": (2,), "这": (0,), "本": (0,)}
_ALL_YEARS = range(2020, 2037)


def written(text: str, words: Vocabulary, today: date | None) -> Iterator[Found]:
    """Dates in figures with a year, and the clock time joined to them."""
    del words, today
    for match in _ISO.finditer(text):
        day = calendar_day(int(match["y"]), int(match["m"]), int(match["d"]))
        if day is None:
            continue
        yield Found("date", frozenset((day,)), match.start(), match.end())
        clock = _ISO_TAIL.match(text, match.end())
        if clock and text[match.end() - 1] == "t":
            minute = int(clock["h"]) * 60 + int(clock["min"])
            yield Found("time", frozenset((minute,)), clock.start(), clock.end())


def named(text: str, words: Vocabulary, today: date | None) -> Iterator[Found]:
    """Dates in words: kinds date, weekday, month, year, period."""
    del words
    for match in _MONTH_DAY.finditer(text):
        years = [int(decimal(match["y"]))] if match["y"] else _years(today)
        for name in ("d", "d2"):
            if match[name]:
                day = int(decimal(match[name]))
                yield from _day(match, years, int(decimal(match["m"])), day)
                if day > LAST:
                    yield Found("number", frozenset((float(day),)), match.start(), match.end(), (float(day),))
    for match in _WEEKDAY.finditer(text):
        for name in ("day", "day2"):
            if match[name]:
                keys = _weekday(match["which"] or "", match[name], today)
                yield Found("weekday", keys, match.start(), match.end())
    for match in PATTERN.finditer(text):
        if _NO_DAY.match(text, max(0, match.start() - 1)):
            continue
        yield Found("date", _word(match.group(), today), match.start(), match.end())
    yield from _short(text, today)
    yield from _larger(text, today)


def _short(text: str, today: date | None) -> Iterator[Found]:
    """Days without a month of their own, and 11/23."""
    for match in _DAY_RANGE.finditer(text):
        first = re.match(_N, match.group())
        for number in (first.group() if first else match["d"], match["d"]):
            yield from _of_month(match, int(decimal(number)), today)
    for match in _OTHER_MONTH.finditer(text):
        keys = _in_month(match["which"], int(decimal(match["d"])), today)
        if keys:
            yield Found("date", keys, match.start(), match.end())
    for match in _DAY.finditer(text):
        yield from _of_month(match, int(decimal(match["d"])), today)
    for match in (*_SLASH.finditer(text), *_DOT.finditer(text)):
        yield from _day(match, _years(today), int(match["m"]), int(match["d"]))


def _larger(text: str, today: date | None) -> Iterator[Found]:
    for match in _YEAR_MONTH.finditer(text):
        yield Found("month", frozenset((int(decimal(match["m"])),)), match.start("m"), match.end())
    for match in _YEAR.finditer(text):
        yield Found("year", frozenset((int(match["y"]),)), match.start(), match.end())
    for match in _PERIOD.finditer(text):
        word = match.group().replace("个", "").replace("这", "本").removesuffix("度")
        if today and word in _YEARS:
            yield Found("year", frozenset((today.year + _YEARS[word],)), match.start(), match.end())
        elif today and word in _MONTHS:
            month = (today.month - 1 + _MONTHS[word]) % 12 + 1
            yield Found("month", frozenset((month,)), match.start(), match.end())
        else:
            yield Found("period", frozenset((_SAME_PERIOD.get(word, word),)), match.start(), match.end())


def _day(match: re.Match[str], years: Iterable[int], month: int, day: int) -> Iterator[Found]:
    keys: frozenset[Hashable] = frozenset(one for year in years if (one := calendar_day(year, month, day)))
    if keys:
        yield Found("date", keys, match.start(), match.end())


def _of_month(match: re.Match[str], day: int, today: date | None) -> Iterator[Found]:
    keys = _days_of_months(day, today)
    if keys:
        yield Found("date", keys, match.start(), match.end())
    else:
        yield Found("number", frozenset((float(day),)), match.start(), match.end(), (float(day),))


def _in_month(which: str, day: int, today: date | None) -> frozenset[Hashable]:
    """下个月3号, counted from today's month."""
    if today is None:
        return _days_of_months(day, None)
    step = today.year * 12 + today.month - 1 + {"下": 1, "上": -1}.get(which, 0)
    one = calendar_day(step // 12, step % 12 + 1, day)
    return frozenset((one,)) if one else frozenset()


@lru_cache(maxsize=512)
def _days_of_months(day: int, today: date | None) -> frozenset[Hashable]:
    if today is None:
        months = [(year, month) for year in _ALL_YEARS for month in range(1, 13)]
    else:
        steps = [today.year * 12 + today.month - 1 + step for step in (-2, -1, 0, 1, 2)]
        months = [(step // 12, step % 12 + 1) for step in steps]
    return frozenset(one for year, month in months if (one := calendar_day(year, month, day)))


def _years(today: date | None) -> Iterable[int]:
    return _ALL_YEARS if today is None else (today.year - 1, today.year, today.year + 1)


def _word(word: str, today: date | None) -> frozenset[Hashable]:
    if word in FEASTS:
        return frozenset(one for year in _years(today) if (one := calendar_day(year, *FEASTS[word])))
    if today is None:
        return frozenset((f"{RELATIVE[word]} days",))
    return frozenset((today + timedelta(days=RELATIVE[word]),))


def _weekday(which: str, day: str, today: date | None) -> frozenset[Hashable]:
    number = weekday_number(day)
    if today is None:
        return frozenset((("weekday", number),))
    monday = today - timedelta(days=today.weekday())
    weeks = _WEEKS.get(which.rstrip("个"), (-1, 0, 1))
    return frozenset(monday + timedelta(weeks=week, days=number) for week in weeks)


def weekday_of(day: Hashable) -> Hashable:
    """How a weekday without a known today is keyed, for a date."""
    return ("weekday", day.weekday()) if isinstance(day, date) else None
