"""What data/lexicon/intents.yml tells of intents that an action has to know."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import yaml

from bot.settings import ROOT

INTENTS = ROOT / "data" / "lexicon" / "intents.yml"
PERSON = "human_agent"


@lru_cache(maxsize=1)
def talk() -> frozenset[str]:
    """Intents that tell nothing of what the shopper came for; the wish for a person is one of them."""
    return frozenset({*_stages()["dialogue"], PERSON})


@lru_cache(maxsize=1)
def before_buying() -> frozenset[str]:
    """Intents that are about goods and never about an order."""
    return frozenset(_stages()["pre"])


def _stages() -> dict[str, Any]:
    stages: dict[str, Any] = yaml.safe_load(INTENTS.read_text(encoding="utf-8"))["stages"]
    return stages
