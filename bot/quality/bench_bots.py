"""One bot's figures: its servers started, asked, stopped; then the same model inside one process."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from bot.commands.up import services
from bot.quality.bench_client import (
    EVENTS_A_ROUND,
    Bot,
    Ours,
    Phase,
    Stock,
    measure,
    measure_together,
    turns,
)
from bot.quality.bench_inside import kind_of
from bot.quality.bench_process import Child, free_port, run
from bot.quality.bench_project import Messages, Project
from bot.settings import Settings, load

WORKERS = 16
LONG_EVENTS, SHORT_EVENTS = 800, 40
WARM_UP = 10
START_SECONDS = 600.0
INSIDE_SECONDS = 1800.0
ACTIONS = "action server"


@dataclass(frozen=True)
class Size:
    """How often things are measured."""

    messages: int
    """Of each kind."""
    together: int
    """Turns at WORKERS at a time."""
    long: int
    """Turns after a long conversation, and after a short one."""


FULL, QUICK = Size(200, 640, 60), Size(40, 96, 20)


@dataclass(frozen=True)
class Figures:
    """One bot, measured."""

    load_s: float
    """From starting its processes until all are healthy."""
    loaded_mb: float
    """All its processes, resident."""
    after_mb: float
    parse: Phase
    talk: Phase
    business: Phase
    short: Phase
    long: Phase
    together: Phase
    inside: Mapping[str, Any]
    """What bench_inside prints."""


def measure_ours(project: Project, env: Mapping[str, str], messages: Messages, size: Size) -> Figures:
    """The bot server as `xiaoer up` starts it, then the model inside a process."""
    settings = load({**env, "XIAOER_BOT_PORT": str(free_port()), "XIAOER_MODEL": str(project.ours)})
    given = {**env, "XIAOER_BOT_PORT": str(settings.bot_port), "XIAOER_MODEL": str(project.ours)}
    service = services(settings)[0]
    with Child("our bot", service.module, given, settings.home / "bot.log") as bot:
        bot.wait(service.health, START_SECONDS, lambda answer: answer.status_code == 200)
        shopper = {"sub": settings.dev_shopper, "name": ""}
        client = Ours(settings.bot_url, settings.bot_secret, settings.now().isoformat(), shopper)
        seen = asyncio.run(_from_outside(client, (bot,), messages, size))
    return _figures((bot,), seen, _inside(settings, given, str(project.ours)))


def measure_stock(project: Project, env: Mapping[str, str], messages: Messages, size: Size) -> Figures:
    """`rasa run --enable-api` beside `rasa run actions`, then the model inside a process."""
    settings, folder = load(env), project.folder
    port, action_port = free_port(), free_port()
    endpoints = settings.home / "endpoints.yml"
    credentials = settings.home / "credentials.yml"
    webhook = f"http://127.0.0.1:{action_port}/webhook"
    endpoints.write_text(f"action_endpoint:\n  url: {webhook}\n", encoding="utf-8")
    credentials.write_text("rest:\n", encoding="utf-8")
    files = ("--endpoints", str(endpoints), "--credentials", str(credentials))
    serve = ("rasa", "run", "--enable-api", "--interface", "127.0.0.1", "--port", str(port), *files)
    act = ("rasa", "run", "actions", "--actions", settings.actions, "--port", str(action_port))
    with ExitStack() as stack:
        actions = stack.enter_context(Child(ACTIONS, act, env, settings.home / "actions.log", folder))
        model = ("--model", str(project.stock))
        server = Child("stock bot", (*serve, *model), env, settings.home / "stock.log", folder)
        with server:
            actions.wait(f"http://127.0.0.1:{action_port}/health", START_SECONDS, _is_ok)
            server.wait(f"http://127.0.0.1:{port}/status", START_SECONDS, _is_ok)
            client = Stock(f"http://127.0.0.1:{port}")
            seen = asyncio.run(_from_outside(client, (server, actions), messages, size))
        used = actions.cpu()
        inside = _inside(settings, env, str(project.stock), webhook)
        inside["action_server_cpu_s"] = actions.cpu() - used
    return _figures((server, actions), seen, inside)


@dataclass(frozen=True)
class _Seen:
    phases: Mapping[str, Phase]
    loaded_mb: float
    after_mb: float


async def _from_outside(bot: Bot, children: Sequence[Child], messages: Messages, size: Size) -> _Seen:
    loaded = sum(child.resident() for child in children)
    await measure(turns(bot, "warm", messages.mix[:WARM_UP]), children)
    kinds: dict[str, list[str]] = {"talk": [], "business": [], "unsure": []}

    async def parse(text: str) -> None:
        kinds[kind_of(await bot.parse(text))].append(text)

    phases = {"parse": await measure([partial(parse, text) for text in messages.mix], children)}
    for kind in ("talk", "business"):
        texts = _repeated(kinds[kind] or kinds["unsure"], size.messages)
        phases[kind] = await measure(turns(bot, kind, texts), children)
    same = _repeated(kinds["business"] or kinds["unsure"], size.long)
    for name, events in (("short", SHORT_EVENTS), ("long", LONG_EVENTS)):
        phases[name] = await _after(bot, name, events // EVENTS_A_ROUND, same, children)
    texts = _repeated(messages.mix, size.together)
    phases["together"] = await measure_together(bot, texts, WORKERS, children)
    return _Seen(phases, loaded, sum(child.resident() for child in children))


async def _after(bot: Bot, name: str, rounds: int, texts: Sequence[str], children: Sequence[Child]) -> Phase:
    """The texts as the next turns of one conversation that has had so many rounds."""
    await bot.remember(name, rounds, "谢谢")
    return await measure([partial(bot.turn, name, text) for text in texts], children)


def _inside(settings: Settings, env: Mapping[str, str], *arguments: str) -> dict[str, Any]:
    """Prints of other libraries may come first; the last line is ours."""
    module = ("bot.quality.bench_inside", *arguments)
    told = run(module, env, settings.home / "inside.log", INSIDE_SECONDS)
    found: dict[str, Any] = json.loads(told.strip().splitlines()[-1])
    return found


def measure_wording(project: Project, env: Mapping[str, str], *, quick: bool) -> dict[str, Any]:
    """What bench_wording prints; three turns with a model that hangs, or one."""
    given = {**env, "XIAOER_MODEL": str(project.ours)}
    module = ("bot.quality.bench_wording", str(project.ours), "1" if quick else "3")
    told = run(module, given, load(given).home / "wording.log", INSIDE_SECONDS)
    found: dict[str, Any] = json.loads(told.strip().splitlines()[-1])
    return found


def _figures(children: Sequence[Child], seen: _Seen, inside: Mapping[str, Any]) -> Figures:
    load_s = max(child.seconds for child in children)
    return Figures(load_s, seen.loaded_mb, seen.after_mb, **seen.phases, inside=inside)


def _repeated(texts: Sequence[str], count: int) -> list[str]:
    return [texts[at % len(texts)] for at in range(count)]


def _is_ok(answer: Any) -> bool:
    return bool(answer.status_code == 200)


def prepare_shop(home: Path, now: str, shopper: str) -> dict[str, str]:
    """A home with the demo shop as it stands at `now`, and the settings of every process that is measured."""
    from bot.shop.demo import seed
    from bot.shop.sql import SqlShop

    given = {
        "XIAOER_HOME": str(home),
        "XIAOER_TODAY": now,
        "XIAOER_DEV_SHOPPER": shopper,
        "XIAOER_BOT_SECRET": "bench",
    }
    settings = load(given)
    shop = SqlShop(settings.shop_url)
    seed(shop, settings.now().date())
    asyncio.run(shop.close())
    return given
