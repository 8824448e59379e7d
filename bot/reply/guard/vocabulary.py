"""The guard's closed vocabularies, read once from data/guard; unknown keys are refused by name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import ahocorasick
import yaml

from bot.errors import BadInput
from bot.reply.guard.found import duration_pattern, unit_pattern

FOLDER = Path(__file__).resolve().parents[3] / "data" / "guard"
Json = dict[str, Any]
Marks = Mapping[str, frozenset[str]]
KEPT = "kept"
"""A longer word in a list of words to blank that is not blanked: 不同享 in that of 不同."""
POLITE = ("courtesy", "feelings", "offers")
PROPER = frozenset({"channel", "carrier", "place", "keeper", "material", "colour"})
"""Kinds of names whose parts deny nothing: 不锈钢."""
COMPARING = frozenset("超晚低高少大小迟出达")
NEGATING = frozenset("不没别无未")
KINDS = frozenset({"stage", "state", "act", "grant", "claim", "topic", "step", "verb", "light"})
CONCEPT_KEYS = frozenset({"kind", "words", "opposite", "near", "codes", "apart", "short"})
GRAMMAR_KEYS = frozenset(
    (
        "negators", "postnegators", "not_negation", "no_need", "pending", "done", "done_after", "ongoing",
        "ongoing_after", "future", "can", "must", "ask", "wish", "subordinate", "nominal", "through",
        "turning", "hedges", "strict_conditions", "conditions", "limiting", "limited", "restricting",
        "not_restricting", "duties", "troubles", "lapses", "weakening", "echoes", "shop_side", "shopper_side",
    )
)  # fmt: skip
MANNER_KEYS = frozenset(("apology", "argument", "leaks", "injections", "asides", "vocatives", "kept_units"))
UNIT_KEYS = frozenset(("classifiers", "same", "units", "durations", "bounds", "before_only", "not_before"))


class Words:
    """Many words, each with a label, found in one pass."""

    def __init__(self, labels: Mapping[str, tuple[str, str]]) -> None:
        self.labels = labels
        self._automaton = ahocorasick.Automaton()
        for word, label in labels.items():
            self._automaton.add_word(word, (len(word), label))
        self._automaton.make_automaton()

    def all(self, text: str) -> list[tuple[int, int, str, str]]:
        """Every occurrence, overlapping ones too: (start, end, kind, name)."""
        return _all(self, text)

    def scan(self, text: str) -> list[tuple[int, int, str, str]]:
        """The same, not remembered."""
        return [(end - size + 1, end + 1, *label) for end, (size, label) in self._automaton.iter(text)]

    def find(self, text: str) -> list[tuple[int, int, str, str]]:
        """Occurrences that do not overlap, leftmost first, the longest of those."""
        return _find(self, text)

    def blank(self, text: str) -> str:
        """The text with every occurrence made unreadable, length kept."""
        for start, end, kind, _ in self.find(text):
            if kind == KEPT:
                continue
            text = text[:start] + "\1" * (end - start) + text[end:]
        return text


@lru_cache(maxsize=8192)
def _all(words: Words, text: str) -> list[tuple[int, int, str, str]]:
    return words.scan(text)


@lru_cache(maxsize=8192)
def _marked(marks: Words, text: str) -> frozenset[str]:
    return frozenset(name for *_, names, _ in marks.scan(text) for name in names.split())


def _find(words: Words, text: str) -> list[tuple[int, int, str, str]]:
    kept: list[tuple[int, int, str, str]] = []
    for one in sorted(words.scan(text), key=lambda hit: (hit[0], -hit[1])):
        if not kept or one[0] >= kept[-1][1]:
            kept.append(one)
    return kept


@dataclass(frozen=True)
class Concept:
    """A meaning: `kind` one of KINDS, `near` the concepts that stand in for it.

    Of an `apart` concept no word stands for another. `short`: characters that recall it and claim nothing.
    """

    name: str
    kind: str
    near: frozenset[str]
    apart: bool = False
    short: frozenset[str] = frozenset()


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """All word lists, ready for use. `grammar` and `manner` are the lists of those files by name."""

    concepts: Mapping[str, Concept]
    concept_words: Words
    codes: Mapping[str, tuple[tuple[str, str], ...]]
    names: Words
    innocent: Words
    harmless: Words
    idioms: Words
    grammar: Marks
    manner: Marks
    manner_words: Mapping[str, Words]
    longest: int
    classifiers: re.Pattern[str]
    same_unit: Mapping[str, frozenset[str]]
    units: re.Pattern[str]
    unit_of: Mapping[str, tuple[str, float]]
    durations: re.Pattern[str]
    duration_of: Mapping[str, tuple[str, float]]
    bounds_after: re.Pattern[str]
    bounds_before: re.Pattern[str]
    bound_of: Mapping[str, str]
    alike_words: Words
    telling: Words
    relative: Words
    marks: Words

    def marked(self, text: str) -> frozenset[str]:
        """The lists of grammar and manner of which a text has a word, found in one pass."""
        return _marked(self.marks, text)

    def alike(self, text: str) -> frozenset[str]:
        """The groups of plain words of one meaning that a text names."""
        return frozenset(name for _, _, _, name in self.alike_words.all(text))


@lru_cache(maxsize=4)
def read_vocabulary(folder: Path = FOLDER) -> Vocabulary:
    """The vocabularies of a folder; raises BadInput for what is missing, unknown or of the wrong shape."""
    concepts, concept_words, codes = _concepts(_load(folder, "concepts", {"concepts"})["concepts"])
    units = _load(folder, "units", UNIT_KEYS)
    bound_of = {word: bound for bound, words in units["bounds"].items() for word in words}
    unit_of = {
        unit: (dimension, float(size))
        for dimension, sizes in units["units"].items()
        for unit, size in sizes.items()
    }
    before = frozenset(units["before_only"])
    duration_of = {
        unit: (scale, float(size))
        for scale, sizes in units["durations"].items()
        for unit, size in sizes.items()
    }
    grammar = _marks(_load(folder, "grammar", GRAMMAR_KEYS))
    manner = _marks(_load(folder, "manner", MANNER_KEYS))
    harmless = _load(folder, "harmless", None)
    polite = {str(word) for topic in POLITE for word in harmless[topic]}
    grammar["not_negation"] |= {word for word in polite if set(word) & NEGATING}
    grammar["not_negation"] |= {word for word in bound_of if set(word) & NEGATING and set(word) & COMPARING}
    lists = {name: {word: (name, word) for word in words} for name, words in (grammar | manner).items()}
    lists["not_negation"] |= {
        word: (KEPT, word)
        for word in grammar["negators"] | grammar["pending"]
        if word not in grammar["not_negation"] and len(word) > 2
    }
    idioms = _load(folder, "idioms", {"idioms", "counting"})
    names = _names(_load(folder, "names", None))
    poles = _load(folder, "antonyms", {"telling", "relative"})
    return Vocabulary(
        concepts=concepts,
        concept_words=concept_words,
        codes=codes,
        names=Words(names),
        innocent=Words(
            {word: label for word, label in names.items() if set(word) & NEGATING and label[0] in PROPER}
        ),
        harmless=Words(
            {str(word): ("harmless", topic) for topic, words in harmless.items() for word in words}
        ),
        idioms=Words(
            {word: ("idiom", word) for word in idioms["idioms"]}
            | {word: (KEPT, word) for word in idioms["counting"]}
        ),
        grammar=grammar,
        manner=manner,
        manner_words={name: Words(labels) for name, labels in lists.items()},
        longest=max(len(word) for words in grammar.values() for word in words),
        classifiers=unit_pattern(units["classifiers"], units["not_before"]),
        same_unit=_same(units["same"]),
        units=unit_pattern(list(unit_of), {}),
        unit_of=unit_of,
        durations=duration_pattern(list(duration_of)),
        duration_of=duration_of,
        bounds_after=re.compile(_any_of(word for word in bound_of if word not in before)),
        bounds_before=re.compile(
            rf"(?<![预邀违相改重另面签](?=约))(?:{_any_of(before)})(?!(?<=约)[定好在了的到上过会请见谈时个下您明满])"
        ),
        bound_of=bound_of,
        alike_words=Words(_alike(_load(folder, "alike", {"alike"})["alike"])),
        telling=Words(_poles(poles["telling"])),
        relative=Words(_poles(poles["relative"])),
        marks=Words(_by_word(lists)),
    )


def _load(folder: Path, name: str, keys: Iterable[str] | None) -> Json:
    path = folder / f"{name}.yml"
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise BadInput(f"{path.name}: {' '.join(str(error).split())}") from error
    if not isinstance(raw, dict):
        raise BadInput(f"{path.name}: expected `name: …`, came {type(raw).__name__}")
    if keys is not None:
        _refuse(raw, keys, path.name)
        for key in keys:
            if key not in raw:
                raise BadInput(f"{path.name}: {key} is missing")
    return raw


def _refuse(raw: Mapping[str, Any], keys: Iterable[str], where: str) -> None:
    for key in raw:
        if key not in keys:
            raise BadInput(f"{where}: unknown key {key!r}; known: {', '.join(sorted(keys))}")


def _concepts(raw: Json) -> tuple[dict[str, Concept], Words, dict[str, tuple[tuple[str, str], ...]]]:
    concepts: dict[str, Concept] = {}
    labels: dict[str, tuple[str, str]] = {}
    codes: dict[str, tuple[tuple[str, str], ...]] = {}
    for name, row in raw.items():
        _refuse(row, CONCEPT_KEYS, f"concepts.yml: {name}")
        if row["kind"] not in KINDS:
            raise BadInput(f"concepts.yml: {name}: kind {row['kind']!r}; known: {', '.join(sorted(KINDS))}")
        concepts[name] = Concept(
            name,
            row["kind"],
            frozenset(row.get("near", ())),
            bool(row.get("apart")),
            frozenset(row.get("short", ())),
        )
        for way in ("words", "opposite"):
            for word in map(str, row.get(way, ())):
                known = labels.get(word)
                labels[word] = (way, f"{known[1]} {name}" if known else name)
        for code, aspect in row.get("codes", {}).items():
            codes[code] = (*codes.get(code, ()), (name, aspect))
    return concepts, Words(labels), codes


def _alike(groups: list[list[str]]) -> dict[str, tuple[str, str]]:
    return {word: ("alike", str(group[0])) for group in groups for word in group}


def _names(raw: Json) -> dict[str, tuple[str, str]]:
    labels = {word: ("place", word) for word in raw["cities"]}
    for kind, groups in raw.items():
        if kind != "cities":
            labels |= {str(word): (kind, str(group[0])) for group in groups for word in group}
    return labels


def _by_word(lists: Mapping[str, Mapping[str, tuple[str, str]]]) -> dict[str, tuple[str, str]]:
    """Each word with the names of all lists that it stands in."""
    names: dict[str, list[str]] = {}
    for name, labels in lists.items():
        for word in labels:
            names.setdefault(word, []).append(name)
    return {word: (" ".join(found), word) for word, found in names.items()}


def _poles(pairs: list[list[str]]) -> dict[str, tuple[str, str]]:
    """Each opposite under the names of its pairs and its own: 部分 is in two pairs."""
    labels: dict[str, tuple[str, str]] = {}
    for pair in pairs:
        for word in pair:
            known = labels.get(word)
            name = "/".join(pair)
            labels[word] = (f"{known[0]} {name}" if known else name, word)
    return labels


def _same(groups: list[list[str]]) -> dict[str, frozenset[str]]:
    same: dict[str, frozenset[str]] = {}
    for group in groups:
        for word in group:
            same[word] = same.get(word, frozenset((word,))) | frozenset(group)
    return same


def _marks(raw: Json) -> dict[str, frozenset[str]]:
    marks = {name: frozenset(str(word) for word in words) for name, words in raw.items()}
    if "echoes" in marks:
        marks["echoes"] |= {word.replace("您", "你") for word in marks["echoes"]}
    return marks


def _any_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
