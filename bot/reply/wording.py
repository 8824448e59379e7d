"""A template made into a message: the wording chosen, facts filled in, buttons and card added."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from bot.errors import BadInput
from bot.reply.display import CARD_TYPES, ENUM, Display, slots_of
from bot.reply.style import Style
from bot.reply.voice import NEUTRAL, Occasion, dress, number

Json = dict[str, Any]
logger = logging.getLogger(__name__)

WORDING = "xiaoer"
"""Key of a composed message under which facts and card travel to the dialogue."""


def choose(name: str, wordings: Sequence[Mapping[str, Any]], occasion: Occasion) -> int:
    """A wording fit for the occasion, by hash of the message and the response, but not the one sent last.

    The first wording of every response fits all occasions.
    """
    conditions = occasion.conditions()
    fit = [at for at, wording in enumerate(wordings) if _fits(wording, conditions)] or [0]
    if len(fit) > 1:
        fit = [at for at in fit if at != occasion.used.get(name)]
    occasion.used[name] = fit[number(name, occasion) % len(fit)]
    return occasion.used[name]


def _fits(wording: Mapping[str, Any], conditions: Mapping[str, str]) -> bool:
    when = (wording.get("metadata") or {}).get("when") or {}
    return all(
        conditions[key] in (value if isinstance(value, list) else [value]) for key, value in when.items()
    )


def compose(
    wordings: Sequence[Mapping[str, Any]], at: int, facts: Json, display: Display, occasion: Occasion
) -> Json:
    """One wording of a response filled with facts: text, buttons, and under WORDING the facts and the card.

    What a wording lacks of buttons, the first one lends. A fact that is missing or not of its declared
    type leaves its slot empty and is logged, by name only.
    """
    wording, declared = wordings[at], wordings[0].get("metadata") or {}
    words = _words(declared.get("facts") or {}, facts, display, occasion.style)
    text = dress(wording["text"], wording, declared, occasion)
    text = text.format_map(words) if slots_of(text) else text
    plain = wording.get("buttons") or wordings[0].get("buttons") or []
    buttons = [*plain, *_choices(declared.get("choices"), facts, display)]
    card = declared.get("card")
    shown = display.card(facts[card], declared["facts"][card]) if card and facts.get(card) else None
    return {"text": text, "buttons": buttons, WORDING: {"facts": facts, "card": shown}}


class _Words(dict[str, str]):
    def __missing__(self, name: str) -> str:
        logger.error("fact %s is missing", name)
        return ""


def _words(types: Mapping[str, str], facts: Json, display: Display, style: Style | None) -> _Words:
    """The facts in words; our own labels, and no other, say 您 as the style does."""
    words = _Words()
    for name, kind in types.items():
        if name in facts and kind not in CARD_TYPES:
            try:
                said = display.words(facts[name], kind)
                ours = style if kind.startswith(ENUM) else None
                words[name] = said.replace(NEUTRAL, ours.pronoun) if ours else said
            except BadInput:
                logger.exception("fact %s is not of type %s", name, kind)
                words[name] = ""
    return words


def _choices(choices: Mapping[str, Any] | None, facts: Json, display: Display) -> list[Json]:
    """One button per row of a list fact; `types` gives the types of the row's fields, text by default."""
    if choices is None:
        return []
    types = choices.get("types") or {}
    buttons = []
    for row in facts.get(choices["from"]) or []:
        words = {name: display.words(value, types.get(name, "text")) for name, value in row.items()}
        payload = choices["payload"].format_map({name: str(value) for name, value in row.items()})
        buttons.append({"title": choices["title"].format_map(words).strip(), "payload": payload})
    return buttons
