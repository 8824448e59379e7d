"""Who calls: the holder of a conversation's key, or an agent with a session."""

from __future__ import annotations

from typing import Any

from rest_framework.authentication import BaseAuthentication, SessionAuthentication, get_authorization_header
from rest_framework.request import Request

from desk.conversations import service
from desk.conversations.models import Conversation
from desk.errors import DeskError


class ConversationKey(BaseAuthentication):
    """`Authorization: Bearer <key>`; `request.auth` is then the conversation."""

    def authenticate(self, request: Request) -> tuple[Any, Conversation]:
        """The conversation, or DeskError bad_key: a wrong key and one whose talk is gone sound the same."""
        parts = get_authorization_header(request).split()
        if len(parts) == 2 and parts[0].lower() == b"bearer":
            conversation = service.of_key(parts[1].decode("latin-1"))
            if conversation is not None:
                return request._request.user, conversation
        raise DeskError("bad_key")


class AgentSession(SessionAuthentication):
    """Django's session; an answer of 401, not 403, to whoever is not logged in."""

    def authenticate_header(self, request: Request) -> str:
        """What makes DRF answer 401."""
        return "Session"
