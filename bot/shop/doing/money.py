"""Money and goods on their way back: a refund of an order, the gift card, stock and coupons given back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.shop.codes import PayWay
from bot.shop.doing.rows import Moment, Refused, Rows
from bot.shop.models import Coupon, CouponState, Order, OrderItem, Product, Refund, RefundState, Shopper, Sku
from bot.shop.payments import way_of

STOPPABLE = frozenset({RefundState.REQUESTED, RefundState.APPROVED, RefundState.GOODS_RETURNING})
"""States in which a shopper may still take an application back."""
RUNNING = STOPPABLE | {RefundState.PAYING}


def running(order: Order) -> bool:
    """Whether money of the order is on its way back already."""
    return order.refund is not None and order.refund.state in RUNNING


def left_to_refund(order: Order) -> int:
    """What was paid and has not gone back yet, in fen."""
    back = order.refund.amount if order.refund and order.refund.state is RefundState.PAID else 0
    return order.paid_total - back


def refund_now(order: Order, amount: int, reason: str, at: Moment, *, goods_back: bool = False) -> Refund:
    """A refund of `amount` fen as it begins: back to the gift card at once, any other way as requested."""
    to_card = way_of(order.payment) is PayWay.GIFT_CARD and not goods_back
    state = RefundState.PAID if to_card else RefundState.REQUESTED
    return Refund(
        id=at.new_id("R"),
        state=state,
        amount=amount,
        requested=at.now,
        to=order.payment,
        reason=reason,
        paid=at.now if to_card else None,
        goods_back=goods_back,
    )


def credited(rows: Rows, order: Order, refund: Refund) -> tuple[Shopper, ...]:
    """The shopper with the refund on the gift card, where it was paid from there and is paid back."""
    if refund.state is not RefundState.PAID:
        return ()
    shopper = rows.shopper(order.shopper_id)
    if shopper is None:
        raise Refused("not_found")
    return (replace(shopper, gift_card_balance=shopper.gift_card_balance + refund.amount),)


def stocked(rows: Rows, moves: Iterable[tuple[OrderItem, int]]) -> tuple[Product, ...]:
    """The products with their stock raised (1) or lowered (-1) by items; refuses what is not there.

    What the catalogue has not any more has no stock to move.
    """
    changed: dict[str, Product] = {}
    for item, sign in moves:
        product = changed.get(item.product_id) or rows.product(item.product_id)
        if product is not None:
            changed[product.id] = _moved(product, item, sign)
    return tuple(changed.values())


def _moved(product: Product, item: OrderItem, sign: int) -> Product:
    def moved(sku: Sku) -> Sku:
        if sku.id != item.sku_id:
            return sku
        left = sku.stock + sign * item.quantity
        if left < 0:
            raise Refused("sold_out", title=item.title, stock=sku.stock)
        return replace(sku, stock=left)

    return replace(product, skus=tuple(moved(sku) for sku in product.skus))


def coupon_again(rows: Rows, order: Order, at: Moment) -> tuple[Coupon, ...]:
    """The coupon of a cancelled order, used again; refuses where it has been spent since.

    One that had run out before the cancelling never came back, nor did any where the shop gives none back.
    """
    found = next((c for c in rows.coupons_of(order.shopper_id) if c.id == order.coupon), None)
    if found is None:
        return ()
    if found.state is CouponState.USABLE:
        return (replace(found, state=CouponState.USED),)
    came_back = at.policy.coupons.back_when_cancelled and found.ends >= (order.closed or at.now).date()
    if found.state is CouponState.USED and came_back:
        raise Refused("coupon_spent", coupon=found.title)
    return ()


def coupon_back(rows: Rows, order: Order, at: Moment) -> tuple[Coupon, ...]:
    """The coupon that paid for an order, usable again where it has not run out."""
    if not order.coupon:
        return ()
    found = next((c for c in rows.coupons_of(order.shopper_id) if c.id == order.coupon), None)
    if found is None or found.state is not CouponState.USED or found.ends < at.now.date():
        return ()
    return (replace(found, state=CouponState.USABLE),)
