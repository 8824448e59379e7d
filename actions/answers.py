"""What a message says to a restatement: yes, no, or something else."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from actions.intents import talk
from actions.phrases import says
from actions.underway import UnderWay

if TYPE_CHECKING:
    from actions.session import Asked

YES_TO = "yes_to"
"""The entity of a yes button: the number of its restatement."""
UNSURE = frozenset({"nlu_fallback", "provide_info", "affirm", "ask_which"})
"""Intents that want nothing themselves."""


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


def says_yes(asked: Asked) -> bool:
    """Whether the message is a plain yes: nothing in it doubts, puts off or asks."""
    agrees = asked.intent == "affirm" or says(asked.text, "confirms")
    return bool(asked.text) and agrees and not says(asked.text, "no_plain_yes")
