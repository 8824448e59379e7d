"""Sentence vectors: stored as computed, joined with the n-grams, absent where the platform has none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.nlu import semantic
from bot.nlu.fitting import held_out, sure_from, temperature
from bot.nlu.linear import SquaredHinge
from bot.nlu.normalise import fold_width
from bot.nlu.semantic import READ, SIZE, SemanticModel, Vectors, open_embedder
from bot.settings import ROOT

SAID = ["我的快递到哪了", "包裹走到什么地方了", "这件衣服多少钱", "卖什么价"]


class Counting:
    """An embedder that counts its texts; the vector depends on the text alone."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def vector(self, text: str) -> np.ndarray:
        """A fixed random direction per text."""
        self.asked.append(text)
        found = np.random.default_rng(len(text)).normal(size=SIZE).astype(np.float32)
        return found / np.linalg.norm(found)


def test_vectors_are_computed_once_and_read_back(tmp_path: Path):
    """What is stored is not asked for again, and int8 keeps the direction."""
    embedder, path = Counting(), tmp_path / "vectors.npz"
    vectors = Vectors.read(path)
    vectors.add(["一", "两两", "一"], embedder)
    vectors.write(path)
    again = Vectors.read(path)
    again.add(["一", "两两", "三三三"], embedder)
    assert embedder.asked == ["一", "两两", "三三三"]
    assert again.of(["两两"])[0] @ embedder.vector("两两") > 0.999


def test_texts_that_are_gone_are_forgotten(tmp_path: Path):
    """The file holds the examples' vectors and no others."""
    vectors = Vectors({})
    vectors.add(["一", "两两"], Counting())
    vectors.keep(["一"])
    assert vectors.missing(["一", "两两"]) == ["两两"]


def test_meaning_is_nearer_than_letters():
    """Two ways to say one thing are nearer to each other than to another thing."""
    embedder = open_embedder()
    if embedder is None:
        pytest.skip("no sentence vectors on this platform")
    where, also, price, costs = (embedder.vector(text) for text in SAID)
    assert min(where @ also, price @ costs) > max(where @ price, where @ costs, also @ price, also @ costs)


def test_the_end_of_a_long_text_costs_nothing():
    """What lies behind the part that is read changes no vector."""
    embedder = open_embedder()
    if embedder is None:
        pytest.skip("no sentence vectors on this platform")
    long = "快递" * READ
    assert (embedder.vector(long) == embedder.vector(long + "退货" * 2000)).all()


def test_the_stored_vectors_are_those_of_the_embedder():
    """A sample of the file, recomputed, agrees."""
    embedder = open_embedder()
    if embedder is None:
        pytest.skip("no sentence vectors on this platform")
    stored = Vectors.read(ROOT / "data/vectors.npz")
    lines = (ROOT / "data/nlu/dialogue/fang.yml").read_text(encoding="utf-8").splitlines()
    texts = [fold_width(line.strip()[2:]) for line in lines if line.startswith("    - ")][::40]
    assert len(texts) >= 10
    for text in texts:
        assert stored.of([text])[0] @ embedder.vector(text) > 0.99, text


def test_a_model_is_read_as_it_was_saved(tmp_path: Path):
    """Same scores from the file."""
    rng = np.random.default_rng(1)
    vectors = rng.normal(size=(60, SIZE)).astype(np.float32)
    labels, writers = ["a", "b", "c"] * 20, ["x", "y", "z", "w"] * 15
    model = semantic.train(vectors, rng.normal(size=(60, 3)).astype(np.float32), labels, writers).model
    model.save(tmp_path / "semantic.npz")
    again = SemanticModel.load(tmp_path / "semantic.npz")
    assert again.intents == ("a", "b", "c")
    scores = np.zeros(3, dtype=np.float32)
    assert (again.joined(scores, vectors[0]) == model.joined(scores, vectors[0])).all()
    assert (again.temperature, again.sure) == (model.temperature, model.sure)


def test_a_writer_is_judged_by_a_model_that_has_not_read_them():
    """Lines that only their own writer's other lines explain are not explained."""
    target = np.array([0, 1] * 8)
    writers = [name for name in "abcd" for _ in range(4)]
    features = np.zeros((16, 4), dtype=np.float32)
    for row, name in enumerate(writers):
        features[row, "abcd".index(name)] = 1.0 if target[row] else -1.0
    scores = held_out(lambda: SquaredHinge(1.0), features, target, writers)
    assert np.abs(scores).max() < 1e-3


def test_sureness_starts_where_verdicts_are_right_often_enough():
    """The lowest probability above which the wanted share is right; 1.0 where none is."""
    probabilities = np.array([[0.9, 0.1], [0.8, 0.2], [0.7, 0.3], [0.6, 0.4]], dtype=np.float32)
    assert sure_from(probabilities, np.array([0, 0, 1, 1]), 0.99) == pytest.approx(0.8)
    assert sure_from(probabilities, np.array([1, 1, 1, 1]), 0.99) == 1.0


def test_loud_and_wrong_scores_get_a_high_temperature():
    """Scores that are often wrong are cooled down to modest probabilities."""
    right = np.array([[1.0, -1.0], [-1.0, 1.0]] * 10, dtype=np.float32)
    target = np.array([0, 1] * 10)
    assert temperature(right, target) < temperature(right, target[::-1].copy())
