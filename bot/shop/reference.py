"""A shop's interface as docs/shop-api.md describes it, over any shop: to try against, and to read."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.errors import BadInput, XiaoerError
from bot.shop.backend import ShopBackend
from bot.shop.contract import CATALOGUE, POLICY, PREVIEWS, QUESTIONS, WRITES, Question, read_request
from bot.shop.doing.rows import Refused
from bot.shop.memory import digest
from bot.shop.policy import dump_policy
from bot.shop.reading import write_value
from bot.shop.signing import KEY, SIGNATURE, TIME, Signed

Handler = Callable[[Request], Awaitable[Response]]
MOST_BYTES = 100_000


def create_app(shop: ShopBackend, api_key: str) -> Starlette:
    """The ASGI application that answers for `shop` whoever signs with `api_key`."""

    def signed(handler: Handler) -> Handler:
        async def endpoint(request: Request) -> Response:
            if fault := await _fault(request, api_key):
                return _told(401, "unauthorized", fault)
            try:
                return await handler(request)
            except Refused as refused:
                return _json({"code": refused.code, "facts": refused.facts}, 409)
            except BadInput as problem:
                return _told(400, "bad_request", str(problem))
            except XiaoerError as problem:
                return _told(503, "unavailable", str(problem))

        return endpoint

    async def catalogue(request: Request) -> Response:
        found = await shop.catalogue()
        return _versioned(request, write_value(found), found.version)

    async def policy(request: Request) -> Response:
        form = dump_policy(await shop.policy())
        return _versioned(request, form, digest(form))

    async def preview(request: Request) -> Response:
        wish, at = read_request(await _body(request))
        return _json(write_value(await shop.preview(wish, at)))

    async def write(request: Request) -> Response:
        key = request.headers.get(KEY, "")
        if not 0 < len(key) <= 64:
            raise BadInput(f"{KEY}: expected 1 to 64 characters")
        wish, at = read_request(await _body(request))
        return _json(write_value(await shop.do(wish, key, at)))

    return Starlette(
        routes=[
            *(Route(each.path, signed(_answering(shop, each)), methods=["GET"]) for each in QUESTIONS),
            Route(CATALOGUE, signed(catalogue), methods=["GET"]),
            Route(POLICY, signed(policy), methods=["GET"]),
            Route(PREVIEWS, signed(preview), methods=["POST"]),
            Route(WRITES, signed(write), methods=["POST"]),
        ]
    )


def _answering(shop: ShopBackend, question: Question) -> Handler:
    ask = getattr(shop, question.method)

    async def answer(request: Request) -> Response:
        asked = request.query_params.get(question.by, "") if question.by else ""
        if question.by and not asked and not question.optional:
            raise BadInput(f"{question.by}: expected in the query")
        found = await (ask(asked) if question.by else ask())
        if found is None:
            return _told(404, "not_found", f"nothing has this {question.by}")
        return _json(write_value(tuple(found) if question.many else found))

    return answer


async def _fault(request: Request, api_key: str) -> str:
    # raw_path and query_string are what the client signed: nothing decoded, nothing put in order.
    path = request.scope["raw_path"].decode("latin-1").partition("?")[0]
    query = request.scope["query_string"].decode("latin-1")
    body = await _raw(request)
    signed = Signed(request.method, path, query, body, request.headers.get(KEY, ""))
    given = request.headers
    return signed.fault(api_key, given.get(TIME, ""), given.get(SIGNATURE, ""), time.time())


async def _raw(request: Request) -> bytes:
    """The body, read once; cut off where it is too large, so that no signature fits it."""
    if not hasattr(request.state, "raw"):
        raw = bytearray()
        async for chunk in request.stream():
            raw += chunk
            if len(raw) > MOST_BYTES:
                break
        request.state.raw = bytes(raw)
    found: bytes = request.state.raw
    return found


async def _body(request: Request) -> Any:
    try:
        return orjson.loads(await _raw(request))
    except orjson.JSONDecodeError as problem:
        raise BadInput(f"body: expected JSON in UTF-8: {problem}") from problem


def _versioned(request: Request, form: Any, version: str) -> Response:
    etag = f'"{version}"'
    if request.headers.get("if-none-match", "").removeprefix("W/") == etag:  # proxies weaken tags
        return Response(status_code=304, headers={"ETag": etag})
    answer = _json(form)
    answer.headers["ETag"] = etag
    return answer


def _json(form: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(form), status, media_type="application/json")


def _told(status: int, code: str, message: str) -> Response:
    return _json({"code": code, "message": message}, status)
