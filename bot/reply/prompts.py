"""What a language model is told: data/prompts.yml filled with material that can only be read as material."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import Any

import yaml

from bot.errors import BadInput

Json = dict[str, Any]
FILE = "data/prompts.yml"
MOST_SHOPPER = 200
"""Characters of the shopper's message that are shown; manners and topic are clear by then."""
_SLOTS: Mapping[str, Mapping[str, set[str]]] = {
    "draft": {
        "system": {"title", "address", "max_chars", "emoji"},
        "user": {"mood", "recent", "shopper", "facts", "template"},
        "example": set(),
        "recent": {"intents"},
        "nothing": set(),
        "emoji": set(),
        "moods": set(),
        "prefixes": set(),
    },
    "answer": {
        "system": {"title", "address", "max_chars", "emoji"},
        "user": {"mood", "shopper", "lines"},
        "example": set(),
    },
    "understand": {"system": set(), "user": {"candidates", "shopper"}, "candidate": {"intent", "label"}},
}
"""Every key of the file, and the names that its text may hold."""
_INERT = str.maketrans({"<": "＜", ">": "＞", "\n": " ", "\r": " "})
_THOUGHT = re.compile(r"<think>.*?</think>", re.DOTALL)
_QUOTES = {"“": "”", '"': '"', "「": "」", "『": "』", "'": "'", "`": "`"}


@dataclass(frozen=True)
class Prompts:
    """The texts of the file; made by `read_prompts`."""

    draft: Json
    answer: Json
    understand: Json

    def drafting(self, style: Json, mood: str, material: Mapping[str, str]) -> list[dict[str, str]]:
        """The messages that ask for a draft.

        `style`: title, address, max_chars, emoji. `material`: shopper, facts, template, recent, all masked.
        """
        system = self._spoken_to(self.draft["system"], style)
        example = self.draft["example"]
        return [
            {"role": "system", "content": system.strip()},
            {"role": "user", "content": self._asking({**example, "recent": ""}, "calm")},
            {"role": "assistant", "content": example["draft"]},
            {"role": "user", "content": self._asking(material, mood)},
        ]

    def answering(self, style: Json, mood: str, material: Mapping[str, str]) -> list[dict[str, str]]:
        """The messages that ask for a short answer from quoted lines, which are the template."""
        example = self.answer["example"]
        return [
            {"role": "system", "content": self._spoken_to(self.answer["system"], style).strip()},
            {"role": "user", "content": self._question(example, "calm")},
            {"role": "assistant", "content": example["answer"]},
            {"role": "user", "content": self._question(material, mood)},
        ]

    def _spoken_to(self, system: str, style: Json) -> str:
        return system.format(
            title=style["title"],
            address=style["address"],
            max_chars=style["max_chars"],
            emoji=self.draft["emoji"][bool(style["emoji"])],
        )

    def _question(self, material: Mapping[str, str], mood: str) -> str:
        asking: str = self.answer["user"].format(
            mood=self.draft["moods"].get(mood, ""),
            shopper=inert(material["shopper"])[:MOST_SHOPPER] or self.draft["nothing"],
            lines=inert(material["template"]),
        )
        return asking.strip()

    def _asking(self, material: Mapping[str, str], mood: str) -> str:
        told = {name: inert(text) for name, text in material.items()}
        asking: str = self.draft["user"].format(
            mood=self.draft["moods"].get(mood, ""),
            recent=self.draft["recent"].format(intents=told["recent"]) if told["recent"] else "",
            shopper=told["shopper"][:MOST_SHOPPER] or self.draft["nothing"],
            facts=told["facts"] or self.draft["nothing"],
            template=told["template"],
        )
        return asking.strip()

    def choosing(self, shopper: str, candidates: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
        """The messages that ask which of (intent, label) a masked message means."""
        lines = [self.understand["candidate"].format(intent=name, label=label) for name, label in candidates]
        user = self.understand["user"].format(
            candidates="\n".join(lines), shopper=inert(shopper)[:MOST_SHOPPER]
        )
        return _messages(self.understand["system"].format(), user)

    def bare(self, answer: str) -> str:
        """An answer without thoughts aloud, fences, a title or quotes around it."""
        text = _THOUGHT.sub("", answer).strip()
        text = re.sub(r"^<<<\S*\s*|\s*\S*>>>$", "", text).strip()
        words = "|".join(map(re.escape, self.draft["prefixes"]))
        text = re.sub(rf"^(?:{words})\s*[:：]\s*", "", text)
        if len(text) > 1 and _QUOTES.get(text[0]) == text[-1] and text[0] not in text[1:-1]:
            text = text[1:-1].strip()
        return text


def inert(text: str) -> str:
    """Text that closes no fence and opens none: one line, without pointed brackets."""
    return " ".join(text.translate(_INERT).split())


def read_prompts(path: Path) -> Prompts:
    """The prompts of a file; raises BadInput naming an unknown key or `{name}`."""
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    _check_keys(raw, _SLOTS, path.name)
    for part, keys in _SLOTS.items():
        _check_keys(raw[part], keys, f"{path.name}: {part}")
        for key, known in keys.items():
            if isinstance(raw[part][key], str):
                _check_slots(raw[part][key], known, f"{path.name}: {part}.{key}")
    return Prompts(raw["draft"], raw["answer"], raw["understand"])


def _check_keys(raw: Any, known: Mapping[str, Any], where: str) -> None:
    found = set(raw) if isinstance(raw, dict) else set()
    if wrong := found ^ set(known):
        raise BadInput(f"{where}: expected exactly {', '.join(known)}; wrong: {', '.join(map(str, wrong))}")


def _check_slots(text: str, known: set[str], where: str) -> None:
    try:
        found = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError as error:
        raise BadInput(f"{where}: {error}") from error
    if wrong := found - known:
        raise BadInput(f"{where}: expected {{}} with {', '.join(sorted(known)) or 'nothing'}, came {wrong}")


def _messages(system: str, user: str) -> list[dict[str, str]]:
    return [{"role": "system", "content": system.strip()}, {"role": "user", "content": user.strip()}]
