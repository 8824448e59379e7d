"""What a message says to a restatement: yes, no, or something else."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from actions.intents import talk
from actions.phrases import says, without
from actions.underway import UnderWay

if TYPE_CHECKING:
    from actions.session import Asked

YES_TO = "yes_to"
"""The entity of a yes button: the number of its restatement."""
UNSURE = frozenset({"nlu_fallback", "provide_info", "affirm", "ask_which"})
"""Intents that want nothing themselves."""

CLAIMS = frozenset({"return_goods", "refund", "exchange"})
"""Kinds of which one may be wanted in the place of another."""
INSTEAD = {
    "changes_variant": ("exchange_goods", "exchange"),
    "wants_exchange": ("exchange_goods", "exchange"),
    "wants_return": ("return_goods", "return_goods"),
}
"""What a no may be followed by, by its pattern: its intent and kind."""


class Answer(str, Enum):
    """What a message says to a restatement."""

    YES = "yes"
    NO = "no"
    STALE = "stale"
    """A yes to an earlier restatement."""
    UNCLEAR = "unclear"
    OTHER = "other"
    """Something else is wanted."""


def answer_to(asked: Asked, way: UnderWay) -> Answer:
    """What this message is to what was restated."""
    if asked.intent == "deny" or any(says(asked.text, no) for no in ("gives_up", "says_no", "not_this")):
        return Answer.NO
    if pressed := asked.entity(YES_TO):
        return Answer.YES if pressed == str(way.number) else Answer.STALE
    if says_yes(asked):
        return Answer.YES
    return Answer.UNCLEAR if asked.intent in talk() | UNSURE else Answer.OTHER


def instead_of(asked: Asked, kind: str) -> str | None:
    """The intent of what is wanted in the place of what is not: 不退了 换27码吧; None for a plain no."""
    rest = without(without(asked.text, "says_no"), "withdraws")
    wishes = INSTEAD.items() if kind in CLAIMS else ()
    return next((name for words, (name, of) in wishes if of != kind and says(rest, words)), None)


def says_yes(asked: Asked) -> bool:
    """Whether the message is a plain yes: nothing in it doubts, puts off or asks."""
    agrees = asked.intent == "affirm" or says(asked.text, "confirms")
    return bool(asked.text) and agrees and not says(asked.text, "no_plain_yes")
