"""What a shop knows beside its goods and rules: questions with an answer in the shop's own words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Entry:
    """One frequent question. The answer is said word for word, never altered."""

    id: str
    title: str
    """The question as a button shows it."""
    also: tuple[str, ...]
    """Other wordings of the question."""
    answer: str
    source: str
    """Where it was read from, for whoever mends it."""


class Knowledge(Protocol):
    """Where the entries come from: files now, the desk's own store another time."""

    def entries(self) -> tuple[Entry, ...]:
        """All entries, each id once. Raises BadInput where they cannot be read."""
        ...
