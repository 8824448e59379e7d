"""A stored model is used only while it is whole and made of the files as they are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot import training
from bot.training import Condition


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project folder whose model was stored a moment ago."""
    folders = [name for name in training.SOURCES if name.startswith("data/")]
    files = ["config.yml", "domain.yml", *(f"{name}/talk.yml" for name in folders), "bot/nlu/tokens.py"]
    for name in (*files, "models/new.tar.gz"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(name.encode() * 100)
    training.store(tmp_path, tmp_path / "models/new.tar.gz", training.fingerprint(tmp_path))
    return tmp_path


def test_a_model_just_stored_is_fresh(root: Path):
    """Nothing is trained twice."""
    assert training.condition(root) is Condition.FRESH
    assert training.is_fresh(root)


@pytest.mark.parametrize("name", ["config.yml", "data/nlu/talk.yml", "bot/nlu/tokens.py"])
def test_a_model_of_other_files_is_stale(root: Path, name: str):
    """Data, configuration or code that the arrays depend on has changed."""
    (root / name).write_text("other")
    assert training.condition(root) is Condition.STALE


@pytest.mark.parametrize(
    "damage", [lambda whole: whole[:-1], lambda whole: b"", lambda whole: whole[:-1] + b"?"]
)
def test_a_model_that_is_not_as_it_was_written_is_damaged(root: Path, damage: Callable[[bytes], bytes]):
    """Cut off by a full disk, emptied, or with a byte changed."""
    model = training.model_path(root)
    model.write_bytes(damage(model.read_bytes()))
    assert training.condition(root) is Condition.DAMAGED
    assert not training.is_fresh(root)


@pytest.mark.parametrize("name", ["xiaoer.tar.gz", "xiaoer.fingerprint"])
def test_a_model_or_mark_that_has_gone_is_missing(root: Path, name: str):
    """Without both nobody knows what the model is."""
    (root / "models" / name).unlink()
    assert training.condition(root) is Condition.MISSING
    assert training.stored_fingerprint(root) is None


@pytest.mark.parametrize("mark", [b"", b"\xff\xfe\0", b"0123456789abcdef\n"])
def test_a_mark_that_cannot_be_read_means_a_new_training(root: Path, mark: bytes):
    """Half-written, overwritten, or of a version that kept no digest."""
    (root / "models/xiaoer.fingerprint").write_bytes(mark)
    assert not training.is_fresh(root)
