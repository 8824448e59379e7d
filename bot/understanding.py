"""From parses to an understanding: which requests a message holds, and whether the bot is sure of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.nlu.clauses import Clause, cut
from bot.nlu.ids import without_links
from bot.turn import Entity, Understanding
from bot.yaml_file import read_yaml

Json = dict[str, Any]
Parse = Callable[[str], Json]
"""Text to Rasa's parse data."""

FALLBACK = "nlu_fallback"
GIVES = "provide_info"
PUSHES = "urge_reply"
PERSON = "human_agent"
SIZES = "size_advice"
RANKED = 5
BARE_LENGTH = 4
"""Digits from which on a bare number is information by itself; 88 is a farewell and 175 a height."""
IDS = frozenset(
    {
        *("order_id", "waybill", "code", "order_tail", "tax_number", "bank_account"),
        *("phone", "phone_tail", "email", "id_card"),
    }
)
"""What says by itself that a message gives something; a bare product does as well."""
_ENDING = re.compile(r"[\s呢啊呀哦噢哈的了吧亲~。.!！?？,，…]+$")
_LEADING = re.compile(r"^[\s/]+")
_PARTICLES = re.compile(r"那个|那件|那双|那款|这个|这件|这款|就是|的|呢|啊|呀|吧|哦")
_AND_WHAT_OF = re.compile(r"^\s*(?:还有|那么?|另外|然后)(?=.*呢)")
"""那卫衣呢 names goods as 卫衣呢 does."""
_UNITS = re.compile(r"[码号]")
_CORRECTION = re.compile(
    r"(?:不对|错了|(?:说|看|写|记|输|报|发|弄|搞|打)错了?|不是(?:这个|那个|这单|那单|这件|那件)?(?=[\s,，]))[\s,，。.!！啊呀]*(?:应该)?(?:是|要)?"
)
_NUMBER_WORDS = re.compile(r"(?:我的)?(?:订单|定单|运单|快递单?|物流单?|手机|电话|税|单|尾)(?:编?号码?)?是?")
MEASURES = frozenset({"height", "weight", "size"})
"""Bare measures ask for a size, unless a form has asked for them."""
SURE = 0.9
"""A clause counts as a request of its own from this probability on."""
LEAST_REQUEST = 4
"""Characters behind a courtesy from which on they may be a request: 退货吗."""
VERY_SURE = 0.9
"""The same for a message whose clauses say other things than it does as a whole."""
INTENTS = "data/lexicon/intents.yml"


@dataclass(frozen=True)
class Intents:
    """The stage of each intent, which carry no request (ever, or beside another), which say one wish."""

    stage: Mapping[str, str]
    dialogue: frozenset[str]
    only_alone: frozenset[str]
    one_wish: tuple[frozenset[str], ...]
    troubles: frozenset[str]
    remedies: frozenset[str]
    """Beside one of these, a trouble is its reason and no request."""
    fragments: re.Pattern[str]
    """What says nothing without the talk before it."""
    continuations: re.Pattern[str]
    """What goes on with the request before it, where there was one."""
    courtesies: re.Pattern[str]
    """What may stand before a request and says nothing of it."""

    def is_request(self, intent: str) -> bool:
        """Whether an intent is something to be answered, and no talk around it."""
        return intent in self.stage and intent not in self.dialogue and intent != PERSON

    def same_wish(self, one: str, other: str) -> bool:
        """Whether two intents in one message are one wish."""
        return one == other or any(one in kin and other in kin for kin in self.one_wish)

    def is_fragment(self, text: str) -> bool:
        """Whether a text says nothing without the talk before it."""
        return self.fragments.fullmatch(_ENDING.sub("", text)) is not None


def read_intents(path: Path) -> Intents:
    """The file's stages ({stage: [intent]}; `dialogue` counts as any), only_alone, one_wish, fragments."""
    raw = read_yaml(path)
    stage = {
        intent: "any" if name == "dialogue" else name
        for name, intents in raw["stages"].items()
        for intent in intents
    }
    return Intents(
        stage=stage,
        dialogue=frozenset(raw["stages"]["dialogue"]),
        only_alone=frozenset(raw["only_alone"]),
        one_wish=tuple(map(frozenset, raw["one_wish"])),
        troubles=frozenset(raw["told_for"]["trouble"]),
        remedies=frozenset(raw["told_for"]["remedy"]),
        fragments=re.compile("|".join(f"(?:{each})" for each in raw["fragments"])),
        continuations=re.compile("|".join(f"(?:{each})" for each in raw["continuations"])),
        courtesies=re.compile(rf"^(?:(?:{'|'.join(raw['courtesies'])})[\s,，。.!！~?？啊呀哈]*)+"),
    )


@dataclass(frozen=True)
class Read:
    """A message as read: one parse a request, in order of appearance, and the whole for the record."""

    whole: Json
    parses: tuple[Json, ...]
    step: str = ""
    """What decided, if not the stage of the pipeline that the whole's parse names."""


def read(
    text: str, parse: Parse, intents: Intents, *, asked: bool = False, recent: Sequence[str] = ()
) -> Read:
    """Parse a message; where its clauses surely hold two requests or more, each becomes a parse of its own.

    A greeting or thanks around a request is left out. Bare values are information, not a request: whatever
    they are where a form has `asked` for them, ids and phones at any time. A fragment goes on with the last
    request of the `recent` intents (oldest first); without one nobody can know what it means.
    """
    whole = parse(text)
    context = next((name for name in reversed(recent) if intents.is_request(name)), "")
    if _is_bare(text, whole["entities"], BARE_LENGTH if not asked else 1):
        given = as_intent(whole, GIVES)
        return Read(given, (given,), "context" if asked else "rule")
    if not asked and _is_body(text, whole["entities"]):
        sized = as_intent(whole, SIZES)
        return Read(sized, (sized,), "rule")
    if _is_question_mark(text):
        pushed = as_intent(whole, PUSHES)
        return Read(pushed, (pushed,), "rule")
    if _is_correction(text, whole["entities"]):
        corrected = as_intent(whole, GIVES)
        return Read(corrected, (corrected,), "rule")
    if intents.is_fragment(text):
        meant = as_intent(whole, context or FALLBACK)
        return Read(meant, (meant,), "context" if context else "rule")
    if context and intents.continuations.fullmatch(_ENDING.sub("", text)):
        meant = as_intent(whole, context)
        return Read(meant, (meant,), "context")
    requests = _requests(text, parse, intents)
    if len(requests) >= 2 and not _means_more(whole, requests):
        return Read(whole, tuple(_with_values_of(whole, text, request, requests) for request in requests))
    if _name(whole) not in {FALLBACK, *intents.dialogue, *intents.only_alone}:
        return Read(whole, (whole,))
    only = requests[0].parsed if requests else _without_courtesy(text, parse, intents)
    if only is None:
        return Read(whole, (whole,))
    return Read(whole, ({**only, "said": whole.get("said"), "entities": whole["entities"]},))


def _without_courtesy(text: str, parse: Parse, intents: Intents) -> Json | None:
    """The parse of what stands behind 你好 想问下 if that is a request, else None."""
    rest = intents.courtesies.sub("", plain(text))
    if len(rest) < LEAST_REQUEST or rest == plain(text):
        return None
    parsed = parse(rest)
    return parsed if intents.is_request(_name(parsed)) else None


@dataclass(frozen=True)
class Request:
    """A clause that surely holds a request, and its parse."""

    clause: Clause
    parsed: Json


def _requests(text: str, parse: Parse, intents: Intents) -> list[Request]:
    """The clauses that surely hold a request, each wish once, in order of appearance."""
    pieces = cut(text)
    if len(pieces) == 1:
        return []
    found: list[Request] = []
    for piece in pieces:
        parsed = parse(piece.text)
        if _is_only_values(piece.text, parsed["entities"]) or not _is_sure(parsed):
            continue
        if _name(parsed) in intents.dialogue or intents.is_fragment(piece.text):
            continue
        _add_wish(found, Request(piece, parsed), intents)
    found = [one for one in found if _name(one.parsed) not in intents.only_alone] or found
    if any(_name(one.parsed) in intents.remedies for one in found):
        return [one for one in found if _name(one.parsed) not in intents.troubles]
    return found


def _add_wish(found: list[Request], new: Request, intents: Intents) -> None:
    """Add a request, or put it in the place of the same wish where it says it more surely."""
    for at, one in enumerate(found):
        if intents.same_wish(_name(one.parsed), _name(new.parsed)):
            if _sureness(new.parsed) > _sureness(one.parsed):
                found[at] = new
            return
    found.append(new)


def _means_more(whole: Json, requests: Sequence[Request]) -> bool:
    """Whether a message is so surely one thing that none of its clauses says: 扣了钱 还显示待付款."""
    apart = {_name(one.parsed) for one in requests}
    return _sureness(whole) >= VERY_SURE and _name(whole) not in apart | {FALLBACK}


def _with_values_of(whole: Json, text: str, request: Request, requests: Sequence[Request]) -> Json:
    """A request with the values that other clauses hold, of kinds that its own clause lacks.

    What is named in a later request is that one's: 快递到哪了 另外T恤能退吗 asks for no parcel of a T恤.
    """
    own = {row["entity"] for row in request.parsed["entities"]}
    lead = len(text) - len(plain(text))
    later = [one.clause for one in requests if one.clause.start > request.clause.start]
    others = [
        row
        for row in whole["entities"]
        if row["entity"] not in own
        and not any(clause.start <= row["start"] + lead < clause.end for clause in later)
    ]
    entities = [*request.parsed["entities"], *others]
    return {**request.parsed, "said": whole.get("said"), "entities": entities}


def as_intent(parsed: Json, intent: str) -> Json:
    """The same parse, surely of another intent."""
    named = {"name": intent, "confidence": 1.0}
    ranking = [named, *(row for row in parsed["intent_ranking"] if row["name"] not in (intent, FALLBACK))]
    return {**parsed, "intent": named, "intent_ranking": ranking[:RANKED]}


def plain(text: str) -> str:
    """The text as it may be parsed: Rasa takes a leading slash for a command and strips white space."""
    return _LEADING.sub("", text)


def understanding(found: Read, text: str, intents: Intents) -> Understanding:
    """The wire form of what was read; `text` is the untouched message, whose offsets the entities have."""
    first = found.parses[0]
    ranking = tuple(
        (row["name"], row["confidence"]) for row in first["intent_ranking"] if row["name"] != FALLBACK
    )
    intent = _guess(first)
    return Understanding(
        intent=intent,
        requests=tuple(_guess(parse) for parse in found.parses),
        ranking=ranking,
        asks=_name(first) == FALLBACK,
        step=found.step or found.whole.get("step", "lexical"),
        stage=intents.stage.get(intent, "any"),
        mood=found.whole.get("mood", "calm"),
        entities=_entities(found.whole["entities"], text),
    )


def _entities(rows: list[Json], text: str) -> tuple[Entity, ...]:
    lead = len(text) - len(plain(text))
    return tuple(
        Entity(
            r["entity"],
            r["value"],
            text[r["start"] + lead : r["end"] + lead],
            r["start"] + lead,
            r["end"] + lead,
        )
        for r in rows
        if "start" in r
    )


def _is_bare(text: str, entities: list[Json], digits: int) -> bool:
    """Whether a message is nothing but numbers of so many digits and values."""
    if digits > 1 and any(row["entity"] in MEASURES for row in entities):
        return False
    left = _PARTICLES.sub("", _AND_WHAT_OF.sub("", without_links(_beside_numbers(text, entities))))
    numbers = re.findall(r"\d+", left)
    named = any(row["entity"] in {*IDS, "product"} for row in entities) or (digits == 1 and bool(entities))
    long_enough = any(len(number) >= digits for number in numbers)
    return not any(ch.isalpha() for ch in left) and (named or long_enough)


def _is_correction(text: str, entities: list[Json]) -> bool:
    """不对 是卫衣, 说错了 M码: what was said before holds for something else."""
    corrected = _CORRECTION.match(plain(text))
    if corrected is None or not entities:
        return False
    left = _UNITS.sub("", _PARTICLES.sub("", _beside_numbers(text, entities)[corrected.end() :]))
    return not any(ch.isalnum() for ch in left)


def _is_body(text: str, entities: list[Json]) -> bool:
    """A height and a weight and nothing else ask for a size."""
    named = {row["entity"] for row in entities}
    return named >= {"height", "weight"} and not any(ch.isalnum() for ch in _beside_values(text, entities))


def _is_question_mark(text: str) -> bool:
    """A bare ? pushes for an answer."""
    marks = text.strip()
    return bool(marks) and all(ch in "?？!！。. " for ch in marks) and any(ch in "?？" for ch in marks)


def _is_only_values(piece: str, entities: list[Json]) -> bool:
    """羽绒服, 175 140斤, 订单号ZX-1002: a clause that only says what another one is about."""
    return not any(ch.isalnum() for ch in _beside_numbers(piece, entities))


def _beside_numbers(text: str, entities: list[Json]) -> str:
    """What stands beside the values, and beside the words that say which number is given."""
    rest = _beside_values(text, entities)
    alone = _NUMBER_WORDS.sub("", rest)
    return alone if any(row["entity"] in IDS for row in entities) or not alone.strip() else rest


def _beside_values(text: str, entities: list[Json]) -> str:
    rest = list(plain(text))
    for row in entities:
        rest[row["start"] : row["end"]] = " " * (row["end"] - row["start"])
    return "".join(rest)


def _name(parsed: Json) -> str:
    return str(parsed["intent"]["name"])


def _guess(parsed: Json) -> str:
    """The best guess, also where the bot would ask."""
    name = _name(parsed)
    if name != FALLBACK:
        return name
    return next(str(row["name"]) for row in parsed["intent_ranking"] if row["name"] != FALLBACK)


def _sureness(parsed: Json) -> float:
    return float(parsed["intent"]["confidence"])


def _is_sure(parsed: Json) -> bool:
    return _name(parsed) != FALLBACK and _sureness(parsed) >= SURE
