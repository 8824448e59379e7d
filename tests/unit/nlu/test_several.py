"""Which clauses of a message hold a request of their own, with probabilities as given."""

from pathlib import Path
from typing import Any

import pytest

from bot.intents import INTENTS, Intents, read_intents
from bot.several import Parse, likeliest, requests

ALL: Intents = read_intents(Path(__file__).parents[3] / INTENTS)


def parsing(rankings: dict[str, list[tuple[str, float]]]) -> Parse:
    """Texts to what each is taken to mean; what is not told of says nothing."""

    def parse(text: str) -> dict[str, Any]:
        rows = [{"name": n, "confidence": p} for n, p in rankings.get(text, [("nlu_fallback", 0.4)])]
        return {"intent": rows[0], "intent_ranking": rows, "entities": []}

    return parse


def wished(text: str, rankings: dict[str, list[tuple[str, float]]]) -> list[str]:
    return [one.intent for one in requests(text, parsing(rankings), ALL)]


def test_a_clause_set_apart_needs_less_sureness() -> None:
    rankings = {"开发票": [("invoice", 0.95)], "灯怎么退": [("return_goods", 0.55)]}
    assert wished("开发票 另外灯怎么退", rankings) == ["invoice", "return_goods"]
    assert wished("开发票 灯怎么退", rankings) == ["invoice"]


def test_what_stands_before_the_word_that_sets_apart_is_read_as_one() -> None:
    """None of its clauses may say alone what they say together."""
    together = "一直说我密码错，咋找回啊"
    rankings = {
        "一直说我密码错": [("account_member", 0.4)],
        "咋找回啊": [("urge_reply", 0.9)],
        together: [("account_member", 0.9)],
        "京豆会不会过期": [("coupon_query", 0.9)],
    }
    assert wished(f"{together}，还有京豆会不会过期", rankings) == ["account_member", "coupon_query"]


def test_the_intents_of_one_wish_are_as_sure_as_all_together() -> None:
    rankings = {
        "超时两小时了快催催": [("logistics_delay", 0.55), ("urge_ship", 0.44)],
        "那个壶开发票": [("invoice", 0.95)],
    }
    assert wished("超时两小时了快催催 那个壶开发票", rankings) == ["logistics_delay", "invoice"]


def test_two_questions_that_nothing_parts_are_two_where_both_are_sure() -> None:
    rankings = {
        "发哪家快递到长春几天": [("courier_query", 0.9)],
        "发哪家快递": [("courier_query", 0.99)],
        "到长春几天": [("delivery_eta", 0.95)],
    }
    assert wished("发哪家快递到长春几天", rankings) == ["courier_query", "delivery_eta"]
    assert wished("发哪家快递到长春几天", {**rankings, "到长春几天": [("delivery_eta", 0.6)]}) == []


@pytest.mark.parametrize("told", ["取消的那单", "也懒得退了", "今天第4天了", "我要是退了货"])
def test_what_is_named_declined_counted_or_supposed_is_no_request(told: str) -> None:
    rankings = {told: [("cancel_order", 0.99)], "钱啥时候回来": [("refund_status", 0.99)]}
    assert wished(f"{told} 钱啥时候回来", rankings) == ["refund_status"]


def test_a_trouble_told_beside_a_question_before_buying_is_why_it_is_asked() -> None:
    rankings = {"什么料子": [("product_info", 0.99)], "化纤的穿了痒": [("product_problem", 0.99)]}
    assert wished("什么料子 化纤的穿了痒", rankings) == ["product_info"]


def test_of_one_wish_said_twice_the_clause_that_asks_counts() -> None:
    """Otherwise it would be dropped as merely told."""
    rankings = {
        "平时穿32的": [("size_advice", 1.0)],
        "这条拿多大": [("size_advice", 0.93)],
        "黑色有货吗": [("stock_query", 1.0)],
    }
    assert wished("平时穿32的 这条拿多大 黑色有货吗", rankings) == ["size_advice", "stock_query"]


def test_what_is_wrong_as_well_is_a_request_of_its_own() -> None:
    """也 adds to what is asked, and does not only tell of it."""
    rankings = {"怎么变成待付款了": [("order_status", 1.0)], "券也没了": [("coupon_query", 1.0)]}
    assert wished("怎么变成待付款了 券也没了", rankings) == ["order_status", "coupon_query"]
    told = {**rankings, "券没了": [("coupon_query", 1.0)]}
    assert wished("怎么变成待付款了 券没了", told) == ["order_status"]


def test_a_complaint_beside_a_request_counts_only_where_it_is_set_apart() -> None:
    rankings = {"谁签收的给我查": [("not_received", 1.0)], "我要投诉他": [("complaint", 1.0)]}
    assert wished("谁签收的给我查 我要投诉他", rankings) == ["not_received"]
    assert wished("谁签收的给我查 还有我要投诉他", rankings) == ["not_received", "complaint"]


def test_a_request_beside_talk_is_the_likeliest_clause() -> None:
    rankings = {"坏果一半": [("product_problem", 0.85)], "图片发你了": [("provide_info", 1.0)]}
    found = likeliest("坏果一半 图片发你了", parsing(rankings), ALL, 0.64)
    assert found is not None
    assert found.intent == "product_problem"
    assert likeliest("坏果一半 图片发你了", parsing(rankings), ALL, 0.9) is None
