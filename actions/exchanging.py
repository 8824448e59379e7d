"""Exchanges: another size or colour, another product, or how an exchange is getting on."""

from __future__ import annotations

from datetime import date

from actions.changes import ModifyOrder
from actions.finding import prices_of, stock_of
from actions.orders import EXCHANGING, UNPAID, OrderAction, say_state
from actions.phrases import says
from actions.refunds import UNDOING, say_trouble_back, say_withdrawal, until, windows
from actions.session import Asked, Facts
from actions.undertaking import begin, drops
from actions.undertakings.changes import wanted_variant
from actions.undertakings.claims import asks_only, carried
from actions.undertakings.exchanging import DoExchange, names_variant
from bot.shop.codes import Payer, Reason
from bot.shop.models import AWAITING_DISPATCH, DELIVERED, ON_THE_WAY, Order, Product


class ExchangeGoods(OrderAction):
    """exchange_goods: another size or colour, a new one, or how an exchange is getting on."""

    intent = "exchange_goods"
    prefers = (EXCHANGING, DELIVERED, ON_THE_WAY)

    def suits(self, asked: Asked, order: Order) -> int:
        """One whose goods come in other variants."""
        products = [asked.catalogue.get(item.product_id) for item in order.items]
        return int(any(product is not None and len(product.skus) > 1 for product in products))

    async def presses(self, asked: Asked, order: Order) -> int:
        """One whose goods come in the variant that is wanted instead."""
        return int(order.state in DELIVERED and any(wanted_variant(asked, item) for item in order.items))

    async def without(self, asked: Asked) -> None:
        """Whether one product may be had for the other, else the shop's rule."""
        mine, wanted = asked.product(), asked.wanted_instead
        if mine is not None and wanted is not None and mine != wanted and not _swaps(asked, mine, wanted):
            return _say_no_swap(asked, mine, wanted)
        rule = asked.policy.exchanges
        return asked.say(
            "utter_exchange_rules", window=rule.window, times=rule.times, resend=rule.resend, **_payers(asked)
        )

    async def about(self, asked: Asked, order: Order, others: list[Facts]) -> None:
        """Whether it may still be exchanged, and whether what is wanted instead is there."""
        if says(asked.text, "asks_cost"):
            _say_cost(asked, order, others)
            if order.state in DELIVERED and _tells_exchange(asked, order):
                await begin(asked, DoExchange, **carried(asked, DoExchange, order.id))
            return None
        if says(asked.text, "withdraws_exchange") and any(item.to_sku for item in order.items):
            return await say_withdrawal(asked, order, others)
        if says(asked.text, "withdraws_exchange") and not names_variant(asked, order):
            return None if drops(asked, UNDOING) else asked.follow("action_deny")
        if await say_trouble_back(asked, order, others):
            return None
        facts = {**asked.named(order), "others": others}
        if say_other_product(asked, order, facts):
            return None
        if order.state in EXCHANGING:
            resend = asked.policy.exchanges.resend
            asked.say("utter_exchange_running", **facts, resend=resend, inspect=asked.policy.returns.inspect)
        elif order.state in UNPAID | AWAITING_DISPATCH:
            await ModifyOrder().about(asked, order, others)
        elif order.state in ON_THE_WAY:
            asked.say("utter_exchange_moving", **facts, window=asked.policy.exchanges.window)
        elif order.state not in DELIVERED:
            await say_state(asked, order, others)
        else:
            await _exchange(asked, order, facts)
        return None


def _tells_exchange(asked: Asked, order: Order) -> bool:
    """Whether what is wanted is told beside a question of costs, and not asked: 换50克的 差价怎么算."""
    return names_variant(asked, order) and not says(asked.text, "asks_barely")


async def _exchange(asked: Asked, order: Order, facts: Facts) -> None:
    """Exchange what is here; a question whether it goes is answered, and that it is too late for anything."""
    last = until(asked, order, asked.policy.exchanges.window)
    if max(last, windows(asked, order).fault) < asked.session.today:
        return asked.say("utter_exchange_past", **facts, until=last.isoformat())
    if asks_only(asked) and not names_variant(asked, order) and last >= asked.session.today:
        payer, resend = _payer(asked, Reason.NO_REASON).value, asked.policy.exchanges.resend
        return asked.say("utter_exchange_open", **facts, until=last.isoformat(), payer=payer, resend=resend)
    return await begin(asked, DoExchange, facts["others"], **carried(asked, DoExchange, order.id))


def say_other_product(asked: Asked, order: Order, facts: Facts) -> bool:
    """Whether another product is wanted for the order's that the shop does not give, and that was told."""
    mine, wanted = asked.product_of(order), asked.wanted_instead
    if mine is None or wanted is None or mine == wanted:
        return False
    facts = {**facts, "wanted": _called(wanted), "price": prices_of(wanted)[0]}
    if order.state in UNPAID | AWAITING_DISPATCH:
        asked.say("utter_exchange_other_unsent", **facts, state=order.state.value)
    elif order.state not in DELIVERED | ON_THE_WAY:
        return False
    elif not _swaps(asked, mine, wanted):
        _say_no_swap_of(asked, order, mine, wanted, facts)
    elif order.state in ON_THE_WAY:
        return False
    elif not wanted.on_sale or not stock_of(wanted):
        asked.say("utter_exchange_other_out", **facts)
    else:
        return False
    return True


def _swaps(asked: Asked, mine: Product, wanted: Product) -> bool:
    """Whether the shop gives the one for the other."""
    same_price = prices_of(mine)[0] == prices_of(wanted)[0]
    return wanted.id in mine.exchangeable and (asked.policy.exchanges.difference or same_price)


def _say_no_swap_of(asked: Asked, order: Order, mine: Product, wanted: Product, facts: Facts) -> None:
    """The way round it: give the one back while that goes, and buy the other."""
    last: date = windows(asked, order).plain
    if order.state in ON_THE_WAY:
        _say_no_swap(asked, mine, wanted)
    elif last < asked.session.today:
        asked.say("utter_exchange_other_past", **facts, until=last.isoformat())
    else:
        asked.say("utter_exchange_other_return", **facts, until=last.isoformat())


def _say_no_swap(asked: Asked, mine: Product, wanted: Product) -> None:
    price = prices_of(wanted)[0]
    asked.say("utter_exchange_other_rule", title=_called(mine), wanted=_called(wanted), price=price)


def _called(product: Product) -> str:
    return product.aliases[0] if product.aliases else product.title


def _say_cost(asked: Asked, order: Order, others: list[Facts]) -> None:
    """Who bears the freight, and what becomes of a difference in price."""
    difference = asked.policy.exchanges.difference
    name = "utter_exchange_cost_difference" if difference else "utter_exchange_cost"
    asked.say(name, **asked.named(order), others=others, **_payers(asked))


def _payers(asked: Asked) -> Facts:
    reasons = (Reason.NO_REASON, Reason.QUALITY)
    return {reason.value: _payer(asked, reason).value for reason in reasons}


def _payer(asked: Asked, reason: Reason) -> Payer:
    """Who bears the freight of an exchange; as for a return where the shop says nothing of its own."""
    return asked.policy.exchanges.freight.get(reason, asked.policy.returns.payer(reason))
