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
    """One stored message of the shopper: text, the id of a pressed button, or a picture."""

    seq: int
    text: str
    button: str | None
    page: dict[str, Any] | None
    at: datetime
    picture: bool = False
    """Its `text` is then only what people see in its place."""


@dataclass(frozen=True)
class Merged:
    """What one turn reads; `upto` is the number of the last bubble in it.

    Without text and button there is nothing but pictures.
    """

    upto: int
    text: str | None
    button: str | None
    page: dict[str, Any] | None
    at: datetime
    pictures: int = 0


def merge(bubbles: Sequence[Bubble]) -> Merged:
    """The first turn's worth of unanswered bubbles: whole ones up to MAX_CHARS, joined by newlines.

    A button is a turn of its own. A single bubble beyond MAX_CHARS is cut to them. Pictures are counted.
    """
    first = bubbles[0]
    if first.button is not None:
        return Merged(first.seq, None, first.button, first.page, first.at)
    read, text = [first], None if first.picture else first.text[:MAX_CHARS]
    for bubble in bubbles[1:]:
        joined = text if bubble.picture else _joined(text, bubble.text)
        if bubble.button is not None or len(joined or "") > MAX_CHARS:
            break
        text = joined
        read.append(bubble)
    speaks = [bubble for bubble in read if not bubble.picture] or read
    pictures = sum(bubble.picture for bubble in read)
    return Merged(read[-1].seq, text, None, speaks[-1].page, read[-1].at, pictures)


def _joined(text: str | None, more: str) -> str:
    """The first text of a turn is cut to MAX_CHARS; a later one that is too long waits for the next turn."""
    return more[:MAX_CHARS] if text is None else f"{text}\n{more}"


def may_continue(text: str, *, answers_question: bool) -> bool:
    """Whether the rest of the thought is likely to follow: a bare greeting, or one or two characters.

    Never when the bot has just asked something, since then a short line is a whole answer.
    """
    bare = text.strip(_TRIM).lower()
    if bare in COMPLETE or answers_question:
        return False
    return bare.replace(" ", "") in GREETINGS or len(bare) <= 2
