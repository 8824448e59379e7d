"""How upset a shopper sounds: weighted words over a threshold, first plain version."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from bot.errors import BadInput
from bot.yaml_file import read_yaml

FILE = "mood.yml"
ANGRY_FROM = 1.0
_SHOUTING = re.compile(r"[!！]{2,}|[?？]{3,}")
_SHOUT_WEIGHT = 0.5


class Mood(str, Enum):
    """A shopper's mood, by rule 16 of the intents' boundaries."""

    CALM = "calm"
    CONFUSED = "confused"
    ANGRY = "angry"


@dataclass(frozen=True)
class MoodLexicon:
    """Words with weights; a message is angry where they add up to `ANGRY_FROM`, shouting counts a half."""

    angry: Mapping[str, float]
    confused: tuple[str, ...]

    def of(self, text: str) -> Mood:
        """The mood of a message; anger is told before confusion."""
        weight = sum(w for word, w in self.angry.items() if word in text)
        if weight + (_SHOUT_WEIGHT if _SHOUTING.search(text) else 0.0) >= ANGRY_FROM:
            return Mood.ANGRY
        return Mood.CONFUSED if any(word in text for word in self.confused) else Mood.CALM


def load(lexicon: Path) -> MoodLexicon:
    """The lexicon from `mood.yml`: `angry` a mapping of word to weight, `confused` a list of words."""
    path = lexicon / FILE
    raw = read_yaml(path) if path.exists() else {"angry": {}, "confused": []}
    if not isinstance(raw, dict) or set(raw) != {"angry", "confused"}:
        raise BadInput(f"{path.name}: expected the keys angry and confused, came {sorted(raw)}")
    return MoodLexicon({str(w): float(v) for w, v in raw["angry"].items()}, tuple(map(str, raw["confused"])))
