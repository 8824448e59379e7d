"""Responses, actions, rules and domain agree with one another."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
TOPICS = ("orders", "logistics", "aftersales", "service", "handoff")
PARTS = (
    "parcels",
    "changes",
    "visits",
    "refunds",
    "returning",
    "exchanging",
    "information",
    "invoices",
    "proof",
    "dispatching",
    "grades",
)
"""Modules of actions that say responses of these topics beside the ones of the same name."""
CODE = "\n".join((ROOT / "actions" / f"{name}.py").read_text(encoding="utf-8") for name in (*TOPICS, *PARTS))
NAMED = frozenset(re.findall(r"\"(utter_\w+)\"", CODE))
SIMPLE = {"money", "date", "time", "duration", "number", "percent", "id", "phone", "text", "list"}
CARDS = {"order", "orders", "parcel", "payment", "product", "products", "table"}
RESERVED = {
    "text",
    "image",
    "attachment",
    "custom",
    "buttons",
    "elements",
    "template",
    "response",
    "metadata",
}
TABOO = re.compile(
    r"但是|我不能|我不会做|我做不了|我想我|第一|唯一|顶级|最[好佳低快优大强新]|百分百|100%|绝对|已为您记录|已登记"
)
FIGURE = re.compile(r"\d+\s*(天|小时|元|分钟|次|个工作日)")


def responses() -> dict[str, list[dict[str, Any]]]:
    """All responses of the after-buying topics by name."""
    found: dict[str, list[dict[str, Any]]] = {}
    for topic in TOPICS:
        text = (ROOT / "data" / "responses" / f"{topic}.yml").read_text(encoding="utf-8")
        found.update(yaml.safe_load(text)["responses"])
    return found


RESPONSES = responses()
DOMAIN = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
LABELS = yaml.safe_load((ROOT / "data" / "responses" / "labels.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", RESPONSES)
def test_every_slot_of_a_wording_is_declared(name: str) -> None:
    """And every essential fact stands in every wording that claims it."""
    wordings = RESPONSES[name]
    declared = wordings[0].get("metadata") or {}
    facts = declared.get("facts") or {}
    for wording in wordings:
        slots = set(re.findall(r"{(\w+)}", wording["text"]))
        assert slots <= facts.keys()
        assert set(declared.get("essential") or ()) <= slots
        assert wording is wordings[0] or set(wording.get("metadata") or ()) <= {"when"}


@pytest.mark.parametrize("name", RESPONSES)
def test_every_fact_has_a_type_that_display_knows(name: str) -> None:
    """An enum has its labels, a card and choices their facts; no reserved name is used."""
    declared = RESPONSES[name][0].get("metadata") or {}
    facts = declared.get("facts") or {}
    choices = declared.get("choices") or {}
    assert not facts.keys() & RESERVED
    for kind in [*facts.values(), *(choices.get("types") or {}).values()]:
        assert kind in SIMPLE | CARDS or kind.removeprefix("enum:") in LABELS
    assert declared.get("card", next(iter(facts), "")) in {*facts, ""}
    assert not choices or choices["from"] in facts


@pytest.mark.parametrize("name", RESPONSES)
def test_every_button_means_an_intent(name: str) -> None:
    """A payload names an intent of the domain, or leaves it to its row."""
    declared = RESPONSES[name][0].get("metadata") or {}
    payloads = [b["payload"] for wording in RESPONSES[name] for b in wording.get("buttons") or []]
    payloads += [declared["choices"]["payload"]] if declared.get("choices") else []
    for payload in payloads:
        assert payload.startswith("/{intent}") or payload[1:].partition("{")[0] in DOMAIN["intents"]


@pytest.mark.parametrize("name", RESPONSES)
def test_wordings_keep_the_house_manners(name: str) -> None:
    """No superlatives, no 但是, no claim of a record; figures come as facts."""
    for wording in RESPONSES[name]:
        assert not TABOO.search(wording["text"])
        assert not FIGURE.search(wording["text"])


def test_responses_that_actions_name_exist() -> None:
    """A name in full is a response, or the stem of several."""
    missing = {n for n in NAMED if n not in RESPONSES and not any(r.startswith(f"{n}_") for r in RESPONSES)}
    assert missing == set()


def test_every_response_is_used_by_an_action() -> None:
    """Nothing lies about unsaid: a response is named in full or made from a stem that is."""
    stems = NAMED | set(re.findall(r"f\"(utter_\w+)_\{", CODE))
    assert {r for r in RESPONSES if r not in NAMED and not any(r.startswith(f"{s}_") for s in stems)} == set()


def test_every_intent_of_ours_has_one_rule_and_its_action() -> None:
    """Rules call `action_<intent>`, known to the domain."""
    steps = []
    for topic in TOPICS:
        text = (ROOT / "data" / "rules" / f"{topic}.yml").read_text(encoding="utf-8")
        steps += [rule["steps"] for rule in yaml.safe_load(text)["rules"]]
    intents = [step[0]["intent"] for step in steps]
    assert len(intents) == len(set(intents)) == 28
    for intent, step in zip(intents, steps, strict=True):
        assert step[1]["action"] == f"action_{intent}"
        assert step[1]["action"] in DOMAIN["actions"]
