"""Goods and variants side by side: two or three, by name, by place, or one more beside those in talk."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from actions.choosing import ActionRecommendCompare
from actions.stock import ActionStockQuery
from bot.shop.models import Sku
from tests.unit.actions.presale_shop import COOKER, DATA, MINI, SHIRT, ask, on

TALKED = [{"event": "user", "parse_data": {"intent": {"name": "recommend_compare"}}}] * 2
SIZED = replace(
    MINI,
    id="P8",
    title="瑜伽垫",
    aliases=("瑜伽垫",),
    skus=(Sku("K20", {"厚度": "6毫米"}, 6900, 20), Sku("K21", {"厚度": "10毫米"}, 9000, 15)),
    specs={"适合": "6毫米给初学者"},
)
WITH_MAT = replace(DATA, products=(*DATA.products, SIZED))


def cells(table: dict[str, Any]) -> list[str]:
    """What the first row says, its word aside."""
    return [cell["value"] if isinstance(cell, dict) else cell for cell in table["rows"][0]]


async def test_three_goods_stand_in_one_table_with_their_prices() -> None:
    """Each has a column, and the price leads."""
    answer = await ask(ActionRecommendCompare(), "电饭煲 迷你电饭煲 T恤 三个比一比")
    assert answer.names == ["utter_compare_several"]
    assert len(answer.facts["titles"]) == 3
    assert sorted(cells(answer.facts["comparison"])[1:]) == [7900, 15900, 39900]


@pytest.mark.parametrize("text", ["那T恤呢", "和T恤比呢"])
async def test_one_more_is_put_beside_those_just_compared(text: str) -> None:
    """The two in talk stay, the third is new."""
    slots = {"product_id": [COOKER.id, MINI.id]}
    answer = await ask(ActionRecommendCompare(), text, slots=slots, events=TALKED)
    assert answer.names == ["utter_compare_several"]
    assert answer.slots["product_id"] == [COOKER.id, MINI.id, SHIRT.id]


async def test_goods_are_meant_by_their_place() -> None:
    """第一个和第三个 of those that were shown."""
    slots = {"product_id": [COOKER.id, MINI.id, SHIRT.id]}
    answer = await ask(ActionRecommendCompare(), "第一个和第三个有什么不同", slots=slots)
    assert (answer.names, answer.slots["product_id"]) == (["utter_compare"], [COOKER.id, SHIRT.id])


async def test_variants_of_one_product_are_no_other_product() -> None:
    """6毫米和10毫米: price, stock and what the page says of them, whatever was talked of before."""
    answer = await ask(
        ActionRecommendCompare(), "瑜伽垫6毫米10毫米差在哪", data=WITH_MAT, page=on(COOKER), product="瑜伽垫"
    )
    assert answer.names == ["utter_compare_variants"]
    assert cells(answer.facts["comparison"])[1:] == [6900, 9000]


async def test_which_of_a_kind_is_no_comparison_with_what_was_talked_of() -> None:
    """敏感肌用哪款洗面奶 asks for one of its kind."""
    answer = await ask(ActionRecommendCompare(), "夏天穿哪款T恤", page=on(COOKER), product="T恤")
    assert "utter_compare" not in answer.names


async def test_several_variants_are_each_told() -> None:
    """黑色M和雾蓝L: one answer would leave the other open."""
    answer = await ask(ActionStockQuery(), "T恤黑色M和雾蓝L都有吗", page=on(SHIRT))
    assert [(m["response"], m["option"]) for m in answer.messages] == [
        ("utter_stock_in", "黑色 M"),
        ("utter_stock_in", "雾蓝 L"),
    ]


async def test_goods_of_a_price_are_looked_for_and_not_the_ones_in_talk() -> None:
    """有没有200以内的 is no question about the product that was shown last."""
    answer = await ask(ActionStockQuery(), "有没有200以内的电饭煲", slots={"product_id": SHIRT.id})
    assert answer.next == ["action_recommend_compare"]


async def test_what_the_table_did_not_tell_is_said_to_be_untold() -> None:
    """哪个拍照好, right after the table: no second table; a budget picks."""
    slots = {"product_id": [COOKER.id, MINI.id]}
    again = await ask(ActionRecommendCompare(), "哪个做蛋糕好", slots=slots, events=TALKED)
    assert again.names == ["utter_compare_again"]
    budget = await ask(ActionRecommendCompare(), "预算200买哪个", slots=slots, events=TALKED)
    assert (budget.names, len(budget.facts["titles"])) == (["utter_recommend_budget"], 1)


async def test_options_that_do_not_go_together_are_said_not_to_be() -> None:
    """雾蓝M is no variant; that there are others is no answer to it."""
    answer = await ask(ActionStockQuery(), "T恤雾蓝M有吗", page=on(SHIRT))
    assert (answer.names, answer.facts["wished"]) == (["utter_stock_no_option"], "雾蓝 M")


async def test_a_gift_for_somebody_is_recommended_and_not_compared() -> None:
    """送领导推荐哪个 names no second product."""
    answer = await ask(ActionRecommendCompare(), "送领导的话推荐哪个", slots={"product_id": COOKER.id})
    assert "utter_compare_with" not in answer.names
