"""Another variant for goods that were received: kept for the shopper until the old ones are back."""

from __future__ import annotations

from dataclasses import replace

from bot.shop.codes import Payer, Reason
from bot.shop.doing.claims import (
    FAULTS,
    check_kind,
    check_received,
    check_window,
    standing,
    told,
    worded,
)
from bot.shop.doing.money import refund_now, stocked
from bot.shop.doing.rows import Change, Moment, Refused, Rows, order_there
from bot.shop.models import Order, OrderItem, OrderState, Product, Refund, Sku
from bot.shop.wishes import Exchange


def exchange(wish: Exchange, rows: Rows, at: Moment) -> Change:
    """Note what is wanted instead, and keep it; a difference is paid before it leaves, or given back."""
    order, rule = order_there(rows, wish.order_id), at.policy.exchanges
    check_received(order)
    item = _item(order, wish)
    check_window(order, wish.reason, rule.window, at)
    mine = rows.product(wish.product_id)
    kinds = check_kind(mine, wish.reason, wish.used, at)
    done = [r for r in standing(rows, order) if r.kind == "exchange"]
    if len(done) >= rule.times:
        raise Refused("too_often", times=rule.times)
    product, sku = _target(wish, mine, rows)
    difference = (_price(product, sku) - _paid_now(item, mine, product)) * wish.quantity
    if difference and not rule.difference:
        raise Refused("other_price", price=_price(product, sku), paid=item.price)
    wanted = replace(item, product_id=product.id, sku_id=sku.id, title=product.title, quantity=wish.quantity)
    goods = stocked(rows, [(wanted, -1)])
    refund = _cheaper(order, -difference, wish, at)
    changed = replace(order, state=OrderState.EXCHANGING, items=_noted(order, item, wish), refund=refund)
    payer = rule.freight.get(wish.reason, at.policy.returns.payer(wish.reason))
    held = (at.now + rule.hold.delta).date().isoformat()
    facts = {
        "old": _worded(item.options),
        "new": _worded(sku.options),
        "wanted": product.title,
        "other": product.id != item.product_id,
        "anew": (product.id, sku.id) == (item.product_id, item.sku_id),
        "quantity": wish.quantity,
        "reason": wish.reason.value,
        "payer": (payer or Payer.SHOP).value,
        "difference": difference,
        "held": held,
        "refund_id": refund.id if refund else "",
        **kinds,
    }
    return Change(told(order, **facts), orders=(changed,), products=goods)


def _item(order: Order, wish: Exchange) -> OrderItem:
    """The line that is exchanged, with as many pieces at least."""
    found = [i for i in order.items if (i.product_id, i.sku_id) == (wish.product_id, wish.sku_id)]
    if not found:
        raise Refused("not_in_order")
    enough = next((i for i in found if i.quantity >= wish.quantity), None)
    if enough is None:
        raise Refused("too_many", title=found[0].title)
    return enough


def _target(wish: Exchange, mine: Product | None, rows: Rows) -> tuple[Product, Sku]:
    """The product and variant that are wanted, where the shop gives them for this one."""
    product = rows.product(wish.to_product)
    swaps = mine.exchangeable if mine else ()
    if product is None or wish.to_product not in (wish.product_id, *swaps):
        raise Refused("other_product")
    sku = next((s for s in product.skus if s.id == wish.to_sku), None)
    if sku is None:
        raise Refused("no_variant")
    same = (product.id, sku.id) == (wish.product_id, wish.sku_id)
    if same and wish.reason not in FAULTS:
        raise Refused("same")
    return product, sku


def _price(product: Product, sku: Sku) -> int:
    return sku.price or product.price


def _paid_now(item: OrderItem, mine: Product | None, wanted: Product) -> int:
    """What the new price is held against: that of the old variant now; for another product, what was paid."""
    if mine is None or mine.id != wanted.id:
        return item.price
    old = next((sku for sku in mine.skus if sku.id == item.sku_id), None)
    return _price(mine, old) if old else item.price


def _noted(order: Order, item: OrderItem, wish: Exchange) -> tuple[OrderItem, ...]:
    """The order's lines, the exchanged pieces on a line of their own."""
    moved = replace(item, quantity=wish.quantity, to_product=wish.to_product, to_sku=wish.to_sku)
    kept = item.quantity - wish.quantity
    lines = (moved, replace(item, quantity=kept)) if kept else (moved,)
    return tuple(line for i in order.items for line in (lines if i is item else (i,)))


def _cheaper(order: Order, amount: int, wish: Exchange, at: Moment) -> Refund | None:
    """A refund of what the new variant costs less, once the old one is back; else the one there is."""
    if amount <= 0:
        return order.refund
    reason: Reason = wish.reason
    return refund_now(order, amount, worded(reason, wish.note), at, goods_back=True)


def _worded(options: dict[str, str]) -> str:
    return " ".join(options.values())
