"""A text read whole: folded, cut, with its values and mentions; and what facts support."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from bot.reply.guard import mentions, values
from bot.reply.guard.mentions import Mention, Scene
from bot.reply.guard.text import Clause, Folded, clauses, fold
from bot.reply.guard.values import Value
from bot.reply.guard.vocabulary import Vocabulary

DEEPEST = 12
"""Facts nested deeper are not read."""


@dataclass(frozen=True)
class Reading:
    """Everything the rules look at in one text."""

    folded: Folded
    clauses: list[Clause]
    values: list[Value]
    mentions: list[Mention]

    @property
    def text(self) -> str:
        """The folded text."""
        return self.folded.text

    def span(self, start: int, end: int) -> str:
        """As written."""
        return self.folded.span(start, end)

    def clause_at(self, place: int) -> int:
        """The number of the clause around a place; the last one where it is punctuation."""
        for number, clause in enumerate(self.clauses):
            if place < clause.end:
                return number
        return len(self.clauses) - 1

    def bigrams(self) -> frozenset[str]:
        """Every two neighbouring characters."""
        return grams(self.text)


@dataclass(frozen=True)
class Item:
    """One object of the facts, read: what stands in it belongs together."""

    text: str
    values: tuple[Value, ...]
    numbers: frozenset[float]


@dataclass(frozen=True)
class Facts:
    """What the facts support: values, words, numbers without a unit, sizes of lists, and single objects."""

    values: list[Value]
    mentions: list[Mention]
    text: str
    numbers: frozenset[float]
    sizes: frozenset[int]
    items: tuple[Item, ...]

    def bigrams(self) -> frozenset[str]:
        """Every two neighbouring characters of all words."""
        return grams(self.text)


def read(written: str, words: Vocabulary, today: date | None) -> Reading:
    """A text read; never raises."""
    return _read(written, words, today)


@lru_cache(maxsize=2048)
def _read(written: str, words: Vocabulary, today: date | None) -> Reading:
    folded = fold(written)
    cut = clauses(folded.text)
    found = values.read(folded.text, words, today)
    return Reading(folded, cut, found, mentions.read(Scene(folded.text, cut, found), words))


def grams(text: str) -> frozenset[str]:
    """Every two neighbouring characters of a text."""
    return frozenset(text[at : at + 2] for at in range(len(text) - 1))


def read_facts(facts: Any, words: Vocabulary, today: date | None) -> Facts:
    """The facts read, personal ones left out: what they say of a person is no support."""
    strings: list[str] = []
    numbers: set[float] = set()
    sizes: set[int] = set()
    objects: list[Mapping[str, Any]] = []
    for leaf in _leaves(facts, 0):
        if isinstance(leaf, str):
            strings.append(leaf)
        elif isinstance(leaf, (int, float)):
            numbers.add(float(leaf))
        elif isinstance(leaf, list):
            sizes.add(len(leaf))
        else:
            objects.append(leaf)
    reading = read("\n".join(strings), words, today)
    spoken = [*reading.mentions, *_coded(strings, words)]
    items = tuple(_item(one, words, today) for one in objects[1:]) if len(objects) > 1 else ()
    return Facts(reading.values, spoken, reading.text, frozenset(numbers), frozenset(sizes), items)


def _item(facts: Mapping[str, Any], words: Vocabulary, today: date | None) -> Item:
    leaves = list(_leaves(facts, 0))
    reading = read("\n".join(leaf for leaf in leaves if isinstance(leaf, str)), words, today)
    numbers = frozenset(float(leaf) for leaf in leaves if isinstance(leaf, (int, float)))
    return Item(reading.text, tuple(reading.values), numbers)


def _leaves(value: Any, depth: int) -> Iterator[Any]:
    """Strings, numbers, and also every list and object on the way."""
    if isinstance(value, bool) or value is None or depth > DEEPEST:
        return
    if isinstance(value, Mapping):
        yield value
        for part in value.values():
            yield from _leaves(part, depth + 1)
    elif isinstance(value, (list, tuple)):
        yield list(value)
        for part in value:
            yield from _leaves(part, depth + 1)
    elif isinstance(value, (str, int, float)):
        yield value


def _coded(strings: list[str], words: Vocabulary) -> Iterator[Mention]:
    """What codes such as in_transit say."""
    for code in strings:
        for concept, aspect in words.codes.get(re.sub(r"[\s-]", "_", code.lower()), ()):
            yield Mention(concept, 0, 0, 0, False, aspect, frozenset({aspect}), False, False)
