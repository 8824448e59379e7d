"""The shopper's API. The bearer is the conversation's key, so a call can only reach its own conversation."""

from __future__ import annotations

import math
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from bot.errors import BadInput
from bot.shop.access import Identity
from bot.shop.identity import verify
from desk import clock, shop, words
from desk.conversations import service
from desk.conversations.models import Conversation, Event
from desk.conversations.status import BOTS, Status
from desk.errors import DeskError
from desk.inboxes import checks, wire
from desk.inboxes.auth import ConversationKey
from desk.limits import Buckets

Json = dict[str, Any]
PER_CONVERSATION = Buckets(*settings.DESK["conversation_rate"])
PER_ADDRESS = Buckets(*settings.DESK["address_rate"])
SESSIONS = Buckets(*settings.DESK["session_rate"])
_WAITS = 10
"""Recent waits from which the usual one is told."""


class ConversationKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Describes the above."""

    target_class = ConversationKey
    name = "conversationKey"

    def get_security_definition(self, auto_schema: Any) -> Json:
        """For the OpenAPI page."""
        return {"type": "http", "scheme": "bearer", "description": "POST /api/shop/session 返回的 key"}


class ShopView(APIView):
    """Every call of a shopper's window: from the desk's own pages only."""

    authentication_classes = [ConversationKey]
    permission_classes = [AllowAny]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse a foreign site's page before anything else."""
        check_origin(request._request)
        super().initial(request, *args, **kwargs)


def conversation_of(request: Request) -> Conversation:
    """The conversation whose key came."""
    if not isinstance(request.auth, Conversation):
        raise DeskError("bad_key")
    return request.auth


def check_origin(request: HttpRequest) -> None:
    """Browsers name the page's origin; programs need not, they hold no shopper's key."""
    origin = request.headers.get("Origin")
    if origin is not None and not checks.own_origin(origin, request.get_host()):
        raise DeskError("bad_origin")


def check_rate(buckets: Buckets, key: str) -> None:
    """Refuse with Retry-After once a bucket is empty."""
    seconds = math.ceil(buckets.take(key))
    if seconds:
        raise DeskError("too_many", seconds=seconds, headers={"Retry-After": str(seconds)})


def address(request: Request) -> str:
    """The client's address, as the server (or a proxy that it trusts) saw it."""
    return str(request.META.get("REMOTE_ADDR") or "")


class SessionView(ShopView):
    """Open or resume a conversation."""

    authentication_classes = []

    @extend_schema(
        request=wire.SessionRequest,
        responses={200: wire.SessionAnswer, 201: wire.SessionAnswer, 401: wire.ErrorAnswer},
        operation_id="shop_session",
    )
    def post(self, request: Request) -> Response:
        """打开会话，或凭 key 继续上次的会话（同一买家）。"""
        data = checks.check_object(request.data)
        page, key = checks.check_page(data), checks.check_string(data, "key", limit=256)
        identity = check_token(checks.check_string(data, "token"))
        conversation = _resumed(key, identity)
        fresh = conversation is None
        if conversation is None or key is None:
            check_rate(SESSIONS, address(request))
            who = identity or Identity("")
            conversation, key = service.start(who.shopper_id, who.name, address(request), page)
        else:
            service.resume(conversation, identity, address(request), page)
        name = conversation.shopper_name
        answer = {
            "conversation": conversation.public_id,
            "key": key,
            "shop": shop.face(),
            "shopper": {"name": name} if conversation.shopper_id else None,
            "status": conversation.status,
            "last": conversation.last_seq,
            "suggestions": list(words.SUGGESTIONS.get((page or {}).get("kind", ""), words.SUGGESTIONS[""])),
        }
        return Response(answer, status=201 if fresh else 200)


def check_token(token: str | None) -> Identity | None:
    """Whom the shop's page has signed in, None without a token; raises DeskError bad_token for any other."""
    if not token:
        return None
    xiaoer = settings.XIAOER
    try:
        return verify(token, xiaoer.shop_id, xiaoer.shop_key, clock.now())
    except BadInput:
        raise DeskError("bad_token") from None


def _resumed(key: str | None, identity: Identity | None) -> Conversation | None:
    """The key's conversation, unless it is another shopper's, or a signed-in one's who has logged out."""
    conversation = service.of_key(key) if key else None
    if conversation is None or not conversation.shopper_id:
        return conversation
    return conversation if identity is not None and identity.shopper_id == conversation.shopper_id else None


class EventsView(ShopView):
    """What happened."""

    @extend_schema(
        parameters=[OpenApiParameter("after", int, description="只取编号更大的")],
        responses={200: wire.EventsAnswer, 401: wire.ErrorAnswer},
        operation_id="shop_events",
    )
    def get(self, request: Request) -> Response:
        """某个编号之后的全部消息，以及会话状态。"""
        conversation = conversation_of(request)
        after = checks.check_after(request._request)
        events = wire.events_after(conversation, after)
        status, human = conversation.status, conversation.status == Status.HUMAN
        answering = status in BOTS and conversation.due_at is not None
        return Response(
            {
                "events": events,
                "status": status,
                "typing": answering and not conversation.told_down,
                "agent": conversation.assignee.shown_name if human and conversation.assignee else None,
                "waiting": _waiting(conversation),
                "last": events[-1]["seq"] if events else conversation.last_seq,
            }
        )


def _waiting(conversation: Conversation) -> Json | None:
    """Place in the queue; the minutes in working hours, else when people are back: never a guess at night."""
    since = conversation.waiting_since
    if conversation.status != Status.WAITING or since is None:
        return None
    before = Conversation.objects.filter(status=Status.WAITING.value, waiting_since__lt=since).count()
    hours, now = shop.hours(), clock.now()
    here, back = hours.agents_at(now), hours.agents_next(now)
    return {
        "place": before + 1,
        "minutes": _usual_minutes() if here else None,
        "after_hours": not here,
        "back": shop.in_words(back, now) if back and not here else None,
    }


def _usual_minutes() -> int | None:
    """The median of the last waits; who asked at night has waited for the morning, which tells nothing."""
    starts = Event.objects.filter(code="human_started").order_by("-pk")[: _WAITS * 5]
    asked = [e.payload for e in starts if e.payload.get("waited") is not None]
    waits = sorted([p["waited"] for p in asked if not p.get("after_hours")][:_WAITS])
    return max(1, math.ceil(waits[len(waits) // 2] / 60)) if waits else None


class MessagesView(ShopView):
    """Say something."""

    @extend_schema(
        request=wire.MessageRequest,
        responses={
            200: wire.EventAnswer,
            201: wire.EventAnswer,
            400: wire.ErrorAnswer,
            413: wire.ErrorAnswer,
            429: wire.ErrorAnswer,
        },
        operation_id="shop_message",
    )
    def post(self, request: Request) -> Response:
        """发送一条消息或按下一个选项;201 为新收下,200 为此前已收下。"""
        conversation = conversation_of(request)
        check_rate(PER_ADDRESS, address(request))
        check_rate(PER_CONVERSATION, conversation.public_id)
        event, new = service.receive(conversation.pk, checks.check_message(request.data))
        return Response({"event": wire.event_json(event)}, status=201 if new else 200)
