"""Service styles: how a shop speaks, read from data/style, and the rules on words that all of them share."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bot.errors import BadInput, NotConfigured
from bot.reply.lint import Finding, Kind, Level, Rule, fold, lint

__all__ = ["Finding", "Kind", "Rule", "Style", "Styles", "lint", "read_styles"]

Json = dict[str, Any]
FOLDER = "data/style"
RULES = "rules"
TROUBLES = "troubles.yml"
LEVELS: Mapping[str, Level] = {"block": "block", "warn": "warn"}
MOODS = ("calm", "confused", "angry")
STEPS = frozenset({"greeting", "answer", "trouble", "apology", "fact", "inquiry"})
PHRASES = frozenset({"greeting", "loyal", "answer", "apology", "again", "inquiry", "thanks", "closing"})
RULE_NAMES = frozenset({"style", "promise", "personal", "language", "format", "mood"})
_STYLE_KEYS: Mapping[str, type] = {
    "title": str,
    "address": str,
    "pronoun": str,
    "max_chars": int,
    "emoji": list,
    "vocative": dict,
    "voice": dict,
    "phrases": dict,
    "steps": dict,
    "refusal": str,
}
_RULE_KEYS: Mapping[str, type] = {
    "rule": str,
    "why": str,
    "expected": str,
    "level": str,
    "words": list,
    "patterns": list,
    "unless": list,
    "needs": list,
    "fails": list,
    "passes": list,
}


@dataclass(frozen=True)
class Trouble:
    """What a shopper went through, as a clause: for a calm shopper, and for one who is upset."""

    calm: tuple[str, ...]
    angry: tuple[str, ...]


@dataclass(frozen=True)
class Style:
    """One way to speak. `rules` are the shared ones and this style's own."""

    name: str
    title: str
    """Its name for people."""
    address: str
    """How shoppers are called."""
    pronoun: str
    """What the neutral 您 of the templates becomes."""
    max_chars: int
    signs: tuple[str, ...]
    """The emoji it may use."""
    front: str
    """What calls the shopper at the head of a reply; empty where nobody is called."""
    after: tuple[str, ...]
    """Words behind which the shopper is called instead: 好的 -> 好的亲."""
    voice: Mapping[str, str]
    """Marks and phrases of the neutral templates, and what this style says in their place."""
    phrases: Mapping[str, tuple[str, ...]]
    steps: Mapping[str, tuple[str, ...]]
    """The parts of a reply in their order, by mood."""
    refusal: str
    """The form of a refusal: the reason, then another way."""
    rules: tuple[Rule, ...]
    troubles: Mapping[str, Trouble] = field(repr=False)
    draft: bool = True
    """Whether a language model, where there is one, may reword replies in this style."""

    @property
    def emoji(self) -> bool:
        """Whether emoji are allowed."""
        return bool(self.signs)

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

    def require(self, name: str) -> Style:
        """The style of that name; raises NotConfigured with the names there are."""
        if name not in self.by_name:
            raise NotConfigured(f"XIAOER_STYLE:没有 {name} 这种语气;有 {'、'.join(sorted(self.by_name))}")
        return self.by_name[name]


def read_styles(folder: Path) -> Styles:
    """The styles of a folder; raises BadInput naming file and key of what is unknown, missing, ill-typed."""
    shared = tuple(rule for path in sorted((folder / RULES).glob("*.yml")) for rule in _rules_file(path))
    troubles = _troubles(folder / TROUBLES) if (folder / TROUBLES).exists() else {}
    paths = [path for path in sorted(folder.glob("*.yml")) if path.name != TROUBLES]
    return Styles(shared, {path.stem: _style(path, shared, troubles) for path in paths})


def _style(path: Path, shared: tuple[Rule, ...], troubles: Mapping[str, Trouble]) -> Style:
    where = path.name
    raw = _mapping(_load(path), where)
    own = _rules(_mapping(raw.get("rules") or {}, f"{where}: rules"), where)
    row = _typed({k: v for k, v in raw.items() if k not in {"rules", "draft"}}, _STYLE_KEYS, where)
    if not isinstance(raw.get("draft", True), bool):
        raise BadInput(f"{where}: draft: expected true or false, came {raw['draft']!r}")
    vocative = _typed(row["vocative"], {"front": str, "after": list}, f"{where}: vocative")
    phrases = _typed(row["phrases"], dict.fromkeys(sorted(PHRASES), list), f"{where}: phrases")
    steps = _typed(row["steps"], dict.fromkeys(MOODS, list), f"{where}: steps")
    for mood in MOODS:
        _check_steps(steps[mood], f"{where}: steps: {mood}")
    for name, said in phrases.items():
        if not said:
            raise BadInput(f"{where}: phrases: {name}:至少要写一句")
    return Style(
        name=path.stem,
        title=row["title"],
        address=row["address"],
        pronoun=row["pronoun"],
        max_chars=row["max_chars"],
        signs=_texts(row["emoji"]),
        front=vocative["front"],
        after=_texts(vocative["after"]),
        voice={str(mark): str(said) for mark, said in row["voice"].items()},
        phrases={name: _texts(said) for name, said in phrases.items()},
        steps={mood: _texts(order) for mood, order in steps.items()},
        refusal=row["refusal"],
        rules=(*shared, *own),
        troubles=troubles,
        draft=raw.get("draft", True),
    )


def _check_steps(order: list[Any], where: str) -> None:
    for step in order:
        if step not in STEPS:
            raise BadInput(f"{where}:没有 {step} 这一步{_nearest(str(step), STEPS)}")
    if order.count("fact") != 1:
        raise BadInput(f"{where}:fact 要写一次,少了它就没有回答")


def _troubles(path: Path) -> dict[str, Trouble]:
    troubles = {}
    for name, row in _mapping(_load(path), path.name).items():
        where = f"{path.name}: {name}"
        said = _typed(_mapping(row, where), {"calm": list, "angry": list}, where)
        if not said["calm"] or not said["angry"]:
            raise BadInput(f"{where}:calm 和 angry 各要写一句")
        troubles[str(name)] = Trouble(_texts(said["calm"]), _texts(said["angry"]))
    if "any" not in troubles:
        raise BadInput(f"{path.name}:少了 any,没有更合适的说法时就用它")
    return troubles


def _rules_file(path: Path) -> tuple[Rule, ...]:
    return _rules(_mapping(_load(path), path.name), path.name)


def _rules(raw: Mapping[str, Any], where: str) -> tuple[Rule, ...]:
    return tuple(_rule(str(name), _mapping(row, f"{where}: {name}"), where) for name, row in raw.items())


def _rule(name: str, raw: Mapping[str, Any], where: str) -> Rule:
    where = f"{where}: {name}"
    defaults = {
        "rule": "style",
        "level": "block",
        **{key: [] for key, of in _RULE_KEYS.items() if of is list},
    }
    row = _typed({**defaults, **raw}, _RULE_KEYS, where)
    if row["level"] not in LEVELS:
        raise BadInput(f"{where}: level:要写 block 或 warn,写的是 {row['level']!r}")
    if row["rule"] not in RULE_NAMES:
        raise BadInput(f"{where}: rule:要写 {'、'.join(sorted(RULE_NAMES))} 之一,写的是 {row['rule']!r}")
    words = sorted((re.escape(fold(str(word))[0]) for word in row["words"]), key=len, reverse=True)
    hits = [*(["|".join(words)] if words else []), *row["patterns"]]
    if not hits:
        raise BadInput(f"{where}:words 和 patterns 至少要有一样")
    return Rule(
        name=name,
        rule=row["rule"],
        why=row["why"],
        expected=row["expected"],
        level=LEVELS[row["level"]],
        hits=_patterns(hits, where),
        spares=_patterns(row["unless"], where),
        needs=_patterns(row["needs"], where),
        fails=_texts(row["fails"]),
        passes=_texts(row["passes"]),
    )


def _patterns(patterns: Iterable[Any], where: str) -> tuple[re.Pattern[str], ...]:
    try:
        return tuple(re.compile(str(pattern).translate(_HALF_WIDTH)) for pattern in patterns)
    except re.error as error:
        raise BadInput(f"{where}:{error.pattern!r} 不是正则式:{error}") from None


_HALF_WIDTH = str.maketrans({"，": ",", "！": "!", "：": ":", "；": ";", "？": r"\?"})
"""Texts are folded before a rule sees them, so what a pattern says in full width is meant in half width."""


def _typed(raw: Mapping[str, Any], keys: Mapping[str, type], where: str) -> Json:
    """The mapping, if it has these keys with values of these types and no other."""
    for key in raw:
        if key not in keys:
            raise BadInput(f"{where}:没有 {key} 这一项{_nearest(str(key), keys)}")
    for key, of in keys.items():
        if key not in raw:
            raise BadInput(f"{where}:少了 {key}")
        if not isinstance(raw[key], of) or isinstance(raw[key], bool):
            raise BadInput(f"{where}: {key}:要写{_KINDS[of]},写的是 {raw[key]!r}")
    return dict(raw)


_KINDS = {str: "一段文字", int: "一个整数", list: "一个列表", dict: "「名字: 内容」"}


def _nearest(key: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(key, list(known), n=1)
    return f",是不是 {near[0]}?" if near else f";有 {'、'.join(sorted(known))}"


def _texts(values: Iterable[Any]) -> tuple[str, ...]:
    return tuple(str(value) for value in values)


def _load(path: Path) -> Any:
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadInput(f"{path.name}:不是 YAML:{' '.join(str(error).split())}") from None


def _mapping(raw: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(raw, dict):
        raise BadInput(f"{where}:要写「名字: 内容」,写的是 {type(raw).__name__}")
    return raw
