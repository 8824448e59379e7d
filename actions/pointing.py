"""The orders that a message points at without number or goods: by their day or their state."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from actions.phrases import says
from bot.shop.models import Order, OrderState

if TYPE_CHECKING:
    from actions.session import Asked

OF_GOODS = frozenset(
    {"exchange_goods", "modify_order", "return_goods", "refund_request", "cancel_order", "price_protect"}
    | {"product_problem", "wrong_missing", "warranty_repair", "usage_help", "delivery_install"}
)
"""Requests about the goods that were in talk, where they name none."""
KINDS = "鞋靴裤裙帽袜锅壶灯椅桌柜枕杯糕膜垫伞"
"""Nouns of one character that stand for goods in a message and for little else."""
STATES = {
    "order_unpaid": frozenset({OrderState.UNPAID}),
    "order_unsent": frozenset({OrderState.PAID, OrderState.PACKED}),
    "order_moving": frozenset({OrderState.SENT, OrderState.IN_TRANSIT, OrderState.OUT_FOR_DELIVERY}),
    "order_arrived": frozenset({OrderState.SIGNED, OrderState.FINISHED}),
    "order_cancelled": frozenset({OrderState.CANCELLED}),
}
"""States by the pattern of words that tell an order by them: 没付款的那单."""


def pointed_at(asked: Asked, orders: Sequence[Order]) -> list[Order]:
    """Those that were placed on the day, or are in the state, that tells the meant one; else all of them."""
    found = list(orders)
    for pattern, states in STATES.items():
        if says(asked.text, pattern):
            found = [o for o in found if o.state in states] or found
    if says(asked.text, "placed_then"):
        found = [
            o for o in found if o.placed.astimezone(asked.session.now.tzinfo).date() in _days(asked)
        ] or found
    return found


def of_kind(asked: Asked, orders: Sequence[Order]) -> list[Order]:
    """The orders of goods of a kind that the message speaks of, by the end of their names: 这破鞋."""
    kinds = [kind for kind in KINDS if kind in asked.text]
    return [o for o in orders if any(_ends_so(asked, item.product_id, kinds) for item in o.items)]


def _ends_so(asked: Asked, product_id: str, kinds: Sequence[str]) -> bool:
    product = asked.catalogue.get(product_id)
    names = (product.title, *product.aliases) if product is not None else ()
    return any(name.endswith(tuple(kinds)) for name in names) if kinds else False


def goods_in_talk(asked: Asked) -> list[str]:
    """What the last message that named goods called them, for a message that names none itself."""
    if asked.topic not in OF_GOODS or says(asked.text, "names_another"):
        return []
    for event in reversed([e for e in asked.tracker.events or () if e.get("event") == "user"]):
        rows = (event.get("parse_data") or {}).get("entities") or ()
        if names := [str(row["value"]) for row in rows if row.get("entity") in ("product_id", "product")]:
            return names
    return []


def _days(asked: Asked) -> set[date]:
    """Days of the past that the message names."""
    days = {date.fromisoformat(value) for value in asked.entities("date")}
    return {day for day in days if day <= asked.session.today}
