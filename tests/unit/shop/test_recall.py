"""A turn asks the shop each question once, and nothing that it has changed is answered from memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone

import pytest

from bot.errors import ShopDown
from bot.shop.demo import load_demo
from bot.shop.doing.rows import Refused
from bot.shop.memory import MemoryShop
from bot.shop.models import Order, OrderState
from bot.shop.recall import RecalledShop
from bot.shop.wishes import Cancel

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=timezone(timedelta(hours=8)))


class CountingShop(MemoryShop):
    """Counts what it is asked; down for as long as `down` is set."""

    def __init__(self) -> None:
        super().__init__(load_demo(NOW.date()))
        self.asked: Counter[str] = Counter()
        self.down = False

    async def order(self, order_id: str) -> Order | None:
        self.asked["order"] += 1
        if self.down:
            raise ShopDown("down")
        return await super().order(order_id)

    async def orders_of(self, shopper_id: str) -> Sequence[Order]:
        self.asked["orders_of"] += 1
        return await super().orders_of(shopper_id)


async def paid_order(shop: MemoryShop) -> Order:
    """An order that may still be cancelled."""
    orders = [order for n in range(1, 11) for order in await shop.orders_of(f"S{n:03}")]
    return next(order for order in orders if order.state is OrderState.PAID)


async def test_what_is_known_is_not_asked_again() -> None:
    """An order twice, and one of a list that was read, are one question; None is an answer too."""
    shop = CountingShop()
    mine = await paid_order(shop)
    shop.asked.clear()
    turn = RecalledShop(shop)
    orders = await turn.orders_of(mine.shopper_id)
    assert mine in orders
    assert await turn.orders_of(mine.shopper_id) == orders
    assert await turn.order(mine.id) == mine
    assert await turn.order("none") is None
    assert await turn.order("none") is None
    assert shop.asked == {"orders_of": 1, "order": 1}


async def test_what_was_done_is_read_back_from_the_shop() -> None:
    """After a write, and after one that failed, nothing is answered from before it."""
    shop = CountingShop()
    turn = RecalledShop(shop)
    mine = await paid_order(shop)
    assert await turn.order(mine.id) == mine
    await turn.do(Cancel(mine.id), "key", NOW)
    after = await turn.order(mine.id)
    assert after is not None
    assert after.state is not OrderState.PAID
    shop.asked.clear()
    with pytest.raises(Refused):
        await turn.do(Cancel(mine.id), "another key", NOW)
    await turn.order(mine.id)
    assert shop.asked == {"order": 1}


async def test_a_preview_is_always_asked() -> None:
    """Of two turns, the later one is told what the earlier one's write has left."""
    shop = CountingShop()
    mine = await paid_order(shop)
    early, late = RecalledShop(shop), RecalledShop(shop)
    assert await late.order(mine.id) == mine
    await early.do(Cancel(mine.id), "key", NOW)
    with pytest.raises(Refused):
        await late.preview(Cancel(mine.id), NOW)


async def test_a_shop_that_was_down_is_asked_again() -> None:
    """A failure is no answer."""
    shop = CountingShop()
    mine = await paid_order(shop)
    turn = RecalledShop(shop)
    shop.down = True
    with pytest.raises(ShopDown):
        await turn.order(mine.id)
    shop.down = False
    assert await turn.order(mine.id) == mine
