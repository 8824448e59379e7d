"""Asking a model every case of a test set: over the demo shop in memory, on one day, no language model."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.bootstrap import open_dialogue
from bot.errors import BadInput
from bot.quality.evaluate_cases import Cases, Fragment, PersonWish, Wish
from bot.settings import Settings
from bot.shop.access import Identity
from bot.shop.demo import load_demo
from bot.shop.memory import MemoryShop
from bot.shop.tries import TriesHere
from bot.turn import Context, Incoming, Turn, Understanding

if TYPE_CHECKING:
    from bot.dialogue import Dialogue

NOW = datetime.fromisoformat("2026-11-21T10:00:00+08:00")
"""A Saturday morning on which the demo shop's people are there."""
PERSON = "human_agent"
IDENTITY = "utter_handoff_identity"
"""The response that says truthfully who is speaking."""


class Reached(str, Enum):
    """Where a message that speaks of a person led."""

    PERSON = "person"
    """To a person, or the queue for one, at once."""
    QUESTION = "question"
    """To a question of which one button leads to a person."""
    TRUTH = "truth"
    """To a truthful answer of which one button leads to a person."""
    NOWHERE = "nowhere"


WANTED = {
    Wish.EXPLICIT: frozenset({Reached.PERSON, Reached.QUESTION, Reached.TRUTH}),
    Wish.ROBOT_QUESTION: frozenset({Reached.TRUTH}),
}
"""A truthful answer with the button is one question; who only asks for the truth is not to be queued."""


class _DemoShop(MemoryShop):
    """The demo shop, which every conversation finds as it was at first, whatever the one before had done."""

    def __init__(self) -> None:
        self._first = load_demo(NOW.date())
        super().__init__(self._first)

    def begin(self) -> None:
        """As it was at first."""
        super().__init__(self._first)


@dataclass(frozen=True)
class Answers:
    """What came of every case, in the order of the cases."""

    messages: tuple[Understanding, ...]
    several: tuple[Understanding, ...]
    fragments: tuple[Understanding, ...]
    wishes: tuple[Reached, ...]
    valued: tuple[Understanding, ...]
    felt: tuple[Understanding, ...] = ()


async def ask(settings: Settings, model: Path, cases: Cases) -> Answers:
    """The answers of one model; raises ModelMissing where it cannot be read."""
    async with _opened(settings, model) as (dialogue, shop):
        today = NOW.date()
        return Answers(
            messages=tuple([await dialogue.understand(case.text, today) for case in cases.messages]),
            several=tuple([await dialogue.understand(case.text, today) for case in cases.several]),
            fragments=tuple([await _in_context(dialogue, shop, case) for case in cases.fragments]),
            wishes=tuple([await _reached(dialogue, case) for case in cases.wishes]),
            valued=tuple(
                [await dialogue.understand(case.text, case.today or today) for case in cases.valued]
            ),
            felt=tuple([await dialogue.understand(case.text, today) for case in cases.felt]),
        )


@asynccontextmanager
async def _opened(settings: Settings, model: Path) -> AsyncIterator[tuple[Dialogue, _DemoShop]]:
    shop = _DemoShop()
    alone = replace(settings, model=model, llm_base_url="", today=NOW)
    dialogue = await open_dialogue(alone, shop, TriesHere())
    try:
        yield dialogue, shop
    finally:
        await dialogue.close()


async def _in_context(dialogue: Dialogue, shop: _DemoShop, case: Fragment) -> Understanding:
    shop.begin()
    talk = _Talk(dialogue, case.place, await _identity(shop, case) if case.shopper else None)
    for text in case.before:
        await talk.say(Incoming(talk.id(), text, page=case.page))
    return (await talk.say(Incoming(talk.id(), case.text, page=case.page))).understanding


async def _identity(shop: _DemoShop, case: Fragment) -> Identity:
    found = await shop.shopper(case.shopper)
    if found is None:
        raise BadInput(f'{case.place}:"shopper" 应为演示店的买家编号,如 S001,却是 {case.shopper}')
    return Identity(found.id, found.name)


async def _reached(dialogue: Dialogue, case: PersonWish) -> Reached:
    talk = _Talk(dialogue, case.place, None)
    first = await talk.say(Incoming(talk.id(), case.text))
    if first.handoff is not None:
        return Reached.PERSON
    offered = [button for reply in first.replies for button in reply.buttons]
    to_person = [button for button in offered if first.state["offers"][button.id]["intent"] == PERSON]
    if not to_person:
        return Reached.NOWHERE
    pressed = await talk.say(Incoming(talk.id(), button=to_person[0].id))
    if pressed.handoff is None:
        return Reached.NOWHERE
    told = any(reply.response == IDENTITY for reply in first.replies)
    return Reached.TRUTH if told else Reached.QUESTION


@dataclass
class _Talk:
    """One conversation that keeps its state, as the desk would."""

    dialogue: Dialogue
    name: str
    shopper: Identity | None
    state: dict[str, Any] | None = None
    said: int = 0

    def id(self) -> str:
        return f"m{self.said + 1}"

    async def say(self, incoming: Incoming) -> Turn:
        turn = await self.dialogue.turn(self.state, incoming, Context(self.name, NOW, self.shopper))
        self.state, self.said = turn.state, self.said + 1
        return turn
