"""What a product costs now, which offers run, which coupons and points may pay, why a price stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from actions.coupons import asks_stacking, best_coupon, coupons_now, say_stacking
from actions.finding import (
    Found,
    clause,
    find,
    heard,
    matching,
    name_of,
    prices_of,
    question_of,
    says,
    shared,
    to_show,
    values_of,
    without,
)
from actions.quoting import told_sum
from actions.session import Asked, Facts, ShopAction
from actions.showing import ask_which_product, choices, keep_product, say_off_sale
from actions.variants import label, wished_options, with_options
from actions.visits import said_terms
from bot.shop.access import Session
from bot.shop.models import Order, Product, Promotion

MOST_OFFERS = 2
MOST_TITLES = 5
MOST_GOODS = 8
MIN_OFFER = 4
"""Characters that a message must share with an offer's title to call it by its name."""
LEFT_IN_HOURS = timedelta(hours=48)
"""Below this the time left is said in hours, above in days."""


class ActionPricePromo(ShopAction):
    """The price of a product with the offers that run for it, or the shop's offers."""

    intent = "price_promo"

    async def answer(self, asked: Asked) -> None:
        """An offer that is named, a product's price with what lowers it, or the shop's offers."""
        text = question_of(asked.tracker)
        if await told_sum(asked):
            return
        if asks_stacking(text):
            say_stacking(asked)
            return
        if await said_cut(asked, text) or await _said_named_offer(asked, text):
            return
        found = await find(asked.session, asked.tracker)
        if not asked.product_names and await said_terms(asked):
            return
        if found.product is not None and _asks_of_the_shop(asked, text):
            found = Found()
        if found.product is None and (found.options or (says(text, "price") and not says(text, "offer_now"))):
            await ask_which_product(asked, found)
            return
        if found.product is None:
            await _say_shop_offers(asked, await running_offers(asked.session))
            return
        keep_product(asked, found.product)
        if not found.product.on_sale:
            await say_off_sale(asked, found.product)
            return
        if says(text, "rise"):
            asked.say("utter_price_why")
        await _say_product(asked, found.product)


class ActionBargain(ShopAction):
    """Why the price stands, and what makes it cheaper all the same."""

    intent = "bargain"

    async def answer(self, asked: Asked) -> None:
        """The reason, and an offer or a coupon that helps; a person where the shop lets people cut prices."""
        if asked.policy.bargaining.allowed:
            asked.say("utter_bargain_person")
            return
        because = clause(asked.policy.bargaining.because)
        product = (await find(asked.session, asked.tracker)).product
        offers = [p for p in await running_offers(asked.session) if product is None or applies(p, product)]
        flash = flash_of(offers) if product is not None else None
        coupon = best_coupon(await coupons_now(asked.session), product)
        if product is not None and flash is not None:
            facts = _flash_facts(asked, flash)
            asked.say("utter_bargain_flash", because=because, title=name_of(product), **facts)
        elif shopwide := next((p for p in offers if p.price is None), None):
            asked.say("utter_bargain_offer", because=because, **_offer_facts(asked, shopwide))
        elif coupon is None:
            asked.say("utter_bargain_none", because=because)
        if coupon is not None:
            response = "utter_bargain_coupon" if offers else "utter_bargain_coupon_only"
            reason = {} if offers else {"because": because}
            asked.say(response, coupon=coupon.title, over=coupon.over, cut=coupon.off, **reason)


def _asks_of_the_shop(asked: Asked, text: str) -> bool:
    """有什么活动 while a product was only talked of before: the shop's offers are meant."""
    page = asked.session.page
    near = asked.product_names or asked.entity("product_id") or (page is not None and page.product_id)
    return not near and says(text, "offer_now") and not says(text, "price") and not says(text, "this")


async def running_offers(session: Session) -> list[Promotion]:
    """Promotions that run now, the soonest to end first."""
    running = [p for p in await session.backend.promotions() if p.begins <= session.now < p.ends]
    return sorted(running, key=lambda p: p.ends)


def applies(promotion: Promotion, product: Product) -> bool:
    """Whether a promotion holds for a product."""
    return not promotion.product_ids or product.id in promotion.product_ids


def flash_of(offers: Sequence[Promotion]) -> Promotion | None:
    """The lowest flash price among offers."""
    return min((p for p in offers if p.price is not None), key=lambda p: p.price or 0, default=None)


def time_left(ends: datetime, now: datetime) -> str:
    """What is left as a duration: whole hours below two days (at least one), else whole days."""
    left = ends - now
    if left < LEFT_IN_HOURS:
        return f"{max(1, int(left / timedelta(hours=1)))}h"
    return f"{left.days}d"


def _say_price(asked: Asked, product: Product, flash: Promotion | None) -> None:
    title = name_of(product)
    wish = wished_options(asked, product)
    prices = _prices(asked, product)
    lowest, highest = min(prices), max(prices)
    if flash is not None:
        asked.say("utter_price_flash", title=title, usual=lowest, **_flash_facts(asked, flash))
    elif wish and lowest == highest:
        asked.say("utter_price_option", title=title, option=" ".join(wish.values()), price=lowest)
    elif lowest == highest:
        asked.say("utter_price_one", title=title, price=lowest)
    else:
        asked.say("utter_price_range", title=title, lowest=lowest, highest=highest)


async def _say_product(asked: Asked, product: Product) -> None:
    """Its price; what runs or is about to run for it; the coupon that fits."""
    offers = [p for p in await running_offers(asked.session) if applies(p, product)]
    flash = flash_of(offers)
    _say_price(asked, product, flash)
    for offer in [p for p in offers if p.price is None][:MOST_OFFERS]:
        _say_offer(asked, offer)
    if says(question_of(asked.tracker), "offer_now"):
        await _say_coming(asked, product)
    coupon = best_coupon(await coupons_now(asked.session), product)
    if coupon is not None:
        asked.say("utter_price_coupon", coupon=coupon.title, over=coupon.over, cut=coupon.off)


async def _say_coming(asked: Asked, product: Product) -> None:
    """The next offer for this very product that has not begun yet."""
    coming = [p for p in await asked.session.backend.promotions() if p.begins > asked.session.now]
    own = [p for p in coming if product.id in p.product_ids]
    if own:
        _say_soon(asked, min(own, key=lambda p: p.begins), "utter_promo_coming")


def _say_soon(asked: Asked, offer: Promotion, response: str) -> None:
    asked.say(response, offer=offer.title, rule=clause(offer.rule), begins=offer.begins.isoformat())


async def said_cut(asked: Asked, text: str) -> bool:
    """满300减40 我买620的减多少: whether a sum was told without goods, and what an offer makes of it."""
    rest = without(text, "offer_rule")
    sum_told = heard(rest, "spends")
    if not sum_told or asked.product_names or not heard(rest, "asks_cut"):
        return False
    spend = round(float(sum_told) * 100)
    cuts = [p for p in await running_offers(asked.session) if p.off and not p.product_ids]
    named = [p for p in cuts if shared(text, p.title.lower()) >= MIN_OFFER] or cuts
    if not named:
        return False
    reached = [p for p in named if p.over <= spend]
    if reached:
        best = max(reached, key=lambda p: p.off)
        asked.say("utter_promo_sum", offer=best.title, spend=spend, cut=best.off, total=spend - best.off)
    else:
        near = min(named, key=lambda p: p.over)
        asked.say("utter_promo_short", offer=near.title, spend=spend, cut=near.off, short=near.over - spend)
    return True


async def _said_named_offer(asked: Asked, text: str) -> bool:
    """Whether the message calls an offer by its name and no product, and was told its rule and goods."""
    catalogue = await asked.session.backend.catalogue()
    if matching([*values_of(asked.tracker, "product"), text], catalogue):
        return False
    there = [p for p in await asked.session.backend.promotions() if p.ends > asked.session.now]
    offer = max(there, key=lambda p: shared(text, p.title.lower()), default=None)
    if offer is None or shared(text, offer.title.lower()) < MIN_OFFER:
        return False
    goods = [p for i in offer.product_ids if (p := catalogue.get(i)) is not None and p.on_sale]
    if offer.begins > asked.session.now:
        _say_soon(asked, offer, "utter_promo_coming")
    elif goods:
        titles, rows = [name_of(p) for p in goods][:MOST_GOODS], choices(goods, "price_promo")
        asked.say("utter_promo_goods", titles=titles, choices=rows, **_offer_facts(asked, offer))
    else:
        asked.say("utter_promo_named", **_offer_facts(asked, offer))
    return True


def say_other_variant(asked: Asked, order: Order) -> None:
    """Stock and price difference of the variant that an order's item is to be changed into, if one is named.

    What the message leaves open stays as it was ordered.
    """
    for item in order.items:
        product = asked.catalogue.get(item.product_id)
        wish = wished_options(asked, product) if product else {}
        whole = {**item.options, **wish}
        if product is None or not wish or whole == item.options:
            continue
        sku = next((s for s in product.skus if s.options == whole), None)
        facts: Facts = {"title": name_of(product), "option": " ".join(whole.values())}
        if sku is None or not sku.stock:
            there = [label(s) for s in product.skus if s.stock][:MOST_TITLES]
            asked.say("utter_variant_out" if there else "utter_variant_none", others=there, **facts)
            return
        price = sku.price or product.price
        change = "same" if price == item.price else "dearer" if price > item.price else "cheaper"
        difference = abs(price - item.price)
        asked.say(f"utter_variant_{change}", stock=sku.stock, price=price, difference=difference, **facts)
        return


def _prices(asked: Asked, product: Product) -> list[int]:
    """Prices of the variant that the message names, or the lowest and the highest."""
    wish = wished_options(asked, product)
    chosen = with_options(product, wish) if wish else []
    return [s.price or product.price for s in chosen] or list(prices_of(product))


def _flash_facts(asked: Asked, flash: Promotion) -> Facts:
    return {
        "price": flash.price,
        "ends": flash.ends.isoformat(),
        "left": time_left(flash.ends, asked.session.now),
    }


def _offer_facts(asked: Asked, offer: Promotion) -> Facts:
    left = time_left(offer.ends, asked.session.now)
    return {"offer": offer.title, "rule": clause(offer.rule), "ends": offer.ends.isoformat(), "left": left}


def _say_offer(asked: Asked, offer: Promotion) -> None:
    asked.say("utter_promo_rule", **_offer_facts(asked, offer))


async def _say_shop_offers(asked: Asked, running: list[Promotion]) -> None:
    if running:
        catalogue = await asked.session.backend.catalogue()
        in_offers = [
            p for offer in running for i in offer.product_ids if (p := catalogue.get(i)) and p.on_sale
        ]
        unique = list({p.id: p for p in in_offers}.values())
        first = next((p for p in running if not p.product_ids), running[0])
        titles = [p.title for p in running][:MOST_TITLES]
        asked.say(
            "utter_promo_running",
            offers=titles,
            choices=choices(unique, "price_promo"),
            **_offer_facts(asked, first),
        )
        return
    coming = [p for p in await asked.session.backend.promotions() if p.begins > asked.session.now]
    soonest = min(coming, key=lambda p: p.begins, default=None)
    if soonest is not None:
        _say_soon(asked, soonest, "utter_promo_soon")
    else:
        some = await to_show(asked.session)
        asked.say("utter_promo_none", choices=choices(some, "price_promo"))
