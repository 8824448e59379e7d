"""A test set is read whole or refused, by file and line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.errors import BadInput
from bot.quality.evaluate_cases import Cases, Wish, own_files, read_cases
from bot.settings import ROOT

Read = Callable[..., Cases]
GOOD: dict[str, Any] = {"text": "退货", "intent": "return_goods", "mood": "calm"}


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Reads lines, given as objects or as they stand in the file."""

    def read_them(*lines: Any) -> Cases:
        path = tmp_path / "mine.jsonl"
        texts = [line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines]
        path.write_text("\n".join(texts), encoding="utf-8")
        return read_cases([path], ROOT)

    return read_them


def test_the_keys_of_a_line_tell_its_kind(read: Read) -> None:
    """One file may hold all kinds; blank lines and keys of the writer's own are left out."""
    cases = read(
        {**GOOD, "note": "mine"},
        "",
        {"text": "换货 发票也要", "requests": ["exchange_goods", "invoice"]},
        {"text": "退了 价保呢", "intent": "return_goods+price_protect"},
        {"text": "黑色的", "before": ["有货吗"], "page": {"kind": "product", "product_id": "P001"},
         "shopper": None, "intent": "stock_query"},
        {"text": "叫人来", "wish": "explicit"},
        {"text": "尾号1234", "entities": [{"entity": "order_tail", "value": "1234"}], "today": "2026-11-21"},
        {"text": "呵呵", "mood": "angry"},
    )  # fmt: skip
    assert set(cases.counts().values()) == {1, 2}
    assert [case.requests for case in cases.several] == [
        ("exchange_goods", "invoice"),
        ("return_goods", "price_protect"),
    ]
    (fragment,) = cases.fragments
    assert (fragment.before, fragment.shopper, fragment.mood) == (("有货吗",), "", "")
    assert fragment.page is not None
    assert fragment.page.product_id == "P001"
    assert cases.wishes[0].wish is Wish.EXPLICIT
    assert cases.valued[0].values == (("order_tail", "1234"),)
    assert str(cases.valued[0].today) == "2026-11-21"
    assert [case.mood for case in cases.felt] == ["angry"]


def test_of_a_file_of_moods_only_the_moods_count(tmp_path: Path) -> None:
    """Irony in numbers is not the natural mix of intents."""
    (tmp_path / "mood_one.jsonl").write_text(json.dumps({**GOOD, "mood": "angry"}), encoding="utf-8")
    counts = read_cases([tmp_path / "mood_one.jsonl"], ROOT).counts()
    assert {kind for kind, count in counts.items() if count} == {"felt"}


@pytest.mark.parametrize(
    ("bad", "what"),
    [
        ("{", "应为一个 JSON 对象"),
        ('["退货"]', "应为一个 JSON 对象"),
        ({"intent": "return_goods"}, '应有 "text".*只有 intent'),
        ({"text": " ", "intent": "return_goods"}, '"text" 应为 一句不空的话,却是 " "'),
        ({"text": 3, "intent": "return_goods"}, '"text" 应为 一句不空的话,却是 3'),
        ({"text": "退货"}, '应有 "intent".*只有 text'),
        (
            {"text": "退货", "intent": "retrun_goods"},
            '"intent" 应为 .*是不是 return_goods.*却是 "retrun_goods"',
        ),
        ({**GOOD, "mood": "sad"}, '"mood" 应为 calm、confused、angry,却是 "sad"'),
        ({"text": "退货", "requests": ["return_goods"]}, '"requests" 应为 两个或更多'),
        ({"text": "退货", "requests": ["return_goods", "x"]}, '"requests" 应为 两个或更多'),
        ({"text": "这个", "before": "有货吗", "intent": "stock_query"}, '"before" 应为 '),
        ({"text": "这个", "before": ["嗯"], "page": 3, "intent": "stock_query"}, "page 应为"),
        ({"text": "这个", "before": ["嗯"], "shopper": 3, "intent": "stock_query"}, '"shopper" 应为 '),
        ({"text": "叫人", "wish": "maybe"}, '"wish" 应为 explicit、robot_question,却是 "maybe"'),
        ({"text": "3件", "entities": [{"entity": "quantity"}]}, '"entities" 应为 '),
        ({"text": "明天", "entities": [], "today": "明天"}, '"today" 应为 日期'),
        ({"text": "呵呵", "mood": ""}, '"mood" 应为 '),
    ],
)
def test_a_line_that_does_not_fit_is_named(read: Read, bad: Any, what: str) -> None:
    """File, line, what was expected, what came."""
    with pytest.raises(BadInput, match=rf"mine\.jsonl:2:.*{what}"):
        read(GOOD, bad)


def test_a_set_without_a_line_and_a_file_that_is_not_there_are_refused(read: Read, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="测试集是空的"):
        read("", " ")
    with pytest.raises(BadInput, match=r"none\.jsonl:没有这个文件"):
        read_cases([tmp_path / "none.jsonl"], ROOT)


def test_the_mark_is_that_of_the_cases_and_not_of_their_files(read: Read) -> None:
    """Moving a line changes nothing, changing one does."""
    other = {"text": "发票", "intent": "invoice"}
    assert read(GOOD, other).mark == read(other, GOOD).mark
    assert read(GOOD, other).mark != read(GOOD, {**other, "mood": "calm"}).mark


def test_the_own_set_is_read() -> None:
    """Every line of every file, each message with its mood."""
    cases = read_cases(own_files(ROOT), ROOT)
    lines = sum(len(path.read_text(encoding="utf-8").splitlines()) for path in own_files(ROOT))
    assert sum(cases.counts().values()) == lines
    assert all(case.mood for case in cases.messages)
