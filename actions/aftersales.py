"""After delivery: returns, exchanges, faults, wrong or missing goods."""

from __future__ import annotations

from actions.orders import CANCELLED, EXCHANGING, MONEY_BACK, UNPAID, OrderAction, say_dispatch, say_state
from actions.parcels import say_parcel, trouble
from actions.phrases import says
from actions.refunds import BackAction, fault_window, say_refund, say_trouble_back, until, windows
from actions.session import Asked, Facts
from bot.shop.aftersales_rules import ReturnException
from bot.shop.codes import Reason, ReturnRule
from bot.shop.models import AWAITING_DISPATCH, DELIVERED, ON_THE_WAY, Order, Product

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
        """Whether this order may still go back, until when, and how."""
        facts = {**asked.named(order), "others": others}
        if order.state in AWAITING_DISPATCH | UNPAID | CANCELLED | EXCHANGING:
            return await say_state(asked, order, others)
        if order.state in MONEY_BACK:
            return await say_refund(asked, order, others)
        if order.state in ON_THE_WAY:
            payer = asked.policy.returns.payer(Reason.REFUSED_DELIVERY).value
            return asked.say("utter_return_moving", **facts, payer=payer, window=asked.policy.returns.window)
        return self._say_delivered(asked, order, facts)

    def _say_delivered(self, asked: Asked, order: Order, facts: Facts) -> None:
        windows_ = windows(asked, order)
        today, product = asked.session.today, asked.product_of(order)
        days = {"until": windows_.plain.isoformat(), "quality_until": windows_.fault.isoformat()}
        special = exception_of(asked, product)
        if windows_.fault < today and windows_.plain < today:
            return asked.say("utter_return_past", **facts, **days)
        if windows_.plain < today:
            return asked.say("utter_return_past_quality", **facts, **days)
        if product is not None and (special is not None or not product.returnable):
            say_exception(asked, {**facts, **days}, special)
        else:
            asked.say("utter_return_open", **facts, **days)
        return say_return_steps(asked) if says(asked.text, "asks_how") else None


def say_exception(asked: Asked, facts: Facts, special: ReturnException | None) -> None:
    """Why the plain seven days do not hold for some goods, and what holds instead."""
    quality = {"quality_window": fault_window(asked.policy)}
    if special is None or special.rule is ReturnRule.NEVER:
        name = "utter_return_never_because" if special else "utter_return_never"
        asked.say(name, **facts, **quality, because=special.because if special else "")
    else:
        name = "utter_return_special" if "until" in facts else "utter_return_special_rule"
        asked.say(name, **facts, **quality, rule=special.rule.value, because=special.because)


class ExchangeGoods(OrderAction):
    """exchange_goods: another size or colour, a new one, or how an exchange is getting on."""

    intent = "exchange_goods"
    prefers = (EXCHANGING, DELIVERED, ON_THE_WAY)

    async def without(self, asked: Asked) -> None:
        """The shop's rule."""
        rule = asked.policy.exchanges
        asked.say(
            "utter_exchange_rules",
            window=rule.window,
            times=rule.times,
            no_reason=rule.freight.get(Reason.NO_REASON, asked.policy.returns.payer(Reason.NO_REASON)).value,
            quality=rule.freight.get(Reason.QUALITY, asked.policy.returns.payer(Reason.QUALITY)).value,
            resend=rule.resend,
        )

    async def about(self, asked: Asked, order: Order, others: list[Facts]) -> None:
        """Whether it may still be exchanged, and whether the wanted size or colour is there."""
        if says(asked.text, "asks_cost"):
            return _say_exchange_cost(asked, order, others)
        if await say_trouble_back(asked, order, others):
            return None
        facts = {**asked.named(order), "others": others}
        last = until(asked, order, asked.policy.exchanges.window)
        if order.state in EXCHANGING:
            hold = asked.policy.exchanges.resend
            asked.say("utter_exchange_running", **facts, resend=hold, inspect=asked.policy.returns.inspect)
        elif order.state in ON_THE_WAY:
            asked.say("utter_exchange_moving", **facts, window=asked.policy.exchanges.window)
        elif order.state not in DELIVERED:
            await say_state(asked, order, others)
        elif last < asked.session.today:
            asked.say("utter_exchange_past", **facts, until=last.isoformat())
        else:
            self._say_open(asked, order, {**facts, "until": last.isoformat()})
        return None

    def _say_open(self, asked: Asked, order: Order, facts: Facts) -> None:
        rule = asked.policy.exchanges
        payer = rule.freight.get(Reason.NO_REASON, asked.policy.returns.payer(Reason.NO_REASON)).value
        stock = wanted_stock(asked, order)
        wanted = asked.entity("size", "colour")
        if stock is None:
            asked.say("utter_exchange_open", **facts, payer=payer, resend=rule.resend)
        elif stock > 0:
            asked.say("utter_exchange_in_stock", **facts, payer=payer, wanted=wanted, resend=rule.resend)
        else:
            asked.say("utter_exchange_out", **facts, wanted=wanted)


def _say_exchange_cost(asked: Asked, order: Order, others: list[Facts]) -> None:
    """Who bears the freight, and what becomes of a difference in price."""
    rule = asked.policy.exchanges
    payers = {
        "no_reason": rule.freight.get(Reason.NO_REASON, asked.policy.returns.payer(Reason.NO_REASON)).value,
        "quality": rule.freight.get(Reason.QUALITY, asked.policy.returns.payer(Reason.QUALITY)).value,
    }
    name = "utter_exchange_cost_difference" if rule.difference else "utter_exchange_cost"
    asked.say(name, **asked.named(order), others=others, **payers)


def wanted_stock(asked: Asked, order: Order) -> int | None:
    """How many there are in the size and colour of the message, other options kept; None: unasked."""
    product = asked.product_of(order)
    wanted = [v for v in (asked.entity("size"), asked.entity("colour")) if v]
    item = next((i for i in order.items if product and i.product_id == product.id), None)
    if not wanted or product is None or item is None:
        return None
    fitting = [s for s in product.skus if all(_has(s.options, value) for value in wanted)]
    names = {
        name for s in fitting for name, v in s.options.items() if any(v.upper() == w.upper() for w in wanted)
    }
    kept = {name: value for name, value in item.options.items() if name not in names}
    return sum(s.stock for s in fitting if all(s.options.get(n) == v for n, v in kept.items()))


def _has(options: dict[str, str], wanted: str) -> bool:
    return any(value.upper() == wanted.upper() for value in options.values())


class ProductProblem(OrderAction):
    """product_problem: broken, dirty, noisy, does not work."""

    intent = "product_problem"
    prefers = HELD

    reason = Reason.QUALITY
    topic = "utter_problem"

    async def without(self, asked: Asked) -> None:
        """What to prepare, who pays, what the choices are."""
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
        rule = asked.policy.returns
        facts = {**asked.named(order), "others": others, "payer": rule.payer(self.reason).value}
        last = windows(asked, order).fault
        name = f"{self.topic}_open" if last >= asked.session.today else f"{self.topic}_past"
        return asked.say(name, **facts, until=last.isoformat())

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


class WrongMissing(ProductProblem):
    """wrong_missing: the wrong thing, too few, not as described."""

    intent = "wrong_missing"
    reason = Reason.WRONG_ITEM
    topic = "utter_wrong"


def say_fault(asked: Asked, product: Product | None) -> bool:
    """Explain a fault code that the message names; False if it names none."""
    if product is None:
        return False
    said = asked.text.upper().replace(" ", "")
    codes = sorted(product.fault_codes, key=len, reverse=True)
    code = next((c for c in codes if c.upper() in said), None)
    if code is None:
        return False
    title = product.aliases[0] if product.aliases else product.title
    asked.say("utter_fault_code", title=title, code=code, meaning=product.fault_codes[code])
    return True
