"""What a short message means after the request before it; alone it may say little or something else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.yaml_file import read_yaml

Json = dict[str, Any]
CONTEXT = "data/lexicon/context.yml"
SHORT = 10
"""Letters and digits up to which a message may lean on the one before it."""
SAME, KIN, NAMED_ANEW = 12.0, 4.0, 60.0
"""How much likelier than a new topic the same request is, its kin, and the same one of something else."""
GIVES = "provide_info"
UNNAMED = 0.01
"""The probability of an intent that the ranking does not name."""
LEAST_ANEW = 0.9
"""What the last request weighs at least where something else is named: 苏州呢, whatever that may be alone."""
_ENDING = re.compile(r"[\s啊呀哦噢哈了吧亲~。.!！?？,，…]+$")


@dataclass(frozen=True)
class Following:
    """How likely one request follows another, and what it then means."""

    kin: tuple[frozenset[str], ...]
    means: Mapping[str, Mapping[str, str]]
    named_anew: re.Pattern[str]
    bare_questions: re.Pattern[str]
    gives: re.Pattern[str]
    """What names a field and its value."""
    of_kind: re.Pattern[str]
    """Which one of several goods is meant, and of which requests that goes on."""
    goods: frozenset[str]
    own_words: Mapping[str, re.Pattern[str]]
    """By which a message means that intent whatever stands before it."""
    pushed: Mapping[str, str]
    """What a push means after a request."""
    picks: re.Pattern[str]
    """One of several, and what is asked about it."""
    values_asked: re.Pattern[str]
    """What the other side says where it wants to be told a value."""

    def leans(self, text: str) -> bool:
        """Whether a message is short enough to be read by the one before it.

        What picks one of several and asks about it asks by itself: 第二个有啥颜色.
        """
        return sum(ch.isalnum() for ch in text) <= SHORT and self.picks.match(text) is None

    def gives_value(self, text: str) -> bool:
        """Whether a message says what something is: 门牌是68."""
        return self.gives.fullmatch(_ENDING.sub("", text).strip()) is not None

    def asks_for_value(self, text: str) -> bool:
        """Whether what the other side said last asks for a number, a size, a place and the like."""
        return self.values_asked.search(text) is not None

    def names_anew(self, text: str) -> bool:
        """Whether a message may only name something else: 那袜子呢."""
        return self.named_anew.fullmatch(_ENDING.sub("", text).strip()) is not None

    def asks_barely(self, text: str) -> bool:
        """Whether a message is a question word alone: 多久, 要钱吗."""
        return self.bare_questions.fullmatch(_ENDING.sub("", text).strip()) is not None

    def ranking(self, text: str, ranked: Sequence[tuple[str, float]], before: str) -> list[tuple[str, float]]:
        """The ranking anew, likeliest first, where `before` was the last request; sums to 1."""
        means, weigh = self.means.get(before, {}), SAME
        if self.names_anew(text):
            means, weigh = {**means, GIVES: before}, NAMED_ANEW
        elif before in self.goods and self.of_kind.fullmatch(text.strip()) is not None:
            means = {**means, GIVES: before}
        odds = {before: max(UNNAMED * weigh, LEAST_ANEW if weigh == NAMED_ANEW else 0.0)}
        for name, probability in ranked:
            meant = name if self._says(name, text) else means.get(name, name)
            odds[meant] = odds.get(meant, 0.0) + probability * self._weight(meant, before, weigh)
        total = sum(odds.values())
        return sorted(((name, odd / total) for name, odd in odds.items()), key=lambda row: -row[1])

    def _says(self, intent: str, text: str) -> bool:
        own = self.own_words.get(intent)
        return own is not None and own.search(text) is not None

    def _weight(self, intent: str, before: str, same: float) -> float:
        if intent == before:
            return same
        return KIN if any(intent in kin and before in kin for kin in self.kin) else 1.0


def read_following(path: Path) -> Following:
    """What stands in the file, key by key."""
    raw = read_yaml(path)
    return Following(
        kin=tuple(map(frozenset, raw["kin"])),
        means=raw["means"],
        named_anew=_any(raw["named_anew"]),
        bare_questions=_any(raw["bare_questions"]),
        gives=_any(raw["gives"]),
        of_kind=_any(raw["of_kind"]["forms"]),
        goods=frozenset(raw["of_kind"]["requests"]),
        own_words={intent: re.compile(words) for intent, words in raw["own_words"].items()},
        pushed=raw["pushed"],
        picks=_any(raw["picks"]),
        values_asked=_any(raw["values_asked"]),
    )


def _any(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{each})" for each in patterns))
