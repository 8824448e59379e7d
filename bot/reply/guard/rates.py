"""Percentages and discounts: 8折 = 八折 = 优惠20%; 85折 is 15 % off, never 85 % off."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from bot.reply.guard.found import NUMBER, TO, Found, ends, number
from bot.reply.guard.vocabulary import Vocabulary

_ZHE = re.compile(rf"(?P<n>{NUMBER})折(?![叠痕扣])|(?P<half>半价|对折|五折价)")
_TIMES = re.compile(rf"(?:假一|退一|缺一|少一|坏一)(?:赔|罚|补)(?P<n>{NUMBER})")
_PERCENT = re.compile(
    rf"(?:(?P<low>{NUMBER})%?{TO})?(?P<n>{NUMBER})\s*%(?P<off>\s*off)?|百分之(?P<spoken>{NUMBER}|百)"
)
_TENTHS = re.compile(r"(?P<n>[1-9一二两三四五六七八九])成(?![功人分员为立本交套年品效])")
_OFF = re.compile(r"(?:优惠|立减|减免|减|省|便宜|降价|降|打掉|折扣)(?:了|约|幅度|力度)?(?:为|是)?$")


def read(text: str, words: Vocabulary, today: date | None) -> Iterator[Found]:
    """Every rate: kind off (percent taken off) or percent."""
    del words, today
    for match in _ZHE.finditer(text):
        yield _discount(match)
    for match in _TIMES.finditer(text):
        times = number(match["n"])
        yield Found("times", frozenset((times,)), match.start(), match.end(), (times,))
    for match in _TENTHS.finditer(text):
        tenths = number(match["n"]) * 10
        yield Found("percent", frozenset((tenths,)), match.start(), match.end(), (tenths,))
    for match in _PERCENT.finditer(text):
        values = [100.0] if match["spoken"] == "百" else ends(match["low"], match["n"] or match["spoken"])
        off = match["off"] or _OFF.search(text, max(0, match.start() - 6), match.start())
        for value in values:
            kind = "off" if off else "percent"
            yield Found(kind, frozenset((round(value, 4),)), match.start(), match.end(), (value,))


def _discount(match: re.Match[str]) -> Found:
    tenths = 5.0 if match["half"] else _tenths(match["n"])
    key = round(100 - tenths * 10, 4)
    raw = (tenths, tenths * 10, round(tenths / 10, 4))
    return Found("off", frozenset((key,)), match.start(), match.end(), raw)


def _tenths(text: str) -> float:
    value = number(text)
    return value / 10 if value >= 10 else value
