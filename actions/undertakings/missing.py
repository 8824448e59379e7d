"""Pieces that never came: which line of an order, and how many of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from actions.phrases import found
from actions.undertakings.claims import items_of
from bot.numerals import NUMERAL, decimal
from bot.shop.codes import Reason
from bot.shop.models import Order

if TYPE_CHECKING:
    from actions.session import Asked
    from actions.undertaking import Facts

COUNTED = "counted"
"""Set where the shopper has told how many pieces are missing."""


def is_missing(order: Order, args: Facts) -> bool:
    """Whether pieces of their own never came; a part that is missing from the only piece is a fault of it."""
    several = sum(item.quantity for item in order.items) > 1 or bool(args.get("lines"))
    return args.get("reason") == Reason.MISSING.value and several


def asks_pieces(order: Order, args: Facts) -> bool:
    """Whether it has to be asked how many pieces of the line are missing."""
    items = items_of(order, args)
    return len(items) == 1 and items[0].quantity > 1 and COUNTED not in args


def said_missing(asked: Asked, order: Order, args: Facts, asks: str | None) -> Facts:
    """The line with as many pieces as are missing, where the message, or one before it, tells that."""
    items = items_of(order, args)
    if not is_missing(order, args) or len(items) != 1:
        return {}
    item, before = items[0], asked.tracker.get_slot("fault") or {}
    same = before.get("order_id") == order.id
    pieces = missing_in(asked.text, item.quantity) or (_number(asked.text) if asks == "pieces" else 0)
    pieces = pieces or (missing_in(str(before.get("told", "")), item.quantity) if same else 0)
    if COUNTED in args and not pieces:
        return {}
    told = {COUNTED: True} if pieces else {}
    return {"lines": [[item.product_id, item.sku_id, min(pieces or item.quantity, item.quantity)]], **told}


def missing_in(text: str, bought: int) -> int:
    """How many pieces of those bought a text tells to be missing, or to have come; 0 where it tells none."""
    if short := _number(found(text, "pieces_short")):
        return short
    came = _number(found(text, "pieces_came"))
    return bought - came if 0 < came < bought else 0


def _number(text: str) -> int:
    number = re.search(NUMERAL, text)
    return int(decimal(number.group())) if number else 0
