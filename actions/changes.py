"""What may still be changed about an order: address, options, remark, or all of it by cancelling."""

from __future__ import annotations

from actions.dispatching import arranged
from actions.finding import heard
from actions.ordering import pays_by_card
from actions.orders import CANCELLED, UNPAID, OrderAction, say_state
from actions.phrases import says
from actions.picking import States
from actions.refunds import BackAction, say_withdrawal
from actions.session import Asked, Facts
from actions.undertaking import Undertaking, also, begin
from actions.undertakings.aftersales import DoRefund
from actions.undertakings.buying import DoPayGiftCard
from actions.undertakings.changes import DoCancel, DoChangeRemark, DoChangeVariant, wanted_variant
from actions.undertakings.claims import carried
from actions.undertakings.receivers import DoChangeAddress, said_receiver
from actions.undertakings.visits import DoCancelVisit
from actions.visits import TELLS_VISIT, booked_visit, means_visit, visited
from bot.shop.codes import Reason, Stage
from bot.shop.doing.changes import OPEN_UNTIL
from bot.shop.models import AWAITING_DISPATCH, DELIVERED, ON_THE_WAY, Order


class ModifyAddress(OrderAction):
    """modify_address: another receiver, phone or address."""

    intent = "modify_address"
    prefers = (AWAITING_DISPATCH, UNPAID, ON_THE_WAY)

    async def without(self, asked: Asked) -> None:
        """Until when, and where on the order page."""
        changes = asked.policy.changes
        asked.say("utter_modify_address_policy", until=changes.address.value, times=changes.address_times)

    async def about(self, asked: Asked, order: Order, others: list[Facts]) -> None:
        """Change it while that is possible; else why not, and the way that is left."""
        if not said_receiver(asked, None) and any(wanted_variant(asked, item) for item in order.items):
            asked.show(order)
            asked.follow("action_modify_order")  # 包装改成袋装 is no address
        elif order.state in OPEN_UNTIL[asked.policy.changes.address]:
            await begin(asked, DoChangeAddress, others, **carried(asked, DoChangeAddress, order.id))
            await _also_wanted(asked, order, DoChangeAddress)
        else:
            await say_too_late(asked, order, "utter_modify_address", others)


class ModifyOrder(OrderAction):
    """modify_order: another colour, remark, delivery time."""

    intent = "modify_order"
    prefers = (AWAITING_DISPATCH, UNPAID, ON_THE_WAY)

    def wanted(self, asked: Asked) -> tuple[States, ...]:
        """A visit may be moved after delivery as well."""
        visit = says(asked.text, "about_visit") or TELLS_VISIT & set(asked.lately[1:2])
        return (*self.prefers, DELIVERED) if visit else self.prefers

    async def presses(self, asked: Asked, order: Order) -> int:
        """One with a booked visit, where the message is about a visit."""
        return int(await means_visit(asked, order))

    async def without(self, asked: Asked) -> None:
        """Until when options and remarks may be changed."""
        changes = asked.policy.changes
        asked.say("utter_modify_order_policy", options=changes.options.value, remark=changes.remark.value)

    async def about(self, asked: Asked, order: Order, others: list[Facts]) -> None:
        """Change it while that is possible; a booked visit is moved or called off at any state."""
        visit = await booked_visit(asked, order) if await means_visit(asked, order) else None
        if visit is not None and await visited(asked, order, visit.kind, others):
            return
        if await arranged(asked, order, others):
            return
        changes = asked.policy.changes
        remarks = says(asked.text, "wants_remark") or says(asked.text, "wants_other_time")
        if remarks and order.state in OPEN_UNTIL[changes.remark]:
            await begin(asked, DoChangeRemark, others, order_id=order.id)
            await _also_wanted(asked, order, DoChangeRemark)
        elif not remarks and order.state in OPEN_UNTIL[changes.options]:
            await self._change(asked, order, others)
        elif order.state in OPEN_UNTIL[changes.remark]:
            asked.say(
                "utter_modify_order_remark", **asked.named(order), state=order.state.value, others=others
            )
        elif order.state in DELIVERED and _names_variant(asked, order):
            asked.show(order)
            asked.follow("action_exchange_goods")
        else:
            await say_too_late(asked, order, "utter_modify_order", others)

    @staticmethod
    async def _change(asked: Asked, order: Order, others: list[Facts]) -> None:
        """Another variant where one is named, pressed or spoken of; else what can be changed."""
        pressed = asked.entity("sku_id", "item", "size", "colour")
        names = any(wanted_variant(asked, item) for item in order.items)
        if pressed or names or says(asked.text, "wants_variant"):
            await begin(asked, DoChangeVariant, others, order_id=order.id)
            await _also_wanted(asked, order, DoChangeVariant)
        else:
            asked.say("utter_modify_order_open", **asked.named(order), state=order.state.value, others=others)


async def _also_wanted(asked: Asked, order: Order, begun: type[Undertaking]) -> None:
    """What else of the order the same message changes: its turn comes after what was begun."""
    changes, remark = asked.policy.changes, heard(asked.typed, "remark")
    rest = asked.text.replace(remark.lower(), " ") if remark else asked.text
    variant = says(rest, "changes_variant") and any(wanted_variant(asked, item) for item in order.items)
    place = says(rest, "wants_address") and said_receiver(asked, None)
    wishes: tuple[tuple[type[Undertaking], object, Stage], ...] = (
        (DoChangeVariant, variant, changes.options),
        (DoChangeAddress, place, changes.address),
        (DoChangeRemark, remark, changes.remark),
    )
    for doing, wanted, until in wishes:
        if doing is not begun and wanted and order.state in OPEN_UNTIL[until]:
            await also(asked, doing, order_id=order.id)
    if order.state in UNPAID and pays_by_card(asked.text):
        await also(asked, DoPayGiftCard, order_id=order.id)


def _names_variant(asked: Asked, order: Order) -> bool:
    """Whether other goods than those of the order are wanted, of the same product."""
    return says(asked.text, "wants_variant") or any(wanted_variant(asked, item) for item in order.items)


async def say_too_late(asked: Asked, order: Order, topic: str, others: list[Facts]) -> None:
    """Why an order is no longer changed, and the way that is left: being packed, on its way, or past that."""
    if order.state in AWAITING_DISPATCH:
        asked.say(f"{topic}_packed", **asked.named(order), state=order.state.value, others=others)
    elif order.state in ON_THE_WAY:
        parcels = await asked.session.access_parcels(order)
        if not parcels:
            return asked.say(f"{topic}_sent", **asked.named(order), others=others)
        last = parcels[-1]
        asked.say(
            f"{topic}_moving", **asked.named(order), carrier=last.carrier, waybill=last.waybill, others=others
        )
    else:
        await say_state(asked, order, others)
    return None


class CancelOrder(BackAction):
    """cancel_order: not wanted any more, nothing received yet."""

    intent = "cancel_order"
    prefers = (AWAITING_DISPATCH, UNPAID, ON_THE_WAY)

    def wanted(self, asked: Asked) -> tuple[States, ...]:
        """Whoever asks why an order was cancelled means one that is."""
        if says(asked.text, "cancels_visit"):
            return (*self.prefers, DELIVERED)
        cancelled = says(asked.text, "was_cancelled")
        return (CANCELLED, *self.prefers) if cancelled else super().wanted(asked)

    async def presses(self, asked: Asked, order: Order) -> int:
        """A cancelled one, where the message asks why; one with a visit that nobody is to come for."""
        if says(asked.text, "cancels_visit") and await booked_visit(asked, order) is not None:
            return 1
        if says(asked.text, "was_cancelled"):
            return int(order.state in CANCELLED)
        return await super().presses(asked, order)

    async def rules(self, asked: Asked) -> None:
        """Until when, and where on the order page."""
        refunds = asked.policy.refunds
        asked.say("utter_cancel_policy", until=asked.policy.changes.cancel.value, audit=refunds.audit_unsent)

    async def undo(self, asked: Asked, order: Order, others: list[Facts]) -> None:
        """Whether it is still possible, and when the money is back; where a visit is meant, that alone."""
        visit = await booked_visit(asked, order)
        if visit is not None and says(asked.text, "cancels_visit"):
            return await begin(asked, DoCancelVisit, order_id=order.id, booking_id=visit.id)
        changes = asked.policy.changes
        facts = {**asked.named(order), "others": others}
        if says(asked.text, "not_cancelled"):
            return await say_withdrawal(asked, order, others)
        if order.state in OPEN_UNTIL[changes.cancel]:
            await begin(asked, DoCancel, others, order_id=order.id)
        elif order.state in ON_THE_WAY and says(asked.text, "refuses_parcel"):
            await begin(asked, DoRefund, others, **carried(asked, DoRefund, order.id))
        elif order.state in AWAITING_DISPATCH | ON_THE_WAY:
            self._say_sent(asked, order, facts)
        else:
            await say_state(asked, order, others)
        return None

    def _say_sent(self, asked: Asked, order: Order, facts: Facts) -> None:
        """Packed or gone: it may be stopped on the way, or refused at the door."""
        changes = asked.policy.changes
        if not changes.intercept:
            payer = asked.policy.returns.payer(Reason.REFUSED_DELIVERY).value
            return asked.say("utter_cancel_refuse", **facts, state=order.state.value, payer=payer)
        name = "utter_cancel_intercept_fee" if changes.intercept_fee else "utter_cancel_intercept"
        return asked.say(name, **facts, state=order.state.value, fee=changes.intercept_fee)
