"""Measures that a message gives: a height, a weight, a foot; the last one where it corrects itself."""

from __future__ import annotations

import re
from math import log

from rasa_sdk import Tracker

from actions.finding import heard, intent_of, question_of, says, value_of, values_of, without

SMALLEST_ADULT_SIZE = 33
USUAL_BMI = 21.5
SMALLEST_FOOT_CM = 8.0
BARE_HEIGHTS = (80.0, 230.0)
"""A number without a unit in between, in a question for a size, is a height in cm."""

_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def measured(tracker: Tracker, *, shoes: bool = False) -> dict[str, float | None]:
    """What this message gives: `height` cm, `weight` kg, `foot`; another body drops the one kept.

    `shoes` tells that shoes are in view, so that a bare shoe size needs no other word.
    """
    asked = asked_measure(tracker)
    text = without(question_of(tracker), "age")
    given: dict[str, float | None] = {name: to_number(_said(tracker, name)) for name in ("height", "weight")}
    given["foot"] = _foot(tracker, text, asked)
    if shoes and not any(given.values()):
        given["foot"] = to_number(heard(text, "shoe_size"))
    if not any(given.values()) and not girth_in(tracker):
        given.update(_bare(tracker, text, asked))
    found: dict[str, float | None] = {name: value for name, value in given.items() if value is not None}
    if not found and girth_in(tracker):
        return {"height": None, "weight": None}
    if asked is None:
        found.update(_unpaired(tracker, found))
    return found


def asked_measure(tracker: Tracker) -> str | None:
    """The measure that the open form asked for."""
    in_form = (tracker.active_loop or {}).get("name") == "size_form"
    return tracker.get_slot("requested_slot") if in_form else None


def girth_in(tracker: Tracker) -> str:
    """The measure that charts do not have and the message speaks of: 腰围, 胸围; or empty."""
    return heard(question_of(tracker), "girth")


def to_number(text: str) -> float | None:
    """A number as written, or None."""
    try:
        return float(text)
    except ValueError:
        return None


def _said(tracker: Tracker, name: str) -> str:
    """The value of a measure; of several the first, or the last where the shopper corrects it."""
    if says(question_of(tracker), "corrects"):
        return next(reversed(values_of(tracker, name)), "")
    return value_of(tracker, name)


def _foot(tracker: Tracker, text: str, asked: str | None) -> float | None:
    """A foot in mm, or a usual shoe size: a length wins; a bare number up to 32 is cm, unless called 码."""
    about_shoes = asked == "foot" or says(text, "shoe")
    length = to_number(heard(text, "foot_length"))
    if length is None and about_shoes:
        length = to_number(heard(text, "length"))
    if length is not None and length >= SMALLEST_FOOT_CM:
        return _millimetres(length)
    if not about_shoes:
        return None
    number = _number_in(value_of(tracker, "size") or text, last=says(text, "corrects"))
    if number is None or says(text, "size_unit") or number >= SMALLEST_ADULT_SIZE:
        return number
    return _millimetres(number)


def _millimetres(number: float) -> float:
    return number * 10 if number < 100 else number


def _bare(tracker: Tracker, text: str, asked: str | None) -> dict[str, float]:
    """A single number without a unit answers what was asked; in a question for a size it is a height."""
    numbers = [float(n) for n in _NUMBER.findall(text)]
    if len(numbers) > 1 and says(text, "corrects"):
        numbers = numbers[-1:]
    if len(numbers) != 1:
        return {}
    number = numbers[0]
    if asked == "height":
        return {"height": number * 100 if number < 3 else number}
    if asked == "weight":
        return {"weight": _kilograms(number, to_number(str(tracker.get_slot("height"))))}
    tall = asked is None and intent_of(tracker) == "size_advice" and not says(text, "size_unit")
    return {"height": number} if tall and BARE_HEIGHTS[0] <= number <= BARE_HEIGHTS[1] else {}


def _kilograms(number: float, height: float | None) -> float:
    """A bare weight is 斤 or kg: whichever makes the likelier body."""
    square = ((height or 168.0) / 100) ** 2
    return min((number, number / 2), key=lambda kg: abs(log(max(kg, 0.1) / square / USUAL_BMI)))


def _unpaired(tracker: Tracker, given: dict[str, float | None]) -> dict[str, float | None]:
    """Another height without a weight is another person, whose weight is not the one kept."""
    kept = tracker.get_slot("height")
    another = "height" in given and "weight" not in given and kept is not None and kept != given["height"]
    return {"weight": None} if another else {}


def _number_in(text: str, *, last: bool) -> float | None:
    numbers = [float(n) for n in _NUMBER.findall(text)]
    return (numbers[-1] if last else numbers[0]) if numbers else None
