"""Rule swap: values, stages, opposites and who bears what stay with what they belong to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

from bot.reply.guard import records, things
from bot.reply.guard.case import Case, Reason
from bot.reply.guard.denials import denials
from bot.reply.guard.echo import consoles
from bot.reply.guard.equality import from_number, honest
from bot.reply.guard.reading import Reading
from bot.reply.guard.things import Bound, Thing
from bot.reply.guard.values import Value

SHORT = len("sign 甲乙")
"""Slots of two characters that are denied, against those of concepts."""
LABEL = 3
"""What a shared label weighs; other shared words weigh one less together."""
MARGIN, CLEARLY = 1, 2
"""By how much one reading must be the better one."""
TELLING = frozenset({"size", "colour", "id", "tail", "ordinal", "carrier", "place"})
LABELLED = 10
_OTHER_CODE = re.compile(
    r"(?:运单|快递|物流|面单|包裹|取件|退货|退件)(?:单|码)?号?|(?<!订)单号(?!.*订单)|工单|编号|sn|序列号|投诉|券码|会员|账号|尾号[^,。]{0,2}的?卡|银行"
)
_LIST = re.compile(r"[、和与及或/,至到~—-]")
PLAIN = frozenset("的了是在您我就也都还可以选拍穿想要些点话更建议推荐平时正好之间和或码号大小款这那")
_NAMING = re.compile(r"[a-z\d]")


def check(case: Case) -> Iterator[Reason]:
    """What has changed places."""
    yield from _orders(case)
    heads = {
        head
        for reading in (case.template, case.draft)
        for one in denials(reading, case.words)
        for head in one.follow
    }
    known, said = (things.gather(reading, case.words, heads) for reading in (case.template, case.draft))
    slots = {slot for slot in {one.slot for one in known} if _is_open(slot, known | said)}
    theirs, ours = things.bind(case.template, known, slots), things.bind(case.draft, said, slots)
    yield from _crossed(case, theirs, ours)
    yield from _opposed(case, theirs, ours)
    yield from _misplaced(case, theirs, ours)


def _is_open(slot: str, gathered: set[Thing]) -> bool:
    """Whether a slot holds more than one thing, so that they can change places."""
    return len({one.key for one in gathered if one.slot == slot}) > 1


def _orders(case: Case) -> Iterator[Reason]:
    """Values that stand with another order number than in template and facts."""
    ids = {
        next(iter(value.keys))
        for value in case.template.values
        if value.kind == "id" and not _is_other_code(case.template, value)
    }
    if len(ids) < 2:
        return
    owners = [(value, _owner(case.template, value)) for value in case.template.values if value.kind != "id"]
    for value in case.draft.values:
        bound = value.kind not in {"id", "tail"} and value.raw != {float(len(ids))}
        owner = _owner(case.draft, value) if bound else None
        mine = [whose for other, whose in owners if honest(value, other, case.words)]
        if owner is None or not mine or any(one is None or honest(owner, one, case.words) for one in mine):
            continue
        if not _together(case, owner, value) and not _told_apart(case, owner, value):
            yield Reason("swap", case.draft.span(value.start, value.end), "", "这个值属于另一笔订单")


def _told_apart(case: Case, owner: Value, value: Value) -> bool:
    """猫砂那单(A1043)在路上, 猫粮那单(A1027)已签收: the number may stand behind what belongs to it."""
    ids = [one for one in case.template.values if honest(owner, one, case.words)]
    own = [one for one in case.template.values if honest(value, one, case.words)]
    return bool(ids and own) and records.apart(case, own[0].start, ids[0].start, value.start, owner.start)


def _owner(reading: Reading, value: Value) -> Value | None:
    """The order number last named before a value, else the next one in its sentence."""
    codes = [one for one in reading.values if one.kind in {"id", "tail"} and not _is_other_code(reading, one)]
    before = [one for one in codes if one.end <= value.start]
    if before:
        return before[-1]
    sentence = reading.clauses[reading.clause_at(value.start)].sentence
    for one in codes:
        if one.start >= value.end:
            return one if reading.clauses[reading.clause_at(one.start)].sentence == sentence else None
    return None


def _is_other_code(reading: Reading, value: Value) -> bool:
    """Whether a number is a waybill's, a ticket's or a device's, not an order's."""
    return _OTHER_CODE.search(reading.text, max(0, value.start - LABELLED), value.start) is not None


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
        pairs = [
            (mine, its) for mine in ours if _same(case, mine, one)
            for its in ours if _same(case, its, other) and mine.thing.start != its.thing.start
        ]  # fmt: skip
        if (
            pairs
            and all(_is_crossed(case, mine, its, one, other) for mine, its in pairs)
            and not any(
                records.apart(case, first.start, second.start, mine.thing.start, its.thing.start)
                for mine, its in pairs
            )
        ):
            yield _swap(case, pairs[0][0], "和另一个值换了位置")


def _is_crossed(case: Case, mine: Bound, its: Bound, one: Bound, other: Bound) -> bool:
    """Whether two things of a draft fit better where the template has the other one."""
    if _accompanied(case, mine, its, one, other) or consoles(case, case.draft.clause_at(mine.thing.start)):
        return False
    if records.exchanged(case, one.thing.start, other.thing.start, mine.thing.start, its.thing.start):
        return True
    straight, crossed = _fit(mine, its, one, other)
    return crossed > straight + MARGIN


def _accompanied(case: Case, mine: Bound, its: Bound, one: Bound, other: Bound) -> bool:
    """Whether the next value behind each is the right one: 1.4米2080元, 1.2米1680元."""
    ours = [_next(case.draft, bound) for bound in (mine, its)]
    theirs = [_next(case.template, bound) for bound in (one, other)]
    return all(a and b and honest(a, b, case.words) for a, b in zip(ours, theirs, strict=True))


def _next(reading: Reading, bound: Bound) -> Value | None:
    """The value of another kind that follows in the same clause."""
    clause = reading.clauses[reading.clause_at(bound.thing.start)]
    kind = bound.thing.value.kind if bound.thing.value else ""
    return next(
        (one for one in reading.values if bound.thing.end <= one.start < clause.end and one.kind != kind),
        None,
    )


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
    if last.start < first.end:  # 6个月至3岁
        return True
    return _LIST.fullmatch(reading.text[first.end : last.start]) is not None


def _opposed(case: Case, theirs: list[Bound], ours: list[Bound]) -> Iterator[Reason]:
    """One side of an opposite, or one value, where the template, of the same thing, has the other."""
    both = {
        slot
        for slot in {one.thing.slot for one in ours}
        if len({one.thing.key for one in ours if one.thing.slot == slot}) > 1
    }
    for bound in ours:
        if bound.thing.slot.startswith("sign") and bound.thing.key and bound.thing.slot not in both:
            denied, told = (
                sum(one.thing.slot == bound.thing.slot and one.thing.key is True for one in group)
                for group in (theirs, ours)
            )
            if told <= denied:
                continue
        sides = [one for one in theirs if one.thing.slot == bound.thing.slot]
        if not sides:
            continue
        own = [one for one in sides if _same(case, bound, one)]
        others = [one for one in sides if not _same(case, bound, one)]
        if bound.thing.value is not None:
            continue
        better = [other for other in others if all(_fits_better(bound, other, one) for one in own)]
        if (
            own
            and better
            and not records.apart(case, own[0].thing.start, better[0].thing.start, bound.thing.start)
        ):
            yield _swap(case, bound, "模板里说的是另一个")
        elif not own and bound.thing.slot.startswith(("telling", "limit")):
            said = {one.thing.key for one in ours if one.thing.slot == bound.thing.slot}
            if not said & {one.thing.key for one in others}:
                yield _swap(case, bound, "和模板说的相反", "polarity")


def _fits_better(bound: Bound, other: Bound, own: Bound) -> bool:
    if bound.thing.slot == "stage" and not own.clause:
        return False
    mine, its = _like(bound, own, other), _like(bound, other, own)
    if bound.thing.slot.startswith(("sign", "limit")):
        sure = bound.thing.slot.startswith("limit") or len(bound.thing.slot) <= SHORT
        return mine == 0 and its > 0 and (sure or _by_value(bound, other, own))
    if bound.thing.slot.startswith(("telling", "relative")):
        return mine == 0 and its >= CLEARLY
    if mine == its == 0 and bound.thing.slot != "stage":
        mine, its = _widely(bound, own, other), _widely(bound, other, own)
    return its >= mine + CLEARLY


def _by_value(bound: Bound, other: Bound, own: Bound) -> bool:
    """Whether a size, a number or a name tells which is meant."""
    shared = bound.clause & (other.clause - own.clause)
    return any(token.split(" ", 1)[0] in TELLING for token in shared if " " in token)


def _misplaced(case: Case, theirs: list[Bound], ours: list[Bound]) -> Iterator[Reason]:
    """想宽松选M, where what is said of 宽松 is L: nothing around is its own, something is another's."""
    for bound in ours:
        if bound.thing.slot not in {"size", "grade"}:
            continue
        sides = [one for one in theirs if one.thing.slot == bound.thing.slot]
        own = [_content(one) for one in sides if _same(case, bound, one)]
        others = [_content(one) for one in sides if not _same(case, bound, one)]
        mine = _content(bound)
        if own and not any(mine & one for one in own) and any(mine & one for one in others):
            yield _swap(case, bound, "模板里说的是另一个")
            return


def _content(bound: Bound) -> frozenset[str]:
    """The pairs of characters around a thing in its clause that say something."""
    return frozenset(gram for gram in bound.clause if len(gram) == len("甲乙") and not set(gram) & PLAIN)


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
    shared = (draft.wide | draft.clause) & (source.wide - other.wide)
    return min(LABEL - 1, len(shared))


def _about(draft: Bound, source: Bound, other: Bound) -> int:
    """A letter or figure names (A款) better than a word."""
    shared = draft.subject & (source.subject - other.subject)
    return bool(shared) + any(
        _NAMING.search(token) is not None for token in shared if " " not in token or token.startswith("label")
    )
