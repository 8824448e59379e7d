"""Amounts: 1299.00元 = ¥1,299 = 一千二百九十九元 = 1299块, as whole fen; 30港币 is another money."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from bot.reply.guard.found import NUMBER, TO, Found, ends, number
from bot.reply.guard.vocabulary import Vocabulary

_SIGN = r"(?:¥|rmb|cny)"
_AMOUNT = re.compile(
    rf"{_SIGN}\s*(?P<signed>{NUMBER})(?:元|块钱|块)?"
    rf"|(?:(?P<low>{NUMBER})(?:元|块)?{TO})?(?P<yuan>{NUMBER})\s*(?:元|块钱|圆|块(?![状儿地布头])|rmb)"
    rf"(?:(?P<jiao>[\d一二三四五六七八九])(?:角|毛|(?<=块[\d一二三四五六七八九])(?![\d万千百十件个箱袋年月天.%])))?"
    rf"(?:(?P<fen>[\d一二三四五六七八九])分)?(?:整|人民币)?"
    rf"|(?P<small>{NUMBER})(?:毛钱|毛(?![巾衣线刷绒])|角(?![落度色]))"
    rf"|(?P<cent>{NUMBER})分钱"
)

_CURRENCIES = {
    word: words[0]
    for words in (
        ("港币", "港元", "港纸", "hkd"),
        ("美元", "美金", "美刀", "usd"),
        ("欧元", "eur"),
        ("日元", "日币", "jpy"),
        ("英镑", "gbp"),
        ("韩元", "韩币", "krw"),
        ("新台币", "台币"),
        ("澳币", "澳元", "澳门币"),
        ("加元", "加币"),
        ("新币", "新加坡元"),
        ("泰铢",),
        ("卢布",),
    )
    for word in words
}
_OTHERS = re.compile(rf"(?P<n>{NUMBER})\s*(?P<name>{'|'.join(_CURRENCIES)})")


def read(text: str, words: Vocabulary, today: date | None) -> Iterator[Found]:
    """Every amount."""
    del words, today
    for match in _OTHERS.finditer(text):
        amount = number(match["n"])
        name = _CURRENCIES[match["name"]]
        yield Found("currency", frozenset(((name, amount),)), match.start(), match.end(), (amount,))
    for match in _AMOUNT.finditer(text):
        for yuan in _yuan(match):
            fen = round(yuan * 100)
            yield Found("money", frozenset((fen,)), match.start(), match.end(), (yuan,))


def _yuan(match: re.Match[str]) -> list[float]:
    if match["signed"]:
        return [number(match["signed"])]
    if match["small"]:
        return [number(match["small"]) / 10]
    if match["cent"]:
        return [number(match["cent"]) / 100]
    low, high = ends(match["low"], match["yuan"])[:1], ends(None, match["yuan"])[-1]
    part = sum(number(match[name]) / size for name, size in (("jiao", 10), ("fen", 100)) if match[name])
    return [*(low if match["low"] else []), high + part]
