"""A conversation's memory between turns, as plain JSON: Rasa's events, trimmed, and what the bot must recall.

Nothing the shopper wrote is in it, only what it was understood as.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from rasa.shared.core.constants import ACTION_LISTEN_NAME, REQUESTED_SLOT
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    Event,
    FollowupAction,
    LoopInterrupted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.errors import BadInput

Json = dict[str, Any]
logger = logging.getLogger(__name__)

VERSION = 1
KEPT_TURNS = 2
"""Turns whose events are kept one by one; before them only slots and the open form are known."""
PERSONAL = frozenset({"phone", "phone_tail", "email", "id_card", "tax_number", "address"})
DOING = "doing"
"""The slot that holds what is being done for the shopper (actions/undertaking.py)."""
KEPT_OFFERS = 40
"""Buttons that can still be pressed, the newest ones."""


@dataclass
class Memory:
    """What a turn starts from and leaves behind."""

    events: list[Event] = field(default_factory=list)
    offers: dict[str, Json] = field(default_factory=dict)
    """Meaning of each button by its id: {"intent", "entities", "title", "until"}."""
    used: dict[str, int] = field(default_factory=dict)
    """The wording last sent, by response."""
    manner: Json = field(default_factory=dict)
    """What wording recalls: {"hushed": turns left, "stage", "loyal"}."""
    proved: set[str] = field(default_factory=set)
    """Orders an anonymous shopper has proved in this conversation."""

    def tracker(self, conversation: str, slots: Iterable[Any]) -> DialogueStateTracker | None:
        """Rasa's view of the conversation; None before its first turn."""
        if not self.events:
            return None
        tracker = DialogueStateTracker(conversation, slots)
        for event in self.events:
            tracker.update(event)
        return tracker

    @property
    def under_way(self) -> Json | None:
        """What is being done for the shopper, as its slot holds it: {"kind", "asks", "number", …}."""
        values = [e.value for e in self.events if isinstance(e, SlotSet) and e.key == DOING]
        return dict(values[-1]) if values and values[-1] else None

    @property
    def restated(self) -> int | None:
        """The number of the restatement whose yes is waited for; None where none is."""
        way = self.under_way
        return int(way["number"]) if way is not None and way.get("asks") is None else None

    @property
    def confirming(self) -> bool:
        """Whether all of an undertaking was restated, and its yes is waited for."""
        return self.restated is not None

    def forget_restatement(self) -> None:
        """Nobody has read it: no yes can be one to it."""
        self.events.append(SlotSet(DOING, None))

    def to_json(self, model: str) -> Json:
        """The state to store."""
        return {
            "v": VERSION,
            "model": model,
            "events": [_write(event) for event in self.events],
            "offers": dict(list(self.offers.items())[-KEPT_OFFERS:]),
            "used": self.used,
            "manner": self.manner,
            "proved": sorted(self.proved),
        }


def read(state: Json | None, model: str, slots: Iterable[str]) -> Memory:
    """The memory of a stored state; of another model only known slots are kept, open forms are dropped.

    Raises BadInput for something that is no state of ours.
    """
    if not state:
        return Memory()
    if state.get("v") != VERSION:
        raise BadInput(f"state: expected version {VERSION}, came {state.get('v')!r}; begin anew with null")
    manner = dict(state.get("manner") or {})
    memory = Memory([], dict(state["offers"]), dict(state["used"]), manner, set(state["proved"]))
    events = [_read(row) for row in state["events"]]
    if state["model"] != model:
        logger.info(
            "state of model %s read by model %s: slots kept, open forms dropped", state["model"], model
        )
        known = set(slots) - {REQUESTED_SLOT, DOING}
        kept = [e for e in _snapshot(events) if isinstance(e, SlotSet) and e.key in known]
        events = [*kept, ActionExecuted(ACTION_LISTEN_NAME)]
    memory.events = events
    return memory


def without_open_forms(events: list[Event]) -> list[Event]:
    """Only what slots hold: after a human stretch the bot asks nothing it asked before."""
    kept = [e for e in _snapshot(events) if isinstance(e, SlotSet) and e.key not in (REQUESTED_SLOT, DOING)]
    return [*kept, ActionExecuted(ACTION_LISTEN_NAME)] if events else []


def trim(events: Iterable[Event]) -> list[Event]:
    """The last turns' events behind a snapshot of slots and loop, cut where the bot listened."""
    kept = [event for event in events if isinstance(event, _KEPT)]
    listens = [
        i for i, e in enumerate(kept) if isinstance(e, ActionExecuted) and e.action_name == ACTION_LISTEN_NAME
    ]
    if len(listens) <= KEPT_TURNS:
        return kept
    cut = listens[-KEPT_TURNS - 1]
    return [*_snapshot(kept[:cut]), *kept[cut:]]


def _snapshot(events: Iterable[Event]) -> list[Event]:
    """What earlier events amount to: the slots that are set, the loop that is open."""
    slots: dict[str, Any] = {}
    loop: str | None = None
    for event in events:
        if isinstance(event, SlotSet):
            slots[event.key] = event.value
        elif isinstance(event, ActiveLoop):
            loop = event.name
    snapshot: list[Event] = [SlotSet(name, value) for name, value in slots.items() if value is not None]
    return [*snapshot, ActiveLoop(loop)] if loop else snapshot


_KEPT = (
    UserUttered,
    ActionExecuted,
    SlotSet,
    ActiveLoop,
    FollowupAction,
    LoopInterrupted,
    ActionExecutionRejected,
)
"""Bot utterances and times of day play no part in what comes next."""


def _write(event: Event) -> list[Any]:
    match event:
        case UserUttered():
            entities = [_without_person(e) for e in event.entities]
            return ["user", event.intent_name, entities]
        case ActionExecuted():
            return ["action", event.action_name, event.policy, event.confidence]
        case ActionExecutionRejected():
            return ["rejected", event.action_name, event.policy, event.confidence]
        case SlotSet():
            return ["slot", event.key, event.value]
        case ActiveLoop():
            return ["loop", event.name]
        case FollowupAction():
            return ["followup", event.action_name]
        case LoopInterrupted():
            return ["interrupted", event.is_interrupted]
    raise TypeError(f"event {type(event).__name__} has no stored form")


def _without_person(entity: Json) -> Json:
    """An entity to remember; what identifies a person is recalled as given, not as what it was."""
    name = entity["entity"]
    return {"entity": name, "value": "" if name in PERSONAL else entity["value"]}


def _read(row: list[Any]) -> Event:
    kind, *rest = row
    match kind:
        case "user":
            return user_uttered(rest[0], rest[1])
        case "action":
            return ActionExecuted(rest[0], policy=rest[1], confidence=rest[2])
        case "rejected":
            return ActionExecutionRejected(rest[0], policy=rest[1], confidence=rest[2])
        case "slot":
            return SlotSet(rest[0], rest[1])
        case "loop":
            return ActiveLoop(rest[0])
        case "followup":
            return FollowupAction(rest[0])
        case "interrupted":
            return LoopInterrupted(rest[0])
    raise BadInput(f"state.events: unknown kind {kind!r}; begin the conversation anew with null")


def user_uttered(intent: str, entities: list[Json]) -> UserUttered:
    """A past shopper turn: its meaning without its words."""
    named: Mapping[str, Any] = {"name": intent, "confidence": 1.0}
    return UserUttered(
        text="",
        intent=dict(named),
        entities=entities,
        parse_data={"intent": dict(named), "entities": entities, "text": ""},
    )
