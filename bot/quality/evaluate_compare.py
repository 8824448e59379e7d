"""Two models on the same cases: which sentences one understands and the other does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bot.quality.evaluate_findings import Figure, Findings
from bot.quality.evaluate_metrics import sign_test
from bot.quality.evaluate_outcomes import Outcome


@dataclass(frozen=True)
class Flip:
    """A case on whose answer the models differ: `ours` came of the model in use, `other` of the other one."""

    ours: Outcome
    other: str


@dataclass(frozen=True)
class Comparison:
    """How the model in use stands to another one."""

    name: str
    """The other model's file."""
    headline: Mapping[str, Figure]
    """The other model's figures."""
    better: tuple[Flip, ...]
    """Understood by the model in use alone."""
    worse: tuple[Flip, ...]
    """Understood by the other model alone."""
    moved: tuple[Flip, ...]
    """Understood by neither, and differently."""

    @property
    def chance(self) -> float:
        """How likely so lopsided a difference is between models of the same worth."""
        return sign_test(len(self.better), len(self.worse))

    def to_json(self) -> dict[str, Any]:
        """Everything as plain JSON."""
        return {**asdict(self), "chance": self.chance}


def compare(ours: Findings, other: Findings, name: str) -> Comparison:
    """Both findings must be of the same cases."""
    flips = [
        (Flip(mine, its.came), its.right)
        for mine, its in zip(ours.outcomes, other.outcomes, strict=True)
        if mine.came != its.came
    ]
    return Comparison(
        name=name,
        headline=other.headline,
        better=_where(flips, mine=True, its=False),
        worse=_where(flips, mine=False, its=True),
        moved=_where(flips, mine=False, its=False),
    )


def _where(flips: Sequence[tuple[Flip, bool]], *, mine: bool, its: bool) -> tuple[Flip, ...]:
    return tuple(flip for flip, right in flips if flip.ours.right is mine and right is its)
