"""One case as the rules see it, and one reason against a draft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.reply.guard.reading import Facts, Reading
from bot.reply.guard.vocabulary import Vocabulary
from bot.reply.style import Style, Styles

RULES = (
    "value", "omission", "promise", "polarity", "swap", "unit", "status", "style", "personal", "injection",
    "format", "language", "length", "emoji", "mood",
)  # fmt: skip


@dataclass(frozen=True)
class Reason:
    """Why a draft is refused; `span` as written in the draft, empty for an omission."""

    rule: str
    span: str
    expected: str
    why: str

    def to_json(self) -> dict[str, str]:
        """As the guard's output has it."""
        return {"rule": self.rule, "span": self.span, "expected": self.expected, "why": self.why}


@dataclass(frozen=True)
class Manner:
    """The style a draft must keep: form of address, most characters, emoji."""

    style: Style | None
    address: str
    max_chars: int
    emoji: bool


@dataclass(frozen=True)
class Case:
    """Everything that is known of one draft."""

    template: Reading
    draft: Reading
    shopper: Reading
    facts: Facts
    raw_facts: Mapping[str, Any]
    mood: str
    manner: Manner
    today: date | None
    words: Vocabulary
    styles: Styles
