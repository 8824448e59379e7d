"""A parcel: what it tells, whether it is in trouble, and how that is said."""

from __future__ import annotations

from collections.abc import Sequence

from actions.naming import numbers_in
from actions.session import Asked, Facts
from bot.shop.doing.parcels import ON_ROAD, alarm
from bot.shop.models import Order, Parcel, ParcelState
from bot.spelling import compact


def parcel_fact(parcel: Parcel) -> Facts:
    """A parcel as a fact of type `parcel`."""
    return {
        "order_id": parcel.order_id,
        "carrier": parcel.carrier,
        "waybill": parcel.waybill,
        "state": parcel.state.value,
        "place": parcel.place,
        "expected": parcel.expected.isoformat() if parcel.expected else None,
        "traces": [{"at": t.at.isoformat(), "place": t.place, "text": t.text} for t in parcel.traces],
    }


def parcel_facts(asked: Asked, order: Order, parcel: Parcel, others: list[Facts]) -> Facts:
    """What every reply about a parcel may mention."""
    return {
        **asked.named(order),
        "carrier": parcel.carrier,
        "waybill": parcel.waybill,
        "place": parcel.place,
        "expected": parcel.expected.isoformat() if parcel.expected else None,
        "seen": parcel.traces[-1].at.isoformat() if parcel.traces else None,
        "latest": parcel.traces[-1].text if parcel.traces else "",
        "courier": parcel.courier_phone,
        "parcel": parcel_fact(parcel),
        "others": others,
    }


def trouble(asked: Asked, parcel: Parcel) -> ParcelState | None:
    """STUCK, LOST or RETURNED, as the carrier says or as traces too old for the shop tell; else None."""
    return alarm(parcel, asked.policy.delivery, asked.session.now)


def is_overdue(asked: Asked, parcel: Parcel) -> bool:
    """Whether the expected day has passed."""
    return parcel.expected is not None and parcel.expected < asked.session.today


def moves_well(asked: Asked, parcel: Parcel) -> bool:
    """Whether it is on the road, with a day to expect that has not passed, and traces that are fresh."""
    known = bool(parcel.state in ON_ROAD and parcel.place and parcel.expected)
    return known and not is_overdue(asked, parcel) and trouble(asked, parcel) is None


async def parcels_meant(asked: Asked, order: Order) -> Sequence[Parcel]:
    """The parcels that the message names by their waybills, else all of the order."""
    parcels = await asked.session.access_parcels(order)
    named = {compact(number) for number in numbers_in(asked)}
    return [p for p in parcels if compact(p.waybill) in named] or parcels


def say_parcel(asked: Asked, order: Order, parcel: Parcel, others: list[Facts]) -> None:
    """Where a parcel is, and what the shopper does next."""
    facts = parcel_facts(asked, order, parcel, others)
    worst = trouble(asked, parcel)
    if worst is not None:
        asked.say(f"utter_parcel_{worst.value}", **facts)
    elif parcel.state is ParcelState.WAITING_PICKUP:
        name = "utter_parcel_pickup_code" if parcel.pickup_code else "utter_parcel_pickup"
        kept, place = asked.policy.delivery.pickup_kept, parcel.pickup_place or parcel.place
        asked.say(name, **facts, pickup_place=place, pickup_code=parcel.pickup_code, kept=kept)
    elif parcel.state is ParcelState.SIGNED:
        asked.say("utter_parcel_signed", **facts)
    elif parcel.state is ParcelState.OUT_FOR_DELIVERY:
        asked.say("utter_parcel_out_call" if parcel.courier_phone else "utter_parcel_out", **facts)
    elif not parcel.place:
        asked.say("utter_parcel_collected", **facts)
    elif parcel.expected is None:
        asked.say("utter_parcel_moving_open", **facts)
    else:
        asked.say("utter_parcel_late" if is_overdue(asked, parcel) else "utter_parcel_moving", **facts)
