"""The size by a product's own chart, and the form that asks for the measures."""

from __future__ import annotations

from dataclasses import replace

from actions.charts import advise, advise_shoe
from actions.sizes import ActionSizeAdvice, ValidateSizeForm
from bot.shop.models import SizeRow
from tests.unit.actions.presale_shop import (
    CHART,
    DATA,
    DRESS,
    SHIRT,
    SHOES,
    ask,
    on,
)


def test_the_chart_gives_one_size_or_the_two_it_lies_between() -> None:
    """Gaps between two lines belong to both; beyond the chart the nearest is named as such."""
    assert advise(CHART, 175, 65).sizes == ("L",)
    assert advise(CHART, 175, 62.2).sizes == ("M", "L")
    assert advise(CHART, 165, 57.8).sizes == ("M", "L")
    beyond = advise(CHART, 175, 95)
    assert (beyond.sizes, beyond.inside) == (("XL",), False)
    assert not advise(CHART, 200, 75).inside


def test_shoes_go_by_the_foot_or_by_the_usual_size() -> None:
    """38 is a size, 245 are millimetres; 36-37 is a size for both."""
    assert advise_shoe(SHOES.size_chart, 42).sizes == ("42",)
    assert advise_shoe(SHOES.size_chart, 255).sizes == ("41",)
    assert not advise_shoe(SHOES.size_chart, 300).inside
    assert advise_shoe((SizeRow("36-37", foot=(230, 235)),), 37).sizes == ("36-37",)


async def test_a_size_is_advised_with_fit_note_and_next_step() -> None:
    """A loose cut and two sizes: the smaller is advised."""
    answer = await ask(ActionSizeAdvice(), "穿多大", page=on(SHIRT), slots={"height": 175, "weight": 70.2})
    assert answer.names == ["utter_size_between_fit"]
    assert (answer.facts["smaller"], answer.facts["larger"], answer.facts["advised"]) == ("L", "XL", "L")
    assert answer.facts["following"][0]["intent"] == "stock_query"


async def test_a_wish_for_a_loose_cut_wins_over_the_fit_note() -> None:
    """喜欢宽松: the larger of two."""
    answer = await ask(ActionSizeAdvice(), "喜欢宽松", page=on(SHIRT), slots={"height": 175, "weight": 70.2})
    assert answer.facts["advised"] == "XL"


async def test_out_of_one_chart_other_products_that_fit_are_named() -> None:
    """The dress ends before 175 cm; the shirt does not."""
    answer = await ask(ActionSizeAdvice(), "穿多大", page=on(DRESS), slots={"height": 175, "weight": 65})
    assert (answer.names, answer.facts["others"]) == (["utter_size_outside_others"], ["云梭T恤 L"])


async def test_out_of_the_chart_is_said_honestly_with_the_nearest() -> None:
    """Never a size that does not fit without saying so."""
    answer = await ask(ActionSizeAdvice(), "穿多大", page=on(SHIRT), slots={"height": 175, "weight": 100})
    assert (answer.names, answer.facts["nearest"]) == (["utter_size_outside"], "XL")


async def test_without_a_product_a_few_products_sizes_are_told() -> None:
    """175 140斤穿什么码 on the front page: sizes by chart, then which one is meant."""
    answer = await ask(ActionSizeAdvice(), "175 140斤穿什么码", slots={"height": 175.0, "weight": 69.0})
    assert answer.names == ["utter_size_several"]
    assert answer.facts["sizes"] == ["云梭T恤 L"]  # the dress's chart does not reach that far
    assert answer.facts["height"] == 175
    assert answer.titles() == ["云梭T恤"]


async def test_a_body_beyond_every_chart_is_told_so() -> None:
    """Honest on the front page, too."""
    answer = await ask(ActionSizeAdvice(), "穿多大", slots={"height": 175, "weight": 130})
    assert answer.names == ["utter_size_none"]


async def test_shoes_are_advised_by_the_usual_size() -> None:
    """运动鞋 平时穿42."""
    answer = await ask(ActionSizeAdvice(), "跑鞋穿多大", slots={"foot": 42})
    assert (answer.names, answer.facts["size"]) == (["utter_size_shoe_one_fit"], "42")


async def form(text: str, **rest: object) -> dict[str, object]:
    """Slots that the form set; `requested_slot` None means it is done."""
    answer = await ask(ValidateSizeForm(), text, intent="size_advice", **rest)  # type: ignore[arg-type]
    return answer.slots


async def test_the_form_takes_both_numbers_at_once() -> None:
    """Nothing is asked that was said."""
    slots = await form("175 140斤穿什么码", height="175", weight="70")
    assert (slots["height"], slots["weight"], slots["requested_slot"]) == (175, 70, None)


async def test_the_form_asks_one_thing_at_a_time() -> None:
    """Height first, then weight; a bare number answers what was asked, in 斤 where that is likelier."""
    assert (await form("穿多大"))["requested_slot"] == "height"
    slots = await form("165", slots={"requested_slot": "height"}, loop="size_form")
    assert (slots["height"], slots["requested_slot"]) == (165, "weight")
    slots = await form("110", slots={"requested_slot": "weight", "height": 165}, loop="size_form")
    assert (slots["weight"], slots["requested_slot"]) == (55, None)


async def test_the_form_refuses_measures_of_nobody() -> None:
    """40 to 230 cm and 10 to 200 kg, else it says so and asks again."""
    answer = await ask(
        ValidateSizeForm(), "20", slots={"requested_slot": "height"}, loop="size_form", intent="size_advice"
    )
    assert (answer.names, answer.slots["height"]) == (["utter_size_height_odd"], None)


async def test_the_form_asks_for_the_foot_when_it_is_about_shoes() -> None:
    """A chart by foot needs no height."""
    assert (await form("穿多大", page=on(SHOES)))["requested_slot"] == "foot"
    slots = await form("脚长25.5", page=on(SHOES), slots={"requested_slot": "foot"}, loop="size_form")
    assert (slots["foot"], slots["requested_slot"]) == (255, None)
    assert (await form("平时42码", page=on(SHOES), slots={"requested_slot": "foot"}, loop="size_form"))[
        "foot"
    ] == 42


async def test_another_height_is_another_person() -> None:
    """The weight kept for the first one is not used for the second."""
    slots = await form("我老公178呢", height="178", slots={"height": 165.0, "weight": 50.0})
    assert (slots["weight"], slots["requested_slot"]) == (None, "weight")
    slots = await form("不对 120斤", weight="60", slots={"height": 165.0, "weight": 50.0})
    assert (slots["weight"], slots["requested_slot"]) == (60, None)


async def test_whether_it_runs_large_needs_no_measures() -> None:
    """偏大还是偏小 is answered by the fit note."""
    assert (await form("偏大还是偏小", page=on(SHIRT)))["requested_slot"] is None
    assert (await ask(ActionSizeAdvice(), "偏大还是偏小", page=on(SHIRT))).facts["fit"] == "偏大"


async def test_a_digression_leaves_the_form_without_a_value() -> None:
    """What is no measure sets no slot, so that the form steps back for the other rule."""
    asked = {"requested_slot": "height"}
    other = await ask(ValidateSizeForm(), "跑鞋多少钱", intent="price_promo", slots=asked, loop="size_form")
    assert set(other.slots) == {"requested_slot"}


async def test_a_name_that_several_share_is_kept_until_the_numbers_are_known() -> None:
    """T恤 is asked of two; their sizes are told, not other products'."""
    twin = replace(SHIRT, id="P9", title="沐棉 女款凉感短袖修身T恤女夏季内搭上衣")
    shirts = replace(DATA, products=(DRESS, SHIRT, twin))
    first = await ask(ValidateSizeForm(), "T恤穿多大", intent="size_advice", data=shirts)
    assert first.slots["product_question"] == "t恤穿多大"
    kept = {"height": 175, "weight": 65, "product_question": "t恤穿多大"}
    answer = await ask(ActionSizeAdvice(), "130", slots=kept, data=shirts)
    assert answer.titles() == ["云梭T恤", "沐棉T恤"]


async def test_asking_for_a_size_again_is_no_digression() -> None:
    """The form keeps the turn and asks again, instead of stepping back from its own intent."""
    slots = await form("要多大的", slots={"requested_slot": "height"}, loop="size_form")
    assert set(slots) == {"requested_slot", "product_id"}
