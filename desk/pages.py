"""Pages and files that the desk serves: the built front end, the admin's files, the API's page, health."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousOperation
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import render
from django.utils._os import safe_join
from django.utils.http import http_date, parse_http_date_safe
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

from desk.errors import answer

Json = dict[str, Any]
_YEAR = 365 * 24 * 3600
mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("application/json", ".map")


@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """Whether this process can work: its database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ready"})


def built(name: str, *, seconds: int = 0) -> Callable[[HttpRequest], HttpResponse]:
    """A view of one file of web/dist; a clear page if it is not built."""

    @require_safe
    @gzip_page
    def page(request: HttpRequest) -> HttpResponse:
        path = settings.WEB_DIST / name
        if not path.is_file():
            return answer(request, "not_built")
        return _file(request, path, f"public, max-age={seconds}" if seconds else "no-cache")

    return page


@require_safe
@gzip_page
def asset(request: HttpRequest, name: str) -> HttpResponse:
    """A file of web/dist/assets; its name holds a hash of what is in it."""
    return _file(request, _inside(settings.WEB_DIST / "assets", name), f"public, max-age={_YEAR}, immutable")


@require_safe
@gzip_page
def static(request: HttpRequest, name: str) -> HttpResponse:
    """A file of an installed app, such as the admin's styles."""
    try:
        found = finders.find(name)
    except SuspiciousOperation:
        raise Http404 from None
    if not isinstance(found, str):
        raise Http404
    return _file(request, Path(found), "public, max-age=3600")


def _inside(folder: Path, name: str) -> Path:
    try:
        path = Path(safe_join(str(folder), name))
    except (SuspiciousOperation, ValueError):
        raise Http404 from None
    if not path.is_file():
        raise Http404
    return path


def _file(request: HttpRequest, path: Path, cache: str) -> HttpResponse:
    # Read whole: files are small, and Django streams no plain file well under ASGI.
    changed = int(path.stat().st_mtime)
    since = parse_http_date_safe(request.headers.get("If-Modified-Since", ""))
    if since is not None and since >= changed:
        response: HttpResponse = HttpResponseNotModified()
    else:
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        text = kind.startswith("text/") or kind in {"application/json", "image/svg+xml"}
        response = HttpResponse(path.read_bytes(), content_type=f"{kind}; charset=utf-8" if text else kind)
    response["Last-Modified"] = http_date(changed)
    response["Cache-Control"] = cache
    return response


@lru_cache(maxsize=1)
def openapi() -> Json:
    """The API's description, made from the views."""
    described: Json = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return described


@require_safe
@gzip_page
def schema(request: HttpRequest) -> JsonResponse:
    """OpenAPI 3 as JSON."""
    return JsonResponse(openapi(), json_dumps_params={"ensure_ascii": False})


@require_safe
@gzip_page
def docs(request: HttpRequest) -> HttpResponse:
    """The same, to read: a page of our own, so that nothing is loaded from elsewhere."""
    described = openapi()
    calls = [
        _call(path, method, call, described)
        for path, methods in described["paths"].items()
        for method, call in methods.items()
    ]
    return render(request, "docs/api.html", {"info": described["info"], "calls": calls})


def _call(path: str, method: str, call: Json, described: Json) -> Json:
    content = call.get("requestBody", {}).get("content", {})
    answers = [
        {"status": status, "fields": _fields(answer.get("content", {}), described)}
        for status, answer in call["responses"].items()
    ]
    return {
        "path": path,
        "method": method.upper(),
        "summary": call.get("description", ""),
        "needs": [name for option in call.get("security", []) for name in option],
        "parameters": [p for p in call.get("parameters", []) if p["in"] == "query"],
        "fields": _fields(content, described),
        "answers": answers,
    }


def _fields(content: Json, described: Json) -> list[Json]:
    """One row a field, nested ones with a dotted name."""
    media = content.get("application/json")
    return list(_walk(media["schema"], described, "")) if media else []


def _walk(shape: Json, described: Json, prefix: str) -> list[Json]:
    shape = _resolved(shape, described)
    rows = []
    for name, field in shape.get("properties", {}).items():
        inner = _resolved(field, described)
        many = inner.get("type") == "array"
        part = _resolved(inner["items"], described) if many else inner
        kind = " | ".join(str(v) for v in part["enum"]) if "enum" in part else str(part.get("type", ""))
        rows.append(
            {
                "name": f"{prefix}{name}",
                "kind": f"{kind}[]" if many else kind,
                "null": inner.get("nullable", field.get("nullable", False)),
                "optional": name not in shape.get("required", []),
                "note": field.get("description", ""),
            }
        )
        rows += _walk(part, described, f"{prefix}{name}.")
    return rows


def _resolved(shape: Json, described: Json) -> Json:
    """Follow a reference; `allOf`/`oneOf` with one real member is that member."""
    if "$ref" in shape:
        return _resolved(described["components"]["schemas"][shape["$ref"].rsplit("/", 1)[1]], described)
    for key in ("allOf", "oneOf"):
        if key in shape:
            return {**_resolved(shape[key][0], described), "nullable": shape.get("nullable", False)}
    return shape
