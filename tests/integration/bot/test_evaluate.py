"""The model of the repository's files understands no less than the figures that the repository holds."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import pytest

from bot import settings, training
from bot.quality.evaluate import Evaluation, evaluate
from bot.quality.evaluate_cases import own_files, read_cases
from bot.quality.evaluate_stored import FILE, RENEW, drops, read_stored

pytestmark = pytest.mark.rasa

WISHES = {"转人工": "person", "你是机器人吗": "truth", "我的快递到哪了": "question", "谢谢": "nowhere"}


def quiet(_: str) -> AbstractContextManager[None]:
    return nullcontext()


@pytest.fixture(scope="session")
def evaluation() -> Evaluation:
    """The own set, asked of the model as it is now."""
    training.train(settings.ROOT)
    return evaluate(settings.load({}), (), None, quiet)


@pytest.fixture
def ask(tmp_path: Path) -> Callable[..., Evaluation]:
    """Asks lines of a set of one's own."""
    training.train(settings.ROOT)

    def asked(*lines: dict[str, Any]) -> Evaluation:
        path = tmp_path / "mine.jsonl"
        path.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
        return evaluate(settings.load({}), (path,), None, quiet)

    return asked


def test_the_stored_figures_are_of_the_set_as_it_is() -> None:
    """Figures of other cases would compare what cannot be compared."""
    cases = read_cases(own_files(settings.ROOT), settings.ROOT)
    assert read_stored(settings.ROOT).mark == cases.mark, f"the test set has changed: {RENEW}"


def test_no_figure_has_dropped(evaluation: Evaluation) -> None:
    """Two points less in any headline figure, and more than one case, is a fault of what was changed."""
    told = drops(read_stored(settings.ROOT), evaluation.found)
    assert not told, f"worse than {FILE} says:\n" + "\n".join(told)


def test_a_wish_for_a_person_is_followed_to_its_end(ask: Callable[..., Evaluation]) -> None:
    """Pressing the button that is offered included."""
    lines = [{"text": text, "wish": "explicit"} for text in WISHES]
    came = {one.text: one.came for one in ask(*lines).found.outcomes}
    assert came == WISHES


def test_a_fragment_is_read_behind_what_was_said_before(ask: Callable[..., Evaluation]) -> None:
    """The same words after two different questions, each by the shopper that the line names."""
    fragment = {"text": "怎么弄", "page": None, "shopper": "S001", "mood": "calm"}
    found = ask(
        {**fragment, "before": ["发票"], "intent": "invoice"},
        {**fragment, "before": ["在吗", "我要退货"], "intent": "return_goods"},
    ).found
    assert [one.came for one in found.outcomes] == ["invoice", "return_goods"]
    assert found.headline["fragments"].value == 1.0


def test_an_owner_is_told_of_sentences_that_training_holds(ask: Callable[..., Evaluation]) -> None:
    """They are understood by heart."""
    assert ask({"text": "转人工", "intent": "human_agent"}).known == 1
