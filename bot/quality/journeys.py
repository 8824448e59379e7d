"""Playing journeys: each a conversation with a shopper by rules, over a fresh shop, several times.

pass^k is the chance that k tries at one journey are all a success (tau-bench, Yao et al. 2024): of n tries
with c successes it is C(c, k) / C(n, k), averaged over the journeys.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from math import comb
from pathlib import Path
from typing import TYPE_CHECKING

from bot.bootstrap import open_dialogue
from bot.quality.journeys_files import Journey, shop_of
from bot.quality.journeys_judge import asked_twice, faults
from bot.quality.journeys_shopper import Said, Shopper
from bot.settings import Settings
from bot.shop.access import Identity
from bot.shop.memory import MemoryShop
from bot.shop.portable import ShopData
from bot.shop.tries import TriesHere
from bot.turn import Context, Incoming, Json, Turn, read_page

if TYPE_CHECKING:
    from bot.dialogue import Dialogue

MOST_TURNS = 24
"""A conversation that takes longer has failed."""


@dataclass(frozen=True)
class Try:
    """One try at a journey; a success where there are no faults."""

    journey: Journey
    seed: int
    faults: tuple[str, ...]
    turns: int
    asked_twice: int
    log: tuple[str, ...]


@dataclass(frozen=True)
class Played:
    """All tries at all journeys."""

    tries: tuple[Try, ...]

    @property
    def times(self) -> int:
        """Tries a journey."""
        return len({each.seed for each in self.tries})

    def passes(self, k: int) -> float:
        """pass^k, 0 to 1."""
        journeys: dict[str, list[bool]] = {}
        for each in self.tries:
            journeys.setdefault(each.journey.name, []).append(not each.faults)
        chances = [comb(sum(tries), k) / comb(len(tries), k) for tries in journeys.values()]
        return sum(chances) / len(chances) if chances else 0.0

    def of(self, wanted: Callable[[Journey], bool]) -> Played:
        """Only the tries at some journeys."""
        return Played(tuple(each for each in self.tries if wanted(each.journey)))


@asynccontextmanager
async def dialogue_for(settings: Settings) -> AsyncIterator[Dialogue]:
    """The dialogue that plays them all; each journey brings its own shop."""
    dialogue = await open_dialogue(settings, MemoryShop(ShopData()), TriesHere())
    try:
        yield dialogue
    finally:
        await dialogue.close()


async def play(
    dialogue: Dialogue,
    folder: Path,
    journeys: Sequence[Journey],
    seeds: Sequence[int],
    open_shop: Callable[[ShopData], MemoryShop] = MemoryShop,
) -> Played:
    """Every journey once a seed; nothing of one try is left for the next."""
    tries = []
    for journey in journeys:
        before = shop_of(journey, folder)
        for seed in seeds:
            tries.append(await _try(dialogue, journey, before, open_shop(before), seed))
    return Played(tuple(tries))


async def _try(dialogue: Dialogue, journey: Journey, before: ShopData, shop: MemoryShop, seed: int) -> Try:
    served = dialogue.serving(shop, TriesHere())
    turns, log = await _talk(served, journey, Shopper(journey, seed), f"{journey.name}/{seed}")
    found = faults(journey, before, shop.data, turns)
    if len(turns) >= MOST_TURNS:
        found.append(f"not done after {MOST_TURNS} turns")
    return Try(journey, seed, tuple(found), len(turns), asked_twice(turns), tuple(log))


async def _talk(
    dialogue: Dialogue, journey: Journey, shopper: Shopper, name: str
) -> tuple[list[Turn], list[str]]:
    identity = Identity(journey.shopper) if journey.shopper else None
    context = Context(name, journey.now, identity, channel="journey")
    state: Json | None = None
    turns: list[Turn] = []
    log: list[str] = []
    said: Said | None = shopper.first()
    while said is not None and len(turns) < MOST_TURNS:
        page = read_page(journey.page) if journey.page else None
        incoming = Incoming(f"m{len(turns)}", said.text, said.button, page, journey.now)
        turn = await dialogue.turn(state, incoming, context)
        log += [f"> {said.text or _title(turns, said.button)}", *(f"  {r.text}" for r in turn.replies)]
        turns, state = [*turns, turn], turn.state
        said = shopper.hears(turn)
    return turns, log


def _title(turns: Sequence[Turn], button: str | None) -> str:
    """What a pressed button is called."""
    shown = [b for turn in turns for reply in turn.replies for b in reply.buttons]
    return next((f"[{b.title}]" for b in reversed(shown) if b.id == button), "[?]")
