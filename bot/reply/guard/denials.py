"""Where a text denies something, and what: the pairs of characters behind each negator."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from bot.reply.guard.case import Case
from bot.reply.guard.mentions import undenied
from bot.reply.guard.reading import Reading, grams
from bot.reply.guard.vocabulary import Vocabulary

GROUPS = ("negators", "pending", "no_need")
WAITING = frozenset(
    {
        "等",
        "待",
        "等待",
        "等着",
        "还在等",
        "待您",
        "有待",
        "尚待",
        "即待",
        "还差",
        "就差",
        "只差",
        "等您",
        "还等您",
        "在等您",
        "就等您",
        "只等您",
        "等快递",
        "等快递来",
        "等快递员",
        "等快递员来",
        "等小哥",
        "等小哥来",
        "排队等待",
    }
)
SKIPPED = frozenset("能会可以用再是有要需得被把给您的了也都就还太很另外额单独在")
MODALS = frozenset(
    {"支持", "接受", "提供", "包含", "包括", "参与", "可以", "能够", "需要", "应该", "必须", "允许"}
)
COMPOUND = 3
LONGEST = 5
BEHIND = frozenset({"不了", "不成", "不到", "不上"})
SCOPE = 14
COVERED = 0.5
"""So much of what is denied must stand in a clause for it to be about the same."""
_HAN = re.compile(r"[㐀-鿿]{2}")
_STOP = re.compile(r"(?<!原)因|是|直接|所以|,|(?<!申)请|就|则|可以|会|视[为同作]|按")


@dataclass(frozen=True)
class Denial:
    """A negator at `start`; `follow` are the pairs of characters right behind it, `heads`
    also those before it where nothing follows, `scope` all up to the stop, `wide` also the list
    that goes on behind it.
    """

    start: int
    end: int
    clause: int
    heads: frozenset[str]
    follow: frozenset[str]
    scope: frozenset[str]
    need: bool
    wide: frozenset[str] = frozenset()


def about(texts: list[str], denial: Denial) -> list[int]:
    """The clauses that speak of what is denied."""
    return [
        number
        for number, text in enumerate(texts)
        if any(head in text for head in denial.heads)
        or (
            len(denial.scope) >= (COMPOUND - denial.need)
            and len(denial.scope & grams(text)) >= COVERED * len(denial.scope)
        )
    ]


def is_sorry(case: Case, number: int, reading: Reading | None = None) -> bool:
    """Whether the clause only names the trouble that the shop is sorry for: …让您失望了,非常抱歉."""
    reading = reading or case.template
    here = reading.clauses[number]
    if _feels(case, reading.text[here.start : here.end]):
        return True
    apology = case.words.manner_words["apology"]
    return any(
        one.sentence == here.sentence and apology.all(reading.text[one.start : one.end])
        for one in reading.clauses[number + 1 :]
    )


def _feels(case: Case, text: str) -> bool:
    return any(topic == "feelings" for _, _, _, topic in case.words.harmless.all(text))


def clause_texts(reading: Reading) -> list[str]:
    """The clauses in order."""
    return [reading.text[clause.start : clause.end] for clause in reading.clauses]


def denials(reading: Reading, words: Vocabulary) -> list[Denial]:
    """Every negator that denies something; polite ones (不客气, 别担心) are none."""
    return _denials(reading.text, tuple((one.start, one.end) for one in reading.clauses), words)


@lru_cache(maxsize=2048)
def _denials(text: str, clauses: tuple[tuple[int, int], ...], words: Vocabulary) -> list[Denial]:
    plain = words.innocent.blank(undenied(text, words))
    found = []
    for number, (start, end) in enumerate(clauses):
        for denial in _in_clause(plain, number, start, end, words):
            listed = grams(plain[denial.start : _listed(plain, number, clauses)])
            found.append(replace(denial, wide=denial.scope | listed))
    return found


def _listed(plain: str, number: int, clauses: tuple[tuple[int, int], ...]) -> int:
    """Where the list ends that a clause begins: 不适用于潜水、桑拿及淋浴."""
    end = clauses[number][1]
    for _, stop in clauses[number + 1 :]:
        if plain[end : end + 1] != "、":
            break
        end = stop
    return end


def _in_clause(plain: str, number: int, start: int, end: int, words: Vocabulary) -> Iterator[Denial]:
    at = start
    while at < end:
        size = _negator(plain, at, end, words)
        if not size:
            at += 1
            continue
        word = plain[at : at + size]
        inner = word[-2:]
        heads = {inner} if size >= COMPOUND and _HAN.fullmatch(inner) and inner not in MODALS else set()
        if word in words.grammar["postnegators"] and at > start and len(word) == 2 and word[1] in "了成到上":
            heads.add(plain[at - 2 : at])
        head = at + size
        while head < end and plain[head] in SKIPPED:
            head += 1
        if _HAN.match(plain, head) and head + 2 <= end:
            heads.add(plain[head : head + 2])
        elif _HAN.match(plain, at + size) and at + size + 2 <= end:
            heads.add(plain[at + size : at + size + 2])
        follow = frozenset(heads)
        if not re.search(r"[㐀-鿿]{2}", plain[at + size : end]):
            heads |= grams("".join(re.findall(r"[㐀-鿿]", plain[start:at])))
        if head <= end:
            scope = grams(_STOP.split(plain[at + size : min(end, at + size + SCOPE)], maxsplit=1)[0])
            yield Denial(
                at,
                min(end, head + 2),
                number,
                frozenset(heads),
                follow,
                scope,
                word in words.grammar["no_need"],
            )
        at += size


def _negator(plain: str, at: int, end: int, words: Vocabulary) -> int:
    negators, firsts = _denying(words)
    if plain[at] not in firsts:
        return 0
    for size in range(min(LONGEST, end - at), 0, -1):
        if plain[at : at + size] in negators:
            return size
    return 0


@lru_cache(maxsize=4)
def _denying(words: Vocabulary) -> tuple[frozenset[str], frozenset[str]]:
    """All words that deny, and their first characters."""
    negators = frozenset().union(*(words.grammar[group] for group in GROUPS), BEHIND) - WAITING
    return negators, frozenset(word[0] for word in negators)
