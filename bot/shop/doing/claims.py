"""What every claim after buying has to pass: state, windows by reason, kinds of goods, money that is left."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.shop.codes import Reason, ReturnRule
from bot.shop.doing.money import running
from bot.shop.doing.rows import Json, Moment, Receipt, Refused, Rows
from bot.shop.models import AWAITING_DISPATCH, ON_THE_WAY, Order, OrderItem, OrderState, Product, RefundState
from bot.shop.policy import Policy
from bot.shop.values import Duration
from bot.shop.wishes import Line

REPORTED = frozenset({Reason.DAMAGED, Reason.WRONG_ITEM, Reason.MISSING})
"""What is seen at once, and has to be told soon."""
FAULTS = REPORTED | {Reason.QUALITY, Reason.NOT_AS_DESCRIBED}
GIVEN = frozenset({"protect_price", "compensate"})
"""Kinds of wish that pay back a part while the order goes on."""
APPLIED = GIVEN | {"return_goods", "refund", "exchange"}
IN_AFTERSALES = frozenset({OrderState.REFUNDING, OrderState.REFUNDED, OrderState.EXCHANGING})
NAMES = {
    Reason.NO_REASON: "七天无理由",
    Reason.QUALITY: "质量问题",
    Reason.DAMAGED: "破损",
    Reason.WRONG_ITEM: "发错货",
    Reason.MISSING: "少件",
    Reason.NOT_AS_DESCRIBED: "与描述不符",
    Reason.REFUSED_DELIVERY: "拒收",
}
"""What the shop's rows call a reason."""

Lines = Sequence[tuple[OrderItem, int]]


def check_open(order: Order) -> None:
    """Refuse an order that was never paid, is no more, or has a claim already."""
    if order.state is OrderState.CANCELLED:
        raise Refused("cancelled")
    if running(order) or order.state in IN_AFTERSALES:
        raise Refused("in_aftersales", state=order.state.value)
    if order.state is OrderState.UNPAID:
        raise Refused("wrong_state", state=order.state.value)


def check_received(order: Order) -> None:
    """Refuse what the shopper has not got yet."""
    check_open(order)
    if order.state in AWAITING_DISPATCH:
        raise Refused("unsent", state=order.state.value)
    if order.state in ON_THE_WAY:
        raise Refused("on_the_way", state=order.state.value)


def fault_window(policy: Policy) -> Duration:
    """How long a fault is a reason: never shorter than no reason at all."""
    rule = policy.returns
    return max(rule.quality_window, rule.window, key=lambda window: window.delta)


def last_day(order: Order, window: Duration, at: Moment) -> date:
    """The last day of a window that counts from signing."""
    return (order.signed or order.closed or at.now).date() + window.delta


def check_window(order: Order, reason: Reason, plain: Duration, at: Moment) -> None:
    """Refuse what is told too late; `plain` is how long no reason is needed."""
    today, rule = at.now.date(), at.policy.returns
    fault = max(last_day(order, plain, at), last_day(order, fault_window(at.policy), at))
    days = {"until": last_day(order, plain, at).isoformat(), "quality_until": fault.isoformat()}
    if fault < today:
        raise Refused("past", **days)
    if reason not in FAULTS and last_day(order, plain, at) < today:
        raise Refused("past_quality", **days)
    reported = last_day(order, rule.report_window, at)
    if reason in REPORTED and reported < today:
        raise Refused("past_report", reason=reason.value, report_until=reported.isoformat(), **days)


def check_kind(product: Product | None, reason: Reason, used: bool, at: Moment) -> Json:
    """Refuse goods that need a reason to come back; what holds for their kind, as facts."""
    if product is None or reason in FAULTS:
        return {}
    special = at.policy.returns.exception(product.category)
    because = special.because if special else ""
    faults = {"title": product.title, "quality_window": fault_window(at.policy)}
    if not product.returnable or (special is not None and special.rule is ReturnRule.NEVER):
        raise Refused("not_returnable_because" if because else "not_returnable", because=because, **faults)
    if special is None:
        return _unused(used, at)
    if used:
        raise Refused("used", rule=special.rule.value, because=because, **faults)
    return {"rule": special.rule.value, "because": because}


def _unused(used: bool, at: Moment) -> Json:
    if used:
        raise Refused("worn", condition=[c.value for c in at.policy.returns.condition])
    return {}


def chosen(order: Order, lines: Sequence[Line]) -> Lines:
    """The order's items that are meant and how many pieces of each; all of them where no line says which."""
    if not lines:
        return [(item, item.quantity) for item in order.items]
    left = {(line.product_id, line.sku_id): 0 for line in lines}
    for line in lines:
        left[(line.product_id, line.sku_id)] += line.quantity
    found: list[tuple[OrderItem, int]] = []
    for item in order.items:
        pieces = min(item.quantity, left.get((item.product_id, item.sku_id), 0))
        if pieces:
            found.append((item, pieces))
            left[(item.product_id, item.sku_id)] -= pieces
    if any(left.values()):
        there = any(left.keys() == {(i.product_id, i.sku_id)} for i, _ in found)
        raise Refused("too_many" if there else "not_in_order", title=found[0][0].title if found else "")
    return found


def is_whole(order: Order, lines: Lines) -> bool:
    """Whether nothing of the order is left out."""
    return sum(pieces for _, pieces in lines) == sum(item.quantity for item in order.items)


def paid_for(order: Order, lines: Lines) -> int:
    """What was paid for these pieces in fen: their share of what was paid without freight."""
    paid = max(order.paid_total - order.freight, 0)
    total = sum(item.price * item.quantity for item in order.items)
    goods = sum(item.price * pieces for item, pieces in lines)
    if is_whole(order, lines) or not total:
        return paid
    return min(paid, (paid * goods + total // 2) // total)


def standing(rows: Rows, order: Order) -> list[Receipt]:
    """What was applied for about an order and not withdrawn, oldest first."""
    kept: list[Receipt] = []
    for receipt in rows.receipts_of(order.shopper_id):
        if receipt.order_id != order.id:
            continue
        if receipt.kind in APPLIED:
            kept.append(receipt)
        elif receipt.kind == "withdraw_refund" and kept:
            kept.pop()
    return kept


def left_of(rows: Rows, order: Order) -> int:
    """What was paid and has not gone back, in fen; what the shop refused to pay has not."""
    refund = order.refund
    refused = refund.id if refund and refund.state is RefundState.REFUSED else ""
    given = [r.result for r in standing(rows, order) if r.kind in GIVEN]
    back = sum(int(result["amount"]) for result in given if result["refund_id"] != refused)
    last = refund.amount if refund and refund.state is RefundState.PAID else 0
    return order.paid_total - max(back, last)


def told(order: Order, **facts: object) -> Json:
    """The facts of a receipt: the order as it stood before, and more."""
    first = order.items[0].title if order.items else ""
    return {"order_id": order.id, "title": first, "state": order.state.value, **facts}


def worded(reason: Reason, note: str) -> str:
    """The reason as the shop's rows have it."""
    name = NAMES[reason]
    return f"{name}：{note}" if note and note not in name else name


def goods_of(lines: Lines) -> list[Json]:
    """Items and pieces as facts."""
    return [
        {"title": item.title, "options": list(item.options.values()), "quantity": pieces}
        for item, pieces in lines
    ]
