"""A model that cannot be read ends a command with one line that says what to do."""

from __future__ import annotations

import gzip
import io
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot import training
from bot.cli import run
from bot.settings import ROOT

pytestmark = pytest.mark.rasa


def _foreign(_: bytes) -> bytes:
    """A sound archive with something else in it."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        archive.addfile(tarfile.TarInfo("metadata.json"))
    return packed.getvalue()


@pytest.mark.parametrize(
    "damage",
    [
        lambda whole: whole[: len(whole) // 2],
        lambda whole: whole[:100],
        lambda whole: b"",
        lambda whole: b"no archive at all",
        lambda whole: whole[:5000] + bytes(500) + whole[5500:],
        lambda whole: gzip.compress(b"no archive inside"),
        _foreign,
    ],
    ids=["half", "head", "empty", "text", "hole", "gzip", "foreign"],
)
def test_a_damaged_model_is_named_with_the_remedy(
    damage: Callable[[bytes], bytes],
    dialogue: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
):
    """However it is damaged: exit code 2, one line, no traceback, never silence."""
    model = tmp_path / "xiaoer.tar.gz"
    model.write_bytes(damage(training.model_path(ROOT).read_bytes()))
    monkeypatch.setenv("XIAOER_MODEL", str(model))
    assert run(["ask", "你好"]) == 2
    told = capfd.readouterr()
    assert told.out == ""
    assert told.err.splitlines()[-1].startswith(f"xiaoer: 模型读不出来({model}")
    assert "xiaoer train --force" in told.err
    assert "Traceback" not in told.err
