"""The ids of the shopper's own orders and parcels, looked up for a message that may name one."""

from __future__ import annotations

import asyncio
import logging
import unicodedata

from bot.errors import ShopDown
from bot.nlu.ids import OwnIds, find
from bot.shop.access import Session

logger = logging.getLogger(__name__)

MOST_PARCELS = 30
"""Orders, the newest, whose parcels are looked up: each costs the shop a query."""
SECONDS = 2.0
"""A shop that takes longer is not waited for here; the action that needs it says that it is down."""
ENOUGH = 4
"""Digits beside the orders' numbers from which on a waybill may be meant."""
NOBODYS = OwnIds()


async def own_ids(session: Session, text: str) -> OwnIds:
    """The shopper's ids; none where the message holds no letter or digit that an id could be made of."""
    if not any(ch.isascii() and ch.isalnum() for ch in unicodedata.normalize("NFKC", text)):
        return NOBODYS
    try:
        return await asyncio.wait_for(_looked_up(session, text), SECONDS)
    except (ShopDown, asyncio.TimeoutError) as error:
        logger.warning("own ids: the shop did not answer (%s)", type(error).__name__)
        return NOBODYS


async def _looked_up(session: Session, text: str) -> OwnIds:
    orders = await session.access_orders()
    own = OwnIds(tuple(order.id for order in orders))
    if not orders or _digits_left(text, own) < ENOUGH:
        return own
    parcels = await asyncio.gather(*(session.access_parcels(order) for order in orders[:MOST_PARCELS]))
    return OwnIds(own.orders, tuple(parcel.waybill for each in parcels for parcel in each))


def _digits_left(text: str, own: OwnIds) -> int:
    """Digits of the text outside the numbers of own orders."""
    numbers = [found for found in find(text, own) if found.value in own.orders]
    inside = {at for found in numbers for at in range(found.start, found.end)}
    return sum(ch.isdigit() for at, ch in enumerate(text) if at not in inside)
