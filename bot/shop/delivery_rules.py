"""How goods reach the shopper, and when people answer: sections of a shop's policy.

Money is integer fen, a length of time a `Duration` ("48h", "7d"; JSON-ready), a time of day a `time` in the
shop's zone, a choice an enum of codes.py, a text the shop's own words. docs/shop-data.md describes every key.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.shop.codes import Carrier, DeliveryWay, NotReceivedStep, Stage
from bot.shop.values import Count, Duration, Fen, Words


@dataclass(frozen=True)
class Hours:
    """From when to when agents answer, on one day."""

    begins: time
    ends: time


@dataclass(frozen=True)
class Holiday:
    """Days, both included, on which agents or the warehouse rest."""

    name: Words
    begins: date
    ends: date
    agents: bool
    dispatch: bool


@dataclass(frozen=True)
class Shop:
    """Who the shop is and when people answer; the bot answers round the clock."""

    name: Words
    phone: str
    weekdays: Hours
    weekends: Hours
    holidays: tuple[Holiday, ...]

    def agents_at(self, now: datetime) -> bool:
        """Whether people answer at that moment (a time in the shop's zone)."""
        hours = self._hours(now.date())
        return hours is not None and hours.begins <= now.time() < hours.ends

    def agents_next(self, now: datetime) -> datetime | None:
        """When people are back: `now` if they are there; None if not within thirty days."""
        if self.agents_at(now):
            return now
        for ahead in range(31):
            day = now.date() + timedelta(days=ahead)
            hours = self._hours(day)
            if hours and (start := datetime.combine(day, hours.begins, now.tzinfo)) > now:
                return start
        return None

    def rests_on(self, day: date) -> bool:
        """Whether it is a holiday on which nobody works."""
        return any(h.begins <= day <= h.ends and not h.agents for h in self.holidays)

    def _hours(self, day: date) -> Hours | None:
        if self.rests_on(day):
            return None
        return self.weekends if day.weekday() >= 5 else self.weekdays


@dataclass(frozen=True)
class Dispatch:
    """When goods leave: paid before `cut_off` the same day, at the latest `promise` after payment."""

    promise: Duration
    cut_off: time
    weekends: bool
    presale: Duration
    by_category: dict[str, Duration]
    warehouse: Words
    late_compensation: Fen


@dataclass(frozen=True)
class Area:
    """Provinces that a parcel reaches in so many days after dispatch."""

    provinces: tuple[Words, ...]
    days: tuple[Count, Count]


@dataclass(frozen=True)
class BigGoods:
    """How large goods travel."""

    categories: tuple[Words, ...]
    carrier: Carrier
    way: DeliveryWay
    appointment: bool
    upstairs_fee: Fen


@dataclass(frozen=True)
class NotReceived:
    """Signed for, not there: what to do and by when the shop answers and settles."""

    steps: tuple[NotReceivedStep, ...]
    answer: Duration
    settle: Duration


@dataclass(frozen=True)
class Delivery:
    """Carriers, ways and times of delivery; areas are looked through in order, `days` holds elsewhere."""

    carriers: tuple[Carrier, ...]
    choice: bool
    upgrade: Carrier | None
    upgrade_fee: Fen
    ways: tuple[DeliveryWay, ...]
    default_way: DeliveryWay
    inspect_first: bool
    days: tuple[Count, Count]
    areas: tuple[Area, ...]
    big: BigGoods
    stuck_after: Duration
    lost_after: Duration
    not_received: NotReceived
    pickup_kept: Duration

    def days_to(self, province: str) -> tuple[int, int]:
        """Fewest and most days on the way to a province (`浙江` or `浙江省`)."""
        return next((a.days for a in self.areas if _within(province, a.provinces)), self.days)


@dataclass(frozen=True)
class Remote:
    """Regions that cost more; `free_over` None: never free there."""

    provinces: tuple[Words, ...]
    fee: Fen
    free_over: Fen | None


@dataclass(frozen=True)
class Freight:
    """What sending costs: nothing from `free_over` on, else `base`."""

    free_over: Fen
    base: Fen
    remote: Remote
    undeliverable: tuple[Words, ...]

    def delivers_to(self, province: str) -> bool:
        """Whether the shop sends to a province at all."""
        return not _within(province, self.undeliverable)

    def is_remote(self, province: str) -> bool:
        """Whether a province counts as remote."""
        return _within(province, self.remote.provinces)

    def fee(self, total: int, province: str = "") -> int | None:
        """Freight in fen for goods of `total` fen; None where the shop does not send."""
        if not self.delivers_to(province):
            return None
        if not self.is_remote(province):
            return 0 if total >= self.free_over else self.base
        free = self.remote.free_over is not None and total >= self.remote.free_over
        return 0 if free else self.remote.fee


@dataclass(frozen=True)
class Changes:
    """Until what stage an order may still be changed or cancelled."""

    address: Stage
    remark: Stage
    options: Stage
    cancel: Stage
    address_times: Count
    intercept: bool
    intercept_fee: Fen


def _within(province: str, names: tuple[str, ...]) -> bool:
    return any(province.startswith(name) for name in names)
