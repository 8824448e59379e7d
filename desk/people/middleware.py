"""A one-time password opens nothing but the page that replaces it."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from desk.errors import answer

_ADMIN_OPEN = ("/admin/password_change/", "/admin/logout/", "/admin/jsi18n/")
_API_OPEN = ("/api/desk/me", "/api/desk/login", "/api/desk/logout", "/api/desk/password")


class FirstPassword:
    """Sends whoever must change the password to do so; needs the authentication middleware before it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let pass, redirect or refuse."""
        path = request.path
        if not path.startswith(("/admin/", "/api/desk/")) or path.startswith(_ADMIN_OPEN + _API_OPEN):
            return self._next(request)
        if not getattr(request.user, "must_change_password", False):
            return self._next(request)
        if path.startswith("/admin/"):
            return HttpResponseRedirect("/admin/password_change/")
        return answer(request, "password_change_required")
