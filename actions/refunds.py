"""Money back: asked for, on its way, refused, or the wish for it taken back."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from datetime import date

from actions.buying import says_deposit
from actions.naming import named_orders
from actions.orders import (
    ANY,
    CANCELLED,
    EXCHANGING,
    MONEY_BACK,
    MOST_LISTED,
    OrderAction,
    arrival,
    order_choices,
    say_state,
)
from actions.parcels import parcel_facts, parcels_meant, say_parcel, trouble
from actions.phrases import says
from actions.picking import States
from actions.session import Asked, Facts
from actions.undertaking import begin, drops, wait_for_order
from actions.undertakings.aftersales import DoRefund, DoReturn, DoWithdraw
from actions.undertakings.changes import DoUndoCancel
from actions.undertakings.claims import (
    asks_only,
    carried,
    faulty_lines,
    is_for_missing,
    named_items,
    said_lines,
    told_reason,
    worth_of,
)
from bot.shop.codes import Reason
from bot.shop.doing.claims import FAULTS, fault_window
from bot.shop.doing.money import RUNNING, STOPPABLE
from bot.shop.models import AWAITING_DISPATCH, DELIVERED, ON_THE_WAY, Order, ParcelState, Refund, RefundState
from bot.shop.values import Duration


def until(asked: Asked, order: Order, window: Duration) -> date:
    """The last day of a window that counts from signing (today stands in while that is unknown)."""
    signed = (order.signed or order.closed or asked.session.now).date()
    return signed + window.delta


@dataclass(frozen=True)
class Windows:
    """Until when an order may go back without a reason, and for a fault."""

    plain: date
    fault: date


def windows(asked: Asked, order: Order) -> Windows:
    """Both windows of an order."""
    return Windows(
        until(asked, order, asked.policy.returns.window), until(asked, order, fault_window(asked.policy))
    )


class BackAction(OrderAction):
    """A wish to undo a purchase; it may be taken back, have been refused, or meet a parcel in trouble."""

    async def answer(self, asked: Asked) -> None:
        """A refusal that no order knows of is asked about before anything is told."""
        if not asked.text or not says(asked.text, "refused") or asked.names_number:
            await super().answer(asked)
            return await _wait_for_number(asked)
        orders = await asked.session.access_orders()
        if not orders or any(was_refused(order) for order in orders):
            return await super().answer(asked)
        rows = order_choices(asked, orders[:MOST_LISTED], "refund_status")
        return asked.say("utter_return_not_refused", others=rows)

    def wanted(self, asked: Asked) -> tuple[States, ...]:
        """Whoever takes a wish back, or was refused, means an order that has an application."""
        if says(asked.text, "refused"):
            return (*self.prefers, ANY)
        withdraws = says(asked.text, "withdraws")
        return (MONEY_BACK | CANCELLED | EXCHANGING, *self.prefers) if withdraws else self.prefers

    async def presses(self, asked: Asked, order: Order) -> int:
        """A refusal that the message speaks of; an application that can still be taken back as it wants."""
        stoppable = order.refund is not None and order.refund.state in STOPPABLE
        refused = was_refused(order) and says(asked.text, "refused")
        return int(refused or (stoppable and says(asked.text, "withdraws")))

    async def without(self, asked: Asked) -> None:
        """The rule; for who changed their mind, how an application is taken back."""
        if says(asked.text, "withdraws"):
            return asked.say("utter_withdraw_how")
        return await self.rules(asked)

    async def about(self, asked: Asked, order: Order, others: list[Facts]) -> None:
        """What stands before the wish: it is taken back, it was refused, the parcel is stuck or lost."""
        if says(asked.text, "withdraws"):
            return await say_withdrawal(asked, order, others)
        if says(asked.text, "keeps_for_compensation"):
            asked.show(order)
            return asked.follow("action_compensation")
        if was_refused(order) and says(asked.text, "refused"):
            return await say_refund(asked, order, others)
        if order.state in ON_THE_WAY and any(trouble(asked, p) for p in await parcels_meant(asked, order)):
            return await begin(asked, DoRefund, others, **carried(asked, DoRefund, order.id))
        return await self.undo(asked, order, others)

    @abstractmethod
    async def rules(self, asked: Asked) -> None:
        """Say what holds in general."""

    @abstractmethod
    async def undo(self, asked: Asked, order: Order, others: list[Facts]) -> None:
        """Answer for this order."""


async def _wait_for_number(asked: Asked) -> None:
    """Where what is to be taken back was named by a number that is none: the right one goes on with that."""
    named = await named_orders(asked) if says(asked.text, "withdraws") else None
    if named is not None and not named.orders and asked.session.identity is not None:
        wait_for_order(asked, DoWithdraw if says(asked.text, "names_claim") else DoUndoCancel)


UNDOING = frozenset({"return_goods", "refund", "cancel", "exchange"})
"""Kinds of what a changed mind drops while it is under way."""


def was_refused(order: Order) -> bool:
    """Whether the shop has refused to pay back."""
    return order.refund is not None and order.refund.state is RefundState.REFUSED


async def say_trouble_back(asked: Asked, order: Order, others: list[Facts]) -> bool:
    """For a parcel stuck, lost or coming back: nothing to refuse, no freight to pay; False if none is."""
    if order.state not in ON_THE_WAY:
        return False
    for parcel in await parcels_meant(asked, order):
        alarm = trouble(asked, parcel)
        if alarm is ParcelState.RETURNED:
            say_parcel(asked, order, parcel, others)
            return True
        if alarm is not None:
            facts = parcel_facts(asked, order, parcel, others)
            asked.say(f"utter_back_{alarm.value}", **facts, total=order.paid_total)
            return True
    return False


async def say_withdrawal(asked: Asked, order: Order, others: list[Facts]) -> None:
    """Whether there is anything to take back, and whether it can be; what is not done yet is dropped."""
    if drops(asked, UNDOING):
        return None
    facts = {**asked.named(order), "others": others}
    refund = order.refund
    if order.state in CANCELLED and refund is not None and refund.state in STOPPABLE:
        return await begin(asked, DoUndoCancel, others, order_id=order.id)
    if any(item.to_sku for item in order.items):
        return await begin(asked, DoWithdraw, others, order_id=order.id)
    if refund is None or refund.state is RefundState.REFUSED:
        if order.state in CANCELLED | EXCHANGING | MONEY_BACK:
            return await say_state(asked, order, others)
        return asked.say("utter_withdraw_none", **facts, state=order.state.value)
    money = {"amount": refund.amount, "to": refund.to, "progress": refund.state.value}
    if refund.state not in STOPPABLE:
        return asked.say("utter_withdraw_late", **facts, **money)
    return await begin(asked, DoWithdraw, others, order_id=order.id)


class RefundRequest(BackAction):
    """refund_request: money back, goods not mentioned."""

    intent = "refund_request"
    prefers = (AWAITING_DISPATCH, ON_THE_WAY, DELIVERED, MONEY_BACK)

    async def answer(self, asked: Asked) -> None:
        """A deposit has a rule of its own; it is no order's whole money."""
        if not says_deposit(asked):
            await super().answer(asked)

    def wanted(self, asked: Asked) -> tuple[States, ...]:
        """What has a fault has been received."""
        if says(asked.text, "tells_fault") and not says(asked.text, "withdraws"):
            return (DELIVERED, *self.prefers)
        return super().wanted(asked)

    async def presses(self, asked: Asked, order: Order) -> int:
        """A refusal that is spoken of; where no order was shown, one whose parcel is in trouble."""
        if asked.shown_id is not None or order.state not in ON_THE_WAY:
            return await super().presses(asked, order)
        return int(any(trouble(asked, p) for p in await asked.session.access_parcels(order)))

    async def rules(self, asked: Asked) -> None:
        """How money comes back, by the stage of an order."""
        say_refund_rules(asked)

    async def undo(self, asked: Asked, order: Order, others: list[Facts]) -> None:
        """Apply for it: with the goods where they are here, unless the shopper keeps them."""
        late = windows(asked, order).fault < asked.session.today
        if order.state in DELIVERED and (late or asks_only(asked)):
            _say_delivered(asked, order, {**asked.named(order), "others": others})
        elif order.state in DELIVERED and not (
            keeps_goods(asked)
            or _pressed_part(asked)
            or is_for_missing(asked, order)
            or _is_small_fault(asked, order)
        ):
            await begin(asked, DoReturn, others, **carried(asked, DoReturn, order.id))
        elif order.state in AWAITING_DISPATCH and says(asked.text, "cancels_order"):
            asked.show(order)
            asked.follow("action_cancel_order")
        elif order.state in AWAITING_DISPATCH | ON_THE_WAY | DELIVERED:
            await begin(asked, DoRefund, others, **carried(asked, DoRefund, order.id))
        elif order.state in MONEY_BACK:
            await say_refund(asked, order, others)
        else:
            await say_state(asked, order, others)


def keeps_goods(asked: Asked) -> bool:
    """Whether money is wanted and no return."""
    return says(asked.text, "keeps_goods")


def _is_small_fault(asked: Asked, order: Order) -> bool:
    """Whether a fault is told of goods so cheap that the shop does not want them back."""
    items = [[i.product_id, i.sku_id, i.quantity] for i in named_items(asked, order)]
    lines = said_lines(asked, order, []) or faulty_lines(asked, order) or items
    small = worth_of(order, lines) <= asked.policy.refunds.without_goods_up_to
    return small and told_reason(asked, Reason.NO_REASON) in FAULTS


def _pressed_part(asked: Asked) -> bool:
    """Whether a part of the money is the way out of a fault: pressed, or told to be missing."""
    return says(asked.text, "reason_missing") or (not asked.text and bool(asked.entity("reason", "item")))


def _say_delivered(asked: Asked, order: Order, facts: Facts) -> None:
    last = windows(asked, order)
    days = {"until": last.plain.isoformat(), "quality_until": last.fault.isoformat()}
    if last.fault < asked.session.today and last.plain < asked.session.today:
        asked.say("utter_return_past", **facts, **days)
    elif last.plain < asked.session.today:
        asked.say("utter_return_past_quality", **facts, **days)
    else:
        asked.say("utter_refund_delivered", **facts, **days, after_goods=asked.policy.refunds.after_goods)


def say_refund_rules(asked: Asked) -> None:
    """How long each way of getting money back takes."""
    rule = asked.policy.refunds
    longest = max((each.longest for each in rule.arrival.values()), key=lambda d: d.delta)
    asked.say(
        "utter_refund_rules",
        audit_unsent=rule.audit_unsent,
        audit_sent=rule.audit_sent,
        after_goods=rule.after_goods,
        arrival=longest,
    )


class RefundStatus(OrderAction):
    """refund_status: how far the money is."""

    intent = "refund_status"
    prefers = (MONEY_BACK, CANCELLED, EXCHANGING, DELIVERED)
    needs_order = True

    async def answer(self, asked: Asked) -> None:
        """How long it takes in general is told to anyone whose money is not on its way."""
        orders = await asked.session.access_orders()
        if says(asked.text, "asks_rule") and not any(o.refund for o in orders):
            return say_refund_rules(asked)
        return await super().answer(asked)

    def suits(self, asked: Asked, order: Order) -> int:
        """Money on its way before money that has arrived or was refused."""
        return int(order.refund is not None and order.refund.state in RUNNING)

    async def presses(self, asked: Asked, order: Order) -> int:
        """A refusal that the message speaks of, then any refund."""
        if was_refused(order) and says(asked.text, "refused"):
            return 2
        return int(order.refund is not None)

    async def about(self, asked: Asked, order: Order, others: list[Facts]) -> None:
        """The refund's state and the day it is expected; or how it is taken back."""
        if says(asked.text, "withdraws"):
            await say_withdrawal(asked, order, others)
        elif order.refund is None and _wants_refund(asked):
            asked.show(order)
            asked.follow("action_refund_request")
        else:
            await say_refund(asked, order, others)


def _wants_refund(asked: Asked) -> bool:
    """Whether money is wanted, in so many words or for a fault that is told, and not how far it is."""
    wants = says(asked.text, "wants_refund") or told_reason(asked, Reason.NO_REASON) in FAULTS
    return wants and not says(asked.text, "asks_progress")


async def say_refund(asked: Asked, order: Order, others: list[Facts]) -> None:
    """How far an order's refund is; what to do where there is none."""
    facts = {**asked.named(order), "others": others}
    refund = order.refund
    if refund is None:
        return asked.say("utter_refund_absent", **facts, state=order.state.value)
    money = {"amount": refund.amount, "to": refund.to}
    rule = asked.policy.refunds
    match refund.state:
        case RefundState.REQUESTED:
            _say_audit(asked, order, refund, {**facts, **money})
        case RefundState.GOODS_RETURNING:
            asked.say("utter_refund_goods_returning", **facts, **money, after_goods=rule.after_goods)
        case RefundState.PAID:
            paid = (refund.paid or refund.requested).isoformat()
            asked.say("utter_refund_paid", **facts, **money, paid=paid, arrival=arrival(asked, order))
        case RefundState.REFUSED:
            name = "utter_refund_refused_because" if refund.reason else "utter_refund_refused"
            asked.say(name, **facts, **money, because=refund.reason)
        case _:
            _say_coming(asked, order, refund, {**facts, **money})
    return None


def _say_audit(asked: Asked, order: Order, refund: Refund, facts: Facts) -> None:
    """An application that waits for its audit, or has waited too long."""
    rule = asked.policy.refunds
    audit = rule.audit_unsent if order.sent is None else rule.audit_sent
    due = refund.requested + audit.delta
    name = "utter_refund_requested" if due >= asked.session.now else "utter_refund_audit_late"
    asked.say(name, **facts, requested=refund.requested.isoformat(), due=due.isoformat(), audit=audit)


def _say_coming(asked: Asked, order: Order, refund: Refund, facts: Facts) -> None:
    """Approved or being paid: the day it is expected, or that this day has passed."""
    if refund.expected is None:
        return asked.say("utter_refund_paying_open", **facts, arrival=arrival(asked, order))
    late = refund.expected < asked.session.today
    name = "utter_refund_late" if late else f"utter_refund_{refund.state.value}"
    return asked.say(name, **facts, expected=refund.expected.isoformat())
