"""One product for another: whether the shop gives it, and the way round where it does not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actions.exchanging import ExchangeGoods
from bot.shop.models import OrderState, ParcelState, Product, Sku
from tests.unit.actions.order_shop import SHIRT, Desk, ago, order, parcel

N = "100000000000000001"
S = OrderState
HOODIE = Product("P8", "云梭 连帽卫衣", "服装", (Sku("K8", {"颜色": "黑色"}, 19900, 3),), aliases=("卫衣",))
MINE = replace(SHIRT, exchangeable=("P8",))
ASKS = "T恤想换成卫衣"


def desk(mine: Product, wanted: Product, state: OrderState = S.SIGNED, days: int = 1, **more: object) -> Desk:
    """A shopper with an order of the shirt, in a shop that has both."""
    bought = order(N, state, mine, signed=ago(days) if state is S.SIGNED else None)
    rows = {"products": (mine, wanted)}
    return Desk(
        (bought,), (parcel(N, ParcelState.IN_TRANSIT),) if state is S.IN_TRANSIT else (), more=rows, **more
    )  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("price", "response", "difference"),
    [
        (19900, "utter_do_exchange_restate_dearer", 12000),
        (7900, "utter_do_exchange_restate", 0),
        (5900, "utter_do_exchange_restate_cheaper", 2000),
    ],
)
async def test_what_the_shop_swaps_is_told_with_the_difference(
    price: int, response: str, difference: int
) -> None:
    """Against what was paid, to be added or given back."""
    wanted = replace(HOODIE, skus=(replace(HOODIE.skus[0], price=price),))
    heard = await desk(MINE, wanted).hear(ExchangeGoods(), ASKS, product="T恤+卫衣")
    assert (heard.names, heard.facts["difference"]) == ([response], difference)
    assert heard.facts["title"] == "T恤"
    assert heard.facts["new"].startswith(HOODIE.title)


@pytest.mark.parametrize(
    ("mine", "state", "days", "response"),
    [
        (SHIRT, S.SIGNED, 1, "utter_exchange_other_return"),
        (SHIRT, S.SIGNED, 9, "utter_exchange_other_past"),
        (SHIRT, S.IN_TRANSIT, 0, "utter_exchange_other_rule"),
        (SHIRT, S.PAID, 0, "utter_exchange_other_unsent"),
        (MINE, S.PAID, 0, "utter_exchange_other_unsent"),
        (MINE, S.IN_TRANSIT, 0, "utter_exchange_moving"),
        (MINE, S.SIGNED, 99, "utter_exchange_past"),
        (SHIRT, S.EXCHANGING, 0, "utter_exchange_running"),
    ],
)
async def test_where_it_cannot_be_swapped_the_way_round_is_told(
    mine: Product, state: OrderState, days: int, response: str
) -> None:
    """Give back and buy while that goes; cancel and buy before dispatch."""
    heard = await desk(mine, HOODIE, state, days).hear(ExchangeGoods(), ASKS, product="T恤+卫衣")
    assert heard.names == [response]


async def test_what_is_sold_out_is_not_promised() -> None:
    """Told before anybody sends anything back."""
    gone = replace(HOODIE, skus=(replace(HOODIE.skus[0], stock=0),))
    heard = await desk(MINE, gone).hear(ExchangeGoods(), ASKS, product="T恤+卫衣")
    assert heard.names == ["utter_exchange_other_out"]


async def test_a_shop_without_differences_swaps_only_what_costs_the_same() -> None:
    """Its policy says so."""
    rules = {"exchanges": {"difference": False}}
    heard = await desk(MINE, HOODIE, policy=rules).hear(ExchangeGoods(), ASKS, product="T恤+卫衣")
    assert heard.names == ["utter_exchange_other_return"]


async def test_a_stranger_hears_of_the_two_products() -> None:
    """Nothing of an order is needed for that."""
    heard = await desk(SHIRT, HOODIE, who=None).hear(ExchangeGoods(), ASKS, product="T恤+卫衣")
    assert heard.names == ["utter_exchange_other_rule"]


async def test_another_colour_before_dispatch_is_a_change_of_the_order() -> None:
    """Whatever word was used for it."""
    heard = await desk(SHIRT, HOODIE, S.PAID).hear(ExchangeGoods(), "T恤换成L码", product="T恤", size="L")
    assert heard.names[-1] == "utter_doing_none_left"


async def test_colour_and_size_are_both_named_in_the_answer() -> None:
    """换白色L."""
    white = (*SHIRT.skus, Sku("K9", {"颜色": "白色", "尺码": "L"}, 7900, 2))
    mine = replace(SHIRT, skus=white)
    heard = await desk(mine, HOODIE).hear(
        ExchangeGoods(), "T恤换白色L", product="T恤", colour="白色", size="L"
    )
    assert (heard.names, heard.facts["new"]) == (["utter_do_exchange_restate"], "白色 L")
