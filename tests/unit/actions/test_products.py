"""Products: facts, sizes, stock, choosing, gifts and trust, as facts from the shop's rows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actions.charts import advise, advise_shoe
from actions.choosing import ActionRecommendCompare
from actions.gifts import ActionGiftQuery
from actions.products import ActionAuthenticity, ActionProductInfo
from actions.sizes import ActionSizeAdvice, ValidateSizeForm
from actions.stock import ActionStockQuery
from bot.shop.access import Page
from bot.shop.models import SizeRow, Sku
from tests.unit.actions.presale_shop import (
    CHART,
    COOKER,
    DATA,
    DRESS,
    MINI,
    NUTS,
    OLD,
    ORDER,
    SHIRT,
    SHOES,
    ask,
    on,
)


async def test_the_spec_asked_for_is_answered_by_the_shops_own_name_of_it() -> None:
    """材质 is asked, the page calls it 面料."""
    answer = await ask(ActionProductInfo(), "这个什么料子", page=on(SHIRT))
    assert answer.names == ["utter_product_spec"]
    assert (answer.facts["name"], answer.facts["value"]) == ("面料", "棉100%")
    assert answer.slots["product_id"] == "P1"


async def test_a_spec_named_outright_beats_a_general_word() -> None:
    """功率多大 asks for the power, not for the measures."""
    answer = await ask(ActionProductInfo(), "电饭煲功率多大")
    assert answer.facts["name"] == "功率"


async def test_a_spec_that_the_page_does_not_state_is_said_to_be_unstated() -> None:
    """Nothing is invented."""
    answer = await ask(ActionProductInfo(), "噪音大吗", page=on(COOKER))
    assert answer.names == ["utter_product_unstated"]
    assert answer.facts["name"] == "噪音"


async def test_several_specs_come_as_a_card_of_just_these() -> None:
    """容量 and 功率 in one question."""
    answer = await ask(ActionProductInfo(), "容量和功率", page=on(COOKER))
    assert list(answer.facts["product"]["specs"]) == ["容量", "功率"]


async def test_a_question_for_an_option_lists_its_values() -> None:
    """有什么颜色: as the variants say."""
    answer = await ask(ActionProductInfo(), "有哪些颜色", page=on(SHIRT))
    assert answer.names == ["utter_product_options"]
    assert answer.facts["values"] == ["黑色", "雾蓝"]


async def test_an_unclear_question_gets_the_products_card() -> None:
    """A short fact card rather than a guess."""
    answer = await ask(ActionProductInfo(), "介绍一下", page=on(NUTS))
    assert answer.names == ["utter_product_card"]
    assert answer.facts["product"]["price"] == 9900


async def test_without_a_product_the_shopper_chooses_and_the_question_is_kept() -> None:
    """The button brings only the product; the kept question is answered then."""
    first = await ask(ActionProductInfo(), "保质期多久")
    assert first.names == ["utter_product_which"]
    assert first.titles()[0] == "山野拾 每日坚果"  # promoted ones lead
    kept = first.slots["product_question"]
    second = await ask(
        ActionProductInfo(), "山野拾 每日坚果", product_id="P7", slots={"product_question": kept}
    )
    assert second.facts["value"] == "9个月"
    assert second.slots["product_question"] is None


async def test_the_words_of_the_message_beat_the_page() -> None:
    """A product named in the message is meant, whatever page is open."""
    answer = await ask(ActionProductInfo(), "电饭煲容量", page=on(SHIRT))
    assert answer.facts["title"] == "禾灶 电饭煲4升"


async def test_the_last_product_shown_is_meant_when_no_page_tells() -> None:
    """The slot product_id is the memory of it."""
    answer = await ask(ActionProductInfo(), "容量呢", slots={"product_id": "P5"})
    assert answer.facts["value"] == "1.6升"


async def test_the_product_of_the_orders_page_is_meant_by_its_owner_only() -> None:
    """The page is context, not authority."""
    page = Page("order", order_id="O1")
    mine = await ask(ActionProductInfo(), "厚不厚", page=page, signed_in=True)
    assert mine.facts["name"] == "厚薄"
    other = await ask(ActionProductInfo(), "厚不厚", page=page)
    assert other.names == ["utter_product_which"]


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


async def test_products_offered_are_those_that_can_answer_the_question() -> None:
    """保质期 is asked of snacks, not of shirts."""
    assert (await ask(ActionProductInfo(), "保质期多久")).titles() == ["山野拾 每日坚果"]


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


async def test_who_can_wear_it_is_told_by_the_shops_words() -> None:
    """男女同款 suits both; women's only is said to be so."""
    assert (await ask(ActionProductInfo(), "男的能穿吗", page=on(SHIRT))).names == ["utter_product_wearer"]
    women = replace(SHIRT, title="云梭 修身短袖女", aliases=())
    answer = await ask(
        ActionProductInfo(), "男的能穿吗", page=on(women), data=replace(DATA, products=(women,))
    )
    assert (answer.names, answer.facts["made_for"]) == (["utter_product_wearer_other"], ["女"])


async def test_a_topic_of_the_manual_is_answered_wherever_it_is_asked() -> None:
    """连不上网咋办 taken for a question on the product."""
    robot = replace(COOKER, usage={"连不上网": "只连2.4G"})
    answer = await ask(
        ActionProductInfo(), "连不上网咋办", page=on(robot), data=replace(DATA, products=(robot,))
    )
    assert (answer.names, answer.facts["how"]) == (["utter_usage_topic"], "只连2.4G")


async def test_gifts_of_an_order_are_the_orders_not_the_catalogues() -> None:
    """An order without gifts never gets one promised."""
    page = Page("order", order_id="O1")
    assert (await ask(ActionGiftQuery(), "有赠品吗", page=page, signed_in=True)).names == ["utter_gift_order"]
    bare = replace(DATA, orders=(replace(ORDER, gifts=()),))
    for text in ("还少发一个赠品", "有赠品吗"):
        answer = await ask(ActionGiftQuery(), text, page=page, signed_in=True, data=bare)
        assert answer.names == ["utter_gift_order_none"]


async def test_the_goods_of_the_order_talked_of_are_meant_when_nothing_else_is() -> None:
    """L码有吗 after an exchange was asked for."""
    answer = await ask(ActionStockQuery(), "L码有吗", signed_in=True, slots={"order_id": "O1"}, size="L")
    assert answer.facts["title"] == "云梭T恤"


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


async def test_authenticity_rests_on_the_policy() -> None:
    """Proof and compensation are the shop's words; dates are the freshness rule."""
    answer = await ask(ActionAuthenticity(), "是正品吗", policy={"goods": {"fake_pays": 10}})
    assert (answer.names, answer.facts["times"]) == (["utter_authentic"], 10)
    assert (await ask(ActionAuthenticity(), "日期新鲜吗")).facts["share"] == 67


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
