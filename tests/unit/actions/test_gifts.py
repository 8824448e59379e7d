"""What comes free, and what an order's parcel should have held."""

from __future__ import annotations

from dataclasses import replace

from actions.gifts import ActionGiftQuery
from bot.shop.access import Page
from tests.unit.actions.presale_shop import (
    DATA,
    DRESS,
    ORDER,
    SHIRT,
    ask,
    on,
)


async def test_gifts_of_an_order_are_the_orders_not_the_catalogues() -> None:
    """An order without gifts never gets one promised."""
    page = Page("order", order_id="O1")
    assert (await ask(ActionGiftQuery(), "有赠品吗", page=page, signed_in=True)).names == ["utter_gift_order"]
    bare = replace(DATA, orders=(replace(ORDER, gifts=()),))
    for text in ("还少发一个赠品", "有赠品吗"):
        answer = await ask(ActionGiftQuery(), text, page=page, signed_in=True, data=bare)
        assert answer.names == ["utter_gift_order_none"]


async def test_gifts_are_listed_and_their_absence_is_said() -> None:
    """From the product's row only."""
    assert (await ask(ActionGiftQuery(), "送什么", page=on(SHIRT))).facts["gifts"] == ["袜子一双"]
    assert (await ask(ActionGiftQuery(), "送什么", page=on(DRESS))).names == ["utter_gift_none"]


async def test_a_missing_gift_is_checked_against_the_order() -> None:
    """The order says what should have been there; the policy until when it is reported."""
    answer = await ask(ActionGiftQuery(), "赠品漏发了", signed_in=True)
    assert answer.names == ["utter_gift_missing"]
    assert (answer.facts["order_id"], answer.facts["gifts"]) == ("O1", ["袜子一双"])
    assert (await ask(ActionGiftQuery(), "赠品漏发了")).names == ["utter_gift_missing_any"]


async def test_a_gift_that_is_named_is_looked_for_among_the_gifts() -> None:
    """说好送的袜子没给我 is about the order it belongs to, not about an order of socks."""
    answer = await ask(ActionGiftQuery(), "说好送的袜子没给我", signed_in=True, product="袜子")
    assert (answer.names, answer.facts["order_id"]) == (["utter_gift_missing"], "O1")


async def test_a_gift_of_no_order_asks_a_signed_in_shopper_which_order() -> None:
    """Not for a number that the shop knows."""
    bare = replace(DATA, orders=(replace(ORDER, gifts=()),))
    answer = await ask(ActionGiftQuery(), "送的袜子没给我", signed_in=True, data=bare, product="袜子")
    assert answer.names == ["utter_order_none_fits"]
    assert [row["intent"] for row in answer.facts["others"]] == ["gift_query"]
    pressed = await ask(ActionGiftQuery(), "T恤", signed_in=True, order_id="O1")
    assert pressed.names == ["utter_gift_missing"]
