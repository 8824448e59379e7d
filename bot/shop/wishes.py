"""What may be done to a shop: each wish says exactly what is to change, and nothing of whether it may.

The JSON form is {"kind": …, then the fields}; money is integer fen, days ISO, ids strings.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, cast

from bot.errors import BadInput
from bot.shop.codes import Grievance, InvoiceKind, PayWay, Reason
from bot.shop.models import Address, BookingKind
from bot.shop.reading import Reading, read_value, write_value
from bot.shop.values import Fen, Id, Quantity, Words

Json = dict[str, Any]


@dataclass(frozen=True)
class Line:
    """So many pieces of one variant; SKU ids are unique within their product only."""

    product_id: Id
    sku_id: Id
    quantity: Quantity = 1


@dataclass(frozen=True)
class Wish:
    """Something to be done; `kind` is its name in JSON, ledger and response names."""

    kind: ClassVar[str]


@dataclass(frozen=True)
class OrderWish(Wish):
    """Something to be done to one order."""

    order_id: Id


@dataclass(frozen=True)
class Cancel(OrderWish):
    """Cancel an order that has not left; what was paid goes back."""

    kind: ClassVar[str] = "cancel"
    reason: str = ""


@dataclass(frozen=True)
class UndoCancel(OrderWish):
    """Go on with an order whose cancelling has not been paid back yet."""

    kind: ClassVar[str] = "undo_cancel"


@dataclass(frozen=True)
class ChangeAddress(OrderWish):
    """Send an order elsewhere: the whole new address, receiver and phone included."""

    kind: ClassVar[str] = "change_address"
    address: Address


@dataclass(frozen=True)
class ChangeRemark(OrderWish):
    """Another remark for those who pack the order."""

    kind: ClassVar[str] = "change_remark"
    remark: Words


@dataclass(frozen=True)
class ChangeVariant(OrderWish):
    """Another variant of the same product, of the same price, for one item of an order not packed yet."""

    kind: ClassVar[str] = "change_variant"
    product_id: Id
    sku_id: Id
    to_sku: Id


@dataclass(frozen=True)
class Urge(OrderWish):
    """Ask the warehouse, or the carrier, to hurry."""

    kind: ClassVar[str] = "urge"


@dataclass(frozen=True)
class PlaceOrder(Wish):
    """Buy goods for a shopper: unpaid, or paid at once from the gift card."""

    kind: ClassVar[str] = "place_order"
    shopper_id: Id
    lines: tuple[Line, ...]
    address: Address
    coupon_id: str = ""
    pay: PayWay | None = None
    """GIFT_CARD pays now; any other way is only noted, the shopper pays by the shop's own page."""
    remark: str = ""


@dataclass(frozen=True)
class PayByGiftCard(OrderWish):
    """Pay an unpaid order from the gift card."""

    kind: ClassVar[str] = "pay_gift_card"


@dataclass(frozen=True)
class ClaimCoupon(Wish):
    """Take a coupon that anyone may claim."""

    kind: ClassVar[str] = "claim_coupon"
    shopper_id: Id
    coupon_id: Id


@dataclass(frozen=True)
class ReturnGoods(OrderWish):
    """Send goods of an order back for their money; no lines: all of it."""

    kind: ClassVar[str] = "return_goods"
    reason: Reason
    lines: tuple[Line, ...] = ()
    note: str = ""
    """The fault in the shopper's words."""
    used: bool = False
    """Whether the shopper says that the goods are opened, worn or used."""


@dataclass(frozen=True)
class RefundOnly(OrderWish):
    """Money back without a return: not sent yet, not received, or a small fault.

    0 is all that was paid, or what was paid for the lines, where there are any.
    """

    kind: ClassVar[str] = "refund"
    amount: Fen = 0
    reason: Reason = Reason.NO_REASON
    lines: tuple[Line, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class WithdrawRefund(OrderWish):
    """Take an application for money back again."""

    kind: ClassVar[str] = "withdraw_refund"


@dataclass(frozen=True)
class Exchange(OrderWish):
    """Another variant, or a product that its row names, for one item of a delivered order."""

    kind: ClassVar[str] = "exchange"
    product_id: Id
    sku_id: Id
    to_product: Id
    to_sku: Id
    reason: Reason = Reason.NO_REASON
    quantity: Quantity = 1
    note: str = ""
    used: bool = False


@dataclass(frozen=True)
class InvoiceWish(OrderWish):
    """What an invoice is to say; address, phone, bank and account are a special invoice's."""

    invoice_kind: InvoiceKind
    title: Words
    tax_number: str = ""
    email: str = ""
    address: str = ""
    phone: str = ""
    bank: str = ""
    account: str = ""


@dataclass(frozen=True)
class RequestInvoice(InvoiceWish):
    """An invoice for an order."""

    kind: ClassVar[str] = "invoice"


@dataclass(frozen=True)
class ChangeInvoice(InvoiceWish):
    """The order's invoice anew, with other data."""

    kind: ClassVar[str] = "change_invoice"


@dataclass(frozen=True)
class BookVisit(OrderWish):
    """Somebody comes to install or repair."""

    kind: ClassVar[str] = "book_visit"
    what: BookingKind
    day: date
    window: Words


@dataclass(frozen=True)
class MoveVisit(OrderWish):
    """Another day or other hours for a booked visit."""

    kind: ClassVar[str] = "move_visit"
    booking_id: Id
    day: date
    window: Words


@dataclass(frozen=True)
class CancelVisit(OrderWish):
    """Nobody shall come."""

    kind: ClassVar[str] = "cancel_visit"
    booking_id: Id


@dataclass(frozen=True)
class ProtectPrice(OrderWish):
    """The difference to today's lower prices of all that an order holds; the shop computes it."""

    kind: ClassVar[str] = "protect_price"


@dataclass(frozen=True)
class Compensate(OrderWish):
    """A small goodwill payment within the owner's limits."""

    kind: ClassVar[str] = "compensate"
    amount: Fen
    reason: Grievance


KINDS: dict[str, type[Wish]] = {
    each.kind: each
    for each in (
        *(Cancel, UndoCancel, ChangeAddress, ChangeRemark, ChangeVariant, Urge),
        *(PlaceOrder, PayByGiftCard, ClaimCoupon),
        *(ReturnGoods, RefundOnly, WithdrawRefund, Exchange, ProtectPrice, Compensate),
        *(RequestInvoice, ChangeInvoice, BookVisit, MoveVisit, CancelVisit),
    )
}


def write_wish(wish: Wish) -> Json:
    """The JSON form of a wish, its fields in their declared order."""
    return {"kind": wish.kind, **write_value(wish)}


def read_wish(row: Json) -> Wish:
    """The wish of its JSON form; raises BadInput naming what is wrong."""
    kind = KINDS.get(str(row.get("kind")))
    if kind is None:
        raise BadInput(f"kind: expected one of {', '.join(KINDS)}, came {row.get('kind')!r}")
    reading = Reading()
    wish = read_value(kind, {name: value for name, value in row.items() if name != "kind"}, "", reading)
    reading.finish()
    return cast(Wish, wish)


def order_of(wish: Wish) -> str:
    """The order that a wish is about; empty where it is about none."""
    return wish.order_id if isinstance(wish, OrderWish) else ""


def shopper_of(wish: Wish) -> str:
    """The shopper in whose name a wish is; empty where its order tells."""
    return str(getattr(wish, "shopper_id", ""))


def write_key(conversation: str, number: int, wish: Wish) -> str:
    """The key of one restatement's write: the same yes, however often it comes, is one write."""
    text = json.dumps([conversation, number, write_wish(wish)], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
