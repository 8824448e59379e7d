"""Values in a message: ids, numbers with their units, sizes, colours, days, carriers, product names.

Every pattern reads the width-folded text, so offsets hold for the untouched one. Where two finds overlap, the
earlier kind wins: what is surely an id is no quantity.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

import ahocorasick

from bot.nlu import calendar, ids, measures
from bot.nlu.digits import tight
from bot.nlu.normalise import fold_width
from bot.nlu.patterns import Found, placed, take
from bot.yaml_file import read_yaml

DECOY = "none"
"""The entity of words that hold a name and do not mean it: 菜鸟驿站, 明白的, 一路顺风."""


@dataclass(frozen=True)
class Gazetteer:
    """Names to find word for word, as versioned data: spoken form -> normal form, per entity."""

    version: str = ""
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    products: frozenset[str] = frozenset()
    """Ids of products, looked for in web addresses and after 货号."""

    @cached_property
    def _automaton(self) -> ahocorasick.Automaton:
        automaton = ahocorasick.Automaton()
        for entity, spoken in self.names.items():
            for form, value in spoken.items():
                automaton.add_word(fold_width(form), (entity, value, len(form)))
        automaton.make_automaton()
        return automaton

    def find(self, folded: str) -> Iterator[Found]:
        """All names in the text, longest first where they overlap."""
        if not len(self._automaton):
            return
        hits = [
            (end + 1 - length, end + 1, entity, value)
            for end, (entity, value, length) in self._automaton.iter(folded)
            if _stands_alone(folded, end + 1 - length, end + 1)
        ]
        hits.sort(key=lambda hit: (hit[0] - hit[1], hit[0]))
        yield from (Found(entity, value, start, end) for start, end, entity, value in hits)

    def find_products(self, folded: str) -> Iterator[Found]:
        """Products that a pasted link or an article number names by their id."""
        if not self.products:
            return
        by_key = {number.lower(): number for number in self.products}
        for place in _ARTICLE.finditer(folded):
            for part in _PART.finditer(folded, *place.span()):
                if number := by_key.get(part.group()):
                    yield Found("product", number, part.start(), part.end())


def extract(
    text: str, today: date, gazetteers: Sequence[Gazetteer] = (), known: Sequence[Found] | None = None
) -> list[Found]:
    """Every value in the text, in order of appearance and without overlaps; days are counted from `today`.

    `known` are the ids that `bot.nlu.ids.find` has found; found anew, nobody's own, where it is left out.
    """
    folded = fold_width(text)
    taken = list(ids.find(text, ids.OwnIds()) if known is None else known)
    for gazetteer in gazetteers:
        take(taken, gazetteer.find_products(folded))
    plain = tight(ids.without_links(folded))
    for finder in measures.of_numbers(plain.text):
        take(taken, placed(finder(plain.text), plain))
    take(taken, placed(calendar.days(plain.text, today), plain))
    for gazetteer in gazetteers:
        take(taken, placed(gazetteer.find(plain.text), plain))
    for finder in measures.AFTER_NAMES:
        take(taken, placed(finder(plain.text), plain))
    return sorted((found for found in taken if found.entity != DECOY), key=lambda found: found.start)


def _stands_alone(folded: str, start: int, end: int) -> bool:
    """Whether a name in Latin letters is no part of a longer word: ems, and not systems."""
    before, after = folded[start - 1 : start], folded[end : end + 1]
    return not any(
        beside.isascii() and beside.isalnum() and inside.isascii() and inside.isalpha()
        for beside, inside in ((before, folded[start]), (after, folded[end - 1]))
    )


_ARTICLE = re.compile(
    r"(?:https?://|www\.)[^\s\u4e00-\u9fff,。]+|(?:商品|产品|款式)?(?:货号|编号|款号|商品id)[是为:#\s]{0,3}[a-z0-9_-]+"
)
_PART = re.compile(r"[a-z0-9]+(?:[_-][a-z0-9]+)*")


def common_names(lexicon: Path) -> Gazetteer:
    """Carriers, colours and other names of every shop, from `synonyms.yml`: {entity: {normal: [spoken]}}.

    What stands under `none` hides the names that it holds.
    """
    path = lexicon / "synonyms.yml"
    raw = read_yaml(path) if path.exists() else {}
    names = {
        entity: {str(form): str(normal) for normal, spoken in forms.items() for form in (normal, *spoken)}
        for entity, forms in raw.items()
        if entity != "size"  # sizes need their neighbours: see bot.nlu.measures
    }
    return Gazetteer("common", names)
