"""A shop behind its interface: the reference server on a free port, and the adapter that asks it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from time import monotonic, sleep

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.shop.backend import ShopBackend
from bot.shop.http import HttpShop
from bot.shop.reference import create_app

API_KEY = "a key of both sides"


class ServedShop(HttpShop):
    """An `HttpShop` that knows, for tests, which shop answers behind the server."""

    def __init__(self, url: str, behind: ShopBackend) -> None:
        super().__init__(url, API_KEY)
        self.behind = behind


@contextmanager
def listening(app: ASGIApp, port: int = 0) -> Iterator[str]:
    """The URL of an application, served from a thread (0: on a free port)."""
    with socket.create_server(("127.0.0.1", port)) as door:
        server = uvicorn.Server(
            uvicorn.Config(app, log_level="warning", ws="none", log_config=None, lifespan="off")
        )
        thread = Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
        thread.start()
        _wait_for(server)
        yield f"http://127.0.0.1:{door.getsockname()[1]}"
        server.should_exit = True
        thread.join()


class Doors:
    """One server before any number of shops, each under a path of its own: starting one takes a while."""

    def __init__(self) -> None:
        self._apps: dict[str, ASGIApp] = {}
        self._url = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            root = f"/{scope['path'].split('/')[1]}"
            await self._apps[root]({**scope, "root_path": root}, receive, send)

    @classmethod
    @contextmanager
    def open(cls) -> Iterator[Doors]:
        """The server, while tests run."""
        doors = cls()
        with listening(doors) as doors._url:
            yield doors

    def shop(self, behind: ShopBackend) -> ServedShop:
        """An adapter that asks `behind` through the server."""
        root = f"/{len(self._apps)}"
        self._apps[root] = create_app(behind, API_KEY)
        return ServedShop(self._url + root, behind)


@contextmanager
def served(behind: ShopBackend) -> Iterator[ServedShop]:
    """`behind` through the reference server; close the adapter before."""
    with listening(create_app(behind, API_KEY)) as url:
        yield ServedShop(url, behind)


def _wait_for(server: uvicorn.Server) -> None:
    deadline = monotonic() + 30
    while not server.started:
        assert monotonic() < deadline, "the server did not start"
        sleep(0.01)
