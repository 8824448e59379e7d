"""Slips of the hand, made on purpose: training sees each line once as it is and once with a slip in it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

SHORTEST = 4
"""Characters below which a lost one would leave nothing to be understood."""


def slip(text: str, alike: Mapping[str, str]) -> str:
    """The text with one character in another of its sound (half of the time), lost, or before its neighbour.

    `alike` gives for a character all that sound as it does, itself among them. Equal texts slip alike.
    """
    digest = hashlib.sha256(text.encode()).digest()
    kind, place, other = (int.from_bytes(digest[at : at + 4], "big") for at in (0, 4, 8))
    if kind % 2:
        return _misheard(text, alike, place, other)
    if len(text) < SHORTEST:
        return text
    at = place % (len(text) - 1)
    after = text[at] if kind % 4 else ""
    return text[:at] + text[at + 1] + after + text[at + 2 :]


def _misheard(text: str, alike: Mapping[str, str], place: int, other: int) -> str:
    places = [at for at, ch in enumerate(text) if len(alike.get(ch, "")) > 1]
    if not places:
        return text
    at = places[place % len(places)]
    others = alike[text[at]].replace(text[at], "")
    return f"{text[:at]}{others[other % len(others)]}{text[at + 1 :]}"
