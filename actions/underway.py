"""What is under way of doing something for a shopper, as its slot keeps it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from actions.session import Asked

Facts = dict[str, Any]
SLOT = "doing"


@dataclass(frozen=True)
class UnderWay:
    """An undertaking as the slot keeps it."""

    kind: str
    args: Facts
    asks: str | None
    number: int = 0
    until: str = ""
    tries: int = 0
    offered: bool = False
    """Whether the bot thought of it, not the shopper: then nobody is reminded."""
    then: list[list[Any]] = field(default_factory=list)
    """What the same message wanted as well, each by its kind and what is known of it: its turn comes next."""


def under_way(asked: Asked) -> UnderWay | None:
    """What is under way as this action leaves it."""
    for event in reversed(asked.events):
        if event.get("event") == "slot" and event.get("name") == SLOT:
            return UnderWay(**event["value"]) if event["value"] else None
    kept = asked.tracker.get_slot(SLOT)
    return UnderWay(**kept) if kept else None


def kept_now(asked: Asked) -> bool:
    """Whether this action itself has just asked or restated."""
    return any(e.get("event") == "slot" and e.get("name") == SLOT for e in asked.events)


def begun_by_this_message(asked: Asked) -> bool:
    """Whether an earlier request of the same message has begun it: that one is no answer to it."""
    return any(e.get("event") == "slot" and e.get("name") == SLOT for e in of_this_message(asked))


def answered_by_this_message(asked: Asked, action: str) -> bool:
    """Whether an earlier request of the same message was answered by that action."""
    return any(e.get("event") == "action" and e.get("name") == action for e in of_this_message(asked))


def of_this_message(asked: Asked) -> list[Facts]:
    """The events since the message came, those of its earlier requests among them."""
    events = asked.tracker.events or []
    said = [at for at, event in enumerate(events) if event.get("event") == "user"]
    message = events[said[-1]].get("message_id") if said else None
    begins = next((at for at in said if message and events[at].get("message_id") == message), len(events))
    return list(events[begins:])
