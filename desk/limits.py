"""Bounds on what one conversation or address may send, and on how large a request body may be."""

from __future__ import annotations

import json
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, MutableMapping
from threading import Lock
from typing import Any

from bot.errors import XiaoerError
from desk import words
from desk.errors import body as error_body

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
_KEPT = 50_000


class Buckets:
    """Token buckets by key, in this process's memory: with N desk processes a limit is up to N times that."""

    def __init__(self, burst: int, per_second: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._burst, self._rate, self._clock = float(burst), per_second, clock
        self._filled: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def take(self, key: str) -> float:
        """Take one token; 0.0 if there was one, else the seconds until there is."""
        with self._lock:
            now = self._clock()
            tokens, at = self._filled.pop(key, (self._burst, now))
            tokens = min(self._burst, tokens + (now - at) * self._rate)
            left = tokens - 1 if tokens >= 1 else tokens
            self._filled[key] = (left, now)
            if len(self._filled) > _KEPT:
                self._filled.popitem(last=False)
            return 0.0 if tokens >= 1 else (1 - tokens) / self._rate


class BodyTooLarge(XiaoerError):
    """More came than is read."""


class BodyLimit:
    """ASGI wrapper that answers 413 to a body beyond the limit, whether or not its length was announced."""

    def __init__(self, app: Any, api_bytes: int, page_bytes: int) -> None:
        self._app, self._api, self._page = app, api_bytes, page_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        limit = self._api if scope["path"].startswith("/api/") else self._page
        if (size := announced(scope)) is None or size > limit:
            await refuse(send, "too_large", limit=limit // 1024)
            return
        came, started = 0, False

        async def counting() -> MutableMapping[str, Any]:
            nonlocal came
            message = await receive()
            came += len(message.get("body", b""))
            if came > limit and not started:
                raise BodyTooLarge
            return message

        async def noting(message: MutableMapping[str, Any]) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, counting, noting)
        except BodyTooLarge:
            await refuse(send, "too_large", limit=limit // 1024)


def announced(scope: Scope) -> int | None:
    """The announced length, 0 if none was; None if it is no number."""
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() else None
    return 0


async def refuse(send: Send, code: str, *, seconds: int = 0, **detail: Any) -> None:
    """Answer with an error of `words.ERRORS` and close, since a body may still be on its way."""
    status, message = words.ERRORS[code]
    text = message.format(seconds=seconds, **detail)
    headers = [
        (b"content-type", b"application/json"),
        (b"connection", b"close"),
        (b"x-content-type-options", b"nosniff"),
    ]
    if seconds:
        headers.append((b"retry-after", str(seconds).encode()))
    body = json.dumps(error_body(code, text), ensure_ascii=False).encode()
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
