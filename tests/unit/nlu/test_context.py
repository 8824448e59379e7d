"""What a short message means after the request before it."""

from pathlib import Path

import pytest

from bot.context import CONTEXT, Following, read_following
from bot.intents import INTENTS, read_intents

ROOT = Path(__file__).parents[3]
FOLLOWING: Following = read_following(ROOT / CONTEXT)


def best(text: str, ranked: list[tuple[str, float]], before: str) -> str:
    return FOLLOWING.ranking(text, ranked, before)[0][0]


def test_an_unsure_message_stays_with_the_request_before_it() -> None:
    assert best("要等几天啊", [("delivery_eta", 0.3), ("ship_time", 0.2)], "ship_time") == "ship_time"


def test_kin_of_the_request_before_it_is_likelier_than_another_topic() -> None:
    assert best("冻死了", [("chitchat", 0.4), ("urge_ship", 0.3)], "ship_time") == "urge_ship"


def test_a_sure_message_leaves_the_talk() -> None:
    assert best("能开票吗", [("invoice", 0.98), ("ship_time", 0.01)], "ship_time") == "invoice"


@pytest.mark.parametrize(
    ("before", "alone", "meant"),
    [
        ("return_goods", "shipping_fee", "return_shipping"),
        ("price_protect", "compensation", "price_protect"),
        ("modify_order", "exchange_goods", "modify_order"),
        ("product_info", "shipping_fee", "shipping_fee"),
    ],
)
def test_the_same_words_mean_another_thing_after_another_request(before: str, alone: str, meant: str) -> None:
    """运费呢 asks for the freight of a return where one was spoken of, and else for that of an order."""
    assert best("这个呢", [(alone, 1.0)], before) == meant


@pytest.mark.parametrize(("text", "meant"), [("什么时候发货", "ship_time"), ("什么时候好", "invoice")])
def test_a_word_of_its_own_keeps_its_meaning(text: str, meant: str) -> None:
    """什么时候发货 after a talk of invoices asks for the goods."""
    assert best(text, [("ship_time", 0.99)], "invoice") == meant


def test_probabilities_sum_to_one_and_fall() -> None:
    found = FOLLOWING.ranking("那个", [("review", 0.4), ("invoice", 0.2)], "invoice")
    assert sum(p for _, p in found) == pytest.approx(1.0)
    assert [p for _, p in found] == sorted((p for _, p in found), reverse=True)


@pytest.mark.parametrize("text", ["那帽子呢", "红的呢?", "那拖鞋", "另一件呢", "围巾也看下"])
def test_naming_something_else_is_known_by_its_form(text: str) -> None:
    assert FOLLOWING.names_anew(text)


@pytest.mark.parametrize("text", ["多久啊", "要钱吗", "什么意思？", "怎么算的"])
def test_a_bare_question_is_known(text: str) -> None:
    assert FOLLOWING.asks_barely(text)


def test_a_long_message_stands_alone() -> None:
    assert FOLLOWING.leans("那运费谁出")
    assert not FOLLOWING.leans("那我自己寄回去的运费应该由谁来出")


def test_the_file_names_intents_only() -> None:
    stage = read_intents(ROOT / INTENTS).stage
    named = {name for kin in FOLLOWING.kin for name in kin}
    for before, meant in FOLLOWING.means.items():
        named |= {before, *meant, *meant.values()}
    assert named <= set(stage)


@pytest.mark.parametrize("text", ["门牌是68", "收件人是李四", "我的电话：12345"])
def test_the_value_of_a_field_is_given(text: str) -> None:
    assert FOLLOWING.gives_value(text)


@pytest.mark.parametrize("text", ["地址填错了", "电话是多少", "地址是不是错了", "名字叫什么"])
def test_what_asks_or_complains_gives_no_value(text: str) -> None:
    assert not FOLLOWING.gives_value(text)


def test_who_picks_one_and_asks_about_it_asks_anew() -> None:
    """Naming one alone goes on with the request before it."""
    assert not FOLLOWING.leans("第二个有啥颜色")
    assert FOLLOWING.leans("第二个呢")


def test_which_of_several_goods_is_meant_goes_on_with_a_request_about_goods() -> None:
    """电饭煲多少钱 - 4升的; after a wish to return it only gives something."""
    assert best("4升的", [("provide_info", 0.8)], "price_promo") == "price_promo"
    assert best("4升的", [("provide_info", 0.8)], "return_goods") == "provide_info"


def test_an_unknown_name_is_asked_about_as_the_one_before() -> None:
    """苏州呢 after 到杭州几天, although alone it may sound like a push."""
    assert best("苏州呢", [("urge_reply", 0.78)], "delivery_eta") == "delivery_eta"
    assert best("发票呢", [("invoice", 0.99)], "delivery_eta") == "invoice"
