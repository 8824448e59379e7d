"""Sending goods back: who pays, where to, how it is picked up, and what becomes of it there."""

from __future__ import annotations

from collections.abc import Callable

from actions.orders import MONEY_BACK, OrderAction, say_unmet
from actions.phrases import says
from actions.refunds import say_refund, say_trouble_back
from actions.session import Asked, Facts
from bot.shop.codes import Reason
from bot.shop.models import ON_THE_WAY, Order


class ReturnShipping(OrderAction):
    """return_shipping: freight, insurance, address, pick-up, waybill, arrival; only what was asked."""

    intent = "return_shipping"
    prefers = (MONEY_BACK, ON_THE_WAY)

    async def answer(self, asked: Asked) -> None:
        """The order talked about where it has its own answer; else the rules, the same for every order.

        Goods or a number alone tell which of them is to go back.
        """
        if asked.intent == "provide_info" and (asked.names_number or asked.product_names):
            return asked.follow("action_return_goods")
        pick = await asked.pick(*self.prefers, keeps=False)
        if say_unmet(asked, pick, needs_order=False):
            return None
        order = pick.order
        if order is not None and await self._say_own(asked, order, asked.order_facts(pick.others)):
            asked.show(order)
        else:
            self._say_rules(asked)
        return None

    async def about(self, asked: Asked, order: Order, others: list[Facts]) -> None:
        """Not reached: the rules are the same for every order."""

    @staticmethod
    async def _say_own(asked: Asked, order: Order, others: list[Facts]) -> bool:
        """A parcel in trouble is not sent back; whether goods came back shows in the refund."""
        if order.refund is not None and says(asked.text, "asks_back_arrived"):
            await say_refund(asked, order, others)
            return True
        meant = order.id == asked.shown_id or bool(asked.product_names) or says(asked.text, "lost")
        return meant and await say_trouble_back(asked, order, others)

    @staticmethod
    def _say_rules(asked: Asked) -> None:
        said = [say for topic, say in TOPICS.items() if says(asked.text, topic)]
        for say in said or (say_freight, say_address):
            say(asked)


def say_freight(asked: Asked) -> None:
    """Who pays, by reason; with the insurance where the shop gives one."""
    rule = asked.policy.returns
    payers = {
        "no_reason": rule.payer(Reason.NO_REASON).value,
        "quality": rule.payer(Reason.QUALITY).value,
        "wrong_item": rule.payer(Reason.WRONG_ITEM).value,
    }
    if rule.insurance:
        asked.say("utter_return_freight_insured", **payers, cover=rule.insurance_cover)
    else:
        asked.say("utter_return_freight", **payers)


def say_address(asked: Asked) -> None:
    """Where to, after the application has been accepted."""
    rule = asked.policy.returns
    name = "utter_return_address_pickup" if rule.pickup else "utter_return_address"
    sent = {"receiver": rule.receiver, "phone": rule.phone, "address": rule.address}
    asked.say(
        name if not rule.collect_on_delivery else f"{name}_collect", **sent, back_within=rule.send_back_within
    )


def say_insurance(asked: Asked) -> None:
    """Whether the shop gives freight insurance, and how much it covers."""
    rule = asked.policy.returns
    if rule.insurance:
        asked.say("utter_return_insured", cover=rule.insurance_cover)
    else:
        asked.say("utter_return_not_insured", no_reason=rule.payer(Reason.NO_REASON).value)


def say_waybill(asked: Asked) -> None:
    """Where the waybill of the goods sent back is filled in."""
    asked.say("utter_return_waybill", back_within=asked.policy.returns.send_back_within)


def say_arrived(asked: Asked) -> None:
    """How to see whether they are there, and what comes then."""
    asked.say(
        "utter_return_arrived",
        inspect=asked.policy.returns.inspect,
        after_goods=asked.policy.refunds.after_goods,
    )


def say_pickup(asked: Asked) -> None:
    """Whether a courier comes for them."""
    name = "utter_return_pickup" if asked.policy.returns.pickup else "utter_return_no_pickup"
    asked.say(name, back_within=asked.policy.returns.send_back_within)


TOPICS: dict[str, Callable[[Asked], None]] = {
    "asks_back_waybill": say_waybill,
    "asks_back_arrived": say_arrived,
    "asks_insurance": say_insurance,
    "asks_pickup": say_pickup,
    "asks_back_freight": say_freight,
    "asks_back_address": say_address,
}
"""Part of the topic, by its pattern, to who says it."""
