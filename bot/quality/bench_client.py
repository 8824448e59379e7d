"""Both bots as their clients see them: stock Rasa over its REST channel, ours over the bot server's API."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from statistics import quantiles
from typing import Any, Protocol

import httpx

from bot.quality.bench_process import Child

Json = dict[str, Any]
CONVERSATION_TURNS = 10
"""Messages of one conversation, except where a long one is what is measured."""
PATIENCE = 60.0
EVENTS_A_ROUND = 4
"""Events that `remember` adds a round: the shopper's, the action, the bot's, the listening."""


class Bot(Protocol):
    """A bot that can be asked from outside."""

    async def parse(self, text: str) -> str:
        """The intent that it takes the text for."""
        ...

    async def turn(self, conversation: str, text: str) -> None:
        """One message and its answer."""
        ...

    async def remember(self, conversation: str, rounds: int, text: str) -> None:
        """Bring a conversation to so many rounds, of EVENTS_A_ROUND events each at least."""
        ...


@dataclass(frozen=True)
class Phase:
    """What a number of calls cost, in milliseconds."""

    calls: int
    wall: tuple[float, ...]
    cpu: float
    """Per call, all processes of the bot."""
    per_second: float

    def at(self, percent: int) -> float:
        """A percentile of the latencies, 1 to 99."""
        return percentile(self.wall, percent)


def percentile(values: Sequence[float], percent: int) -> float:
    """By linear interpolation; raises ValueError for fewer than two values."""
    return quantiles(values, n=100, method="inclusive")[percent - 1]


class Stock:
    """`rasa run --enable-api`, and the REST channel."""

    def __init__(self, url: str) -> None:
        self._http = httpx.AsyncClient(base_url=url, timeout=PATIENCE, trust_env=False)

    async def parse(self, text: str) -> str:
        """See Bot."""
        found = await _sent(self._http.post("/model/parse", json={"text": text}))
        return str(found["intent"]["name"])

    async def turn(self, conversation: str, text: str) -> None:
        """See Bot."""
        await _sent(self._http.post("/webhooks/rest/webhook", json={"sender": conversation, "message": text}))

    async def remember(self, conversation: str, rounds: int, text: str) -> None:
        """See Bot; the events are put into its tracker store."""
        intent = {"name": "thanks_bye", "confidence": 1.0}
        one: list[Json] = [
            {"event": "user", "text": text, "parse_data": {"intent": intent, "entities": [], "text": text}},
            {"event": "action", "name": "utter_bench_bye"},
            {"event": "bot", "text": text},
            {"event": "action", "name": "action_listen"},
        ]
        begun = [{"event": "action", "name": name} for name in ("action_session_start", "action_listen")]
        events = [{"timestamp": at, **event} for at, event in enumerate([*begun, *(one * rounds)], 1)]
        await _sent(self._http.put(f"/conversations/{conversation}/tracker/events", json=events))


class Ours:
    """The bot server; the states are kept here as the desk keeps them."""

    def __init__(self, url: str, secret: str, now: str, shopper: Json) -> None:
        headers = {"Authorization": f"Bearer {secret}"}
        self._http = httpx.AsyncClient(base_url=url, timeout=PATIENCE, headers=headers, trust_env=False)
        self._now = now
        self._shopper = shopper
        self._states: dict[str, Json] = {}
        self._said = 0

    async def parse(self, text: str) -> str:
        """See Bot."""
        found = await _sent(self._http.post("/understand", json={"text": text}))
        return "nlu_fallback" if found["asks"] else str(found["intent"])

    async def turn(self, conversation: str, text: str) -> None:
        """See Bot."""
        self._said += 1
        context = {"shopper": self._shopper, "client": "127.0.0.1", "now": self._now, "style": "warm"}
        body = {
            "conversation": conversation,
            "state": self._states.get(conversation),
            "incoming": {"id": f"m{self._said}", "text": text, "button": None, "page": None},
            "context": {**context, "channel": "web"},
        }
        self._states[conversation] = (await _sent(self._http.post("/turn", json=body)))["state"]

    async def remember(self, conversation: str, rounds: int, text: str) -> None:
        """See Bot; the rounds are really played, since the state is what earlier turns made it."""
        for _ in range(rounds):
            await self.turn(conversation, text)


async def measure(calls: Sequence[Callable[[], Awaitable[object]]], children: Sequence[Child]) -> Phase:
    """Make the calls one after another."""
    used, begun = _cpu(children), time.perf_counter()
    wall: list[float] = []
    for call in calls:
        started = time.perf_counter()
        await call()
        wall.append((time.perf_counter() - started) * 1000)
    return _phase(wall, used, begun, children)


async def measure_together(bot: Bot, texts: Sequence[str], workers: int, children: Sequence[Child]) -> Phase:
    """Send the texts over as many conversations at a time as there are workers."""
    used, begun = _cpu(children), time.perf_counter()
    wall: list[float] = []

    async def converse(worker: int) -> None:
        for at, text in enumerate(texts[worker::workers]):
            started = time.perf_counter()
            await bot.turn(f"w{worker}-{at // CONVERSATION_TURNS}", text)
            wall.append((time.perf_counter() - started) * 1000)

    await asyncio.gather(*(converse(worker) for worker in range(workers)))
    return _phase(wall, used, begun, children)


def turns(bot: Bot, name: str, texts: Sequence[str]) -> list[Callable[[], Awaitable[object]]]:
    """The texts as calls, a new conversation every CONVERSATION_TURNS."""

    def call(at: int, text: str) -> Callable[[], Awaitable[object]]:
        return lambda: bot.turn(f"{name}-{at // CONVERSATION_TURNS}", text)

    return [call(at, text) for at, text in enumerate(texts)]


def _cpu(children: Sequence[Child]) -> float:
    return sum(child.cpu() for child in children)


def _phase(wall: Sequence[float], used: float, begun: float, children: Sequence[Child]) -> Phase:
    seconds = time.perf_counter() - begun
    count = len(wall)
    return Phase(count, tuple(wall), (_cpu(children) - used) * 1000 / count, count / seconds)


async def _sent(request: Awaitable[httpx.Response]) -> Any:
    return (await request).raise_for_status().json()
