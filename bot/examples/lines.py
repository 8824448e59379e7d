"""The training examples of data/nlu, each with its place, so that whatever is wrong with one can be found."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.errors import BadInput
from bot.yaml_file import read_nodes, shown

FOLDER = "data/nlu"
MOOD_LINES = "data/lexicon/mood_lines.yml"
ANNOTATION = re.compile(r"\[(?P<value>[^\]]+)\]\((?P<entity>[a-z_]+)\)")
BULLET = "- "


@dataclass(frozen=True)
class Span:
    """An annotated value: where it stands in the plain text, end exclusive."""

    entity: str
    start: int
    end: int


@dataclass(frozen=True)
class Line:
    """A text and the place that it was read from, `file:line`."""

    place: str
    text: str


@dataclass(frozen=True)
class Example(Line):
    """A training line; `text` is without annotations, `written` as it stands in the file."""

    intent: str
    written: str
    spans: tuple[Span, ...] = ()


def read_examples(root: Path) -> list[Example]:
    """All examples below `root`, in the order of files and lines; raises BadInput for a broken file."""
    return [example for path in sorted((root / FOLDER).rglob("*.yml")) for example in _of_file(path)]


def read_mood_lines(root: Path) -> list[Example]:
    """The lines from which moods are learned, the mood as their intent; raises BadInput for a broken file.

    They may repeat one another: a sign more or less makes another mood.
    """
    path = root / MOOD_LINES
    lines = _children(read_nodes(path)) if path.exists() else {}
    return [
        Example(f"{shown(path)}:{node.start_mark.line + 1}", str(node.value), mood, str(node.value))
        for mood, nodes in lines.items()
        for node in nodes.value
    ]


def unannotated(written: str) -> tuple[str, tuple[Span, ...]]:
    """The plain text of a written example and what is annotated in it."""
    text, found, at = "", [], 0
    for match in ANNOTATION.finditer(written):
        text += written[at : match.start()]
        found.append(Span(match["entity"], len(text), len(text) + len(match["value"])))
        text += match["value"]
        at = match.end()
    return text + written[at:], tuple(found)


def _of_file(path: Path) -> Iterator[Example]:
    blocks = _children(read_nodes(path)).get("nlu")
    if not isinstance(blocks, yaml.SequenceNode):
        raise BadInput(f"{shown(path)}:应有一个列表 nlu,写法见 data/nlu/dialogue/first.yml")
    for block in blocks.value:
        fields = _children(block)
        intent, examples = fields.get("intent"), fields.get("examples")
        if intent is not None and isinstance(examples, yaml.ScalarNode):
            yield from _of_block(shown(path), str(intent.value), examples)


def _of_block(file: str, intent: str, examples: yaml.ScalarNode) -> Iterator[Example]:
    first = examples.start_mark.line + (2 if examples.style in ("|", ">") else 1)
    for number, line in enumerate(examples.value.splitlines(), start=first):
        if line.strip():
            written = line.removeprefix(BULLET)
            text, spans = unannotated(written)
            yield Example(f"{file}:{number}", text, intent, line, spans)


def _children(node: yaml.Node | None) -> Mapping[str, yaml.Node]:
    if not isinstance(node, yaml.MappingNode):
        return {}
    return {str(key.value): value for key, value in node.value}
