"""Journeys as data: who the shopper is, what they want and know, and what must have become of the shop.

tests/journeys/*.yml, read strictly: an unknown key is refused by file and path. Form: docs/journeys.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any

from bot.errors import BadInput
from bot.shop.demo import load_demo
from bot.shop.portable import KINDS, ShopData, read_file
from bot.shop.reading import Reading, read_value
from bot.yaml_file import read_yaml, shown

DEMO = "demo"


class Handoff(str, Enum):
    """Whether a person must have been called."""

    NO = "no"
    YES = "yes"
    ANY = "any"


class Fault(str, Enum):
    """What makes a journey hard."""

    NONE = "none"
    CORRECTION = "correction"
    DIGRESSION = "digression"
    OTHERS_ORDER = "others_order"
    POLICY = "policy"
    WRONG_NUMBER = "wrong_number"
    ANGER = "anger"
    INJECTION = "injection"
    TWO_WISHES = "two_wishes"
    CHANGED_MIND = "changed_mind"
    AMBIGUOUS = "ambiguous"


@dataclass(frozen=True)
class Expected:
    """What must be true at the end; rows that are not named must be as they were."""

    changed: dict[str, dict[str, Any]] = field(default_factory=dict)
    """`orders/<id>`: fields, of parts only those named."""
    new: dict[str, tuple[dict[str, Any], ...]] = field(default_factory=dict)
    """Kind of rows to what each new one must hold."""
    said: tuple[str, ...] = ()
    """Facts that some reply must hold; `a|b`: one of them."""
    not_said: tuple[str, ...] = ()
    handoff: Handoff = Handoff.NO
    tasks: int = 0
    """Tasks that must have been left, at least."""


@dataclass(frozen=True)
class Journey:
    """One shopper's way through a conversation."""

    name: str
    about: str
    says: tuple[tuple[str, ...], ...]
    """Wishes in their order, each in several phrasings."""
    expect: Expected
    writer: str = ""
    fault: Fault = Fault.NONE
    shopper: str = ""
    """Empty: nobody is signed in."""
    page: dict[str, str] = field(default_factory=dict)
    answers: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """What is asked (a pattern over the bot's words and buttons) to what this shopper says then."""
    decides: tuple[str, ...] = ("yes",)
    """To each restatement in turn, the last one again: `yes`, `no`, or what is said instead."""
    shop: str = DEMO
    today: str = "2026-11-21T10:00:00+08:00"

    @property
    def now(self) -> datetime:
        """The moment at which it begins."""
        return datetime.fromisoformat(self.today)


def read_journeys(folder: Path) -> list[Journey]:
    """All journeys of a folder in the order of their files; raises BadInput naming file and path."""
    found = [journey for path in sorted(folder.glob("*.yml")) for journey in _read(path)]
    twice = {j.name for j in found if sum(other.name == j.name for other in found) > 1}
    if twice:
        raise BadInput(f"{shown(folder)}: journeys of one name: {', '.join(sorted(twice))}")
    return found


def shop_of(journey: Journey, folder: Path) -> ShopData:
    """The shop that a journey begins in."""
    if journey.shop == DEMO:
        return load_demo(journey.now.date())
    return read_file(folder / "shops" / f"{journey.shop}.json")


def _read(path: Path) -> list[Journey]:
    raw = read_yaml(path) or {}
    if not isinstance(raw, dict) or not isinstance(raw.get("journeys"), list):
        raise BadInput(f"{shown(path)}: expected `journeys:` with a list below it")
    common = {key: value for key, value in raw.items() if key != "journeys"}
    reading = Reading()
    found = [
        read_value(Journey, {**common, **_plain(row)}, f"journeys[{at}]", reading)
        for at, row in enumerate(raw["journeys"])
    ]
    _check_kinds(found, reading)
    if reading.problems:
        raise BadInput(f"{shown(path)}: {'; '.join(reading.problems)}")
    return found


def _plain(row: Any) -> Any:
    """YAML reads yes and no as truth; here they are words."""
    words = {True: "yes", False: "no"}
    if not isinstance(row, dict):
        return row
    decides = [words.get(d, d) if isinstance(d, bool) else d for d in row.get("decides") or ["yes"]]
    expect = dict(row.get("expect") or {})
    if isinstance(expect.get("handoff"), bool):
        expect["handoff"] = words[expect["handoff"]]
    return {**row, "decides": decides, "expect": expect}


def _check_kinds(found: list[Any], reading: Reading) -> None:
    for at, journey in enumerate(found):
        if not isinstance(journey, Journey):
            continue
        kinds = {*journey.expect.new, *(key.partition("/")[0] for key in journey.expect.changed)}
        for kind in kinds - set(KINDS):
            reading.note(f"journeys[{at}].expect", f"no rows of kind {kind}; known: {', '.join(KINDS)}")
