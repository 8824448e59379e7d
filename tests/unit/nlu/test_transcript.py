"""What a transcript leaves behind for its last message, and what is wrong with one that is none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from bot.errors import BadInput
from bot.intents import INTENTS, read_intents
from bot.settings import ROOT
from bot.transcript import BOT, LOOKS_BACK, SHOPPER, Said, read_said, remembered
from bot.understanding import Read

KNOWN = read_intents(ROOT / INTENTS)


class Reader:
    """Takes each message's text for its intent, and keeps what it was told with it."""

    def __init__(self) -> None:
        self.told: list[tuple[str, bool, tuple[str, ...]]] = []

    def __call__(self, said: str, *, asked: bool, recent: Sequence[str]) -> Read:
        self.told.append((said, asked, tuple(recent)))
        parsed: dict[str, Any] = {"intent": {"name": said, "confidence": 1.0}}
        return Read(parsed, (parsed,))


def test_each_message_is_read_behind_those_before_it() -> None:
    before = [Said(SHOPPER, "return_goods"), Said(BOT, "好的亲"), Said(SHOPPER, "return_shipping")]
    reader = Reader()
    assert remembered(before, reader, KNOWN) == (("return_goods", "return_shipping"), False)
    assert reader.told == [("return_goods", False, ()), ("return_shipping", False, ("return_goods",))]


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("麻烦您提供一下订单号", True),
        ("请问您的身高体重是多少呢?", True),
        ("亲 您要退的是哪一单呢", True),
        ("方便发一下照片吗", True),
        ("已经帮您登记了", False),
        ("还有什么可以帮您的吗?", False),
        ("订单号已经收到啦", False),
    ],
)
def test_what_the_other_side_asks_for_is_told_with_the_answer(said: str, asked: bool) -> None:
    assert remembered([Said(SHOPPER, "return_goods"), Said(BOT, said)], Reader(), KNOWN)[1] is asked


def test_only_the_last_messages_of_a_long_talk_are_read() -> None:
    reader = Reader()
    remembered([Said(SHOPPER, "stock_query")] * 50, reader, KNOWN)
    assert len(reader.told) == LOOKS_BACK


@pytest.mark.parametrize(
    ("raw", "names"),
    [
        ("你好", "turns 应为"),
        ([1], "turns 第 1 个"),
        ([{"who": "agent", "text": "好"}], "who 应为 shopper 或 bot"),
        ([{"who": "bot", "text": "好"}, {"who": "bot"}], "turns 第 2 个的 text"),
    ],
)
def test_what_is_no_transcript_is_refused_by_its_place(raw: Any, names: str) -> None:
    with pytest.raises(BadInput, match=names):
        read_said(raw)


def test_no_turns_are_none_before() -> None:
    assert read_said(None) == ()
    assert read_said([]) == ()
