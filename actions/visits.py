"""How goods come through the door: delivery, installation, and the visits booked for it."""

from __future__ import annotations

from actions.finding import Found
from actions.orders import UNPAID, OrderAction
from actions.parcels import parcel_facts
from actions.phrases import found, says
from actions.session import Asked, Facts
from actions.showing import ask_which_product
from bot.shop.models import (
    AWAITING_DISPATCH,
    DELIVERED,
    ON_THE_WAY,
    Booking,
    BookingState,
    Order,
    Parcel,
    ParcelState,
    Product,
)


async def booked_visit(asked: Asked, order: Order) -> Booking | None:
    """The visit that is still to come for an order that came through the door; None if there is none."""
    bookings = await asked.session.backend.bookings_of(order.id)
    return next((b for b in bookings if b.state is BookingState.BOOKED), None)


def say_visit(asked: Asked, order: Order, visit: Booking, response: str, others: list[Facts]) -> None:
    """Say a response with what is booked: what for, the day and the hours."""
    booked = {"what": visit.kind.value, "day": visit.day.isoformat(), "window": visit.window}
    asked.say(response, **asked.named(order), **booked, others=others)


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
        if says(asked.text, "asks_old_machine"):
            return asked.say("utter_install_old")
        viewed = asked.product()
        if viewed is not None and viewed.installation and not asked.product_names:
            return _say_product(asked, viewed)
        return await super().answer(asked)

    async def presses(self, asked: Asked, order: Order) -> int:
        """One that waits at a station, for who wants it brought; one with a visit, where that is meant."""
        if order.state in ON_THE_WAY and says(asked.text, "wants_door"):
            return int(await _at_station(asked, order) is not None)
        return int(says(asked.text, "about_visit") and await booked_visit(asked, order) is not None)

    async def without(self, asked: Asked) -> None:
        """The product's installation, else what the message asks of any, else how the shop delivers."""
        product = asked.product_in_view()
        if product is not None and product.installation:
            _say_product(asked, product)
        elif not await said_terms(asked):
            _say_ways(asked)

    async def about(self, asked: Asked, order: Order, others: list[Facts]) -> None:
        """A booked visit; a parcel to be brought from the station; else as without an order."""
        visit = await booked_visit(asked, order)
        product = asked.product_of(order)
        if visit is not None and says(asked.text, "moves_visit"):
            return say_visit(asked, order, visit, "utter_visit_change", others)
        if visit is not None and not says(asked.text, "asks_visit_terms"):
            return say_visit(asked, order, visit, "utter_install_booked", others)
        if says(asked.text, "wants_door") and await self._say_at_station(asked, order, others):
            return None
        if product is not None and product.installation:
            return _say_product(asked, product)
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


def _say_product(asked: Asked, product: Product) -> None:
    """Whether it is carried up, or how it is installed; both in the shop's own words."""
    big = asked.policy.delivery.big
    title = product.aliases[0] if product.aliases else product.title
    if product.category not in big.categories or not says(asked.text, "asks_upstairs"):
        return asked.say("utter_install_product", title=title, how=product.installation)
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
