"""How an order is to leave and arrive: in parts, one of its goods first, at some hour, at some place."""

from __future__ import annotations

from actions.finding import heard, heard_at, words
from actions.orders import UNPAID, say_state
from actions.parcels import parcel_facts
from actions.phrases import says
from actions.picking import item_fits
from actions.session import Asked, Facts
from actions.undertaking import begin
from actions.undertakings.changes import DoChangeRemark
from actions.underway import answered_by_this_message
from bot.shop.doing.changes import OPEN_UNTIL
from bot.shop.models import AWAITING_DISPATCH, ON_THE_WAY, Order


async def arranged(asked: Asked, order: Order, others: list[Facts]) -> bool:
    """Whether the message wants it sent in parts, or brought at some hour or place; that is seen to."""
    if answered_by_this_message(asked, "action_modify_order"):
        return True
    if heard(asked.text, "splits_order"):
        await _split(asked, order, others)
        return True
    if not heard(asked.text, "delivery_wish") or says(asked.text, "about_visit"):
        return False
    if order.state in ON_THE_WAY:
        return await _say_who_brings(asked, order, others)
    if order.state not in OPEN_UNTIL[asked.policy.changes.remark]:
        return False
    await begin(asked, DoChangeRemark, others, order_id=order.id, remark=asked.typed.strip())
    return True


async def _split(asked: Asked, order: Order, others: list[Facts]) -> None:
    """A remark for the warehouse while one is heard; else why not, and the way that is left."""
    facts: Facts = {**asked.named(order), "others": others}
    if order.state in UNPAID:
        asked.say("utter_split_unpaid", **facts)
    elif order.state in AWAITING_DISPATCH and sum(item.quantity for item in order.items) == 1:
        asked.say("utter_split_single", **facts)
    elif order.state in AWAITING_DISPATCH and order.state in OPEN_UNTIL[asked.policy.changes.remark]:
        asked.say("utter_split_note")
        await begin(asked, DoChangeRemark, others, order_id=order.id, remark=_remark(asked, order))
    elif order.state in AWAITING_DISPATCH:
        asked.say("utter_split_packed", **facts)
    elif order.state in ON_THE_WAY:
        count = len(await asked.session.access_parcels(order))
        asked.say("utter_split_sent", count=max(count, 1), **facts)
    else:
        await say_state(asked, order, others)


def _remark(asked: Asked, order: Order) -> str:
    """What the warehouse is told: which goods go first, or the shopper's own words for it."""
    apart, first, own = words("split_remark")
    at = heard_at(asked.typed, "first_goods", default=-1)
    if at < 0:
        return apart
    rows = asked.tracker.latest_message.get("entities") or ()
    named = [str(r["value"]) for r in rows if r.get("entity") == "product" and int(r.get("start") or 0) > at]
    meant = [item for item in order.items if named and item_fits(asked.catalogue, item, named)]
    goods = [asked.catalogue.get(item.product_id) for item in meant]
    names = [p.aliases[0] if p.aliases else p.title for p in goods if p is not None]
    return first.format(goods="、".join(names)) if names else own.format(said=asked.typed.strip())


async def _say_who_brings(asked: Asked, order: Order, others: list[Facts]) -> bool:
    """On its way only who brings it can see to an hour or a place: their number, or when it shows."""
    parcels = await asked.session.access_parcels(order)
    if not parcels:
        return False
    name = "utter_delivery_wish_call" if parcels[-1].courier_phone else "utter_delivery_wish"
    asked.say(name, **parcel_facts(asked, order, parcels[-1], others))
    return True
