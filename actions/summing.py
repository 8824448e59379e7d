"""Whether a message asks what goods come to, and which goods those are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from actions.basket import BEST, Basket, Line, basket_in_talk, changed, line_of, said_lines, settled
from actions.finding import find, heard, question_of, says
from actions.intents import before_buying
from actions.regions import region_of
from actions.vouchers import named_coupon
from bot.shop.models import Promotion

if TYPE_CHECKING:
    from actions.session import Asked

PRICING = "price_promo"
TOPICS = frozenset({"modify_order", "modify_address", "provide_info", "ask_which", "wrong_missing"})
"""What may be heard in a sum that is asked for, beside questions before buying."""
COMPARING = "recommend_compare"
"""差在哪 价格差多少 wants goods side by side and no sum."""
UNDOING = frozenset({"cancel_order", "deny", "product_problem", "return_goods", "refund_request"})
"""What goods that are taken out of a basket may be taken for."""
OTHERS = frozenset({"size_advice", "courier_query", "authenticity", "gift_query"})
"""Questions before buying that go on about no sum."""


async def asks_sum(asked: Asked) -> bool:
    """Whether a message asks what goods come to, or goes on with a sum that was just told."""
    if asked.topic in UNDOING:
        return _takes_out(asked)
    if asked.topic == "price_protect":
        return bool(heard(asked.text, "asks_how_short")) and not heard(asked.text, "about_an_order")
    if asked.topic in OTHERS or asked.topic not in before_buying() | TOPICS:
        return False
    text = question_of(asked.tracker)
    if asked.topic == COMPARING and says(text, "pair") and not heard(text, "sets_number"):
        return False
    return (await wanted_basket(asked, await asked.session.backend.promotions())) is not None


def _takes_out(asked: Asked) -> bool:
    """除螨仪不要了, right after a sum: goods of the basket, and of no order."""
    kept, lines = basket_in_talk(asked), said_lines(asked)
    if kept is None or not lines or not heard(asked.text, "takes_out"):
        return False
    ids = {i for line in kept.lines for i in line.options}
    return not heard(asked.text, "about_an_order") and all(ids & set(line.options) for line in lines)


async def wanted_basket(asked: Asked, promotions: Sequence[Promotion]) -> Basket | None:
    """What is to be summed up; None where the message asks for no sum."""
    text, kept = question_of(asked.tracker), basket_in_talk(asked)
    region, lines = region_of(asked), said_lines(asked, promotions)
    total, coupon = bool(heard(text, "asks_total")), bool(heard(text, "with_coupon"))
    price = total or says(text, "price") or bool(heard(text, "how_much"))
    if kept is not None:
        went_on = await _going_on(asked, kept, lines, promotions)
        if went_on is not None:
            return await _with_terms(asked, went_on, region)
    several = len(lines) > 1 or any(line.quantity > 1 for line in lines)
    if lines and (total or (price and (several or coupon or region)) or (several and region)):
        return await _with_terms(asked, Basket(tuple(lines)), region)
    if lines or not price:
        return None
    number = (asked.entity("quantity") or "1").split(".")[0]
    if not (total or coupon or region or (number.isdigit() and int(number) > 1)):
        return None
    found = (await find(asked.session, asked.tracker)).product
    if found is None or not found.on_sale:
        return None
    return await _with_terms(asked, Basket((line_of(asked, found, promotions),)), region)


async def _going_on(
    asked: Asked, kept: Basket, lines: Sequence[Line], promotions: Sequence[Promotion]
) -> Basket | None:
    """The basket in talk as the message leaves it; None where it is about something else."""
    text = question_of(asked.tracker) or asked.text
    done = settled(asked, kept, promotions)
    if done != kept:
        return done
    if lines:
        other = heard(text, "adds_goods") or heard(text, "takes_out")
        return changed(asked, kept, promotions) if other else None
    if asked.topic in TOPICS and heard(text, "about_an_order"):
        return None
    if heard(text, "stacking") or heard(text, "offer_rule"):
        return None
    terms = any(heard(text, each) for each in ("asks_total", "with_coupon", "with_grade"))
    if len(kept.lines) == 1 and not asked.entity("product") and heard(text, "sets_number"):
        return changed(asked, kept, promotions)
    return kept if terms or region_of(asked) else None


async def _with_terms(asked: Asked, basket: Basket, region: str) -> Basket:
    """With the region and the coupon that the message tells."""
    text = question_of(asked.tracker)
    if region:
        basket = replace(basket, region=region)
    if not heard(text, "with_coupon"):
        return basket
    named = named_coupon(text, await asked.session.access_coupons())
    return replace(basket, coupon=named.id if named else basket.coupon or BEST)
