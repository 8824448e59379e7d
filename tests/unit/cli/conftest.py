"""Running the command line in this process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.cli import run


@dataclass(frozen=True)
class Ran:
    """How a command line ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def xiaoer(
    home: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Callable[..., Ran]:
    """Run `xiaoer ARG…` over an empty home without the secrets of other tests."""
    monkeypatch.setenv("XIAOER_HOME", str(home))
    for name in ("XIAOER_BOT_SECRET", "XIAOER_DESK_SECRET", "XIAOER_SHOP_KEY"):
        monkeypatch.delenv(name, raising=False)

    def ran(*arguments: object) -> Ran:
        capfd.readouterr()
        code = run([str(argument) for argument in arguments])
        captured = capfd.readouterr()
        return Ran(code, captured.out, captured.err)

    return ran
