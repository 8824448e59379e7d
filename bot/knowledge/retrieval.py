"""Texts found by what they share with a question: runs of one to three characters, the rare above all."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log, sqrt

import yaml

from bot.settings import ROOT

WORDS = ROOT / "data" / "knowledge.yml"
LONGEST_RUN = 3
MOST_READ = 200
"""Characters of a question that are read."""
ENOUGH = 30.0
"""Shared weight, of about three words, at which a text counts for half of what it could."""
BARE = 4
"""A question of fewer characters beside its asking (怎么洗) is never sure, unless it is the text itself."""
SURE, NEAR = 0.4, 0.14
"""Scores from which a text answers the question, and from which it is worth offering."""
_BREAKS = re.compile(r"[^\w]+")


@dataclass(frozen=True)
class Hit:
    """A text's key, and how well it answers: 0 shares nothing, 1 is the question itself."""

    key: str
    score: float

    @property
    def sure(self) -> bool:
        """Whether the text may be said as the answer."""
        return self.score >= SURE

    @property
    def near(self) -> bool:
        """Whether the text may be offered."""
        return self.score >= NEAR


class Index:
    """Some texts, each under one or more wordings; made once, asked often."""

    def __init__(self, texts: Mapping[str, Sequence[str]]) -> None:
        """`texts`: key to its wordings."""
        self._exact = {_bare(text): key for key, several in texts.items() for text in several}
        held = {key: frozenset[str]().union(*map(runs, several)) for key, several in texts.items()}
        count = Counter(run for found in held.values() for run in found)
        self._weights = {run: _rarity(run, len(held) / n) for run, n in count.items()}
        self._size = len(held)
        self._holding: dict[str, list[str]] = {}
        for key, found in held.items():
            for run in found:
                self._holding.setdefault(run, []).append(key)

    def find(self, question: str, most: int = 3) -> tuple[Hit, ...]:
        """The texts that share most with the question, best first; those that share nothing are left out.

        The score is how much of the question a text covers, less where little is shared in all.
        """
        question = question[:MOST_READ]
        asked = runs(question)
        whole = sum(self._weight(run) ** 2 for run in asked)
        covered: dict[str, float] = {}
        shared: dict[str, float] = {}
        for run in asked:
            weight = self._weight(run)
            for key in self._holding.get(run, ()):
                covered[key] = covered.get(key, 0.0) + weight**2
                shared[key] = shared.get(key, 0.0) + weight
        most_sure = 1.0 if tells_enough(question) else SURE - 0.01
        scores = {
            key: min(sqrt(covered[key] / whole) * shared[key] / (shared[key] + ENOUGH), most_sure)
            for key in covered
        }
        if (same := self._exact.get(_bare(question))) is not None:
            scores[same] = 1.0
        ranked = sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))
        return tuple(Hit(key, round(score, 4)) for key, score in ranked[:most])

    def _weight(self, run: str) -> float:
        return self._weights.get(run) or _rarity(run, 2 * self._size)


def runs(text: str) -> frozenset[str]:
    """The runs of one to three characters in a text, filler left out."""
    pieces = [piece for piece in _BREAKS.split(plain(text)) if piece]
    return frozenset(
        piece[at : at + size]
        for piece in pieces
        for size in range(1, LONGEST_RUN + 1)
        for at in range(len(piece) - size + 1)
    )


def plain(text: str) -> str:
    """Half width, lower case, words of one meaning as one, filler as blanks; all filler is left as it is."""
    folded = unicodedata.normalize("NFKC", text).lower()
    words = _words()
    found = words.pattern.sub(lambda word: words.means.get(word.group(), " "), folded)
    return found if _BREAKS.sub("", found) else folded


def tells_enough(question: str) -> bool:
    """Whether a question says what it is about, beside its asking."""
    return len(_BREAKS.sub("", _words().asking.sub("", plain(question)))) >= BARE


def _bare(text: str) -> str:
    return _BREAKS.sub("", plain(text))


def _rarity(run: str, share: float) -> float:
    return log(1 + share) * sqrt(len(run))


@dataclass(frozen=True)
class _Words:
    pattern: re.Pattern[str]
    means: Mapping[str, str]
    asking: re.Pattern[str]


@lru_cache(maxsize=1)
def _words() -> _Words:
    raw = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    means = {word: one for one, words in raw["same"].items() for word in (one, *words)}
    filler = {word for words in raw["filler"] for word in words}
    return _Words(_any_of({*means, *filler}), means, _any_of(raw["asking"]))


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))
