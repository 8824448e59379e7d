"""Figures of an evaluation, against ones worked out by hand."""

from __future__ import annotations

import pytest

from bot.quality.evaluate_metrics import (
    Bin,
    Scores,
    calibration,
    calibration_error,
    coverage,
    macro_f1,
    scores,
    share,
    sign_test,
    value_scores,
    wilson,
)


@pytest.mark.parametrize(
    ("right", "total", "low", "high"),
    [(0, 0, 0.0, 1.0), (10, 10, 0.7225, 1.0), (0, 10, 0.0, 0.2775), (90, 100, 0.8256, 0.9448)],
)
def test_a_share_lies_in_wilsons_interval(right: int, total: int, low: float, high: float) -> None:
    """Also where all or none are right, which plain normal intervals get wrong."""
    assert wilson(right, total) == pytest.approx((low, high), abs=1e-4)


def test_precision_looks_at_what_was_said_and_recall_at_what_was_meant() -> None:
    """Of four a, three were found (recall 3/4); a was said five times (precision 3/5); F1 = 6/9."""
    found = scores(list("aaaabbbbc"), list("aaabaabbb"))
    assert found["a"] == Scores(3 / 5, 3 / 4, pytest.approx(6 / 9), 4)
    assert found["b"] == Scores(2 / 4, 2 / 4, 0.5, 4)
    assert found["c"] == Scores(0.0, 0.0, 0.0, 1)
    assert macro_f1(found) == pytest.approx((6 / 9 + 0.5) / 3)


def test_our_figures_are_those_of_scikit_learn() -> None:
    """Where every name is expected at least once, both mean the same."""
    from sklearn.metrics import f1_score

    expected, came = list("abcabcaabb"), list("abbaacaacb")
    assert macro_f1(scores(expected, came)) == pytest.approx(f1_score(expected, came, average="macro"))


def test_values_count_over_all_messages_together() -> None:
    """Three expected, three found, two right: a value twice in one message is two values."""
    expected = [[("size", "M"), ("size", "M")], [("colour", "黑色")]]
    came = [[("size", "M")], [("colour", "黑色"), ("size", "M")]]
    assert value_scores(expected, came) == Scores(2 / 3, 2 / 3, pytest.approx(2 / 3), 3)


def test_calibration_compares_what_was_promised_with_what_came() -> None:
    """Two verdicts of 0.9 and 1.0, one right; one of 0.5, right: (2 x 0.45 + 1 x 0.5) / 3."""
    bins = calibration([0.95, 1.0, 0.5], [True, False, True])
    assert bins == [Bin(0.5, 1.0, 1), Bin(pytest.approx(0.975), 0.5, 2)]
    assert calibration_error(bins) == pytest.approx((2 * 0.475 + 0.5) / 3)


def test_coverage_takes_the_surest_first() -> None:
    """The wrong one of the middle costs only those who answer it."""
    assert coverage([0.2, 0.9, 0.6], [True, True, False]) == [
        (pytest.approx(1 / 3), 1.0),
        (pytest.approx(2 / 3), 0.5),
        (1.0, pytest.approx(2 / 3)),
    ]


@pytest.mark.parametrize(
    ("better", "worse", "chance"), [(0, 0, 1.0), (1, 1, 1.0), (5, 0, 2 / 32), (8, 2, 2 * 56 / 1024)]
)
def test_the_sign_test_is_exact(better: int, worse: int, chance: float) -> None:
    """Twice the chance of so few or fewer heads in as many throws."""
    assert sign_test(better, worse) == sign_test(worse, better) == pytest.approx(chance)


def test_nothing_has_no_share() -> None:
    """And is no error."""
    assert share([]) == macro_f1({}) == calibration_error([]) == 0.0
    assert coverage([], []) == []
