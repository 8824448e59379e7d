"""What a shopper wants where the first thing cannot be: 换白色的 没有就退, 改不了就取消."""

from __future__ import annotations

from typing import Any

from actions.phrases import says
from bot.shop.doing.changes import OPEN_UNTIL
from bot.shop.models import AWAITING_DISPATCH, DELIVERED, Order
from bot.shop.policy import Policy

Facts = dict[str, Any]
OTHERWISE = "otherwise"
"""The name under which an undertaking keeps it."""
BACK, CANCEL = "back", "cancel"
GONE = frozenset({"variant_out", "variant_none"})
"""What is asked where the wanted goods are not there: for who said what to do then it is a refusal."""
UNDOING = frozenset({"return_goods", "refund", "cancel"})
"""Kinds that are no first wish: nothing is to be done in their place."""
FIRST = {
    "exchanges_first": "exchange_goods",
    "wants_address": "modify_address",
    "wants_change": "modify_order",
}
"""Words of a first wish, and the intent whose action begins it."""


def otherwise(text: str) -> str:
    """BACK or CANCEL where a message says that it shall be if the first wish cannot; else empty."""
    if not says(text, OTHERWISE) or first_wish(text) is None:
        return ""
    return CANCEL if says(text, "otherwise_cancel") else BACK


def first_wish(text: str) -> str | None:
    """The intent of what is wanted first."""
    return next((intent for words, intent in FIRST.items() if says(text, words)), None)


def instead(kind: str, args: Facts, order: Order | None, policy: Policy) -> tuple[str, Facts] | None:
    """Kind of the undertaking in the place of one that cannot be, with what is known; None: none was told."""
    if order is None or not args.get(OTHERWISE) or kind in UNDOING:
        return None
    known: Facts = {name: args[name] for name in ("order_id", "reason", "note") if name in args}
    if order.state in OPEN_UNTIL[policy.changes.cancel]:
        return "cancel", {"order_id": order.id}
    if order.state in AWAITING_DISPATCH:
        return "refund", {"order_id": order.id}
    return ("return_goods", known) if order.state in DELIVERED else None
