"""Whether every response says only what it declares, and declares only what can be shown."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from bot.reply.display import CARD_TYPES, ENUM, SIMPLE_TYPES, Labels, read_labels, slots_of
from bot.reply.voice import WHEN

Json = dict[str, Any]
RESERVED = frozenset({"text", "image", "attachment", "custom", "buttons", "elements", "template", "response"})
"""Names that Rasa's messages use themselves."""
DECLARATIONS = frozenset({"facts", "essential", "card", "choices", "trouble", "greets", "closes", "draft"})
"""What the first wording's metadata says of the response; `trouble` is a name of data/style/troubles.yml, and
`draft: false` keeps it from being reworded by a language model, `draft: knowledge` marks what is quoted."""


def problems(folder: Path, intents: Collection[str]) -> list[str]:
    """Every fault of the responses in a folder, each with its file and response; empty if there is none."""
    labels = read_labels(folder / "labels.yml")
    found: list[str] = []
    for path in sorted(folder.glob("*.yml")):
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        for name, wordings in (raw.get("responses") or {}).items():
            found += [f"{path.name}: {name}: {fault}" for fault in _faults(wordings, labels, intents)]
    return found


def _faults(wordings: list[Json], labels: Labels, intents: Collection[str]) -> Iterator[str]:
    declared = wordings[0].get("metadata") or {}
    facts: Mapping[str, str] = declared.get("facts") or {}
    yield from (
        f"metadata.{key}: expected one of {_any_of(DECLARATIONS)}" for key in set(declared) - DECLARATIONS
    )
    for name, kind in facts.items():
        if name in RESERVED:
            yield f"fact {name}: the name is Rasa's own; choose another"
        if kind.startswith(ENUM) and kind.removeprefix(ENUM) not in labels:
            yield f"fact {name}: labels.yml has no section {kind.removeprefix(ENUM)}"
        elif not kind.startswith(ENUM) and kind not in SIMPLE_TYPES | CARD_TYPES:
            yield f"fact {name}: type {kind!r} is none of {_any_of(SIMPLE_TYPES | CARD_TYPES)} or enum:<name>"
    if declared.get("draft", True) not in (True, False, "knowledge"):
        yield f"draft: expected true, false or knowledge, came {declared['draft']!r}"
    essential = declared.get("essential") or []
    yield from (f"essential {name} is no declared fact" for name in essential if name not in facts)
    if (card := declared.get("card")) and facts.get(card) not in CARD_TYPES:
        yield f"card {card}: expected a fact of type {_any_of(CARD_TYPES)}"
    yield from _wording_faults(wordings, facts, essential)
    yield from _button_faults(wordings, declared.get("choices"), facts, intents)


def _wording_faults(wordings: list[Json], facts: Mapping[str, str], essential: list[str]) -> Iterator[str]:
    for at, wording in enumerate(wordings):
        slots = slots_of(wording["text"])
        yield from (f"wording {at + 1}: {{{slot}}} is not declared" for slot in slots if slot not in facts)
        yield from (
            f"wording {at + 1}: essential {{{name}}} is left out"
            for name in essential
            if name in facts and facts[name] not in CARD_TYPES and name not in slots
        )
        said = wording.get("metadata") or {}
        if at and set(said) - {"when"}:
            yield f"wording {at + 1}: metadata but `when` belongs to the first wording alone"
        if not at and "when" in said:
            yield "wording 1: `when` is not for the first wording, which has to fit all occasions"
        yield from _when_faults(said.get("when") or {}, at)


def _when_faults(when: Mapping[str, Any], at: int) -> Iterator[str]:
    for key, value in when.items():
        values = set(value if isinstance(value, list) else [value])
        if key != "style" and key not in WHEN:
            yield f"wording {at + 1}: when.{key}: expected one of {_any_of([*WHEN, 'style'])}"
        elif key in WHEN and not values <= WHEN[key]:
            yield f"wording {at + 1}: when.{key}: expected one of {_any_of(WHEN[key])}"


def _button_faults(
    wordings: list[Json], choices: Json | None, facts: Mapping[str, str], intents: Collection[str]
) -> Iterator[str]:
    payloads = [button["payload"] for wording in wordings for button in wording.get("buttons") or []]
    if choices is not None:
        payloads.append(choices["payload"])
        if choices["from"] not in facts:
            yield f"choices.from: {choices['from']} is no declared fact"
    for payload in payloads:
        intent = payload.removeprefix("/").partition("{")[0]
        if not payload.startswith("/") or (intent and intent not in intents):
            yield f"payload {payload}: expected /intent of the domain"


def _any_of(names: Collection[str]) -> str:
    return ", ".join(sorted(names))
