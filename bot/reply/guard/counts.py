"""Counts with measure words, measures with units, sizes, ordinals and numbers that stand alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from bot.reply.guard.found import NUMBER, Found, ends, number
from bot.reply.guard.vocabulary import Vocabulary

_SIZE = re.compile(r"(?<![a-z0-9])(?P<letter>[2-9]?x{1,5}[sl]|[sml](?![a-z0-9]))(?:码|号)?(?![a-z0-9])")
_SHOE = re.compile(rf"(?![一两几])(?P<n>{NUMBER})(?:码|号(?=的?鞋|色))")
_TALL = re.compile(r"(?P<m>[一二两12])米(?P<cm>[一二三四五六七八九]{1,2}|\d{1,2})(?!\d)")
_CHI = re.compile(r"(?P<n>[一二两三四1-4])尺(?P<rest>[一二三四五六七八九1-9])(?![\d个件款])")
_LIANG = re.compile(
    r"(?<![\d.])(?P<n>\d+(?:\.\d)?|[一二三四五六七八九十])两(?![个件款种天次位张条笔单套双台样只瓶盒码遍边])"
)
_LABEL = re.compile(r"(?<![a-z\d])[a-z]\d{0,2}(?=款|型|版|套餐|方案|档|组)")
_LEVEL = re.compile(rf"(?!两)(?P<n>{NUMBER})(?:段(?![时落位话])|[档挡](?![次案期])|级(?!别))")
_LIGHT = re.compile(r"(?<=[变亮闪呈转])(?P<c>[红绿蓝黄白橙紫])(?=[灯光时了后就的之以表说请且并状,。;)]|$)")
_ORDINAL = re.compile(rf"第(?P<n>{NUMBER})(?P<unit>小时|[\u3400-\u9fff])?")
_BARE = re.compile(r"(?<![a-z\d.])\d+(?:,\d{3})*(?:\.\d+)?(?!\d)")
_TENS = re.compile(
    r"(?<=[减送抵返满省降补付])[二三四五六七八九]?十[一二三四五六七八九]?(?![一二三四五六七八九十百千万\d几多分来])"
)
_SPOKEN = re.compile(
    r"(?<![零〇一二两俩三四五六七八九十百千万\d])[一二两三四五六七八九](?:[百千万][零〇一二两三四五六七八九十百千]*)(?![分万])"
)
MEMORIES = frozenset({4.0, 6.0, 8.0, 12.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0})
"""Sizes of a memory, of which one says 256G for 256GB."""
TAIL = 4
"""So many figures alone may be the end of a longer number: 7714那单."""
BEHIND = frozenset("减送抵返到至的起即加折和与或是有就为了比可会能在不这那几各每其都也还吗呢吧啊哦呀等及按从")
_LISTED = re.compile(r"(?:^|[\n。;:!?~,)])\s*\(?$")


def measures(text: str, words: Vocabulary, today: date | None) -> Iterator[Found]:
    """Lengths, weights, volumes, sizes and the like: keys are (dimension, canonical amount)."""
    del today
    yield from _labels(text)
    for match in _LIGHT.finditer(text):
        yield Found("colour", frozenset((f"{match['c']}色",)), match.start(), match.end())
    for match in _SIZE.finditer(text):
        yield Found("size", frozenset((_letters(match["letter"]),)), match.start(), match.end())
    for match in _SHOE.finditer(text):
        amount = number(match["n"])
        yield Found("size", frozenset((amount,)), match.start(), match.end(), (amount,))
    for match in _TALL.finditer(text):
        metres = number(match["m"]) + number(match["cm"]) / 10 ** len(match["cm"])  # 一米八五
        yield Found("measure", frozenset({("length", round(metres * 1000, 4))}), match.start(), match.end())
    for match in _CHI.finditer(text):
        tenths = number(match["n"]) * 10 + number(match["rest"])
        yield Found("measure", frozenset({("chi", tenths)}), match.start(), match.end())
    for match in _LIANG.finditer(text):
        amount = number(match["n"])
        yield Found("measure", frozenset({("mass", amount * 50)}), match.start(), match.end(), (amount,))
    for match in words.units.finditer(text):
        dimension, factor = words.unit_of[match["unit"]]
        for amount in ends(match["low"], match["n"]):
            keys = frozenset({(dimension, round(amount * factor, 4))})
            if match["unit"] == "g" and amount in MEMORIES:
                keys |= {("memory", amount * 1024)}
            yield Found("measure", keys, match.start(), match.end(), (amount,))


def _letters(size: str) -> str:
    """xxl = 2xl."""
    run = size.count("x")
    return f"{run}x{size[-1]}" if run > 1 else size.removeprefix("1")


def _labels(text: str) -> Iterator[Found]:
    """A款, B套餐: names of one letter."""
    for match in _LABEL.finditer(text):
        yield Found("label", frozenset((match.group(),)), match.start(), match.end())


def counted(text: str, words: Vocabulary, today: date | None) -> Iterator[Found]:
    """两件, 3个, ordinals and levels (3段); 一个 and the like are marked as articles."""
    del today
    for match in _ORDINAL.finditer(text):
        key = (round(number(match["n"]), 4), match["unit"] or "")
        yield Found("ordinal", frozenset((key,)), match.start(), match.end(), (key[0],))
    for match in _LEVEL.finditer(text):
        amount = number(match["n"])
        yield Found("level", frozenset((amount,)), match.start(), match.end(), (amount,))
    for match in words.classifiers.finditer(text):
        if text[match.start() - 1 : match.start()] == "第":
            continue
        article = match["n"] == "一" and not match["low"]
        for amount in ends(match["low"], match["n"]):
            keys = frozenset({(round(amount, 4), match["unit"])})
            yield Found("count", keys, match.start(), match.end(), (amount,), article)


def bare(text: str, words: Vocabulary, today: date | None) -> Iterator[Found]:
    """Arabic numbers without a unit, list numbers left out."""
    del words, today
    listed = 0
    for match in _BARE.finditer(text):
        if _is_list_number(text, match) and int(match.group()) == listed + 1:
            listed += 1
            continue
        amount = number(match.group())
        text_key = (match.group(),) if len(match.group()) == TAIL else ()
        yield Found(
            "number",
            frozenset((amount, *text_key)),
            match.start(),
            match.end(),
            (amount,),
            unit=_unit(text, match.end()),
        )
    yield from _spoken(text)


def _spoken(text: str) -> Iterator[Found]:
    """三千, 五百四: Chinese numbers without a unit, from hundreds on; smaller ones in 满八十减十五."""
    for match in (*_SPOKEN.finditer(text), *_TENS.finditer(text)):
        amount = number(match.group())
        yield Found("number", frozenset((amount,)), match.start(), match.end(), (amount,))


def _unit(text: str, end: int) -> str:
    """The character behind a number, where it may be a measure word that we do not know: 3滴."""
    after = text[end : end + 1]
    return after if "\u3400" <= after <= "\u9fff" and after not in BEHIND else ""


def _is_list_number(text: str, match: re.Match[str]) -> bool:
    if len(match.group()) > 1 or text[match.end() : match.end() + 1] not in {".", "、", ")", ":"}:
        return False
    return _LISTED.search(text[max(0, match.start() - 3) : match.start()]) is not None
