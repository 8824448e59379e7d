"""What data/lexicon/intents.yml tells of intents that an action has to know."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from bot.settings import ROOT
from bot.yaml_file import read_yaml

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
    stages: dict[str, Any] = read_yaml(INTENTS)["stages"]
    return stages
