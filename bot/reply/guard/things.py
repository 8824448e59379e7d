"""What of a text can stand in a wrong place, and what shows where it belongs."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from dataclasses import dataclass

from bot.reply.guard.denials import denials
from bot.reply.guard.reading import Reading, grams
from bot.reply.guard.values import Value
from bot.reply.guard.vocabulary import Vocabulary

BEFORE, BEHIND, FAR = 24, 6, 14
"""How much of the text before and behind a thing names it; further behind where only the clause tells."""
TITLE = 6
"""So much before a colon is the label of what comes right behind it."""
TOUCH = 3
"""So near, words are a thing's label."""
NAMING = frozenset(
    {
        "carrier", "place", "colour", "size", "count", "measure", "id", "tail", "material", "channel",
        "ordinal", "number", "money", "period", "weekday", "label",
    }
)  # fmt: skip
_BARRED = re.compile(r"不(?!超|满|足|到|少|低)|禁|勿|无法|没法")
LOW, HIGH = frozenset({"within", "less"}), frozenset({"after", "least", "more"})
SIGNS, LIMITS = frozenset("不没无未能可以会别已经在正待等还"), frozenset("之以前后上下内满不超过最多少至起")
NO_NAMES = frozenset("\n,。、;:()~的了是")
IDLE = frozenset(
    "< > <的 <了 <是 <, <: <。 <( <、 <为 <有 <约 <共 ,> 。> )> :> 、> ~>".split()  # noqa: SIM905 - reads as a list
)
_PLAIN, _SIGNED, _LIMITED = (
    str.maketrans(dict.fromkeys(idle, "\n")) for idle in (NO_NAMES, NO_NAMES | SIGNS, NO_NAMES | LIMITS)
)
"""What makes the characters unreadable that tell nothing of a thing of these slots."""
SHOWN = frozenset({"done", "pending", "ongoing"})


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


def gather(reading: Reading, words: Vocabulary, heads: set[str]) -> set[Thing]:
    """Every thing of a text; `heads` are looked for, denied or not."""
    return {
        *_values(reading),
        *_mentions(reading, words),
        *_denied(reading, words, heads),
        *_poles(reading, words),
    }


def bind(reading: Reading, gathered: set[Thing], slots: set[str]) -> list[Bound]:
    """The things of some slots with what they belong to, by slot and place."""
    things = sorted(
        (thing for thing in gathered if thing.slot in slots),
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
    return {"number": "count", "period": "duration"}.get(value.kind, value.kind)


def _mentions(reading: Reading, words: Vocabulary) -> Iterator[Thing]:
    for mention in reading.mentions:
        place = (mention.start, mention.end)
        stage = words.concepts[mention.concept].kind in {"stage", "state"}
        if stage and (mention.aspect in SHOWN or mention.negative):
            yield Thing("stage", (mention.concept, mention.absent, mention.aspect), *place)
        if mention.aspect not in {"after", "wish"} and words.concepts[mention.concept].kind == "state":
            yield Thing(f"sign {mention.concept}", mention.negative, *place)


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
    if thing.slot.startswith("limit"):  # 3岁以下不适用: whether it is barred tells it from 3岁以上
        near |= {f"barred {_BARRED.search(reading.text, clause.start, clause.end) is not None}"}
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
    """Pairs of characters, concepts and naming values in an interval, those of its own slot left out."""
    if end <= start:
        return frozenset()
    inside = [value for value in reading.values if start <= value.start and value.end <= end]
    text = reading.text[start:end]
    for value in inside:
        text = text[: value.start - start] + "\n" * (value.end - value.start) + text[value.end - start :]
    table = (
        _SIGNED
        if thing.slot.startswith(("sign", "stage"))
        else _LIMITED
        if thing.slot.startswith("limit")
        else _PLAIN
    )
    tokens = {gram for gram in grams(text.translate(table)) if "\n" not in gram}
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
