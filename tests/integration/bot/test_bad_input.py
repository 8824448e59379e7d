"""Whatever is typed is understood as something and without an error."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import ROOT

pytestmark = [pytest.mark.rasa, pytest.mark.asyncio]

INTENTS = frozenset(yaml.safe_load(Path(ROOT / "domain.yml").read_text(encoding="utf-8"))["intents"])
LINES = {
    "empty": "",
    "blanks": " \t\n　 ",
    "slashes": "///",
    "emoji": "😂🤣👨‍👩‍👧‍👦🇨🇳",
    "letter": "a",
    "sign": "?",
    "equal": "啊" * 500,
    "right to left": "\u202e\u200f退货\u202c",
    "arabic": "مرحبا أريد استرداد أموالي",
    "zero width": "退\u200b货\u200d\ufeff",
    "only zero width": "\u200b\u200d\ufeff",
    "surrogate": "\ud83d 退货",
    "nul": "退货\x00吗",
    "mixed": "退kuan Возврат 환불 ありがとう",
    "english": "where is my order",
    "code": "SELECT * FROM orders; <script>alert(1)</script> {{7*7}} ${HOME}",
    "url": "https://shop.example/item/1?a=2#b",
    "phone": "13900010001",
    "id card": "11010519491231002X",
    "digits": "1" * 500,
    "combining": "e\u0301" * 200,
    "brackets": '[退货](product) {"a": 1}',
}
LONG = {
    "words": "我买的那件黑色外套三天了还没有发货",
    "digits": "1234567890",
    "equal": "啊",
    "spoken digits": "一二三四五六七八",
    "latin": "refund please ",
    "slips": "退宽发或尺玛",
    "bubbles": "在吗 ",
    "apart": "1 2 3 ",
}


@pytest.mark.parametrize("text", LINES.values(), ids=LINES.keys())
async def test_anything_is_some_intent(dialogue: Any, text: str) -> None:
    """One of the domain's intents, and entities that lie inside the text."""
    found = await dialogue.understand(text, date(2026, 11, 21))
    assert found.intent in INTENTS
    assert set(found.requests) <= INTENTS
    assert all(text[one.start : one.end] == one.raw for one in found.entities)


@pytest.mark.parametrize("piece", LONG.values(), ids=LONG.keys())
async def test_5000_characters_of_anything_are_understood(dialogue: Any, piece: str) -> None:
    """Read as far as words are looked for; how long that takes is measured by `xiaoer bench`."""
    found = await dialogue.understand((piece * 5000)[:5000], date(2026, 11, 21))
    assert found.intent in INTENTS
