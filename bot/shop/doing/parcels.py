"""Whether a parcel is in trouble: as its carrier says, or as its silence tells."""

from __future__ import annotations

from datetime import datetime

from bot.shop.delivery_rules import Delivery
from bot.shop.models import Parcel, ParcelState

ON_ROAD = frozenset({ParcelState.COLLECTED, ParcelState.IN_TRANSIT})
ALARMS = frozenset({ParcelState.STUCK, ParcelState.LOST, ParcelState.RETURNED})


def alarm(parcel: Parcel, rule: Delivery, now: datetime) -> ParcelState | None:
    """STUCK, LOST or RETURNED, as the carrier says or as traces too old for the shop tell; else None."""
    if parcel.state in ALARMS:
        return parcel.state
    if parcel.state not in ON_ROAD or not parcel.traces:
        return None
    silent = now - parcel.traces[-1].at
    if silent >= rule.lost_after.delta:
        return ParcelState.LOST
    return ParcelState.STUCK if silent >= rule.stuck_after.delta else None
