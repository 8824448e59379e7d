"""What may be done to an order before it leaves: cancelled, gone on with, sent elsewhere, changed, urged."""

from __future__ import annotations

from dataclasses import replace

from bot.shop.codes import Stage
from bot.shop.doing.money import STOPPABLE, coupon_again, coupon_back, credited, refund_now, running, stocked
from bot.shop.doing.rows import Change, Json, Moment, Receipt, Refused, Rows, order_there
from bot.shop.models import (
    AWAITING_DISPATCH,
    ON_THE_WAY,
    Order,
    OrderState,
    Product,
    Sku,
)
from bot.shop.wishes import Cancel, ChangeAddress, ChangeRemark, ChangeVariant, UndoCancel, Urge

UNPAID = frozenset({OrderState.UNPAID})
OPEN_UNTIL = {
    Stage.NEVER: frozenset[OrderState](),
    Stage.PAID: UNPAID,
    Stage.PACKED: UNPAID | {OrderState.PAID},
    Stage.SENT: UNPAID | AWAITING_DISPATCH,
    Stage.SIGNED: UNPAID | AWAITING_DISPATCH | ON_THE_WAY,
}
"""States in which an order may still be changed, by the stage that the shop names as the last."""


def cancel(wish: Cancel, rows: Rows, at: Moment) -> Change:
    """Close the order; stock, coupon and money go back."""
    order = order_there(rows, wish.order_id)
    _check_open(order, at.policy.changes.cancel)
    closed = replace(order, state=OrderState.CANCELLED, closed=at.now, cancel_reason=wish.reason)
    goods = stocked(rows, [(item, 1) for item in order.items])
    coupons = coupon_back(rows, order, at) if at.policy.coupons.back_when_cancelled else ()
    if order.state in UNPAID:
        return Change(_told(order), orders=(closed,), products=goods, coupons=coupons)
    refund = refund_now(order, order.paid_total, wish.reason, at)
    return Change(
        {**_told(order), "amount": refund.amount, "to": refund.to, "refund": refund.state.value},
        orders=(replace(closed, refund=refund),),
        shoppers=credited(rows, order, refund),
        products=goods,
        coupons=coupons,
    )


def undo_cancel(wish: UndoCancel, rows: Rows, at: Moment) -> Change:
    """Open a cancelled order again while its money has not gone back; its goods must still be there."""
    order = order_there(rows, wish.order_id)
    if order.state is not OrderState.CANCELLED:
        raise Refused("not_cancelled", state=order.state.value)
    if order.refund is None:
        raise Refused("never_paid")
    if order.refund.state not in STOPPABLE:
        raise Refused("paid_back", amount=order.refund.amount, to=order.refund.to)
    again = replace(order, state=OrderState.PAID, closed=None, cancel_reason="", refund=None)
    return Change(
        _told(order),
        orders=(again,),
        products=stocked(rows, [(item, -1) for item in order.items]),
        coupons=coupon_again(rows, order, at),
    )


def change_address(wish: ChangeAddress, rows: Rows, at: Moment) -> Change:
    """Send the order elsewhere, as often as the shop allows; freight stays as it was."""
    order, rules = order_there(rows, wish.order_id), at.policy.changes
    _check_open(order, rules.address)
    if not at.policy.freight.delivers_to(wish.address.province):
        raise Refused("undeliverable", province=wish.address.province)
    if wish.address == order.address:
        raise Refused("same")
    done = [r for r in rows.receipts_of(order.shopper_id) if _is(r, "change_address", order)]
    if len(done) >= rules.address_times:
        raise Refused("too_often", times=rules.address_times)
    new = wish.address
    where = {"region": new.region, "street": new.street}
    told = {**_told(order), **where, "receiver": new.receiver, "phone": new.phone}
    return Change(told, orders=(replace(order, address=new),))


def change_remark(wish: ChangeRemark, rows: Rows, at: Moment) -> Change:
    """Another remark for those who pack."""
    order = order_there(rows, wish.order_id)
    _check_open(order, at.policy.changes.remark)
    return Change({**_told(order), "remark": wish.remark}, orders=(replace(order, remark=wish.remark),))


def change_variant(wish: ChangeVariant, rows: Rows, at: Moment) -> Change:
    """Another variant of the same product at the same price; stock moves with it."""
    order = order_there(rows, wish.order_id)
    _check_open(order, at.policy.changes.options)
    item = next((i for i in order.items if (i.product_id, i.sku_id) == (wish.product_id, wish.sku_id)), None)
    product = rows.product(item.product_id) if item else None
    if item is None or product is None:
        raise Refused("not_in_order")
    new, old = _sku(product, wish.to_sku), _sku(product, wish.sku_id)
    if new.id == old.id:
        raise Refused("same")
    if new.price != old.price:
        raise Refused("other_price", price=new.price, paid=item.price)
    swapped = replace(item, sku_id=new.id, options=new.options)
    goods = stocked(rows, [(item, 1), (swapped, -1)])
    items = tuple(swapped if i is item else i for i in order.items)
    told = {**_told(order), "old": _worded(old), "new": _worded(new)}
    return Change(told, orders=(replace(order, items=items),), products=goods)


def urge(wish: Urge, rows: Rows, at: Moment) -> Change:
    """Noted for the warehouse or the carrier, once a day; nothing of the order changes."""
    order = order_there(rows, wish.order_id)
    if order.state not in AWAITING_DISPATCH | ON_THE_WAY:
        raise Refused("wrong_state", state=order.state.value)
    done = [r for r in rows.receipts_of(order.shopper_id) if _is(r, "urge", order)]
    if any(receipt.at.date() == at.now.date() for receipt in done):
        raise Refused("urged_today", at=done[-1].at.isoformat())
    return Change(_told(order))


def _check_open(order: Order, until: Stage) -> None:
    """Refuse an order that has gone too far for this change, or is none any more."""
    if order.state is OrderState.CANCELLED:
        raise Refused("cancelled")
    if running(order) or order.state in (OrderState.REFUNDED, OrderState.EXCHANGING):
        raise Refused("in_aftersales", state=order.state.value)
    if order.state not in OPEN_UNTIL[until]:
        raise Refused("too_late", state=order.state.value, until=until.value)


def _told(order: Order) -> Json:
    first = order.items[0].title if order.items else ""
    return {"order_id": order.id, "title": first, "state": order.state.value, "total": order.paid_total}


def _is(receipt: Receipt, kind: str, order: Order) -> bool:
    return receipt.kind == kind and receipt.order_id == order.id


def _sku(product: Product, sku_id: str) -> Sku:
    found = next((sku for sku in product.skus if sku.id == sku_id), None)
    if found is None:
        raise Refused("no_variant")
    return found


def _worded(sku: Sku) -> str:
    return " ".join(sku.options.values())
