"""The one address that takes large bodies: a few at once, each within a time, and worked on fewer at once.

A picture in memory takes far more than its file, so it is the number at work that bounds the desk's memory.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, MutableMapping
from typing import Any

from desk.limits import BodyTooLarge, Receive, Scope, Send, announced, refuse
from desk.pictures.redrawing import MAX_BYTES

UPLOAD = "/api/shop/pictures"
_AGAIN = 2
"""Seconds after which a turned away upload may come again."""


class PictureDoor:
    """ASGI wrapper: an upload goes to `handler` once its body is whole, everything else to `app` at once."""

    def __init__(self, app: Any, handler: Any, desk: Mapping[str, Any]) -> None:
        """`desk`: `pictures_coming` (of all, of one address), `pictures_drawn`, `picture_upload_seconds`."""
        self._app, self._handler = app, handler
        self._most, self._most_of_one = desk["pictures_coming"]
        self._seconds = desk["picture_upload_seconds"]
        self._at_work = asyncio.Semaphore(desk["pictures_drawn"])
        self._coming: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["path"] != UPLOAD or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        who = (scope.get("client") or ("",))[0]
        if self._coming.total() >= self._most or self._coming[who] >= self._most_of_one:
            await refuse(send, "too_many_pictures", seconds=_AGAIN)
            return
        self._coming[who] += 1
        try:
            await self._take_in(scope, receive, send)
        finally:
            self._coming -= Counter([who])  # forgets who has none left

    async def _take_in(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            body = await asyncio.wait_for(_body(scope, receive), self._seconds)
        except BodyTooLarge:
            await refuse(send, "picture_large", limit=MAX_BYTES // 1024**2)
            return
        except asyncio.TimeoutError:
            await refuse(send, "picture_slow")
            return
        if body is None:
            return
        whole = [{"type": "http.request", "body": body, "more_body": False}]

        async def replay() -> MutableMapping[str, Any]:
            return whole.pop() if whole else await receive()

        async with self._at_work:
            await self._handler(scope, replay, send)


async def _body(scope: Scope, receive: Receive) -> bytes | None:
    """The whole body, None if the client left; raises BodyTooLarge, announced or not."""
    size = announced(scope)
    if size is None or size > MAX_BYTES:
        raise BodyTooLarge
    came = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        came += message.get("body", b"")
        if len(came) > MAX_BYTES:
            raise BodyTooLarge
        if not message.get("more_body"):
            return bytes(came)
