"""Entity annotations of the training examples against the words that jieba finds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from bot.nlu.tokens import segmenter, spans

DATA = Path(__file__).parents[3] / "data"
ANNOTATION = re.compile(r"\[(?P<value>[^\]]+)\]\((?P<entity>[a-z_]+)\)")
FILES = sorted((DATA / "nlu").glob("*/*.yml"))


def _annotated(path: Path) -> Iterator[tuple[str, list[tuple[int, int, str]]]]:
    """(plain text, [(start, end, entity)]) of each example of a file."""
    for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
        for line in block["examples"].splitlines():
            yield _plain(line.removeprefix("- "))


def _plain(example: str) -> tuple[str, list[tuple[int, int, str]]]:
    text, found, at = "", [], 0
    for match in ANNOTATION.finditer(example):
        text += example[at : match.start()]
        found.append((len(text), len(text) + len(match["value"]), match["entity"]))
        text += match["value"]
        at = match.end()
    return text + example[at:], found


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_annotation_begins_and_ends_where_a_word_does(path: Path) -> None:
    """Rasa learns nothing from an annotation that cuts a token in two, and only warns of it."""
    tokenizer = segmenter(DATA / "lexicon")
    misaligned = []
    for text, found in _annotated(path):
        words = spans(text, tokenizer)
        starts, ends = {start for _, start, _ in words}, {end for _, _, end in words}
        misaligned += [
            f"{text}: {text[start:end]} ({entity}) in {[word for word, _, _ in words]}"
            for start, end, entity in found
            if start not in starts or end not in ends
        ]
    assert not misaligned, "\n".join(misaligned)


def test_every_annotation_names_an_entity_of_the_domain() -> None:
    """A mistyped entity name would become an entity of its own."""
    domain = yaml.safe_load((DATA.parent / "domain.yml").read_text(encoding="utf-8"))
    named = {entity for path in FILES for _, found in _annotated(path) for _, _, entity in found}
    assert named <= set(domain["entities"])


def test_annotated_values_carry_no_outer_blanks() -> None:
    """A blank inside the brackets would shift the span off its words."""
    ragged = [
        text[start:end]
        for path in FILES
        for text, found in _annotated(path)
        for start, end, _ in found
        if text[start:end] != text[start:end].strip()
    ]
    assert not ragged
