"""Errors of the desk, and the one place where they become `{"error": {"code", "message"}}`."""

from __future__ import annotations

from typing import Any

import structlog
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.html import escape
from rest_framework import exceptions
from rest_framework.response import Response

from bot.errors import XiaoerError
from desk import words

_PAGE = '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>店小二</title><p>{message}</p></html>'
log = structlog.get_logger("desk.errors")


class DeskError(XiaoerError):
    """A refusal with a code of `words.ERRORS`; `detail` fills its message."""

    def __init__(self, code: str, *, headers: dict[str, str] | None = None, **detail: Any) -> None:
        self.code = code
        self.status, message = words.ERRORS[code]
        self.message = message.format(**detail)
        self.headers = headers or {}
        super().__init__(self.message)


_OF_DRF: tuple[tuple[type[Exception], str], ...] = (
    (Http404, "not_found"),
    (exceptions.ParseError, "bad_json"),
    (exceptions.NotAuthenticated, "not_logged_in"),
    (exceptions.AuthenticationFailed, "not_logged_in"),
    (exceptions.NotFound, "not_found"),
    (exceptions.MethodNotAllowed, "method_not_allowed"),
    (exceptions.NotAcceptable, "bad_request"),
    (exceptions.UnsupportedMediaType, "unsupported_type"),
    (exceptions.PermissionDenied, "forbidden"),
)


def render(exc: Exception, context: dict[str, Any]) -> Response | None:
    """The API's answer to any exception of a view; None for a bug, which Django logs and answers with 500."""
    if isinstance(exc, exceptions.PermissionDenied) and str(exc.detail).startswith("CSRF"):
        exc = DeskError("csrf")
    if not isinstance(exc, DeskError):
        code = next((code for kind, code in _OF_DRF if isinstance(exc, kind)), None)
        if code is None:
            return None
        exc = DeskError(code)
    return Response(body(exc.code, exc.message), status=exc.status, headers=exc.headers)


def body(code: str, message: str) -> dict[str, Any]:
    """The wire form of an error."""
    return {"error": {"code": code, "message": message}}


def answer(request: HttpRequest, code: str) -> HttpResponse:
    """An error outside of the API's views: JSON under /api/, else a plain page."""
    status, message = words.ERRORS[code]
    if request.path.startswith("/api/"):
        return JsonResponse(body(code, message), status=status)
    return HttpResponse(_PAGE.format(message=escape(message)), status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler400."""
    return answer(request, "bad_request")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler403."""
    return answer(request, "forbidden")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler404."""
    return answer(request, "not_found")


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500."""
    return answer(request, "server_error")


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF_FAILURE_VIEW."""
    return answer(request, "csrf")


def locked_out(request: HttpRequest, *_: Any) -> HttpResponse:
    """AXES_LOCKOUT_CALLABLE: too many failed log-ins."""
    log.warning("login locked", path=request.path)
    return answer(request, "locked_out")
