"""What is fitted on scores of lines that a model has not seen: whole writers are held out where known.

Lines of one writer resemble each other, so a random split promises more than strangers' messages keep.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]
Learn = Callable[[Any, Numbers], Any]
FOLDS = 3
SEED = 7
HEATS = np.geomspace(0.05, 1.0, 40)


def numbered(labels: Sequence[str]) -> tuple[tuple[str, ...], Numbers]:
    """The intents in the order of their numbers, and each label's number."""
    intents = tuple(sorted(set(labels)))
    number = {intent: at for at, intent in enumerate(intents)}
    return intents, np.array([number[label] for label in labels])


def held_out(
    make: Callable[[], Any],
    features: Any,
    target: Numbers,
    writers: Sequence[str],
    learn: Learn | None = None,
) -> Floats:
    """Decision scores of every line by a model that saw none of its fold.

    `make` gives an unfitted model, `learn` fits it to lines by their numbers (by default, to their features).
    """
    from sklearn.model_selection import GroupKFold, StratifiedKFold

    by_writer = len(set(writers)) >= FOLDS and "" not in writers
    folds = GroupKFold(FOLDS) if by_writer else StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)
    scores = np.zeros((len(target), int(target.max()) + 1), dtype=np.float32)
    for seen, unseen in folds.split(features, target, list(writers) if by_writer else None):
        model = learn(make(), seen) if learn else make().fit(features[seen], target[seen])
        scores[unseen] = model.decision_function(features[unseen])
    return scores


def temperature(scores: Floats, target: Numbers) -> float:
    """The temperature that makes held-out scores the least surprising."""
    rows = np.arange(len(target))
    surprise = [-np.log(softmax(scores, heat)[rows, target] + 1e-12).mean() for heat in HEATS]
    return float(HEATS[int(np.argmin(surprise))])


def sure_from(probabilities: Floats, target: Numbers, precision: float) -> float:
    """The lowest top probability from which on held-out verdicts have this precision; 1.0 if none is."""
    best = probabilities.max(axis=1)
    order = np.argsort(-best)
    right = (probabilities.argmax(axis=1) == target)[order]
    enough = np.flatnonzero(np.cumsum(right) / np.arange(1, len(right) + 1) >= precision)
    return float(best[order][enough[-1]]) if len(enough) else 1.0


def softmax(scores: Floats, heat: float) -> Floats:
    """Scores (rows) as probabilities."""
    warm = scores / heat
    warm = np.exp(warm - warm.max(axis=1, keepdims=True))
    return np.asarray(warm / warm.sum(axis=1, keepdims=True))
