"""From a shopper's bubbles to what the bot reads as one turn. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

MAX_CHARS = 500
"""Characters that one turn reads; what is longer is stored whole."""
GREETINGS = frozenset(
    "你好 您好 你好呀 您好呀 你好在吗 您好在吗 在吗 在么 在不在 在不 亲 亲亲 亲在吗 哈喽 哈啰 嗨 "  # noqa: SIM905
    "hi hello hey nihao zaima 客服 客服在吗 请问 问一下 咨询一下".split()
)
COMPLETE = frozenset(
    "好 好的 嗯 嗯嗯 行 可以 是 是的 对 对的 不 不是 不要 不用 没有 没 谢谢 多谢 ok 1 2 3 4".split()  # noqa: SIM905
)
"""Short, but a whole answer: nothing more is to be expected."""
_TRIM = " \t\n,.!?~，。！？～…、"


@dataclass(frozen=True)
class Bubble:
    """One stored message of the shopper: text, or the id of a pressed button."""

    seq: int
    text: str
    button: str | None
    page: dict[str, Any] | None
    at: datetime


@dataclass(frozen=True)
class Merged:
    """What one turn reads; `upto` is the number of the last bubble in it."""

    upto: int
    text: str | None
    button: str | None
    page: dict[str, Any] | None
    at: datetime


def merge(bubbles: Sequence[Bubble]) -> Merged:
    """The first turn's worth of unanswered bubbles: whole ones up to MAX_CHARS, joined by newlines.

    A button is a turn of its own. A single bubble beyond MAX_CHARS is cut to them.
    """
    first = bubbles[0]
    if first.button is not None:
        return Merged(first.seq, None, first.button, first.page, first.at)
    text, last = first.text[:MAX_CHARS], first
    for bubble in bubbles[1:]:
        joined = f"{text}\n{bubble.text}"
        if bubble.button is not None or len(joined) > MAX_CHARS:
            break
        text, last = joined, bubble
    return Merged(last.seq, text, None, last.page, last.at)


def may_continue(text: str, *, answers_question: bool) -> bool:
    """Whether the rest of the thought is likely to follow: a bare greeting, or one or two characters.

    Never when the bot has just asked something, since then a short line is a whole answer.
    """
    bare = text.strip(_TRIM).lower()
    if bare in COMPLETE or answers_question:
        return False
    return bare.replace(" ", "") in GREETINGS or len(bare) <= 2
