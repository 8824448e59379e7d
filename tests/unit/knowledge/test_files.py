"""The shop's own entries lie over the project's; what is written wrongly is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import BadInput
from bot.knowledge.files import FOLDER, FaqFiles
from bot.reply.lint import lint
from bot.reply.style import read_styles
from bot.settings import ROOT


def written(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "own.yml").write_text(text, encoding="utf-8")
    return folder


def test_the_shops_own_entry_replaces_one_adds_one_and_removes_one(tmp_path: Path) -> None:
    ours = written(
        tmp_path / "a",
        "x: {title: 甲问题, answer: 旧}\ny: {title: 乙问题, answer: 留}\nz: {title: 丙, answer: 去}",
    )
    own = written(
        tmp_path / "b",
        "x: {title: 甲问题, also: [别的问法], answer: 新}\nz: false\nn: {title: 丁, answer: 加}",
    )
    found = {entry.id: entry for entry in FaqFiles(ours, own).entries()}
    assert {name: entry.answer for name, entry in found.items()} == {"x": "新", "y": "留", "n": "加"}
    assert found["x"].also == ("别的问法",)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("x: {title: 甲, anwser: 乙}", "answer"),
        ("x: {title: 甲, answer: 乙, colour: 红}", "colour"),
        ("x: {title: 甲}", "answer"),
        ("x: {title: '', answer: 乙}", "title"),
        ("x: {title: 甲, answer: 乙, also: 丙}", "also"),
        (f"x: {{title: 甲, answer: {'长' * 501}}}", "500"),
        (f"x: {{title: {'长' * 31}, answer: 乙}}", "30"),
        ("x: 只有一句", "false"),
        ("- x", "问答"),
        ("x: [", "YAML"),
    ],
)
def test_a_faulty_file_is_refused_by_name(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(BadInput, match=named) as refused:
        FaqFiles(written(tmp_path, text)).entries()
    assert "own.yml" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_an_id_twice_in_one_folder_is_refused(tmp_path: Path) -> None:
    written(tmp_path, "x: {title: 甲, answer: 乙}")
    (tmp_path / "two.yml").write_text("x: {title: 甲, answer: 丙}", encoding="utf-8")
    with pytest.raises(BadInput, match="重复"):
        FaqFiles(tmp_path).entries()


def test_no_folder_is_no_entries(tmp_path: Path) -> None:
    assert FaqFiles(tmp_path / "none").entries() == ()


def test_the_projects_own_entries_keep_the_houses_rules_on_words() -> None:
    """They are never blocked, so they had better be clean."""
    rules = read_styles(ROOT / "data/style").rules
    for entry in FaqFiles(FOLDER).entries():
        assert not lint(entry.answer, rules, kind="faq"), entry.id
