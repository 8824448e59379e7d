"""One real model and the demo shop, for all tests of the dialogue."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest

from bot import settings
from bot.shop.access import Identity
from bot.shop.demo import load_demo
from bot.shop.memory import MemoryShop
from bot.turn import Context, Incoming, Turn

NOW = datetime.fromisoformat("2026-11-21T10:00:00+08:00")
FIRST = Identity("S001", "林小满")


class FreeTries:
    """Proof tries without a limit; the limit has tests of its own."""

    def take(self, limits: Mapping[str, int], now: datetime) -> bool:
        return True

    def give_back(self, keys: Iterable[str], now: datetime) -> None:
        pass


@dataclass
class Talk:
    """One conversation that keeps its state, as the desk would."""

    dialogue: Any
    shopper: Identity | None = FIRST
    name: str = "c1"
    now: datetime = NOW
    state: dict[str, Any] | None = None
    said: int = field(default=0)
    shop: MemoryShop = field(default_factory=lambda: MemoryShop(load_demo(NOW.date())))

    def __post_init__(self) -> None:
        """A shop of its own, whatever is done to it."""
        self.dialogue = self.dialogue.serving(self.shop, FreeTries())

    async def turn(self, text: str | None = None, *, button: str | None = None, **page: Any) -> Turn:
        self.said += 1
        incoming = Incoming(f"m{self.said}", text, button, **page)
        turn: Turn = await self.dialogue.turn(
            self.state, incoming, Context(self.name, self.now, self.shopper)
        )
        self.state = turn.state
        return turn

    async def say(self, text: str) -> str:
        return "\n".join(reply.text for reply in (await self.turn(text)).replies)


@pytest.fixture(scope="session")
def dialogue() -> Any:
    """The dialogue over the project's own model, trained first where it is stale."""
    from bot import training
    from bot.bootstrap import open_dialogue

    training.train(settings.ROOT)
    shop = MemoryShop(load_demo(NOW.date()))
    return asyncio.run(open_dialogue(settings.load({}), shop, FreeTries()))


@pytest.fixture
def talk(dialogue: Any) -> Talk:
    return Talk(dialogue)


@pytest.fixture
def stranger(dialogue: Any) -> Talk:
    return Talk(dialogue, shopper=None)
