"""Coupons, points and gift cards: what there is to spend, how it may be used, what comes back."""

from __future__ import annotations

from collections.abc import Sequence

from actions.finding import find, heard, prices_of, question_of, says, shared, without
from actions.grades import asks_grades
from actions.phrases import says as wants_claim
from actions.session import Asked, Facts, ShopAction
from actions.undertaking import begin
from actions.undertakings.buying import DoClaimCoupon, claimable
from actions.vouchers import named_coupon, unusable, worth_for
from bot.shop.access import Session
from bot.shop.models import Coupon, CouponState, OrderItem, Product

MOST_TITLES = 5


class ActionCouponQuery(ShopAction):
    """Coupons to spend and to claim, the rules of use, and what becomes of a coupon when goods go back."""

    intent = "coupon_query"

    async def answer(self, asked: Asked) -> None:
        """Points, gift card and return of coupons when asked for; else what there is to spend."""
        text = question_of(asked.tracker)
        if await self._claims(asked):
            return
        if asks_grades(asked):
            asked.follow("action_account_member")
            return
        if await _said_usable(asked, text):
            return
        if says(text, "points"):
            await _say_points(asked)
        elif says(text, "gift_card"):
            await _say_gift_card(asked)
        elif says(text, "forgot_coupon"):
            asked.say("utter_coupon_forgotten")
        elif says(text, "return_coupon"):
            _say_coupon_return(asked)
        elif asks_stacking(text):
            say_stacking(asked)
        else:
            await _say_coupons(asked)

    @staticmethod
    async def _claims(asked: Asked) -> bool:
        """Whether a coupon is to be claimed, and there is one: that is begun."""
        pressed = asked.entity("coupon_id")
        if asked.session.identity is None or not (pressed or wants_claim(asked.text, "claims_coupon")):
            return False
        free = await claimable(asked)
        if not free:
            return False
        if len(free) == 1:
            await begin(asked, DoClaimCoupon, coupon_id=free[0].id)
        else:
            await begin(asked, DoClaimCoupon)
        return True


async def coupons_now(session: Session) -> list[Coupon]:
    """Coupons that can be spent or claimed today: the shopper's own and those for anyone."""
    found = await session.access_coupons()
    return [c for c in found if c.state is CouponState.USABLE and c.begins <= session.today <= c.ends]


def best_coupon(coupons: Sequence[Coupon], product: Product | None) -> Coupon | None:
    """The coupon that takes most off; for a product, of those for its category that one piece reaches."""
    if product is None:
        return max(coupons, key=lambda c: c.off, default=None)
    price = prices_of(product)[0]
    fit = [c for c in coupons if c.over <= price and (not c.categories or product.category in c.categories)]
    return max(fit, key=lambda c: c.off, default=None)


def say_unusable(asked: Asked, coupon: Coupon, bought: Sequence[tuple[OrderItem, Product]], why: str) -> None:
    """The reason in words, with how much is missing or what it is for."""
    asked.say(
        f"utter_coupon_{why}",
        coupon=coupon.title,
        over=coupon.over,
        short=max(coupon.over - worth_for(coupon, bought), 0),
        kinds=list(coupon.categories),
        begins=coupon.begins.isoformat(),
        ends=coupon.ends.isoformat(),
    )


async def _said_usable(asked: Asked, text: str) -> bool:
    """Whether it was asked if a coupon can be used for goods or a sum, and that was told."""
    coupon = named_coupon(text, await asked.session.access_coupons())
    if coupon is None or not heard(text, "asks_usable"):
        return False
    offers = [shared(text, p.title.lower()) for p in await asked.session.backend.promotions()]
    if max(offers, default=0) > shared(text, coupon.title.lower()):
        asked.follow("action_price_promo")  # it is an offer that was called by its name
        return True
    spend = heard(without(text, "offer_rule"), "spends")
    goods = bool(asked.product_names) or not spend
    product = (await find(asked.session, asked.tracker)).product if goods else None
    bought = [] if product is None else [(_one(product), product)]
    why = unusable(coupon, asked.session.today, bought)
    if not bought and why == "short":
        why = "" if spend and round(float(spend) * 100) >= coupon.over else "terms"
    if why:
        say_unusable(asked, coupon, bought, why)
    else:
        asked.say("utter_coupon_usable", coupon=coupon.title, over=coupon.over, cut=coupon.off)
    return True


def _one(product: Product) -> OrderItem:
    """One piece of a product at its lowest price, as an order would hold it."""
    sku = product.skus[0].id if product.skus else ""
    return OrderItem(product.id, sku, product.title, {}, 1, prices_of(product)[0])


def asks_stacking(text: str) -> bool:
    """Whether it asks if a coupon goes together with an offer or another coupon."""
    return bool(heard(text, "stacking"))


def say_stacking(asked: Asked) -> None:
    """How many coupons an order takes, and whether offers count beside them."""
    ending = "with_promotions" if asked.policy.coupons.with_promotions else "alone"
    asked.say(f"utter_coupon_rule_{ending}", per_order=asked.policy.coupons.per_order)


async def _say_coupons(asked: Asked) -> None:
    coupons = await coupons_now(asked.session)
    mine = [c for c in coupons if c.shopper_id]
    free = [c for c in coupons if not c.shopper_id]
    if mine:
        best = max(mine, key=lambda c: c.off)
        titles = [c.title for c in mine][:MOST_TITLES]
        asked.say("utter_coupon_mine", count=len(mine), coupons=titles, **_coupon_facts(best))
    elif asked.session.identity is None:
        asked.say("utter_coupon_sign_in")
    elif not free:
        asked.say("utter_coupon_none")
    if free:
        best = max(free, key=lambda c: c.off)
        titles = [c.title for c in free][:MOST_TITLES]
        asked.say("utter_coupon_claimable", coupons=titles, **_coupon_facts(best))
    if coupons:
        say_stacking(asked)


def _coupon_facts(coupon: Coupon) -> Facts:
    return {"coupon": coupon.title, "over": coupon.over, "cut": coupon.off, "ends": coupon.ends.isoformat()}


def _say_coupon_return(asked: Asked) -> None:
    rules = asked.policy.coupons
    cases = {
        "cancelled": rules.back_when_cancelled,
        "full_refund": rules.back_on_full_refund,
        "partial_refund": rules.back_on_partial_refund,
    }
    back = [code for code, comes in cases.items() if comes]
    kept = [code for code, comes in cases.items() if not comes]
    if back and kept:
        asked.say("utter_coupon_return_some", back=back, kept=kept)
    elif back:
        asked.say("utter_coupon_return_all", back=back)
    else:
        asked.say("utter_coupon_return_none")


async def _say_points(asked: Asked) -> None:
    rules = asked.policy.points
    shopper = await asked.session.access_shopper()
    if shopper is not None and rules.worth:
        asked.say("utter_points_mine", points=shopper.points, value=shopper.points * 100 // rules.worth)
    asked.say("utter_points_rule", worth=rules.worth, share=rules.most_percent, per_yuan=rules.per_yuan)


async def _say_gift_card(asked: Asked) -> None:
    shopper = await asked.session.access_shopper()
    if shopper is not None:
        asked.say("utter_gift_card_balance", balance=shopper.gift_card_balance)
    else:
        asked.say("utter_gift_card_sign_in")
