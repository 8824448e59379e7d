"""Numbers that name something: orders, waybills, phones, identity numbers, web addresses; and their tails."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from bot.reply.guard.found import Found
from bot.reply.guard.vocabulary import Vocabulary

EMAIL = re.compile(r"(?<![a-z0-9._%+-])[a-z0-9._%+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+")
LINK = re.compile(
    r"(?:https?://|www\.)[a-z0-9./?=&_%#:+-]+|(?<![a-z0-9@.-])(?:[a-z0-9-]+\.)+(?:com|cn|net|org|io|top|shop|cc|vip)(?![a-z])[a-z0-9./?=&_%#-]*"
)
IDENTITY = re.compile(r"(?<!\d)\d{17}[\dx](?![\da-z])")
MOBILE = re.compile(r"(?<![\da-z])(?:\+?86[- ]?)?(1[3-9]\d[- ]?[\d*]{4}[- ]?\d{4})(?![\da-z])")
LANDLINE = re.compile(r"(?<!\d)(?:0\d{2,3}-\d{7,8}|[48]00-?\d{3}-?\d{4}|[48]00-?\d{4}-?\d{3})(?!\d)")
TAIL = re.compile(
    r"(?:尾号|尾数|后四位|末四位|后4位|末4位|结尾)(?:号码)?(?:的)?(?:为|是|:)?\s*(?P<after>\d{3,6})(?!\d)|(?<!\d)(?P<before>\d{3,6})结尾"
)
_CODE = re.compile(r"(?<![a-z0-9])(?=[a-z0-9_*-]*\d)[a-z0-9][a-z0-9*]*(?:[-_][a-z0-9*]+)*")
_QUANTITY = re.compile(
    r"\d+(?:-\d+)?(?:\.\d+)?[a-z]{1,3}\d?|\d{1,6}(?:-\d{1,6})?|[2-9]?x{0,4}[sml](?:-[2-9]?x{0,4}[sml])?"
)
_MONEY_AHEAD = re.compile(r"[万千百]?\s*(?:元|块|%|折|\.\d|,\d{3})")
_RATE = re.compile(r"(?:kg|g|ml|l|cm|mm|km|m|w|kw)\d{1,4}$")
"""A unit and the price of it: 每kg15元."""
_VERSION = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){2,3}(?![\d.]*\d)")
"""8.2.0 of a program; a day written 2026.11.21 is none."""
LONG = 7


def read(text: str, words: Vocabulary, today: date | None) -> Iterator[Found]:
    """Every code: kinds email, link, identity, phone, tail, id. Keys are the code without separators."""
    del words, today
    taken: list[tuple[int, int]] = []
    readers = (
        ("email", EMAIL),
        ("link", LINK),
        ("identity", IDENTITY),
        ("phone", MOBILE),
        ("phone", LANDLINE),
        ("id", _VERSION),
    )
    for kind, pattern in readers:
        for match in pattern.finditer(text):
            if free(match, taken):
                yield _found(kind, match, match[match.lastindex or 0])
    for match in TAIL.finditer(text):
        if free(match, taken):
            yield _found("tail", match, match["after"] or match["before"])
    for match in _CODE.finditer(text):
        if _is_code(match, text) and free(match, taken):
            yield _found("id", match, match.group())


def _is_code(match: re.Match[str], text: str) -> bool:
    code = match.group()
    before = text[match.start() - 1 : match.start()]
    if before in {"¥", "."} or (before in {"每", "/"} and _RATE.match(code)):
        return False
    digits = sum(ch.isdigit() for ch in code)
    if code.isdigit():
        return digits >= LONG and not _MONEY_AHEAD.match(text, match.end())
    return _QUANTITY.fullmatch(code) is None and (digits >= 3 or any("a" <= ch <= "z" for ch in code))


def free(match: re.Match[str], taken: list[tuple[int, int]]) -> bool:
    """Whether nothing has taken the place yet; takes it."""
    if any(start < match.end() and match.start() < end for start, end in taken):
        return False
    taken.append(match.span())
    return True


def _found(kind: str, match: re.Match[str], code: str) -> Found:
    plain = code if kind in {"email", "link"} else re.sub(r"[-_ ]", "", code)
    return Found(kind, frozenset((plain,)), match.start(), match.end())
