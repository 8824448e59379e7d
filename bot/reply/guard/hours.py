"""Clock times: 13:00 = 下午一点, 06:15 = 清晨六点一刻; a part of the day without an hour is a value too."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from datetime import date

from bot.reply.guard.found import CHINESE, Found, number
from bot.reply.guard.vocabulary import Vocabulary

_MORNING = "凌晨|清晨|清早|一大早|一早|早晨|早上|早间|上午|今早|明早"
_LATER = "中午|正午|午后|下午|傍晚|晚上|晚间|夜里|夜间|深夜|半夜|今晚|明晚|昨晚|当晚|晚"
_PART = rf"(?:{_MORNING}|{_LATER})"
_DECIMAL = r"[零〇一二三四五六七八九]+(?:[万千百元块折倍%个天年升斤公克米厘毫平寸吨度瓦匹成毛]|小时|英寸)"
"""What makes 点 a decimal point: 一点五升."""
_HOUR = rf"(?:\d{{1,2}}|{CHINESE})"
_MINUTE = r"(?:[0-5]?\d|[一二三四五]?十[一二三四五六七八九]?|[零〇]?[一二三四五六七八九])"
_CLOCK = re.compile(
    rf"(?P<part>{_PART})?的?(?<![\d:])(?P<h>[01]?\d|2[0-4]):(?P<m>[0-5]\d)(?::[0-5]\d)?(?!\d)\s*(?P<ap>[ap]\.?m)?"
)
_SPOKEN = re.compile(
    rf"(?P<part>{_PART})?的?(?<!分之)(?P<h>{_HOUR})(?:点钟?(?![击赞选评]|开(?![门奖始业播抢售放会])|{_DECIMAL})|时(?![候间段尚常]))"
    rf"(?:(?P<half>半)|(?P<quarter>[一三])刻|(?P<m>{_MINUTE})(?:分(?!期))?(?!\d|[元块件个折天月号])|(?P<sharp>整))?"
)
_ENGLISH = re.compile(r"(?<![\da-z])(?P<h>1?\d)\s*(?P<ap>[ap]m)(?![a-z])")
_TO_SPOKEN = re.compile(rf"(?P<part>{_PART})?(?P<h>{_HOUR})(?=(?:到|至|-){_PART}?{_HOUR}(?:点|时))")
_FREE = re.compile(
    r"[一两三几]点(?!钟|整|半|[一三]刻|[零〇一二三四五]十|前|后|到|至|之前|之后|左右|以前|以后|开|关)"
)
_BOTH = re.compile(r"早晚|早上和晚上|早、晚")
_PARTS = {
    "dawn": "凌晨|清晨|清早|一大早",
    "morning": "早上|早晨|早间|上午|一早|今早|明早|清晨",
    "noon": "中午|正午",
    "afternoon": "下午|午后",
    "evening": "傍晚|晚上|晚间|今晚|明晚|昨晚|当晚",
    "night": "夜里|夜间|深夜|半夜|晚上",
}
PART_HOURS = {
    "dawn": (0, 8),
    "morning": (5, 12),
    "noon": (11, 14),
    "afternoon": (12, 18),
    "evening": (17, 24),
    "night": (20, 30),
}
_AMOUNT = r"[一二两三四五六七八九十几\d]+"
_PART_ALONE = re.compile(
    rf"(?<!个)(?P<part>{_PART.replace('|晚)', ')')})"
    rf"(?!好|安|{_AMOUNT}(?:[至到~-]?{_AMOUNT})?(?:天|日|个|小时|周|月))"
)


def read(text: str, words: Vocabulary, today: date | None) -> Iterator[Found]:
    """Every clock time (kind time, keys minutes of the day) and part of the day (kind daypart)."""
    del words, today
    taken: list[tuple[int, int]] = []
    for pattern in (_CLOCK, _TO_SPOKEN, _SPOKEN, _ENGLISH):
        for match in pattern.finditer(text):
            if pattern is _SPOKEN and _is_idiom(match, text):
                continue
            keys = _minutes(match.groupdict(), exact=pattern is _CLOCK)
            if keys and not any(start < match.end() and match.start() < end for start, end in taken):
                taken.append(match.span())
                yield Found("time", frozenset(keys), match.start(), match.end())
    for match in _BOTH.finditer(text):
        yield Found("daypart", frozenset(("morning", "evening", "night")), match.start(), match.end())
    for match in _PART_ALONE.finditer(text):
        if not any(start < match.end() and match.start() < end for start, end in taken):
            names = frozenset(name for name, pattern in _PARTS.items() if match["part"] in pattern.split("|"))
            yield Found("daypart", names, match.start(), match.end())


def _is_idiom(match: re.Match[str], text: str) -> bool:
    """一点 and 两点 are hours only beside a part of the day or another hour."""
    if match["part"] or text[match.start() - 1 : match.start()] in {"到", "至", "-", "~"}:
        return False
    return _FREE.match(text, match.start("h")) is not None


def _minutes(parts: dict[str, str | None], *, exact: bool) -> set[Hashable]:
    hour = int(number(parts["h"] or "0"))
    if hour > 24:
        return set()
    minute = 30 if parts.get("half") else int(number(parts.get("m") or "0"))
    if quarter := parts.get("quarter"):
        minute = 15 * int(number(quarter))
    part, half_day = parts.get("part"), parts.get("ap")
    later = (half_day or "").startswith("p") or (part is not None and re.fullmatch(_LATER, part) is not None)
    if later:
        hours = (
            {hour + 12 if hour < 12 else hour}
            if hour != 12 or (part or "") in {"中午", "正午", "下午"} or half_day
            else {24}
        )
    elif part or half_day or exact or hour > 12 or hour == 0:
        hours = {hour}
    else:
        hours = {hour, hour + 12}
    return {(one * 60 + minute) % 1440 for one in hours}


def in_part(minute: int, part: str) -> bool:
    """Whether a minute of the day lies in a part of the day."""
    begin, end = PART_HOURS[part]
    return begin * 60 <= minute <= end * 60 or minute + 1440 <= end * 60
