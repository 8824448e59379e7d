"""A scripted OpenAI-compatible server: what it answers is queued beforehand, what it was asked is kept.

It is a real HTTP endpoint on loopback, so the client, its time-outs and its errors are the real ones.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Json = dict[str, Any]
KEY, MODEL = "right-key", "tiny"
HANGS = 60.0
"""Seconds a hanging answer lasts unless the server is closed before; longer than any deadline."""


@dataclass(frozen=True)
class Act:
    """One answer: what is sent, how late, and where it stops."""

    text: str = ""
    status: int = 200
    after: float = 0.0
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    """Sent as it is in the place of a completion."""
    cut: bool = False
    endless: bool = False
    finish: str = "stop"


Scripted = Act | str | Callable[[Json], "Act | str"]


def says(text: str) -> Act:
    """A good answer."""
    return Act(text)


def slow(seconds: float = HANGS, text: str = "好的亲") -> Act:
    """An answer that comes late, or never."""
    return Act(text, after=seconds)


def status(code: int, **headers: str) -> Act:
    """A refusal; `retry_after="1"` becomes the header Retry-After."""
    body = json.dumps({"error": {"message": "no", "code": None}}).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Act(status=code, raw=body, headers=named)


def cut_off(text: str = "好的亲，这就") -> Act:
    """The connection breaks before the end."""
    return Act(text, cut=True)


def html() -> Act:
    """A web page, as behind a wrong address or a captive portal."""
    return Act(raw=b"<!doctype html><title>Welcome</title>", headers={"Content-Type": "text/html"})


def garbage() -> Act:
    """JSON of another API."""
    return Act(raw=b'{"result": [1, 2, 3]}')


def empty() -> Act:
    """A completion without a word."""
    return Act("")


def huge(size: int = 100_000) -> Act:
    """A completion of so many bytes."""
    return Act("啊" * (size // 3))


def endless() -> Act:
    """Bytes without end, one after another."""
    return Act(endless=True)


def template_of(request: Json) -> str:
    """The template that a drafting prompt asks to reword."""
    found: list[str] = re.findall(r"<<<原回复\n(.*?)\n原回复>>>", request["messages"][-1]["content"], re.S)
    return found[-1]


def faithful(request: Json) -> str:
    """The template with other manners: what a good model might say."""
    return template_of(request).rstrip("~。！") + "哦~"


def lies(request: Json) -> str:
    """The template with one digit changed, or with a promise where it has none."""
    text = template_of(request)
    changed = re.sub(r"\d", lambda digit: str((int(digit[0]) + 1) % 10), text, count=1)
    return changed if changed != text else text + "我们保证明天上午退您50元！"


class LlmDouble:
    """The server. `history` holds the bodies it was sent; `otherwise` answers when the queue is empty."""

    def __init__(self) -> None:
        self.history: list[Json] = []
        self.otherwise: Scripted = faithful
        self.asked = threading.Event()
        """Set once a request has come."""
        self._queue: deque[Scripted] = deque()
        self._closing = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """The base URL that a client is given."""
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def settings(self, **more: str) -> dict[str, str]:
        """Environment that points at this server."""
        return {
            "XIAOER_LLM_BASE_URL": self.url,
            "XIAOER_LLM_MODEL": MODEL,
            "XIAOER_LLM_API_KEY": KEY,
            **more,
        }

    def enqueue(self, *acts: Scripted) -> None:
        """Answer the next requests so, in order."""
        self._queue.extend(acts)

    def act(self, request: Json) -> Act:
        """The answer to a request."""
        self.history.append(request)
        self.asked.set()
        scripted = self._queue.popleft() if self._queue else self.otherwise
        made = scripted if isinstance(scripted, Act | str) else scripted(request)
        return Act(made) if isinstance(made, str) else made

    def wait(self, seconds: float) -> bool:
        """Wait, but not beyond the server's end; False if it ended."""
        return not self._closing.wait(seconds)

    def close(self) -> None:
        """Stop; hanging answers end."""
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@contextmanager
def llm_double() -> Iterator[LlmDouble]:
    """A server for one test."""
    double = LlmDouble()
    try:
        yield double
    finally:
        double.close()


def _handler(double: LlmDouble) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            if self._refused():
                return
            self._send(200, json.dumps({"object": "list", "data": [{"id": MODEL}]}).encode())

        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if self._refused():
                return
            if not self.path.endswith("/chat/completions") or request["model"] != MODEL:
                self._send(404, b'{"error": {"message": "no such model", "code": "model_not_found"}}')
                return
            act = double.act(request)
            if act.after and not double.wait(act.after):
                return
            try:
                self._play(act, stream=bool(request.get("stream")))
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def _refused(self) -> bool:
            if self.headers["Authorization"] == f"Bearer {KEY}":
                return False
            self._send(401, b'{"error": {"message": "wrong key", "code": "invalid_api_key"}}')
            return True

        def _play(self, act: Act, *, stream: bool) -> None:
            if act.endless:
                self._endless()
            elif act.raw is not None:
                self._send(act.status, act.raw, act.headers)
            elif stream:
                self._stream(act)
            else:
                whole = json.dumps(_completion(act), ensure_ascii=False).encode()
                self._send(act.status, whole, act.headers, upto=len(whole) // 2 if act.cut else None)

        def _send(
            self, code: int, body: bytes, headers: dict[str, str] | None = None, upto: int | None = None
        ) -> None:
            self.send_response(code)
            for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[:upto])
            self.close_connection = upto is not None

        def _open_ended(self, kind: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Connection", "close")
            self.end_headers()
            self.close_connection = True

        def _stream(self, act: Act) -> None:
            self._open_ended("text/event-stream")
            for piece in re.findall(r".{1,4}", act.text, re.S):
                self._event(json.dumps(_chunk(piece)))
            if act.cut:
                self.wfile.write(b'data: {"choices": [{"del')
                return
            self._event(json.dumps(_chunk("", act.finish)))
            self._event("[DONE]")

        def _event(self, data: str) -> None:
            self.wfile.write(f"data: {data}\n\n".encode())
            self.wfile.flush()

        def _endless(self) -> None:
            self._open_ended("application/json")
            until = time.monotonic() + HANGS
            while time.monotonic() < until and double.wait(0.02):
                self.wfile.write(b" ")
                self.wfile.flush()

    return Handler


def _completion(act: Act) -> Json:
    message = {"role": "assistant", "content": act.text}
    return {
        "id": "c1",
        "object": "chat.completion",
        "created": 0,
        "model": MODEL,
        "choices": [{"index": 0, "message": message, "finish_reason": act.finish}],
        "usage": {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120},
    }


def _chunk(piece: str, finish: str | None = None) -> Json:
    delta = {"index": 0, "delta": {"content": piece}, "finish_reason": finish}
    return {"id": "c1", "object": "chat.completion.chunk", "created": 0, "model": MODEL, "choices": [delta]}
