"""Rule swap: values, stages, opposites and who bears what stay with what they belong to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

from bot.reply.guard import things
from bot.reply.guard.case import Case, Reason
from bot.reply.guard.equality import from_number, honest
from bot.reply.guard.negation import denials
from bot.reply.guard.reading import Reading, grams
from bot.reply.guard.things import Bound, Thing
from bot.reply.guard.values import Value

SHORT = len("sign 甲乙")
"""Slots of two characters that are denied, against those of concepts."""
LABEL = 3
"""What a shared label weighs; other shared words weigh one less together."""
MARGIN, CLEARLY = 1, 2
"""By how much one reading must be the better one."""
NEXT = 3
"""How many characters beside 比 name what is compared."""
TELLING = frozenset({"size", "colour", "id", "tail", "ordinal", "carrier", "place"})
_LIST = re.compile(r"[、和与及或/,至到~—-]")
_THAN = re.compile(r"比(?![如方较喻例亚赛])")


def check(case: Case) -> Iterator[Reason]:
    """What has changed places."""
    yield from _orders(case)
    heads = {
        head
        for reading in (case.template, case.draft)
        for one in denials(reading, case.words)
        for head in one.follow
    }
    theirs, ours = (things.read(reading, case.words, heads) for reading in (case.template, case.draft))
    yield from _crossed(case, theirs, ours)
    yield from _opposed(case, theirs, ours)
    yield from _compared(case)


def _orders(case: Case) -> Iterator[Reason]:
    """Values that stand with another order number than in template and facts."""
    ids = {next(iter(value.keys)) for value in case.template.values if value.kind == "id"}
    if len(ids) < 2:
        return
    owners = [(value, _owner(case.template, value)) for value in case.template.values if value.kind != "id"]
    for value in case.draft.values:
        owner = _owner(case.draft, value) if value.kind not in {"id", "tail"} else None
        mine = [whose for other, whose in owners if honest(value, other, case.words)]
        if owner is None or not mine or any(one is None or honest(owner, one, case.words) for one in mine):
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
    """Whether an object of the facts has both."""
    for item in case.facts.items:
        if any(honest(owner, other, case.words) for other in item.values) and (
            any(honest(value, other, case.words) for other in item.values) or from_number(value, item.numbers)
        ):
            return True
    return False


def _crossed(case: Case, theirs: list[Bound], ours: list[Bound]) -> Iterator[Reason]:
    """Two of a slot whose surroundings fit better the other way round."""
    for one, other in combinations(theirs, 2):
        first, second = one.thing, other.thing
        if first.slot != second.slot or first.key == second.key or _listed(case.template, first, second):
            continue
        if _told_twice(case, theirs, one, other):
            continue
        for mine in (bound for bound in ours if _same(case, bound, one)):
            for its in (bound for bound in ours if _same(case, bound, other)):
                straight, crossed = _fit(mine, its, one, other)
                if mine.thing.start != its.thing.start and crossed > straight + MARGIN:
                    yield _swap(case, mine, "和另一个值换了位置")
                    return


def _fit(mine: Bound, its: Bound, one: Bound, other: Bound) -> tuple[int, int]:
    """How well two stand where the template has them, and how well the other way round.

    Their subjects decide where both have one; else labels and clauses; else the sentence before.
    """
    straight = _about(mine, one, other) + _about(its, other, one)
    crossed = _about(mine, other, one) + _about(its, one, other)
    if abs(straight - crossed) > MARGIN:
        return straight, crossed
    straight = _like(mine, one, other) + _like(its, other, one)
    crossed = _like(mine, other, one) + _like(its, one, other)
    if straight or crossed:
        return straight, crossed
    straight = _widely(mine, one, other) + _widely(its, other, one)
    first, second = _widely(mine, other, one), _widely(its, one, other)
    return straight, first + second if first and second else 0


def _swap(case: Case, bound: Bound, why: str, rule: str = "swap") -> Reason:
    return Reason(rule, case.draft.span(bound.thing.start, bound.thing.end), "", why)


def _told_twice(case: Case, theirs: list[Bound], one: Bound, other: Bound) -> bool:
    """What is named more than once stands in several places: no telling."""
    return any(sum(_same(case, bound, it) for bound in theirs) > 1 for it in (one, other))


def _listed(reading: Reading, one: Thing, other: Thing) -> bool:
    """甲、乙和丙 stand side by side: their order says nothing."""
    first, last = sorted((one, other), key=lambda thing: thing.start)
    return _LIST.fullmatch(reading.text[first.end : last.start]) is not None


def _opposed(case: Case, theirs: list[Bound], ours: list[Bound]) -> Iterator[Reason]:
    """One side of an opposite, or one value, where the template, of the same thing, has the other."""
    for bound in ours:
        sides = [one for one in theirs if one.thing.slot == bound.thing.slot]
        if not sides:
            continue
        own = [one for one in sides if _same(case, bound, one)]
        others = [one for one in sides if not _same(case, bound, one)]
        if bound.thing.value is not None:
            continue
        if own and any(all(_fits_better(bound, other, one) for one in own) for other in others):
            yield _swap(case, bound, "模板里说的是另一个")
        elif not own and bound.thing.slot.startswith(("telling", "bearer", "limit")):
            said = {one.thing.key for one in ours if one.thing.slot == bound.thing.slot}
            if not said & {one.thing.key for one in others}:
                yield _swap(case, bound, "和模板说的相反", "polarity")


def _fits_better(bound: Bound, other: Bound, own: Bound) -> bool:
    mine, its = _like(bound, own, other), _like(bound, other, own)
    if bound.thing.slot.startswith(("sign", "limit")):
        sure = bound.thing.slot.startswith("limit") or len(bound.thing.slot) <= SHORT
        return mine == 0 and its > 0 and (sure or _by_value(bound, other, own))
    if bound.thing.slot.startswith(("telling", "relative")):
        return mine == 0 and its >= CLEARLY
    if mine == its == 0:
        mine, its = _widely(bound, own, other), _widely(bound, other, own)
    return its >= mine + CLEARLY


def _by_value(bound: Bound, other: Bound, own: Bound) -> bool:
    """Whether a size, a number or a name tells which is meant."""
    shared = bound.clause & (other.clause - own.clause)
    return any(token.split(" ", 1)[0] in TELLING for token in shared if " " in token)


def _compared(case: Case) -> Iterator[Reason]:
    """甲比乙轻 is not 乙比甲轻."""
    for mine in _THAN.finditer(case.draft.text):
        for its in _THAN.finditer(case.template.text):
            left, right = _sides(case.draft.text, mine.start())
            first, second = _sides(case.template.text, its.start())
            if len(left & second) + len(right & first) > len(left & first) + len(right & second):
                yield Reason("swap", case.draft.span(mine.start(), mine.end()), "", "比较的两边换了位置")


def _sides(text: str, at: int) -> tuple[frozenset[str], frozenset[str]]:
    return grams(text[max(0, at - NEXT) : at]), grams(text[at + 1 : at + 1 + NEXT])


def _same(case: Case, draft: Bound, source: Bound) -> bool:
    mine, its = draft.thing, source.thing
    if mine.slot != its.slot:
        return False
    if mine.value is None or its.value is None:
        return mine.key == its.key
    return honest(mine.value, its.value, case.words)


def _like(draft: Bound, source: Bound, other: Bound) -> int:
    """How much of what tells a source from another one stands around the draft's."""
    label = LABEL * bool(draft.label & (source.label - other.label))
    return label + min(LABEL - 1, len(draft.clause & (source.clause - other.clause)))


def _widely(draft: Bound, source: Bound, other: Bound) -> int:
    return min(LABEL - 1, len((draft.wide | draft.clause) & (source.wide - other.wide)))


def _about(draft: Bound, source: Bound, other: Bound) -> int:
    return bool(draft.subject & (source.subject - other.subject))
