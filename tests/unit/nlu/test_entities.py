"""Values are found in what shoppers really type, with true offsets and one normal form."""

import json
from collections import Counter
from datetime import date
from itertools import pairwise
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.entities import Gazetteer, common_names, extract

TODAY = date(2026, 11, 21)  # a Saturday
ROOT = Path(__file__).parents[3]
LEXICON = ROOT / "data" / "lexicon"
WORDS = {"carrier", "colour", "product", "address"}
"""Entities whose values are words."""


def values(text: str) -> list[tuple[str, str]]:
    return [(f.entity, f.value) for f in extract(text, TODAY, [common_names(LEXICON)])]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("175 140斤穿什么码", [("height", "175"), ("weight", "70")]),
        ("160/50穿M码", [("height", "160"), ("weight", "50"), ("size", "M")]),
        ("一米七五 一百四十斤", [("height", "175"), ("weight", "70")]),
        ("身高1.65体重52公斤", [("height", "165"), ("weight", "52")]),
        ("我165 穿什么码", [("height", "165")]),
        ("XXL还有吗", [("size", "2XL")]),
        ("均码的", [("size", "F")]),
        ("42码偏大吗", [("size", "42")]),
        ("12345678901234567 到哪了", [("order_id", "12345678901234567")]),
        ("13900010001", [("phone", "13900010001")]),
        ("139 0001 0001", [("phone", "13900010001")]),
        ("１３９０００１０００１", [("phone", "13900010001")]),
        ("SF1234567890123", [("waybill", "SF1234567890123")]),
        ("后四位8001", [("phone_tail", "8001")]),
        ("九十九块五能便宜吗", [("money", "99.50")]),
        ("¥1299", [("money", "1299.00")]),
        ("大后天下午三点半", [("date", "2026-11-24"), ("time", "15:30")]),
        ("上周五买的", [("date", "2026-11-13")]),
        ("双十一下的单", [("date", "2026-11-11")]),
        ("七天无理由", [("duration", "7天")]),
        ("两件一起", [("quantity", "2")]),
        ("a.b@example.com", [("email", "a.b@example.com")]),
        ("发票发我邮箱abc@example.com谢谢", [("email", "abc@example.com")]),
        ("100%棉吗", [("percent", "100")]),
        ("百分之十", [("percent", "10")]),
        ("202611000000123", [("order_id", "202611000000123")]),
        ("78913661252820到哪了", [("waybill", "78913661252820")]),
        ("下午一点前", [("time", "13:00")]),
        ("11010519491231002X", [("id_card", "11010519491231002X")]),
        ("110105 19491231 002X", [("id_card", "11010519491231002X")]),
        ("电话一三九 零零零一 零零零一", [("phone", "13900010001")]),
        ("幺三九零零零一零零零一", [("phone", "13900010001")]),
        ("订单号二零二六一一零零零零零零一二三", [("order_id", "202611000000123")]),
        ("订单 2026 1100 0000 123 到哪了", [("order_id", "202611000000123")]),
        ("sf 1234 5678 90123停了", [("waybill", "SF1234567890123")]),
        ("身高1 6 8", [("height", "168")]),
        ("退我 6 8 元", [("money", "68.00")]),
        ("1.58米", [("height", "158")]),
        ("160/48kg", [("height", "160"), ("weight", "48")]),
        ("五百六能卖吗", [("money", "560.00")]),
        ("定金三百 尾款一千零二十", [("money", "300.00"), ("money", "1020.00")]),
        ("¥12,999", [("money", "12999.00")]),
        ("满500减60", [("money", "500.00"), ("money", "60.00")]),
        (
            "昨天599今天499",
            [("date", "2026-11-20"), ("money", "599.00"), ("date", "2026-11-21"), ("money", "499.00")],
        ),
        ("写五百字 要一百二十份", [("quantity", "120")]),
        ("三十七码", [("size", "37")]),
        ("37换38", [("size", "37"), ("size", "38")]),
        ("我平时穿41.5", [("size", "41.5")]),
        ("110码的童装", [("size", "110")]),
        ("这款大一号", []),
        ("下个月8号", [("date", "2026-12-08")]),
        ("10.28下的单", [("date", "2026-10-28")]),
        ("周三能发吗", [("date", "2026-11-25")]),
        ("周三买的", [("date", "2026-11-18")]),
        ("说好周三发", [("date", "2026-11-18")]),
        ("十九号送", [("date", "2026-11-19")]),
        ("平安夜前到吗", [("date", "2026-12-24")]),
        ("今晚九点", [("date", "2026-11-21"), ("time", "21:00")]),
        ("下午四点一刻", [("time", "16:15")]),
        ("早上七点五十", [("time", "07:50")]),
        ("昨晚十二点", [("date", "2026-11-20"), ("time", "00:00")]),
        ("评分四点三", []),
        ("用了俩月 坏了仨", [("duration", "2个月"), ("quantity", "3")]),
        ("48h内", [("duration", "48小时")]),
        ("要深灰的 不要墨绿", [("colour", "深灰色"), ("colour", "墨绿色")]),
        ("那就白的吧 弄明白的话再说", [("colour", "白色")]),
        ("发邮政还是ems", [("carrier", "邮政EMS"), ("carrier", "邮政EMS")]),
        ("放菜鸟驿站 发菜鸟", [("carrier", "菜鸟")]),
        ("顺风车 发顺风", [("carrier", "顺丰")]),
        ("two systems", []),
    ],
)
def test_it_reads_values_as_shoppers_write_them(text: str, expected: list[tuple[str, str]]) -> None:
    assert values(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "在吗",
        "怎么还不发货!!!",
        "便宜一点",
        "一块买有优惠吗",
        "少了零件",
        "第二个问题",
        "民意街1号",
        "三件套",
        "几十块",
        "😭😭😭",
        "",
        "　",
        "hello",
        "转人工",
    ],
)
def test_plain_talk_holds_no_values(text: str) -> None:
    assert values(text) == []


def test_values_that_others_wrote_down_are_found() -> None:
    """F1 over (entity, value): 0.99 for what is made of numbers, in lines by somebody who saw no rule."""
    told: Counter[str] = Counter()
    for line in (ROOT / "tests/nlu/entities.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        expected = Counter((e["entity"], e["value"]) for e in case["entities"] if e["entity"] not in WORDS)
        found = extract(case["text"], date.fromisoformat(case["today"]), [common_names(LEXICON)])
        came = Counter((f.entity, f.value) for f in found if f.entity not in WORDS)
        told.update(right=(expected & came).total(), expected=expected.total(), came=came.total())
    assert told["expected"] > 250
    assert 2 * told["right"] / (told["expected"] + told["came"]) >= 0.99


def test_an_order_number_of_17_digits_is_no_phone() -> None:
    assert values("13900010001234567") == [("order_id", "13900010001234567")]


@pytest.mark.parametrize(
    "text",
    [
        "https://shop.example/item/P006",
        "http://m.shop.example/d?id=p006&from=x 有货吗",
        "货号P006有黑色吗",
        "编号：P006",
    ],
)
def test_a_pasted_link_or_an_article_number_names_the_product(text: str) -> None:
    """By the id that the shop gave it."""
    names = Gazetteer("1", {}, frozenset({"P006", "P00"}))
    assert [(f.entity, f.value) for f in extract(text, TODAY, [names]) if f.entity == "product"] == [
        ("product", "P006")
    ]


def test_a_number_elsewhere_is_no_article_number() -> None:
    """Ids of products may be as short as words."""
    names = Gazetteer("1", {}, frozenset({"7", "xl"}))
    assert [f.entity for f in extract("7天无理由 xl有吗", TODAY, [names])] == ["duration", "size"]


def test_the_longest_product_name_wins() -> None:
    names = Gazetteer("1", {"product": {"卫衣": "卫衣", "连帽卫衣": "连帽卫衣"}})
    assert [f.value for f in extract("这件连帽卫衣和卫衣", TODAY, [names])] == ["连帽卫衣", "卫衣"]


@pytest.mark.parametrize(
    "piece", ["1", "一", "十", "一半", "a1", "1.", "订单a1", "a.", "12 ", "1 ", "一二三 ", "一二十", "三点"]
)
def test_a_long_run_of_digits_is_read_in_time_that_grows_with_its_length(piece: str) -> None:
    """Four times the text takes about four times as long, not sixteen: nothing is read twice."""

    def seconds(text: str) -> float:
        best = 9.0
        for _ in range(7):
            started = process_time()
            extract(text, TODAY)
            best = min(best, process_time() - started)
        return best

    assert seconds(piece * 1600) < 10 * seconds(piece * 400) + 0.01


@given(st.text(max_size=200))
def test_any_text_yields_ordered_spans_inside_it(text: str) -> None:
    found = extract(text, TODAY, [common_names(LEXICON)])
    assert all(0 <= f.start < f.end <= len(text) for f in found)
    assert all(one.end <= two.start for one, two in pairwise(found))
