"""What is changed about an order before it leaves, or undone: cancelled, gone on with, urged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actions.phrases import found
from actions.undertaking import Facts, Undertaking
from bot.shop.wishes import Cancel, UndoCancel, Wish

if TYPE_CHECKING:
    from actions.session import Asked


class DoCancel(Undertaking):
    """An order is cancelled."""

    kind = "cancel"

    def variant(self, result: Facts) -> str:
        """Unpaid there is no money; to the gift card it goes at once."""
        if "amount" not in result:
            return "_unpaid"
        return "_gift_card" if result["refund"] == "paid" else ""

    async def take(self, asked: Asked, args: Facts, asks: str | None) -> Facts:
        """A reason, where the message tells one."""
        reason = found(asked.text, "cancel_reason")
        return {**args, "reason": reason} if reason else args

    async def wish(self, asked: Asked, args: Facts) -> Wish:
        """See Undertaking."""
        return Cancel(args["order_id"], args.get("reason", ""))

    async def told(self, asked: Asked, wish: Wish, result: Facts) -> Facts:
        """With how long the money takes to the account it came from."""
        from actions.orders import arrival

        facts = await super().told(asked, wish, result)
        order = await asked.session.access_order(facts.get("order_id", ""))
        audit = asked.policy.refunds.audit_unsent
        return {**facts, "audit": audit, "arrival": arrival(asked, order)} if order else facts


class DoUndoCancel(Undertaking):
    """A cancelled order is gone on with."""

    kind = "undo_cancel"
    own_refusals = frozenset({"paid_back", "never_paid", "not_cancelled"})

    async def wish(self, asked: Asked, args: Facts) -> Wish:
        """See Undertaking."""
        return UndoCancel(args["order_id"])
