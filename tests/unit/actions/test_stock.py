"""Whether goods or a variant of them are there, and what is told when they are not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actions.products import ActionProductInfo
from actions.stock import ActionStockQuery
from bot.shop.models import Sku
from tests.unit.actions.presale_shop import (
    COOKER,
    DATA,
    NUTS,
    OLD,
    SHIRT,
    SHOES,
    ask,
    on,
)


async def test_stock_of_a_variant_is_told_by_its_options() -> None:
    """Colour and size together name one variant."""
    answer = await ask(ActionStockQuery(), "雾蓝L还有吗", page=on(SHIRT), size="L")
    assert answer.names == ["utter_stock_in"]
    assert (answer.facts["option"], answer.facts["stock"]) == ("雾蓝 L", 3)


async def test_a_sold_out_variant_comes_with_its_restock_day_and_what_is_there() -> None:
    """No flat no: the date and the others."""
    answer = await ask(ActionStockQuery(), "黑色L有吗", page=on(SHIRT), size="L", colour="黑色")
    assert answer.names == ["utter_stock_restock_others"]
    assert answer.facts["restock"] == "2026-11-25"
    assert answer.facts["others"] == ["黑色 M", "雾蓝 L"]


async def test_a_colour_that_does_not_exist_is_answered_with_those_that_do() -> None:
    """红色 is not sold."""
    answer = await ask(ActionStockQuery(), "有红色吗", page=on(SHIRT), colour="红色")
    assert answer.names == ["utter_stock_no_option"]
    assert answer.facts["wished"] == "红色"


async def test_more_than_there_is_is_said_with_the_number_there_is() -> None:
    """我要50箱 够不够."""
    answer = await ask(ActionStockQuery(), "要60份够吗", page=on(NUTS), quantity="60")
    assert (answer.names, answer.facts["stock"]) == (["utter_stock_all_short"], 50)


@pytest.mark.parametrize(
    ("product", "name"), [(SHOES, "all_out"), (OLD, "off_sale"), (COOKER, "all"), (SHIRT, "some")]
)
async def test_a_plain_question_for_stock_covers_every_state(product: object, name: str) -> None:
    """Sold out, off sale, there, partly there."""
    answer = await ask(ActionStockQuery(), "有货吗", page=on(product))  # type: ignore[arg-type]
    assert answer.names == [f"utter_stock_{name}"]


async def test_a_single_letter_is_a_size_only_on_its_own() -> None:
    """还有L吗 asks for L; XL does not."""
    answer = await ask(ActionStockQuery(), "雾蓝还有L吗", page=on(SHIRT))
    assert answer.facts["option"] == "雾蓝 L"
    assert (await ask(ActionStockQuery(), "XL还有吗", page=on(SHIRT), size="XL")).names == [
        "utter_stock_no_option"
    ]


async def test_goods_that_are_not_sold_are_said_so_instead_of_the_product_in_view() -> None:
    """有没有煎锅 on a shirt's page; what is named alike is offered, else what there is."""
    answer = await ask(ActionStockQuery(), "有没有炒锅", page=on(SHIRT))
    assert (answer.names, answer.facts["wished"]) == (["utter_stock_not_sold"], "炒锅")
    alike = await ask(ActionStockQuery(), "电煮煲有卖吗", page=on(SHIRT))
    assert alike.names == ["utter_stock_not_sold_alike"]
    assert alike.titles() == ["禾灶 电饭煲4升", "禾灶 迷你电饭煲"]
    assert (await ask(ActionProductInfo(), "枣有吗", page=on(NUTS))).names == ["utter_stock_not_sold"]


@pytest.mark.parametrize("text", ["雾蓝有吗", "有没有大一点的", "还有货吗", "有没有红的", "现在有吗"])
async def test_variants_and_small_words_are_no_goods(text: str) -> None:
    """They ask for the product in view."""
    answer = await ask(ActionStockQuery(), text, page=on(SHIRT))
    assert answer.names[0] in ("utter_stock_in", "utter_stock_some")


async def test_a_word_of_other_products_leads_to_these() -> None:
    """有没有跑步鞋 is no question about the shirt in view."""
    answer = await ask(ActionStockQuery(), "有没有坚果卖", page=on(SHIRT))
    assert answer.facts["title"] == "山野拾 每日坚果"
    several = await ask(ActionStockQuery(), "饭煲有吗", page=on(SHIRT))
    assert several.titles() == ["禾灶 电饭煲4升", "禾灶 迷你电饭煲"]


async def test_a_product_off_sale_is_found_by_its_name() -> None:
    """榨汁壶还有卖吗 after another product: it is gone, and what is like it is offered."""
    answer = await ask(ActionStockQuery(), "榨汁壶还有卖吗", product="榨汁壶", slots={"product_id": "P1"})
    assert answer.names == ["utter_stock_off_sale"]


async def test_the_few_that_were_offered_stay_what_is_talked_of() -> None:
    """黑白42码有吗 after 跑鞋 had two answers: the one that comes in that colour."""
    white = replace(
        SHOES, id="P8", title="跃屿 轻羽跑鞋", skus=(Sku("K8W", {"颜色": "奶白", "尺码": "42"}, 1, 3),)
    )
    black = replace(SHOES, skus=(Sku("K8B", {"颜色": "黑白", "尺码": "42"}, 1, 7),))
    shop = replace(DATA, products=(SHIRT, black, white))
    first = await ask(ActionStockQuery(), "跑鞋42码有吗", data=shop, size="42")
    assert first.slots["product_id"] == ["P3", "P8"]
    kept = {"product_id": first.slots["product_id"]}
    second = await ask(ActionStockQuery(), "黑白42码有吗", data=shop, size="42", slots=kept)
    assert (second.facts["option"], second.facts["stock"]) == ("黑白 42", 7)
    assert second.slots["product_id"] == "P3"


async def test_when_it_comes_back_is_asked_of_the_variant_before() -> None:
    """什么时候补货 after 黑色L有吗."""
    before = {"entities": [{"entity": "colour", "value": "黑色"}, {"entity": "size", "value": "L"}]}
    events = [{"event": "user", "parse_data": before}, {"event": "user", "parse_data": {}}]
    answer = await ask(ActionStockQuery(), "什么时候补货", page=on(SHIRT), events=events)
    assert (answer.facts["option"], answer.facts["restock"]) == ("黑色 L", "2026-11-25")
    known = [{"event": "user", "parse_data": {"entities": before["entities"][1:]}}, events[1]]
    for text, talk in (
        ("有货吗", events),
        ("什么时候补货", known),
    ):  # 雾蓝 L is there: not what is waited for
        assert (await ask(ActionStockQuery(), text, page=on(SHIRT), events=talk)).names == [
            "utter_stock_some"
        ]


async def test_the_goods_of_the_order_talked_of_are_meant_when_nothing_else_is() -> None:
    """L码有吗 after an exchange was asked for."""
    answer = await ask(ActionStockQuery(), "L码有吗", signed_in=True, slots={"order_id": "O1"}, size="L")
    assert answer.facts["title"] == "云梭T恤"
