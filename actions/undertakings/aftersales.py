"""Money back: with goods, without them, and an application taken back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from actions.phrases import found, is_question, says
from actions.undertaking import ORDER, Facts, Undertaking
from actions.undertakings.claims import (
    asks_state,
    condition_of,
    faulty_lines,
    goods_called,
    goods_text,
    is_used,
    item_rows,
    items_of,
    lines_of,
    of_order,
    order_meant,
    reason_rows,
    said_lines,
    said_reason,
    said_state,
    worth_of,
)
from actions.undertakings.missing import asks_pieces, is_missing, said_missing
from actions.undertakings.trial import refusal, with_named_order
from bot.numerals import NUMERAL, decimal
from bot.shop.codes import Reason
from bot.shop.doing.claims import FAULTS
from bot.shop.models import DELIVERED, Order
from bot.shop.wishes import RefundOnly, ReturnGoods, Wish, WithdrawRefund

if TYPE_CHECKING:
    from actions.session import Asked

WINDOWS = frozenset({"past", "past_quality", "past_report"})
"""Told too late, by code."""


class _Claim(Undertaking):
    """Something about goods of one order: which of them, and why."""

    async def take(self, asked: Asked, args: Facts, asks: str | None) -> Facts:
        """Goods, reason and state of the goods, in whatever order they are told."""
        order = await order_meant(asked, args)
        if order is None:
            return args
        args = of_order(args, order)
        lines = said_lines(asked, order, args.get("lines") or [])
        if lines is None and "lines" not in args:
            lines = faulty_lines(asked, order)
        chosen = {} if lines is None else {"lines": lines}
        return {**args, **chosen, **said_reason(asked, args, asks), **said_state(asked, order.id, asks)}

    async def missing(self, asked: Asked, args: Facts) -> str | None:
        """Which of several goods, then why; of goods with a condition of their own, whether it is met."""
        order = await asked.session.access_order(args["order_id"])
        if order is not None and len(order.items) > 1 and "lines" not in args:
            return "item"
        if "reason" not in args:
            return "reason"
        return "state" if order is not None and asks_state(asked, args, items_of(order, args)) else None

    async def question(self, asked: Asked, asks: str, args: Facts) -> Facts:
        """The goods or the reasons as buttons."""
        order = await asked.session.access_order(args["order_id"])
        rows = item_rows(order) if asks == "item" and order else reason_rows()
        goods = items_of(order, args) if order else []
        title = {"title": goods_called(asked, goods)} if goods and args.get("lines") else {}
        return {**(asked.named(order) if order else {}), "rows": rows, **title, **condition_of(asked, goods)}

    async def told(self, asked: Asked, wish: Wish, result: Facts) -> Facts:
        """With the goods in a line, and how long shop and bank take."""
        from actions.orders import arrival

        facts = await super().told(asked, wish, result)
        order = await asked.session.access_order(facts.get("order_id", ""))
        goods = goods_text(facts["goods"]) if facts.get("goods") else facts.get("title", "")
        rule = asked.policy.refunds
        audit = rule.audit_unsent if facts.get("way") == "unsent" else rule.audit_sent
        times = {"audit": audit, "after_goods": rule.after_goods, "window": asked.policy.returns.window}
        return {**facts, **times, "goods": goods, "arrival": arrival(asked, order) if order else None}


class DoReturn(_Claim):
    """Goods are sent back for their money."""

    kind = "return_goods"
    own_refusals = WINDOWS | {
        "not_returnable",
        "not_returnable_because",
        "used",
        "worn",
        "unsent",
        "on_the_way",
        "nothing_left",
    }

    def becomes(self, asked: Asked, args: Facts) -> Undertaking:
        """What never came cannot go back: its money alone comes."""
        missing = args.get("reason") == Reason.MISSING.value and not says(asked.text, "sends_back")
        return Undertaking.of(DoRefund.kind) if missing else self

    def variant(self, result: Facts) -> str:
        """Some kinds of goods have a condition of their own; faulty ones have none."""
        if result.get("rule"):
            return "_special"
        return "_fault" if Reason(result["reason"]) in FAULTS else ""

    async def missing(self, asked: Asked, args: Facts) -> str | None:
        """Nothing is asked of what would be refused whatever is answered."""
        asks = await super().missing(asked, args)
        if asks != "state":
            return asks
        return asks if await refusal(asked, await self.wish(asked, args)) is None else None

    async def wish(self, asked: Asked, args: Facts) -> Wish:
        """See Undertaking."""
        order = await asked.session.access_order(args["order_id"])
        used = order is not None and is_used(asked, args, items_of(order, args))
        note = args.get("note", "")
        return ReturnGoods(args["order_id"], Reason(args["reason"]), lines_of(args), note, used)

    async def told(self, asked: Asked, wish: Wish, result: Facts) -> Facts:
        """With where and how goods go back."""
        rule = asked.policy.returns
        sent = {"receiver": rule.receiver, "phone": rule.phone, "address": rule.address}
        steps = {"back_within": rule.send_back_within, "inspect": rule.inspect}
        condition = {"condition": [c.value for c in rule.condition]}
        return {**condition, **await super().told(asked, wish, result), **sent, **steps}


class DoRefund(_Claim):
    """Money comes back without a return: not sent, not received, or a small fault."""

    kind = "refund"
    own_refusals = WINDOWS | {"whole_only", "needs_goods", "too_much", "nothing_left"}

    def variant(self, result: Facts) -> str:
        """By where the goods are."""
        return f"_{result['way']}"

    async def take(self, asked: Asked, args: Facts, asks: str | None) -> Facts:
        """Of what was received also the sum that would do; of what was not, why it is not wanted any more."""
        order = await order_meant(asked, args)
        if order is None or order.state not in DELIVERED:
            args = of_order(args, order) if order else args
            why = found(asked.text, "cancel_reason")
            return {**args, "note": why} if why else args
        given = await super().take(asked, args, asks)
        given = {**given, **said_missing(asked, order, given, asks)}
        amount = said_amount(asked, asks) or _price_wanted(asked, order, given)
        amount = 0 if is_missing(order, given) else amount
        return {**given, "amount": amount} if amount else given

    async def missing(self, asked: Asked, args: Facts) -> str | None:
        """Of what was received: why, of missing goods which, else how much."""
        order = await asked.session.access_order(args["order_id"])
        if order is None or order.state not in DELIVERED:
            return None
        if is_missing(order, args):
            several = len(order.items) > 1 and not args.get("lines")
            return "item" if several else "pieces" if asks_pieces(order, args) else None
        if "reason" not in args:
            return "reason"
        if Reason(args["reason"]) not in FAULTS:
            return None
        if "amount" not in args:
            return "amount"
        limit = asked.policy.refunds.without_goods_up_to
        return "amount_over" if args["amount"] > limit > 0 else None

    async def question(self, asked: Asked, asks: str, args: Facts) -> Facts:
        """With the most that is paid without a return."""
        limit = asked.policy.refunds.without_goods_up_to
        return {**await super().question(asked, asks, args), "limit": limit}

    async def wish(self, asked: Asked, args: Facts) -> Wish:
        """Of missing goods all that was paid for them; of others the sum that is told."""
        order = await asked.session.access_order(args["order_id"])
        reason = Reason(args.get("reason", Reason.NO_REASON.value))
        lines = lines_of(args) if order and is_missing(order, args) else ()
        return RefundOnly(args["order_id"], args.get("amount", 0), reason, lines, args.get("note", ""))


class DoWithdraw(Undertaking):
    """An application for money or other goods is taken back."""

    kind = "withdraw_refund"
    own_refusals = frozenset({"paid_back", "nothing_applied"})

    async def take(self, asked: Asked, args: Facts, asks: str | None) -> Facts:
        """The order, where the number that came first was none."""
        return args if "order_id" in args else await with_named_order(asked, args)

    async def missing(self, asked: Asked, args: Facts) -> str | None:
        """Nothing but the order."""
        return None if "order_id" in args else ORDER

    def variant(self, result: Facts) -> str:
        """What has not left is sent then; what is here is kept."""
        return "_unsent" if result.get("now") in ("paid", "packed") else ""

    async def wish(self, asked: Asked, args: Facts) -> Wish:
        """See Undertaking."""
        return WithdrawRefund(args["order_id"])


def said_amount(asked: Asked, asks: str | None) -> int:
    """The sum of the message in fen, 赔我200 among it; a bare number where it was asked for; else 0."""
    wanted = (asks or "").startswith("amount") and not (asked.product_names and is_question(asked.text))
    told = asked.text if wanted else found(asked.text, "sum_told")
    number = re.search(NUMERAL, told)
    said = asked.entity("money") or (str(decimal(number.group())) if number else "")
    try:
        return round(float(said) * 100) if said else 0
    except ValueError:
        return 0


def _price_wanted(asked: Asked, order: Order, args: Facts) -> int:
    """What was paid for faulty goods so cheap that they need not come back, where that is wanted; else 0."""
    fault = Reason(args.get("reason", Reason.NO_REASON.value)) in FAULTS
    if not fault or "amount" in args or not says(asked.text, "wants_price") or says(asked.text, "wants_part"):
        return 0
    worth = worth_of(order, args.get("lines") or [])
    return worth if worth <= asked.policy.refunds.without_goods_up_to else 0
