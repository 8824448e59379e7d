"""Durations: 72小时 = 三天, 半小时 = 30分钟, 7天 = 一周; working days and months are units of their own."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from datetime import date

from bot.reply.guard.found import NUMBER, Found, ends, number
from bot.reply.guard.vocabulary import Vocabulary

_HALF_FIRST = re.compile(r"(?:(?P<whole>[一两二三1-9])个)?半(?:个)?(?P<unit>小时|钟头|天|月|年|日|岁)")
_COMPOUND = re.compile(rf"(?P<h>{NUMBER})个?小时(?:零|又)?(?P<m>{NUMBER})分钟?")
_EACH = re.compile(
    r"(?:每一?(?:个)?|按|包|全)(?P<unit>天|日|(?:周|星期)(?![一二三四五六日天](?!次))|月|年|小时)|(?P<fee>年|月|日)(?=费|租)|(?<=[元块次转\0])/(?P<slash>年|月|天|日|周|小时|分)"
)
_DATE_LIKE = re.compile(r"日(?!内|之内|以内|无理由|后|起|左右|免)")


def read(text: str, words: Vocabulary, today: date | None) -> Iterator[Found]:
    """Every duration."""
    del today
    for match in _HALF_FIRST.finditer(text):
        unit = {"月": "个月", "日": "天"}.get(match["unit"], match["unit"])
        whole = ends(None, match["whole"])[0] if match["whole"] else 0.0
        yield _found(match, words.duration_of[unit], [whole + 0.5])
    for match in _COMPOUND.finditer(text):
        amount = number(match["h"]) * 60 + number(match["m"])
        yield Found("duration", frozenset((("min", round(amount, 4)),)), match.start(), match.end())
    for match in _EACH.finditer(text):
        unit = match["unit"] or match["fee"] or match["slash"]
        scale, size = words.duration_of[{"月": "个月", "分": "分钟"}.get(unit, unit)]
        yield Found(
            "duration", frozenset(((scale, float(size)),)), match.start(), match.end(), (1.0,), article=True
        )
    for match in words.durations.finditer(text):
        if match["unit"] == "日" and _DATE_LIKE.match(text, match.end() - 1):
            continue
        if match["unit"] == "年" and (
            len(match["n"]) == 4 or (not match["n"][0].isdigit() and len(match["n"]) > 3)
        ):
            continue
        amounts = ends(match["low"], match["n"])
        if match["half"]:
            amounts[-1] += 0.5
        for at, amount in enumerate(amounts):
            own = match["its"] if at == 0 and match["low"] else None
            unit = {"月": "个月", "工作日": "个工作日"}.get(own or "", own) or match["unit"]
            yield _found(match, words.duration_of[unit], [amount])


def _found(match: re.Match[str], unit: tuple[str, float], amounts: list[float]) -> Found:
    scale, size = unit
    keys: set[Hashable] = {(scale, round(amount * size, 4)) for amount in amounts}
    keys |= {("min", 15 * 1440.0) for amount in amounts if scale == "month" and amount == 0.5}
    return Found("duration", frozenset(keys), match.start(), match.end(), tuple(amounts))
