"""Whether a message wants an order placed or paid, whatever it was understood as: 给我来一件白色M码的."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actions.intents import before_buying
from actions.phrases import orders_goods, says

if TYPE_CHECKING:
    from actions.session import Asked

ORDERING = "order_payment"
UNSURE = "ask_which"


def is_order(asked: Asked) -> bool:
    """Whether the action of ordering and paying answers the message, and not the one it came to."""
    if asked.session.identity is None or asked.topic == ORDERING:
        return False
    if asked.topic == UNSURE and says(asked.text, "pays_by_gift_card"):
        return True
    if not orders_goods(asked.text):
        return False
    new = bool(asked.product_names) and not says(asked.text, "speaks_of_an_order")
    return asked.topic in before_buying() or new
