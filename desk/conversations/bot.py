"""The bot process as the desk sees it: three loopback calls, and what may go wrong with them."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx
import orjson

from bot.errors import XiaoerError
from desk import words

Json = dict[str, Any]


class BotDown(XiaoerError):
    """The bot cannot be asked now. `midway`: it went away while it worked on this very request."""

    def __init__(self, why: str, *, midway: bool = False) -> None:
        self.midway = midway
        super().__init__(why)


class BotFailed(XiaoerError):
    """The bot answered, but not with a usable turn; or took too long for it."""


@dataclass(frozen=True)
class BotReply:
    """One bubble; `payload` is stored beside it."""

    text: str
    payload: Json


@dataclass(frozen=True)
class BotTask:
    """Something that a person is to do by a time; the same `kind` and `key` are the same task."""

    kind: str
    role: str
    order: str
    wish: str
    due: datetime
    key: str


@dataclass(frozen=True)
class BotWrite:
    """Something that was done in the shop, once for its `key`; `said` tells a person of it."""

    key: str
    said: str
    record: Json


@dataclass(frozen=True)
class BotTurn:
    """A checked Turn. `record` is what is kept of it for the books: all but replies and state."""

    replies: tuple[BotReply, ...]
    state: Json
    mood: str
    handoff: dict[str, str] | None
    record: Json
    tasks: tuple[BotTask, ...] = ()
    writes: tuple[BotWrite, ...] = ()
    confirming: bool = False
    """The bot has just asked whether to do exactly this, and waits for yes or no."""


class Bot:
    """Asks the bot over HTTP. `seconds` bounds each call as a whole."""

    def __init__(self, url: str, secret: str, seconds: float = 15.0) -> None:
        self._seconds = seconds
        self._http = httpx.AsyncClient(
            base_url=url,
            headers={"Authorization": f"Bearer {secret}", "Content-Type": "application/json"},
            timeout=httpx.Timeout(seconds, connect=2.0),
            # Shorter than the bot's server keeps them (5 s): none is closed just when it is used again.
            limits=httpx.Limits(keepalive_expiry=2.0),
            trust_env=False,  # loopback: no proxy
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def ready(self) -> bool:
        """Whether the bot is up and has its model loaded."""
        try:
            answer = await self._http.get("/health", timeout=2.0)
        except httpx.HTTPError:
            return False
        return answer.status_code == httpx.codes.OK

    async def turn(self, request: Json) -> BotTurn:
        """One turn; raises BotDown or BotFailed."""
        return read_turn(await self._ask("/turn", request))

    async def note(self, conversation: str, state: Json | None, events: list[Json]) -> Json:
        """The state after what happened outside; raises BotDown or BotFailed."""
        answer = await self._ask("/note", {"conversation": conversation, "state": state, "events": events})
        return _object(answer.get("state"), "state")

    async def _ask(self, path: str, request: Json) -> Json:
        try:
            answer = await asyncio.wait_for(
                self._http.post(path, content=orjson.dumps(request)), self._seconds
            )
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as e:
            raise BotDown(type(e).__name__) from e
        except (httpx.TimeoutException, asyncio.TimeoutError) as e:
            raise BotFailed("timeout") from e
        except httpx.HTTPError as e:
            raise BotDown(type(e).__name__, midway=True) from e
        if answer.status_code in {401, 403, 404, 502, 503, 504}:
            raise BotDown(f"HTTP {answer.status_code}")
        if answer.status_code != httpx.codes.OK:
            raise BotFailed(f"HTTP {answer.status_code}")
        try:
            return _object(orjson.loads(answer.content), "the answer")
        except ValueError as e:
            raise BotFailed("not JSON") from e


def read_turn(raw: Json) -> BotTurn:
    """A Turn from its wire form; raises BotFailed naming what is wrong."""
    replies = raw.get("replies")
    if not isinstance(replies, list):
        raise BotFailed("replies: expected a list")
    understanding = _object(raw.get("understanding") or {}, "understanding")
    return BotTurn(
        replies=tuple(_reply(r) for r in replies),
        state=_object(raw.get("state"), "state"),
        mood=str(understanding.get("mood") or "")[:16],
        handoff=_handoff(raw.get("handoff")),
        record={k: raw.get(k) for k in ("understanding", "handoff", "tasks", "writes", "timings")},
        tasks=tuple(_task(t) for t in _list(raw.get("tasks"), "tasks")),
        writes=tuple(_write(w) for w in _list(raw.get("writes"), "writes")),
        confirming=raw.get("confirming") is True,
    )


def _reply(raw: Any) -> BotReply:
    reply = _object(raw, "reply")
    text, buttons, card = reply.get("text"), reply.get("buttons") or [], reply.get("card")
    if not isinstance(text, str):
        raise BotFailed("reply.text: expected a string")
    shown = [{"id": str(b["id"]), "title": str(b["title"])} for b in (_object(b, "button") for b in buttons)]
    payload: Json = {"buttons": shown, "card": card if card is None else _object(card, "card")}
    payload |= {k: reply.get(k) for k in ("response", "facts", "worded_by", "checks")}
    return BotReply(text, payload)


def _handoff(raw: Any) -> dict[str, str] | None:
    if raw is None:
        return None
    handoff = _object(raw, "handoff")
    return {k: str(handoff.get(k) or "") for k in ("reason", "role", "brief")}


def _task(raw: Any) -> BotTask:
    task = _object(raw, "task")
    kind, role = _one_of(task, "kind", words.TASK_NAMES), _one_of(task, "role", words.ROLE_NAMES)
    wish, key, order = _text(task, "wish", 2000), _text(task, "key", 128), task.get("order") or ""
    if not isinstance(order, str) or len(order) > 64:
        raise BotFailed("task.order: expected a string of at most 64 characters")
    return BotTask(kind, role, order, wish, _due(task.get("due")), key)


def _due(raw: Any) -> datetime:
    try:
        due = datetime.fromisoformat(raw)
    except (TypeError, ValueError):
        due = None
    if due is None or due.tzinfo is None:
        raise BotFailed(f"task.due: expected a time with zone, came {raw!r}")
    return due


def _write(raw: Any) -> BotWrite:
    write = _object(raw, "write")
    return BotWrite(_text(write, "key", 128), str(write.get("said") or ""), write)


def _one_of(raw: Json, name: str, known: Collection[str]) -> str:
    value = raw.get(name)
    if not isinstance(value, str) or value not in known:
        raise BotFailed(f"task.{name}: expected one of {', '.join(known)}, came {value!r}")
    return value


def _text(raw: Json, name: str, limit: int) -> str:
    value = raw.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= limit:
        raise BotFailed(f"{name}: expected a string of 1 to {limit} characters")
    return value


def _list(raw: Any, name: str) -> list[Any]:
    if raw is not None and not isinstance(raw, list):
        raise BotFailed(f"{name}: expected a list")
    return raw or []


def _object(raw: Any, name: str) -> Json:
    if not isinstance(raw, dict):
        raise BotFailed(f"{name}: expected an object")
    return raw
