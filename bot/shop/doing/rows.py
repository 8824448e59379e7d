"""What rules see of a shop while something is done to it, and what they give back."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.shop.models import Booking, Coupon, Invoice, Order, Parcel, Product, Promotion, Shopper
from bot.shop.policy import Policy

Json = dict[str, Any]


class Refused(Exception):
    """A rule forbids a wish: `code` names the rule and the response that tells it, `facts` go into that."""

    def __init__(self, code: str, **facts: Any) -> None:
        """Facts are canonical: fen, ISO days, codes."""
        super().__init__(code)
        self.code = code
        self.facts: Json = facts


@dataclass(frozen=True)
class Receipt:
    """A write that was done: under its key it is in the ledger, and never done again."""

    key: str
    kind: str
    order_id: str
    shopper_id: str
    args: Json
    result: Json
    at: datetime


def written(receipt: Receipt) -> Json:
    """A receipt's wire form, as far as a turn tells it."""
    return {"kind": receipt.kind, "key": receipt.key, "args": receipt.args, "result": receipt.result}


class Rows(Protocol):
    """The shop's rows at one moment, within the transaction that changes them."""

    def order(self, order_id: str) -> Order | None:
        """The order of that number."""
        ...

    def shopper(self, shopper_id: str) -> Shopper | None:
        """The shopper of that id."""
        ...

    def product(self, product_id: str) -> Product | None:
        """The product of that id."""
        ...

    def parcels_of(self, order_id: str) -> Sequence[Parcel]:
        """The order's parcels."""
        ...

    def invoice_of(self, order_id: str) -> Invoice | None:
        """The invoice that was requested last."""
        ...

    def bookings_of(self, order_id: str) -> Sequence[Booking]:
        """The order's visits."""
        ...

    def coupons_of(self, shopper_id: str) -> Sequence[Coupon]:
        """The shopper's coupons, and those anyone may claim."""
        ...

    def promotions(self) -> Sequence[Promotion]:
        """All promotions."""
        ...

    def receipts_of(self, shopper_id: str) -> Sequence[Receipt]:
        """What was done for a shopper before, oldest first."""
        ...


@dataclass(frozen=True)
class Moment:
    """When something is done, by which rules, and under which key; ids follow from the key."""

    now: datetime
    policy: Policy
    key: str

    def new_id(self, prefix: str) -> str:
        """An id for a new row: the same for the same key."""
        number = int.from_bytes(hashlib.sha256(f"{prefix}/{self.key}".encode()).digest()[:8], "big")
        return f"{prefix}{number % 10**12:012d}"


@dataclass(frozen=True)
class Change:
    """New rows in the place of old ones of the same id, and the facts to tell of them."""

    result: Json
    orders: tuple[Order, ...] = ()
    shoppers: tuple[Shopper, ...] = ()
    products: tuple[Product, ...] = ()
    invoices: tuple[Invoice, ...] = ()
    bookings: tuple[Booking, ...] = ()
    coupons: tuple[Coupon, ...] = ()


def order_there(rows: Rows, order_id: str) -> Order:
    """The order, or a refusal: not there and not yours sound the same."""
    order = rows.order(order_id)
    if order is None:
        raise Refused("not_found")
    return order
