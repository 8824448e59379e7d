"""`xiaoer style check` says where, what and why, and fails only for what would be blocked."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from bot.cli import run


def test_the_projects_own_words_pass(capsys: pytest.CaptureFixture[str]) -> None:
    """Templates, phrases and examples."""
    assert run(["style", "check"]) == 0
    assert capsys.readouterr().out == ""


def test_a_file_is_looked_at_line_by_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One line a finding: file, line, span, why."""
    file = tmp_path / "canned.txt"
    file.write_text("您好，这就帮您查\n加我微信聊\n", encoding="utf-8")
    assert run(["style", "check", str(file)]) == 1
    told = capsys.readouterr().out.splitlines()
    assert len(told) == 1
    assert f"{file}:2: 拦下: 「加我微信" in told[0]


def test_what_people_wrote_is_only_warned_about(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """From standard input as well."""
    monkeypatch.setattr("sys.stdin", io.StringIO("加我微信聊\n"))
    assert run(["style", "check", "-", "--kind", "agent"]) == 0
    assert "提醒" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--kind", "boss"], "boss"),
        (["x.txt", "--style", "royal"], "royal"),
        (["missing.txt"], "missing.txt"),
    ],
)
def test_a_wrong_argument_is_named(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """On one line."""
    assert run(["style", "check", *arguments]) == 2
    assert told in capsys.readouterr().err


def test_the_list_marks_the_style_in_use(capsys: pytest.CaptureFixture[str]) -> None:
    """`warm`, unless it is set otherwise."""
    assert run(["style", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) >= 3
    assert [line[2:6] for line in lines if line.startswith("*")] == ["warm"]
