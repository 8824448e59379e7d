"""Checks of what comes in over the API: each returns a clean value or raises DeskError, once, at the edge."""

from __future__ import annotations

import unicodedata
import uuid
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from desk import words
from desk.conversations.service import Message
from desk.errors import DeskError

Json = dict[str, Any]
MAX_TEXT = 20_000
_JOINERS = {"\u200d", "\ufe0f"}
"""Invisible, but they hold emoji together."""
_PAGE_KEYS = ("kind", "product_id", "order_id")


class StrictJson(JSONParser):
    """JSON, where nesting beyond Python's depth is a client's error like any other."""

    def parse(self, *args: Any, **kwargs: Any) -> Any:
        """The value, or ParseError."""
        try:
            return super().parse(*args, **kwargs)
        except RecursionError:
            raise ParseError from None


def check_object(data: Any) -> Json:
    """A JSON object."""
    if not isinstance(data, dict):
        raise DeskError("bad_field", field="请求内容", expected="一个 JSON 对象")
    return data


def check_string(data: Json, name: str, *, limit: int = 4096) -> str | None:
    """The string of that name, or None if it is absent or null."""
    value = data.get(name)
    if value is not None and (not isinstance(value, str) or len(value) > limit):
        raise DeskError("bad_field", field=name, expected=f"不超过 {limit} 个字符的字符串")
    return value


def check_client_id(data: Json) -> str:
    """The client's own id of a message: a UUID, in its usual spelling."""
    try:
        return str(uuid.UUID(check_string(data, "client_id") or ""))
    except ValueError:
        raise DeskError("bad_field", field="client_id", expected="UUID") from None


def check_text(data: Json) -> str:
    """A text with something to read in it, without control characters."""
    text = data.get("text")
    if not isinstance(text, str):
        raise DeskError("bad_field", field="text", expected="字符串")
    if len(text) > MAX_TEXT:
        raise DeskError("too_long", limit=MAX_TEXT)
    text = clean(text)
    if not text:
        raise DeskError("empty")
    return text


def clean(text: str) -> str:
    """Without control characters (newline and tab stay), broken halves of characters and surrounding blanks.

    Empty if nothing visible is left.
    """
    kept = "".join(
        c for c in text.replace("\r\n", "\n") if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"}
    )
    kept = kept.strip()
    visible = any(not c.isspace() and unicodedata.category(c) != "Cf" and c not in _JOINERS for c in kept)
    return kept if visible else ""


def check_page(data: Json) -> Json | None:
    """What the shopper looks at; unknown keys are left out."""
    page = data.get("page")
    if page is None:
        return None
    if not isinstance(page, dict) or not isinstance(page.get("kind"), str):
        raise DeskError("bad_field", field="page", expected="带 kind 的对象或 null")
    return {k: clean(page[k])[:64] for k in _PAGE_KEYS if isinstance(page.get(k), str)}


def check_message(data: Any) -> Message:
    """A shopper's message: exactly one of text and button."""
    data = check_object(data)
    client_id, button = check_client_id(data), check_string(data, "button", limit=128)
    if (button is None) == (data.get("text") is None):
        raise DeskError("bad_field", field="text / button", expected="两者之一")
    if button is not None:
        return Message(client_id, "", clean(button), check_page(data))
    return Message(client_id, check_text(data), None, check_page(data))


def check_role(request: HttpRequest) -> str:
    """`?role=…`, empty if absent: of every role."""
    role = request.GET.get("role", "")
    if role and role not in words.ROLE_NAMES:
        raise DeskError("bad_field", field="role", expected="、".join(words.ROLE_NAMES))
    return role


def check_outcome(data: Json) -> str:
    """How a task went: a sentence."""
    outcome = clean(check_string(data, "outcome", limit=500) or "")
    if not outcome:
        raise DeskError("no_outcome")
    return outcome


def check_after(request: HttpRequest) -> int:
    """`?after=N`, 0 if absent."""
    given = request.GET.get("after", "0")
    if not given.isascii() or not given.isdigit() or len(given) > 9:
        raise DeskError("bad_field", field="after", expected="非负整数")
    return int(given)


def own_origin(origin: str | None, host: str) -> bool:
    """Whether a browser's Origin is that of the desk itself, reached as `host` (with port)."""
    if not origin:
        return False
    parts = urlsplit(origin)
    default = {"http": 80, "https": 443}.get(parts.scheme)
    if default is None or not parts.hostname:
        return False
    try:
        ours = urlsplit(f"//{host}")
        return parts.hostname == ours.hostname and (parts.port or default) == (ours.port or default)
    except ValueError:
        return False
