"""What is said when pictures come. The bot never learns what is in them: they are no request and no answer.

A turn of pictures alone leaves the dialogue as it was: whatever was asked for or restated is still open, and
is asked again. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.context import GIVES
from bot.intents import Intents
from bot.offers import Meaning
from bot.turn import Incoming
from bot.understanding import Read

Json = dict[str, Any]
WITH_WORDS = "utter_picture_with_words"
"""Behind the answer to the words that came along."""
TROUBLES = frozenset(
    {
        *("product_problem", "wrong_missing", "return_goods", "exchange_goods"),
        *("refund_request", "warranty_repair", "compensation", "complaint"),
    }
)
"""After these a picture was to be expected: it shows what was told."""


def alone(incoming: Incoming) -> bool:
    """Whether nothing but pictures came."""
    return incoming.pictures > 0 and incoming.text is None and incoming.button is None


def read_alone() -> Read:
    """What pictures alone are taken to mean: something is given."""
    parse = Meaning(GIVES, {}, "").parse("")
    return Read(parse, (parse,), "rule")


def answer(
    way: Json | None, in_form: bool, waiting: str, recent: Sequence[str], intents: Intents
) -> tuple[str, Json]:
    """The response to pictures alone, and its facts, by what is open; the most pressing first.

    `way` is what is being done for the shopper, `waiting` why a person is waited for, `recent` the intents
    of earlier messages, newest last.
    """
    if way is not None and not way.get("offered"):
        return ("utter_picture_doing", _choice(way)) if way.get("asks") is None else _asked(way)
    if in_form:
        return "utter_picture_form", {}
    if waiting:
        return "utter_picture_waiting", {}
    before = next((name for name in reversed(recent) if intents.is_request(name)), "")
    return "utter_picture_trouble" if before in TROUBLES else "utter_picture_what", {}


def _asked(way: Json) -> tuple[str, Json]:
    return "utter_picture_asked", {"what": way["kind"]}


def _choice(way: Json) -> Json:
    """What is under way, and rows for the buttons of its yes and no, good for this restatement alone."""
    row = {"state": "", "entity": "yes_to", "value": str(way["number"])}
    pair = (("yes", "affirm"), ("no", "deny"))
    return {"what": way["kind"], "buttons_for": [{"title": t, "intent": i, **row} for t, i in pair]}
