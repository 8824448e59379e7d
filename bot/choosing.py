"""Where the bot would ask what is meant, a language model may choose among the likeliest intents."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.intents import FALLBACK
from bot.nlu.normalise import visible
from bot.understanding import RANKED, Read, as_intent

if TYPE_CHECKING:
    from bot.reply.draft import Model
    from bot.reply.usage import Bill

STEP = "llm"


async def chosen(found: Read, text: str, model: Model, left: float, bill: Bill) -> Read:
    """The message as read, or as the model takes it where it was unclear; `left`: seconds the turn has.

    Unclear it stays, and the bot asks, where the model is not to choose, chooses nothing or is late.
    """
    first = found.parses[0]
    if model.chooser is None or first["intent"]["name"] != FALLBACK or not visible(text).strip():
        return found
    names = [row["name"] for row in first["intent_ranking"] if row["name"] != FALLBACK][:RANKED]
    labels = model.drafter.labels.get("intent", {})
    intent = await model.chooser.choose(text, [(name, labels.get(name, name)) for name in names], left, bill)
    if intent is None:
        return found
    return replace(found, parses=(as_intent(first, intent), *found.parses[1:]), step=STEP)
