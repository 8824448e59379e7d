"""A message cut into the clauses that may each hold a request of its own."""

from __future__ import annotations

import re
from dataclasses import dataclass

_BORDERS = re.compile(r"[\s,，。.;；!！?？~～、…\n]+|(?:另外|还有就是|还有|顺便(?:问一?下)?|然后|对了)")
_INNER_POINT = re.compile(r"(?<=[0-9A-Za-z])\.(?=[0-9A-Za-z])")
"""Of a decimal, an order number, an address."""
MIN_LENGTH = 3
"""Shorter pieces (亲, 在吗, 急) belong to the clause beside them."""
MAX_CLAUSES = 6


@dataclass(frozen=True)
class Clause:
    """A clause and where in the text it stands."""

    text: str
    start: int
    end: int


def cut(text: str) -> list[Clause]:
    """The clauses in order, short pieces joined to the one before; one clause where nothing is to be cut."""
    borders = [match.span() for match in _BORDERS.finditer(_INNER_POINT.sub("\0", text))]
    starts, ends = [0, *(end for _, end in borders)], [*(start for start, _ in borders), len(text)]
    joined: list[Clause] = []
    for start, end in zip(starts, ends, strict=True):
        if start == end:
            continue
        piece, last = Clause(text[start:end], start, end), joined[-1] if joined else None
        short = last is not None and min(len(piece.text), len(last.text)) < MIN_LENGTH
        if last is not None and (short or len(joined) == MAX_CLAUSES):
            joined[-1] = Clause(f"{last.text} {piece.text}", last.start, end)
        else:
            joined.append(piece)
    return joined or [Clause(text, 0, len(text))]


def clauses(text: str) -> list[str]:
    """The texts of the clauses."""
    return [clause.text for clause in cut(text)]
