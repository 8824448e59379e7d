"""Recommending and comparing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actions.choosing import ActionRecommendCompare
from actions.products import ActionProductInfo
from actions.stock import ActionStockQuery
from tests.unit.actions.presale_shop import (
    COOKER,
    DATA,
    MINI,
    SHIRT,
    SHOES,
    ask,
    on,
)


async def test_two_named_products_are_compared_in_a_table() -> None:
    """Specs as the shop words them; the prices are facts of their own."""
    answer = await ask(ActionRecommendCompare(), "电饭煲和坚果哪个好")
    table = answer.facts["comparison"]
    assert (answer.facts["first_price"], answer.facts["second_price"]) == (39900, 9900)
    assert ["功率", "1200W", "-"] in table["rows"]


async def test_a_button_beside_the_page_compares_the_two() -> None:
    """和哪一款比: the pressed one with the one in view."""
    asked = await ask(ActionRecommendCompare(), "这两款有什么区别", page=on(COOKER))
    assert (asked.names, asked.titles()) == (["utter_compare_with"], ["禾灶 迷你电饭煲"])
    pressed = await ask(ActionRecommendCompare(), "禾灶 迷你电饭煲", page=on(COOKER), product_id="P5")
    assert pressed.names == ["utter_compare"]


async def test_a_recommendation_follows_kind_need_and_budget() -> None:
    """电饭煲 within 200 yuan: the small one."""
    answer = await ask(ActionRecommendCompare(), "推荐个电饭煲 预算200以内")
    assert answer.names == ["utter_recommend_budget"]
    assert (answer.facts["budget"], answer.facts["titles"]) == (20000, ["禾灶 迷你电饭煲"])


async def test_a_limit_is_a_limit() -> None:
    """以内 does not stretch, 左右 does a little; spoken numbers count."""
    strict = await ask(ActionRecommendCompare(), "一百五以内的电饭煲", money="150.00")
    assert strict.names == ["utter_recommend_over"]
    about = await ask(ActionRecommendCompare(), "150左右的电饭煲")
    assert about.facts["titles"] == ["禾灶 迷你电饭煲"]
    assert (await ask(ActionRecommendCompare(), "四百多的电饭煲")).facts["budget"] == 40000


async def test_a_name_inside_a_longer_one_names_only_the_shorter_product() -> None:
    """电饭煲和迷你电饭煲: two products, not one twice."""
    answer = await ask(ActionRecommendCompare(), "电饭煲和迷你电饭煲有什么区别")
    assert (answer.facts["first"], answer.facts["second"]) == ("禾灶 电饭煲4升", "禾灶 迷你电饭煲")


async def test_a_budget_below_everything_is_met_with_the_nearest() -> None:
    """No flat no."""
    answer = await ask(ActionRecommendCompare(), "50块的电饭煲推荐", money="50.00")
    assert answer.names == ["utter_recommend_over"]
    assert answer.facts["titles"][0] == "禾灶 迷你电饭煲"


async def test_nothing_to_go_by_is_answered_with_kinds_to_choose_from() -> None:
    """A closed question beside a few products."""
    answer = await ask(ActionRecommendCompare(), "有什么推荐的")
    assert (answer.names, answer.titles("kinds")) == (
        ["utter_recommend_around"],
        ["服装", "鞋靴", "小家电", "零食"],
    )


async def test_what_is_named_weighs_more_than_its_kind() -> None:
    """老人穿的跑鞋: shoes, not all that is worn."""
    answer = await ask(ActionRecommendCompare(), "老人穿的T恤", product="t恤")
    assert answer.facts["titles"] == ["云梭T恤"]


async def test_which_of_those_offered_is_answered_among_them() -> None:
    """3个人用哪款 after two rice cookers: the one made for three."""
    large = replace(COOKER, specs={"适用人数": "3到6人"})
    small = replace(MINI, specs={"适用人数": "1到2人"})
    shop = replace(DATA, products=(SHIRT, large, small))
    offered = {"product_id": ["P4", "P5"]}
    answer = await ask(ActionRecommendCompare(), "3个人用哪款", slots=offered, data=shop)
    assert (answer.names, answer.facts["titles"]) == (["utter_recommend"], ["禾灶 电饭煲4升"])
    alone = await ask(ActionRecommendCompare(), "一个人用哪个", slots={"product_id": "P4"}, data=shop)
    assert alone.facts["titles"][0] == "禾灶 迷你电饭煲"


@pytest.mark.parametrize("text", ["迷你的和4升的有什么区别", "这两款差在哪"])
async def test_two_that_were_offered_are_compared(text: str) -> None:
    """What was recommended stays what is talked of."""
    kept = {"product_id": ["P4", "P5"]}
    answer = await ask(ActionRecommendCompare(), text, slots=kept)
    assert (answer.names, answer.slots["product_id"]) == (["utter_compare"], ["P4", "P5"])


async def test_a_name_that_two_share_compares_the_two() -> None:
    """马丁靴男款女款有啥区别: two are called that."""
    men = replace(SHOES, id="P12", title="砺石 马丁靴男", aliases=("马丁靴",), specs={"筒高": "15厘米"})
    women = replace(men, id="P13", title="砺石 马丁靴女", specs={"筒高": "13厘米"})
    shop = replace(DATA, products=(men, women, SHIRT))
    answer = await ask(ActionRecommendCompare(), "马丁靴男款女款有啥区别", product="马丁靴", data=shop)
    assert answer.names == ["utter_compare"]


async def test_a_wish_that_nothing_answers_is_said_honestly() -> None:
    """推荐个取暖的 where nothing warms: no shirts for it; a word of a name finds it."""
    answer = await ask(ActionRecommendCompare(), "推荐个取暖的")
    assert (answer.names, answer.facts["wished"]) == (["utter_recommend_unknown"], "取暖")
    heater = replace(COOKER, id="P14", title="清岚 电暖器", aliases=("取暖器",))
    shop = replace(DATA, products=(SHIRT, heater))
    assert (await ask(ActionRecommendCompare(), "推荐个取暖的", data=shop)).facts["titles"] == ["清岚 电暖器"]


async def test_one_of_its_kind_that_the_words_tell_is_compared_at_once() -> None:
    """跟迷你那个差在哪 on the other cooker's page."""
    answer = await ask(ActionRecommendCompare(), "跟迷你那个差在哪", page=on(COOKER))
    assert answer.names == ["utter_compare"]


@pytest.mark.parametrize(
    ("text", "product"),
    [("4升的", "P4"), ("便宜的那个", "P5"), ("贵的那个", "P4"), ("迷你的", "P5"), ("1.6升", "P5")],
)
async def test_a_few_words_that_tell_one_of_those_offered_answer_the_open_question(
    text: str, product: str
) -> None:
    """By name, spec or price; the question that was kept goes on."""
    slots = {"product_id": ["P4", "P5"], "product_question": "多少钱", "wish": "price_promo", "wish_age": 0}
    answer = await ask(ActionRecommendCompare(), text, slots=slots)
    assert (answer.next, answer.slots["product_id"]) == (["action_price_promo"], product)
    stale = await ask(ActionRecommendCompare(), text, slots={**slots, "wish_age": 1})
    assert stale.next == []


async def test_products_of_one_name_are_offered_with_what_tells_them_apart() -> None:
    """Two cups of the same title: the first spec that differs, and the price."""
    small = replace(
        COOKER, id="P20", title="保温杯", specs={"材质": "钢", "容量": "300毫升"}, aliases=("保温杯",)
    )
    large = replace(small, id="P21", specs={"材质": "钢", "容量": "500毫升"})
    shop = replace(DATA, products=(small, large))
    answer = await ask(ActionStockQuery(), "保温杯有货吗", data=shop, product="保温杯")
    assert (answer.names, answer.titles()) == (
        ["utter_product_which_of"],
        ["保温杯 300毫升", "保温杯 500毫升"],
    )
    assert [row["price"] for row in answer.facts["choices"]] == [39900, 39900]


async def test_the_question_that_was_kept_is_answered_for_the_product_named_next() -> None:
    """保质期多久, which one, 坚果: its shelf life and not its card."""
    slots = {"product_question": "保质期多久"}
    answer = await ask(ActionProductInfo(), "坚果", slots=slots, product="坚果", after="action_provide_info")
    assert (answer.names, answer.facts["value"]) == (["utter_product_spec"], "9个月")
