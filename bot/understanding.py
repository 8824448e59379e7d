"""From parses to an understanding: which requests a message holds, and whether the bot is sure of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from bot.context import GIVES, Following
from bot.forms import STOCK, by_rule, is_time, is_variant, lead, names_anew, plain
from bot.intents import FALLBACK, PERSON, Intents
from bot.several import Parse, Request, likeliest, means_more, name_of, requests, sureness
from bot.turn import Entity, Understanding

Json = dict[str, Any]
RANKED = 5
LIKELY = 0.5
"""From this probability on, what a message means after the one before it is answered without asking."""
LEAST_REQUEST = 4
"""Characters behind a courtesy from which on they may be a request: 退货吗."""


@dataclass(frozen=True)
class Read:
    """A message as read: one parse a request, in order of appearance, and the whole for the record."""

    whole: Json
    parses: tuple[Json, ...]
    step: str = ""
    """What decided, if not the stage of the pipeline that the whole's parse names."""


def read(
    text: str,
    parse: Parse,
    intents: Intents,
    *,
    asked: bool = False,
    recent: Sequence[str] = (),
    on_goods: bool = False,
) -> Read:
    """Parse a message; where its clauses surely hold two requests or more, each becomes a parse of its own.

    A greeting or thanks around a request is left out. Bare values are information, not a request: whatever
    they are where a form has `asked` for them, ids and phones at any time. A fragment goes on with the last
    request of the `recent` intents (oldest first); without one nobody can know what it means, unless it is a
    colour or a size said `on_goods`, whose page is open.
    """
    parse = cache(parse)
    whole = parse(text)
    context = next((name for name in reversed(recent) if intents.is_request(name)), "")
    ruled = by_rule(text, whole, asked)
    if context and not asked and names_anew(text, whole["entities"], intents.following):
        ruled = (context, "context")
    elif ruled is None and context and _gives(text, whole, intents):
        ruled = (GIVES, "context")
    elif ruled is None and on_goods and not (asked or context) and is_variant(text, whole["entities"]):
        ruled = (STOCK, "context")
    elif ruled is None and intents.is_fragment(text):
        ruled = (context or FALLBACK, "context" if context else "rule")
    elif ruled is None and context and (meant := intents.going_on(text, context)):
        ruled = (meant, "context")
    elif ruled is None and _asks_identity(text, whole, intents):
        ruled = (PERSON, "rule")
    if ruled is not None:
        surely = as_intent(whole, ruled[0])
        return Read(surely, (surely,), ruled[1])
    if context and intents.following.leans(text) and name_of(whole) != PERSON:
        likely = _followed(whole, text, context, intents.following)
        if _guess(likely) != _guess(whole) or name_of(whole) == FALLBACK:
            return Read(likely, (likely,), "context")
    return _by_clauses(text, whole, parse, intents)


def _asks_identity(text: str, whole: Json, intents: Intents) -> bool:
    """Whether a message asks if a bot is speaking, and not after a robot that is sold here."""
    return not intents.is_request(name_of(whole)) and intents.asks_identity(text)


def _gives(text: str, whole: Json, intents: Intents) -> bool:
    """Whether a message only tells a day, an hour, or the value of a field."""
    return is_time(text, whole["entities"]) or intents.following.gives_value(text)


def _by_clauses(text: str, whole: Json, parse: Parse, intents: Intents) -> Read:
    """The requests of the clauses where there are two or more, else the one request."""
    found = requests(text, parse, intents)
    if len(found) >= 2 and not means_more(whole, found):
        return Read(whole, tuple(_with_values_of(whole, text, request, found) for request in found))
    if name_of(whole) not in {FALLBACK, *intents.dialogue, *intents.only_alone}:
        return Read(whole, (whole,))
    likely = found[0] if found else likeliest(text, parse, intents, sureness(whole))
    only = likely.parsed if likely else _without_courtesy(text, parse, intents)
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
    return parsed if intents.is_request(name_of(parsed)) else None


def _with_values_of(whole: Json, text: str, request: Request, found: Sequence[Request]) -> Json:
    """A request with the values that other clauses hold, of kinds that its own clause lacks.

    What is named in a later request is that one's: 快递到哪了 另外T恤能退吗 asks for no parcel of a T恤.
    """
    own = {row["entity"] for row in request.parsed["entities"]}
    at = lead(text)
    later = [one.clause for one in found if one.clause.start > request.clause.start]
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
        asks=name_of(first) == FALLBACK,
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


def _guess(parsed: Json) -> str:
    """The best guess, also where the bot would ask."""
    name = name_of(parsed)
    if name != FALLBACK:
        return name
    return next(str(row["name"]) for row in parsed["intent_ranking"] if row["name"] != FALLBACK)
