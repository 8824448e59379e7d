"""The desk's view of the shop: its name, hours and, in the demo, its goods. One backend a process."""

from __future__ import annotations

from datetime import time
from functools import lru_cache

import structlog
from asgiref.sync import async_to_sync
from django.conf import settings

from bot.errors import XiaoerError
from bot.shop.adapters import open_shop
from bot.shop.backend import ShopBackend
from bot.shop.delivery_rules import Hours
from bot.shop.policy import Policy, default_policy
from desk import words

log = structlog.get_logger("desk.shop")


@lru_cache(maxsize=1)
def backend() -> ShopBackend:
    """The shop of this process."""
    return open_shop(settings.XIAOER.shop_url)


def face() -> dict[str, str]:
    """`{"name", "hours", "greeting"}` for the widget's first screen."""
    shop = _policy().shop
    hours = words.HOURS.format(weekdays=_span(shop.weekdays), weekends=_span(shop.weekends))
    return {"name": shop.name, "hours": hours, "greeting": words.GREETING.format(shop=shop.name)}


def _policy() -> Policy:
    """The shop's policy; the default one while the shop cannot be asked: a chat must open all the same."""
    try:
        return async_to_sync(backend().policy)()
    except XiaoerError as e:
        log.warning("shop's policy", error=type(e).__name__)
        return default_policy()


def _span(hours: Hours) -> str:
    return f"{_clock(hours.begins)}-{_clock(hours.ends)}"


def _clock(at: time) -> str:
    return at.strftime("%H:%M")
