"""A shop behind its interface: the reference server on a free port, and the adapter that asks it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from time import monotonic, sleep

import uvicorn
from starlette.types import ASGIApp

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
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", ws="none", log_config=None))
        thread = Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
        thread.start()
        _wait_for(server)
        yield f"http://127.0.0.1:{door.getsockname()[1]}"
        server.should_exit = True
        thread.join()


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
