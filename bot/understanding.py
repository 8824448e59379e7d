"""From parses to an understanding: which requests a message holds, and whether the bot is sure of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bot.context import CONTEXT, GIVES, Following, read_following
from bot.forms import by_rule, is_only_values, is_time, lead, names_anew, plain
from bot.nlu.clauses import Clause, cut
from bot.turn import Entity, Understanding
from bot.yaml_file import read_yaml

Json = dict[str, Any]
Parse = Callable[[str], Json]
"""Text to Rasa's parse data."""

FALLBACK = "nlu_fallback"
PERSON = "human_agent"
RANKED = 5
_ENDING = re.compile(r"[\s呢啊呀哦噢哈的了吧亲~。.!！?？,，…]+$")
LIKELY = 0.5
"""From this probability on, what a message means after the one before it is answered without asking."""
SURE = 0.9
"""A clause counts as a request of its own from this probability on."""
SURE_APART = 0.6
"""The same for one that 另外 or the like sets apart."""
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
    told_for: tuple[tuple[frozenset[str], frozenset[str]], ...]
    """Pairs: beside one of the second, one of the first is its reason and no request."""
    stated: frozenset[str]
    """What is a request without a question, too; the others only tell of something where nothing is asked."""
    asking: re.Pattern[str]
    """What makes a clause a question or a wish."""
    pushing: re.Pattern[str]
    """What wishes for something to be done about a trouble itself."""
    fragments: re.Pattern[str]
    """What says nothing without the talk before it."""
    continuations: re.Pattern[str]
    """What goes on with the request before it, where there was one."""
    courtesies: re.Pattern[str]
    """What may stand before a request and says nothing of it."""
    following: Following
    """What a short message means after another."""

    def is_request(self, intent: str) -> bool:
        """Whether an intent is something to be answered, and no talk around it."""
        return intent in self.stage and intent not in self.dialogue and intent != PERSON

    def same_wish(self, one: str, other: str) -> bool:
        """Whether two intents in one message are one wish."""
        return one == other or any(one in kin and other in kin for kin in self.one_wish)

    def is_fragment(self, text: str) -> bool:
        """Whether a text says nothing without the talk before it."""
        return self.fragments.fullmatch(_ENDING.sub("", text)) is not None

    def goes_on(self, text: str) -> bool:
        """Whether a text goes on with the request before it."""
        continues = self.continuations.fullmatch(_ENDING.sub("", text)) is not None
        return continues or self.following.asks_barely(text)


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
        told_for=tuple((frozenset(row["trouble"]), frozenset(row["remedy"])) for row in raw["told_for"]),
        stated=frozenset(raw["stated"]),
        asking=re.compile(raw["asking"]),
        pushing=re.compile(raw["pushing"]),
        fragments=re.compile("|".join(f"(?:{each})" for each in raw["fragments"])),
        continuations=re.compile("|".join(f"(?:{each})" for each in raw["continuations"])),
        courtesies=re.compile(rf"^(?:(?:{'|'.join(raw['courtesies'])})[\s,，。.!！~?？啊呀哈]*)+"),
        following=read_following(path.with_name(Path(CONTEXT).name)),
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
    ruled = by_rule(text, whole, asked)
    if context and not asked and names_anew(text, whole["entities"], intents.following):
        ruled = (context, "context")
    elif ruled is None and context and is_time(text, whole["entities"]):
        ruled = (GIVES, "context")
    elif ruled is None and intents.is_fragment(text):
        ruled = (context or FALLBACK, "context" if context else "rule")
    elif ruled is None and context and intents.goes_on(text):
        ruled = (context, "context")
    if ruled is not None:
        meant = as_intent(whole, ruled[0])
        return Read(meant, (meant,), ruled[1])
    if context and intents.following.leans(text) and _name(whole) != PERSON:
        meant = _followed(whole, text, context, intents.following)
        if _guess(meant) != _guess(whole) or _name(whole) == FALLBACK:
            return Read(meant, (meant,), "context")
    return _by_clauses(text, whole, parse, intents)


def _by_clauses(text: str, whole: Json, parse: Parse, intents: Intents) -> Read:
    """The requests of the clauses where there are two or more, else the one request."""
    requests = _requests(text, parse, intents)
    if len(requests) >= 2 and not _means_more(whole, requests):
        return Read(whole, tuple(_with_values_of(whole, text, request, requests) for request in requests))
    if _name(whole) not in {FALLBACK, *intents.dialogue, *intents.only_alone}:
        return Read(whole, (whole,))
    only = requests[0].parsed if requests else _without_courtesy(text, parse, intents)
    if only is None:
        return Read(whole, (whole,))
    return Read(whole, ({**only, "said": whole.get("said"), "entities": whole["entities"]},))


def _followed(whole: Json, text: str, context: str, following: Following) -> Json:
    """The parse, ranked anew after the request before it; FALLBACK comes first where unsure."""
    ranked = [(row["name"], row["confidence"]) for row in whole["intent_ranking"] if row["name"] != FALLBACK]
    anew = following.ranking(text, ranked, context)
    ranking = [{"name": name, "confidence": p} for name, p in anew]
    unsure = [{"name": FALLBACK, "confidence": LIKELY}] if anew[0][1] < LIKELY else []
    return {**whole, "intent": [*unsure, *ranking][0], "intent_ranking": [*unsure, *ranking][:RANKED]}


def _without_courtesy(text: str, parse: Parse, intents: Intents) -> Json | None:
    """The parse of what stands behind 你好 想问下 if that is a request, else None."""
    rest = intents.courtesies.sub("", plain(text))
    if len(rest) < LEAST_REQUEST or rest == plain(text):
        return None
    parsed = parse(rest)
    return parsed if intents.is_request(_name(parsed)) else None


@dataclass(frozen=True)
class Request:
    """A clause that surely holds a request, and its parse; `pushes` where it is more than a reason."""

    clause: Clause
    parsed: Json
    pushes: bool = False


def _requests(text: str, parse: Parse, intents: Intents) -> list[Request]:
    """The clauses that surely hold a request, each wish once, in order of appearance."""
    pieces = cut(text)
    if len(pieces) == 1:
        return []
    found: list[Request] = []
    for piece in pieces:
        parsed = parse(piece.text)
        pushes = piece.apart or intents.pushing.search(piece.text) is not None
        if _says_request(piece, parsed, intents):
            _add_wish(found, Request(piece, parsed, pushes), intents)
        elif pushes and found:
            found[-1] = replace(found[-1], pushes=True)
    found = [one for one in found if _name(one.parsed) not in intents.only_alone] or found
    return _without_causes(found, intents)


def _says_request(piece: Clause, parsed: Json, intents: Intents) -> bool:
    """Whether a clause surely holds a request of its own."""
    if is_only_values(piece.text, parsed["entities"]) or not _is_sure(parsed, piece.apart):
        return False
    leans = intents.is_fragment(piece.text) or intents.following.asks_barely(piece.text)
    return _name(parsed) not in intents.dialogue and not leans


def _without_causes(found: list[Request], intents: Intents) -> list[Request]:
    """What is wished for, without what is only told of it: 白条付的 退款是回额度么, 坏了 我要退货."""
    asked = [
        one for one in found if _name(one.parsed) in intents.stated or intents.asking.search(one.clause.text)
    ]
    found = asked or found
    names = {_name(one.parsed) for one in found}

    def is_cause(one: Request) -> bool:
        told = any(_name(one.parsed) in trouble and names & remedy for trouble, remedy in intents.told_for)
        return told and not one.pushes

    return [one for one in found if not is_cause(one)]


def _add_wish(found: list[Request], new: Request, intents: Intents) -> None:
    """Add a request, or put it in the place of the same wish where it says it more surely."""
    for at, one in enumerate(found):
        if intents.same_wish(_name(one.parsed), _name(new.parsed)):
            surer = max(one, new, key=lambda each: _sureness(each.parsed))
            found[at] = replace(surer, pushes=one.pushes or new.pushes)
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
    at = lead(text)
    later = [one.clause for one in requests if one.clause.start > request.clause.start]
    others = [
        row
        for row in whole["entities"]
        if row["entity"] not in own
        and not any(clause.start <= row["start"] + at < clause.end for clause in later)
    ]
    entities = [*request.parsed["entities"], *others]
    return {**request.parsed, "said": whole.get("said"), "entities": entities}


def as_intent(parsed: Json, intent: str) -> Json:
    """The same parse, surely of another intent."""
    named = {"name": intent, "confidence": 1.0}
    ranking = [named, *(row for row in parsed["intent_ranking"] if row["name"] not in (intent, FALLBACK))]
    return {**parsed, "intent": named, "intent_ranking": ranking[:RANKED]}


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
    at = lead(text)
    return tuple(
        Entity(
            r["entity"],
            r["value"],
            text[r["start"] + at : r["end"] + at],
            r["start"] + at,
            r["end"] + at,
        )
        for r in rows
        if "start" in r
    )


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


def _is_sure(parsed: Json, apart: bool) -> bool:
    return _name(parsed) != FALLBACK and _sureness(parsed) >= (SURE_APART if apart else SURE)
