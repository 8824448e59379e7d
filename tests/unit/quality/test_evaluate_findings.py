"""What cases and answers come to, how two models differ, and when a drop fails."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import BadInput
from bot.quality.evaluate_compare import compare
from bot.quality.evaluate_findings import Figure, Findings
from bot.quality.evaluate_stored import LOWER_IS_BETTER, NOT_HELD, Stored, drops, read_stored, store
from tests.unit.quality.evaluate_doubles import MONEY, OTHER, RETURNS, some


def test_headline_figures_count_the_cases_of_their_kind() -> None:
    """Nine of ten messages are right; the wrong one is asked about, and its intent comes second."""
    values = {name: (round(figure.value, 3), figure.of) for name, figure in some().headline.items()}
    assert values == {
        "accuracy": (0.9, 10),
        "top3": (1.0, 10),
        "macro_f1": (round((16 / 17 + 1 + 0) / 3, 3), 10),
        "outside_precision": (1.0, 1),
        "outside_recall": (1.0, 1),
        "answered": (0.9, 10),
        "accuracy_answered": (1.0, 9),
        "one_as_one": (1.0, 10),
        "semantic_share": (0.8, 10),
        "calibration_error": (round((8 * 0.1 + 0.4 + 0.4) / 10, 3), 10),
        "mood_macro_f1": (round((22 / 23 + 0) / 2, 3), 12),
        "two_requests": (0.0, 1),
        "fragments": (0.0, 1),
        "human_agent": (1.0, 1),
        "robot_question": (0.0, 1),
        "values_f1": (round(2 / 3, 3), 2),
        "numbers_f1": (1.0, 1),
    }


def test_mixups_are_told_with_their_sentences() -> None:
    """The commonest first; of the other kinds as well."""
    found = some(answer=MONEY)
    first, second = found.mixups()
    assert (first.expected, first.came, len(first.misses)) == (RETURNS, MONEY, 8)
    assert (second.expected, second.came, second.misses[0].asks) == (MONEY, RETURNS, True)
    assert [miss.before for miss in found.misses("fragments")] == [("先前的话",)]
    assert [miss.came for miss in found.misses("valued")] == ["quantity=3"]
    assert found.pairs[RETURNS, MONEY] == 8


def test_what_was_not_asked_has_no_figure() -> None:
    """A set of one kind alone says nothing of the others."""
    assert {"fragments", "values_f1"} <= set(some().headline)
    json.dumps(some().to_json())
    assert all(one["right"] is False for one in some().to_json()["wrong"])


def test_two_models_differ_in_the_sentences_that_flip() -> None:
    """Eight better; what both understand, or both misunderstand alike, is no flip."""
    compared = compare(some(), some(answer=MONEY), "old.tar.gz")
    assert len(compared.better) == 8
    assert compared.worse == compared.moved == ()
    assert {flip.other for flip in compared.better} == {MONEY}
    assert compared.chance == pytest.approx(2 / 2**8)
    moved = compare(some(answer=MONEY), some(answer=OTHER), "old.tar.gz")
    assert (len(moved.moved), moved.chance) == (8, 1.0)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with a folder for figures."""
    (tmp_path / "tests/nlu").mkdir(parents=True)
    return tmp_path


def test_stored_figures_are_read_back(root: Path) -> None:
    """And nothing has dropped since."""
    found = some()
    store(root, found)
    stored = read_stored(root)
    assert stored.mark == "abc"
    assert set(stored.headline) == set(found.headline)
    assert drops(stored, found) == []


def test_figures_that_cannot_be_read_name_what_to_do(root: Path) -> None:
    """Missing or half-written."""
    with pytest.raises(BadInput, match=r"figures\.json.*xiaoer evaluate --store"):
        read_stored(root)
    (root / "tests/nlu/figures.json").write_text('{"mark": "abc"}', encoding="utf-8")
    with pytest.raises(BadInput, match=r"figures\.json.*xiaoer evaluate --store"):
        read_stored(root)


def _with(name: str, value: float, of: int = 1000) -> Findings:
    return replace(some(), headline={name: Figure(value, of)})


@pytest.mark.parametrize(
    ("name", "before", "now", "of", "told"),
    [
        ("accuracy", 0.95, 0.93, 1000, ["accuracy: 0.950 before, 0.930 now, 2.0 points worse"]),
        ("accuracy", 0.95, 0.931, 1000, []),
        ("accuracy", 0.95, 0.99, 1000, []),
        ("outside_recall", 0.9, 0.85, 20, []),
        ("outside_recall", 0.9, 0.8, 20, ["outside_recall: 0.900 before, 0.800 now, 10.0 points worse"]),
        ("calibration_error", 0.02, 0.05, 1000, ["calibration_error: 0.020 before, 0.050 now, 3.0 points worse"]),  # noqa: E501
        ("calibration_error", 0.05, 0.02, 1000, []),
        ("semantic_share", 0.3, 0.9, 1000, []),
    ],
)  # fmt: skip
def test_two_points_and_more_than_one_case_fail(
    name: str, before: float, now: float, of: int, told: list[str]
) -> None:
    """It says which and by how much; one case of a small set may flip by another machine's rounding."""
    assert drops(Stored("abc", {name: Figure(before, of)}), _with(name, now, of)) == told


def test_a_figure_that_is_measured_no_more_has_dropped() -> None:
    """A set of cases that was lost is no success."""
    (told,) = drops(Stored("abc", {"fragments": Figure(0.9, 150)}), _with("accuracy", 1.0))
    assert "fragments" in told


def test_every_figure_is_higher_or_lower_is_better() -> None:
    """Names that are spelt otherwise would guard nothing."""
    assert set(some().headline) >= LOWER_IS_BETTER | NOT_HELD
