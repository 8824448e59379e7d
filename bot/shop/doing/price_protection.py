"""The difference to today's lower price, given back by the shop's rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.shop.aftersales_rules import PriceProtection
from bot.shop.codes import PriceExclusion
from bot.shop.doing.claims import check_open, left_of, paid_for, standing, told
from bot.shop.doing.money import credited, refund_now
from bot.shop.doing.rows import Change, Moment, Refused, Rows, order_there
from bot.shop.models import Order, OrderItem, Product, Promotion, RefundState, Sku
from bot.shop.wishes import ProtectPrice

REASON = "价保"
MARKS = {
    PriceExclusion.PRESALE: "预售",
    PriceExclusion.CLEARANCE: "清仓",
    PriceExclusion.LIVE_ROOM: "直播",
}
"""What categories, titles and offers of such goods say."""


def protect_price(wish: ProtectPrice, rows: Rows, at: Moment) -> Change:
    """Pay back what the order's goods have fallen by; the order itself goes on."""
    order, rule = order_there(rows, wish.order_id), at.policy.price_protection
    check_open(order)
    until = ((order.paid or order.placed) + rule.window.delta).date()
    if until < at.now.date():
        raise Refused("past", until=until.isoformat(), window=rule.window)
    done = [r for r in standing(rows, order) if r.kind == "protect_price"]
    if max(len(done), int(_claimed_before(order))) >= rule.times:
        raise Refused("too_often", times=rule.times)
    falls = [_fall(order, item, rows, at) for item in order.items]
    amount = min(sum(fall for fall, _ in falls), left_of(rows, order))
    if amount <= 0:
        raise _nothing(order, rows, at)
    item, (_, price) = max(zip(order.items, falls, strict=True), key=lambda pair: pair[1][0])
    refund = refund_now(order, amount, REASON, at)
    facts = {"amount": amount, "to": refund.to, "refund": refund.state.value, "refund_id": refund.id}
    return Change(
        told(order, was=item.price, price=price, cheaper=item.title, until=until.isoformat(), **facts),
        orders=(replace(order, refund=refund),),
        shoppers=credited(rows, order, refund),
    )


def _claimed_before(order: Order) -> bool:
    """Whether the order's row tells of a claim that no ledger line is left of."""
    refund = order.refund
    return refund is not None and refund.reason == REASON and refund.state is not RefundState.REFUSED


def _fall(order: Order, item: OrderItem, rows: Rows, at: Moment) -> tuple[int, int]:
    """By how much an item has become cheaper in all, and what one costs now; coupons count nowhere."""
    product, sku = _found(rows, item)
    if product is None or sku is None or excluded(product, sku, at.policy.price_protection):
        return 0, item.price
    offers = _offers(rows, product, at)
    now = min([sku.price or product.price, *(p.price for p in offers if p.price is not None)])
    off = 0 if order.discount else _off(order, item, offers)
    fall = (item.price - now) * item.quantity + off
    return min(max(fall, 0), paid_for(order, [(item, item.quantity)])), now - off // item.quantity


def _off(order: Order, item: OrderItem, offers: Sequence[Promotion]) -> int:
    """An item's share of what an offer takes off now that was not there when the order was paid."""
    paid = order.paid or order.placed
    total = sum(i.price * i.quantity for i in order.items)
    new = [p for p in offers if p.off and p.begins > paid and total >= p.over and not p.product_ids]
    own = item.price * item.quantity
    new += [p for p in offers if p.off and p.begins > paid and own >= p.over and p.product_ids]
    best = max(((p.off if p.product_ids else p.off * own // total) for p in new), default=0) if total else 0
    return min(best, own)


def _offers(rows: Rows, product: Product, at: Moment) -> list[Promotion]:
    """Running offers for a product that the shop counts."""
    rule = at.policy.price_protection
    running = [p for p in rows.promotions() if p.begins <= at.now < p.ends]
    own = [p for p in running if not p.product_ids or product.id in p.product_ids]
    flash = PriceExclusion.FLASH_SALE in rule.exclusions
    own = [p for p in own if p.price is None or (product.id in p.product_ids and not flash)]
    return [p for p in own if not any(MARKS[e] in p.title for e in rule.exclusions if e in MARKS)]


def excluded(product: Product, sku: Sku, rule: PriceProtection) -> PriceExclusion | None:
    """What keeps a product's price from being protected, if anything does."""
    if PriceExclusion.OUT_OF_STOCK in rule.exclusions and not (sku.stock and product.on_sale):
        return PriceExclusion.OUT_OF_STOCK
    marked = [e for e in rule.exclusions if e in MARKS]
    return next((e for e in marked if MARKS[e] in product.category or MARKS[e] in product.title), None)


def _found(rows: Rows, item: OrderItem) -> tuple[Product | None, Sku | None]:
    product = rows.product(item.product_id)
    return product, next((s for s in product.skus if s.id == item.sku_id), None) if product else None


def _nothing(order: Order, rows: Rows, at: Moment) -> Refused:
    """Why nothing is given back: a lower price that does not count, or none at all."""
    rule = at.policy.price_protection
    until = ((order.paid or order.placed) + rule.window.delta).date().isoformat()
    facts = {"until": until, "exclusions": [e.value for e in rule.exclusions]}
    for item in order.items:
        product, sku = _found(rows, item)
        if product is None or sku is None:
            continue
        flash = [p.price for p in rows.promotions() if _runs_for(p, product, at) and p.price is not None]
        if flash and min(flash) < item.price:
            because = PriceExclusion.FLASH_SALE.value
            return Refused("excluded", was=item.price, price=min(flash), because=because, **facts)
        why, now = excluded(product, sku, rule), sku.price or product.price
        if why is not None and now < item.price:
            return Refused("excluded", was=item.price, price=now, because=why.value, **facts)
    return Refused("not_lower", **facts)


def _runs_for(offer: Promotion, product: Product, at: Moment) -> bool:
    return offer.begins <= at.now < offer.ends and product.id in offer.product_ids
