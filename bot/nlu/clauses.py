"""A message cut into the clauses that may each hold a request of its own."""

from __future__ import annotations

import re
from dataclasses import dataclass

_BORDERS = re.compile(
    r"[\s,，。.;；!！?？~～、…\n]+|(?:另外|还有就是|还有|再一个|顺便(?:问一?下)?|然后|对了)"
    r"|(?:(?<=[吗嘛呗])|(?<=[^怎什这那多要]么)|(?<=[^怎什这那多要]吧))(?=[^\s吗嘛呗么吧啊呀呢]{3})"
)
"""The last: behind the particle of a question, though nothing parts it from the next: 能煮粥么多少钱."""
_APART = re.compile(r"另外|还有|再一个|顺便|对了")
_INNER_POINT = re.compile(r"(?<=[0-9A-Za-z])\.(?=[0-9A-Za-z])")
"""Of a decimal, an order number, an address."""
MIN_LENGTH = 3
"""Shorter pieces (亲, 在吗, 急) belong to the clause beside them."""
MAX_CLAUSES = 6


@dataclass(frozen=True)
class Clause:
    """A clause and where in the text it stands; `apart` if a word tells that it is something else."""

    text: str
    start: int
    end: int
    apart: bool = False


def cut(text: str) -> list[Clause]:
    """The clauses in order, short pieces joined to the one before; one clause where nothing is to be cut."""
    borders = [match.span() for match in _BORDERS.finditer(_INNER_POINT.sub("\0", text))]
    starts, ends = [0, *(end for _, end in borders)], [*(start for start, _ in borders), len(text)]
    joined: list[Clause] = []
    for start, end in zip(starts, ends, strict=True):
        if start == end:
            continue
        last = joined[-1] if joined else None
        apart = last is not None and _APART.search(text, last.end, start) is not None
        piece = Clause(text[start:end], start, end, apart)
        short = last is not None and min(len(piece.text), len(last.text)) < MIN_LENGTH
        if last is not None and (short or len(joined) == MAX_CLAUSES):
            joined[-1] = Clause(f"{last.text} {piece.text}", last.start, end, last.apart)
        else:
            joined.append(piece)
    return joined or [Clause(text, 0, len(text))]


def clauses(text: str) -> list[str]:
    """The texts of the clauses."""
    return [clause.text for clause in cut(text)]
