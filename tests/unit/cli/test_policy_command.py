"""`xiaoer policy`: rules are checked before a shopper hears of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Ran


def test_the_project_s_own_policy_is_sound(xiaoer: Callable[..., Ran]) -> None:
    """It is the default of every key."""
    ran = xiaoer("policy", "check")
    assert (ran.code, "没有问题" in ran.out) == (0, True)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("returns: {windw: 7d}", "您是不是想写 window"),
        ("returns: {window: seven}", "时长"),
        ("compensation: {per_order: -1}", "compensation.per_order"),
        ("- a list", "对象"),
        ("returns: [", "YAML"),
    ],
)
def test_what_is_wrong_is_told_by_its_key(
    xiaoer: Callable[..., Ran], tmp_path: Path, text: str, told: str
) -> None:
    """With what was expected."""
    file = tmp_path / "policy.yml"
    file.write_text(text, encoding="utf-8")
    ran = xiaoer("policy", "check", file)
    assert ran.code == 2
    assert told in ran.err


def test_what_can_be_but_is_hardly_meant_is_doubted(xiaoer: Callable[..., Ran], tmp_path: Path) -> None:
    """A fault returned sooner than a whim."""
    file = tmp_path / "policy.yml"
    file.write_text("returns: {quality_window: 3d}", encoding="utf-8")
    ran = xiaoer("policy", "check", file)
    assert ran.code == 0
    assert "quality_window" in ran.err
