"""Every wording of every response said in every style and mood, with made-up facts, against the rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from bot.errors import BadInput
from bot.reply.display import CARD_TYPES, ENUM, Display, Labels, read_labels, slots_of
from bot.reply.lint import Finding, limits, lint
from bot.reply.style import FOLDER, MOODS, Style, Styles, read_styles
from bot.reply.voice import Occasion, dress

Json = dict[str, Any]
TODAY = date(2026, 1, 15)
SAMPLES: Mapping[str, Any] = {
    "money": 129900,
    "date": "2026-01-18",
    "time": "2026-01-18T16:30:00+08:00",
    "duration": "48h",
    "number": 3,
    "percent": 60,
    "id": "682604173951820317",
    "phone": "13900000000",
    "text": "加绒连帽卫衣",
    "list": ["甲乙丙", "丁戊己"],
}
"""A value of each type, about as long as real ones."""


def check_all(root: Path) -> list[str]:
    """Every breach in templates and styles, one a line; raises BadInput for a style that is ill-written."""
    styles = read_styles(root / FOLDER)
    if not styles.by_name:
        raise BadInput(f"{FOLDER}:一套语气也没有;至少要有一个文件,比如 warm.yml")
    return [*check_examples(styles), *check_phrases(styles), *rehearse(root / "data/responses", styles)]


def rehearse(responses: Path, styles: Styles) -> Iterator[str]:
    """One line a breach: `file: response wording [style, mood]: span, why; expected`; none if all is well."""
    labels = read_labels(responses / "labels.yml")
    for path in sorted(responses.glob("*.yml")):
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        for name, wordings in (raw.get("responses") or {}).items():
            yield from _breaches(f"{path.name}: {name}", wordings, labels, styles)


def _breaches(where: str, wordings: Sequence[Json], labels: Labels, styles: Styles) -> Iterator[str]:
    declared = wordings[0].get("metadata") or {}
    words = _sample_words(declared.get("facts") or {}, labels)
    for style in styles.by_name.values():
        if declared.get("trouble", "any") not in style.troubles:
            yield f"{where}: trouble {declared['trouble']!r} is not in troubles.yml"
            continue
        for at, wording in enumerate(wordings):
            for mood, text in said(wording, declared, style):
                full = text.format_map(words) if slots_of(text) else text
                sources = "\n".join(words.values())
                for found in (*lint(full, style.rules, sources=sources), *_limits(full, style)):
                    if found.level == "block":
                        yield f"{where} {at + 1} [{style.name}, {mood}]: {line(found)}"


def said(wording: Json, declared: Json, style: Style) -> Iterator[tuple[str, str]]:
    """A wording as this style says it: (mood, text), each text once, for every mood that it is for."""
    when = (wording.get("metadata") or {}).get("when") or {}
    if "style" in when and style.name not in _listed(when["style"]):
        return
    texts: set[str] = set()
    for mood in MOODS:
        if "mood" in when and mood not in _listed(when["mood"]):
            continue
        for seed in range(6):
            occasion = Occasion(f"{seed}", TODAY, style=style, mood=mood, intent="any", first=seed % 2 == 0)
            text = dress(wording["text"], wording, declared, occasion)
            if text not in texts:
                texts.add(text)
                yield mood, text


def check_examples(styles: Styles) -> Iterator[str]:
    """One line for every example of a rule that the rule does not treat as it says."""
    rules = {rule.name: rule for style in styles.by_name.values() for rule in style.rules}
    for rule in {**{rule.name: rule for rule in styles.rules}, **rules}.values():
        for text in rule.fails:
            if not lint(text, [rule]):
                yield f"{rule.name}: fails: the rule does not find {text!r}"
        for text in rule.passes:
            for found in lint(text, [rule]):
                yield f"{rule.name}: passes: the rule finds {found.span!r} in {text!r}"


def check_phrases(styles: Styles) -> Iterator[str]:
    """One line for every breach in what a style says of its own accord."""
    for style in styles.by_name.values():
        troubles = [
            clause for trouble in style.troubles.values() for clause in (*trouble.calm, *trouble.angry)
        ]
        own = [phrase for phrases in style.phrases.values() for phrase in phrases]
        spoken = [clause.replace("您", style.pronoun) for clause in troubles]
        for text in (*own, *spoken, style.refusal):
            for found in lint(text, style.rules):
                yield f"{style.name}.yml: {text}: {line(found)}"


def line(found: Finding) -> str:
    """A finding for people."""
    return f"「{found.span}」{found.why}；{found.expected}"


def _limits(text: str, style: Style) -> tuple[Finding, ...]:
    return limits(text, style.max_chars, emoji=style.emoji)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _sample_words(types: Mapping[str, str], labels: Labels) -> dict[str, str]:
    display = Display(labels, TODAY)
    words = {}
    for name, kind in types.items():
        if kind.startswith(ENUM):
            words[name] = max(labels[kind.removeprefix(ENUM)].values(), key=len)
        elif kind not in CARD_TYPES:
            words[name] = display.words(SAMPLES[kind], kind)
    return words
