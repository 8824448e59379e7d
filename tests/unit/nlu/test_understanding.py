"""Which requests a message holds, with a parser that knows a handful of words."""

from pathlib import Path
from typing import Any

import pytest

from bot.intents import Intents, read_intents
from bot.understanding import Read, read, understanding

INTENTS: Intents = read_intents(Path(__file__).parents[3] / "data" / "lexicon" / "intents.yml")
KNOWN = {
    "发货": "ship_time",
    "发票": "invoice",
    "在吗": "greet",
    "谢谢": "thanks_bye",
    "码": "size_advice",
    "催": "urge_ship",
    "不动": "logistics_delay",
    "气死": "complaint",
    "羽绒服": "product_info",
}


def parse(text: str) -> dict[str, Any]:
    """The first known word decides; digits of ten and more are an order number, 羽绒服 is a product."""
    name = next((intent for word, intent in KNOWN.items() if word in text), "nlu_fallback")
    sure = {"name": name, "confidence": 0.9 if name != "nlu_fallback" else 0.3}
    entities = []
    known = (("order_id", "1234567890"), ("product", "羽绒服"), ("height", "165"), ("weight", "50"))
    for entity, value in known:
        if value in text:
            start = text.strip().index(value)
            entities.append({"entity": entity, "value": value, "start": start, "end": start + len(value)})
    return {
        "intent": sure,
        "intent_ranking": [sure, {"name": "chitchat", "confidence": 0.01}],
        "entities": entities,
    }


def names(found: Read) -> list[str]:
    return [parsed["intent"]["name"] for parsed in found.parses]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("什么时候发货", ["ship_time"]),
        ("什么时候发货，另外能开发票吗", ["ship_time", "invoice"]),
        ("什么时候发货 到底什么时候发货", ["ship_time"]),
        ("在吗亲 请问什么时候发货", ["ship_time"]),
        ("什么时候发货 谢谢你们", ["ship_time"]),
        ("羽绒服 穿什么码", ["size_advice"]),
        ("在吗", ["greet"]),
        ("1234567890", ["provide_info"]),
        ("订单 1234567890", ["provide_info"]),
        ("我的订单号是1234567890", ["provide_info"]),
        ("订单号 1234567890 什么时候发货", ["ship_time"]),
        ("订单号催 1234567890 什么时候发货", ["urge_ship", "ship_time"]),
        ("我的订单号 羽绒服 什么时候发货", ["ship_time"]),
        ("订单1234567890有点问题", ["nlu_fallback"]),
        ("165", ["nlu_fallback"]),
        ("？？", ["urge_reply"]),
        ("气死我了 能开发票吗", ["invoice"]),
        ("气死我了", ["complaint"]),
        ("羽绒服呢", ["provide_info"]),
        ("那羽绒服呢", ["provide_info"]),
        ("还有羽绒服呢", ["provide_info"]),
        ("还有羽绒服吗", ["product_info"]),
        ("165 50", ["size_advice"]),
        ("不对 是羽绒服", ["provide_info"]),
        ("说错了，羽绒服", ["provide_info"]),
        ("说错了 165码的", ["provide_info"]),
        ("不是羽绒服", ["product_info"]),
        ("什么时候发货 能补吗", ["ship_time"]),
        ("催了几次了 物流一直不动", ["urge_ship"]),
    ],
)
def test_it_tells_the_requests(text: str, expected: list[str]) -> None:
    assert names(read(text, parse, INTENTS)) == expected


def test_a_request_has_the_values_of_the_other_clauses() -> None:
    found = read("我165 什么时候发货，穿什么码", parse, INTENTS)
    assert [row["entity"] for row in found.parses[1]["entities"]] == ["height"]


def test_any_bare_value_answers_an_open_question() -> None:
    found = read("165", parse, INTENTS, asked=True)
    assert (names(found), found.step) == (["provide_info"], "context")


def test_an_unsure_message_has_a_guess_and_asks() -> None:
    found = understanding(read("呃", parse, INTENTS), "呃", INTENTS)
    assert (found.intent, found.asks) == ("chitchat", True)


def test_offsets_hold_for_the_untouched_text() -> None:
    text = "  //羽绒服"
    rows = [{"entity": "product", "value": "羽绒服", "start": 0, "end": 3}]
    whole = {**parse("羽绒服"), "entities": rows}
    entity = understanding(Read(whole, (whole,)), text, INTENTS).entities[0]
    assert text[entity.start : entity.end] == entity.raw == "羽绒服"


@pytest.mark.parametrize("text", ["怎么弄", "那怎么办呢", "那个呢", "然后呢？", "可以吗", "在哪弄啊"])
def test_a_fragment_goes_on_with_the_last_request_and_is_else_unclear(text: str) -> None:
    """Half of what shoppers type cannot be understood without the talk before it."""
    found = read(text, parse, INTENTS, recent=("invoice", "thanks_bye", "human_agent"))
    assert (names(found), found.step) == (["invoice"], "context")
    assert names(read(text, parse, INTENTS, recent=("greet",))) == ["nlu_fallback"]


@pytest.mark.parametrize("text", ["那怎么开发票", "可以发货吗", "这个码呢"])
def test_what_says_something_is_no_fragment(text: str) -> None:
    """One word that tells is enough."""
    assert names(read(text, parse, INTENTS, recent=("review",))) != ["review"]


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("什么时候发货，羽绒服能开发票吗", [], ["product"]),
        ("羽绒服什么时候发货，能开发票吗", ["product"], ["product"]),
        ("什么时候发货 羽绒服，能开发票吗", ["product"], ["product"]),
    ],
)
def test_what_a_later_request_names_is_its_own(text: str, first: list[str], second: list[str]) -> None:
    """An earlier name, or one that stands by itself, counts for all."""
    found = read(text, parse, INTENTS)
    assert [[row["entity"] for row in one["entities"]] for one in found.parses] == [first, second]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("在吗想问下羽绒服什么时候发货", "ship_time"),
        ("你好，麻烦帮我催一下呗", "urge_ship"),
        ("亲在吗", "greet"),
        ("你好在吗发货", "greet"),
    ],
)
def test_a_courtesy_in_the_same_breath_hides_no_request(text: str, expected: str) -> None:
    """What is left behind it is read; too little, or no request, leaves the courtesy."""

    def polite(text: str) -> dict[str, Any]:
        greeting = {"name": "greet", "confidence": 0.7}
        parsed = parse(text)
        return {**parsed, "intent": greeting} if text.startswith(("在吗", "你好", "亲")) else parsed

    assert names(read(text, polite, INTENTS)) == [expected]


def test_a_message_that_is_surely_one_thing_is_not_taken_apart_into_others() -> None:
    """扣了钱 还显示待付款: neither clause alone says what the whole does."""

    def sure_of_the_whole(text: str) -> dict[str, Any]:
        parsed = parse(text)
        return {**parsed, "intent": {"name": "review", "confidence": 0.95}} if " " in text else parsed

    assert names(read("什么时候发货 能开发票吗", sure_of_the_whole, INTENTS)) == ["review"]
    assert names(read("什么时候发货 能开发票吗", parse, INTENTS)) == ["ship_time", "invoice"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("cancel_order", "return_goods", True),
        ("return_goods", "refund_request", True),
        ("return_goods", "refund_status", False),
        ("cancel_order", "refund_status", False),
        ("invoice", "invoice", True),
    ],
)
def test_which_intents_are_one_wish_is_told_pair_by_pair(one: str, other: str, same: bool) -> None:
    """不要了 退了吧 is one; 取消订单 退款几天到 are two."""
    assert INTENTS.same_wish(one, other) is same


@pytest.mark.parametrize("text", ["能快点吗", "快点啊", "再催一下"])
def test_a_push_goes_on_with_the_last_request_where_there_was_one(text: str) -> None:
    """能快点吗 after a parcel was asked about is about the parcel."""
    assert names(read(text, parse, INTENTS, recent=("logistics_delay",))) == ["logistics_delay"]
    assert names(read(text, parse, INTENTS)) != ["logistics_delay"]


@pytest.mark.parametrize("text", ["那羽绒服呢", "羽绒服也看下"])
def test_another_value_is_asked_about_as_the_one_before(text: str) -> None:
    """With no request before it, it only gives something."""
    assert names(read(text, parse, INTENTS, recent=("ship_time",))) == ["ship_time"]


def test_while_something_is_asked_for_a_value_answers_it() -> None:
    found = read("那羽绒服呢", parse, INTENTS, asked=True, recent=("ship_time",))
    assert names(found) == ["provide_info"]


def test_a_bare_question_is_put_to_the_request_before_it() -> None:
    whole = read("要钱吗", parse, INTENTS, recent=("delivery_install",))
    assert (names(whole), whole.step) == (["delivery_install"], "context")
    assert names(read("要钱吗", parse, INTENTS)) == ["nlu_fallback"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("已经开发票了 什么时候发货", ["invoice", "ship_time"]),
        ("这码是我的 能开发票吗", ["invoice"]),
        ("这码怎么选 能开发票吗", ["size_advice", "invoice"]),
        ("穿什么码吗能开发票吗", ["size_advice", "invoice"]),
        ("穿什么码 要怎么弄", ["size_advice"]),
    ],
)
def test_a_clause_that_only_tells_of_something_is_no_request(text: str, expected: list[str]) -> None:
    """Questions count where they ask; wishes and troubles count where they are stated, too."""
    assert names(read(text, parse, INTENTS)) == expected


def test_a_colour_or_a_size_on_the_page_of_goods_asks_whether_it_is_there() -> None:
    """Unless something was spoken of before, which it then is about."""

    def coloured(text: str) -> dict[str, Any]:
        return {**parse(text), "entities": [{"entity": "colour", "value": "黑色", "start": 0, "end": 2}]}

    found = read("黑色的", coloured, INTENTS, on_goods=True)
    assert (names(found), found.step) == (["stock_query"], "context")
    assert names(read("黑色的", coloured, INTENTS, on_goods=True, recent=("invoice",))) != ["stock_query"]
    assert names(read("黑色的", coloured, INTENTS)) != ["stock_query"]


@pytest.mark.parametrize(
    ("text", "before", "meant"),
    [
        ("能快点不", "ship_time", "urge_ship"),
        ("帮我催催", "track_logistics", "logistics_delay"),
        ("能快点不", "invoice", "invoice"),
        ("还是不行", "order_payment", "order_payment"),
        ("便宜点的有吗", "recommend_compare", "recommend_compare"),
        ("还来得及吗", "modify_order", "modify_order"),
    ],
)
def test_what_goes_on_is_about_the_request_before(text: str, before: str, meant: str) -> None:
    """A push after a neutral question is a push for that."""
    assert names(read(text, parse, INTENTS, recent=(before,))) == [meant]


def test_who_asks_whether_a_bot_is_speaking_is_answered_whatever_it_sounds_like() -> None:
    """Unless a robot is surely what is asked for."""

    def robots(text: str) -> dict[str, Any]:
        return {
            **parse(text),
            "intent": {"name": "product_info" if "扫地" in text else "chitchat", "confidence": 0.95},
        }

    assert names(read("你是机器人吗", robots, INTENTS)) == ["human_agent"]
    assert names(read("这是扫地机器人吗", robots, INTENTS)) == ["product_info"]
