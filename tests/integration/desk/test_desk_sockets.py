"""Sockets carry hints to whom they belong, and to nobody else."""

from __future__ import annotations

import asyncio
import json
import uuid
from datetime import datetime

import pytest
from asgiref.testing import ApplicationCommunicator
from channels.db import database_sync_to_async
from channels.layers import channel_layers
from django.test import Client

from desk.conversations import service
from desk.conversations.bot import BotTask
from desk.hints import BUS
from desk.records import service as records
from desk.records.models import Task

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 30
OWN = [(b"host", b"localhost:8000"), (b"origin", b"http://localhost:8000")]


@pytest.fixture(autouse=True)
def fresh_layer():
    """A layer belongs to one event loop, and each test has its own."""
    channel_layers.backends = {}


@pytest.fixture
async def bus():
    BUS.start()
    yield BUS
    await BUS.stop()


class Socket(ApplicationCommunicator):
    """A browser's end of a websocket (channels.testing needs a server that we do not install)."""

    async def connect(self):
        await self.send_input({"type": "websocket.connect"})
        return (await self.receive_output(PATIENCE))["type"] == "websocket.accept"

    async def say(self, frame):
        text = frame if isinstance(frame, str) else json.dumps(frame)
        await self.send_input({"type": "websocket.receive", "text": text})

    async def hear(self):
        frame = await self.receive_output(PATIENCE)
        assert frame["type"] == "websocket.send", frame
        return json.loads(frame["text"])

    async def disconnect(self):
        await self.send_input({"type": "websocket.disconnect", "code": 1000})
        ended, _ = await asyncio.wait({self.future}, timeout=PATIENCE)
        assert ended, "a closed socket leaves a task behind"


def connect(path, headers=OWN):
    from desk.asgi import application

    scope = {"type": "websocket", "path": path, "query_string": b"", "headers": headers, "subprotocols": []}
    return Socket(application, scope)


@database_sync_to_async
def say(shopper, text):
    message = service.Message(str(uuid.uuid4()), text)
    return service.receive(shopper.row().pk, message)


async def closed(socket):
    frame = await socket.receive_output(PATIENCE)
    assert frame["type"] == "websocket.close"
    await socket.disconnect()
    return frame["code"]


@pytest.mark.parametrize(
    "headers",
    [
        [(b"host", b"localhost:8000"), (b"origin", b"https://evil.example")],
        [(b"host", b"localhost:8000"), (b"origin", b"http://localhost:9000")],
        [(b"host", b"localhost:8000"), (b"origin", b"null")],
        [(b"host", b"localhost:8000")],
        [(b"host", b"evil.example"), (b"origin", b"http://evil.example")],
    ],
)
@pytest.mark.parametrize("path", ["/ws/shop", "/ws/desk"])
async def test_a_foreign_page_gets_no_socket(path, headers):
    """It is refused before it opens."""
    opened = await connect(path, headers).connect()
    assert opened is False


async def test_an_unknown_address_gets_no_socket():
    """Nor does it raise."""
    opened = await connect("/ws/nothing").connect()
    assert opened is False


async def test_a_shopper_gets_hints_after_the_hello(shopper, bus):
    """First the last number, then one hint a change."""
    socket = connect("/ws/shop")
    assert await socket.connect()
    await socket.say({"v": 1, "kind": "hello", "key": shopper.key})
    assert await socket.hear() == {"v": 1, "kind": "events", "last": 0}
    await say(shopper, "我的快递到哪了")
    assert await socket.hear() == {"v": 1, "kind": "events", "last": 1}
    await socket.disconnect()


@pytest.fixture
def two_shoppers(new_shopper):
    return new_shopper(), new_shopper()


async def test_a_shopper_gets_no_hints_of_others(two_shoppers, bus):
    """Another's key gives another's hints only."""
    mine, other = two_shoppers
    socket = connect("/ws/shop")
    await socket.connect()
    await socket.say({"v": 1, "kind": "hello", "key": mine.key})
    await socket.hear()
    await say(other, "我的快递到哪了")
    assert await socket.receive_nothing(0.2)
    await socket.disconnect()


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "x",
        "[]",
        '{"v":1,"kind":"hello"}',
        '{"v":2,"kind":"hello","key":"a"}',
        '{"v":1,"kind":"events","key":"a"}',
    ],
)
async def test_a_frame_that_is_no_hello_ends_the_connection(frame):
    """With a code that says so."""
    socket = connect("/ws/shop")
    await socket.connect()
    await socket.say(frame)
    assert await closed(socket) == 4400


async def test_bytes_end_the_connection():
    """Frames are text."""
    socket = connect("/ws/shop")
    await socket.connect()
    await socket.send_input({"type": "websocket.receive", "bytes": b"\xff\xfe"})
    assert await closed(socket) == 4400


async def test_a_wrong_key_ends_the_connection():
    """Whoever guesses learns nothing."""
    socket = connect("/ws/shop")
    await socket.connect()
    await socket.say({"v": 1, "kind": "hello", "key": "guess"})
    assert await closed(socket) == 4401


async def test_without_a_hello_the_connection_ends(monkeypatch):
    """After five seconds; here sooner."""
    monkeypatch.setattr("desk.inboxes.sockets.HELLO_SECONDS", 0.05)
    socket = connect("/ws/shop")
    await socket.connect()
    assert await closed(socket) == 4408


async def test_an_agent_needs_a_session():
    """No cookie, no socket."""
    opened = await connect("/ws/desk").connect()
    assert opened is False


async def test_an_agent_gets_hints_of_every_conversation(shopper, xiaomei, bus):
    """Which one, how far, and that the list changed."""
    browser = Client()
    await database_sync_to_async(browser.force_login)(xiaomei)
    cookie = f"sessionid={browser.cookies['sessionid'].value}".encode()
    socket = connect("/ws/desk", [*OWN, (b"cookie", cookie)])
    assert await socket.connect()
    assert await socket.hear() == {"v": 1, "kind": "conversations"}
    await say(shopper, "我的快递到哪了")
    assert await socket.hear() == {"v": 1, "kind": "events", "conversation": shopper.id, "last": 1}
    assert await socket.hear() == {"v": 1, "kind": "conversations"}
    await socket.disconnect()


async def test_a_closed_task_is_hinted_to_all_agents(shopper, xiaomei, bus):
    """A colleague's table loses the row at once, not at the next look."""
    due = datetime.fromisoformat("2026-11-20T18:00:00+08:00")
    task = BotTask("callback", "sales", "", "回电", due, "k1")
    await database_sync_to_async(lambda: records.add(shopper.row(), [task]))()
    browser = Client()
    await database_sync_to_async(browser.force_login)(xiaomei)
    cookie = f"sessionid={browser.cookies['sessionid'].value}".encode()
    socket = connect("/ws/desk", [*OWN, (b"cookie", cookie)])
    await socket.connect()
    await socket.hear()
    await database_sync_to_async(lambda: records.close(Task.objects.get().pk, xiaomei, "已回电"))()
    assert await socket.hear() == {"v": 1, "kind": "conversations"}
    await socket.disconnect()


async def test_status_changes_are_hinted(shopper, xiaomei, bus):
    """The shopper's window learns at once that a person is there."""
    socket = connect("/ws/shop")
    await socket.connect()
    await socket.say({"v": 1, "kind": "hello", "key": shopper.key})
    await socket.hear()
    await database_sync_to_async(lambda: service.take(shopper.row().pk, xiaomei))()
    assert await socket.hear() == {"v": 1, "kind": "events", "last": 1}
    assert await socket.hear() == {"v": 1, "kind": "status", "status": "human"}
    await socket.disconnect()
