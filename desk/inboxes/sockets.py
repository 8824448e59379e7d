"""Websockets that carry hints only: what changed is asked over HTTP, after the last number one has."""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import Any

from channels.db import database_sync_to_async
from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer

from desk.conversations import service
from desk.conversations.models import Conversation
from desk.hints import DESK, shop_group
from desk.inboxes.checks import own_origin

Json = dict[str, Any]
HELLO_SECONDS = 5.0
BAD_FRAME, BAD_KEY, NO_HELLO, NOT_LOGGED_IN = 4400, 4401, 4408, 4401


async def closed(scope: Json, receive: Any, send: Any) -> None:
    """ASGI application of every address where no socket is."""
    await receive()
    await send({"type": "websocket.close", "code": 1008})


class OwnOrigin:
    """ASGI wrapper: refuses a socket to any other site's page before it opens (the browser sees HTTP 403)."""

    def __init__(self, app: Any, hosts: list[str]) -> None:
        self._app, self._hosts = app, {h.strip("[]") for h in hosts}

    async def __call__(self, scope: Json, receive: Any, send: Any) -> None:
        """Serve one socket."""
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        host = headers.get(b"host", "")
        known = host.rsplit(":", 1)[0].strip("[]") in self._hosts or host.strip("[]") in self._hosts
        if not known or not own_origin(headers.get(b"origin"), host):
            await closed(scope, receive, send)
            return
        await self._app(scope, receive, send)


class _HintSocket(AsyncWebsocketConsumer):  # type: ignore[misc]
    """Passes hints of the groups that it is in."""

    async def dispatch(self, message: Json) -> None:
        """A hint goes straight on: Channels would first look, in a thread, for old database connections."""
        if message["type"] == "hint":
            await self.hint(message)
        else:
            await super().dispatch(message)

    async def hint(self, message: Json) -> None:
        """A hint from the channel layer."""
        await self.say(message["hint"])

    async def say(self, frame: Json) -> None:
        """Send one JSON frame."""
        with contextlib.suppress(RuntimeError):  # closed meanwhile
            await self.send(text_data=json.dumps(frame))


class ShopSocket(_HintSocket):
    """/ws/shop: the first frame names the conversation's key, within five seconds."""

    _timer: asyncio.Task[None] | None = None
    _group = ""

    async def connect(self) -> None:
        """Wait for the hello."""
        await self.accept()
        self._timer = asyncio.create_task(self._close_without_hello())

    async def _close_without_hello(self) -> None:
        await asyncio.sleep(HELLO_SECONDS)
        await self.close(NO_HELLO)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """The hello; a second frame, or any other, ends the connection."""
        key = _hello(text_data)
        if key is None or self._group:
            await self.close(BAD_FRAME)
            return
        conversation = await _of_key(key)
        if conversation is None:
            await self.close(BAD_KEY)
            return
        self._stop_timer()
        self._group = shop_group(conversation.public_id)
        await self.channel_layer.group_add(self._group, self.channel_name)
        last = await _last_seq(conversation.pk)  # after joining: nothing falls between
        await self.say({"v": 1, "kind": "events", "last": last})

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    async def disconnect(self, code: int) -> None:
        """Leave the group."""
        self._stop_timer()
        if self._group:
            await self.channel_layer.group_discard(self._group, self.channel_name)
        raise StopConsumer


class DeskSocket(_HintSocket):
    """/ws/desk: for whoever is logged in."""

    async def connect(self) -> None:
        """Join, or refuse."""
        user = self.scope.get("user")
        if user is None or not user.is_authenticated or user.must_change_password:
            await self.close(NOT_LOGGED_IN)
            return
        await self.channel_layer.group_add(DESK, self.channel_name)
        await self.accept()
        await self.say({"v": 1, "kind": "conversations"})

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Agents' sockets only listen; a hello is let pass."""

    async def disconnect(self, code: int) -> None:
        """Leave the group."""
        await self.channel_layer.group_discard(DESK, self.channel_name)
        raise StopConsumer


def _hello(frame: str | None) -> str | None:
    try:
        hello = json.loads(frame or "")
    except ValueError:
        return None
    if not isinstance(hello, dict) or hello.get("v") != 1 or hello.get("kind") != "hello":
        return None
    key = hello.get("key")
    return key if isinstance(key, str) and 0 < len(key) <= 256 else None


async def _of_key(key: str) -> Conversation | None:
    found: Conversation | None = await database_sync_to_async(service.of_key)(key)
    return found


async def _last_seq(pk: int) -> int:
    rows = Conversation.objects.values_list("last_seq", flat=True)
    return int(await database_sync_to_async(rows.get)(pk=pk))
