"""How goods come through the door: delivery, installation, and the visits booked for it."""

from __future__ import annotations

from actions.finding import Found, heard
from actions.orders import UNPAID, OrderAction
from actions.parcels import parcel_facts
from actions.phrases import found, says
from actions.session import Asked, Facts
from actions.showing import ask_which_product
from actions.undertaking import begin, stand_by
from actions.undertakings.trial import so_far
from actions.undertakings.visits import DoBookVisit, DoCancelVisit, DoMoveVisit, said_day, said_hours
from bot.shop.doing.visits import is_installed
from bot.shop.models import (
    AWAITING_DISPATCH,
    DELIVERED,
    ON_THE_WAY,
    Booking,
    BookingKind,
    BookingState,
    Order,
    Parcel,
    ParcelState,
    Product,
)


async def booked_visit(asked: Asked, order: Order, what: BookingKind | None = None) -> Booking | None:
    """The visit that is still to come for an order that came through the door; None if there is none."""
    bookings = await asked.session.backend.bookings_of(order.id)
    booked = [b for b in bookings if b.state is BookingState.BOOKED and what in (None, b.kind)]
    return next(iter(booked), None)


async def meant_visit(asked: Asked, order: Order) -> Booking | None:
    """The visit that is still to come; None where the message is about the other kind of visit."""
    return await booked_visit(asked, order, named_kind(asked.text))


def named_kind(text: str) -> BookingKind | None:
    """Whether a message speaks of installing or of repairing; None where of both, or of neither."""
    installs, repairs = says(text, "names_installation"), says(text, "names_repair")
    if installs == repairs:
        return None
    return BookingKind.INSTALLATION if installs else BookingKind.REPAIR


async def means_visit(asked: Asked, order: Order) -> bool:
    """Whether a message is about the order's visit: in words, or by a time right after it was told."""
    if says(asked.text, "about_visit") or asked.entity("visit") or so_far(asked, DoMoveVisit):
        return await meant_visit(asked, order) is not None
    just_told = bool(TELLS_VISIT & set(asked.lately[1:2])) and order.id == asked.shown_id
    names_time = said_day(asked) is not None or said_hours(asked) is not None
    return just_told and names_time and await meant_visit(asked, order) is not None


async def visited(asked: Asked, order: Order, what: BookingKind, others: list[Facts]) -> bool:
    """Whether the message was about a visit for the order: it is moved, called off, told, or booked."""
    visit = await booked_visit(asked, order, what)
    repairs = what is BookingKind.REPAIR and any(
        says(asked.text, w) for w in ("names_repair", "repairs_visit")
    )
    if visit is None and not (repairs and wants_visit(asked)):
        visit = await meant_visit(asked, order)
    if visit is None:
        if not wants_visit(asked):
            return False
        said = {**so_far(asked, DoBookVisit), "order_id": order.id, "visit": what.value}
        await begin(asked, DoBookVisit, **said)
        return True
    booked: Facts = {"order_id": order.id, "booking_id": visit.id}
    if _cancels(asked):
        await begin(asked, DoCancelVisit, **booked)
    elif _moves(asked, visit):
        was = {"was_day": visit.day.isoformat(), "was_window": visit.window, "visit": visit.kind.value}
        await begin(asked, DoMoveVisit, **{**_moved_so_far(asked, visit), **booked, **was})
    elif says(asked.text, "asks_visit_terms"):
        return False
    else:
        when = {"what": visit.kind.value, "day": visit.day.isoformat(), "window": visit.window}
        asked.say("utter_install_booked", **asked.named(order), **when, others=others)
    return True


def wants_visit(asked: Asked) -> bool:
    """Whether somebody is to come; not whether anybody would, nor what it costs."""
    if asked.entity("visit") == "book":
        return True
    names_time = said_day(asked) is not None or said_hours(asked) is not None
    asks = says(asked.text, "asks_if_visited") and not names_time  # 13号能上门修不 wants it then
    if asks or says(asked.text, "asks_visit_terms") or _cancels(asked):
        return False
    speaks = bool(so_far(asked, DoBookVisit)) or named_kind(asked.text) is not None
    return says(asked.text, "books_visit") or (names_time and speaks)


def _cancels(asked: Asked) -> bool:
    """Whether nobody is to come; 取消 再约到11号 wants another time."""
    again = says(asked.text, "books_again") and said_day(asked) is not None
    return asked.entity("visit") == "cancel" or (says(asked.text, "cancels_visit") and not again)


def _moves(asked: Asked, visit: Booking) -> bool:
    """Another time is wanted, in so many words or by naming one."""
    if asked.entity("visit") == "move" or says(asked.text, "moves_visit"):
        return True
    day, hours = said_day(asked), said_hours(asked, visit.window)
    other = (day is not None and day != visit.day) or (hours is not None and visit.window not in hours)
    wishes = says(asked.text, "books_visit") or says(asked.text, "asks_then")
    return other and (wishes or bool(_moved_so_far(asked, visit)))


def _moved_so_far(asked: Asked, visit: Booking) -> Facts:
    said = so_far(asked, DoMoveVisit)
    return said if said.get("booking_id") == visit.id else {}


def can_be_installed(asked: Asked, order: Order) -> bool:
    """Whether somebody may come to install goods of this order, now or once it is sent."""
    goods = [asked.catalogue.get(item.product_id) for item in order.items]
    return is_installed([p for p in goods if p is not None and not _needs_nobody(p)], asked.policy)


def _needs_nobody(product: Product) -> bool:
    """Whether its own text says that the shopper installs it."""
    told = product.installation
    return says(told, "installs_oneself") and not says(told, "comes_home")


TELLS_VISIT = frozenset({"delivery_install", "warranty_repair"})
"""Requests after which a bare time is the visit's."""


class DeliveryInstall(OrderAction):
    """delivery_install: to the door, pick-up, inspection, installation, whether a region is served."""

    intent = "delivery_install"
    prefers = (AWAITING_DISPATCH | ON_THE_WAY | UNPAID, DELIVERED)

    async def answer(self, asked: Asked) -> None:
        """A region not served first, then an old machine, the page's product, one's own order."""
        place = asked.entity("address") or asked.text
        refused = next((p for p in asked.policy.freight.undeliverable if p in place), "")
        if refused:
            return asked.say("utter_delivery_undeliverable", province=refused)
        if heard(asked.text, "asks_freight") and not says(asked.text, "about_visit"):
            return asked.follow("action_shipping_fee")
        if says(asked.text, "asks_old_machine"):
            return asked.say("utter_install_old")
        viewed = asked.product()
        wants = says(asked.text, "books_visit") or asked.entity("visit")
        if viewed is not None and viewed.installation and not asked.product_names and not wants:
            return _say_product(asked, viewed)
        return await super().answer(asked)

    async def presses(self, asked: Asked, order: Order) -> int:
        """One that waits at a station, for who wants it brought; one with a visit, where that is meant."""
        if order.state in ON_THE_WAY and says(asked.text, "wants_door"):
            return int(await _at_station(asked, order) is not None)
        if says(asked.text, "about_visit") and await meant_visit(asked, order) is not None:
            return 2
        there = order.state in ON_THE_WAY | DELIVERED
        return int(there and says(asked.text, "books_visit") and can_be_installed(asked, order))

    async def without(self, asked: Asked) -> None:
        """The product's installation, else what the message asks of any, else how the shop delivers.

        A stranger who wants somebody to come proves an order first.
        """
        if wants_visit(asked) and asked.session.identity is None:
            return asked.prove_first()
        product = asked.product_in_view()
        if product is not None and product.installation:
            return _say_product(asked, product)
        return None if await said_terms(asked) else _say_ways(asked)

    async def about(self, asked: Asked, order: Order, others: list[Facts]) -> None:
        """A booked visit; a parcel to be brought from the station; else as without an order."""
        product = asked.product_of(order)
        booked = await booked_visit(asked, order) is not None
        alone = product is not None and _needs_nobody(product) and not booked
        if not alone and await visited(asked, order, BookingKind.INSTALLATION, others):
            return None
        if says(asked.text, "wants_door") and await self._say_at_station(asked, order, others):
            return None
        if product is not None and product.installation:
            _say_product(asked, product, None if booked else order)
            return None if booked else await await_visit(asked, order, BookingKind.INSTALLATION)
        return None if await said_terms(asked) else _say_ways(asked)

    @staticmethod
    async def _say_at_station(asked: Asked, order: Order, others: list[Facts]) -> bool:
        waiting = await _at_station(asked, order)
        if waiting is None:
            return False
        facts = parcel_facts(asked, order, waiting, others)
        place, kept = waiting.pickup_place or waiting.place, asked.policy.delivery.pickup_kept
        name = "utter_door_station_call" if waiting.courier_phone else "utter_door_station"
        asked.say(name, **facts, pickup_place=place, kept=kept)
        return True


async def await_visit(asked: Asked, order: Order, what: BookingKind) -> None:
    """Where a visit may be booked that was only told about: a day that comes next is for that."""
    if order.state in ON_THE_WAY | DELIVERED:
        await stand_by(asked, DoBookVisit, order_id=order.id, visit=what.value)


async def said_terms(asked: Asked) -> bool:
    """外机支架多少钱: told by the goods whose installation speaks of it, asked about where several do."""
    term = found(asked.text, "visit_term")
    goods = [p for p in asked.catalogue.products if p.on_sale and term and term in p.installation]
    if len(goods) == 1:
        asked.keep("product_id", goods[0].id)
        _say_product(asked, goods[0])
    elif goods:
        await ask_which_product(asked, Found(options=tuple(goods)))
    return bool(goods)


def _say_product(asked: Asked, product: Product, order: Order | None = None) -> None:
    """Whether it is carried up, or how it is installed, in the shop's words; for one's own with a visit."""
    big = asked.policy.delivery.big
    title = product.aliases[0] if product.aliases else product.title
    if product.category not in big.categories or not says(asked.text, "asks_upstairs"):
        there = order is not None and order.state in ON_THE_WAY | DELIVERED and not _needs_nobody(product)
        name = "utter_install_bookable" if there else "utter_install_product"
        return asked.say(name, title=title, how=product.installation)
    name = "utter_upstairs_fee" if big.upstairs_fee else "utter_upstairs_free"
    return asked.say(name, title=title, way=big.way.value, fee=big.upstairs_fee)


async def _at_station(asked: Asked, order: Order) -> Parcel | None:
    parcels = await asked.session.access_parcels(order)
    return next((p for p in parcels if p.state is ParcelState.WAITING_PICKUP), None)


def _say_ways(asked: Asked) -> None:
    delivery = asked.policy.delivery
    asked.say(
        "utter_delivery_ways_inspect" if delivery.inspect_first else "utter_delivery_ways",
        way=delivery.default_way.value,
        ways=[way.value for way in delivery.ways if way is not delivery.default_way],
        kept=delivery.pickup_kept,
        big=list(delivery.big.categories),
        big_way=delivery.big.way.value,
    )
