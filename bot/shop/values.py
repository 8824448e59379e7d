"""Small values that a shop's rows are made of, and what each must look like."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any

LARGEST = 10**12
"""No amount of money or count of goods above this is believed (ten thousand million yuan)."""

_DURATION = re.compile(r"([0-9]{1,5})([mhd])")
_WINDOW = re.compile(r"((?:[01][0-9]|2[0-3]):[0-5][0-9])-((?:[01][0-9]|2[0-3]):[0-5][0-9])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


class Duration(str):
    """A length of time in the shop's own unit: `30m`, `48h`, `7d`. Raises ValueError for anything else."""

    __slots__ = ()

    def __new__(cls, text: str) -> Duration:
        """Check the form."""
        if not _DURATION.fullmatch(text):
            raise ValueError(text)
        return super().__new__(cls, text)

    @property
    def delta(self) -> timedelta:
        """The same as a timedelta."""
        return timedelta(**{_UNITS[self[-1]]: int(self[:-1])})


@dataclass(frozen=True)
class Rule:
    """What a value must satisfy beyond its type: `expected` in words, `holds` as a test."""

    expected: str
    holds: Callable[[Any], bool]


def _is_window(text: str) -> bool:
    hours = _WINDOW.fullmatch(text)
    return hours is not None and hours[1] < hours[2]


def is_id(text: str) -> bool:
    """Whether a row can have this id."""
    return len(text) <= 64 and text.isprintable() and text.split() == [text]


Id = Annotated[str, Rule("1 到 64 个字的编号,不含空白", is_id)]
Words = Annotated[str, Rule("不是空白的文字", lambda text: bool(text.strip()))]
Window = Annotated[str, Rule('时段,如 "09:00-12:00"', _is_window)]
Fen = Annotated[int, Rule("0 或更大的整数(单位是分)", lambda n: 0 <= n <= LARGEST)]
Count = Annotated[int, Rule("0 或更大的整数", lambda n: 0 <= n <= LARGEST)]
Quantity = Annotated[int, Rule("1 或更大的整数", lambda n: 1 <= n <= LARGEST)]
Percent = Annotated[int, Rule("0 到 100 的整数", lambda n: 0 <= n <= 100)]
