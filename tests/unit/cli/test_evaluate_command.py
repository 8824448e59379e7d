"""`xiaoer evaluate` refuses what it cannot use before anything is loaded."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Ran

Xiaoer = Callable[..., Ran]


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """A set of one good line."""
    path = tmp_path / "mine.jsonl"
    path.write_text(json.dumps({"text": "退货", "intent": "return_goods"}) + "\n", encoding="utf-8")
    return path


def test_a_bad_line_is_named(xiaoer: Xiaoer, mine: Path) -> None:
    """File, line, what was expected, what came, and what may have been meant."""
    with mine.open("a", encoding="utf-8") as lines:
        lines.write('{"text": "退货", "intent": "return_good"}\n')
    ran = xiaoer("evaluate", "--file", mine)
    assert ran.code == 2
    assert "mine.jsonl:2:" in ran.err
    assert "是不是 return_goods" in ran.err
    assert "Traceback" not in ran.err


def test_a_model_to_compare_with_must_be_there(xiaoer: Xiaoer, mine: Path) -> None:
    """Told at once, not after all was asked."""
    ran = xiaoer("evaluate", "--file", mine, "--compare", mine.with_name("old.tar.gz"))
    assert ran.code == 2
    assert "old.tar.gz:没有这个文件" in ran.err


def test_figures_of_an_own_set_are_not_stored_as_the_projects(xiaoer: Xiaoer, mine: Path) -> None:
    """They would guard nothing, and hide a drop."""
    ran = xiaoer("evaluate", "--file", mine, "--store")
    assert ran.code == 2
    assert "--store" in ran.err
