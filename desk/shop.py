"""The desk's view of the shop: its name, hours and, in the demo, its goods. One backend a process."""

from __future__ import annotations

from datetime import datetime, time
from functools import lru_cache
from time import monotonic

import structlog
from asgiref.sync import async_to_sync
from django.conf import settings

from bot.errors import XiaoerError
from bot.reply.display import Display
from bot.shop.adapters import shop_of
from bot.shop.backend import ShopBackend
from bot.shop.delivery_rules import Hours, Shop
from bot.shop.policy import Policy, default_policy
from desk import words

log = structlog.get_logger("desk.shop")
_KEPT = 5.0
"""Seconds for which the policy holds without another look: it is asked for with every message."""


@lru_cache(maxsize=1)
def backend() -> ShopBackend:
    """The shop of this process."""
    return shop_of(settings.XIAOER)


def face() -> dict[str, str]:
    """`{"name", "hours", "greeting"}` for the widget's first screen."""
    shop = hours()
    spans = words.HOURS.format(weekdays=_span(shop.weekdays), weekends=_span(shop.weekends))
    return {"name": shop.name, "hours": spans, "greeting": words.GREETING.format(shop=shop.name)}


def hours() -> Shop:
    """When people answer; by the default policy while the shop cannot be asked: a chat opens all the same.

    Blocks while the shop's database does: ask before a row is held.
    """
    return _POLICY.get().shop


def in_words(at: datetime, now: datetime) -> str:
    """When agents are back, as the bot says it: 明天 09:00."""
    return Display({}, now.date()).words(at.isoformat(), "time")


class _KeptPolicy:
    """The shop's policy and how long it holds. Threads that find it stale at once all look, to no harm."""

    def __init__(self) -> None:
        self._policy: Policy | None = None
        self._until = 0.0

    def get(self) -> Policy:
        """The policy, looked up if need be."""
        if self._policy is None or monotonic() > self._until:
            self._policy = _read()
            self._until = monotonic() + _KEPT
        return self._policy


_POLICY = _KeptPolicy()


def _read() -> Policy:
    try:
        return async_to_sync(backend().policy)()
    except XiaoerError as e:
        log.warning("shop's policy", error=type(e).__name__)
        return default_policy()


def _span(span: Hours) -> str:
    return f"{_clock(span.begins)}-{_clock(span.ends)}"


def _clock(at: time) -> str:
    return at.strftime("%H:%M")
