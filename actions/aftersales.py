"""After delivery: returns, faults, wrong or missing goods."""

from __future__ import annotations

from actions.changes import CancelOrder
from actions.finding import heard
from actions.handoff import call_person
from actions.knowledge import answered_from_faq
from actions.ordering import fault_code
from actions.orders import CANCELLED, EXCHANGING, MONEY_BACK, UNPAID, OrderAction, say_dispatch, say_state
from actions.parcels import say_parcel, trouble
from actions.phrases import says
from actions.refunds import BackAction, keeps_goods, say_refund, until, windows
from actions.session import Asked, Facts
from actions.undertaking import begin, stand_by
from actions.undertakings.aftersales import DoRefund, DoReturn
from actions.undertakings.claims import asks_only, carried, is_for_missing, keep_fault, told_reason
from bot.shop.aftersales_rules import ReturnException
from bot.shop.codes import Reason, ReturnRule
from bot.shop.doing.claims import REPORTED, fault_window
from bot.shop.models import AWAITING_DISPATCH, DELIVERED, ON_THE_WAY, Order, Product
from bot.shop.values import Duration

HELD = (DELIVERED, EXCHANGING, ON_THE_WAY)
"""Orders whose goods the shopper has, or will have soon."""


def exception_of(asked: Asked, product: Product | None) -> ReturnException | None:
    """What holds instead of the plain seven days, from the product's category."""
    return asked.policy.returns.exception(product.category) if product else None


def say_return_steps(asked: Asked) -> None:
    """How to send goods back: what they must be like, the way on the order page, who pays."""
    rule = asked.policy.returns
    asked.say(
        "utter_return_steps_pickup" if rule.pickup else "utter_return_steps",
        condition=[c.value for c in rule.condition],
        no_reason=rule.payer(Reason.NO_REASON).value,
        quality=rule.payer(Reason.QUALITY).value,
        back_within=rule.send_back_within,
        inspect=rule.inspect,
    )


class ReturnGoods(BackAction):
    """return_goods: may it go back, and how."""

    intent = "return_goods"
    prefers = HELD

    async def rules(self, asked: Asked) -> None:
        """The rule, its exceptions, the steps and the freight; nobody has to prove anything for that."""
        rule = asked.policy.returns
        product = asked.product()
        special = exception_of(asked, product)
        if product is not None and (special is not None or not product.returnable):
            say_exception(asked, {"title": product.aliases[0] if product.aliases else product.title}, special)
        else:
            categories = [e.category for e in rule.exceptions]
            name = "utter_return_rules" if categories else "utter_return_rules_plain"
            asked.say(
                name, window=rule.window, quality_window=fault_window(asked.policy), exceptions=categories
            )
        say_return_steps(asked)

    async def undo(self, asked: Asked, order: Order, others: list[Facts]) -> None:
        """Send it back, or refuse it at the door; a question whether and how is answered."""
        facts = {**asked.named(order), "others": others}
        if order.state in AWAITING_DISPATCH | UNPAID:
            return await CancelOrder().undo(asked, order, others)
        if order.state in CANCELLED | EXCHANGING:
            return await say_state(asked, order, others)
        if order.state in MONEY_BACK:
            return await say_refund(asked, order, others)
        if order.state in ON_THE_WAY and asks_only(asked):
            payer = asked.policy.returns.payer(Reason.REFUSED_DELIVERY).value
            return asked.say("utter_return_moving", **facts, payer=payer, window=asked.policy.returns.window)
        if order.state in ON_THE_WAY:
            return await begin(asked, DoRefund, others, **carried(asked, DoRefund, order.id))
        if keeps_goods(asked) or is_for_missing(asked, order):
            return await begin(asked, DoRefund, others, **carried(asked, DoRefund, order.id))
        if asks_only(asked) or windows(asked, order).fault < asked.session.today:
            return await self._answer_delivered(asked, order, facts)
        return await begin(asked, DoReturn, others, **carried(asked, DoReturn, order.id))

    async def _answer_delivered(self, asked: Asked, order: Order, facts: Facts) -> None:
        """Whether it may go back; while it may, a yes goes on with it."""
        self._say_delivered(asked, order, facts)
        if windows(asked, order).plain >= asked.session.today:
            await stand_by(asked, DoReturn, order_id=order.id)

    def _say_delivered(self, asked: Asked, order: Order, facts: Facts) -> None:
        windows_ = windows(asked, order)
        today, product = asked.session.today, asked.product_of(order)
        days = {"until": windows_.plain.isoformat(), "quality_until": windows_.fault.isoformat()}
        special = exception_of(asked, product)
        if windows_.fault < today:
            repaired = warranty_of(asked, product) is not None
            return asked.say("utter_return_past" if repaired else "utter_return_past_person", **facts, **days)
        if windows_.plain < today:
            return asked.say("utter_return_past_quality", **facts, **days)
        if product is not None and (special is not None or not product.returnable):
            say_exception(asked, {**facts, **days}, special)
        else:
            asked.say("utter_return_open", **facts, **days)
        return say_return_steps(asked) if says(asked.text, "asks_how") else None


def warranty_of(asked: Asked, product: Product | None) -> Duration | None:
    """How long a product is repaired free of charge; None if not at all."""
    if product is None:
        return None
    if product.warranty_days:
        return Duration(f"{product.warranty_days}d")
    return asked.policy.warranty.by_category.get(product.category)


def say_exception(asked: Asked, facts: Facts, special: ReturnException | None) -> None:
    """Why the plain seven days do not hold for some goods, and what holds instead."""
    quality = {"quality_window": fault_window(asked.policy)}
    if special is None or special.rule is ReturnRule.NEVER:
        name = "utter_return_never_because" if special else "utter_return_never"
        asked.say(name, **facts, **quality, because=special.because if special else "")
    else:
        name = "utter_return_special" if "until" in facts else "utter_return_special_rule"
        asked.say(name, **facts, **quality, rule=special.rule.value, because=special.because)


class ProductProblem(OrderAction):
    """product_problem: broken, dirty, noisy, does not work."""

    intent = "product_problem"
    prefers = HELD

    reason = Reason.QUALITY
    topic = "utter_problem"

    async def answer(self, asked: Asked) -> None:
        """Whoever came to harm is put through to a person at once."""
        if heard(asked.text, "harm"):
            answer = asked.policy.complaints.answer
            return call_person(asked, "utter_harm", "complaint", "complaint", answer=answer)
        return await super().answer(asked)

    async def without(self, asked: Asked) -> None:
        """A frequent question is answered; else what to prepare, who pays, what the choices are."""
        if answered_from_faq(asked, asked.text):
            return
        if not say_fault(asked, asked.product()):
            rule = asked.policy.returns
            rules = {"report": rule.report_window, "quality_window": fault_window(asked.policy)}
            asked.say(f"{self.topic}_rules", **rules, payer=rule.payer(self.reason).value)

    async def about(self, asked: Asked, order: Order, others: list[Facts]) -> None:
        """The same with this order's last day."""
        if say_fault(asked, asked.product_of(order)):
            return None
        if order.state not in DELIVERED:
            return await self._about_undelivered(asked, order, others)
        reason = told_reason(asked, self.reason)
        payer = asked.policy.returns.payer(reason).value
        facts = {**asked.named(order), "reason": reason.value, "payer": payer}
        keep_fault(asked, order, reason)
        last, today = windows(asked, order).fault, asked.session.today
        soon = until(asked, order, asked.policy.returns.report_window)
        rows = [*self._ways(asked, order, reason), *_as_rows(others, self.intent)]
        if last < today and warranty_of(asked, asked.product_of(order)) is None:
            return asked.say("utter_problem_past_person", **facts, until=last.isoformat(), others=rows)
        if last < today:
            return asked.say(f"{self.topic}_past", **facts, until=last.isoformat(), others=rows)
        if reason in REPORTED and soon < today:
            return asked.say("utter_problem_late", **facts, until=soon.isoformat(), others=others)
        return asked.say(f"{self.topic}_open", **facts, until=last.isoformat(), others=rows)

    @staticmethod
    def _ways(asked: Asked, order: Order, reason: Reason) -> list[Facts]:
        """What may be done about it, each a press away."""
        small = reason is Reason.MISSING or asked.policy.refunds.without_goods_up_to
        part = "missing_refund" if reason is Reason.MISSING else "refund_request"
        ways = [("return_goods", "return_goods"), ("exchange_goods", "exchange_goods")]
        ways += [(part, "refund_request")] if small else []
        row = {"state": "", "order_id": order.id, "reason": reason.value}
        return [{**row, "title": title, "intent": intent} for title, intent in ways]

    async def _about_undelivered(self, asked: Asked, order: Order, others: list[Facts]) -> None:
        parcels = await asked.session.access_parcels(order)
        worst = next((p for p in parcels if trouble(asked, p)), None)
        if order.state in ON_THE_WAY and worst is not None:
            say_parcel(asked, order, worst, others)
        elif order.state in ON_THE_WAY and parcels:
            asked.say(f"{self.topic}_moving", payer=asked.policy.returns.payer(self.reason).value)
            say_parcel(asked, order, parcels[-1], others)
        elif order.state in AWAITING_DISPATCH:
            await self.without(asked)
            await say_dispatch(asked, order, others)
        else:
            await self.without(asked)


def _as_rows(others: list[Facts], intent: str) -> list[Facts]:
    """Other orders that may be meant, as rows beside the ways out."""
    return [{**row, "intent": intent, "reason": ""} for row in others]


class WrongMissing(ProductProblem):
    """wrong_missing: the wrong thing, too few, not as described."""

    intent = "wrong_missing"
    reason = Reason.WRONG_ITEM
    topic = "utter_wrong"


def say_fault(asked: Asked, product: Product | None) -> bool:
    """Explain a fault code that the message names; False if it names none."""
    if product is None:
        return False
    code = fault_code(asked, product)
    if not code:
        return False
    asked.keep("product_id", product.id)
    title = product.aliases[0] if product.aliases else product.title
    asked.say("utter_fault_code", title=title, code=code, meaning=product.fault_codes[code])
    return True
