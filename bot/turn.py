"""What goes into a turn and what comes out of it. Plain values; `to_json` gives the documented wire form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from bot.errors import BadInput
from bot.shop.access import Identity, Page

Json = dict[str, Any]
MAX_CHARS = 500
"""Characters of a message that are read; the desk stores the whole."""


@dataclass(frozen=True)
class Incoming:
    """One shopper turn: `text`, the id of a `button`, or neither where only pictures came."""

    id: str
    text: str | None = None
    button: str | None = None
    page: Page | None = None
    at: datetime | None = None
    pictures: int = 0
    """How many came; what is in them the bot never learns."""


@dataclass(frozen=True)
class Context:
    """Who speaks, when and where. Only the desk or the command line fills it."""

    conversation: str
    now: datetime
    shopper: Identity | None = None
    client: str = ""
    style: str = "warm"
    channel: str = "web"
    waiting: str = ""
    """The reason for which the shopper waits for a person, while the bot answers after hours."""


@dataclass(frozen=True)
class Entity:
    """A value found in the message; offsets in code points of the untouched text, end exclusive."""

    entity: str
    value: str
    raw: str
    start: int
    end: int


@dataclass(frozen=True)
class Understanding:
    """What a message was taken to mean; `intent` is one of the domain's, the best guess even when unsure."""

    intent: str
    requests: tuple[str, ...]
    ranking: tuple[tuple[str, float], ...]
    asks: bool
    step: str
    stage: str
    mood: str
    entities: tuple[Entity, ...] = ()

    def to_json(self) -> Json:
        """The wire form; `ranking` is a list of [name, probability]."""
        return {
            "intent": self.intent,
            "requests": list(self.requests),
            "ranking": [[name, round(p, 4)] for name, p in self.ranking],
            "asks": self.asks,
            "step": self.step,
            "stage": self.stage,
            "mood": self.mood,
            "entities": [asdict(e) for e in self.entities],
        }


@dataclass(frozen=True)
class Button:
    """A choice offered with a reply; its meaning stays in the state under its id."""

    id: str
    title: str


@dataclass(frozen=True)
class Reply:
    """One bubble of the bot, with the facts it was worded from."""

    text: str
    buttons: tuple[Button, ...] = ()
    card: Json | None = None
    response: str = ""
    facts: Json = field(default_factory=dict)
    worded_by: str = "template"
    checks: tuple[str, ...] = ()

    def to_json(self) -> Json:
        """The wire form."""
        return {
            "text": self.text,
            "buttons": [asdict(b) for b in self.buttons],
            "card": self.card,
            "response": self.response,
            "facts": self.facts,
            "worded_by": self.worded_by,
            "checks": list(self.checks),
        }


@dataclass(frozen=True)
class Handoff:
    """A wish for a person; `role` is sales, aftersales, complaint or packing."""

    reason: str
    role: str
    brief: str = ""


@dataclass(frozen=True)
class Turn:
    """The outcome of one turn; `timings` (milliseconds by step) alone is no function of the input."""

    replies: tuple[Reply, ...]
    understanding: Understanding
    state: Json
    handoff: Handoff | None = None
    tasks: tuple[Json, ...] = ()
    writes: tuple[Json, ...] = ()
    confirming: bool = False
    """Whether the state holds a restatement that waits for its yes: the next turn must not be cancelled."""
    timings: Mapping[str, float] = field(default_factory=dict)

    def to_json(self, *, with_state: bool = True) -> Json:
        """The wire form, without `state` if asked so."""
        out: Json = {
            "replies": [r.to_json() for r in self.replies],
            "understanding": self.understanding.to_json(),
            "handoff": asdict(self.handoff) if self.handoff else None,
            "tasks": list(self.tasks),
            "writes": list(self.writes),
            "confirming": self.confirming,
            "timings": dict(self.timings),
        }
        if with_state:
            out["state"] = self.state
        return out


def read_incoming(raw: Json) -> Incoming:
    """`Incoming` from its wire form; raises BadInput naming the field."""
    text, button = raw.get("text"), raw.get("button")
    if not isinstance(raw.get("id"), str) or not raw["id"]:
        raise BadInput('incoming.id 应为非空的文字;给每条消息一个编号,如 "m1"')
    pictures = raw.get("pictures", 0)
    if not isinstance(pictures, int) or pictures < 0:
        raise BadInput(f"pictures 应为图片的张数,却是 {pictures!r}")
    only_pictures = bool(pictures) and text is None and button is None
    if (text is None) == (button is None) and not only_pictures:
        raise BadInput('应恰好有 "text" 和 "button" 中的一个')
    for name, value in (("text", text), ("button", button)):
        if value is not None and not isinstance(value, str):
            raise BadInput(f"{name} 应为文字,却是 {type(value).__name__}")
    at = raw.get("at")
    when = read_time(at, "incoming.at") if at else None
    return Incoming(raw["id"], text, button, read_page(raw.get("page")), when, pictures)


def read_page(raw: Any) -> Page | None:
    """`Page` from its wire form; unknown keys are ignored, since any shop's page may send more."""
    if raw is None:
        return None
    if not isinstance(raw, dict) or not isinstance(raw.get("kind"), str):
        raise BadInput('page 应为带 "kind" 的对象,如 {"kind": "product", "product_id": "P001"}')
    return Page(raw["kind"], str(raw.get("product_id") or ""), str(raw.get("order_id") or ""))


def read_context(raw: Json, conversation: str) -> Context:
    """`Context` from its wire form; raises BadInput naming the field."""
    shopper = raw.get("shopper")
    if shopper is not None and not (isinstance(shopper, dict) and isinstance(shopper.get("sub"), str)):
        raise BadInput('context.shopper: expected null or {"sub": "…", "name": "…"}')
    return Context(
        conversation=conversation,
        now=read_time(raw.get("now"), "context.now"),
        shopper=Identity(shopper["sub"], str(shopper.get("name") or "")) if shopper else None,
        client=str(raw.get("client") or ""),
        style=str(raw.get("style") or "warm"),
        channel=str(raw.get("channel") or "web"),
        waiting=str(raw.get("waiting") or ""),
    )


def read_time(raw: Any, path: str) -> datetime:
    """An aware time from ISO 8601 text; raises BadInput naming `path`."""
    try:
        at = datetime.fromisoformat(raw)
    except (TypeError, ValueError):
        at = None
    if at is None or at.tzinfo is None:
        raise BadInput(f"{path}: expected a time with zone such as 2026-11-21T10:00:00+08:00, came {raw!r}")
    return at
