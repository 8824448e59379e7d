"""What holds when buying: payment, coupons, points, membership, goods: sections of a shop's policy.

Money is integer fen, a length of time a `Duration` ("48h", "7d"; JSON-ready), a time of day a `time` in the
shop's zone, a choice an enum of codes.py, a text the shop's own words. docs/shop-data.md describes every key.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from bot.shop.codes import PayWay, PointsFrom
from bot.shop.values import Count, Duration, Fen, Percent, Words


@dataclass(frozen=True)
class Payment:
    """Ways to pay; an unpaid order closes after `unpaid_closes`."""

    ways: tuple[PayWay, ...]
    cod: bool
    unpaid_closes: Duration
    instalments: tuple[Count, ...]
    instalments_from: Fen
    instalments_free: bool
    page: str
    """Where an unpaid order is paid, `{order_id}` for its number; empty: in the shop's own app."""

    def link(self, order_id: str) -> str:
        """The page on which an order is paid; empty where there is none."""
        return self.page.replace("{order_id}", quote(order_id, safe=""))


@dataclass(frozen=True)
class Coupons:
    """Coupons: how many an order, with what together, and what becomes of them on a refund."""

    per_order: Count
    with_promotions: bool
    back_on_full_refund: bool
    back_on_partial_refund: bool
    back_when_cancelled: bool
    cash: bool


@dataclass(frozen=True)
class Points:
    """Points: `per_yuan` earned for a yuan spent, `worth` points pay one yuan."""

    earned_by: tuple[PointsFrom, ...]
    per_yuan: Count
    worth: Count
    most_percent: Percent
    expire: Duration


@dataclass(frozen=True)
class Bargaining:
    """Whether agents may cut a price, and what they point to instead."""

    allowed: bool
    because: Words


@dataclass(frozen=True)
class Grade:
    """A grade of membership, from `spent` fen within a year; `percent` of the price is paid."""

    name: Words
    spent: Fen
    percent: Percent
    free_freight: bool
    perks: tuple[Words, ...]


@dataclass(frozen=True)
class Presale:
    """Presale: a deposit now, the balance later."""

    deposit_back: bool
    deposit_back_when_late: bool
    balance_within: Duration
    change_address: bool


@dataclass(frozen=True)
class Gifts:
    """Gifts travel with the goods and go back with them."""

    with_parcel: bool
    report_missing: Duration
    back_with_return: bool
    after_review: bool


@dataclass(frozen=True)
class Goods:
    """What the shop warrants about its goods; `fresh_percent`: least share of shelf life left at dispatch."""

    genuine: bool
    fake_pays: Count
    proof: Words
    fresh_percent: Percent


@dataclass(frozen=True)
class Account:
    """What a member can do, and what only a person may do."""

    close_after: Duration
    phone_change_by_agent: bool
    birthday_gift: bool
