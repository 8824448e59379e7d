"""The figures that the repository holds, so that a change which understands less does not pass unseen."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.errors import BadInput
from bot.quality.evaluate_findings import Figure, Findings
from bot.yaml_file import shown

FILE = "tests/nlu/figures.json"
RENEW = "xiaoer evaluate --store"
POINTS = 0.02
"""A drop of so much fails, if it is of more than one case: one may flip by another machine's rounding."""
LOWER_IS_BETTER = frozenset({"calibration_error"})
NOT_HELD = frozenset({"semantic_share"})
"""What costs time and no understanding; `xiaoer bench` looks after it."""


@dataclass(frozen=True)
class Stored:
    """Figures of a model on the cases with that mark."""

    mark: str
    headline: Mapping[str, Figure]


def store(root: Path, found: Findings) -> Path:
    """Write the figures down; the file they are in."""
    rows = {name: _rounded(figure) for name, figure in found.headline.items()}
    content = {"renew": RENEW, "cases": found.counts, "mark": found.mark, "headline": rows}
    path = root / FILE
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


def read_stored(root: Path) -> Stored:
    """What `store` wrote; raises BadInput where there is nothing like it."""
    path = root / FILE
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        return Stored(raw["mark"], {name: Figure(**figure) for name, figure in raw["headline"].items()})
    except (OSError, ValueError, TypeError, KeyError) as problem:
        raise BadInput(f"{shown(path)}:读不出来({problem});运行 {RENEW} 重新生成") from None


def drops(stored: Stored, found: Findings) -> list[str]:
    """Which held figures are worse by POINTS or more, one line each: before, now, by how much."""
    rows = []
    for name, before in stored.headline.items():
        now = found.headline.get(name)
        if name in NOT_HELD:
            continue
        if now is None:
            rows.append(f"{name}: {before.value:.3f} before, not measured now")
            continue
        lost = round((now.value - before.value) * (1 if name in LOWER_IS_BETTER else -1), 4)
        if lost >= POINTS and lost * now.of > 1.001:
            rows.append(
                f"{name}: {before.value:.3f} before, {now.value:.3f} now, {100 * lost:.1f} points worse"
            )
    return rows


def _rounded(figure: Figure) -> dict[str, Any]:
    return {key: round(value, 4) for key, value in vars(figure).items() if value is not None}
