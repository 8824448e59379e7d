"""Numbers told digit by digit, as figures that stand together: 一三八 零零一三 8001, 1 7 5."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SPOKEN = "零〇一二三四五六七八九幺"
_FIGURES = str.maketrans(_SPOKEN, "001234567891")
_TOLD = re.compile(
    rf"(?<![{_SPOKEN}十百千万两])[{_SPOKEN}]{{2,}}(?:[ -][{_SPOKEN}\d]{{2,}})*(?![{_SPOKEN}十百千万])"
)
LEAST_TOLD = 7
"""Digits from which on 一三八... is surely a number told digit by digit."""
_APART = re.compile(
    r"(?<![\da-z.])\d(?: \d){2,}(?![\da-z]|\.\d)|(?<![\da-z.])\d \d(?= ?(?:元|块|斤|公斤|kg|cm|码|%))"
)


@dataclass(frozen=True)
class Tight:
    """A text with digits that stood one by one put together; `places` tells where each character stood."""

    text: str
    places: tuple[int, ...] | None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The offsets of a part of it in the text that it was made of."""
        if self.places is None:
            return start, end
        return self.places[start], self.places[end - 1] + 1


def figures(folded: str) -> str:
    """The text with long runs of spoken digits as figures, character by character: offsets stay true."""
    return _TOLD.sub(_in_figures, folded)


def tight(folded: str) -> Tight:
    """The text without the blanks between single digits."""
    blanks = {at for run in _APART.finditer(folded) for at in range(*run.span()) if folded[at] == " "}
    if not blanks:
        return Tight(folded, None)
    kept = tuple(at for at in range(len(folded)) if at not in blanks)
    return Tight("".join(folded[at] for at in kept), kept)


def _in_figures(run: re.Match[str]) -> str:
    told = run.group()
    return told.translate(_FIGURES) if sum(ch not in " -" for ch in told) >= LEAST_TOLD else told
