"""The bot as a loopback service: turns, notes and understanding for the desk, behind a bearer secret.

It keeps nothing, so any number of them may run beside one another.
"""

from __future__ import annotations

import hmac
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.bootstrap import open_dialogue
from bot.errors import BadInput, NotConfigured, XiaoerError
from bot.settings import Settings, load
from bot.shop.adapters import shop_of
from bot.shop.tries import SqlTries
from bot.turn import read_context, read_incoming

Json = dict[str, Any]
Handler = Callable[[Request, Json], Awaitable[Json]]
logger = logging.getLogger(__name__)

MAX_BODY = 1_000_000
"""Bytes; docs/decisions.md says how large a state is."""


def create_app(settings: Settings | None = None) -> Starlette:
    """The ASGI application; raises NotConfigured without a secret."""
    settings = settings or load()
    if not settings.bot_secret:
        raise NotConfigured("XIAOER_BOT_SECRET 是空的;运行 xiaoer init 或 xiaoer up 会生成")

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        shop = shop_of(settings)
        app.state.settings = settings
        try:
            app.state.dialogue = await open_dialogue(settings, shop, SqlTries(settings.access_url))
            yield
            await app.state.dialogue.close()
        finally:
            await shop.close()

    return Starlette(
        routes=[
            Route("/health", _health),
            Route("/turn", _guarded(_turn, settings.bot_secret), methods=["POST"]),
            Route("/note", _guarded(_note, settings.bot_secret), methods=["POST"]),
            Route("/understand", _guarded(_understand, settings.bot_secret), methods=["POST"]),
        ],
        lifespan=lifespan,
    )


async def _health(request: Request) -> Response:
    dialogue = request.app.state.dialogue
    llm = {"llm": dialogue.llm.to_json()} if dialogue.llm else {}
    return _json({"status": "ready", "model": dialogue.model, **llm})


async def _turn(request: Request, body: Json) -> Json:
    conversation = _text(body, "conversation")
    incoming = read_incoming(_object(body, "incoming"))
    context = read_context(_object(body, "context"), conversation)
    turn = await request.app.state.dialogue.turn(body.get("state"), incoming, context)
    return dict(turn.to_json())


async def _note(request: Request, body: Json) -> Json:
    events = body.get("events")
    if not isinstance(events, list):
        raise BadInput(f"events: expected a list, came {type(events).__name__}")
    return {"state": request.app.state.dialogue.note(body.get("state"), events)}


async def _understand(request: Request, body: Json) -> Json:
    found = await request.app.state.dialogue.understand(
        _text(body, "text"), request.app.state.settings.now().date()
    )
    return dict(found.to_json())


def _guarded(handler: Handler, secret: str) -> Callable[[Request], Awaitable[Response]]:
    """Check the bearer and the body, and word every error alike."""

    async def endpoint(request: Request) -> Response:
        given = request.headers.get("authorization", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {secret}".encode()):
            return _error(401, "unauthorized", "expected the bearer secret of XIAOER_BOT_SECRET")
        try:
            return _json(await handler(request, await _body(request)))
        except _TooLarge as error:
            return _error(413, "too_large", str(error))
        except BadInput as error:
            return _error(422, "bad_input", str(error))
        except XiaoerError as error:
            return _error(503, "unavailable", str(error))
        except Exception:
            logger.exception("%s failed", request.url.path)
            return _error(500, "failed", "the turn failed; the bot's log says where")

    return endpoint


class _TooLarge(BadInput):
    pass


async def _body(request: Request) -> Json:
    raw = bytearray()
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > MAX_BODY:
            raise _TooLarge(f"body: expected at most {MAX_BODY} bytes")
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise BadInput(f"body: expected JSON in UTF-8: {error}") from error
    if not isinstance(body, dict):
        raise BadInput(f"body: expected a JSON object, came {type(body).__name__}")
    return body


def _object(body: Json, name: str) -> Json:
    value = body.get(name)
    if not isinstance(value, dict):
        raise BadInput(f"{name}: expected an object, came {type(value).__name__}")
    return value


def _text(body: Json, name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str):
        raise BadInput(f"{name}: expected a string, came {type(value).__name__}")
    return value


def _json(body: Json, status: int = 200) -> Response:
    return Response(orjson.dumps(body), status, media_type="application/json")


def _error(status: int, code: str, message: str) -> Response:
    return _json({"error": {"code": code, "message": message}}, status)
