"""Slips of the input method, pinyin and initials, as the words that are meant."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from bot.yaml_file import read_yaml

FILE = "typos.yml"
"""File in a lexicon folder: {what is typed: what is meant}."""


@dataclass(frozen=True)
class Typos:
    """Chinese entries are found anywhere; Latin ones as whole words, with no letter or digit beside them."""

    meant: dict[str, str]

    def correct(self, text: str) -> str:
        """The text, which is lower case, with every slip put right once."""
        return self._pattern.sub(lambda slip: self.meant[slip.group()], text)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        longest = sorted(self.meant, key=len, reverse=True)
        latin = "|".join(re.escape(slip) for slip in longest if slip.isascii())
        chinese = "|".join(re.escape(slip) for slip in longest if not slip.isascii())
        words = [rf"(?<![a-z0-9])(?:{latin})(?![a-z0-9])"] if latin else []
        return re.compile("|".join([*words, *([chinese] if chinese else [])]) or "(?!)")


@lru_cache(maxsize=4)
def load(lexicon: Path) -> Typos:
    """The slips of a lexicon folder; none where it has no such file."""
    path = lexicon / FILE
    raw = read_yaml(path) if path.exists() else {}
    return Typos({str(typed): str(meant) for typed, meant in raw.items()})
