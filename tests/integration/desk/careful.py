"""A bot that asks before it writes, and what tests do with it: one turn at a time, or all that is left."""

from __future__ import annotations

import threading

from django.db import connection

from desk.conversations import turns
from desk.conversations.bot import read_turn

DUE = "2026-11-20T18:00:00+08:00"


class Careful:
    """A bot that asks before it cancels an order, and whose shop writes once under one key.

    `between` is called twice in a confirming turn: before the write and after it.
    """

    def __init__(self, make):
        self._make = make
        self.ledger, self.between = {}, []

    def __call__(self, request):
        text, state = request["incoming"]["text"], request["state"] or {}
        if text == "取消订单":
            return self._say(
                request, "取消订单 Z1,对吗", confirming=True, state={"asked": request["incoming"]["id"]}
            )
        if text == "对" and "asked" in state:
            return self._cancel(request, state["asked"])
        return self._make.repeat(request, state={})

    def _cancel(self, request, key):
        self._interrupted()
        self.ledger.setdefault(key, len(self.ledger) + 1)
        self._interrupted()
        write = {"kind": "cancel", "key": key, "args": {"order": "Z1"}, "result": {"refund": 9900}}
        task = {
            "kind": "followup",
            "role": "aftersales",
            "order": "Z1",
            "wish": "核对退款",
            "due": DUE,
            "key": key,
        }
        done = {"writes": [{**write, "said": "已为您取消订单 Z1"}], "tasks": [task]}
        return self._say(request, "订单 Z1 取消好了", state={"done": key}, **done)

    def _interrupted(self):
        if self.between:
            self.between.pop(0)()

    def _say(self, request, text, **more):
        return self._make.repeat(request, replies=[{"text": text}], **more)


def elsewhere(work):
    """In a thread of its own, as a request is."""
    thread = threading.Thread(target=lambda: (work(), connection.close()))
    thread.start()
    thread.join()


def asked(shopper, careful):
    """The bot has asked; the shopper's next line decides."""
    shopper.say("取消订单")
    answer(careful)
    assert shopper.row().confirming is True


def answer(careful, held=None):
    """One turn, as a dispatcher makes it."""
    held = held or turns.claim()
    return turns.commit(held, read_turn(made(careful, held)))


def made(careful, held):
    incoming = {"id": f"{held.public_id}-{held.merged.upto}", "text": held.merged.text, "button": None}
    return careful({"incoming": incoming, "state": {} if held.note else held.state})[1]


def told(shopper):
    """Lines that say that the order is cancelled."""
    return [text for text in shopper.lines("bot", "system") if "取消好了" in text or "已为您取消" in text]


def drain(careful):
    """What a dispatcher still finds to do."""
    while (held := turns.claim()) is not None:
        answer(careful, held)
