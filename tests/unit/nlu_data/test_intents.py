"""Each intent is known wherever intents are spoken of."""

from pathlib import Path

import yaml

from bot.intents import INTENTS, read_intents

ROOT = Path(__file__).parents[3]
NAMES = set(yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["intents"])


def test_every_intent_has_a_stage() -> None:
    assert set(read_intents(ROOT / INTENTS).stage) == NAMES


def test_every_intent_has_a_name_for_buttons() -> None:
    labels = yaml.safe_load((ROOT / "data/responses/labels.yml").read_text(encoding="utf-8"))
    assert set(labels["intent"]) == NAMES


def test_every_intent_has_one_rule() -> None:
    rules = [
        step["intent"]
        for path in (ROOT / "data/rules").glob("*.yml")
        for rule in yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]
        for step in rule["steps"][:1]
        if "intent" in step
    ]
    assert set(rules) >= NAMES
