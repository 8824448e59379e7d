"""A real desk around a scripted bot: HTTP on loopback, the dispatcher in a thread, the tests outside."""

from __future__ import annotations

import asyncio
import os
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any

# The same tests run over PostgreSQL and Redis in a process of their own (test_desk_services.py).
for _name in ("DATABASE_URL", "REDIS_URL"):
    if os.environ.get(f"DESK_TEST_{_name}"):
        os.environ[f"XIAOER_{_name}"] = os.environ[f"DESK_TEST_{_name}"]

import django  # noqa: E402
import pytest  # noqa: E402

django.setup()

from django.conf import settings as _settings  # noqa: E402
from django.test import Client  # noqa: E402

from tests.bot_double import Answer, FakeBot, repeat  # noqa: E402
from tests.integration.desk.careful import Careful  # noqa: E402

assert bool(_settings.XIAOER.redis_url) == bool(os.environ.get("DESK_TEST_REDIS_URL"))
assert _settings.XIAOER.database_url.startswith(os.environ.get("DESK_TEST_DATABASE_URL") or "sqlite:")
_database = _settings.DATABASES["default"]
if "init_command" in _database.get("OPTIONS", {}):
    _database["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"  # no test survives a power cut
else:
    _database["TEST"]["NAME"] = f"test_desk_{os.getpid()}"  # others may test on the same server
if _settings.XIAOER.redis_url:
    _settings.CHANNEL_LAYERS["default"]["CONFIG"]["prefix"] = f"test-{os.getpid()}-"

Json = dict[str, Any]
PATIENCE = 30.0
"""Seconds after which something hangs; a slow or busy machine needs but a part of them."""
PASSWORD = "a-long-password"
AFTERNOON, NIGHT = "2026-11-20T15:00+08:00", "2026-11-21T02:00+08:00"
"""A Friday within the agents' hours, and the night after it."""


def handing_over(request: Json) -> Answer:
    """A Turn that asks for a person."""
    return repeat(request, handoff={"reason": "asked", "role": "sales", "brief": "想要人工"})


@pytest.fixture
def bot() -> Iterator[FakeBot]:
    """A bot that runs."""
    fake = FakeBot()
    fake.start()
    yield fake
    fake.stop()


@pytest.fixture
def careful(bot: FakeBot, make: Any) -> Careful:
    """A bot that asks before it writes."""
    bot.always = Careful(make)
    return bot.always


class Desk:
    """One desk process's background work: event loop, hints and dispatcher in a thread of their own."""

    def __init__(self, bot_url: str, seconds: float = PATIENCE, dispatchers: int = 1) -> None:
        self._args = (bot_url, seconds, dispatchers)
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)

    def start(self) -> None:
        self._thread.start()
        assert self._ready.wait(PATIENCE)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()

    async def _run(self) -> None:
        from desk.conversations.bot import Bot
        from desk.conversations.dispatcher import Dispatcher
        from desk.hints import BUS

        url, seconds, dispatchers = self._args
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        BUS.start()
        running = [
            Dispatcher(Bot(url, "test-bot-secret", seconds), poll_seconds=0.2) for _ in range(dispatchers)
        ]
        for dispatcher in running:
            dispatcher.start()
        self._ready.set()
        await self._end.wait()
        for dispatcher in running:
            await dispatcher.stop()
        await BUS.stop()


@pytest.fixture
def desk(bot: FakeBot, transactional_db: None) -> Iterator[Desk]:
    """A desk that answers."""
    running = Desk(bot.url)
    running.start()
    yield running
    running.stop()


def until(condition: Callable[[], Any], seconds: float = PATIENCE) -> Any:
    """Wait for a condition that another thread brings about, and return what it gave."""
    end = time.monotonic() + seconds
    while not (came := condition()):
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.005)
    return came


class Shopper:
    """A shopper's window over the HTTP API, without the sockets."""

    def __init__(self, client: Any, **session: Any) -> None:
        self._client = client
        self.opened = client.post(
            "/api/shop/session",
            {"token": None, "key": None, "page": None, **session},
            content_type="application/json",
        )
        assert self.opened.status_code in {200, 201}, self.opened.content
        self.id: str = self.opened.json()["conversation"]
        self.key: str = self.opened.json()["key"]

    @property
    def bearer(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.key}"}

    def post(self, data: Any, **more: Any) -> Any:
        return self._client.post(
            "/api/shop/messages", data, content_type="application/json", headers={**self.bearer, **more}
        )

    def say(self, text: str, client_id: str | None = None) -> Json:
        answer = self.post({"client_id": client_id or str(uuid.uuid4()), "text": text})
        assert answer.status_code in {200, 201}, answer.content
        return answer.json()["event"]

    def send(self, picture: bytes, client_id: str | None = None, **more: Any) -> Any:
        return self._client.post(
            f"/api/shop/pictures?client_id={client_id or uuid.uuid4()}",
            picture,
            content_type="image/jpeg",
            headers={**self.bearer, **more},
        )

    def see(self, picture_id: str, size: str = "") -> Any:
        headers = {**self.bearer, "accept": "image/jpeg, application/json"}  # as the window asks
        return self._client.get(f"/api/shop/pictures/{picture_id}?size={size}", headers=headers)

    def press(self, button: str) -> Any:
        return self.post({"client_id": str(uuid.uuid4()), "button": button})

    def look(self, after: int = 0) -> Json:
        answer = self._client.get(f"/api/shop/events?after={after}", headers=self.bearer)
        assert answer.status_code == 200, answer.content
        return answer.json()

    def lines(self, *kinds: str) -> list[str]:
        return [e["text"] for e in self.look()["events"] if not kinds or e["kind"] in kinds]

    def codes(self) -> list[str]:
        return [e["code"] for e in self.look()["events"] if e["kind"] == "system"]

    def row(self) -> Any:
        from desk.conversations.models import Conversation

        return Conversation.objects.get(public_id=self.id)


@pytest.fixture
def new_shopper(client: Any, db: None) -> Callable[..., Shopper]:
    """Opens a window: `new_shopper(token=…, key=…, page=…)`."""
    return lambda **session: Shopper(client, **session)


@pytest.fixture
def shopper(new_shopper: Callable[..., Shopper]) -> Shopper:
    """An anonymous shopper's window."""
    return new_shopper()


@pytest.fixture(autouse=True)
def full_buckets() -> None:
    """No test pays for another's messages."""
    from desk.inboxes import pictures, web

    for buckets in (web.PER_CONVERSATION, web.PER_ADDRESS, web.SESSIONS, pictures.PICTURES):
        buckets._filled.clear()


@pytest.fixture
def shop_time(settings: Any) -> Callable[[str], None]:
    """Sets the shop's clock, which then runs on; it begins on an afternoon when agents are there."""
    from bot.settings import Settings

    given = {f.name: getattr(settings.XIAOER, f.name) for f in fields(Settings)}

    def stands_at(moment: str) -> None:
        begun, start = time.monotonic(), datetime.fromisoformat(moment)

        class Running(Settings):
            def now(self) -> datetime:
                return start + timedelta(seconds=time.monotonic() - begun)

        settings.XIAOER = Running(**given)

    stands_at(AFTERNOON)
    return stands_at


@pytest.fixture(autouse=True)
def quick_passwords(settings: Any) -> None:
    """Argon2 is slow on purpose."""
    assert "Argon2" in settings.PASSWORD_HASHERS[0]
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def xiaomei(db: None) -> Any:
    """An agent."""
    return make_agent("xiaomei", "小美")


def make_agent(username: str, name: str, **more: Any) -> Any:
    from desk.people.models import Agent

    return Agent.objects.create_user(username, password=PASSWORD, display_name=name, **more)


class AgentClient:
    """A browser's calls: session cookie, and the CSRF cookie copied into its header."""

    def __init__(self) -> None:
        self.http = Client(enforce_csrf_checks=True)

    def get(self, path: str) -> Any:
        return self.http.get(f"/api/desk/{path}")

    def post(self, path: str, data: Json | None = None) -> Any:
        cookie = self.http.cookies.get("csrftoken")
        headers = {"X-CSRFToken": cookie.value} if cookie else {}
        return self.http.post(
            f"/api/desk/{path}", data or {}, content_type="application/json", headers=headers
        )

    def login(self, username: str, password: str = PASSWORD) -> Any:
        self.get("me")
        return self.post("login", {"username": username, "password": password})


@pytest.fixture
def make() -> Any:
    """Helpers that tests call by name."""

    class Make:
        agent = staticmethod(make_agent)
        agent_client = AgentClient
        desk = Desk
        repeat = staticmethod(repeat)
        handing_over = staticmethod(handing_over)
        until = staticmethod(until)
        patience = PATIENCE
        afternoon, night = AFTERNOON, NIGHT

    return Make
