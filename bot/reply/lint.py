"""The house's rules on words, held against any text: what is said there that should not be, and why.

The rules are data (data/style); here is only how one is held against a text. Texts are read folded: full
width, case, zero-width characters and blanks between Chinese characters make no difference.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

Level = Literal["block", "warn"]
Kind = Literal["bot", "agent", "canned", "faq", "product"]
"""Whose text it is. Only the bot's own is ever blocked: what people wrote is never altered or held back."""

_UNSEEN = {"Cf", "Cc", "Mn", "Me"}
_EMOJI = re.compile(
    "[\U0001f1e6-\U0001f1ff\U0001f300-\U0001faff\u2600-\u26ff\u2700-\u27bf\u2b50\u2b55\u231a\u231b\u23e9-\u23fa]"
)
_TEXT_SIGNS = frozenset("✓✔✕✖❶❷❸❹❺❻❼❽❾❿①②③④⑤⑥⑦⑧⑨⑩")


@dataclass(frozen=True)
class Finding:
    """One breach: the `span` as it stands in the text (empty where something is missing)."""

    rule: str
    """A rule name of the guard: style, promise, personal, language, length, emoji, mood."""
    span: str
    expected: str
    why: str
    level: Level = "block"


@dataclass(frozen=True)
class Rule:
    """A rule on words: `hits` are breaches, unless what `spares` find covers them.

    Where a rule `needs` something, a hit is a breach only in a text that has none of it.
    """

    name: str
    rule: str
    why: str
    expected: str
    level: Level
    hits: tuple[re.Pattern[str], ...]
    spares: tuple[re.Pattern[str], ...] = ()
    needs: tuple[re.Pattern[str], ...] = ()
    fails: tuple[str, ...] = ()
    passes: tuple[str, ...] = ()

    def breaches(self, text: str) -> Iterator[tuple[int, int]]:
        """Where in a folded text the rule is broken."""
        if any(pattern.search(text) for pattern in self.needs):
            return
        spared = bytearray(len(text))
        for pattern in self.spares:
            for span in pattern.finditer(text):
                spared[span.start() : span.end()] = b"\1" * (span.end() - span.start())
        for pattern in self.hits:
            for hit in pattern.finditer(text):
                if not all(spared[hit.start() : hit.end()]):
                    yield hit.span()


def lint(text: str, rules: Iterable[Rule], *, sources: str = "", kind: Kind = "bot") -> tuple[Finding, ...]:
    """The breaches of the rules in a text, in order of appearance; a rule's own do not overlap.

    What stands in `sources` (template and facts as words) is not held against the text. Every finding of
    a text that is not the bot's is a warning.
    """
    folded, places = fold(text)
    known = fold(sources)[0]
    found: list[tuple[int, Finding]] = []
    for rule in rules:
        level = rule.level if kind == "bot" else "warn"
        reached = 0
        for begin, end in sorted(rule.breaches(folded), key=lambda span: (span[0], -span[1])):
            if begin < reached or (known and folded[begin:end] in known):
                continue
            reached = end
            span = text[places[begin] : places[end - 1] + 1]
            found.append((begin, Finding(rule.rule, span, rule.expected, rule.why, level)))
    return tuple(finding for _, finding in sorted(found, key=lambda row: row[0]))


def limits(text: str, max_chars: int, *, emoji: bool) -> tuple[Finding, ...]:
    """Length and emoji held against what a style allows; characters are code points."""
    found = []
    if len(text) > max_chars:
        found.append(
            Finding("length", text[max_chars:], f"最多{max_chars}个字", f"全文{len(text)}个字,太长读不完")
        )
    signs = [sign for sign in _EMOJI.findall(text) if sign not in _TEXT_SIGNS]
    if signs and not emoji:
        found.append(Finding("emoji", signs[0], "不用表情", "这套语气不用表情符号"))
    return tuple(found)


def as_warnings(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """The same findings, none of which blocks."""
    return tuple(replace(finding, level="warn") for finding in found)


def fold(text: str) -> tuple[str, list[int]]:
    """The text as it is read by rules, and for each of its characters the place in the untouched text."""
    characters: list[str] = []
    places: list[int] = []
    for at, raw in enumerate(text):
        for character in unicodedata.normalize("NFKC", raw).lower():
            if unicodedata.category(character) not in _UNSEEN or character == "\n":
                characters.append(character)
                places.append(at)
    kept = [i for i in range(len(characters)) if not _is_gap(characters, i)]
    return "".join(characters[i] for i in kept), [places[i] for i in kept]


def _is_gap(characters: list[str], at: int) -> bool:
    """Whether a blank stands between two characters of which one is Chinese: `微 信`, `加 v`."""
    if characters[at] != " ":
        return False
    around = characters[max(at - 1, 0) : at + 2]
    return any(_is_chinese(character) for character in around)


def _is_chinese(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"
