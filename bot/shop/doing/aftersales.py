"""Money back, with goods or without, and an application that is taken back."""

from __future__ import annotations

from dataclasses import replace

from bot.shop.codes import Payer, Reason
from bot.shop.doing.claims import (
    FAULTS,
    Lines,
    check_kind,
    check_open,
    check_received,
    check_window,
    chosen,
    goods_of,
    is_whole,
    left_of,
    paid_for,
    standing,
    told,
    worded,
)
from bot.shop.doing.money import STOPPABLE, coupon_back, credited, refund_now, stocked
from bot.shop.doing.parcels import alarm
from bot.shop.doing.rows import Change, Json, Moment, Refused, Rows, order_there
from bot.shop.models import (
    AWAITING_DISPATCH,
    ON_THE_WAY,
    Order,
    OrderItem,
    OrderState,
    ParcelState,
    Refund,
    RefundState,
)
from bot.shop.wishes import RefundOnly, ReturnGoods, WithdrawRefund

UNSENT = "未发货退款"
"""What the shop's rows call the reason for money back before anything has left."""


def return_goods(wish: ReturnGoods, rows: Rows, at: Moment) -> Change:
    """Goods go back for what was paid for them; the shop looks at the application first."""
    order = order_there(rows, wish.order_id)
    check_received(order)
    lines = chosen(order, wish.lines)
    check_window(order, wish.reason, at.policy.returns.window, at)
    kinds: Json = {}
    for item, _ in lines:
        kinds = check_kind(rows.product(item.product_id), wish.reason, wish.used, at) or kinds
    amount = min(_worth(order, lines, wish.reason, at), left_of(rows, order))
    refund = _applied(order, amount, worded(wish.reason, wish.note), at, goods_back=True)
    payer = at.policy.returns.payer(wish.reason).value
    facts = {"reason": wish.reason.value, "payer": payer, "goods": goods_of(lines), **kinds}
    return _refunding(order, refund, **facts)


def refund_only(wish: RefundOnly, rows: Rows, at: Moment) -> Change:
    """Money without a return, by where the goods are."""
    order = order_there(rows, wish.order_id)
    check_open(order)
    if order.state in AWAITING_DISPATCH:
        return _refund_unsent(wish, order, rows, at)
    if order.state in ON_THE_WAY:
        return _refund_moving(wish, order, rows, at)
    return _refund_kept(wish, order, rows, at)


def _refund_unsent(wish: RefundOnly, order: Order, rows: Rows, at: Moment) -> Change:
    """All of it; to the gift card at once, any other way after the audit."""
    amount = left_of(rows, order)
    if wish.lines or wish.amount not in (0, amount):
        raise Refused("whole_only", state=order.state.value)
    if amount <= 0:
        raise Refused("nothing_left")
    refund = refund_now(order, amount, f"{UNSENT}：{wish.note}" if wish.note else UNSENT, at)
    if refund.state is not RefundState.PAID:
        return _refunding(order, refund, way="unsent", reason=wish.reason.value)
    back = at.policy.coupons.back_on_full_refund
    facts = _money(refund, way="card", reason=wish.reason.value)
    return Change(
        told(order, **facts),
        orders=(replace(order, state=OrderState.REFUNDED, closed=at.now, refund=refund),),
        shoppers=credited(rows, order, refund),
        products=stocked(rows, [(item, 1) for item in order.items]),
        coupons=coupon_back(rows, order, at) if back else (),
    )


def _refund_moving(wish: RefundOnly, order: Order, rows: Rows, at: Moment) -> Change:
    """A lost parcel is paid back as it is; any other one comes back first, refused at the door."""
    if wish.lines or wish.amount:
        raise Refused("whole_only", state=order.state.value)
    found = {alarm(parcel, at.policy.delivery, at.now) for parcel in rows.parcels_of(order.id)}
    if len(found) > 1:
        raise Refused("by_person")
    trouble = next(iter(found), None)
    reason = Reason.REFUSED_DELIVERY
    amount = order.paid_total if trouble else _worth(order, chosen(order, ()), reason, at)
    lost = trouble is ParcelState.LOST
    named = worded(wish.reason if lost else reason, wish.note)
    refund = _applied(order, min(amount, left_of(rows, order)), named, at, goods_back=not lost)
    payer = Payer.SHOP if trouble else at.policy.returns.payer(reason)
    return _refunding(order, refund, way=trouble.value if trouble else "moving", payer=payer.value)


def _refund_kept(wish: RefundOnly, order: Order, rows: Rows, at: Moment) -> Change:
    """A small fault, or pieces that never came; above the shop's limit goods have to come back."""
    limit, left = at.policy.refunds.without_goods_up_to, left_of(rows, order)
    if wish.reason not in FAULTS:
        raise Refused("needs_goods", limit=limit)
    lines = chosen(order, wish.lines)
    check_window(order, wish.reason, at.policy.returns.window, at)
    asked = wish.amount or (min(paid_for(order, lines), left) if wish.lines else left)
    if asked > left:
        raise Refused("too_much", amount=asked, left=left)
    before = sum(int(r.result["amount"]) for r in standing(rows, order) if r.kind == "refund")
    apart = wish.reason is Reason.MISSING and not is_whole(order, lines)
    missing = apart and asked <= paid_for(order, lines)
    if not missing and asked + before > limit:
        raise Refused("needs_goods", limit=limit)
    refund = _applied(order, asked, worded(wish.reason, wish.note), at, goods_back=False)
    goods = {"goods": goods_of(lines)} if wish.lines else {}
    return _refunding(order, refund, way="kept", reason=wish.reason.value, **goods)


def withdraw_refund(wish: WithdrawRefund, rows: Rows, at: Moment) -> Change:
    """The order as it was before it was applied for, while no money has left; what was kept is free again."""
    order = order_there(rows, wish.order_id)
    if order.state is OrderState.CANCELLED:
        raise Refused("cancelled")
    refund = order.refund
    if refund is not None and refund.state in (RefundState.PAYING, RefundState.PAID):
        raise Refused("paid_back", amount=refund.amount, to=refund.to, progress=refund.state.value)
    kept = [item for item in order.items if item.to_sku]
    if not kept and (refund is None or refund.state not in STOPPABLE):
        raise Refused("nothing_applied", state=order.state.value)
    again = replace(
        order,
        state=_before(order, rows),
        items=tuple(replace(item, to_product="", to_sku="") for item in order.items),
        refund=refund if refund is not None and refund.state is RefundState.REFUSED else None,
    )
    facts = {"amount": refund.amount, "to": refund.to} if refund is not None else {}
    goods = stocked(rows, [(_wanted(item), 1) for item in kept])
    return Change(told(order, now=again.state.value, **facts), orders=(again,), products=goods)


def _wanted(item: OrderItem) -> OrderItem:
    return replace(item, product_id=item.to_product, sku_id=item.to_sku)


def _before(order: Order, rows: Rows) -> OrderState:
    """Where the order stood before: as it was noted then, else as its times and parcels tell."""
    if order.state not in (OrderState.REFUNDING, OrderState.EXCHANGING):
        return order.state
    noted = standing(rows, order)
    if noted:
        return OrderState(noted[-1].result["state"])
    if order.signed is not None:
        return OrderState.FINISHED if order.closed else OrderState.SIGNED
    if order.sent is None:
        return OrderState.PAID
    seen = {parcel.state for parcel in rows.parcels_of(order.id)}
    if ParcelState.OUT_FOR_DELIVERY in seen:
        return OrderState.OUT_FOR_DELIVERY
    return OrderState.IN_TRANSIT if seen else OrderState.SENT


def _worth(order: Order, lines: Lines, reason: Reason, at: Moment) -> int:
    """What these pieces bring back: of a whole order the freight as well, where the shop bears it."""
    whole = is_whole(order, lines) and at.policy.returns.payer(reason) is Payer.SHOP
    return order.paid_total if whole else paid_for(order, lines)


def _applied(order: Order, amount: int, reason: str, at: Moment, *, goods_back: bool) -> Refund:
    """A refund that the shop looks at first, whatever way it was paid."""
    if amount <= 0:
        raise Refused("nothing_left")
    return replace(refund_now(order, amount, reason, at, goods_back=True), goods_back=goods_back)


def _refunding(order: Order, refund: Refund, **facts: object) -> Change:
    changed = replace(order, state=OrderState.REFUNDING, refund=refund)
    return Change(told(order, **_money(refund, **facts)), orders=(changed,))


def _money(refund: Refund, **facts: object) -> Json:
    return {
        "amount": refund.amount,
        "to": refund.to,
        "refund": refund.state.value,
        "refund_id": refund.id,
        **facts,
    }
