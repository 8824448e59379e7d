"""The parcel: where it is, when it comes, what is wrong with it, and how it is delivered."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from actions.finding import heard, table
from actions.handoff import call_person
from actions.orders import UNPAID, OrderAction, dispatch_by, is_late, say_dispatch, say_state
from actions.parcels import is_overdue, moves_well, parcel_facts, parcels_meant, say_parcel, trouble
from actions.phrases import says
from actions.picking import holding
from actions.session import Asked, Facts
from actions.undertaking import offer
from actions.undertakings.changes import DoUrge
from actions.underway import under_way
from bot.shop.models import (
    AWAITING_DISPATCH,
    DELIVERED,
    ON_THE_WAY,
    Order,
    OrderState,
    Parcel,
    ParcelState,
)
from bot.shop.tasks import Task, TaskKind

OF_PARCEL = frozenset({"not_received", "track_logistics", "logistics_delay", "delivery_eta"})
"""Requests after which the courier of that very parcel is meant."""


class TrackLogistics(OrderAction):
    """track_logistics: where is it, what is the waybill."""

    intent = "track_logistics"
    prefers = (ON_THE_WAY, DELIVERED, AWAITING_DISPATCH, UNPAID)
    fits = ON_THE_WAY
    needs_order = True

    async def presses(self, asked: Asked, order: Order) -> int:
        """One that waits to be fetched, for its code; the one in talk, for who brought it."""
        if order.id == asked.shown_id and says(asked.text, "asks_courier"):
            return int(bool(OF_PARCEL & set(asked.lately[1:2])))
        if order.state not in ON_THE_WAY or not says(asked.text, "asks_pickup_code"):
            return 0
        return int(
            any(p.state is ParcelState.WAITING_PICKUP for p in await asked.session.access_parcels(order))
        )

    async def about(self, asked: Asked, order: Order, others: list[Facts]) -> None:
        """Each parcel of the order; before dispatch, when it leaves."""
        parcels = await parcels_meant(asked, order)
        if parcels and says(asked.text, "asks_pickup_code") and moves_well(asked, parcels[-1]):
            return asked.say("utter_parcel_no_code", **parcel_facts(asked, order, parcels[-1], others))
        if parcels and says(asked.text, "asks_courier") and not any(p.courier_phone for p in parcels):
            return self._say_no_courier(asked, order, parcels[-1], others)
        brought = next((p for p in parcels if p.state is ParcelState.SIGNED and p.courier_phone), None)
        if brought is not None and says(asked.text, "asks_courier"):
            return asked.say("utter_parcel_courier_signed", **parcel_facts(asked, order, brought, others))
        for parcel in parcels[:-1]:
            say_parcel(asked, order, parcel, [])
        if parcels:
            say_parcel(asked, order, parcels[-1], others)
        elif order.state in AWAITING_DISPATCH:
            await say_dispatch(asked, order, others)
        else:
            await say_state(asked, order, others)
        return None

    @staticmethod
    def _say_no_courier(asked: Asked, order: Order, parcel: Parcel, others: list[Facts]) -> None:
        if moves_well(asked, parcel):
            asked.say("utter_parcel_no_courier", **parcel_facts(asked, order, parcel, others))
        else:
            say_parcel(asked, order, parcel, others)


class LogisticsDelay(OrderAction):
    """logistics_delay: no movement, too slow, overdue."""

    intent = "logistics_delay"
    prefers = (ON_THE_WAY, AWAITING_DISPATCH, DELIVERED)
    fits = ON_THE_WAY | AWAITING_DISPATCH
    needs_order = True

    async def presses(self, asked: Asked, order: Order) -> int:
        """A parcel in trouble, then one that is overdue."""
        parcels = await asked.session.access_parcels(order)
        if any(trouble(asked, p) for p in parcels):
            return 2
        return int(any(is_overdue(asked, p) and p.state is not ParcelState.SIGNED for p in parcels))

    async def about(self, asked: Asked, order: Order, others: list[Facts]) -> None:
        """Name the trouble first; a parcel that moves as it should is shown to do so."""
        parcels = await parcels_meant(asked, order)
        if not parcels and order.state in AWAITING_DISPATCH:
            return await say_dispatch(asked, order, others)
        if not parcels:
            return await say_state(asked, order, others)
        if wants_money(asked, parcels):
            return asked.follow("action_refund_request")
        if resent(asked, order, parcels, others):
            return None
        alarmed = [p for p in parcels if trouble(asked, p)]
        worst = next((p for p in [*alarmed, *parcels] if p in alarmed or is_overdue(asked, p)), parcels[-1])
        if moves_well(asked, worst):
            return asked.say("utter_delay_moving", **parcel_facts(asked, order, worst, others))
        say_parcel(asked, order, worst, others)
        return await offer(asked, DoUrge, order_id=order.id)


class DeliveryEta(OrderAction):
    """delivery_eta: when does it arrive."""

    intent = "delivery_eta"
    prefers = (frozenset({OrderState.OUT_FOR_DELIVERY}), ON_THE_WAY, AWAITING_DISPATCH)

    async def answer(self, asked: Asked) -> None:
        """A province that is named is asked about in general; goods nobody has ordered come into stock."""
        if await self._asks_stock(asked):
            return asked.follow("action_stock_query")
        if self._province(asked) and not asked.names_number:
            return await self.without(asked)
        return await super().answer(asked)

    @staticmethod
    async def _asks_stock(asked: Asked) -> bool:
        """Whether 到货 means the shop's shelf: of goods that are named and in none of their orders."""
        if not asked.product_names or not heard(asked.text, "comes_in"):
            return False
        return not holding(asked.catalogue, await asked.session.access_orders(), asked.product_names)

    @staticmethod
    def _province(asked: Asked) -> str:
        place = asked.entity("address") or asked.text
        named = next((p for area in asked.policy.delivery.areas for p in area.provinces if p in place), "")
        return named or next((regions[0] for city, regions in table("regions").items() if city in place), "")

    async def without(self, asked: Asked) -> None:
        """The usual days on the way, to the province the shopper named if there is one."""
        delivery, province = asked.policy.delivery, self._province(asked)
        fewest, most = delivery.days_to(province)
        facts = {"fewest": fewest, "most": most, "warehouse": asked.policy.dispatch.warehouse}
        asked.say("utter_eta_area" if province else "utter_eta_policy", **facts, province=province)

    async def about(self, asked: Asked, order: Order, others: list[Facts]) -> None:
        """The carrier's day; before dispatch, dispatch and the usual days on the way."""
        parcels = await parcels_meant(asked, order)
        if order.state in AWAITING_DISPATCH and not is_late(asked, order):
            fewest, most = asked.policy.delivery.days_to(order.address.province)
            by = dispatch_by(asked, order).isoformat()
            asked.say(
                "utter_eta_awaiting", **asked.named(order), by=by, fewest=fewest, most=most, others=others
            )
        elif order.state in AWAITING_DISPATCH:
            await say_dispatch(asked, order, others)
        elif parcels:
            self._say_day(asked, order, parcels[-1], others)
        else:
            await say_state(asked, order, others)

    @staticmethod
    def _say_day(asked: Asked, order: Order, parcel: Parcel, others: list[Facts]) -> None:
        if moves_well(asked, parcel):
            asked.say("utter_eta_expected", **parcel_facts(asked, order, parcel, others))
        else:
            say_parcel(asked, order, parcel, others)


def wants_money(asked: Asked, parcels: Sequence[Parcel]) -> bool:
    """Whether money is wanted for parcels that are lost, and not yet spoken of: 快递丢了吧 退钱."""
    lost = all(trouble(asked, parcel) is ParcelState.LOST for parcel in parcels)
    return lost and under_way(asked) is None and says(asked.text, "wants_money_back")


class NotReceived(OrderAction):
    """not_received: shown as signed or finished, and not there."""

    intent = "not_received"
    prefers = (frozenset({OrderState.SIGNED}), ON_THE_WAY, DELIVERED, AWAITING_DISPATCH)
    needs_order = True

    async def presses(self, asked: Asked, order: Order) -> int:
        """A lost parcel, unless the message speaks of one that was signed for."""
        if order.state not in ON_THE_WAY or says(asked.text, "signed_for"):
            return 0
        parcels = await asked.session.access_parcels(order)
        return int(any(trouble(asked, p) is ParcelState.LOST for p in parcels))

    async def about(self, asked: Asked, order: Order, others: list[Facts]) -> None:
        """Where it was left, what to check, and by when the shop answers."""
        parcels = await parcels_meant(asked, order)
        rule = asked.policy.delivery.not_received
        if not parcels:
            return await say_state(asked, order, others)
        if wants_money(asked, parcels):
            return asked.follow("action_refund_request")
        if resent(asked, order, parcels, others):
            return None
        parcel = next((p for p in parcels if p.state is ParcelState.SIGNED), parcels[-1])
        if parcel.state is ParcelState.SIGNED and self._was_looked_for(asked, order):
            return self._call_person(asked, order, parcel)
        if parcel.state is not ParcelState.SIGNED:
            return say_parcel(asked, order, parcel, others)
        name = "utter_not_received_call" if parcel.courier_phone else "utter_not_received_signed"
        answers = {"answer": rule.answer, "settle": rule.settle}
        return asked.say(name, **parcel_facts(asked, order, parcel, others), **answers)

    @staticmethod
    def _was_looked_for(asked: Asked, order: Order) -> bool:
        """Whether the shopper has looked where it might be, or was told to and still has nothing."""
        looked = bool(heard(asked.text, "checked_already"))
        again = asked.lately[1:2] == [NotReceived.intent] and asked.shown_id == order.id
        return again or (looked and says(asked.text, "signed_for"))

    @staticmethod
    def _call_person(asked: Asked, order: Order, parcel: Parcel) -> None:
        """A person asks the carrier; the task says of which parcel, and by when it is to be answered."""
        rule, session = asked.policy.delivery.not_received, asked.session
        facts: Facts = {"carrier": parcel.carrier, "waybill": parcel.waybill}
        times: Facts = {"answer": rule.answer, "settle": rule.settle}
        key = hashlib.sha256(f"not_received/{parcel.waybill}/{session.today}".encode()).hexdigest()[:32]
        due, told = session.now + rule.answer.delta, {**facts, **times, "order_id": order.id}
        response = "utter_task_not_received"
        session.tasks.append(Task(TaskKind.FOLLOWUP, key, "aftersales", due, response, told, order.id))
        facts["title"] = asked.named(order)["title"]
        call_person(asked, "utter_missing_parcel", "not_received", "aftersales", **facts, **times)


def resent(asked: Asked, order: Order, parcels: Sequence[Parcel], others: list[Facts]) -> bool:
    """Whether the goods of a parcel in trouble are wanted once more, and the shopper was told how."""
    parcel = next((p for p in parcels if trouble(asked, p)), None)
    if parcel is None or not heard(asked.text, "wants_resend"):
        return False
    lost = trouble(asked, parcel) is ParcelState.LOST
    name = "utter_parcel_resend_lost" if lost else "utter_parcel_resend"
    asked.say(name, **parcel_facts(asked, order, parcel, others))
    return True
