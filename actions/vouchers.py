"""Which coupon a text means, and whether it can be used for goods."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from actions.finding import shared
from bot.shop.models import Coupon, CouponState, OrderItem, Product

KIND = 3
"""Characters that the name of the goods it is for counts for, each."""
LEAST_TOLD = 2
"""Characters that a text must share with a coupon to mean it."""
_NUMBER = re.compile(r"\d+")


def named_coupon(text: str, coupons: Sequence[Coupon]) -> Coupon | None:
    """The coupon that a text calls by its title, its sums or the goods it is for; None where several fit."""
    told = {c.id: _told(text, c) for c in coupons}
    best = max(told.values(), default=0)
    named = [c for c in coupons if told[c.id] == best >= LEAST_TOLD]
    titles = {c.title for c in named}
    own = [c for c in named if c.shopper_id] or named
    return own[0] if len(titles) == 1 else None


def _told(text: str, coupon: Coupon) -> int:
    """Characters of the text by which it means this coupon."""
    kinds = max((KIND * len(c) for c in coupon.categories if c in text), default=0)
    title = shared(text, coupon.title.lower())
    plain = shared(_worded(text), _worded(coupon.title.lower()))
    return max(kinds, title if title > plain + LEAST_TOLD else plain)


def _worded(text: str) -> str:
    """A text with its numbers left out: 20片 is no coupon of 20."""
    return _NUMBER.sub(" ", text)


def unusable(coupon: Coupon, today: date, bought: Sequence[tuple[OrderItem, Product]]) -> str:
    """Why a coupon cannot be used for goods: `used` `over` `early` `other_goods` `short`; empty if it can."""
    if coupon.state is CouponState.USED:
        return "used"
    if coupon.state is not CouponState.USABLE or coupon.ends < today:
        return "over"
    if coupon.begins > today:
        return "early"
    meant = worth_for(coupon, bought)
    if bought and not meant:
        return "other_goods"
    return "short" if meant < coupon.over else ""


def worth_for(coupon: Coupon, bought: Sequence[tuple[OrderItem, Product]]) -> int:
    """What the goods that a coupon is for come to."""
    return sum(
        i.price * i.quantity for i, p in bought if not coupon.categories or p.category in coupon.categories
    )
