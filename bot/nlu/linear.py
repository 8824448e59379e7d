"""The linear model of the sentence vectors: what LinearSVC fits, all intents at once by dense products.

liblinear takes a dense row for a sparse one and goes through all of them once per intent: 15 s where this
takes 1, for the same scores.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bot.nlu.fitting import Floats, Numbers

STEPS = 30
"""Of L-BFGS; more change no score that matters."""


class SquaredHinge:
    """One machine per intent, squared hinge loss; each intent weighs alike, however few its lines.

    `weights` is features x intents, `bias` per intent (float32); both are set by `fit`.
    """

    def __init__(self, cost: float) -> None:
        """`cost` is LinearSVC's C."""
        self.cost = cost

    def fit(self, features: Floats, target: Numbers) -> SquaredHinge:
        """Learn from rows of features and the number of each row's intent; every number occurs."""
        from scipy.optimize import minimize
        from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

        rows = np.hstack([features, np.ones((len(features), 1), dtype=np.float32)])
        level = _levelling(rows)
        signs = np.where(np.arange(target.max() + 1) == target[:, None], np.float32(1), np.float32(-1))
        loss = _Loss(rows @ level, level, signs, self.cost * _balance(signs))
        start = np.zeros(rows.shape[1] * signs.shape[1])
        with threadpool_limits(1):  # products this small gain nothing from a second core but its waiting
            found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": STEPS})
        both = level @ found.x.reshape(rows.shape[1], -1).astype(np.float32)
        self.weights, self.bias = both[:-1], both[-1]
        return self

    def decision_function(self, features: Floats) -> Floats:
        """A score per row and intent."""
        return np.asarray(features @ self.weights + self.bias)


class _Loss:
    """LinearSVC's objective and its slope in levelled weights; rows x features, rows x intents."""

    def __init__(self, rows: Floats, level: Floats, signs: Floats, cost: Floats) -> None:
        self._rows, self._level, self._signs, self._cost = rows, level, signs, cost

    def __call__(self, flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        levelled = flat.reshape(self._rows.shape[1], -1).astype(np.float32)
        weights = self._level @ levelled
        short = np.maximum(1 - self._signs * (self._rows @ levelled), 0)
        costly = self._cost * short
        total = 0.5 * np.vdot(weights, weights) + np.vdot(costly, short)
        slope = self._level.T @ weights - 2 * (self._rows.T @ (self._signs * costly))
        return float(total), slope.astype(np.float64).ravel()


def _balance(signs: Floats) -> Floats:
    """What a row counts for its own intent, so that few lines weigh as much as many; 1 against the others."""
    lines, intents = signs.shape
    share = lines / (intents * (signs > 0).sum(axis=0))
    return np.where(signs > 0, share, 1).astype(np.float32)


def _levelling(rows: Floats) -> Floats:
    """The map (features x features) after which all directions spread alike: fewer steps will do."""
    spread = rows.T.astype(np.float64) @ rows / len(rows) + 1e-3 * np.eye(rows.shape[1])
    return np.asarray(np.linalg.inv(np.linalg.cholesky(spread).T), dtype=np.float32)
