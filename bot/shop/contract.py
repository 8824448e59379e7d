"""What a shop's own interface is asked: the same for client, server and OpenAPI file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.shop.memory import as_sent, by_day, newest_first
from bot.shop.models import Booking, Coupon, Invoice, Order, Parcel, Promotion, Shopper
from bot.shop.reading import Reading, read_value
from bot.shop.wishes import Wish, read_wish, write_wish

Json = dict[str, Any]
VERSION = "1"
"""Of the contract; a change that old shops cannot answer makes it another."""


@dataclass(frozen=True)
class Question:
    """A GET: `method` of ShopBackend, answered by one `row` or an array of them.

    `by` is both the parameter and the field of the row that holds it; empty: no parameter.
    """

    method: str
    path: str
    row: type
    tells: str
    by: str = ""
    many: bool = False
    optional: bool = False
    """Whether the parameter may be left out."""
    order: Callable[[Iterable[Any]], Sequence[Any]] = list
    """How the adapter hands rows on, in whatever order they came."""


QUESTIONS: tuple[Question, ...] = (
    Question("order", "/order", Order, "The order of that number", "id"),
    Question(
        "orders_of", "/orders", Order, "All orders of a shopper", "shopper_id", many=True, order=newest_first
    ),
    Question("parcel", "/parcel", Parcel, "The parcel of that waybill", "waybill"),
    Question(
        "parcels_of", "/parcels", Parcel, "The parcels of an order", "order_id", many=True, order=as_sent
    ),
    Question("shopper", "/shopper", Shopper, "The shopper of that id", "id"),
    Question("invoice_of", "/invoice", Invoice, "The order's invoice that was requested last", "order_id"),
    Question(
        "bookings_of", "/bookings", Booking, "Visits booked for an order", "order_id", many=True, order=by_day
    ),
    Question(
        "coupons_of",
        "/coupons",
        Coupon,
        "The shopper's coupons and those that anyone may claim (no `shopper_id`: only these)",
        "shopper_id",
        many=True,
        optional=True,
    ),
    Question("promotions", "/promotions", Promotion, "All promotions, past and future ones too", many=True),
)
BY_METHOD = {question.method: question for question in QUESTIONS}
CATALOGUE, POLICY = "/catalogue", "/policy"
PREVIEWS, WRITES = "/previews", "/writes"


@dataclass(frozen=True)
class Request:
    """The body of a preview or a write: the wish, and the moment that the rules count from."""

    wish: dict[str, Any]
    at: datetime


def write_request(wish: Wish, now: datetime) -> Json:
    """The body of a preview or a write; `at` is the bot's clock."""
    return {"wish": write_wish(wish), "at": now.isoformat()}


def read_request(body: Any) -> tuple[Wish, datetime]:
    """The wish and the moment of such a body; raises BadInput."""
    reading = Reading()
    found = read_value(Request, body, "", reading)
    reading.finish()
    return read_wish(found.wish), found.at
