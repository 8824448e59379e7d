"""Lines that are nearly one another: they teach one thing twice, and as a test they tell nothing."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence

from bot.nlu.normalise import normalise

NEAR = 0.7
"""Two lines are near where more of their character trigrams than this are common to both (Jaccard)."""


def bare(text: str) -> str:
    """A line as the classifier reads it, without blanks, signs and emoji, unless it is made of these."""
    plain = normalise(text)
    return "".join(ch for ch in plain if ch.isalnum()) or plain


def trigrams(text: str) -> frozenset[str]:
    """The character trigrams of a line, its borders among them."""
    line = f"^{bare(text)}$"
    return frozenset(line[at : at + 3] for at in range(len(line) - 2))


class NearLines:
    """Finds those of many lines that are near to a line, exactly and in well under a millisecond.

    Two sets can only be so alike if they share one of their rarest trigrams, so a line is looked up by as
    many of these as it may at most lack, and one more.
    """

    def __init__(self, lines: Sequence[str]) -> None:
        """`lines` are known by their place."""
        self._sets = [trigrams(line) for line in lines]
        self._seen = Counter(gram for grams in self._sets for gram in grams)
        self._holders: defaultdict[str, list[int]] = defaultdict(list)
        for at, grams in enumerate(self._sets):
            for gram in self._rarest(grams):
                self._holders[gram].append(at)

    def near(self, line: str) -> list[int]:
        """The places of the lines that are near to this one, or equal to it, in their order."""
        grams = trigrams(line)
        likely = {at for gram in self._rarest(grams) for at in self._holders.get(gram, ())}
        return sorted(at for at in likely if _likeness(grams, self._sets[at]) > NEAR)

    def _rarest(self, grams: frozenset[str]) -> list[str]:
        ordered = sorted(grams, key=lambda gram: (self._seen[gram], gram))
        return ordered[: len(ordered) - math.ceil(NEAR * len(ordered)) + 1]


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared)
