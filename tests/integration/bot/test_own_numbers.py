"""A shop that numbers its orders in its own way: what is typed leads to that order, and to no other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from bot.shop.demo import load_demo
from bot.shop.memory import MemoryShop
from bot.shop.portable import ShopData
from tests.integration.bot.conftest import FIRST, NOW, Talk

pytestmark = pytest.mark.rasa

NUMBERS = ("ZX-1002", "TB88812", "20261118-0042", "2026/11/0043", "A.1004", "1005", "zx-2001b", "77-6")


@pytest.fixture(scope="module")
def rows() -> ShopData:
    """The demo shop, the first shopper's orders numbered anew."""
    data = load_demo(NOW.date())
    mine = [order.id for order in data.orders if order.shopper_id == FIRST.shopper_id]
    new = dict(zip(mine, NUMBERS, strict=True))
    return replace(
        data,
        orders=tuple(replace(o, id=new.get(o.id, o.id)) for o in data.orders),
        parcels=tuple(replace(p, order_id=new.get(p.order_id, p.order_id)) for p in data.parcels),
        invoices=tuple(replace(i, order_id=new.get(i.order_id, i.order_id)) for i in data.invoices),
        bookings=tuple(replace(b, order_id=new.get(b.order_id, b.order_id)) for b in data.bookings),
    )


@pytest.fixture
def begin(dialogue: Any, rows: ShopData) -> Callable[..., Talk]:
    """Begins a conversation with that shop."""
    return partial(Talk, dialogue, shop=MemoryShop(rows))


async def test_each_number_is_answered_about_itself(begin: Callable[..., Talk]) -> None:
    """Lower case, full width, blanks and the last digits included."""
    typed = {number: number for number in NUMBERS} | {"zx 1002": "ZX-1002", "ＴＢ８８８１２": "TB88812"}
    typed |= {"202611180042": "20261118-0042", "尾号0043那": "2026/11/0043", "ZX-2001B": "zx-2001b"}
    for text, number in typed.items():
        turn = await begin().turn(f"{text}单现在什么情况" if "尾号" in text else f"订单{text}现在什么情况")
        told = {reply.facts["order_id"] for reply in turn.replies if "order_id" in reply.facts}
        assert told == {number}, text


@pytest.mark.parametrize(
    "text", ["ZX-9999到哪了", "订单TB88813怎么还没发", "20261118-0049能退吗", "A.10041能换吗"]
)
async def test_a_number_that_is_nobodys_is_not_found(begin: Callable[..., Talk], text: str) -> None:
    """No other order is told of in its place."""
    turn = await begin().turn(text)
    assert [reply.response for reply in turn.replies] == ["utter_order_not_found"]


async def test_a_stranger_proves_such_an_order_and_hears_of_it(
    begin: Callable[..., Talk], rows: ShopData
) -> None:
    """The number as it is typed, then the tail; the wish goes on."""
    order = next(o for o in rows.orders if o.id == "ZX-1002")
    talk = begin(shopper=None)
    assert "zx-1002" in await talk.say("zx-1002到哪了")
    turn = await talk.turn(order.address.phone[-4:])
    assert turn.replies[0].facts["order_id"] == "ZX-1002"
