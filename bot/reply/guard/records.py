"""Where a template tells of several things in a row: whether a draft keeps what belongs together."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.reply.guard.case import Case
from bot.reply.guard.equality import honest
from bot.reply.guard.mentions import Mention
from bot.reply.guard.reading import Reading

_SEGMENT = re.compile(r"[。!?;~\n]+")
_HAN = re.compile(r"[㐀-鿿]{2}")
_IDLE = frozenset("的了是在您我们也都就请为有和与及可以能会将已不没未后前内时到还要元件个天号月日")
HEAD = 1
TIMED = frozenset({"date", "time", "weekday", "daypart", "duration", "period"})


@dataclass(frozen=True)
class Record:
    """A stretch of the template."""

    start: int
    end: int


def apart(case: Case, one: int, other: int, place: int, another: int | None = None) -> bool:
    """Whether the draft tells first all of one record, then all of the other, whichever comes first.

    `one` and `other` are places in the template, `place` and `another` where the draft has the same things.
    What belongs to two records cannot have changed places where neither reaches into the other.
    """
    first, second = _records(case.template, one, other)
    mine, its = _places(case, first, second), _places(case, second, first)
    kinds = TIMED | {value.kind for value in case.template.values if value.start in {one, other}}
    if not all(_is_named(case, *pair, kinds) for pair in ((first, second), (second, first))):
        return False
    mine.append(place)
    its += [] if another is None else [another]
    if not its:
        return False
    before, behind = sorted((mine, its), key=max)
    return case.draft.clause_at(max(before)) < case.draft.clause_at(min(behind))


def exchanged(case: Case, one: int, other: int, place: int, another: int) -> bool:
    """Whether each of two things stands in a clause of the draft with words of the other's record alone."""
    first, second = _records(case.template, one, other)
    mine, its = _places(case, first, second), _places(case, second, first)
    here, there = (case.draft.clauses[case.draft.clause_at(at)] for at in (place, another))
    if here == there:
        return False
    start, middle = (0, min(here.end, there.end))
    spans = (
        [(start, here.end), (middle, there.end)]
        if here.end < there.end
        else [(middle, here.end), (start, there.end)]
    )
    inside = [
        [sum(begin <= at < end and at != own for at in group) for group in (mine, its)]
        for (begin, end), own in zip(spans, (place, another), strict=True)
    ]
    return inside[0][0] == 0 < inside[0][1] and inside[1][1] == 0 < inside[1][0]


def _is_named(case: Case, record: Record, other: Record, kinds: frozenset[str]) -> bool:
    """Whether a record has words, or values of other kinds, of its own."""
    values = [one for one in case.template.values if record.start <= one.start < record.end]
    return bool(_words(case, record, other)) or any(one.kind not in kinds for one in values)


def _records(reading: Reading, one: int, other: int) -> tuple[Record, Record]:
    """The sentences around two places, else their clauses with what follows up to the next."""
    marks = [match.end() for match in _SEGMENT.finditer(reading.text)]
    spans = [_around([0, *marks, len(reading.text)], place) for place in (one, other)]
    if spans[0] == spans[1]:
        spans = [_since(reading, spans[0], place) for place in (one, other)]
    first, second = (
        _after_header(reading.text, span, place) for span, place in zip(spans, (one, other), strict=True)
    )
    head = next((one for one in reading.values if second.start <= one.start <= second.start + HEAD), None)
    if head is not None:  # 《草木小记》精装版已售罄, 平装版有货: the book heads both
        kin = [
            one.start
            for one in reading.values
            if first.start <= one.start < first.end and one.kind == head.kind
        ]
        first = Record(kin[0], first.end) if kin else first
    return first, second


def _since(reading: Reading, sentence: Record, place: int) -> Record:
    """The clause around a place, with those before it that no other thing of its kind has."""
    number = reading.clause_at(place)
    kind = next((value.kind for value in reading.values if value.start == place), None)
    before = [
        reading.clause_at(one.start) for one in reading.values if one.kind == kind and one.start < place
    ]
    behind = [at + 1 for at in before if at < number]
    first = reading.clauses[max(behind)].start if behind else sentence.start if kind else None
    clause = reading.clauses[number]
    return Record(clause.start if first is None else max(sentence.start, first), clause.end)


def _around(edges: list[int], place: int) -> Record:
    start = max(edge for edge in edges if edge <= place)
    return Record(start, min((edge for edge in edges if edge > place), default=place + 1))


def _after_header(text: str, record: Record, place: int) -> Record:
    """A record without what heads the whole list: 您有3笔订单:…"""
    return Record(max(record.start, text.rfind(":", record.start, place) + 1), record.end)


def _places(case: Case, record: Record, other: Record) -> list[int]:
    """Where in the draft stands what only this record has; what stands there twice tells nothing."""
    found = _words(case, record, other)
    for value in case.template.values:
        if record.start <= value.start < record.end and not value.article:
            if any(
                honest(value, one, case.words) for one in case.template.values if _inside(one.start, other)
            ):
                continue
            said = [one.start for one in case.draft.values if honest(one, value, case.words)]
            found += said if len(said) == 1 else []
    return found


def _words(case: Case, record: Record, other: Record) -> list[int]:
    """Where the draft has words or matters, values apart, of which only this record speaks."""
    text, its = case.draft.text, case.template.text[other.start : other.end]
    named = {
        at
        for value in case.template.values
        if record.start <= value.start < record.end
        for at in range(value.start - 1, value.end)
    }
    grams = {case.template.text[at : at + 2] for at in range(record.start, record.end - 1) if at not in named}
    said = [
        text.index(gram)
        for gram in grams
        if _HAN.fullmatch(gram) and not set(gram) & _IDLE and gram not in its and text.count(gram) == 1
    ]
    return [*said, *_mentioned(case, record, other)]


def _mentioned(case: Case, record: Record, other: Record) -> list[int]:
    """Where the draft speaks of what only this record says to have happened, or not to have."""
    its = {_state(one) for one in case.template.mentions if _inside(one.start, other)}
    mine = {_state(one) for one in case.template.mentions if _inside(one.start, record)} - its
    found = []
    for state in mine:
        said = [one.start for one in case.draft.mentions if _state(one) == state]
        found += said if len(said) == 1 else []
    return found


def _state(mention: Mention) -> tuple[str, bool]:
    return mention.concept, mention.absent


def _inside(place: int, record: Record) -> bool:
    return record.start <= place < record.end
