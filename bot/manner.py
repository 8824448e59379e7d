"""How a turn sounds depends on the turns before it: what is recalled of them for wording. Pure."""

from __future__ import annotations

from typing import Any

from bot.reply.voice import Occasion
from bot.turn import Understanding

Json = dict[str, Any]
HUSHED_TURNS = 2
"""Turns after an angry one in which nothing sounds playful."""


def tell(occasion: Occasion, understood: Understanding, before: Json) -> None:
    """Tell the occasion what the message was understood as; `before` is what `manner` recalled."""
    occasion.mood = understood.mood
    occasion.intent = understood.intent
    kept = understood.stage == "any"
    occasion.stage = str(before.get("stage", "any")) if kept else understood.stage
    occasion.hushed = int(before.get("hushed", 0))


def manner(occasion: Occasion, understood: Understanding) -> Json:
    """What the next turn's occasion has to know of this one."""
    left = HUSHED_TURNS if occasion.mood == "angry" else max(occasion.hushed - 1, 0)
    stage = occasion.stage if understood.stage == "any" else understood.stage
    return {"hushed": left, "stage": stage, "loyal": occasion.loyal}
