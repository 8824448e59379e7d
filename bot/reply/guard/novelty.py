"""Rules value and promise: what a draft says in words that neither sources nor politeness know."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.reply.guard.case import Case, Reason
from bot.reply.guard.reading import grams
from bot.reply.guard.support import echoed

RUN = 4
"""So many strange characters in a row are a new statement."""
SUM = 6
"""So many in one clause, too."""
FLANK = 3
_HAN = re.compile(r"[㐀-鿿]")


def check(case: Case) -> Iterator[Reason]:
    """Clauses that bring in something new, and single words put in place of the template's."""
    covered = _covered(case)
    for clause in case.draft.clauses:
        runs = list(_runs(case, covered, clause.start, clause.end))
        longest = max(runs, key=lambda run: run[1] - run[0], default=(0, 0))
        total = sum(end - start for start, end in runs if end - start > 1)
        if longest[1] - longest[0] >= RUN or total >= SUM:
            yield Reason("value", case.draft.span(*longest), "", "模板和资料里没有这个内容")
            continue
        for start, end in runs:
            if _replaces(case, start, end):
                yield Reason("value", case.draft.span(start, end), "", "换掉了模板里的词")


def _covered(case: Case) -> list[bool]:
    text = case.draft.text
    covered = [not _HAN.match(ch) for ch in text]

    def cover(start: int, end: int) -> None:
        covered[start:end] = [True] * (end - start)

    for start, end, _, _ in case.words.harmless.all(text):
        cover(start, end)
    for value in case.draft.values:
        cover(value.start, value.end)
    for mention in case.draft.mentions:
        cover(mention.start, mention.end)
    for start, end, _, _ in case.words.concept_words.all(text):
        cover(start, end)
    for name in ("negators", "pending", "hedges", "conditions", "can", "must", "ask", "future", "done_after"):
        for start, end, _, _ in case.words.manner_words[name].all(text):
            cover(start, end)
    sources = case.template.bigrams() | case.facts.bigrams()
    for at in range(len(text) - 1):
        if text[at : at + 2] in sources:
            cover(at, at + 2)
    _cover_echoes(case, cover)
    return covered


def _cover_echoes(case: Case, cover: object) -> None:
    theirs = grams(case.shopper.text)
    text = case.draft.text
    for at in range(len(text) - 1):
        if text[at : at + 2] in theirs and callable(cover):
            cover(at, at + 2)


def _runs(case: Case, covered: list[bool], begin: int, end: int) -> Iterator[tuple[int, int]]:
    start: int | None = None
    for at in range(begin, end + 1):
        free = at < end and not covered[at]
        if free and start is None:
            start = at
        elif not free and start is not None:
            yield start, at
            start = None


def _replaces(case: Case, start: int, end: int) -> bool:
    """Whether the words around a strange run stand in the template around another word: 羊(绒)围巾."""
    text, template = case.draft.text, case.template.text
    if echoed(case, start):
        return False
    for left in range(1, FLANK):
        right = FLANK - left
        before, after = text[max(0, start - left) : start], text[end : end + right]
        if len(before) < left or len(after) < right:
            continue
        pattern = re.escape(before) + r"[^,。!?;\n]{1,4}?" + re.escape(after)
        if any(match.group() != text[start - left : end + right] for match in re.finditer(pattern, template)):
            return True
    return False
