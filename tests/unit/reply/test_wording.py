"""Facts become words by their declared types; the wording is chosen by the message, never by chance."""

from datetime import date

import pytest

from bot.errors import BadInput
from bot.reply.display import Display, money
from bot.reply.voice import Occasion
from bot.reply.wording import WORDING, choose, compose

DISPLAY = Display({"order_state": {"paid": "待发货"}}, date(2026, 11, 21))


@pytest.mark.parametrize(
    ("value", "kind", "words"),
    [
        (129900, "money", "1299元"),
        (1990, "money", "19.9元"),
        (5, "money", "0.05元"),
        ("2026-11-22", "date", "明天(11月22日)"),
        ("2026-11-28", "date", "11月28日(周六)"),
        ("2025-01-02", "date", "2025年1月2日(周四)"),
        ("2026-11-21T10:05:00+08:00", "time", "今天 10:05"),
        ("48h", "duration", "48小时"),
        ("1-3d", "duration", "1-3天"),
        (20, "percent", "20%"),
        (["红色", "黑色"], "list", "红色、黑色"),
        ("paid", "enum:order_state", "待发货"),
        (["paid", "lost"], "enum:order_state", "待发货、lost"),
        (None, "date", ""),
    ],
)
def test_values_are_worded_by_type(value: object, kind: str, words: str) -> None:
    assert DISPLAY.words(value, kind) == words


@pytest.mark.parametrize(("value", "kind"), [("bald", "date"), ("48 hours", "duration"), (1, "colour")])
def test_a_value_that_is_not_of_its_type_is_refused(value: object, kind: str) -> None:
    with pytest.raises(BadInput):
        DISPLAY.words(value, kind)


def test_money_below_zero_keeps_its_sign() -> None:
    assert money(-150) == "-1.5元"


def test_a_message_has_text_buttons_and_card() -> None:
    row = {"order_id": "1", "state": "paid", "items": [], "total": 100, "placed": "2026-11-20T09:00:00+08:00"}
    declared = {
        "facts": {"total": "money", "order": "order", "others": "list"},
        "card": "order",
        "choices": {
            "from": "others",
            "title": "{title}({state})",
            "types": {"state": "enum:order_state"},
            "payload": '/order_status{{"order_id": "{order_id}"}}',
        },
    }
    facts = {"total": 100, "order": row, "others": [{"title": "卫衣", "state": "paid", "order_id": "2"}]}
    wordings = [{"text": "共{total}", "metadata": declared}]
    message = compose(wordings, 0, facts, DISPLAY, Occasion("c/m1", DISPLAY.today))
    assert message["text"] == "共1元"
    assert message["buttons"] == [{"title": "卫衣(待发货)", "payload": '/order_status{"order_id": "2"}'}]
    assert message[WORDING]["card"]["state"] == "待发货"
    assert message[WORDING]["card"]["placed"] == "昨天 09:00"


def test_the_same_message_is_worded_alike_and_the_next_one_differs() -> None:
    wordings = [{"text": text} for text in ("早", "好", "在的")]
    first = choose("utter_greet", wordings, Occasion("c/m1", DISPLAY.today))
    assert choose("utter_greet", wordings, Occasion("c/m1", DISPLAY.today)) == first
    used = {"utter_greet": first}
    assert choose("utter_greet", wordings, Occasion("c/m1", DISPLAY.today, used)) != first
