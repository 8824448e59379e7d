"""The guard's word lists are read whole, or refused with the file and key that are wrong."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.errors import BadInput
from bot.reply.guard.vocabulary import FOLDER, read_vocabulary


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "guard"))


@pytest.mark.parametrize(
    ("file", "line", "told"),
    [
        ("grammar.yml", "negatorz: [不]\n", "negatorz"),
        ("manner.yml", "sorry: [抱歉]\n", "sorry"),
        ("units.yml", "unitz: {}\n", "unitz"),
        ("concepts.yml", "  refund2: {kind: stage, wordz: [退款]}\n", "wordz"),
        ("concepts.yml", "  refund2: {kind: stages, words: [退款]}\n", "stages"),
    ],
)
def test_an_unknown_key_is_refused_by_name(folder: Path, file: str, line: str, told: str) -> None:
    """A typo in a word list never goes unnoticed."""
    path = folder / file
    path.write_text(path.read_text(encoding="utf-8").rstrip("\n") + "\n" + line, encoding="utf-8")
    with pytest.raises(BadInput, match=told):
        read_vocabulary(folder)


def test_a_missing_file_is_named(folder: Path) -> None:
    """The error says which file is not there."""
    (folder / "names.yml").unlink()
    with pytest.raises(BadInput, match=r"names\.yml"):
        read_vocabulary(folder)


def test_every_near_concept_exists() -> None:
    """`near` names concepts that there are."""
    concepts = read_vocabulary().concepts
    assert not {name for concept in concepts.values() for name in concept.near} - set(concepts)
