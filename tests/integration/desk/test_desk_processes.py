"""A desk process that is killed loses no message and keeps nobody waiting for its lease."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
import threading
import uuid
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

ROOT = Path(__file__).resolve().parents[3]


class DeskProcess:
    """`python -m desk serve` in a home of its own."""

    def __init__(self, home, bot_url):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.database = home / "desk.sqlite3"
        self._url, self._log = f"http://127.0.0.1:{port}", home / "desk.log"
        self._env = {
            **{k: v for k, v in os.environ.items() if not k.startswith("DESK_TEST_")},
            "XIAOER_HOME": str(home),
            "XIAOER_DESK_PORT": str(port),
            "XIAOER_BOT_PORT": str(urlsplit(bot_url).port),
            "XIAOER_DATABASE_URL": f"sqlite:///{self.database}",
        }
        self._env.pop("XIAOER_REDIS_URL", None)
        self._process = None
        self._headers = {}
        self._command("migrate", "--noinput", "-v0").wait(120)

    def _command(self, *arguments, **settings):
        with self._log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "desk", *arguments],
                cwd=ROOT,
                env={**self._env, **settings},
                stdout=log,
                stderr=log,
            )

    def start(self, until, **settings):
        self._process = self._command("serve", **settings)
        until(self._ready, 60)

    def _ready(self):
        assert self._process.poll() is None, self._log.read_text()
        try:
            return httpx.get(f"{self._url}/health").status_code == 200
        except httpx.TransportError:
            return False

    def kill(self):
        self._process.kill()
        self._process.wait()

    def open(self, **headers):
        wanted = {"token": None, "key": None, "page": None}
        answer = httpx.post(f"{self._url}/api/shop/session", json=wanted, headers=headers)
        self._headers = {"authorization": f"Bearer {answer.json()['key']}"}

    def say(self, text):
        message = {"client_id": str(uuid.uuid4()), "text": text}
        httpx.post(f"{self._url}/api/shop/messages", json=message, headers=self._headers).raise_for_status()

    def ask(self, query):
        with closing(sqlite3.connect(self.database)) as database:
            return database.execute(query).fetchall()

    def bot_lines(self):
        found = httpx.get(f"{self._url}/api/shop/events", headers=self._headers).json()
        return [e["text"] for e in found["events"] if e["kind"] == "bot"]


@pytest.fixture
def desk_process(tmp_path, bot):
    made = DeskProcess(tmp_path, bot.url)
    yield made
    made.kill()


def test_after_a_kill_the_message_under_way_is_answered_at_once(desk_process, bot, make):
    """A desk that is alone knows at its start that no claim is anybody's, however long it would last."""
    entered, release = threading.Event(), threading.Event()
    bot.enqueue(lambda request: (entered.set(), release.wait(make.patience), make.repeat(request))[2])
    desk_process.start(make.until)
    desk_process.open()
    desk_process.say("我的快递到哪了")
    assert entered.wait(make.patience)
    desk_process.kill()
    release.set()
    with closing(sqlite3.connect(desk_process.database)) as database:
        changed = database.execute(
            "UPDATE conversations_conversation SET lease_until = '2999-01-01' WHERE lease <> ''"
        )
        assert changed.rowcount == 1
        database.commit()
    desk_process.start(make.until)
    make.until(desk_process.bot_lines)
    assert desk_process.bot_lines() == ["听到:我的快递到哪了"]


def test_after_a_kill_a_yes_is_carried_out_as_it_was_said(desk_process, bot, make):
    """What the shopper wrote while the process died is the next turn, not a part of the yes."""
    entered, release = threading.Event(), threading.Event()
    bot.enqueue(
        lambda request: make.repeat(request, confirming=True),
        lambda request: (entered.set(), release.wait(make.patience), make.repeat(request))[2],
    )
    desk_process.start(make.until)
    desk_process.open()
    desk_process.say("取消我的订单")
    make.until(desk_process.bot_lines)
    desk_process.say("确认取消")
    assert entered.wait(make.patience)
    desk_process.say("等等还有别的事")
    desk_process.kill()
    release.set()
    desk_process.start(make.until)
    make.until(lambda: len(desk_process.bot_lines()) == 3)
    assert desk_process.bot_lines()[1:] == ["听到:确认取消", "听到:等等还有别的事"]
    killed, retried = bot.turns()[1:3]
    assert killed == retried


@pytest.mark.parametrize(
    ("proxies", "client"),
    [("127.0.0.0/8", "203.0.113.7"), ("192.0.2.1", "127.0.0.1")],
    ids=["believed", "not believed"],
)
def test_only_a_trusted_proxy_may_name_the_clients_address(desk_process, make, proxies, client):
    """The last address in its header that is no proxy's; what the client itself put before is nothing."""
    desk_process.start(make.until, XIAOER_TRUSTED_PROXIES=proxies)
    desk_process.open(**{"X-Forwarded-For": "198.51.100.1, 203.0.113.7"})
    assert desk_process.ask("SELECT client FROM conversations_conversation") == [(client,)]
