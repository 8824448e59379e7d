"""Journeys end as they should, again and again; a bot that is wrong in any of four ways fails them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from copy import copy
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bot import settings, training
from bot.bootstrap import open_dialogue
from bot.quality.journeys import Played, play
from bot.quality.journeys_files import read_journeys
from bot.shop.doing.rows import Receipt
from bot.shop.memory import MemoryShop
from bot.shop.portable import ShopData
from bot.shop.tries import TriesHere
from bot.shop.wishes import OrderWish, Wish
from bot.turn import Context, Handoff, Incoming, Reply, Turn

pytestmark = pytest.mark.rasa
FOLDER = Path(__file__).parent
BAR = 0.95
"""pass^4 of every writer's journeys."""
WRITERS = ("house", "outside", "outside_two", "outside_three", "outside_four")
TIMES = range(1, 5)


@pytest.fixture(scope="module")
def dialogue() -> Any:
    """The dialogue over the project's model, trained first where it is stale."""
    training.train(settings.ROOT)
    return asyncio.run(open_dialogue(settings.load({}), MemoryShop(ShopData()), TriesHere()))


@pytest.fixture(scope="module")
def played(dialogue: Any) -> Played:
    """Every journey four times."""
    return asyncio.run(play(dialogue, FOLDER, read_journeys(FOLDER), TIMES))


@pytest.mark.parametrize("writer", WRITERS)
def test_four_tries_of_four_succeed(played: Played, writer: str) -> None:
    """What fails is told with its faults."""
    part = played.of(lambda journey: journey.writer == writer)
    failed = [f"{t.journey.name}/{t.seed}: {'; '.join(t.faults)}" for t in part.tries if t.faults]
    assert part.passes(len(TIMES)) >= BAR, "\n".join(failed)


def test_nothing_is_written_without_a_yes(played: Played) -> None:
    """In no try at all, the failed ones included."""
    assert not [f for t in played.tries for f in t.faults if f.startswith("written without a yes")]


class Mutant:
    """A bot that spoils every turn."""

    def __init__(self, dialogue: Any, spoil: Callable[[Any, Turn, Context], Any]) -> None:
        self._dialogue, self._spoil = dialogue, spoil

    def serving(self, shop: MemoryShop, tries: TriesHere) -> Mutant:
        """See Dialogue."""
        other = copy(self)
        other._dialogue = self._dialogue.serving(shop, tries)
        return other

    async def turn(self, state: Any, incoming: Incoming, context: Context) -> Turn:
        """A turn, spoiled."""
        turn = await self._dialogue.turn(state, incoming, context)
        spoiled: Turn = await self._spoil(self._dialogue, turn, context)
        return spoiled


async def _skips_the_yes(dialogue: Any, turn: Turn, context: Context) -> Turn:
    if not turn.confirming:
        return turn
    done: Turn = await dialogue.turn(turn.state, Incoming("x", "确认"), context)
    return replace(done, replies=(*turn.replies, *done.replies))


async def _hands_over(dialogue: Any, turn: Turn, context: Context) -> Turn:
    return replace(
        turn, replies=(Reply("正在为您转接人工"),), handoff=Handoff("x", "aftersales"), confirming=False
    )


async def _asks(dialogue: Any, turn: Turn, context: Context) -> Turn:
    return replace(turn, replies=(Reply("请问您想办什么?"),), confirming=False)


@pytest.mark.parametrize("spoil", [_skips_the_yes, _hands_over, _asks])
def test_a_bot_that_is_wrong_fails(dialogue: Any, spoil: Any) -> None:
    """Skipping the yes, handing over always, asking always: no journey that changes something passes."""
    wanted = [j for j in read_journeys(FOLDER) if j.expect.changed or j.expect.new]
    mutant: Any = Mutant(dialogue, spoil)
    assert asyncio.run(play(mutant, FOLDER, wanted[:12], [1])).passes(1) == 0


class WrongOrder(MemoryShop):
    """Does to another order what is wished of one."""

    async def do(self, wish: Wish, key: str, now: datetime) -> Receipt:
        """See ShopBackend."""
        if isinstance(wish, OrderWish):
            meant = await self.order(wish.order_id)
            own = await self.orders_of(meant.shopper_id if meant else "")
            other = next(o for o in own if meant and o.id != meant.id and o.state is meant.state)
            wish = replace(wish, order_id=other.id)
        return await super().do(wish, key, now)


def test_a_bot_that_takes_the_wrong_order_fails(dialogue: Any) -> None:
    """The rows tell, whatever was said."""
    wanted = [j for j in read_journeys(FOLDER) if j.name == "cancel an unpaid order"]

    def two_unpaid(data: ShopData) -> MemoryShop:
        twin = next(o for o in data.orders if o.id == "682604173951847731")
        return WrongOrder(replace(data, orders=(*data.orders, replace(twin, id="682604173951847732"))))

    assert asyncio.run(play(dialogue, FOLDER, wanted, [1], two_unpaid)).passes(1) == 0
