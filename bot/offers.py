"""Buttons that replies offer: what each means is kept in the state under its id, and holds for a day."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.turn import Button

Json = dict[str, Any]
BUTTON_LIVES = timedelta(hours=24)


@dataclass(frozen=True)
class Meaning:
    """What a pressed button stands for."""

    intent: str
    entities: dict[str, str]
    title: str

    def parse(self, text: str) -> Json:
        """The meaning in the form of a parse."""
        named = {"name": self.intent, "confidence": 1.0}
        entities = [{"entity": name, "value": value} for name, value in self.entities.items()]
        return {
            "text": text,
            "intent": named,
            "intent_ranking": [named],
            "entities": entities,
            "mood": "calm",
        }


def offer(offers: dict[str, Json], seed: str, row: Json, now: datetime) -> Button:
    """A button for a reply's row {"title", "payload"}, its meaning kept in `offers` as the newest."""
    button = Button(hashlib.sha256(f"{seed}/{row['payload']}".encode()).hexdigest()[:16], row["title"])
    offers.pop(button.id, None)
    offers[button.id] = {
        **_payload(row),
        "title": row["title"],
        "until": (now + BUTTON_LIVES).isoformat(),
    }
    return button


def meaning(offers: dict[str, Json], button: str, now: datetime) -> Meaning | None:
    """The pressed button's meaning; None where it was never offered or offered too long ago."""
    offered = offers.get(button)
    if offered is None or datetime.fromisoformat(offered["until"]) < now:
        return None
    return Meaning(offered["intent"], offered["entities"], offered["title"])


def _payload(row: Json) -> Json:
    """The meaning of a button's payload, `/intent{"entity": "value"}` as Rasa writes it."""
    intent, brace, entities = row["payload"].removeprefix("/").partition("{")
    return {"intent": intent, "entities": json.loads(brace + entities) if brace else {}}
