"""What a message wants done, whatever it was understood as: 给我来一件白色M码的, 找师傅来修, 换成L."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actions.finding import heard
from actions.intents import before_buying
from actions.otherwise import first_wish, otherwise
from actions.phrases import orders_goods, says, without
from actions.undertakings.changes import wanted_variant
from actions.undertakings.receivers import said_receiver
from actions.underway import begun_by_this_message
from bot.shop.models import AWAITING_DISPATCH, DELIVERED, BookingState, Order, OrderState

if TYPE_CHECKING:
    from actions.session import Asked

ORDERING = "order_payment"
UNSURE = "ask_which"
OPEN = AWAITING_DISPATCH | {OrderState.UNPAID}
GOING_BACK = frozenset({"return_goods", "refund_request", "exchange_goods", "refund_status"})
SECOND = frozenset(
    {"return_goods", "refund_request", "cancel_order", "product_problem", "wrong_missing"}
    | {"stock_query", "complaint", UNSURE}
)
"""What a message may come to of whose two wishes one is for where the first cannot be."""
FAULTY = frozenset({"product_problem", "wrong_missing", "usage_help", UNSURE, "complaint"})
PLACES = frozenset({"modify_address", UNSURE})
VAGUE = frozenset({UNSURE, "modify_address"})


async def elsewhere(asked: Asked) -> str | None:
    """The intent whose action answers a signed-in shopper's message instead of its own; None for most."""
    if asked.session.identity is None or not asked.text:
        return None
    if _is_order(asked):
        return ORDERING
    if asked.topic in SECOND and otherwise(asked.text) and not begun_by_this_message(asked):
        return first_wish(asked.text)
    if asked.topic in GOING_BACK and await _calls_off_visit(asked):
        return "delivery_install"
    if asked.topic in FAULTY and _wants_repair(asked):
        return "warranty_repair"
    if asked.topic in PLACES and heard(asked.typed, "remark") and not said_receiver(asked, None):
        return "modify_order"
    if asked.topic in before_buying() | VAGUE:
        return await _changes_variant(asked)
    return None


def _is_order(asked: Asked) -> bool:
    """Whether goods are ordered, or an order paid from the gift card."""
    if asked.topic == ORDERING:
        return False
    if asked.topic == UNSURE and says(asked.text, "pays_by_gift_card"):
        return True
    if not orders_goods(asked.text):
        return False
    new = bool(asked.product_names) and not says(asked.text, "speaks_of_an_order")
    return asked.topic in before_buying() or new


async def _calls_off_visit(asked: Asked) -> bool:
    """Whether a booked visit is not wanted any more, and nothing is said of the goods going back."""
    rest = without(asked.text, "cancels_visit")
    if rest == asked.text or says(rest, "goes_back"):
        return False
    for order in await asked.session.access_orders():
        bookings = await asked.session.backend.bookings_of(order.id)
        if any(each.state is BookingState.BOOKED for each in bookings):
            return True
    return False


def _wants_repair(asked: Asked) -> bool:
    """Whether somebody is to come and repair; not where the goods are to go back."""
    return says(asked.text, "repairs_visit") and not says(asked.text, "goes_back")


async def _changes_variant(asked: Asked) -> str | None:
    """Whether goods that are ordered already are wanted in another variant: 我那件改XL, 羽绒服换L."""
    if not says(asked.text, "changes_variant"):
        return None
    orders = [o for o in await asked.session.access_orders() if _may_change(asked, o)]
    if not orders:
        return None
    return "modify_order" if any(o.state in OPEN for o in orders) else "exchange_goods"


def _may_change(asked: Asked, order: Order) -> bool:
    """Whether one of its goods comes in the variant that is wanted, and may be had in it."""
    return order.state in OPEN | DELIVERED and any(wanted_variant(asked, item) for item in order.items)
