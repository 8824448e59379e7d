"""How upset a shopper sounds: a linear model over n-grams and over words that calm shoppers do not use.

It learns from lines written for it, from the training lines in which such words stand, and from calm ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from pathlib import Path
from typing import Any

import ahocorasick
import yaml

from bot.errors import BadInput
from bot.nlu import lexical

WORDS = "mood.yml"
LINES = "mood_lines.yml"
ANGRY_FROM = 1.0
STRESS = 3
"""How often a telling word counts beside the n-grams that it is made of."""
CALM_LINES = 1000
"""Calm training lines beside about as many others: more of them and all irony is calm, fewer and small talk
sounds angry."""


class Mood(str, Enum):
    """A shopper's mood, by rule 16 of the intents' boundaries."""

    CALM = "calm"
    CONFUSED = "confused"
    ANGRY = "angry"


@dataclass(frozen=True)
class MoodWords:
    """Words with weights; where they add up to `ANGRY_FROM`, they tell anger by themselves."""

    angry: Mapping[str, float]
    confused: tuple[str, ...]
    heated: frozenset[str]
    """Intents whose lines are often angry without any of these words."""

    def features(self, text: str, grams: Sequence[str]) -> list[str]:
        """The n-grams of a normalised text and what its telling words say."""
        anger, confused = self._tell(text)
        told = [f"angry:{min(int(anger * 2), 2)}"] if anger > 0 else []
        return [*grams, *(told + ["confused"] * confused) * STRESS]

    def alone(self, text: str) -> Mood:
        """The mood by these words alone; anger is told before confusion."""
        anger, confused = self._tell(text)
        return Mood.ANGRY if anger >= ANGRY_FROM else Mood.CONFUSED if confused else Mood.CALM

    def _tell(self, text: str) -> tuple[float, bool]:
        """The weight of the angry words in a text, each counted once, and whether there is a confused one."""
        found = {word for _, word in self._words.iter(text)} if len(self._words) else set()
        return sum(self.angry.get(word, 0.0) for word in found), any(word not in self.angry for word in found)

    @cached_property
    def _words(self) -> ahocorasick.Automaton:
        automaton = ahocorasick.Automaton()
        for word in (*self.angry, *self.confused):
            automaton.add_word(word, word)
        automaton.make_automaton()
        return automaton


@dataclass(frozen=True)
class Line:
    """A training line: normalised, in n-grams, with its intent or its mood."""

    text: str
    grams: Sequence[str]
    label: str


@dataclass(frozen=True)
class MoodModel:
    """The words and the linear model; its labels are moods."""

    words: MoodWords
    model: lexical.LexicalModel

    def of(self, text: str, grams: Sequence[str]) -> Mood:
        """The mood of a normalised message; calm where nothing is said."""
        if not any(ch.isalnum() for ch in text):
            return Mood.CALM
        scores = self.model.scores(self.words.features(text, grams))
        return Mood(self.model.intents[int(scores.argmax())])


def train(words: MoodWords, written: Iterable[Line], examples: Sequence[Line]) -> lexical.LexicalModel:
    """A model of the lines written for it, whose label is the mood, and of the intents' examples."""
    lines = [*written, *_told(words, examples)]
    documents = [words.features(line.text, line.grams) for line in lines]
    return lexical.train(documents, [line.label for line in lines], least=1).model


def load(lexicon: Path) -> MoodWords:
    """The words from `mood.yml`: `angry` {word: weight}, `confused` a list of words, `heated` of intents."""
    raw = _read(lexicon / WORDS, {"angry", "confused", "heated"})
    angry = {str(word): float(weight) for word, weight in raw["angry"].items()}
    return MoodWords(angry, tuple(map(str, raw["confused"])), frozenset(raw["heated"]))


def written(lexicon: Path) -> list[tuple[str, Mood]]:
    """The lines of `mood_lines.yml`: {mood: [line]}."""
    raw = _read(lexicon / LINES, {mood.value for mood in Mood})
    return [(str(text), Mood(mood)) for mood, texts in raw.items() for text in texts]


def _told(words: MoodWords, examples: Sequence[Line]) -> list[Line]:
    """Examples whose words tell a mood by themselves, and some calm ones, evenly from all that surely are."""
    moods = [(line, words.alone(line.text)) for line in examples]
    upset = [Line(line.text, line.grams, mood.value) for line, mood in moods if mood is not Mood.CALM]
    calm = [line for line, mood in moods if mood is Mood.CALM and line.label not in words.heated]
    some = calm[:: max(1, len(calm) // CALM_LINES)]
    return [*upset, *(Line(line.text, line.grams, Mood.CALM.value) for line in some)]


def _read(path: Path, keys: set[str]) -> dict[str, Any]:
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(raw, dict) or set(raw) != keys:
        raise BadInput(f"{path.name}: expected the keys {', '.join(sorted(keys))}, came {sorted(raw)}")
    return raw
