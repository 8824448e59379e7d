"""Rule polarity for any word: what the template denies the draft does not affirm, and the other way round."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from bot.reply.guard.case import Case, Reason
from bot.reply.guard.reading import Reading
from bot.reply.guard.vocabulary import Vocabulary

GROUPS = ("negators", "pending", "no_need")
SKIPPED = frozenset("能会可以用再是有要需得被把给您的了也都就还太很")
_HAN = re.compile(r"[㐀-鿿]{2}")


def check(case: Case) -> Iterator[Reason]:
    """Words with the wrong sign."""
    denied, affirmed = heads(case.template, case.words)
    told, kept = heads(case.draft, case.words)
    for head, place in told.items():
        if head not in denied and head in affirmed:
            yield Reason("polarity", case.draft.span(*place), head, f"模板没有否定“{head}”")
    for head in denied:
        if head not in told and head in kept and head not in affirmed:
            yield Reason(
                "polarity", case.draft.span(*kept[head]), f"不{head}", f"模板否定了“{head}”,草稿没有"
            )


Places = dict[str, tuple[int, int]]


def heads(reading: Reading, words: Vocabulary) -> tuple[Places, Places]:
    """Pairs of characters that are denied, and pairs that stand affirmed, with one place each."""
    return _heads(reading.text, tuple((one.start, one.end) for one in reading.clauses), words)


@lru_cache(maxsize=2048)
def _heads(text: str, clauses: tuple[tuple[int, int], ...], words: Vocabulary) -> tuple[Places, Places]:
    plain = words.manner_words["not_negation"].blank(text)
    denied: Places = {}
    places: set[int] = set()
    for start, end in clauses:
        for place, head in _denied(plain, start, end, words):
            denied.setdefault(text[head : head + 2], (place, head + 2))
            places |= {head - 1, head, head + 1}
    affirmed = {
        text[at : at + 2]: (at, at + 2)
        for at in range(len(text) - 1)
        if at not in places and _HAN.fullmatch(text[at : at + 2])
    }
    return denied, affirmed


def _denied(plain: str, start: int, end: int, words: Vocabulary) -> Iterator[tuple[int, int]]:
    """Each negator's place in a clause, and where what it denies begins."""
    at = start
    while at < end:
        size = next(
            (
                size
                for size in range(min(5, end - at), 0, -1)
                if any(plain[at : at + size] in words.grammar[group] for group in GROUPS)
            ),
            0,
        )
        if not size:
            at += 1
            continue
        head = at + size
        while head < end and plain[head] in SKIPPED:
            head += 1
        if _HAN.match(plain, head) and head + 2 <= end:
            yield at, head
        at += size
