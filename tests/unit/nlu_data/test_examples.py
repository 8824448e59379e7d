"""The training examples as data: enough of each intent, none twice, all of one form."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.examples.faults import example_faults, leaked
from bot.examples.lines import read_examples, read_mood_lines
from bot.quality.evaluate_cases import unseen_lines

DATA = Path(__file__).parents[3] / "data"
FILES = sorted((DATA / "nlu").glob("*/*.yml"))
ENOUGH = 150


def _domain() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((DATA.parent / "domain.yml").read_text(encoding="utf-8"))
    return loaded


def test_every_intent_of_the_domain_has_enough_examples() -> None:
    """Below so many lines an intent is guessed rather than known."""
    counts = Counter(example.intent for example in read_examples(DATA.parent))
    few = {intent: counts[intent] for intent in _domain()["intents"] if counts[intent] < ENOUGH}
    assert not few


def test_no_example_is_at_fault() -> None:
    """None nearly another, under an unknown intent, with an annotation that no word fits, or oddly marked."""
    assert example_faults(DATA.parent) == []


def test_no_test_line_is_nearly_an_example() -> None:
    """Lines that training holds would promise more than strangers' messages keep."""
    assert (
        list(leaked([*read_examples(DATA.parent), *read_mood_lines(DATA.parent)], unseen_lines(DATA.parent)))
        == []
    )


def test_each_intent_stands_under_one_topic_only() -> None:
    """Whoever looks for an intent's lines finds them all in one folder, one file a writer."""
    topics: defaultdict[str, set[str]] = defaultdict(set)
    for path in FILES:
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            topics[block["intent"]].add(path.parent.name)
    assert not {intent: names for intent, names in topics.items() if len(names) > 1}


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_block_names_its_writer(path: Path) -> None:
    """Whole writers are held out when thresholds are fitted."""
    blocks = yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]
    assert [block["metadata"] for block in blocks] == [{"writer": path.stem}] * len(blocks)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_examples_end_where_their_words_do(path: Path) -> None:
    """A blank at the end is seen by nobody."""
    lines = path.read_text(encoding="utf-8").splitlines()
    assert not [line for line in lines if line != line.rstrip()]
