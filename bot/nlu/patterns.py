"""What finders of values share: what they find, and how one is made of a pattern."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.nlu.digits import Tight


@dataclass(frozen=True)
class Found:
    """One value; offsets in code points of the untouched text, end exclusive."""

    entity: str
    value: str
    start: int
    end: int


Finder = Callable[[str], Iterator[Found]]
"""Width-folded text to the values in it."""


def pattern(
    entity: str, expression: str, value: Callable[[re.Match[str]], str | None] | None = None
) -> Finder:
    """A finder for one pattern; the group `v`, if there is one, is the span; `value` may refuse by None."""
    compiled = re.compile(expression)
    span: str | int = "v" if "v" in compiled.groupindex else 0

    def find(folded: str) -> Iterator[Found]:
        for match in compiled.finditer(folded):
            normal = value(match) if value else match.group(span).upper()
            if normal is not None:
                yield Found(entity, normal, match.start(span), match.end(span))

    return find


def take(taken: list[Found], candidates: Iterator[Found]) -> None:
    """Add those candidates that overlap nothing taken before."""
    for candidate in candidates:
        if all(candidate.end <= other.start or candidate.start >= other.end for other in taken):
            taken.append(candidate)


def placed(finds: Iterator[Found], plain: Tight) -> Iterator[Found]:
    """What was found in a text put together, where it stands in the text that was typed."""
    for found in finds:
        yield Found(found.entity, found.value, *plain.span(found.start, found.end))
