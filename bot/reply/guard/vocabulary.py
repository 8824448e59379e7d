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
POLITE = ("courtesy", "feelings", "offers")
COMPARING = frozenset("超晚低高少大小迟出达")
NEGATING = frozenset("不没别无未")
KINDS = frozenset({"stage", "state", "act", "grant", "claim", "topic", "step", "verb", "light"})
CONCEPT_KEYS = frozenset({"kind", "words", "opposite", "near", "codes"})
GRAMMAR_KEYS = frozenset(
    (
        "negators", "postnegators", "not_negation", "no_need", "pending", "done", "done_after", "ongoing",
        "ongoing_after", "future", "can", "must", "ask", "wish", "subordinate", "nominal", "through",
        "turning", "hedges", "strict_conditions", "conditions", "limiting", "limited", "restricting",
        "not_restricting", "duties", "troubles", "echoes", "shop_side", "shopper_side",
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
        return [(end - size + 1, end + 1, *label) for end, (size, label) in self._automaton.iter(text)]

    def find(self, text: str) -> list[tuple[int, int, str, str]]:
        """Occurrences that do not overlap, leftmost first, the longest of those."""
        kept: list[tuple[int, int, str, str]] = []
        for one in sorted(self.all(text), key=lambda hit: (hit[0], -hit[1])):
            if not kept or one[0] >= kept[-1][1]:
                kept.append(one)
        return kept

    def blank(self, text: str) -> str:
        """The text with every occurrence made unreadable, length kept."""
        for start, end, _, _ in self.find(text):
            text = text[:start] + "\1" * (end - start) + text[end:]
        return text


@dataclass(frozen=True)
class Concept:
    """A meaning: `kind` one of KINDS, `near` the concepts that stand in for it."""

    name: str
    kind: str
    near: frozenset[str]


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """All word lists, ready for use. `grammar` and `manner` are the lists of those files by name."""

    concepts: Mapping[str, Concept]
    concept_words: Words
    codes: Mapping[str, tuple[tuple[str, str], ...]]
    names: Words
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
    telling: Words
    relative: Words


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
    poles = _load(folder, "antonyms", {"telling", "relative"})
    return Vocabulary(
        concepts=concepts,
        concept_words=concept_words,
        codes=codes,
        names=Words(_names(_load(folder, "names", None))),
        harmless=Words(
            {str(word): ("harmless", topic) for topic, words in harmless.items() for word in words}
        ),
        idioms=Words({word: ("idiom", word) for word in _load(folder, "idioms", {"idioms"})["idioms"]}),
        grammar=grammar,
        manner=manner,
        manner_words={
            name: Words({word: (name, word) for word in words}) for name, words in (grammar | manner).items()
        },
        longest=max(len(word) for words in grammar.values() for word in words),
        classifiers=unit_pattern(units["classifiers"], units["not_before"]),
        same_unit=_same(units["same"]),
        units=unit_pattern(list(unit_of), {}),
        unit_of=unit_of,
        durations=duration_pattern(list(duration_of)),
        duration_of=duration_of,
        bounds_after=re.compile(_any_of(word for word in bound_of if word not in before)),
        bounds_before=re.compile(rf"(?<![预邀违])(?P<bound>{_any_of(before)})[^,。!?;:、\n\d]{{0,4}}$"),
        bound_of=bound_of,
        telling=Words(_poles(poles["telling"])),
        relative=Words(_poles(poles["relative"])),
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
        concepts[name] = Concept(name, row["kind"], frozenset(row.get("near", ())))
        for way in ("words", "opposite"):
            for word in map(str, row.get(way, ())):
                known = labels.get(word)
                labels[word] = (way, f"{known[1]} {name}" if known else name)
        for code, aspect in row.get("codes", {}).items():
            codes[code] = (*codes.get(code, ()), (name, aspect))
    return concepts, Words(labels), codes


def _names(raw: Json) -> dict[str, tuple[str, str]]:
    labels = {word: ("place", word) for word in raw["cities"]}
    for kind, groups in raw.items():
        if kind != "cities":
            labels |= {str(word): (kind, str(group[0])) for group in groups for word in group}
    return labels


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
