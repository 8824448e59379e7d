"""The dense solver finds what LinearSVC finds."""

from __future__ import annotations

import numpy as np
from sklearn.svm import LinearSVC

from bot.nlu.linear import SquaredHinge


def test_it_scores_as_a_balanced_linear_svm_does() -> None:
    """Of unequal classes with features of very unequal spread, and on rows it has not seen."""
    rng = np.random.default_rng(3)
    target = np.repeat([0, 1, 2], [20, 60, 120])
    centres = rng.normal(size=(3, 12))
    spread = np.geomspace(0.05, 2, 12)
    rows = ((centres[target] + rng.normal(size=(200, 12))) * spread).astype(np.float32)
    unseen = ((centres[target] + rng.normal(size=(200, 12))) * spread).astype(np.float32)
    theirs = LinearSVC(C=0.5, class_weight="balanced", dual=False, tol=1e-8, random_state=0).fit(rows, target)
    expected = theirs.decision_function(unseen)
    found = SquaredHinge(0.5).fit(rows, target).decision_function(unseen)
    assert np.abs(found - expected).max() < 0.05
    assert (found.argmax(axis=1) == expected.argmax(axis=1)).mean() > 0.98
