"""What a draft gives back of the shopper's own words: it asserts nothing of order, goods or shop."""

from __future__ import annotations

import re

from bot.reply.guard.case import Case
from bot.reply.guard.mentions import is_echo
from bot.reply.guard.reading import Reading, grams
from bot.reply.guard.values import Value

BESIDE = 2
"""So many characters beside a value, the same in the shopper's message, make it the same matter."""
SHARED = 2
BRIEF = 4
"""So short a code is no order's: E4."""
SHOPS = frozenset({"stage", "act", "grant"})
"""Kinds of which only the shop can say something."""
OPEN = frozenset({"", "about"})
"""A span with a limit (3天内) is a promise, whoever said it."""
_HAN = re.compile(r"[㐀-鿿]+")
_PROMISES = re.compile(
    r"预计|将会?|(?<![都谁肯也])会(?![员场议儿])|马上|立刻|立即|尽快|保证|承诺|一定|帮[您你]|为[您你]|给[您你](?![^,。]{0,6}(?:添|错|漏|成了|少了))|退款|赔|补偿|送达|到账|[天时日周月]之?[内前](?!面)|可以|能够"
)
_OWN = re.compile(r"[您你](?:家|这边|那边)?[^,。!?;~]{0,6}$")
_RETOLD = re.compile(r"的话|如果|要是|若|[呀吧]$|是吧|对吧|不是|不在|没有|没|不|属于|没关系|没事")
_DENIED = re.compile(r"没有?|未|不")
_CHARGED = re.compile(r"(?:收|要|扣|花|多付|多收)了?[您你]?(?:了)?$")
_OWN_AFTER = re.compile(r"[^,。!?;~]{0,6}的")


def echoed(case: Case, place: int) -> bool:
    """Whether the clause around a place gives back the shopper's words: 您说的…, 等了三天真急人."""
    number = case.draft.clause_at(place)
    return has_echo(case, number) or consoles(case, number)


def has_echo(case: Case, number: int) -> bool:
    """您说的…, 您提到的…"""
    clause = case.draft.clauses[number]
    return is_echo(case.words, case.draft.text[clause.start : clause.end])


def promises(case: Case, number: int) -> bool:
    """Whether a clause of the draft says what the shop does or will do."""
    clause = case.draft.clauses[number]
    return _PROMISES.search(case.draft.text, clause.start, clause.end) is not None


def consoles(case: Case, number: int) -> bool:
    """Whether a clause tells again, in a sentence that feels with the shopper, what the shopper told."""
    clause = case.draft.clauses[number]
    text = case.draft.text[clause.start : clause.end]
    if promises(case, number):
        return False
    near = [one for one in case.draft.clauses if one.sentence == clause.sentence]
    sentence = case.draft.text[near[0].start : near[-1].end]
    if not (_feels(case, sentence) or case.words.manner_words["apology"].all(sentence)):
        return False
    return bool(_values(case.draft, clause.start, clause.end, case.shopper)) or told(case, text)


def _feels(case: Case, text: str) -> bool:
    return any(topic == "feelings" for _, _, _, topic in case.words.harmless.all(text))


def _values(reading: Reading, start: int, end: int, shopper: Reading) -> list[Value]:
    return [
        value for value in reading.values
        if start <= value.start < end
        and any(value.same(other) or value.raw & other.raw for other in shopper.values)
    ]  # fmt: skip


def told(case: Case, text: str) -> bool:
    """Whether a text shares words with the shopper's message that the template has not."""
    pairs = {gram for run in _HAN.findall(text) for gram in grams(run)}
    return len((pairs & grams(case.shopper.text)) - case.template.bigrams()) >= SHARED


def is_own(case: Case, value: Value) -> bool:
    """Whether a value only the shopper gave is said of the shopper's own matter: 您昨天拍的, 宝宝8个月."""
    text, number = case.draft.text, case.draft.clause_at(value.start)
    clause = case.draft.clauses[number]
    before, after = text[clause.start : value.start], text[value.end : clause.end]
    if value.bound not in OPEN:
        return False
    if value.kind == "id":
        return all(len(str(key)) <= BRIEF for key in value.keys)
    if value.kind in {"money", "off", "percent"}:
        return _DENIED.search(before) is not None or _CHARGED.search(before) is not None
    if _OWN.search(before) and _OWN_AFTER.match(after):
        return True
    if _RETOLD.search(before + after) and not promises(case, number):
        return True
    kinds = {case.words.concepts[one.concept].kind for one in case.draft.mentions if one.clause == number}
    if kinds & SHOPS:
        return False
    return any(
        _beside(before, after, case.shopper.text[: other.start], case.shopper.text[other.end :])
        for other in case.shopper.values
        if value.same(other)
    )


def _beside(before: str, after: str, said_before: str, said_after: str) -> bool:
    same_before = len(before) >= BESIDE and said_before.endswith(before[-BESIDE:])
    return same_before or (len(after) >= BESIDE and said_after.startswith(after[:BESIDE]))
