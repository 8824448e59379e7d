"""The orders that a message names by a number: the order's own, a parcel's, or the last digits of either."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from actions.phrases import says
from bot.shop.models import Order
from bot.spelling import compact

if TYPE_CHECKING:
    from actions.session import Asked

GOODS_FIRST = frozenset({"usage_help", "warranty_repair", "delivery_install", "product_problem"})
"""Intents in which a code is a model sooner than an order."""
LEAST_OF_TAIL = 3
MOST_OF_TAIL = 8
"""Digits that people give of a long number instead of the whole."""
MOST_PARCELS = 30


@dataclass(frozen=True)
class Named:
    """What a message names: orders that may be seen, in order of appearance; none where it is not theirs."""

    orders: tuple[Order, ...] = ()
    unsure: bool = False
    """Whether the digits fit several orders, one of which is meant."""


def numbers_in(asked: Asked) -> list[str]:
    """Numbers of orders and parcels in the message, and codes that are none of goods."""
    rows = asked.tracker.latest_message.get("entities") or ()
    named = [row for row in rows if row.get("entity") in ("order_id", "waybill") and row.get("value")]
    numbers = [str(row["value"]) for row in named if not _is_of_company(asked, row)]
    if asked.intent in GOODS_FIRST:
        return numbers
    return numbers + [code for code in asked.entities("code") if not _is_of_goods(asked, code)]


def _is_of_company(asked: Asked, row: dict[str, Any]) -> bool:
    """Whether a number is called an account, a phone or a company's: what an invoice needs."""
    return says(asked.typed[: int(row.get("start") or 0)], "calls_company_number")


def _is_of_goods(asked: Asked, code: str) -> bool:
    """Whether the shop writes it of its goods, as a model or a size."""
    said = code.lower()
    words = (word for p in asked.catalogue.products for word in (p.title, *p.aliases, *p.specs.values()))
    return any(said in word.lower() for word in words)


async def named_orders(asked: Asked) -> Named | None:
    """The orders named by number; None where the message names none."""
    numbers = numbers_in(asked)
    if not numbers:
        return await _named_by_tail(asked)
    own = await asked.session.access_orders()
    found: list[Order] = []
    for number in numbers:
        order = await _numbered(asked, own, number)
        ending = await _ending(asked, own, number) if order is None and _is_tail(number) else []
        if len(ending) > 1:
            return Named(tuple(ending), unsure=True)
        found += [order] if order is not None else ending
    return _named(found)


async def _named_by_tail(asked: Asked) -> Named | None:
    """尾号0042: the end of an order's number, of its parcel's, or of the phone it goes to."""
    known = asked.session.identity is not None
    tails = asked.entities("order_tail", *(["phone_tail"] if known else []))
    if not tails:
        return None
    own = await asked.session.access_orders()
    ending = await _ending(asked, own, tails[0]) or [o for o in own if o.address.phone.endswith(tails[0])]
    if not ending and not asked.entity("order_tail") and says(asked.text, "speaks_of_phone"):
        return None
    return _named(ending, unsure=len(ending) > 1)


def _named(orders: Sequence[Order], *, unsure: bool = False) -> Named:
    return Named(tuple({order.id: order for order in orders}.values()), unsure)


async def _numbered(asked: Asked, own: Sequence[Order], number: str) -> Order | None:
    """The order of that number or of the parcel of that number, however it is typed."""
    order = await asked.session.access_order(number)
    if order is not None:
        return order
    parcel = await asked.session.access_parcel(number)
    if parcel is not None:
        return await asked.session.access_order(parcel.order_id)
    alike = [o for o in own if compact(o.id) == compact(number)]
    if len(alike) == 1:
        return alike[0]
    return next((o for o, w in await _waybills(asked, own) if compact(w) == compact(number)), None)


async def _ending(asked: Asked, own: Sequence[Order], digits: str) -> list[Order]:
    """The orders whose number ends like that; else those with such a parcel."""
    orders = [o for o in own if compact(o.id).endswith(digits)]
    if orders:
        return orders
    fitting = [o for o, waybill in await _waybills(asked, own) if compact(waybill).endswith(digits)]
    return list({o.id: o for o in fitting}.values())


async def _waybills(asked: Asked, own: Sequence[Order]) -> list[tuple[Order, str]]:
    """Each waybill of the newest orders, with its order."""
    newest = own[:MOST_PARCELS]
    parcels = await asyncio.gather(*(asked.session.access_parcels(order) for order in newest))
    return [(order, parcel.waybill) for order, each in zip(newest, parcels, strict=True) for parcel in each]


def _is_tail(number: str) -> bool:
    return number.isdigit() and LEAST_OF_TAIL <= len(number) <= MOST_OF_TAIL
