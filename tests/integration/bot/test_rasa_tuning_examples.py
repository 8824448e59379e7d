"""Training lines are what they are in stock Rasa, only sooner."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytestmark = [
    pytest.mark.rasa,
    pytest.mark.filterwarnings("ignore:the load_module:DeprecationWarning"),  # pykwalify, in stock Rasa
]

FILE = """version: "3.1"
nlu:
- intent: {intent}
  metadata: {{writer: somebody}}
  examples: |
    - 什么时候发货
    - 今天能发吗
    - 什么时候发货
- synonym: 顺丰
  examples: |
    - 顺丰快递
"""


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Two files with lines that come twice."""
    from bot import rasa_tuning

    rasa_tuning.apply()
    made = [tmp_path / f"{name}.yml" for name in ("one", "two")]
    for path, intent in zip(made, ("ship_time", "urge_ship"), strict=True):
        path.write_text(FILE.format(intent=intent), encoding="utf-8")
    return made


def fingerprints(data: Any) -> list[str]:
    """What identifies each line, in order."""
    return [line.fingerprint() for line in data.training_examples]


def test_merged_lines_are_those_of_stock(files: list[Path]) -> None:
    """Equal lines once, synonyms of both; what is merged keeps its own lines."""
    from rasa.shared.nlu.training_data.loading import load_data
    from rasa.shared.nlu.training_data.training_data import TrainingData

    one, two = (load_data(str(path)) for path in files)
    expected = TrainingData.merge.stock(TrainingData(), one, two, one)
    merged = TrainingData().merge(one, two, one)
    assert fingerprints(merged) == fingerprints(expected)
    assert merged.entity_synonyms == expected.entity_synonyms == {"顺丰快递": "顺丰"}
    assert len(merged.training_examples) == 2 * len(one.training_examples) == 4


def test_a_file_is_read_anew_only_when_it_has_changed(files: list[Path]) -> None:
    """A changed file is another file."""
    from rasa.shared.nlu.training_data.loading import load_data

    first = load_data(str(files[0]))
    assert load_data(str(files[0])) is first
    files[0].write_text(FILE.format(intent="invoice_or_so"), encoding="utf-8")
    assert load_data(str(files[0])).intents == {"invoice_or_so"}


def test_training_leaves_no_fingerprints_in_a_cache() -> None:
    """Nothing is asked of the cache, and nothing is put there."""
    from rasa.engine.training.hooks import TrainingHook

    from bot import rasa_tuning

    rasa_tuning.apply()
    hook = TrainingHook(cache=None, model_storage=None, pruned_schema=None)
    given = hook.on_before_node("n", None, {}, {"a": object()})
    assert hook.on_after_node("n", None, {}, object(), given) is None
