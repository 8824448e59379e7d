"""What a message wants done, whatever it was understood as: 给我来一件白色M码的, 找师傅来修, 换成L."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actions.finding import heard, option_values
from actions.intents import before_buying
from actions.otherwise import first_wish, otherwise
from actions.phrases import is_question, orders_goods, says, without
from actions.picking import holding
from actions.summing import PRICING, asks_sum
from actions.undertakings.changes import wanted_variant
from actions.undertakings.receivers import said_receiver
from actions.underway import begun_by_this_message
from bot.shop.models import (
    AWAITING_DISPATCH,
    DELIVERED,
    ON_THE_WAY,
    BookingState,
    Order,
    OrderState,
    Product,
)

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
OF_DISPATCH = frozenset(
    {
        "urge_ship",
        "ship_time",
        "delivery_install",
        "delivery_eta",
        "track_logistics",
        "logistics_delay",
        "invoice",
        UNSURE,
    }
    | {"product_info", "stock_query", "shipping_fee", "order_status", "provide_info", "modify_address"}
)
"""What a wish for parts of an order, or for when and where it is brought, may be taken for."""
CODES = frozenset({UNSURE, "product_info", "complaint", "order_status", "out_of_scope", "authenticity"})
LATE = frozenset({"usage_help", "product_info", "stock_query", "urge_reply", UNSURE})
"""What a message may come to that waits for what was sent: 手帐怎么一直没到."""
VIEWED = frozenset({"modify_address", "cancel_order", "provide_info", UNSURE})
"""What a message may come to that orders the goods in talk without naming them."""
CHANGING = frozenset({"modify_address", "modify_order"})
"""What a message comes to that changes an order before it pays for it."""
BALANCE = frozenset(
    {"price_promo", "product_info", "account_member", "refund_status", "order_status", UNSURE}
)
"""What a message may come to that asks how much is on the gift card."""
PLACES = frozenset({"modify_address", UNSURE})
VAGUE = frozenset(
    {UNSURE, "price_protect", "modify_address", "order_status", "product_problem", "wrong_missing"}
    | {"urge_ship", "ship_time"}
)
GIVES = "provide_info"
GUESSED = frozenset({UNSURE, GIVES, "affirm", "wrong_missing", "product_problem"})
"""What 那来一套 may come to behind a question about goods."""
UNDERWAY = frozenset(
    {"track_logistics", "order_status", "not_received", "logistics_delay", "urge_ship", "delivery_eta"}
    | {"ship_time", "modify_address", "product_info", "provide_info", UNSURE}
)
"""What a message may come to that speaks of a visit and its time."""
MOVED = frozenset({"exchange_goods", "modify_order"})
TROUBLES = frozenset({"product_problem", "wrong_missing"})
REMEDIES = {
    "wants_return": "return_goods",
    "wants_money_back": "refund_request",
    "wants_exchange": "exchange_goods",
}
"""What is wished for beside a fault, by its pattern."""
STANDING = frozenset({ORDERING, "order_status", "ship_time", UNSURE})
"""What a message may come to that drops an order: 没付钱的那单别要了."""


async def elsewhere(asked: Asked) -> str | None:
    """The intent whose action answers a message instead of its own; None for most.

    What goods come to is asked for by anybody, all else is done for a signed-in shopper.
    """
    orders = asked.session.identity is not None and orders_goods(asked.text)
    if not orders and await asks_sum(asked):
        return None if asked.topic == PRICING else PRICING
    if asked.session.identity is None or not asked.text:
        return None
    if asked.topic in OF_DISPATCH and await _arranges(asked):
        return "modify_order"
    for meant in (_to_buy, _of_visit, _of_order, _asks_otherwise, _changes_variant):
        intent = await meant(asked)
        if intent not in (None, asked.topic) and f"action_{intent}" not in _done_with(asked):
            return intent
    return None


def _done_with(asked: Asked) -> set[str]:
    """Actions that this message came to already: none of them is to have it again."""
    names: set[str] = set()
    for event in reversed(asked.tracker.events or ()):
        if event.get("event") == "user":
            break
        names.add(str(event.get("name") or ""))
    return names


async def _to_buy(asked: Asked) -> str | None:
    """Something is bought; or of two wishes the first comes first."""
    if _is_order(asked):
        return ORDERING
    second = asked.topic in SECOND and otherwise(asked.text) and not begun_by_this_message(asked)
    return first_wish(asked.text) if second else None


async def _of_visit(asked: Asked) -> str | None:
    """Somebody is to come, at another time, or not at all."""
    if asked.topic == "cancel_order" and says(asked.text, "not_cancelled") and first_wish(asked.text):
        return first_wish(asked.text)
    if asked.topic in GOING_BACK and await _calls_off_visit(asked):
        return "delivery_install"
    if _wants_repair(asked):
        return "warranty_repair"
    if asked.topic in UNDERWAY and _times_visit(asked):
        return "delivery_install"
    moves = asked.topic in UNDERWAY | MOVED and not says(asked.text, "about_visit")
    return "delivery_install" if moves and await _moves_booked(asked) else None


async def _of_order(asked: Asked) -> str | None:
    """An order that is there is dropped, or goes with a remark or to somebody else."""
    if asked.topic != GIVES and says(asked.text, "sends_later"):
        return GIVES
    if asked.topic in TROUBLES and (remedy := _remedy(asked)):
        return remedy
    if asked.topic in STANDING and _drops_order(asked):
        return "return_goods" if asked.topic == UNSURE else "cancel_order"
    if asked.topic in PLACES and _tells_remark(asked):
        return "modify_order"
    if asked.topic in before_buying() | UNDERWAY and await _goes_elsewhere(asked):
        return "modify_address"
    return None


async def _asks_otherwise(asked: Asked) -> str | None:
    """The intent of a question that was taken for another one; nothing is done by any of them."""
    if asked.topic in LATE and asked.product_names and says(asked.text, "not_arrived"):
        return "track_logistics"
    if asked.topic in BALANCE and says(asked.text, "asks_balance"):
        return "coupon_query"
    if asked.topic == "cancel_order" and says(asked.text, "asks_shipped") and not says(asked.text, "undoes"):
        return "ship_time"
    if asked.topic == "usage_help" and await _tells_fault(asked):
        return "product_problem"
    if asked.topic in CODES and _asks_code(asked):
        return "usage_help"
    if asked.topic == "size_advice" and _sizes_no_clothes(asked):
        return "price_promo"
    return None


def fault_code(asked: Asked, product: Product) -> str:
    """The product's fault code that the message names, however it is written; empty if it names none."""
    said = asked.typed.upper().replace(" ", "")
    codes = sorted(product.fault_codes, key=len, reverse=True)
    return next((code for code in codes if code.upper() in said), "")


async def _tells_fault(asked: Asked) -> bool:
    """Whether something is wrong with goods of the shopper's, and what to do is asked: 丝巾掉色 怎么办."""
    if not says(asked.text, "asks_what_to_do") or not says(asked.text, "reason_quality"):
        return False
    orders = [o for o in await asked.session.access_orders() if o.state in DELIVERED]
    return bool(holding(asked.catalogue, orders, asked.product_names))


def _asks_code(asked: Asked) -> bool:
    """Whether a fault code stands in a message that wants nothing done about it."""
    named = asked.product()
    products = [named] if named is not None else asked.catalogue.products
    told = any(fault_code(asked, product) for product in products)
    return told and not (says(asked.text, "repairs_visit") or says(asked.text, "goes_back"))


def _sizes_no_clothes(asked: Asked) -> bool:
    """Whether a size is asked for of named goods that nobody wears: 猫粮买大袋还是小袋."""
    product = asked.product()
    return bool(asked.product_names) and product is not None and not product.size_chart


def _is_order(asked: Asked) -> bool:
    """Whether goods are ordered, or an order paid from the gift card."""
    if asked.topic == ORDERING:
        return False
    if pays_by_card(asked.text):
        changes = bool(said_receiver(asked, None)) or says(asked.text, "changes_variant")
        return not (asked.topic in CHANGING and changes and not asked.entity("quantity"))
    if not wants_goods(asked) or heard(asked.text, "seeks_advice"):
        return False
    new = bool(asked.product_names) and not says(asked.text, "speaks_of_an_order")
    viewed = asked.topic in VIEWED and asked.product_in_view() is not None
    again = bool(asked.entity("quantity")) or says(asked.text, "buys_again")
    goes_on = asked.topic in GUESSED and any(name in before_buying() for name in asked.lately[1:2])
    return asked.topic in before_buying() or new or goes_on or (viewed and again)


def wants_goods(asked: Asked) -> bool:
    """Whether goods are to be ordered: in so many words, or told with their number and how they are paid."""
    paid = says(asked.text, "uses_coupon") and not is_question(asked.text)
    told = asked.product_names and asked.entity("quantity") and not says(asked.text, "speaks_of_an_order")
    return orders_goods(asked.text) or bool(told and (paid or _names_only_goods(asked)))


def _names_only_goods(asked: Asked) -> bool:
    """Whether a message is nothing but goods, their variant and how many: 充电头 黑的 一个."""
    product, text = asked.product(), asked.text
    if product is None:
        return False
    values = {value.lower() for value in option_values(product)}
    words = [*asked.product_names, product.title, *product.aliases, *values, *(v[0] for v in values)]
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word.lower(), " ")
    return says(without(text, "pieces_counted"), "only_goods")


async def _arranges(asked: Asked) -> bool:
    """Whether an order that is under way is wanted in parts, or brought at some hour or place."""
    apart = bool(heard(asked.text, "splits_order")) and not heard(asked.text, "names_invoice")
    wishes = heard(asked.text, "delivery_wish") and not heard(asked.text, "asks_when")
    if not apart and (not wishes or says(asked.text, "about_visit") or says(asked.text, "wants_door")):
        return False
    orders = await asked.session.access_orders()
    return any(o.state in OPEN | ON_THE_WAY for o in orders)


def pays_by_card(text: str) -> bool:
    """Whether something is to be paid from the gift card."""
    return says(text, "pays_by_gift_card") and not says(text, "no_payment")


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
    told = asked.topic == "delivery_install" and says(asked.text, "reason_quality")
    wants = says(asked.text, "repairs_visit") and not says(asked.text, "goes_back")
    return wants and (told or asked.topic in FAULTY)


async def _moves_booked(asked: Asked) -> bool:
    """Whether another day is told for goods that somebody is booked to come for: 洗衣机18号没空 改到20号."""
    if not asked.entity("date") or not says(asked.text, "moves_visit") or says(asked.text, "brought"):
        return False
    orders = await asked.session.access_orders()
    for order in holding(asked.catalogue, orders, asked.product_names):
        bookings = await asked.session.backend.bookings_of(order.id)
        if any(each.state is BookingState.BOOKED for each in bookings):
            return True
    return False


def _remedy(asked: Asked) -> str:
    """What is wanted for a fault, where the message says that as well; empty where it asks or does not."""
    if is_question(asked.text) or says(asked.text, "no_return"):
        return ""
    return next((intent for words, intent in REMEDIES.items() if says(asked.text, words)), "")


def _tells_remark(asked: Asked) -> bool:
    """Whether those who pack are told something; no question, and no address."""
    told = heard(asked.typed, "remark") and not said_receiver(asked, None)
    return bool(told) and not is_question(asked.text)


def _drops_order(asked: Asked) -> bool:
    """Whether an order is not wanted any more; a visit is none."""
    dropped = says(asked.text, "drops_order") and not says(asked.text, "cancels_visit")
    return dropped and not is_question(asked.text)


def _times_visit(asked: Asked) -> bool:
    """Whether a visit is spoken of, and a time for it."""
    return says(asked.text, "visit_told") and bool(asked.entity("date", "time"))


async def _goes_elsewhere(asked: Asked) -> bool:
    """Whether goods that are ordered already go elsewhere: 针织衫让王小明收 13812345678, 书桌寄到…路8号."""
    said = said_receiver(asked, None)
    told = "street" in said or {"receiver", "phone"} <= said.keys()
    if not told or wants_goods(asked) or is_question(asked.text):
        return False
    orders = [o for o in await asked.session.access_orders() if o.state in OPEN]
    held = bool(asked.product_names) and bool(holding(asked.catalogue, orders, asked.product_names))
    return held or (asked.names_number and not asked.product_names)


async def _changes_variant(asked: Asked) -> str | None:
    """Whether goods that are ordered already are wanted in another variant: 我那件改XL, 羽绒服换L."""
    if asked.topic == "modify_address" and said_receiver(asked, None):
        return None
    vague = asked.topic in before_buying() | VAGUE and not says(asked.text, "goes_back")
    numbered = asked.names_number and bool(asked.entity("colour", "size")) and not is_question(asked.text)
    if not vague or not (numbered or says(asked.text, "changes_variant")):
        return None
    orders = [o for o in await asked.session.access_orders() if _may_change(asked, o)]
    if not orders:
        return None
    return "modify_order" if any(o.state in OPEN for o in orders) else "exchange_goods"


def _may_change(asked: Asked, order: Order) -> bool:
    """Whether one of its goods comes in the variant that is wanted, and may be had in it."""
    return order.state in OPEN | DELIVERED and any(wanted_variant(asked, item) for item in order.items)
