"""Security headers on every answer: a strict content policy, and Secure on cookies sent over https."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

_STRICT = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    # Product pictures lie wherever the shop keeps them; shoppers' own are fetched with a key, then shown.
    "img-src": "'self' data: blob: https:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "frame-src": "'self'",
    "media-src": "'self'",
    "manifest-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "object-src": "'none'",
}
# Unfold's templates use Alpine.js expressions and inline styles; only the back office gets this.
_ADMIN = {
    **_STRICT,
    "script-src": "'self' 'unsafe-inline' 'unsafe-eval'",
    "style-src": "'self' 'unsafe-inline'",
}
# Should a browser open a shopper's picture by itself: an image, and nothing that could act.
_PICTURE = {"default-src": "'none'", "sandbox": ""}


class SecurityHeaders:
    """Middleware. The widget may be framed by the shop's own origins, anything else by nobody."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._next = get_response
        self._shops = " ".join(("'self'", *settings.XIAOER.allowed_origins))

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add the headers."""
        response = self._next(request)
        widget = request.path.startswith("/widget/")
        policy = _policy(request.path)
        ancestors = self._shops if widget else "'none'"
        response.headers["Content-Security-Policy"] = "; ".join(
            [*(f"{name} {value}".strip() for name, value in policy.items()), f"frame-ancestors {ancestors}"]
        )
        if not widget:
            response.headers["X-Frame-Options"] = "DENY"  # frame-ancestors for browsers that do not know it
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        if request.path.startswith("/api/"):
            response.headers.setdefault("Cache-Control", "no-store")
        if request.is_secure():
            for cookie in response.cookies.values():
                cookie["secure"] = True
        return response


def _policy(path: str) -> dict[str, str]:
    if path.startswith("/admin/"):
        return _ADMIN
    return _PICTURE if path.startswith("/api/") and "/pictures/" in path else _STRICT
