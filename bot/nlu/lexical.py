"""The first stage of understanding: character and word n-grams, a linear model, calibrated probabilities.

Trained with scikit-learn; read back as plain arrays, so that a prediction is one gather and one product.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.nlu.asking import Asking, fit
from bot.nlu.fitting import SEED, held_out, numbered, softmax, temperature
from bot.nlu.normalise import mask_digits

Floats = NDArray[np.float32]
MAX_GRAM = 4
SHORT = 2
MIN_DOCUMENTS = 2
"""An n-gram seen in one example only teaches that example."""
UNKNOWN_SHARE = 0.3


def grams(text: str, words: Sequence[str]) -> list[str]:
    """Features of a normalised text: its character 1- to 4-grams with borders, its words and word pairs.

    One or two Latin letters tell something only as a word (tk, xl), not as a piece of one.
    """
    line = f"^{mask_digits(text)}$"
    pieces = (line[i : i + n] for n in range(1, MAX_GRAM + 1) for i in range(len(line) - n + 1))
    found = [piece for piece in pieces if len(piece) > SHORT or not (piece.isascii() and piece.isalpha())]
    masked = [mask_digits(word) for word in words]
    found += [f"w:{word}" for word in masked]
    found += [f"w:{one}_{two}" for one, two in pairwise(masked)]
    return found


@dataclass(frozen=True)
class Weighting:
    """tf-idf over a vocabulary, each message of length one.

    N-grams that training never saw have no column, yet part of their weight counts in the length: a message
    of strange n-grams and one known gets weak scores, and so a low probability, instead of a loud one.
    """

    vocabulary: dict[str, int]
    idf: Floats
    unknown_idf: float

    def of(self, features: Sequence[str]) -> tuple[NDArray[np.int64], Floats]:
        """Columns and values of a message's features."""
        known: dict[int, float] = {}
        strange = 0.0
        for feature, count in Counter(features).items():
            damped = 1.0 if count == 1 else 1 + math.log(count)
            at = self.vocabulary.get(feature)
            if at is None:
                strange += (damped * self.unknown_idf) ** 2
            else:
                known[at] = damped * self._weights[at]
        length = math.sqrt(sum(value * value for value in known.values()) + UNKNOWN_SHARE * strange) or 1.0
        columns = np.fromiter(known.keys(), dtype=np.int64, count=len(known))
        return columns, np.fromiter(known.values(), dtype=np.float32, count=len(known)) / np.float32(length)

    @cached_property
    def _weights(self) -> list[float]:
        """`idf` as plain numbers: a message has too few features for arrays to pay."""
        return [float(weight) for weight in self.idf]

    def matrix(self, documents: Sequence[Sequence[str]]) -> Any:
        """All messages as rows of a sparse matrix."""
        from scipy.sparse import csr_matrix

        rows = [self.of(features) for features in documents]
        starts = np.cumsum([0, *(len(columns) for columns, _ in rows)])
        columns = np.concatenate([columns for columns, _ in rows])
        values = np.concatenate([values for _, values in rows])
        return csr_matrix((values, columns, starts), shape=(len(rows), len(self.vocabulary)))


def weigh(documents: Sequence[Sequence[str]], least: int = MIN_DOCUMENTS) -> Weighting:
    """The weighting that training documents give, of features that stand in at least so many of them."""
    seen = Counter(feature for features in documents for feature in set(features))
    kept = sorted(feature for feature, count in seen.items() if count >= least)
    idf = [math.log((1 + len(documents)) / (1 + seen[feature])) + 1 for feature in kept]
    vocabulary = {feature: at for at, feature in enumerate(kept)}
    return Weighting(vocabulary, np.array(idf, dtype=np.float32), math.log((1 + len(documents)) / 2) + 1)


@dataclass(frozen=True)
class LexicalModel:
    """A trained model: `weights` is features x intents (float32, stored as float16), `bias` is per intent."""

    intents: tuple[str, ...]
    weighting: Weighting
    weights: Floats
    bias: Floats
    temperature: float

    def rank(self, features: Sequence[str]) -> list[tuple[str, float]]:
        """All intents with their probabilities, likeliest first; ties in the order of the names."""
        return ranked(self.intents, self.scores(features), self.temperature)

    def scores(self, features: Sequence[str]) -> Floats:
        """One score per intent."""
        columns, values = self.weighting.of(features)
        return np.asarray(values @ self.weights[columns] + self.bias)

    def save(self, folder: Path) -> None:
        """Write the model as one array file and one JSON file; nothing in it runs when read."""
        weights = self.weights.astype(np.float16)
        np.savez(folder / "lexical.npz", idf=self.weighting.idf, weights=weights, bias=self.bias)
        names = {
            "intents": self.intents,
            "temperature": self.temperature,
            "unknown_idf": self.weighting.unknown_idf,
            "vocabulary": list(self.weighting.vocabulary),
        }
        (folder / "lexical.json").write_text(json.dumps(names, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> LexicalModel:
        """Read what `save` wrote."""
        names = json.loads((folder / "lexical.json").read_text(encoding="utf-8"))
        vocabulary = {gram: at for at, gram in enumerate(names["vocabulary"])}
        with np.load(folder / "lexical.npz", allow_pickle=False) as arrays:
            return cls(
                intents=tuple(names["intents"]),
                weighting=Weighting(vocabulary, arrays["idf"], names["unknown_idf"]),
                weights=arrays["weights"].astype(np.float32),
                bias=arrays["bias"],
                temperature=names["temperature"],
            )


def ranked(intents: Sequence[str], scores: Floats, heat: float) -> list[tuple[str, float]]:
    """All intents with their probabilities, likeliest first; ties in the order of the names."""
    probabilities = softmax(scores[None, :], heat)[0]
    order = np.argsort(-probabilities, kind="stable")
    return [(intents[i], float(probabilities[i])) for i in order]


@dataclass(frozen=True)
class Fitted:
    """A model, when to ask, and its lines' scores (lines x intents) by models blind to their writers."""

    model: LexicalModel
    asking: Asking
    held_out: Floats


def train(
    documents: Sequence[Sequence[str]],
    labels: Sequence[str],
    writers: Sequence[str] = (),
    least: int = MIN_DOCUMENTS,
    slips: Sequence[Sequence[str]] = (),
) -> Fitted:
    """A model from feature lists, their intents and, where known, their writers (who are held out to fit).

    `slips` are features of the same lines with a slip in each: learnt beside them, never judged by, and
    without a say in which n-grams count.
    """
    weighting = weigh(documents, least)
    matrix = weighting.matrix(documents)
    intents, target = numbered(labels)
    wrong = weighting.matrix(slips) if slips else None

    def learn(classifier: Any, lines: NDArray[np.int64]) -> Any:
        from scipy.sparse import vstack

        if wrong is None:
            return classifier.fit(matrix[lines], target[lines])
        return classifier.fit(vstack([matrix[lines], wrong[lines]]), np.tile(target[lines], 2))

    classifier = learn(_classifier(), np.arange(len(target)))
    unseen = held_out(_classifier, matrix, target, writers, learn)
    heat = temperature(unseen, target)
    model = LexicalModel(
        intents=intents,
        weighting=weighting,
        weights=np.ascontiguousarray(classifier.coef_.T).astype(np.float16).astype(np.float32),
        bias=classifier.intercept_.astype(np.float32),
        temperature=heat,
    )
    return Fitted(model, fit(softmax(unseen, heat), target, intents), unseen)


def _classifier() -> Any:
    from sklearn.svm import LinearSVC

    # A looser tolerance than the default changes no figure and takes a third less time.
    return LinearSVC(C=0.8, class_weight="balanced", tol=0.05, random_state=SEED)
