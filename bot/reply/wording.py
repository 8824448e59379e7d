"""A template made into a message: the wording chosen, facts filled in, buttons and card added."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.errors import BadInput
from bot.reply.display import CARD_TYPES, Display, slots_of

Json = dict[str, Any]
logger = logging.getLogger(__name__)

WORDING = "xiaoer"
"""Key of a composed message under which facts and card travel to the dialogue."""


@dataclass
class Occasion:
    """When and for which message a reply is worded; `used` is the wording last sent, by response."""

    seed: str
    today: date
    used: dict[str, int] = field(default_factory=dict)


def choose(name: str, count: int, occasion: Occasion) -> int:
    """A wording by hash of the message and the response, but not the one sent last."""
    at = int.from_bytes(hashlib.sha256(f"{occasion.seed}/{name}".encode()).digest()[:4], "big") % count
    if count > 1 and occasion.used.get(name) == at:
        at = (at + 1) % count
    occasion.used[name] = at
    return at


def compose(wording: Mapping[str, Any], declared: Mapping[str, Any], facts: Json, display: Display) -> Json:
    """A wording filled with facts: text, buttons, and under WORDING the facts and the card.

    A fact that is missing or not of its declared type leaves its slot empty and is logged, by name only.
    """
    words = _words(declared.get("facts") or {}, facts, display)
    text = wording["text"].format_map(words) if slots_of(wording["text"]) else wording["text"]
    buttons = [*(wording.get("buttons") or []), *_choices(declared.get("choices"), facts, display)]
    card = declared.get("card")
    shown = display.card(facts[card], declared["facts"][card]) if card and facts.get(card) else None
    return {"text": text, "buttons": buttons, WORDING: {"facts": facts, "card": shown}}


class _Words(dict[str, str]):
    def __missing__(self, name: str) -> str:
        logger.error("fact %s is missing", name)
        return ""


def _words(types: Mapping[str, str], facts: Json, display: Display) -> _Words:
    words = _Words()
    for name, kind in types.items():
        if name in facts and kind not in CARD_TYPES:
            try:
                words[name] = display.words(facts[name], kind)
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
        buttons.append({"title": choices["title"].format_map(words), "payload": payload})
    return buttons
