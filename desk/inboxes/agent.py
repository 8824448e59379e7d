"""The agents' API: a Django session and CSRF."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth import authenticate, login, logout
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.middleware.csrf import get_token
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_protect
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from desk import clock, shop
from desk.conversations import service
from desk.conversations.models import Conversation
from desk.conversations.status import Status
from desk.errors import DeskError
from desk.inboxes import checks, wire
from desk.inboxes.auth import AgentSession
from desk.people.models import Agent
from desk.people.service import change_password
from desk.records import service as records

Json = dict[str, Any]
_SHOWN = 200
_BOT_HOURS = 24
"""Conversations that the bot holds are listed so long after their last line."""


class AgentSessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Describes the above."""

    target_class = AgentSession
    name = "agentSession"

    def get_security_definition(self, auto_schema: Any) -> Json:
        """For the OpenAPI page."""
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}


def agent_of(request: Request) -> Agent:
    """Who is logged in."""
    if not isinstance(request.user, Agent):
        raise DeskError("not_logged_in")
    return request.user


def access_conversation(public_id: str) -> Conversation:
    """The one door for agents; raises DeskError not_found."""
    rows = Conversation.objects.defer("state").select_related("assignee")
    conversation = rows.filter(public_id=public_id).first()
    if conversation is None:
        raise DeskError("not_found")
    return conversation


def _me(agent: Agent) -> Json:
    return {
        "username": agent.username,
        "name": agent.shown_name,
        "role": agent.role,
        "must_change_password": agent.must_change_password,
    }


class MeView(APIView):
    """Who am I."""

    permission_classes = [AllowAny]

    @extend_schema(responses={200: wire.MeAnswer, 401: wire.ErrorAnswer}, operation_id="desk_me")
    def get(self, request: Request) -> Response:
        """当前登录的客服；同时发放 CSRF cookie。"""
        get_token(request._request)
        if not request.user.is_authenticated:
            response = Response(status=401)
            error = DeskError("not_logged_in")
            response.data = {"error": {"code": error.code, "message": error.message}}
            return response
        return Response(_me(agent_of(request)))


@method_decorator(csrf_protect, name="dispatch")
class LoginView(APIView):
    """Log in."""

    authentication_classes = []
    permission_classes = [AllowAny]

    @extend_schema(
        request=wire.LoginRequest,
        responses={200: wire.MeAnswer, 401: wire.ErrorAnswer, 429: wire.ErrorAnswer},
        operation_id="desk_login",
    )
    def post(self, request: Request) -> Response:
        """登录；连续失败五次后锁定 15 分钟。"""
        data = checks.check_object(request.data)
        username, password = checks.check_string(data, "username"), checks.check_string(data, "password")
        if not username or not password or not checks.clean(username):
            raise DeskError("bad_login")
        agent = authenticate(request._request, username=checks.clean(username), password=password)
        if not isinstance(agent, Agent):
            raise DeskError("bad_login")
        login(request._request, agent)
        return Response(_me(agent))


class LogoutView(APIView):
    """Log out."""

    @extend_schema(request=None, responses={204: None}, operation_id="desk_logout")
    def post(self, request: Request) -> Response:
        """退出登录。"""
        logout(request._request)
        return Response(status=204)


class PasswordView(APIView):
    """Change one's password."""

    @extend_schema(
        request=wire.PasswordRequest,
        responses={204: None, 400: wire.ErrorAnswer, 401: wire.ErrorAnswer},
        operation_id="desk_password",
    )
    def post(self, request: Request) -> Response:
        """修改自己的密码；首次登录用一次性密码的，改完才能做其他事。"""
        data = checks.check_object(request.data)
        old, new = checks.check_string(data, "old") or "", checks.check_string(data, "new") or ""
        agent = agent_of(request)
        change_password(agent, old, new)
        login(request._request, agent, backend="django.contrib.auth.backends.ModelBackend")
        return Response(status=204)


class ConversationsView(APIView):
    """The list."""

    @extend_schema(responses={200: wire.ConversationsAnswer}, operation_id="desk_conversations")
    def get(self, request: Request) -> Response:
        """未结束的会话：等待人工的在前，等得久的在前。"""
        agent, hours, now = agent_of(request), shop.hours(), clock.now()
        rows = [wire.conversation_json(c, agent.pk, hours) for c in _open()]
        counts = records.counts(now)
        return Response({"conversations": rows, "tasks": counts, "working_hours": hours.agents_at(now)})


def _open() -> QuerySet[Conversation]:
    recent = Q(status=Status.BOT.value, last_at__gte=clock.now() - timedelta(hours=_BOT_HOURS))
    order = Case(
        When(status=Status.WAITING.value, then=Value(0)),
        When(status=Status.HUMAN.value, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    rows = Conversation.objects.filter(recent | Q(status__in=[Status.WAITING.value, Status.HUMAN.value]))
    rows = rows.filter(last_seq__gt=0).defer("state", "brief").select_related("assignee")
    return rows.order_by(order, "waiting_since", "-last_at")[:_SHOWN]


class ConversationEventsView(APIView):
    """One conversation's log."""

    @extend_schema(
        parameters=[OpenApiParameter("after", int, description="只取编号更大的")],
        responses={200: wire.DeskEventsAnswer, 404: wire.ErrorAnswer},
        operation_id="desk_events",
    )
    def get(self, request: Request, public_id: str) -> Response:
        """一个会话在某个编号之后的全部消息，和这个会话里记下的待办。"""
        conversation, after = access_conversation(public_id), checks.check_after(request._request)
        agent, events = agent_of(request), wire.events_after(conversation, after)
        return Response(
            {
                "events": events,
                "conversation": wire.conversation_json(conversation, agent.pk, shop.hours()),
                "tasks": [wire.task_json(t, agent.pk) for t in records.tasks_of(conversation)],
                "status": conversation.status,
                "assignee": conversation.assignee.shown_name if conversation.assignee else None,
                "epoch": conversation.epoch,
                "last": events[-1]["seq"] if events else conversation.last_seq,
            }
        )


class _ChangeView(APIView):
    """A change of owner."""

    def _answer(self, conversation: Conversation) -> Response:
        return Response({"status": conversation.status, "epoch": conversation.epoch})


_CHANGE: Json = {
    "request": None,
    "responses": {200: wire.StatusAnswer, 404: wire.ErrorAnswer, 409: wire.ErrorAnswer},
}


class TakeView(_ChangeView):
    """Take over."""

    @extend_schema(**_CHANGE, operation_id="desk_take")
    def post(self, request: Request, public_id: str) -> Response:
        """接入会话；此后智能客服不再发言。"""
        return self._answer(service.take(access_conversation(public_id).pk, agent_of(request)))


class ReturnView(_ChangeView):
    """Hand back."""

    @extend_schema(**_CHANGE, operation_id="desk_return")
    def post(self, request: Request, public_id: str) -> Response:
        """交还智能客服。"""
        return self._answer(service.hand_back(access_conversation(public_id).pk, agent_of(request)))


class CloseView(_ChangeView):
    """End."""

    @extend_schema(**_CHANGE, operation_id="desk_close")
    def post(self, request: Request, public_id: str) -> Response:
        """结束会话。"""
        return self._answer(service.close(access_conversation(public_id).pk, agent_of(request)))


class SayView(APIView):
    """Answer the shopper."""

    @extend_schema(
        request=wire.SayRequest,
        responses={200: wire.EventAnswer, 201: wire.EventAnswer, 409: wire.ErrorAnswer},
        operation_id="desk_say",
    )
    def post(self, request: Request, public_id: str) -> Response:
        """客服发言；须先接入。"""
        data = checks.check_object(request.data)
        client_id, text = checks.check_client_id(data), checks.check_text(data)
        event, new = service.agent_say(access_conversation(public_id).pk, agent_of(request), client_id, text)
        return Response({"event": wire.event_json(event)}, status=201 if new else 200)
