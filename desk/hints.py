"""Hints to sockets and dispatchers that something changed, never what: whoever gets one asks the database.

A hint may get lost (a full channel, Redis away); clients and dispatchers therefore also look now and then.
"""

from __future__ import annotations

import asyncio
import secrets
from typing import Any

import structlog
from channels.layers import get_channel_layer

log = structlog.get_logger("desk.hints")
Json = dict[str, Any]
DISPATCH = "dispatch"
DESK = "desk"
_MAX_WAITING = 10_000


def shop_group(public_id: str) -> str:
    """The group of one conversation's shopper sockets."""
    return f"shop.{public_id}"


class Bus:
    """Sends hints in order, from any thread, through the server's loop. A command has no loop, no hints."""

    def __init__(self) -> None:
        self.name = secrets.token_hex(8)
        """Hints to dispatchers say by whom they are: this process's own knows already."""
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting: asyncio.Queue[tuple[str, Json]] = asyncio.Queue(_MAX_WAITING)
        self._sender: asyncio.Task[None] | None = None
        self._losing = False
        self.work = asyncio.Event()
        """Set when this process's dispatcher should look for work."""

    def start(self) -> None:
        """Bind to the running loop."""
        self._loop = asyncio.get_running_loop()
        self._waiting = asyncio.Queue(_MAX_WAITING)
        self._sender = self._loop.create_task(self._send_all())
        self.work = asyncio.Event()

    async def stop(self) -> None:
        """Let go of the loop; what is not sent by now is found by those who look."""
        self._loop = None
        if self._sender is not None:
            self._sender.cancel()
            await asyncio.gather(self._sender, return_exceptions=True)

    def send(self, group: str, hint: Json) -> None:
        """Send `hint` to every socket or dispatcher of the group, soon; never fails."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._enqueue, group, hint)

    def _enqueue(self, group: str, hint: Json) -> None:
        if group == DISPATCH:
            self.work.set()
            hint = {**hint, "by": self.name}
        if not self._waiting.full():
            self._waiting.put_nowait((group, hint))

    async def _send_all(self) -> None:
        while self._loop is not None:  # a cancellation may be swallowed below
            group, hint = await self._waiting.get()
            try:
                await get_channel_layer().group_send(group, {"type": "hint", "hint": {"v": 1, **hint}})
                self._losing = False
            except Exception as e:  # Redis may be away in many ways, and a hint is only a hint
                if not self._losing:  # said once an outage
                    log.warning("hints are lost", error=type(e).__name__)
                self._losing = True


BUS = Bus()
