"""Words of the shop that were typed in other characters of the same sound: 发或 for 发货."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import ahocorasick
import jieba

from bot.errors import BadInput
from bot.nlu import tokens
from bot.yaml_file import read_yaml

FILE = "sounds.yml"


@dataclass(frozen=True)
class Homophones:
    """The shop's words by their sound, and what is right although it sounds like one of them."""

    alike: Mapping[str, str]
    """A character to all that sound as it does, itself among them."""
    words: tuple[str, ...]
    right: frozenset[str]
    segmenter: jieba.Tokenizer

    def correct(self, text: str) -> str:
        """The text with words put right that are no words as they were typed."""
        heard = text.translate(self._sounds)
        slips = [
            (end + 1 - len(word), end + 1, word)
            for end, word in (self._by_sound.iter(heard) if len(self._by_sound) else ())
            if text[end + 1 - len(word) : end + 1] != word
        ]
        if not slips:
            return text
        loose = self._loose(text)
        for right in self.right:
            for at in (place.start() for place in re.finditer(right, text)):
                loose[at : at + len(right)] = [False] * len(right)
        for start, end, word in sorted(slips, key=lambda slip: slip[0] - slip[1]):
            if all(loose[start:end]) and not self.segmenter.FREQ.get(text[start:end]):
                text = f"{text[:start]}{word}{text[end:]}"
                loose[start:end] = [False] * (end - start)
        return text

    def _loose(self, text: str) -> list[bool]:
        """Which characters belong to no word of more than one."""
        spans = self.segmenter.tokenize(text, HMM=False)
        return [end - start == 1 for _, start, end in spans for _ in range(start, end)]

    @cached_property
    def _sounds(self) -> dict[int, str]:
        """Code point of a character to the one that stands for its sound."""
        return {ord(ch): same[0] for ch, same in self.alike.items()}

    @cached_property
    def _by_sound(self) -> ahocorasick.Automaton:
        by_sound: dict[str, list[str]] = {}
        for word in self.words:
            by_sound.setdefault(word.translate(self._sounds), []).append(word)
        automaton = ahocorasick.Automaton()
        for sound, words in by_sound.items():
            if len(words) == 1:  # two words of one sound: nobody knows which is meant
                automaton.add_word(sound, words[0])
        automaton.make_automaton()
        return automaton


@lru_cache(maxsize=4)
def load(lexicon: Path) -> Homophones:
    """From `sounds.yml`: {sounds: {syllable: characters}, words: words to hear, right: [what is no slip]}."""
    path = lexicon / FILE
    raw: dict[str, Any] = read_yaml(path) if path.exists() else {"sounds": {}, "words": "", "right": []}
    if set(raw) != {"sounds", "words", "right"}:
        raise BadInput(f"{path.name}: expected the keys right, sounds and words, came {sorted(raw)}")
    alike = {ch: same for same in raw["sounds"].values() for ch in same}
    return Homophones(alike, tuple(raw["words"].split()), frozenset(raw["right"]), tokens.segmenter(lexicon))
