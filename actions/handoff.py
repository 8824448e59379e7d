"""A person takes over: asked for, or due because only a person may decide."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from actions.finding import heard
from actions.intents import before_buying, talk
from actions.orders import OrderAction
from actions.phrases import says
from actions.session import Asked, Facts, ShopAction
from actions.undertaking import begin
from actions.undertakings.claims import carried
from actions.undertakings.goodwill import DoCompensate
from actions.underway import begun_by_this_message
from bot.shop.models import AWAITING_DISPATCH, DELIVERED, ON_THE_WAY, Order
from bot.shop.tasks import Task, TaskKind

PACKING = frozenset({"ship_time", "urge_ship", "modify_order", "modify_address"})
COMPLAINT = frozenset({"complaint", "compensation"})

PLAIN_WISH = "asked_for_person"
"""The reason when nothing but a person was asked for."""
STILL_WAITS = "utter_handoff_again"


def role_for(intents: Iterable[str]) -> str:
    """The desk's role for what was asked, latest first."""
    last = next((name for name in intents if name and name not in talk()), "")
    if last in before_buying():
        return "sales"
    if last in PACKING:
        return "packing"
    return "complaint" if last in COMPLAINT else "aftersales"


def asked_before(asked: Asked) -> list[str]:
    """The intents of the conversation, latest first."""
    return [*asked.lately, asked.tracker.get_slot("wish") or ""]


def call_person(asked: Asked, response: str, reason: str, role: str, **facts: object) -> None:
    """Hand over: `…_queued`, or while nobody is there `…_later`, which says when they are back.

    Who waits for a person already and says nothing new is not told all of it again.
    """
    if asked.session.waiting and reason in (asked.session.waiting, PLAIN_WISH):
        response, facts = STILL_WAITS, {}
    when, back = _when(asked)
    asked.hand_over(f"{response}_{when}", reason, role, **back, **facts)


def still_waits(asked: Asked) -> None:
    """The place in the queue is kept, and by when somebody answers."""
    when, back = _when(asked)
    asked.say(f"{STILL_WAITS}_{when}", **back)


def _when(asked: Asked) -> tuple[str, dict[str, str]]:
    """Which wording tells when a person answers, and the fact that goes into it."""
    shop, now = asked.policy.shop, asked.session.now
    if shop.agents_at(now):
        return "queued", {}
    back = shop.agents_next(now)
    return ("later", {"back": back.isoformat()}) if back else ("away", {})


def hours(asked: Asked) -> dict[str, str]:
    """Opening hours as facts."""
    shop = asked.policy.shop
    return {
        "weekday_begins": f"{shop.weekdays.begins:%H:%M}",
        "weekday_ends": f"{shop.weekdays.ends:%H:%M}",
        "weekend_begins": f"{shop.weekends.begins:%H:%M}",
        "weekend_ends": f"{shop.weekends.ends:%H:%M}",
    }


class HumanAgent(ShopAction):
    """human_agent: a question about the bot is answered truthfully; an explicit wish is put through."""

    intent = "human_agent"

    async def answer(self, asked: Asked) -> None:
        """Questions first, unless the same message also asks for a person."""
        wants = says(asked.text, "wants_person")
        if not wants and says(asked.text, "asks_hours"):
            return asked.say("utter_handoff_hours", **hours(asked))
        if not wants and says(asked.text, "asks_identity"):
            return asked.say("utter_handoff_identity")
        if says(asked.text, "asks_phone") and asked.policy.shop.phone:
            return asked.say("utter_handoff_phone", phone=asked.policy.shop.phone, **hours(asked))
        role = "complaint" if says(asked.text, "wants_superior") else role_for(asked_before(asked))
        return call_person(asked, "utter_handoff", PLAIN_WISH, role)


class Complaint(ShopAction):
    """complaint: nothing concrete to do; an apology and a person."""

    intent = "complaint"

    async def answer(self, asked: Asked) -> None:
        """Apologise, say by when somebody answers, and hand over."""
        if says(asked.text, "mere_scorn"):
            return asked.say("utter_complaint_which")
        rule = asked.policy.complaints
        if heard(asked.text, "of_complaint"):
            return asked.say("utter_complaint_status", answer=rule.answer, settle=rule.settle)
        task = await _complaint(asked)
        if asked.session.waiting != task.role:
            asked.session.tasks.append(task)
        facts = {"answer": rule.answer, "settle": rule.settle, "task_key": task.key[:8]}
        return call_person(asked, "utter_complaint", "complaint", task.role, **facts)


async def _complaint(asked: Asked) -> Task:
    """The complaint written down for a person: one a day and conversation, with the order talked of."""
    rule, session = asked.policy.complaints, asked.session
    order = await session.access_order(asked.shown_id) if asked.shown_id else None
    text = f"complaint/{asked.tracker.sender_id}/{session.today}"
    key = hashlib.sha256(text.encode()).hexdigest()[:32]
    facts = {"answer": rule.answer, "settle": rule.settle, "order_id": order.id if order else ""}
    due = session.now + rule.answer.delta
    response = "utter_task_complaint_order" if order else "utter_task_complaint"
    return Task(TaskKind.COMPLAINT, key, "complaint", due, response, facts, facts["order_id"])


class Compensation(OrderAction):
    """compensation: how much for the trouble; a little at once, above the owner's limit a person decides."""

    intent = "compensation"
    prefers = (DELIVERED | ON_THE_WAY | AWAITING_DISPATCH,)

    async def answer(self, asked: Asked) -> None:
        """A late dispatch has its rule; who waits for a person is not kept from them; a claim goes before."""
        if begun_by_this_message(asked):
            return None
        late = asked.policy.dispatch.late_compensation
        if late and says(asked.text, "late_dispatch_rule"):
            return asked.say("utter_compensation_late", amount=late, promise=asked.policy.dispatch.promise)
        if asked.session.waiting or not asked.policy.compensation.per_order:
            return await self.without(asked)
        return await super().answer(asked)

    async def without(self, asked: Asked) -> None:
        """Take the trouble seriously, say by when, and hand over."""
        answer = asked.policy.compensation.answer
        call_person(asked, "utter_compensation", "compensation", "complaint", answer=answer)

    async def about(self, asked: Asked, order: Order, others: list[Facts]) -> None:
        """Pay a little for what went wrong with this order."""
        await begin(asked, DoCompensate, others, **carried(asked, DoCompensate, order.id))
