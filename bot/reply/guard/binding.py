"""Rule swap: values, stages, opposites and who bears what stay with what they belong to."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from itertools import combinations

from bot.reply.guard.case import Case, Reason
from bot.reply.guard.equality import from_number, honest
from bot.reply.guard.negation import denials
from bot.reply.guard.reading import Reading, grams
from bot.reply.guard.values import Value
from bot.reply.guard.vocabulary import Vocabulary

BEFORE, BEHIND = 24, 6
"""How much of the text around a value names it."""
FAR = 14
SHORT = len("sign 甲乙")
TITLE = 6
MARGIN = 1
LABEL = 3
TOUCH = 3
CLEARLY = 2
NEXT = 3
NAMING = frozenset(
    {
        "carrier", "place", "colour", "size", "count", "measure", "id", "tail", "material", "channel", "ordinal",
        "number", "money", "period", "weekday",
    }
)  # fmt: skip
TELLING = frozenset({"size", "colour", "id", "tail", "ordinal", "carrier", "place"})
LOW, HIGH = frozenset({"within", "less"}), frozenset({"after", "least", "more"})
SIGNS, LIMITS = frozenset("不没无未能可以会别已经在正待等还"), frozenset("之以前后上下内满不超过最多少至起")
NO_NAMES = frozenset("\n,。、;:()~的了是")
IDLE = frozenset(
    {
        "<",
        ">",
        "<的",
        "<了",
        "<是",
        "<,",
        "<:",
        "<。",
        ",>",
        "。>",
        ")>",
        "<(",
        ":>",
        "、>",
        "<、",
        "~>",
        "<为",
        "<有",
        "<约",
        "<共",
    }
)
SHOWN = frozenset({"done", "pending", "ongoing"})
_LIST = re.compile(r"[、和与及或/,至到~—-]")
_THAN = re.compile(r"比(?![如方较喻例亚赛])")


@dataclass(frozen=True)
class Thing:
    """What can stand in a wrong place. Only things of one slot can change places; `key` tells them apart."""

    slot: str
    key: Hashable
    start: int
    end: int
    value: Value | None = None


@dataclass(frozen=True)
class Bound:
    """A thing with what it belongs to: its label right beside it, its clause, the sentence
    before it, and what of its clause stands before it.
    """

    thing: Thing
    label: frozenset[str]
    clause: frozenset[str]
    wide: frozenset[str]
    subject: frozenset[str]


def check(case: Case) -> Iterator[Reason]:
    """What has changed places."""
    yield from _orders(case)
    heads = {
        head
        for reading in (case.template, case.draft)
        for one in denials(reading, case.words)
        for head in one.follow
    }
    theirs, ours = (_bounds(reading, case.words, heads) for reading in (case.template, case.draft))
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


def _bounds(reading: Reading, words: Vocabulary, heads: set[str]) -> list[Bound]:
    things = sorted(
        {
            *_values(reading),
            *_mentions(reading, words),
            *_denied(reading, words, heads),
            *_poles(reading, words),
        },
        key=lambda thing: (thing.slot, thing.start, str(thing.key)),
    )
    found = []
    for at, thing in enumerate(things):
        before = things[at - 1] if at and things[at - 1].slot == thing.slot else None
        behind = things[at + 1] if at + 1 < len(things) and things[at + 1].slot == thing.slot else None
        found.append(_bound(reading, thing, before, behind))
    return found


def _values(reading: Reading) -> Iterator[Thing]:
    for value in reading.values:
        if value.article:
            continue
        yield Thing(_slot(value), value.keys, value.start, value.end, value)
        if value.bound in LOW | HIGH:
            slot = f"limit {value.kind} {min(map(str, value.keys))}"
            yield Thing(slot, value.bound in LOW, value.start, value.end)


def _slot(value: Value) -> str:
    """Plain numbers and counts can change places, grams and metres cannot."""
    if value.kind == "measure":
        return f"measure {min(str(key[0]) for key in value.keys if isinstance(key, tuple))}"
    return "count" if value.kind == "number" else value.kind


def _mentions(reading: Reading, words: Vocabulary) -> Iterator[Thing]:
    for mention in reading.mentions:
        place = (mention.start, mention.end)
        stage = words.concepts[mention.concept].kind in {"stage", "state"}
        if stage and (mention.aspect in SHOWN or mention.negative):
            yield Thing("stage", (mention.concept, mention.absent, mention.aspect), *place)
        if mention.aspect not in {"after", "wish"} and words.concepts[mention.concept].kind == "state":
            yield Thing(f"sign {mention.concept}", mention.negative, *place)
        if mention.concept == "bear":
            yield from _bearer(reading, mention.start, words)


def _denied(reading: Reading, words: Vocabulary, heads: set[str]) -> Iterator[Thing]:
    """Every pair of characters that is denied somewhere, where it is denied and where it is not."""
    told = denials(reading, words)
    for number, clause in enumerate(reading.clauses):
        denied = {head for denial in told if denial.clause == number for head in denial.heads | denial.scope}
        for at in range(clause.start, clause.end - 1):
            head = reading.text[at : at + 2]
            if head in heads:
                yield Thing(f"sign {head}", head in denied, at, at + 2)


def _poles(reading: Reading, words: Vocabulary) -> Iterator[Thing]:
    for lexicon, kind in ((words.telling, "telling"), (words.relative, "relative")):
        for start, end, pairs, word in lexicon.find(reading.text):
            around = reading.text[start - 1 : start] + reading.text[end : end + 1]
            for pair in pairs.split():
                if not set(around) & (set(pair.split("/")) - {word}):  # 早晚, 大小 say neither
                    yield Thing(f"{kind} {pair}", word, start, end)


def _bearer(reading: Reading, start: int, words: Vocabulary) -> Iterator[Thing]:
    """Who pays: the party named last before 承担 in its clause."""
    clause = reading.clauses[reading.clause_at(start)]
    said = reading.text[clause.start : start]
    places = {
        side: max((said.rfind(word) for word in words.grammar[side]), default=-1)
        for side in ("shop_side", "shopper_side")
    }
    side = max(places, key=lambda name: places[name])
    if places[side] >= 0:
        yield Thing("bearer", side, clause.start + places[side], start)


def _bound(reading: Reading, thing: Thing, before: Thing | None, behind: Thing | None) -> Bound:
    start, end = thing.start, thing.end
    clause = reading.clauses[reading.clause_at(start)]
    first = next(one.start for one in reading.clauses if one.sentence == clause.sentence)
    begin = min(start, max(first, start - BEFORE, before.end if before else 0))
    begin = _after_header(reading.text, begin, start)
    limit = max(
        end,
        min(
            _closed(reading.text, clause.end),
            end + (FAR if thing.slot.startswith(("sign", "limit")) else BEHIND),
            behind.start if behind else clause.end,
        ),
    )
    inner = max(begin, clause.start)
    near = _tokens(reading, inner, start, thing) | _tokens(reading, end, limit, thing)
    wide = _tokens(reading, begin, start, thing)
    if thing.slot.startswith(("sign", "limit", "stage")):
        return Bound(thing, frozenset(), near or wide, wide, frozenset())
    said = reading.text[begin:start].rstrip("".join(NO_NAMES))
    close = max(begin, begin + len(said) - TOUCH)
    touching = [one.start for one in reading.values if one.start < begin + len(said) <= one.end]
    label = _tokens(reading, min([close, *touching]), start, thing)
    label |= _tokens(reading, end, min(limit, end + TOUCH), thing)
    label |= {f"<{said[-1:]}", f"{reading.text[end : min(end + 1, limit)]}>"} - IDLE
    return Bound(thing, label, near, wide, _tokens(reading, inner, start, thing))


def _after_header(text: str, begin: int, start: int) -> int:
    """What stands before a colon heads the whole list, unless the value comes right behind it."""
    colon = text.rfind(":", begin, start)
    if colon >= 0:
        begin = colon + 1 if colon < start - 1 else max(begin, colon - TITLE)
    item = text.rfind("、", begin, start)
    return max(begin, item + 1)


def _closed(text: str, end: int) -> int:
    """Where a clause ends, brackets right behind it included: 圆通的那个(尾号3381)."""
    if text[end : end + 1] != "(":
        return end
    close = text.find(")", end)
    return close if close > 0 else end


def _name(value: Value) -> str:
    """A code by its tail, so that 尾号3381 and the whole number are one."""
    name = min(map(str, value.keys))
    return name[-4:] if value.kind in {"id", "tail", "phone"} else name


def _tokens(reading: Reading, start: int, end: int, thing: Thing) -> frozenset[str]:
    """Pairs of characters, concepts and naming values in an interval; of its own slot nothing names a thing."""
    if end <= start:
        return frozenset()
    inside = [value for value in reading.values if start <= value.start and value.end <= end]
    text = reading.text[start:end]
    for value in inside:
        text = text[: value.start - start] + "\n" * (value.end - value.start) + text[value.end - start :]
    idle = NO_NAMES | (
        SIGNS
        if thing.slot.startswith(("sign", "stage"))
        else LIMITS
        if thing.slot.startswith("limit")
        else set()
    )
    tokens = {gram for gram in grams(text) if not idle & set(gram)}
    tokens |= {
        f"{value.kind} {_name(value)}"
        for value in inside
        if value.kind in NAMING and _slot(value) != thing.slot
    }
    if not thing.slot.startswith("sign"):
        tokens |= {
            f"{one.concept} {one.absent}" for one in reading.mentions if start <= one.start and one.end <= end
        }
    return frozenset(tokens)
