"""Shopper text to one plain form for the classifier, and width-folded for reading entities."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from opencc import OpenCC

_REPEATS = re.compile(r"(.)\1{2,}", re.DOTALL)
_SPACES = re.compile(r"\s+")
_DIGITS = re.compile(r"\d+")
_SEPARATORS = {"。": " ", "、": " ", ";": " ", "…": " "}
_SPOKEN = frozenset({"88", "886", "666", "233", "520", "1314"})
"""Numbers that are words: bye-bye, well done, laughter, love."""
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}


@lru_cache(maxsize=1)
def _to_simplified() -> OpenCC:
    return OpenCC("t2s")


def visible(text: str) -> str:
    """The text without control, format and other unseen characters; line breaks and tabs become spaces."""
    if text.isprintable():
        return text
    return "".join(
        " " if ch in "\n\r\t\x0b\x0c" else ch for ch in text if ch in "\n\r\t\x0b\x0c" or not _unseen(ch)
    )


def fold_width(text: str) -> str:
    """Full-width letters, digits and signs to half width, code point by code point: offsets stay true."""
    if text.isascii():
        return text.lower()
    return "".join(_fold(ch) for ch in text)


def simplified(text: str) -> str:
    """Traditional characters as simplified ones."""
    return text if text.isascii() else str(_to_simplified().convert(text))


def normalise(text: str) -> str:
    """The classifier's form: NFKC, simplified, lower case, at most two equal characters running."""
    text = simplified(unicodedata.normalize("NFKC", visible(text)).lower())
    text = _REPEATS.sub(r"\1\1", "".join(_SEPARATORS.get(ch, ch) for ch in text))
    return _SPACES.sub(" ", text).strip()


def mask_digits(text: str) -> str:
    """Digit runs by their length, so that a number's value teaches nothing: 3 -> 0, 13900010001 -> 0000."""
    return _DIGITS.sub(_mask, text)


def _mask(run: re.Match[str]) -> str:
    digits = run.group()
    return digits if digits in _SPOKEN else "0" * _length_class(len(digits))


def _length_class(length: int) -> int:
    return 1 if length == 1 else 2 if length <= 3 else 3 if length <= 8 else 4


def _unseen(ch: str) -> bool:
    return unicodedata.category(ch) in _INVISIBLE


@lru_cache(maxsize=8192)
def _fold(ch: str) -> str:
    if "\ud800" <= ch <= "\udfff":
        return "\ufffd"  # half of a character: nothing can encode it
    folded = unicodedata.normalize("NFKC", ch).lower()
    return folded if len(folded) == 1 else ch
