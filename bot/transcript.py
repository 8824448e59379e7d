"""A message at the end of a transcript: what was said before it, as a conversation would have kept it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bot.errors import BadInput
from bot.intents import Intents
from bot.several import name_of
from bot.understanding import Read

SHOPPER, BOT = "shopper", "bot"
LOOKS_BACK = 6
"""So many of the shopper's messages before the last one are read: what is older says nothing any more."""


@dataclass(frozen=True)
class Said:
    """One message of a transcript; `who` is SHOPPER or BOT, which a person at the desk counts as, too."""

    who: str
    text: str


class Reads(Protocol):
    """Reads a message after the intents before it, oldest first."""

    def __call__(self, said: str, *, asked: bool, recent: Sequence[str]) -> Read:
        """`asked`: whether a value was asked for."""
        ...


def remembered(before: Sequence[Said], read: Reads, intents: Intents) -> tuple[tuple[str, ...], bool]:
    """The intents of the shopper's messages, oldest first, and whether they are asked for a value now."""
    recent: tuple[str, ...] = ()
    asked = False
    said = [at for at, one in enumerate(before) if one.who == SHOPPER]
    for one in before[said[-LOOKS_BACK] if len(said) > LOOKS_BACK else 0 :]:
        if one.who == BOT:
            asked = intents.following.asks_for_value(one.text)
            continue
        found = read(one.text, asked=asked, recent=recent)
        recent, asked = (*recent, *map(name_of, found.parses)), False
    return recent, asked


def read_said(raw: Any) -> tuple[Said, ...]:
    """`[{"who", "text"}]`, nothing for None; raises BadInput naming what is wrong in it."""
    if raw is None:
        return ()
    if not isinstance(raw, list):
        raise BadInput(f'turns 应为 [{{"who": "shopper", "text": "…"}}, …],却是 {raw!r:.40}')
    return tuple(_said(at, row) for at, row in enumerate(raw, start=1))


def _said(at: int, row: Any) -> Said:
    if not isinstance(row, Mapping):
        raise BadInput(f'turns 第 {at} 个应为 {{"who", "text"}},却是 {row!r:.40}')
    who, text = row.get("who"), row.get("text")
    if who not in (SHOPPER, BOT):
        raise BadInput(f"turns 第 {at} 个的 who 应为 {SHOPPER} 或 {BOT},却是 {who!r:.40}")
    if not isinstance(text, str):
        raise BadInput(f"turns 第 {at} 个的 text 应为文字,却是 {text!r:.40}")
    return Said(who, text)
