"""Rasa's check of what an action returns."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

_SLOT = {"event", "timestamp", "name", "value"}
_FOLLOWUP = {"event", "timestamp", "name"}


def check_usual_events_by_hand() -> None:
    """RemoteAction checks the JSON schema itself before each result that it checks: 45 ms an action.

    The schema is a constant, so it is checked and compiled once, which leaves 1.8 ms for two events. Set
    slots and follow-ups in the SDK's own form, nearly all that our actions return, are plainly valid: 4 µs.
    All else goes by the schema, and stock words the error.
    """
    from jsonschema.validators import validator_for
    from rasa.core.actions.action import RemoteAction

    stock = RemoteAction._validate_action_result

    @lru_cache(maxsize=1)
    def compiled() -> Any:
        schema = RemoteAction.action_response_format_spec()
        kind = validator_for(schema)
        kind.check_schema(schema)
        return kind(schema)

    def validate(self: Any, result: dict[str, Any]) -> bool:
        return is_usual(result) or compiled().is_valid(result) or bool(stock(self, result))

    validate.stock = stock  # type: ignore[attr-defined]
    validate.compiled = compiled  # type: ignore[attr-defined]
    RemoteAction._validate_action_result = validate


def is_usual(result: Any) -> bool:
    """Whether a result holds nothing but responses and events of the two usual shapes; those are valid."""
    if type(result) is not dict or result.keys() != {"events", "responses"}:
        return False
    events, responses = result["events"], result["responses"]
    return (
        type(events) is list
        and type(responses) is list
        and all(type(response) is dict for response in responses)
        and all(_is_usual_event(event) for event in events)
    )


def _is_usual_event(event: Any) -> bool:
    if type(event) is not dict:
        return False
    keys, kind = event.keys(), event.get("event")
    if not ((kind == "slot" and keys == _SLOT) or (kind == "followup" and keys == _FOLLOWUP)):
        return False
    return event["timestamp"] is None and type(event["name"]) is str
