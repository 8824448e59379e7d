"""Buying for a shopper: what goods come to, the order placed or paid by gift card, a coupon claimed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.shop.codes import PayWay
from bot.shop.doing.money import stocked
from bot.shop.doing.rows import Change, Json, Moment, Refused, Rows, order_there
from bot.shop.models import (
    Coupon,
    CouponState,
    Order,
    OrderItem,
    OrderState,
    Product,
    Promotion,
    Shopper,
    Sku,
)
from bot.shop.payments import name_of
from bot.shop.wishes import ClaimCoupon, Line, PayByGiftCard, PlaceOrder


@dataclass(frozen=True)
class Bill:
    """What a basket comes to, in fen: the goods, what grade, promotion and coupon take off, and freight."""

    goods: int
    member: int
    promotion: int
    coupon: int
    freight: int
    offer: str = ""
    """The title of the promotion that takes it off."""

    @property
    def discount(self) -> int:
        """All that comes off together, never more than the goods."""
        return min(self.member + self.promotion + self.coupon, self.goods)

    @property
    def total(self) -> int:
        """What is to be paid."""
        return max(self.goods - self.discount, 0) + self.freight


def place_order(wish: PlaceOrder, rows: Rows, at: Moment) -> Change:
    """An unpaid order, or a paid one where the gift card pays; stock and coupon go with it."""
    shopper = _shopper(rows, wish.shopper_id)
    if wish.pay is not None and wish.pay not in at.policy.payment.ways:
        raise Refused("no_such_way", way=wish.pay.value)
    if not at.policy.freight.delivers_to(wish.address.province):
        raise Refused("undeliverable", province=wish.address.province)
    bought = [_bought(rows, line, at.now) for line in wish.lines]
    coupon = _coupon(rows, wish, bought, at)
    bill = bill_of(bought, shopper, coupon, wish.address.province, rows.promotions(), at)
    items = tuple(item for item, _ in bought)
    order = _order(wish, items, bill, at)
    products = stocked(rows, [(item, -1) for item in items])
    paid, shoppers = _paid(order, shopper, at) if wish.pay is PayWay.GIFT_CARD else (order, ())
    coupons = (replace(coupon, state=CouponState.USED),) if coupon else ()
    told = {**_told(paid), "goods": bill.goods, "discount": bill.discount, "freight": bill.freight}
    told |= {"quantity": sum(i.quantity for i in items), "options": " ".join(items[0].options.values())}
    where = {"region": wish.address.region, "street": wish.address.street, "receiver": wish.address.receiver}
    return Change({**told, **where}, orders=(paid,), shoppers=shoppers, products=products, coupons=coupons)


def pay_gift_card(wish: PayByGiftCard, rows: Rows, at: Moment) -> Change:
    """Pay an unpaid order whole; its time to pay must not be over."""
    order = order_there(rows, wish.order_id)
    if order.state is not OrderState.UNPAID:
        raise Refused("not_unpaid", state=order.state.value)
    if order.placed + at.policy.payment.unpaid_closes.delta < at.now:
        raise Refused("pay_time_over", closes=at.policy.payment.unpaid_closes)
    if PayWay.GIFT_CARD not in at.policy.payment.ways:
        raise Refused("no_such_way", way=PayWay.GIFT_CARD.value)
    paid, shoppers = _paid(order, _shopper(rows, order.shopper_id), at)
    return Change({**_told(paid), "left": shoppers[0].gift_card_balance}, orders=(paid,), shoppers=shoppers)


def claim_coupon(wish: ClaimCoupon, rows: Rows, at: Moment) -> Change:
    """One of a coupon that anyone may claim becomes the shopper's, once."""
    found = next((c for c in rows.coupons_of(wish.shopper_id) if c.id == wish.coupon_id), None)
    if found is None or found.shopper_id:
        raise Refused("no_coupon")
    if found.ends < at.now.date() or found.state is not CouponState.USABLE:
        raise Refused("coupon_over", ends=found.ends.isoformat())
    if any(c.shopper_id and c.title == found.title for c in rows.coupons_of(wish.shopper_id)):
        raise Refused("claimed", coupon=found.title)
    own = replace(found, id=at.new_id("C"), shopper_id=_shopper(rows, wish.shopper_id).id)
    told = {"coupon": own.title, "ends": own.ends.isoformat(), "over": own.over, "off": own.off}
    return Change({**told, "coupon_id": own.id}, coupons=(own,))


def bill_of(
    bought: Sequence[tuple[OrderItem, Product]],
    shopper: Shopper | None,
    coupon: Coupon | None,
    province: str,
    promotions: Sequence[Promotion],
    at: Moment,
) -> Bill:
    """What goods come to: the grade's share off, the best running 满减, the coupon, freight by region.

    Where coupons do not go together with promotions, the coupon that is used takes the place of the 满减.
    """
    goods = sum(item.price * item.quantity for item, _ in bought)
    grade = next((g for g in at.policy.membership if shopper and g.name == shopper.grade), None)
    member = goods * (100 - grade.percent) // 100 if grade else 0
    alone = coupon is not None and not at.policy.coupons.with_promotions
    offers = [p for p in promotions if p.begins <= at.now <= p.ends and _reaches(p, bought)]
    best = None if alone else max(offers, key=lambda p: p.off, default=None)
    free = grade is not None and grade.free_freight
    freight = 0 if free else at.policy.freight.fee(goods, province) or 0
    cut, off = (best.off, best.title) if best else (0, "")
    return Bill(goods, member, cut, coupon.off if coupon else 0, freight, off)


def price_now(product: Product, sku: Sku, promotions: Sequence[Promotion], now: datetime) -> int:
    """What one piece costs at a moment, in fen: a flash price before the variant's own."""
    flash = [
        p.price
        for p in promotions
        if p.price is not None and product.id in p.product_ids and p.begins <= now <= p.ends
    ]
    return min([sku.price or product.price, *flash])


def _reaches(promotion: Promotion, bought: Sequence[tuple[OrderItem, Product]]) -> bool:
    """Whether the goods that a 满减 is for come to its threshold."""
    meant = promotion.product_ids
    total = sum(i.price * i.quantity for i, p in bought if not meant or p.id in meant)
    return promotion.off > 0 and total >= promotion.over


def _bought(rows: Rows, line: Line, now: datetime) -> tuple[OrderItem, Product]:
    product = rows.product(line.product_id)
    sku = next((s for s in product.skus if s.id == line.sku_id), None) if product else None
    if product is None or sku is None:
        raise Refused("no_variant")
    if not product.on_sale:
        raise Refused("off_sale", title=product.title)
    price = price_now(product, sku, rows.promotions(), now)
    return OrderItem(product.id, sku.id, product.title, sku.options, line.quantity, price), product


def _coupon(
    rows: Rows, wish: PlaceOrder, bought: Sequence[tuple[OrderItem, Product]], at: Moment
) -> Coupon | None:
    """The coupon that is to be used, if it may be; None where none was named."""
    if not wish.coupon_id:
        return None
    found = next((c for c in rows.coupons_of(wish.shopper_id) if c.id == wish.coupon_id), None)
    if found is None or not found.shopper_id:
        raise Refused("no_coupon")
    if found.state is not CouponState.USABLE or not found.begins <= at.now.date() <= found.ends:
        raise Refused("coupon_over", ends=found.ends.isoformat())
    meant = sum(
        i.price * i.quantity for i, p in bought if not found.categories or p.category in found.categories
    )
    if not meant or meant < found.over:
        raise Refused("coupon_short", coupon=found.title, over=found.over)
    return found


def _order(wish: PlaceOrder, items: tuple[OrderItem, ...], bill: Bill, at: Moment) -> Order:
    return Order(
        id=f"{at.now:%Y%m%d}{at.new_id('')[-9:]}",
        shopper_id=wish.shopper_id,
        state=OrderState.UNPAID,
        items=items,
        placed=at.now,
        address=wish.address,
        goods_total=bill.goods,
        freight=bill.freight,
        discount=bill.discount,
        paid_total=bill.total,
        remark=wish.remark,
        coupon=wish.coupon_id,
    )


def _paid(order: Order, shopper: Shopper, at: Moment) -> tuple[Order, tuple[Shopper]]:
    """The order paid from the gift card, and the shopper with what is left on it."""
    left = shopper.gift_card_balance - order.paid_total
    if left < 0:
        raise Refused("card_short", balance=shopper.gift_card_balance, total=order.paid_total)
    paid = replace(
        order,
        state=OrderState.PAID,
        payment=name_of(PayWay.GIFT_CARD),
        paid=at.now,
        dispatch_by=at.now + at.policy.dispatch.promise.delta,
    )
    return paid, (replace(shopper, gift_card_balance=left),)


def _shopper(rows: Rows, shopper_id: str) -> Shopper:
    found = rows.shopper(shopper_id)
    if found is None:
        raise Refused("not_found")
    return found


def _told(order: Order) -> Json:
    first = order.items[0].title if order.items else ""
    return {"order_id": order.id, "title": first, "state": order.state.value, "total": order.paid_total}
