"""The desk as one ASGI application; its lifespan starts and stops this process's dispatcher."""

from __future__ import annotations

import os
from collections.abc import MutableMapping
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "desk.settings")

import django
import structlog

django.setup()  # what follows needs it

from channels.auth import AuthMiddlewareStack  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.conf import settings  # noqa: E402
from django.urls import path  # noqa: E402

from desk.conversations.bot import Bot  # noqa: E402
from desk.conversations.dispatcher import Dispatcher  # noqa: E402
from desk.hints import BUS  # noqa: E402
from desk.inboxes.sockets import DeskSocket, OwnOrigin, ShopSocket, closed  # noqa: E402
from desk.limits import BodyLimit  # noqa: E402
from desk.pictures.door import PictureDoor  # noqa: E402
from desk.pool import PooledHandler  # noqa: E402

log = structlog.get_logger("desk")
_sockets = URLRouter(
    [
        path("ws/shop", ShopSocket.as_asgi()),
        path("ws/desk", AuthMiddlewareStack(DeskSocket.as_asgi())),
        path("<path:unknown>", closed),  # type: ignore[arg-type]
    ]
)


def make_dispatcher() -> Dispatcher:
    """This process's dispatcher, as configured."""
    xiaoer, desk = settings.XIAOER, settings.DESK
    bot = Bot(xiaoer.bot_url, xiaoer.bot_secret, desk["turn_seconds"])
    return Dispatcher(
        bot,
        style=xiaoer.style,
        concurrency=desk["concurrency"],
        poll_seconds=desk["poll_seconds"],
        alone=not xiaoer.redis_url,  # several processes need Redis
    )


class Lifespan:
    """Answers the server's lifespan events, which Django does not know."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        """Serve a request or socket, or run from start to stop."""
        if scope["type"] != "lifespan":
            await self._app(scope, receive, send)
            return
        await receive()
        BUS.start()
        dispatcher = make_dispatcher()
        dispatcher.start()
        log.info("desk started")
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await dispatcher.stop()
        await BUS.stop()
        log.info("desk stopped")
        await send({"type": "lifespan.shutdown.complete"})


_pages = PooledHandler(settings.DESK["threads"])
application = Lifespan(
    ProtocolTypeRouter(
        {
            "http": PictureDoor(
                BodyLimit(_pages, settings.API_BODY_BYTES, settings.PAGE_BODY_BYTES), _pages, settings.DESK
            ),
            "websocket": OwnOrigin(_sockets, settings.ALLOWED_HOSTS),
        }
    )
)
