"""Returns, money back, repair, invoices, complaints: sections of a shop's policy.

Money is integer fen, a length of time a `Duration` ("48h", "7d"; JSON-ready), a time of day a `time` in the
shop's zone, a choice an enum of codes.py, a text the shop's own words. docs/shop-data.md describes every key.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.shop.codes import (
    Condition,
    InvoiceField,
    InvoiceKind,
    Payer,
    PayWay,
    PriceExclusion,
    Reason,
    ReturnRule,
)
from bot.shop.values import Count, Duration, Fen, Window, Words


@dataclass(frozen=True)
class ReturnException:
    """A kind of goods for which the plain seven days do not hold, and why."""

    category: Words
    rule: ReturnRule
    because: Words


@dataclass(frozen=True)
class Returns:
    """Returns: the window counts from signing."""

    window: Duration
    quality_window: Duration
    report_window: Duration
    exceptions: tuple[ReturnException, ...]
    condition: tuple[Condition, ...]
    freight: dict[Reason, Payer]
    insurance: bool
    insurance_cover: Fen
    pickup: bool
    collect_on_delivery: bool
    send_back_within: Duration
    inspect: Duration
    address: Words
    receiver: Words
    phone: Words

    def payer(self, reason: Reason) -> Payer:
        """Who bears the freight of sending goods back; the shop where the policy is silent."""
        return self.freight.get(reason, Payer.SHOP)

    def exception(self, category: str) -> ReturnException | None:
        """What holds for a category instead of the plain rule."""
        return next((e for e in self.exceptions if e.category == category), None)


@dataclass(frozen=True)
class Exchanges:
    """Exchanges: for the same product or one that its row names; the difference is paid or given back."""

    window: Duration
    times: Count
    freight: dict[Reason, Payer]
    difference: bool
    resend: Duration
    hold: Duration


@dataclass(frozen=True)
class Arrival:
    """How long money takes to an account once it is paid out, at best and at worst."""

    shortest: Duration
    longest: Duration


@dataclass(frozen=True)
class Refunds:
    """Audit of a refund before and after dispatch, and how long the money takes."""

    audit_unsent: Duration
    audit_sent: Duration
    after_goods: Duration
    arrival: dict[PayWay, Arrival]
    original_way: bool
    without_goods_up_to: Fen


@dataclass(frozen=True)
class PriceProtection:
    """The difference is given back when the price falls within `window` after payment."""

    window: Duration
    times: Count
    exclusions: tuple[PriceExclusion, ...]
    audit: Duration


@dataclass(frozen=True)
class Invoices:
    """Invoices: kinds, what to give for each, and when they come."""

    kinds: tuple[InvoiceKind, ...]
    needs: dict[InvoiceKind, tuple[InvoiceField, ...]]
    issue: Duration
    paper_issue: Duration
    request_within: Duration
    change_within: Duration
    with_parcel: bool
    covers: Words


@dataclass(frozen=True)
class Warranty:
    """Free repair by category, counted from signing; a product's own `warranty_days` wins."""

    by_category: dict[str, Duration]
    exchange_within: Duration
    freight: Payer
    repair: Duration
    excludes: tuple[Words, ...]
    needs: tuple[Words, ...]

    def lasts(self, category: str, own_days: int = 0) -> Duration | None:
        """How long goods are repaired free of charge, by their own days first; None: not at all."""
        return Duration(f"{own_days}d") if own_days else self.by_category.get(category)


@dataclass(frozen=True)
class Visits:
    """Visits to install or repair: the hours they are booked for, and how long ahead."""

    windows: tuple[Window, ...]
    earliest: Duration
    latest: Duration


@dataclass(frozen=True)
class Compensation:
    """What a small goodwill payment may be without a person's word; above it a person decides."""

    per_order: Fen
    per_shopper_month: Fen
    answer: Duration


@dataclass(frozen=True)
class Reviews:
    """Reviews: until when after signing, when they may be changed; cash for praise is never given."""

    within: Duration
    change_within: Duration
    follow_up_within: Duration
    cashback: bool
    deletable: bool
    points: Count


@dataclass(frozen=True)
class Complaints:
    """When a complaint is answered and settled, and where it may go further."""

    answer: Duration
    settle: Duration
    phone: str
