"""Signed requests to a shop's own interface, each within a few seconds."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import orjson

from bot.errors import NotConfigured, ShopDown
from bot.settings import LOOPBACK
from bot.shop.signing import Signed

CONNECT, READ, OVERALL = 2.0, 4.0, 6.0
"""Seconds to reach the shop, between two of its bytes, and for a whole answer, second try included: less than
the eight that an action has."""
CONNECTIONS = 16
MOST_BYTES = 32_000_000
_AGAIN = (httpx.NetworkError, httpx.RemoteProtocolError)
"""What is tried once more, at once: no connection, or one that the shop had closed meanwhile.

Sending twice is safe: reads change nothing, and a write carries its key."""


@dataclass(frozen=True)
class Answer:
    """What the shop answered: its status, body as JSON (None: none), and the version of what it told."""

    status: int
    body: Any
    etag: str


class Calls:
    """Requests to the shop at a URL. Blocks, may be used from several threads.

    Any failure is a ShopDown of one line for the owner, without a word of what was asked or answered.
    """

    def __init__(self, url: str, api_key: str) -> None:
        """Opens nothing yet; raises NotConfigured where the URL is no safe one or the key is missing."""
        self._base = _checked(url)
        if not api_key:
            raise NotConfigured("XIAOER_SHOP_URL 是店铺接口,还要设 XIAOER_SHOP_API_KEY(两边约好的密钥)")
        self._api_key = api_key
        self.name: str = self._base.netloc.decode()
        self._prefix = self._base.raw_path.decode().rstrip("/")
        self._client = httpx.Client(
            timeout=httpx.Timeout(READ, connect=CONNECT),
            limits=httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS),
            verify=_authorities() if self._base.scheme == "https" else False,
            trust_env=False,
        )

    def get(self, path: str, query: Mapping[str, str], etag: str = "") -> Answer:
        """Ask; an answer that is still that of `etag` is a 304 without a body."""
        asked = Signed("GET", self._prefix + path, urlencode(query, quote_via=quote, safe=""))
        return self._send(asked, {"If-None-Match": etag} if etag else {})

    def post(self, path: str, body: Any, key: str = "") -> Answer:
        """Have something done, or tried; under `key` once and for all."""
        asked = Signed("POST", self._prefix + path, "", orjson.dumps(body), key)
        return self._send(asked, {"Content-Type": "application/json"})

    def down(self, told: str) -> ShopDown:
        """The failure that is told of this shop."""
        return ShopDown(f"店铺接口({self.name}){told}")

    def close(self) -> None:
        """Close the idle connections."""
        self._client.close()

    def _send(self, asked: Signed, headers: Mapping[str, str]) -> Answer:
        deadline = time.monotonic() + OVERALL
        with self._telling():
            try:
                return self._once(asked, headers, deadline)
            except _AGAIN:
                return self._once(asked, headers, deadline)

    def _once(self, asked: Signed, headers: Mapping[str, str], deadline: float) -> Answer:
        target = f"{asked.path}?{asked.query}" if asked.query else asked.path
        signed = {"Accept": "application/json", **headers, **asked.headers(self._api_key, time.time())}
        request = self._client.build_request(
            asked.method, self._base.copy_with(raw_path=target.encode()), headers=signed, content=asked.body
        )
        return self._answer(request, deadline)

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except httpx.TimeoutException as problem:
            raise self.down("太久没有回答") from problem
        except httpx.ConnectError as problem:
            raise self.down(f"连不上:{_reason(problem)}") from problem
        except (httpx.HTTPError, httpx.StreamError) as problem:
            raise self.down(f"没有好好答完({type(problem).__name__})") from problem

    def _answer(self, request: httpx.Request, deadline: float) -> Answer:
        response = self._client.send(request, stream=True)
        try:
            content = bytearray()
            for chunk in response.iter_bytes():
                content += chunk
                if len(content) > MOST_BYTES:
                    raise self.down(f"的回答超过 {MOST_BYTES // 1_000_000} MB")
                if time.monotonic() > deadline:
                    raise self.down("太久没有回答完")
        finally:
            response.close()
        return Answer(response.status_code, self._json(response, content), response.headers.get("etag", ""))

    def _json(self, response: httpx.Response, content: bytearray) -> Any:
        """The body as JSON; what is wrong with the status is said rather than what is wrong with the body."""
        try:
            return orjson.loads(content) if content else None
        except orjson.JSONDecodeError as problem:
            if response.status_code != HTTPStatus.OK:
                return None
            raise self.down("答的不是 JSON,请检查 XIAOER_SHOP_URL 的路径") from problem


def _checked(url: str) -> httpx.URL:
    expected = "XIAOER_SHOP_URL 应为 https://…(本机可用 http://127.0.0.1:端口/…),不带 ? 和 #"
    try:
        found = httpx.URL(url)
    except httpx.InvalidURL as problem:
        raise NotConfigured(f"{expected},却是别的写法") from problem
    if not found.host or found.query or found.fragment:
        raise NotConfigured(f"{expected},却是别的写法")
    if found.scheme != "https" and found.host not in LOOPBACK:
        raise NotConfigured(f"{expected},却是没有加密的 http://{found.host}")
    return found


def _authorities() -> ssl.SSLContext:
    """The usual ones, and those that this machine trusts: an owner may have one of his own."""
    context = httpx.create_ssl_context(trust_env=False)
    context.load_default_certs()
    return context


def _reason(problem: Exception) -> str:
    """The system's own word; nothing of the request is in it."""
    return " ".join(str(problem).split())[:80] or type(problem).__name__
