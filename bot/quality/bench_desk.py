"""The whole way: messages posted to the real desk over its shopper API, each answered through the dispatcher.

Latency is what the desk's own log says: from the message's row to the first row of its reply.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import time
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
from websockets.client import connect

from bot import keys
from bot.commands.up import services
from bot.errors import XiaoerError
from bot.quality.bench_client import PATIENCE, percentile
from bot.quality.bench_process import Child, free_port, run
from bot.settings import Settings, load

Json = dict[str, Any]
WORKERS = 16
START_SECONDS = 300.0
PER_SECOND = 20.0
HINT_SECONDS = 1.0
"""A lost hint costs no more than this."""


@dataclass(frozen=True)
class DeskFigures:
    """Latencies in milliseconds; `wrong` counts messages not answered, answered twice or out of order."""

    messages: int
    conversations: int
    wrong: int
    p50: float
    p95: float
    per_second: float
    paced_p50: float
    paced_p95: float
    paced_per_second: float
    """What was reached; below PER_SECOND the latencies are those of an overloaded desk."""
    refused: int
    """Times the desk asked to slow down (429)."""


@dataclass
class _Pace:
    """Lets a message go every 1/PER_SECOND seconds, or at once."""

    per_second: float | None
    _next: float = 0.0

    async def wait(self) -> None:
        if self.per_second is None:
            return
        now = time.monotonic()
        self._next = max(self._next, now) + 1 / self.per_second
        await asyncio.sleep(self._next - 1 / self.per_second - now)


@dataclass
class _Run:
    http: httpx.AsyncClient
    socket: str
    pace: _Pace
    waits: list[float] = field(default_factory=list)
    sent: dict[str, list[str]] = field(default_factory=dict)
    """Client ids in the order they were sent, by conversation."""
    refused: int = 0
    seconds: float = 0.0


def measure_desk(
    home: Path, model: Path, texts: Sequence[str], conversations: int, turns: int
) -> DeskFigures:
    """Bot and desk on free ports over a new home, `turns` messages in each of so many conversations.

    Then half as many again at PER_SECOND messages a second. `texts` must hand nobody over to a person.
    """
    env, settings = _prepare(home, model)
    bot, desk = services(settings)
    with Child("our bot", bot.module, env, home / "bot.log") as one:
        one.wait(bot.health, START_SECONDS, lambda answer: answer.status_code == 200)
        with Child("desk", desk.module, env, home / "desk.log") as other:
            other.wait(desk.health, START_SECONDS, lambda answer: answer.status_code == 200)
            free = asyncio.run(_converse(settings, texts, conversations, turns, None))
            paced = asyncio.run(_converse(settings, texts, conversations // 2, turns, PER_SECOND))
    sent = {**free.sent, **paced.sent}
    return DeskFigures(
        messages=sum(map(len, sent.values())),
        conversations=len(sent),
        wrong=wrong_answers(sent, _stored(home / "desk.sqlite3")),
        p50=percentile(free.waits, 50),
        p95=percentile(free.waits, 95),
        per_second=len(free.waits) / free.seconds,
        paced_p50=percentile(paced.waits, 50),
        paced_p95=percentile(paced.waits, 95),
        paced_per_second=len(paced.waits) / paced.seconds,
        refused=free.refused + paced.refused,
    )


def wrong_answers(sent: Mapping[str, Sequence[str]], stored: Iterable[tuple[str, str, str, bool]]) -> int:
    """How many sent messages were not answered exactly once, before the next one was stored.

    `stored` rows are (conversation, kind, client id, whether a reply begins a turn), in their order.
    """
    answers: dict[str, int] = {}
    orders: dict[str, list[str]] = {}
    for conversation, kind, client_id, begins in stored:
        order = orders.setdefault(conversation, [])
        if kind == "shopper":
            order.append(client_id)
        elif begins and order:
            answers[order[-1]] = answers.get(order[-1], 0) + 1
    wrong = 0
    for conversation, ids in sent.items():
        order = orders.get(conversation, [])
        if len(order) != len(ids):
            wrong += abs(len(order) - len(ids))
        wrong += sum(id_ != found or answers.get(id_) != 1 for id_, found in zip(ids, order, strict=False))
    return wrong


def _prepare(home: Path, model: Path) -> tuple[dict[str, str], Settings]:
    ports = {"XIAOER_BOT_PORT": str(free_port()), "XIAOER_DESK_PORT": str(free_port())}
    env = {"XIAOER_HOME": str(home), "XIAOER_MODEL": str(model), **ports}
    keys.ensure(load(env))
    run(("desk", "migrate", "--noinput", "-v0"), env, home / "migrate.log", START_SECONDS)
    run(("bot.cli", "shop", "demo"), env, home / "shop.log", START_SECONDS)
    return env, load(env)


async def _converse(
    settings: Settings, texts: Sequence[str], conversations: int, turns: int, per_second: float | None
) -> _Run:
    socket = settings.desk_url.replace("http://", "ws://") + "/ws/shop"
    async with httpx.AsyncClient(base_url=settings.desk_url, timeout=PATIENCE, trust_env=False) as http:
        running = _Run(http, socket, _Pace(per_second))
        waiting = list(range(conversations))

        async def work() -> None:
            while waiting:
                at = waiting.pop(0)
                said = [texts[(at + turn) % len(texts)] for turn in range(turns)]
                await _conversation(running, settings.desk_url, said)

        begun = time.perf_counter()
        await asyncio.gather(*(work() for _ in range(WORKERS)))
        running.seconds = time.perf_counter() - begun
    return running


async def _conversation(running: _Run, origin: str, texts: Sequence[str]) -> None:
    opened = await _post(running, "/api/shop/session", {"token": None, "key": None, "page": None}, "")
    key, last = opened["key"], int(opened["last"])
    ids = running.sent.setdefault(opened["conversation"], [])
    async with connect(running.socket, origin=origin) as socket:  # type: ignore[arg-type]
        await socket.send(json.dumps({"v": 1, "kind": "hello", "key": key}))
        for text in texts:
            await running.pace.wait()
            ids.append(str(uuid.uuid4()))
            body = {"client_id": ids[-1], "text": text}
            said = (await _post(running, "/api/shop/messages", body, key))["event"]
            reply = await _reply(running, socket, key, said["seq"], last)
            running.waits.append((_at(reply) - _at(said)).total_seconds() * 1000)
            last = reply["seq"]
    if last == 0:
        raise XiaoerError("desk: expected answers, came none")


async def _reply(running: _Run, socket: Any, key: str, said: int, last: int) -> Json:
    """The first bot event after number `said`; raises XiaoerError if none comes.

    Events after `last` are fetched as the widget fetches them: when a hint tells of newer ones.
    """
    deadline = time.monotonic() + PATIENCE
    headers = {"Authorization": f"Bearer {key}"}
    while time.monotonic() < deadline:
        if not await _hinted(socket, last):
            continue
        answer = await running.http.get("/api/shop/events", params={"after": last}, headers=headers)
        found = answer.raise_for_status().json()
        after = (event for event in found["events"] if event["kind"] == "bot" and event["seq"] > said)
        if reply := next(after, None):
            return dict(reply)
        if found["status"] != "bot":
            raise XiaoerError(f"desk: expected a conversation of the bot's, came {found['status']}")
        last = max(last, int(found["last"]))
    raise XiaoerError(f"desk: no answer within {PATIENCE:.0f} s")


async def _hinted(socket: Any, last: int) -> bool:
    """Wait for a hint; whether to fetch, as when none comes for a while."""
    try:
        hint = json.loads(await asyncio.wait_for(socket.recv(), HINT_SECONDS))
    except asyncio.TimeoutError:
        return True
    return hint["kind"] == "status" or (hint["kind"] == "events" and int(hint["last"]) > last)


async def _post(running: _Run, path: str, body: Json, key: str) -> Json:
    """Post, waiting where the desk asks to slow down."""
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    while True:
        answer = await running.http.post(path, json=body, headers=headers)
        if answer.status_code != 429:
            found: Json = answer.raise_for_status().json()
            return found
        running.refused += 1
        await asyncio.sleep(float(answer.headers["Retry-After"]))


def _stored(database: Path) -> list[tuple[str, str, str, bool]]:
    """The desk's event log; only the first reply of a turn carries the turn's record."""
    query = (
        "SELECT c.public_id, e.kind, coalesce(e.client_id, ''), json_extract(e.payload, '$.turn') IS NOT NULL"
        " FROM conversations_event e JOIN conversations_conversation c ON c.id = e.conversation_id"
        " ORDER BY c.id, e.seq"
    )
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        return [(str(a), str(b), str(c), bool(d)) for a, b, c, d in connection.execute(query)]


def _at(event: Json) -> datetime:
    return datetime.fromisoformat(event["at"])
