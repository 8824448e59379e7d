"""`xiaoer doctor` says in one line what is wrong with the language model, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot import checkup_llm
from bot.reply.failures import FREE, OURS, PASSING
from bot.settings import load
from tests.llm_double import LlmDouble, cut_off, empty, garbage, html, huge, llm_double, says, slow, status


@pytest.fixture
def double() -> Iterator[LlmDouble]:
    with llm_double() as opened:
        yield opened


@pytest.mark.parametrize(
    ("act", "trouble"),
    [
        (status(500), "HTTP 5xx"),
        (status(429), "429"),
        (status(400), "HTTP 4xx"),
        (html(), "网页"),
        (garbage(), "OpenAI"),
        (empty(), "空"),
        (cut_off(), "断开"),
        (huge(), "没完没了"),
    ],
)
def test_each_fault_has_its_line(double: LlmDouble, home: Path, act: Any, trouble: str) -> None:
    double.enqueue(act)
    checked = checkup_llm.ask(load({**double.settings(), "XIAOER_HOME": str(home)}))
    assert trouble in checked.trouble
    assert checked.advice


@pytest.mark.parametrize(
    ("setting", "value", "trouble"),
    [
        ("XIAOER_LLM_API_KEY", "wrong", "密钥"),
        ("XIAOER_LLM_MODEL", "gpt-17", "没有这个模型"),
        ("XIAOER_LLM_BASE_URL", "http://127.0.0.1:9/v1", "连不上"),
    ],
)
def test_a_wrong_setting_is_named(
    double: LlmDouble, home: Path, setting: str, value: str, trouble: str
) -> None:
    checked = checkup_llm.ask(load({**double.settings(), setting: value, "XIAOER_HOME": str(home)}))
    assert trouble in checked.trouble
    assert setting in checked.advice


def test_a_hanging_model_is_given_up(double: LlmDouble, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.reply.llm.SECONDS", 1.0)
    double.enqueue(slow())
    assert "秒内没有回答" in checkup_llm.ask(load({**double.settings(), "XIAOER_HOME": str(home)})).trouble


def test_a_good_model_is_timed(double: LlmDouble, home: Path) -> None:
    double.enqueue(says("在的"))
    checked = checkup_llm.ask(load({**double.settings(), "XIAOER_HOME": str(home)}))
    assert checked.trouble == ""
    assert 0 < checked.seconds < checkup_llm.SLOW


def test_the_command_shows_it(
    double: LlmDouble, home: Path, xiaoer: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key is not shown."""
    for name, value in double.settings(XIAOER_LLM_API_KEY="not-the-key").items():
        monkeypatch.setenv(name, value)
    ran = xiaoer("doctor")
    assert ran.code == 1
    assert "✗ 大模型 tiny" in ran.out
    assert "XIAOER_LLM_API_KEY" in ran.out
    assert "not-the-key" not in ran.out + ran.err


def test_an_unencrypted_road_is_pointed_out(home: Path) -> None:
    settings = {"XIAOER_LLM_MODEL": "m", "XIAOER_HOME": str(home)}
    assert checkup_llm.is_open_to_ears(load({**settings, "XIAOER_LLM_BASE_URL": "http://llm.example/v1"}))
    assert not checkup_llm.is_open_to_ears(load({**settings, "XIAOER_LLM_BASE_URL": "https://llm.example"}))
    assert not checkup_llm.is_open_to_ears(load({**settings, "XIAOER_LLM_BASE_URL": "http://127.0.0.1:1"}))


def test_every_reason_of_the_models_own_is_worded() -> None:
    assert set(checkup_llm.TROUBLE) >= (FREE | PASSING) - OURS
