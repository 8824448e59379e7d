"""Visits to install or repair: booked for an order's goods, moved, called off."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from bot.shop.doing.rows import Change, Json, Moment, Refused, Rows, order_there
from bot.shop.models import (
    DELIVERED,
    ON_THE_WAY,
    Booking,
    BookingKind,
    BookingState,
    Order,
    OrderState,
    Product,
)
from bot.shop.policy import Policy
from bot.shop.wishes import BookVisit, CancelVisit, MoveVisit

ONE_DAY = timedelta(days=1)
GOING_BACK = frozenset({OrderState.REFUNDING, OrderState.REFUNDED, OrderState.EXCHANGING})


def book_visit(wish: BookVisit, rows: Rows, at: Moment) -> Change:
    """Somebody comes on that day, within those hours; one visit of a kind at a time."""
    order = order_there(rows, wish.order_id)
    _check_goods(order, wish.what, rows, at)
    booked = [b for b in rows.bookings_of(order.id) if b.state is BookingState.BOOKED and b.kind is wish.what]
    if booked:
        raise Refused("booked", **_told(order, booked[0]))
    new = Booking(at.new_id("V"), order.id, wish.what, BookingState.BOOKED, wish.day, wish.window)
    _check_time(order, new, rows, at)
    return Change(_told(order, new), bookings=(new,))


def move_visit(wish: MoveVisit, rows: Rows, at: Moment) -> Change:
    """The same visit at another time; it may keep hours that are none of the shop's any more."""
    order, old = _booked(wish, rows, at)
    if order.state is OrderState.CANCELLED:
        raise Refused("cancelled")
    new = replace(old, day=wish.day, window=wish.window)
    if new == old:
        raise Refused("same", **_told(order, old))
    _check_time(order, new, rows, at, kept=old.window)
    was = {"was_day": old.day.isoformat(), "was_window": old.window}
    return Change({**_told(order, new), **was}, bookings=(new,))


def cancel_visit(wish: CancelVisit, rows: Rows, at: Moment) -> Change:
    """Nobody comes."""
    order, old = _booked(wish, rows, at)
    return Change(_told(order, old), bookings=(replace(old, state=BookingState.CANCELLED),))


def windows_on(day: date, policy: Policy, now: datetime, kept: str = "") -> list[str]:
    """The hours of a day for which a visit may be booked; none on a holiday or a day too near or far.

    `kept` are hours that count as the shop's as well.
    """
    rule = policy.visits
    if day > now.date() + rule.latest.delta or policy.shop.rests_on(day):
        return []
    windows = (*rule.windows, *([kept] if kept and kept not in rule.windows else []))
    return [w for w in windows if datetime.combine(day, _begins(w), now.tzinfo) >= _earliest(policy, now)]


def is_installed(products: Iterable[Product | None], policy: Policy) -> bool:
    """Whether somebody may come to install one of these goods."""
    big = policy.delivery.big.categories
    return any(
        product is not None and (product.installation or product.category in big) for product in products
    )


def _check_goods(order: Order, what: BookingKind, rows: Rows, at: Moment) -> None:
    """Refuse an order that is none, goods that nobody comes for, and goods that are not there yet."""
    if order.state is OrderState.CANCELLED:
        raise Refused("cancelled")
    if order.state in GOING_BACK:
        raise Refused("in_aftersales", state=order.state.value)
    products = [rows.product(item.product_id) for item in order.items]
    if what is BookingKind.REPAIR:
        return _check_warranty(order, products, at)
    if not is_installed(products, at.policy):
        raise Refused("no_installation")
    if order.state not in ON_THE_WAY | DELIVERED:
        raise Refused("not_sent", state=order.state.value)
    return None


def _check_warranty(order: Order, products: Iterable[Product | None], at: Moment) -> None:
    """Free repair while the warranty of one of the goods lasts; what costs money is a person's."""
    rule = at.policy.warranty
    lasting = [each for p in products if p and (each := rule.lasts(p.category, p.warranty_days))]
    if not lasting:
        raise Refused("no_warranty")
    if order.state not in DELIVERED:
        raise Refused("not_delivered", state=order.state.value)
    until = (order.signed or order.closed or at.now).date() + max(each.delta for each in lasting)
    if until < at.now.date():
        raise Refused("warranty_past", until=until.isoformat())


def _booked(wish: MoveVisit | CancelVisit, rows: Rows, at: Moment) -> tuple[Order, Booking]:
    """The order and its visit, which is still to come, tomorrow or later."""
    order = order_there(rows, wish.order_id)
    found = next((b for b in rows.bookings_of(order.id) if b.id == wish.booking_id), None)
    if found is None or found.state is not BookingState.BOOKED:
        raise Refused("no_visit")
    if found.day <= at.now.date():
        raise Refused("visit_too_late", **_told(order, found))
    return order, found


def _check_time(order: Order, new: Booking, rows: Rows, at: Moment, kept: str = "") -> None:
    """Refuse a day on which nobody can come, or that is before the goods arrive; then the hours."""
    first = _earliest(at.policy, at.now).date()
    arrives = _arrives(order, rows) if new.kind is BookingKind.INSTALLATION else None
    days = {
        "day": new.day.isoformat(),
        "first": max(first, arrives or first).isoformat(),
        "last": (at.now.date() + at.policy.visits.latest.delta).isoformat(),
    }
    windows = windows_on(new.day, at.policy, at.now, kept)
    if not windows:
        raise Refused("day", because=_why_not(new.day, at), **days)
    if arrives is not None and new.day < arrives:
        raise Refused("day", because="undelivered", **days)
    if new.window not in windows:
        raise Refused("window", window=new.window, windows=windows, **days)


def _why_not(day: date, at: Moment) -> str:
    today = at.now.date()
    if day < today:
        return "past"
    if day > today + at.policy.visits.latest.delta:
        return "far"
    return "holiday" if at.policy.shop.rests_on(day) else "soon"


def _earliest(policy: Policy, now: datetime) -> datetime:
    """From when on somebody can come: whole days ahead begin with the day, hours count by the clock."""
    ahead = policy.visits.earliest.delta
    first = now + ahead
    return first if ahead < ONE_DAY else datetime.combine(first.date(), time.min, now.tzinfo)


def _begins(window: str) -> time:
    """When hours begin; those in a shop's own words (上午) count from midnight."""
    try:
        return time.fromisoformat(window.partition("-")[0])
    except ValueError:
        return time.min


def _arrives(order: Order, rows: Rows) -> date | None:
    """The day on which goods that are on their way should be there; None where nobody knows, or they are."""
    if order.state not in ON_THE_WAY:
        return None
    return max((p.expected for p in rows.parcels_of(order.id) if p.expected), default=None)


def _told(order: Order, visit: Booking) -> Json:
    title = order.items[0].title if order.items else ""
    when = {"day": visit.day.isoformat(), "window": visit.window}
    return {"order_id": order.id, "title": title, "visit": visit.kind.value, **when}
