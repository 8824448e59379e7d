"""The bot's HTTP as contracted, for tests of the desk; scripted, and without Rasa."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Json = dict[str, Any]
Answer = tuple[int, Any]


class FakeBot:
    """It repeats what it hears; `enqueue` scripts answers."""

    def __init__(self) -> None:
        self.history: list[tuple[str, Json]] = []
        self.busy = 0
        self.most_busy = 0
        self._script: list[Callable[[Json], Answer]] = []
        self.always: Callable[[Json], Answer] | None = None
        self._lock = threading.Lock()
        self._server: ThreadingHTTPServer | None = None
        self._port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        bot = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._say(200, {"status": "ready", "model": "fake"})

            def do_POST(self) -> None:
                request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if self.headers["Authorization"] != "Bearer test-bot-secret":
                    self._say(401, {"error": {"code": "unauthorized", "message": ""}})
                    return
                self._say(*bot.answer(self.path, request))

            def _say(self, status: int, answer: Any) -> None:
                body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            allow_reuse_address = True
            request_queue_size = 64

            def handle_error(self, *_: Any) -> None:
                """A dispatcher that stops closes its connections."""

        self._server = Server(("127.0.0.1", self._port), Handler)
        self._port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def enqueue(self, *answers: Callable[[Json], Answer]) -> None:
        self._script.extend(answers)

    def answer(self, path: str, request: Json) -> Answer:
        with self._lock:
            self.history.append((path, request))
            self.busy += 1
            self.most_busy = max(self.most_busy, self.busy)
            scripted = self._script.pop(0) if self._script and path == "/turn" else self.always
        try:
            if path == "/note" and request["state"] is None:
                return 200, {"state": None}
            if path == "/note":
                noted = [*(request["state"] or {}).get("noted", []), *request["events"]]
                return 200, {"state": {**(request["state"] or {}), "noted": noted}}
            return (scripted or repeat)(request)
        finally:
            with self._lock:
                self.busy -= 1

    def turns(self) -> list[Json]:
        return [request for path, request in self.history if path == "/turn"]


def repeat(request: Json, **more: Any) -> Answer:
    """A Turn that repeats the message and appends it to the state."""
    incoming, state = request["incoming"], request["state"] or {}
    heard = incoming["text"] if incoming["button"] is None else f"[{incoming['button']}]"
    turn = {
        "replies": [
            {
                "text": f"听到:{heard}",
                "buttons": [{"id": "b1", "title": "查物流"}, {"id": "b2", "title": "转人工"}],
                "card": None,
                "response": "utter_repeat",
                "facts": {},
                "worded_by": "template",
                "checks": [],
            }
        ],
        "understanding": {"intent": "greet", "mood": "calm"},
        "handoff": None,
        "tasks": [],
        "writes": [],
        "confirming": False,
        "state": {**state, "heard": [*state.get("heard", []), heard]},
        "timings": {},
    }
    return 200, {**turn, **more}
