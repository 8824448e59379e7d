"""A little money back while the order goes on: a price that has fallen, something that went wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actions.phrases import says
from actions.undertaking import Facts, Undertaking
from actions.undertakings.aftersales import said_amount
from actions.undertakings.claims import said_reason
from bot.shop.codes import Grievance, Reason
from bot.shop.doing.claims import FAULTS
from bot.shop.doing.rows import Refused
from bot.shop.tasks import Task, TaskKind
from bot.shop.wishes import Compensate, ProtectPrice, Wish, order_of, write_key, write_wish

if TYPE_CHECKING:
    from actions.session import Asked

BY_PERSON = frozenset({"over_limit", "not_shown", "too_often"})
"""Codes of a compensation that a person may give all the same."""


class _Payment(Undertaking):
    """Money that goes back to where the order was paid from."""

    def variant(self, result: Facts) -> str:
        """To the gift card at once."""
        return "_card" if result["refund"] == "paid" else ""

    async def told(self, asked: Asked, wish: Wish, result: Facts) -> Facts:
        """With how long bank or wallet take."""
        from actions.orders import arrival

        facts = await super().told(asked, wish, result)
        order = await asked.session.access_order(order_of(wish))
        return {**facts, "arrival": arrival(asked, order) if order else None}


class DoProtectPrice(_Payment):
    """The difference to a lower price is given back."""

    kind = "protect_price"
    own_refusals = frozenset({"past", "too_often", "excluded", "not_lower"})

    async def wish(self, asked: Asked, args: Facts) -> Wish:
        """See Undertaking."""
        return ProtectPrice(args["order_id"])

    async def told(self, asked: Asked, wish: Wish, result: Facts) -> Facts:
        """With the shop's rule."""
        rule = asked.policy.price_protection
        return {**await super().told(asked, wish, result), "audit": rule.audit, "window": rule.window}


class DoCompensate(_Payment):
    """A small sum for what went wrong; a person decides on anything above the owner's limit."""

    kind = "compensate"
    role = "complaint"

    async def take(self, asked: Asked, args: Facts, asks: str | None) -> Facts:
        """What went wrong, and the sum that would do."""
        codes = [each.value for each in Grievance]
        told = next((code for code in codes if says(asked.text, f"grievance_{code}")), "")
        pressed = asked.entity("reason")
        fault = "" if told or "grievance" in args else told_fault(asked, args["order_id"])
        grievance = pressed if pressed in codes else told or fault
        amount = said_amount(asked, asks)
        return {
            **args,
            **({"grievance": grievance} if grievance else {}),
            **({"amount": amount} if amount else {}),
        }

    async def missing(self, asked: Asked, args: Facts) -> str | None:
        """What went wrong; how much, where the shop has no sum for it."""
        if "grievance" not in args:
            return "grievance"
        rule = asked.policy.dispatch.late_compensation
        known = args["grievance"] == Grievance.LATE_DISPATCH.value and rule
        return None if "amount" in args or known else "amount"

    async def question(self, asked: Asked, asks: str, args: Facts) -> Facts:
        """What may have gone wrong, as buttons."""
        order = await asked.session.access_order(args["order_id"])
        rows = [{"title": each.value, "reason": each.value} for each in Grievance]
        return {**(asked.named(order) if order else {}), "rows": rows}

    async def wish(self, asked: Asked, args: Facts) -> Wish:
        """See Undertaking."""
        amount = args.get("amount") or asked.policy.dispatch.late_compensation
        return Compensate(args["order_id"], amount, Grievance(args["grievance"]))

    async def refused(self, asked: Asked, wish: Wish, refusal: Refused) -> None:
        """A person decides on what the bot may not pay; it is written down for them."""
        from actions.handoff import call_person

        if refusal.code not in BY_PERSON:
            return await super().refused(asked, wish, refusal)
        task = _task(asked, wish)
        asked.session.tasks.append(task)
        answer = asked.policy.compensation.answer
        call_person(
            asked,
            "utter_compensation_noted",
            "compensation",
            self.role,
            answer=answer,
            order_id=task.order,
            task_key=task.key[:8],
        )
        return None


def told_fault(asked: Asked, order_id: str) -> str:
    """The grievance of faulty goods where the message, or one before it, tells a fault of the order's."""
    reason = said_reason(asked, {"order_id": order_id}, None).get("reason", "")
    return Grievance.FAULT.value if reason and Reason(reason) in FAULTS else ""


def _task(asked: Asked, wish: Wish) -> Task:
    """Somebody looks at it within the time that the shop promises."""
    due = asked.session.now + asked.policy.compensation.answer.delta
    row = write_wish(wish)
    facts = {name: row[name] for name in ("order_id", "amount", "reason")}
    key = write_key(asked.tracker.sender_id, 0, wish)
    return Task(TaskKind.FOLLOWUP, key, "complaint", due, "utter_task_compensation", facts, order_of(wish))
