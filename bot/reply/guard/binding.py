"""Rule swap: values stay with what they belong to: the order, the item, the label beside them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from bot.reply.guard.case import Case, Reason
from bot.reply.guard.equality import from_number, honest
from bot.reply.guard.reading import Reading, grams
from bot.reply.guard.values import Value

BEFORE, BEHIND = 14, 5
"""How much of the text around a value names it."""
MARGIN = 1.0


@dataclass(frozen=True)
class Bound:
    """A value or a stage with the words around it. `key` tells equal ones."""

    kind: str
    value: Value | None
    key: object
    start: int
    end: int
    context: frozenset[str]


def check(case: Case) -> Iterator[Reason]:
    """Values that have changed places."""
    yield from _orders(case)
    yield from _labels(case)


def _orders(case: Case) -> Iterator[Reason]:
    """Values that stand with another order number than in template and facts."""
    ids = {next(iter(value.keys)) for value in case.template.values if value.kind == "id"}
    if len(ids) < 2:
        return
    owners = [(value, _owner(case.template, value)) for value in case.template.values if value.kind != "id"]
    for value in case.draft.values:
        owner = _owner(case.draft, value) if value.kind not in {"id", "tail"} else None
        mine = [whose for other, whose in owners if honest(value, other, case.words)]
        if (
            owner is None
            or not mine
            or any(whose is None or honest(owner, whose, case.words) for whose in mine)
        ):
            continue
        if not _together(case, owner, value):
            yield Reason("swap", case.draft.span(value.start, value.end), "", "这个值属于另一笔订单")


def _owner(reading: Reading, value: Value) -> Value | None:
    """The order number last named before a value, else the next one in its sentence."""
    before = [one for one in reading.values if one.kind in {"id", "tail"} and one.end <= value.start]
    if before:
        return before[-1]
    sentence = reading.clauses[reading.clause_at(value.start)].sentence
    for one in reading.values:
        if one.kind in {"id", "tail"} and one.start >= value.end:
            return one if reading.clauses[reading.clause_at(one.start)].sentence == sentence else None
    return None


def _together(case: Case, owner: Value, value: Value) -> bool:
    for item in case.facts.items:
        if any(honest(owner, other, case.words) for other in item.values) and (
            any(honest(value, other, case.words) for other in item.values) or from_number(value, item.numbers)
        ):
            return True
    return False


def _labels(case: Case) -> Iterator[Reason]:
    """Two values of a kind whose words around fit better the other way round."""
    theirs, ours = _bounds(case.template), _bounds(case.draft)
    for one, other in combinations(theirs, 2):
        if one.kind != other.kind or one.key == other.key:
            continue
        for mine in (bound for bound in ours if _same(case, bound, one)):
            for its in (bound for bound in ours if _same(case, bound, other)):
                straight = _like(mine, one) + _like(its, other)
                crossed = _like(mine, other) + _like(its, one)
                if crossed > straight + MARGIN and not _excused(case, theirs, ours, one, other):
                    yield Reason("swap", case.draft.span(mine.start, mine.end), "", "和另一个值换了位置")
                    return


def _excused(case: Case, theirs: list[Bound], ours: list[Bound], one: Bound, other: Bound) -> bool:
    """Values named more than once stand in several places: no telling."""
    return (
        sum(_same(case, bound, one) for bound in theirs) > 1
        or sum(_same(case, bound, other) for bound in theirs) > 1
    )


def _same(case: Case, draft: Bound, source: Bound) -> bool:
    if draft.value is None or source.value is None:
        return draft.kind == source.kind and draft.key == source.key
    return honest(draft.value, source.value, case.words)


def _like(draft: Bound, source: Bound) -> float:
    return float(len(draft.context & source.context))


def _bounds(reading: Reading) -> list[Bound]:
    found = [
        Bound(
            value.kind, value, value.keys, value.start, value.end, _context(reading, value.start, value.end)
        )
        for value in reading.values
        if not value.article
    ]
    for mention in reading.mentions:
        if mention.aspect in {"done", "pending", "ongoing"}:
            context = _context(reading, mention.start, mention.end)
            found.append(
                Bound("stage", None, (mention.concept, mention.aspect), mention.start, mention.end, context)
            )
    return found


def _context(reading: Reading, start: int, end: int) -> frozenset[str]:
    """Pairs of characters near a place, in its clause, other values left out."""
    number = reading.clause_at(start)
    clause = reading.clauses[number]
    begin = max([clause.start, start - BEFORE, *(one.end for one in reading.values if one.end <= start)])
    limit = min([clause.end, end + BEHIND, *(one.start for one in reading.values if one.start >= end)])
    near = grams(reading.text[begin:start]) | grams(reading.text[end:limit])
    near |= {
        mention.concept for mention in reading.mentions if begin <= mention.start and mention.end <= limit
    }
    return frozenset(near)
