"""`python -m bot.quality.bench_inside MODEL [ACTION_URL]`: one bot inside this process, without a server.

With an action URL the model is a stock one, run as plain Rasa runs it; without, ours. Prints one JSON object:
import_s, load_s, resident_mb, and lists of milliseconds: first_cpu of messages never seen before,
parse_cpu of the same again, turn_cpu by kind of message.
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

from bot.quality.bench_client import CONVERSATION_TURNS
from bot.quality.bench_project import read_messages

Json = dict[str, Any]
Say = Callable[[str, int, str], Awaitable[object]]
"""Conversation, number of the message in it, text."""
WARM_UP = 20


def main(arguments: list[str]) -> None:
    """Measure and print."""
    model, *action_url = arguments
    found = asyncio.run(_stock(Path(model), action_url[0]) if action_url else _ours(Path(model)))
    sys.stdout.write(json.dumps(found) + "\n")


async def _ours(model: Path) -> Json:
    begun = time.process_time()
    from bot import rasa_tuning

    rasa_tuning.apply()
    from bot.dialogue import Dialogue

    imported = time.process_time() - begun
    from dataclasses import replace

    from bot.settings import load
    from bot.shop.adapters import shop_of
    from bot.shop.tries import SqlTries
    from bot.turn import Context, Incoming

    settings = replace(load(), model=model)
    shop, now = shop_of(settings), settings.now()
    begun, clock = time.perf_counter(), time.process_time()
    dialogue = await Dialogue.load(settings, shop, SqlTries(settings.access_url))
    loaded = (time.perf_counter() - begun, time.process_time() - clock)
    shopper = _shopper(settings.dev_shopper)
    states: dict[str, Json] = {}

    async def say(conversation: str, at: int, text: str) -> None:
        context = Context(conversation, now, shopper)
        turn = await dialogue.turn(states.get(conversation), Incoming(f"m{at}", text), context)
        states[conversation] = turn.state

    metadata = {"today": now.date(), "names": await dialogue._catalogue_names()}
    found = await _measured(dialogue._processor, say, metadata)
    await shop.close()
    return {"import_s": imported, "load_s": loaded[0], "load_cpu_s": loaded[1], **found}


async def _stock(model: Path, action_url: str) -> Json:
    begun = time.process_time()
    from rasa.core.agent import Agent
    from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
    from rasa.utils.endpoints import EndpointConfig
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(30)
    imported = time.process_time() - begun
    begun, clock = time.perf_counter(), time.process_time()
    agent = Agent.load(str(model), action_endpoint=EndpointConfig(action_url))
    loaded = (time.perf_counter() - begun, time.process_time() - clock)

    async def say(conversation: str, at: int, text: str) -> None:
        await agent.handle_message(UserMessage(text, CollectingOutputChannel(), conversation))

    found = await _measured(agent.processor, say, {})
    return {"import_s": imported, "load_s": loaded[0], "load_cpu_s": loaded[1], **found}


async def _measured(processor: Any, say: Say, metadata: Json) -> Json:
    """Parse of the whole graph, then turns of the messages whose intent is of their kind."""
    from rasa.core.channels.channel import UserMessage
    from rasa.shared.core.trackers import DialogueStateTracker

    messages, tracker = read_messages(), DialogueStateTracker("nobody", [])
    kinds: dict[str, list[str]] = {"talk": [], "business": []}

    def parse(text: str) -> tuple[str, float]:
        clock = time.process_time()
        parsed = processor._parse_message_with_graph(UserMessage(text, metadata=metadata), tracker)
        return str(parsed["intent"]["name"]), (time.process_time() - clock) * 1000

    for text in messages.mix[-WARM_UP:]:
        parse(f"{text}。")  # another text to whatever remembers texts
    first = [parse(text) for text in messages.mix]
    for text, (intent, _) in zip(messages.mix, first, strict=True):
        kinds.setdefault(kind_of(intent), []).append(text)
    again = [parse(text) for text in messages.mix]
    resident = _resident()
    turn_cpu = {kind: await _turns(say, kind, kinds[kind]) for kind in ("talk", "business")}
    return {
        "resident_mb": resident,
        "resident_after_mb": _resident(),
        "first_cpu": [cpu for _, cpu in first],
        "parse_cpu": [cpu for _, cpu in again],
        "turn_cpu": turn_cpu,
        "action_turns": 2 * len(turn_cpu["business"]),
    }


async def _turns(say: Say, name: str, texts: Sequence[str]) -> list[float]:
    """Milliseconds of each text's turn where no vector is computed: all were said once before."""
    spent = []
    gc.collect()
    for at, text in enumerate([*texts, *texts]):
        clock = time.process_time()
        await say(f"{name}-{at // CONVERSATION_TURNS}", at, text)
        spent.append((time.process_time() - clock) * 1000)
    return spent[len(texts) :]


def kind_of(intent: str) -> str:
    """How a message of that intent is answered in both bots: `talk`, `business`, or `unsure`."""
    from bot.quality.bench_project import TALK

    if intent == "nlu_fallback":
        return "unsure"
    return "talk" if intent in TALK else "business"


def _shopper(shopper_id: str) -> Any:
    from bot.shop.access import Identity

    return Identity(shopper_id) if shopper_id else None


def _resident() -> float:
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


if __name__ == "__main__":
    main(sys.argv[1:])
