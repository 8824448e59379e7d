"""The bot asks below probabilities that were fitted for a share of right answers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.nlu.asking import RIGHT, Asking, fit

INTENTS = ("greet", "invoice")


def lines(*verdicts: tuple[int, float, int]) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities and right intents of lines given as (guessed, how surely, right)."""
    rows = [[p, 1 - p] if guessed == 0 else [1 - p, p] for guessed, p, _ in verdicts]
    return np.array(rows, dtype=np.float32), np.array([right for *_, right in verdicts])


def test_what_is_answered_is_right_as_often_as_aimed_at() -> None:
    """The lowest threshold that reaches the aim, and what it is worth."""
    sure, doubtful = [(1, 0.9, 1)] * 18 + [(1, 0.8, 0)] * 2, [(1, 0.6, 0)] * 5
    asking = fit(*lines(*sure, *doubtful), INTENTS)
    assert asking.usual == pytest.approx(0.8)
    assert asking.answered == pytest.approx(20 / 25)
    assert asking.right == pytest.approx(RIGHT)


def test_a_careful_intent_has_to_be_right_by_itself() -> None:
    """Right invoices do not pay for wrong greetings; none is held to less than all together are."""
    greetings = [(0, 0.95, 0)] * 5 + [(0, 0.7, 0), (0, 0.6, 1), (0, 0.6, 1)]
    asking = fit(*lines(*greetings, *[(1, 0.9, 1)] * 40), INTENTS)
    assert asking.threshold("greet", careful=False) == pytest.approx(asking.usual)
    assert asking.threshold("greet", careful=True) == pytest.approx(0.7)
    assert asking.threshold("invoice", careful=True) >= asking.usual


def test_thresholds_are_read_as_they_were_written(tmp_path: Path) -> None:
    """They lie beside the model."""
    asking = Asking(0.4, {"greet": 0.6}, 0.9, 0.91)
    asking.save(tmp_path)
    assert Asking.load(tmp_path) == asking
