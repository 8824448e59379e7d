"""Where goods are to go, as a message tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actions.finding import question_of, table, value_of
from bot.places import read_place
from bot.shop.policy import Policy

if TYPE_CHECKING:
    from actions.session import Asked


def region_of(asked: Asked) -> str:
    """The province that the message names, itself or by one of its cities; or empty."""
    text = f"{question_of(asked.tracker)} {value_of(asked.tracker, 'address')}"
    named = next((name for name in _provinces(asked.policy) if name in text), "")
    named = named or next((regions[0] for city, regions in table("regions").items() if city in text), "")
    place = None if named else read_place(text)
    return named or (place.province if place else "")


def _provinces(policy: Policy) -> list[str]:
    areas = [name for area in policy.delivery.areas for name in area.provinces]
    return list(dict.fromkeys([*policy.freight.remote.provinces, *policy.freight.undeliverable, *areas]))
