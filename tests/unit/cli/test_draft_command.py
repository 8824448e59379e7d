"""`xiaoer draft` shows what would be sent and what comes of it, with a model or without."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.llm_double import LlmDouble, lies, llm_double, status

FACTS = '{"order_id": "682604173951820317", "amount": 9900, "title": "卫衣", "to": "支付宝", "arrival": "3d"}'
DIRECT = ["draft", "我叫王大力 退款", "--response", "utter_refund_paying_open", "--facts", FACTS]


@pytest.fixture
def double() -> Iterator[LlmDouble]:
    with llm_double() as opened:
        yield opened


@pytest.fixture
def configured(double: LlmDouble, monkeypatch: pytest.MonkeyPatch) -> LlmDouble:
    for name, value in double.settings().items():
        monkeypatch.setenv(name, value)
    return double


def test_the_prompt_is_shown_without_a_model_and_without_personal_data(xiaoer: Callable[..., Any]) -> None:
    ran = xiaoer(*DIRECT, "--show-prompt")
    assert ran.code == 0
    prompt = ran.out.partition("[system]")[2]
    assert "〔订单号1〕" in prompt
    assert "99元" in prompt
    assert "682604173951820317" not in prompt
    assert "王大力" not in prompt


def test_without_a_model_it_says_how_to_get_one(xiaoer: Callable[..., Any]) -> None:
    ran = xiaoer(*DIRECT)
    assert ran.code == 2
    assert "XIAOER_LLM_BASE_URL" in ran.err
    assert "--show-prompt" in ran.err


def test_a_faithful_draft_is_shown_with_its_verdict(
    xiaoer: Callable[..., Any], configured: LlmDouble, home: Any
) -> None:
    home.mkdir()
    ran = xiaoer(*DIRECT)
    assert ran.code == 0
    assert "✓ 可以发" in ran.out
    assert "682604173951820317" in ran.out.partition("草稿")[2]
    assert "682604173951820317" not in str(configured.history)


def test_a_lie_is_shown_with_its_reasons(
    xiaoer: Callable[..., Any], configured: LlmDouble, home: Any
) -> None:
    home.mkdir()
    configured.enqueue(lies)
    ran = xiaoer(*DIRECT)
    assert "✗ 不能发" in ran.out
    assert "「" in ran.out.partition("✗")[2]


def test_a_model_that_fails_is_one_line(xiaoer: Callable[..., Any], configured: LlmDouble, home: Any) -> None:
    home.mkdir()
    configured.enqueue(status(401))
    ran = xiaoer(*DIRECT)
    assert "XIAOER_LLM_API_KEY" in ran.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--response", "utter_nope"], "utter_nope"),
        (["--response", "utter_refund_paying_open", "--facts", "{"], "--facts"),
        (["--response", "utter_refund_paying_open", "--facts", "[]"], "--facts"),
    ],
)
def test_what_is_not_understood_is_named(xiaoer: Callable[..., Any], arguments: list[str], said: str) -> None:
    ran = xiaoer("draft", "退款", "--show-prompt", *arguments)
    assert ran.code == 2
    assert said in ran.err


def test_what_is_said_word_for_word_is_told_so(xiaoer: Callable[..., Any]) -> None:
    ran = xiaoer("draft", "你是人吗", "--response", "utter_handoff_identity", "--show-prompt")
    assert ran.code == 0
    assert "[system]" not in ran.out
