"""Products: facts and trust, as facts from the shop's rows."""

from __future__ import annotations

from dataclasses import replace

from actions.products import ActionAuthenticity, ActionProductInfo
from bot.shop.access import Page
from tests.unit.actions.presale_shop import (
    COOKER,
    DATA,
    NUTS,
    SHIRT,
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


async def test_products_offered_are_those_that_can_answer_the_question() -> None:
    """保质期 is asked of snacks, not of shirts."""
    assert (await ask(ActionProductInfo(), "保质期多久")).titles() == ["山野拾 每日坚果"]


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


async def test_authenticity_rests_on_the_policy() -> None:
    """Proof and compensation are the shop's words; dates are the freshness rule."""
    answer = await ask(ActionAuthenticity(), "是正品吗", policy={"goods": {"fake_pays": 10}})
    assert (answer.names, answer.facts["times"]) == (["utter_authentic"], 10)
    assert (await ask(ActionAuthenticity(), "日期新鲜吗")).facts["share"] == 67


async def test_a_word_inside_the_goods_own_name_is_no_attribute() -> None:
    """电饭煲容量 asks for 容量; 饭 of its name for nothing."""
    named = replace(COOKER, aliases=("容量杯",), specs={"容量": "4升", "材质": "不锈钢"})
    answer = await ask(
        ActionProductInfo(), "容量杯是什么材质", data=replace(DATA, products=(named,)), product="容量杯"
    )
    assert (answer.names, answer.facts["name"]) == (["utter_product_spec"], "材质")


async def test_goods_of_a_kind_are_looked_for_whatever_was_talked_of() -> None:
    """有没有无糖的零食 is no attribute of the shirt."""
    answer = await ask(ActionProductInfo(), "有没有孕妇能吃的零食", slots={"product_id": SHIRT.id})
    assert answer.next == ["action_recommend_compare"]
