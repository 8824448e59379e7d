"""A file that cannot be read is named with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import BadInput
from bot.settings import ROOT
from bot.yaml_file import read_nodes, read_yaml, shown


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"a: 1\nb: ]\n", 2),
        (b"a: 1\n\tb: 2\n", 2),
        ("a: 1\nb: 好\n".encode("gbk"), 2),
        (b"a: 1\nb: 2\x07\n", 2),
    ],
)
def test_what_is_broken_is_named_by_file_and_line(tmp_path: Path, content: bytes, line: int) -> None:
    """A bracket too many, a tab, another encoding, a control character."""
    path = tmp_path / "words.yml"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=f"words.yml:{line}:"):
        read_yaml(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"words\.yml:没有这个文件"):
        read_nodes(tmp_path / "words.yml")


def test_a_file_of_the_project_is_shown_from_its_folder_on() -> None:
    assert shown(ROOT / "data/lexicon/mood.yml") == "data/lexicon/mood.yml"


def test_a_value_that_is_none_is_named_without_a_line(tmp_path: Path) -> None:
    """YAML tells of it only that it is wrong."""
    (tmp_path / "days.yml").write_text("a: 2026-99-99\n", encoding="utf-8")
    with pytest.raises(BadInput, match=r"days\.yml:不是 YAML:month"):
        read_yaml(tmp_path / "days.yml")
