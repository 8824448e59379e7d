"""Patterns of data/lexicon/phrases.yml, by which one intent's finer meanings are told apart."""

from __future__ import annotations

import re
from functools import lru_cache

from rasa_sdk import Tracker

from bot.settings import ROOT
from bot.yaml_file import read_yaml

PHRASES = ROOT / "data" / "lexicon" / "phrases.yml"


def said(tracker: Tracker) -> str:
    """What this turn's message says, in the plain form of understanding; empty for a pressed button."""
    message = tracker.latest_message
    typed = str(message.get("text") or "")
    return "" if typed.startswith("/") else str(message.get("said") or typed)


def says(text: str, meaning: str) -> bool:
    """Whether a message has one of the patterns of that meaning."""
    return _patterns()[meaning].search(text) is not None


def found(text: str, meaning: str) -> str:
    """What in a message has its first pattern of that meaning; empty if none has."""
    match = _patterns()[meaning].search(text)
    return match.group() if match else ""


def ends(text: str, meaning: str) -> int | None:
    """Where in a message its first pattern of that meaning ends; None if it has none."""
    found = _patterns()[meaning].search(text)
    return found.end() if found else None


def places(text: str, meaning: str) -> list[int]:
    """Where in a message each pattern of that meaning ends, in order."""
    return [match.end() for match in _patterns()[meaning].finditer(text)]


def before(text: str, meaning: str) -> str:
    """A message up to its first pattern of that meaning."""
    match = _patterns()[meaning].search(text)
    return text[: match.start()] if match else text


def without(text: str, meaning: str) -> str:
    """A message with what says that meaning left blank."""
    return _patterns()[meaning].sub(" ", text)


def orders_goods(text: str) -> bool:
    """Whether a message wants an order placed, not to know how that is done."""
    wants = says(text, "orders_goods") and not says(text, "asks_how")
    doubts = without(without(without(text, "no_coupon"), "aside"), "picks_coupon")
    return wants and not says(doubts, "no_plain_yes") and not is_question(doubts)


def is_question(text: str) -> bool:
    """Whether a message asks something, and does not tell it."""
    return says(text, "asks_something")


@lru_cache(maxsize=1)
def _patterns() -> dict[str, re.Pattern[str]]:
    meanings = read_yaml(PHRASES)
    return {name: re.compile("|".join(f"(?:{p})" for p in patterns)) for name, patterns in meanings.items()}
