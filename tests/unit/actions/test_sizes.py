"""Measures and sizes: corrections, feet, ages and girths, and what a bare size asks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from actions.measures import measured
from actions.sizes import ActionSizeAdvice, ValidateSizeForm
from bot.shop.models import SizeRow
from tests.unit.actions.presale_shop import DATA, SHIRT, SHOES, ask, on, tracker

CHILDREN = replace(
    SHIRT,
    id="P11",
    title="小豆米 儿童羽绒服",
    aliases=("儿童羽绒服",),
    fit="",
    size_chart=(SizeRow("110", (100, 110)), SizeRow("140", (131, 145))),
)
SHOP = replace(DATA, products=(SHIRT, SHOES, CHILDREN))


async def form(text: str, **rest: Any) -> dict[str, Any]:
    """Slots that the form set; `requested_slot` None means it is done."""
    return (await ask(ValidateSizeForm(), text, intent="size_advice", data=SHOP, **rest)).slots


def test_a_correction_counts_not_what_it_corrects() -> None:
    """不对 是70斤 哦不 140斤: the last value."""
    said = tracker("不对 是70斤 哦不 140斤", "size_advice")
    said.latest_message["entities"] = [{"entity": "weight", "value": v} for v in ("35", "70")]
    assert measured(said) == {"weight": 70}


@pytest.mark.parametrize(
    ("text", "foot"),
    [
        ("鞋43脚25.5厘米跑鞋选多大", 255),
        ("脚长245穿多大的鞋", 245),
        ("24.5cm穿多大的跑鞋", 245),
        ("鞋平时42码", 42),
    ],
)
def test_the_foots_length_wins_over_the_usual_size(text: str, foot: float) -> None:
    """A chart goes by the foot; a usual size differs from brand to brand."""
    assert measured(tracker(text, "size_advice"))["foot"] == foot


async def test_an_age_is_no_measure_and_a_bare_number_beside_it_is_a_height() -> None:
    """10岁 140 after another child: that child, and no weight where the chart has none."""
    kept = {"product_id": "P11", "height": 105.0, "weight": 20.0}
    slots = await form("10岁 140", slots=kept)
    assert (slots["height"], slots["requested_slot"]) == (140, None)
    answer = await ask(
        ActionSizeAdvice(), "10岁 140", data=SHOP, slots={"product_id": "P11", "height": 140.0}
    )
    assert (answer.names, answer.facts["size"]) == (["utter_size_height_one"], "140")


async def test_a_girth_is_said_not_to_be_in_the_chart_and_the_body_is_asked_for() -> None:
    """腰围2尺3: nobody else's height and weight is taken for it."""
    kept = {"height": 150.0, "weight": 38.0}
    answer = await ask(
        ValidateSizeForm(), "T恤腰围2尺3穿几码", intent="size_advice", data=SHOP, slots=kept, page=on(SHIRT)
    )
    assert (answer.names, answer.facts["measure"]) == (["utter_size_no_girth"], "腰围")
    assert (answer.slots["height"], answer.slots["requested_slot"]) == (None, "height")


async def test_a_bare_size_asks_whether_it_is_there() -> None:
    """M码 after a product: stock, not a question for measures."""
    assert (await form("M码", page=on(SHIRT), size="M"))["requested_slot"] is None
    answer = await ask(ActionSizeAdvice(), "M码", intent="provide_info", page=on(SHIRT), size="M", data=SHOP)
    assert answer.next == ["action_stock_query"]


async def test_a_wide_foot_takes_the_next_size_unless_the_page_says_otherwise() -> None:
    """脚宽要买大一码吗: the page's own advice, else one size up."""
    kept = {"foot": 42}
    answer = await ask(ActionSizeAdvice(), "脚宽要买大一码吗", page=on(SHOES), slots=kept)
    assert (answer.facts["size"], answer.facts["larger"]) == ("42", "43")
    stated = replace(SHOES, specs={"尺码说明": "脚宽请拍大一码"})
    shop = replace(DATA, products=(stated,))
    said = await ask(ActionSizeAdvice(), "脚宽呢", page=on(stated), slots=kept, data=shop)
    assert (said.names, said.facts["value"]) == (["utter_product_spec"], "脚宽请拍大一码")


async def test_a_usual_size_on_a_page_of_shoes_needs_no_word_for_shoes() -> None:
    """平时37码选多大; a weight is no shoe size."""
    assert (await form("平时42码选多大", page=on(SHOES), size="42"))["foot"] == 42
    assert (await form("45公斤穿多大", page=on(SHOES), weight="45"))["requested_slot"] == "foot"


async def test_a_bare_product_name_within_the_form_tells_what_it_is_for() -> None:
    """T恤 after 穿多大码: kept, and the form goes on."""
    asked = {"requested_slot": "height"}
    answer = await ask(
        ValidateSizeForm(),
        "T恤",
        intent="provide_info",
        data=SHOP,
        slots=asked,
        loop="size_form",
        product="t恤",
    )
    assert (answer.slots["product_id"], answer.slots["requested_slot"]) == ("P1", "height")


async def test_a_girth_is_no_answer_to_the_height_that_was_asked() -> None:
    """腰围85 is not 85 cm tall."""
    slots = await form("内衣腰围85", slots={"requested_slot": "height"}, loop="size_form", page=on(SHIRT))
    assert slots["requested_slot"] == "height"
