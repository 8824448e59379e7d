"""The list of refusals is what the rules refuse by."""

from __future__ import annotations

import re
from pathlib import Path

from bot.settings import ROOT
from bot.shop.doing.refusals import REFUSALS

SOURCES = [path for path in (ROOT / "bot" / "shop").rglob("*.py") if path.name != "refusals.py"]


def _texts(pattern: str, paths: list[Path]) -> set[str]:
    return {found for path in paths for found in re.findall(pattern, path.read_text(encoding="utf-8"))}


def test_every_code_is_in_the_list_and_no_other():
    """Add it to bot/shop/doing/refusals.py, and remake docs/shop-api.yaml."""
    raised = _texts(r'Refused\(\s*"([a-z_]+)"', SOURCES)
    assert raised <= REFUSALS
    assert _texts(r'"([a-z_]+)"', SOURCES) >= REFUSALS


def test_what_is_worded_as_a_refusal_can_be_one():
    """A response for a code that no rule has would never be said."""
    responses = sorted((ROOT / "data" / "responses").glob("do*.yml"))
    assert _texts(r"utter_do(?:ing|_[a-z_]+?)_refused_([a-z_]+):", responses) <= REFUSALS
