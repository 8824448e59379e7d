"""A small payment for what went wrong, within the limits that the owner has set."""

from __future__ import annotations

from dataclasses import replace

from bot.shop.codes import Grievance
from bot.shop.doing.claims import check_open, fault_window, last_day, left_of, standing, told
from bot.shop.doing.money import credited, refund_now
from bot.shop.doing.parcels import alarm
from bot.shop.doing.rows import Change, Moment, Receipt, Refused, Rows, order_there
from bot.shop.models import DELIVERED, Order
from bot.shop.wishes import Compensate

NAMES = {
    Grievance.LATE_DISPATCH: "补偿：发货晚了",
    Grievance.LATE_DELIVERY: "补偿：送达晚了",
    Grievance.FAULT: "补偿：商品问题",
}
"""What the shop's rows call such a payment."""


def compensate(wish: Compensate, rows: Rows, at: Moment) -> Change:
    """Pay a little for what the rows show to have gone wrong; anything else is a person's to decide."""
    order, rule = order_there(rows, wish.order_id), at.policy.compensation
    check_open(order)
    if wish.amount <= 0:
        raise Refused("no_amount")
    if not _shown(wish.reason, order, rows, at):
        raise Refused("not_shown", reason=wish.reason.value)
    given = [r for r in rows.receipts_of(order.shopper_id) if r.kind == wish.kind]
    here = [r for r in standing(rows, order) if r.kind == wish.kind]
    if any(r.args["reason"] == wish.reason.value for r in here):
        raise Refused("too_often", reason=wish.reason.value)
    if wish.amount + _sum(here) > _most(wish.reason, at):
        raise Refused("over_limit", asked=wish.amount)
    month = [r for r in given if (r.at.year, r.at.month) == (at.now.year, at.now.month)]
    if wish.amount + _sum(month) > rule.per_shopper_month:
        raise Refused("over_limit", asked=wish.amount)
    if wish.amount > left_of(rows, order):
        raise Refused("over_limit", asked=wish.amount)
    refund = refund_now(order, wish.amount, NAMES[wish.reason], at)
    facts = {"amount": refund.amount, "to": refund.to, "refund": refund.state.value, "refund_id": refund.id}
    return Change(
        told(order, reason=wish.reason.value, **facts),
        orders=(replace(order, refund=refund),),
        shoppers=credited(rows, order, refund),
    )


def _sum(receipts: list[Receipt]) -> int:
    return sum(int(r.result["amount"]) for r in receipts)


def _most(reason: Grievance, at: Moment) -> int:
    """The most that one order gets; a late dispatch has a sum of its own where the shop names one."""
    late, most = at.policy.dispatch.late_compensation, at.policy.compensation.per_order
    return min(late, most) if reason is Grievance.LATE_DISPATCH and late else most


def _shown(reason: Grievance, order: Order, rows: Rows, at: Moment) -> bool:
    """Whether the shop's own rows bear the grievance out."""
    if reason is Grievance.LATE_DISPATCH:
        promised = order.dispatch_by or (order.paid or order.placed) + at.policy.dispatch.promise.delta
        return (order.sent or at.now) > promised
    if reason is Grievance.LATE_DELIVERY:
        return _is_late(order, rows, at)
    return order.state in DELIVERED and last_day(order, fault_window(at.policy), at) >= at.now.date()


def _is_late(order: Order, rows: Rows, at: Moment) -> bool:
    """A parcel in trouble, or later than the day that was expected."""
    if order.sent is None and order.signed is None:
        return False
    arrived = (order.signed or at.now).date()
    return any(
        alarm(parcel, at.policy.delivery, at.now) is not None
        or (parcel.expected is not None and parcel.expected < arrived)
        for parcel in rows.parcels_of(order.id)
    )
