"""Service styles: how a shop speaks, read from data/style, and the rules on words that all of them share."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.errors import BadInput
from bot.reply.lint import Finding, Kind, Level, Rule, lint

__all__ = ["Finding", "Kind", "Rule", "Style", "Styles", "lint", "read_styles"]

Json = dict[str, Any]
FOLDER = "data/style"
RULES = "rules"
RULE_KEYS = frozenset({"rule", "why", "expected", "level", "words", "patterns", "unless", "fails", "passes"})
RULE_NAMES = frozenset({"style", "promise", "personal", "language", "format", "mood"})
LEVELS: Mapping[str, Level] = {"block": "block", "warn": "warn"}


@dataclass(frozen=True)
class Style:
    """One way to speak. `rules` are the shared ones and this style's own."""

    name: str
    title: str
    address: str
    max_chars: int
    emoji: bool
    rules: tuple[Rule, ...]

    def to_json(self) -> Json:
        """The style as the guard's input wants it."""
        return {
            "name": self.name,
            "address": self.address,
            "max_chars": self.max_chars,
            "emoji": self.emoji,
        }


@dataclass(frozen=True)
class Styles:
    """All styles of a folder, and the rules that hold in each of them."""

    rules: tuple[Rule, ...]
    by_name: Mapping[str, Style]

    def get(self, name: str) -> Style | None:
        """The style of that name; None where there is none."""
        return self.by_name.get(name)


STYLE_KEYS = frozenset({"title", "address", "max_chars", "emoji", "rules"})


def read_styles(folder: Path) -> Styles:
    """The styles of a folder; raises BadInput naming file and key of what is unknown, missing, ill-typed."""
    shared = tuple(rule for path in sorted((folder / RULES).glob("*.yml")) for rule in _rules_file(path))
    styles = {path.stem: _style(path, shared) for path in sorted(folder.glob("*.yml"))}
    return Styles(shared, styles)


def _style(path: Path, shared: tuple[Rule, ...]) -> Style:
    raw = _mapping(_load(path), path.name)
    refuse_unknown(raw, STYLE_KEYS, path.name)
    own = _rules(_mapping(raw.get("rules") or {}, f"{path.name}: rules"), path.name)
    try:
        return Style(
            path.stem,
            str(raw["title"]),
            str(raw["address"]),
            int(raw["max_chars"]),
            bool(raw["emoji"]),
            (*shared, *own),
        )
    except KeyError as missing:
        raise BadInput(f"{path.name}: {missing.args[0]} is missing") from None


def _rules_file(path: Path) -> tuple[Rule, ...]:
    return _rules(_mapping(_load(path), path.name), path.name)


def _rules(raw: Mapping[str, Any], where: str) -> tuple[Rule, ...]:
    return tuple(_rule(str(name), _mapping(row, f"{where}: {name}"), where) for name, row in raw.items())


def _rule(name: str, raw: Mapping[str, Any], where: str) -> Rule:
    where = f"{where}: {name}"
    refuse_unknown(raw, RULE_KEYS, where)
    level = LEVELS.get(raw.get("level", "block"))
    rule = raw.get("rule", "style")
    if level is None:
        raise BadInput(f"{where}: level: expected block or warn, came {raw['level']!r}")
    if rule not in RULE_NAMES:
        raise BadInput(f"{where}: rule: expected one of {', '.join(sorted(RULE_NAMES))}, came {rule!r}")
    words = [re.escape(str(word).lower()) for word in raw.get("words") or []]
    hits = [_pattern("|".join(sorted(words, key=len, reverse=True)), where)] if words else []
    hits += [_pattern(str(pattern), where) for pattern in raw.get("patterns") or []]
    spares = tuple(_pattern(str(pattern), where) for pattern in raw.get("unless") or [])
    for needed in ("why", "expected"):
        if not raw.get(needed):
            raise BadInput(f"{where}: {needed} is missing")
    if not hits:
        raise BadInput(f"{where}: expected words or patterns")
    texts = {key: tuple(map(str, raw.get(key) or [])) for key in ("fails", "passes")}
    return Rule(name, rule, str(raw["why"]), str(raw["expected"]), level, tuple(hits), spares, **texts)


def _pattern(pattern: str, where: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except re.error as error:
        raise BadInput(f"{where}: {pattern!r} is no pattern: {error}") from None


def refuse_unknown(raw: Mapping[str, Any], known: Iterable[str], where: str) -> None:
    """Raise BadInput for a key that is not known, with the nearest known name."""
    known = sorted(known)
    for key in raw:
        if key not in known:
            near = difflib.get_close_matches(str(key), known, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise BadInput(f"{where}: unknown key {key!r}, known are {', '.join(known)}{hint}")


def _load(path: Path) -> Any:
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise BadInput(f"{path.name}: not YAML: {' '.join(str(error).split())}") from None


def _mapping(raw: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(raw, dict):
        raise BadInput(f"{where}: expected `name: value` lines, came {type(raw).__name__}")
    return raw
