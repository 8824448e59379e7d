"""A message cut into the clauses that may each hold a request of its own."""

from __future__ import annotations

import re

_BORDERS = re.compile(r"[\s,，。.;；!！?？~～、…\n]+|(?:另外|还有就是|还有|顺便(?:问一?下)?|然后|对了)")
_INNER_POINT = re.compile(r"(?<=[0-9A-Za-z])\.(?=[0-9A-Za-z])")
"""Of a decimal, an order number, an address."""
MIN_LENGTH = 3
"""Shorter pieces (亲, 在吗, 急) belong to the clause beside them."""
MAX_CLAUSES = 6


def clauses(text: str) -> list[str]:
    """The clauses in order, short pieces joined to the one before; one clause where nothing is to be cut."""
    pieces = [piece for piece in _BORDERS.split(_INNER_POINT.sub("\0", text)) if piece]
    joined: list[str] = []
    for piece in (piece.replace("\0", ".") for piece in pieces):
        if joined and (len(piece) < MIN_LENGTH or len(joined[-1]) < MIN_LENGTH or len(joined) == MAX_CLAUSES):
            joined[-1] += f" {piece}"
        else:
            joined.append(piece)
    return joined or [text]
