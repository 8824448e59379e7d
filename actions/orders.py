"""The order itself: its state, when it leaves, and what may still be changed."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any, ClassVar

from actions.parcels import say_parcel, trouble
from actions.phrases import says
from actions.picking import Pick, States, Which, holding
from actions.proof import FALLBACK_WISH
from actions.session import Asked, Facts, ShopAction
from actions.undertaking import offer
from actions.undertakings.changes import DoUrge
from actions.underway import begun_by_this_message
from bot.shop.models import AWAITING_DISPATCH, DELIVERED, ON_THE_WAY, Order, OrderState

UNPAID = frozenset({OrderState.UNPAID})
MONEY_BACK = frozenset({OrderState.REFUNDING, OrderState.REFUNDED})
EXCHANGING = frozenset({OrderState.EXCHANGING})
CANCELLED = frozenset({OrderState.CANCELLED})
ANY = frozenset(OrderState)
STANDING = frozenset({"order_status", "track_logistics", "logistics_delay", "urge_ship", "delivery_eta"})
"""Questions how an order stands; beside a wish for one piece 另一双不动 is none of them."""
MOST_LISTED = 5
"""So many orders are shown where the shopper asks for all of them; the newest."""


class OrderAction(ShopAction):
    """Answers about one order of the shopper's."""

    about_order = True
    prefers: ClassVar[tuple[States, ...]] = (ANY,)
    """States that fit the wish, best group first."""
    fits: ClassVar[States] = ANY
    """States in which the order last shown is meant again."""
    needs_order: ClassVar[bool] = False
    """Whether there is nothing to say without an order; then an anonymous shopper proves one first."""

    async def answer(self, asked: Asked) -> None:
        """Find the order, ask for a proof of it, or say what holds in general."""
        if self.intent in STANDING and begun_by_this_message(asked) and says(asked.text, "keeps_rest"):
            return None
        if asked.session.identity is not None and names_other(asked):
            return asked.say("utter_order_others")
        pick = await asked.pick(
            *self.wanted(asked),
            fits=self.fits,
            suits=partial(self.suits, asked),
            presses=partial(self.presses, asked),
        )
        if say_unmet(asked, pick, needs_order=self.needs_order):
            if pick.which is Which.UNSEEN and says(asked.text, "wants_money_back"):
                asked.topic = "refund_request"  # with the right number it goes on as that
            return None
        if pick.order is None:
            return await self.without(asked)
        meant = _named_each(asked, pick.order, pick.others)
        if len(meant) == 1 and not asked.names_number:
            return await self.about(asked, pick.order, asked.order_facts(pick.others))
        for order in meant:
            await self.about(asked, order, [])
        return None

    def wanted(self, asked: Asked) -> tuple[States, ...]:
        """States that fit this very message, best group first."""
        return self.prefers

    def suits(self, asked: Asked, order: Order) -> int:
        """How likely an order is meant beside others of its shopper's; the one last shown goes before."""
        return 0

    async def presses(self, asked: Asked, order: Order) -> int:
        """How clearly the message is about this order, even where another was shown last."""
        return 0

    async def without(self, asked: Asked) -> None:
        """Say what holds in general, no order being known."""

    @abstractmethod
    async def about(self, asked: Asked, order: Order, others: list[Facts]) -> None:
        """Answer for this order; `others` are to be offered as buttons."""


def _named_each(asked: Asked, order: Order, others: Sequence[Order]) -> list[Order]:
    """The orders that are meant: all that are numbered, or one for each of the goods: 丝巾和牛仔裤都取消."""
    among = (order, *others)
    if asked.names_number:
        return list(among)
    if not says(asked.text, "names_both"):
        return [order]
    groups = [holding(asked.catalogue, among, [name]) for name in dict.fromkeys(asked.product_names)]
    firsts = {group[0].id: group[0] for group in groups if group}
    together = any(all(each in group for group in groups) for each in among)
    return [order] if together or len(firsts) < len(groups) else list(firsts.values())


def say_unmet(asked: Asked, pick: Pick, *, needs_order: bool) -> bool:
    """Where no order may be told: ask for a proof, ask which one, or say that it is not there. Else False."""
    recent = order_choices(asked, pick.others, asked.topic)
    match pick.which:
        case Which.NOBODY if needs_order or asked.names_number:
            asked.prove_first()
        case Which.UNSEEN:
            asked.say("utter_order_not_found")
        case Which.UNSEEN_PAGE:
            asked.say("utter_order_not_found_page")
        case Which.SEVERAL:
            asked.say("utter_order_which", others=recent)
        case Which.NONE if needs_order:
            asked.say("utter_order_none_fits" if recent else "utter_order_none", others=recent)
        case _:
            return False
    return True


def order_choices(asked: Asked, orders: Sequence[Order], intent: str) -> list[Facts]:
    """Orders as rows of a question which one is meant; the answer goes on with the intent."""
    return [{**row, "intent": intent} for row in asked.order_facts(orders)]


def names_other(asked: Asked) -> bool:
    """Whether the message asks for somebody else's order: nobody hears of another's, whoever they are."""
    return not asked.product_names and says(asked.text, "names_other")


def dispatch_by(asked: Asked, order: Order) -> datetime:
    """Until when the shop has promised to dispatch."""
    return order.dispatch_by or (order.paid or order.placed) + asked.policy.dispatch.promise.delta


def is_late(asked: Asked, order: Order) -> bool:
    """Whether the promise to dispatch is broken."""
    return dispatch_by(asked, order) < asked.session.now


def say_unpaid(asked: Asked, order: Order, response: str, /, **facts: Any) -> None:
    """Say a response with when the unpaid order closes by itself; `…_due` once that is past."""
    closes = _closes(asked, order)
    name = response if closes > asked.session.now else f"{response}_due"
    asked.say(name, **facts, closes=closes.isoformat())


def _closes(asked: Asked, order: Order) -> datetime:
    """When an unpaid order closes by itself."""
    return order.placed + asked.policy.payment.unpaid_closes.delta


def arrival(asked: Asked, order: Order) -> str:
    """The longest that money takes back to the account the order was paid from."""
    ways = asked.policy.refunds.arrival
    known = next((each for way, each in ways.items() if says(order.payment, f"paid_by_{way.value}")), None)
    if known is not None:
        return known.longest
    return max((each.longest for each in ways.values()), key=lambda d: d.delta)


async def say_dispatch(asked: Asked, order: Order, others: list[Facts]) -> None:
    """When an order that waits for dispatch will leave, or that it is overdue."""
    by = dispatch_by(asked, order).isoformat()
    money = asked.policy.dispatch.late_compensation
    if not is_late(asked, order):
        asked.say(
            "utter_ship_promised",
            **asked.named(order),
            by=by,
            warehouse=asked.policy.dispatch.warehouse,
            others=others,
        )
    elif money:
        asked.say("utter_ship_overdue_paid", **asked.named(order), by=by, amount=money, others=others)
    else:
        asked.say("utter_ship_overdue", **asked.named(order), by=by, others=others)


async def say_state(asked: Asked, order: Order, others: list[Facts]) -> None:
    """What has become of an order, and what the shopper may do next."""
    facts = {**asked.named(order), "order": asked.order_fact(order), "others": others}
    if order.state in UNPAID:
        say_unpaid(asked, order, "utter_order_unpaid", **facts, total=order.paid_total)
    elif order.state in AWAITING_DISPATCH:
        name = "utter_order_overdue" if is_late(asked, order) else "utter_order_awaiting"
        asked.say(name, **facts, state=order.state.value, by=dispatch_by(asked, order).isoformat())
    elif order.state in ON_THE_WAY:
        await _say_on_the_way(asked, order, facts, others)
    elif order.state in DELIVERED:
        _say_delivered(asked, order, facts)
    elif order.state in CANCELLED:
        name = "utter_order_cancelled" if not order.cancel_reason else "utter_order_cancelled_because"
        asked.say(name, **facts, because=order.cancel_reason)
    elif order.state in EXCHANGING:
        asked.say("utter_order_exchanging", **facts, resend=asked.policy.exchanges.resend)
    else:
        asked.say("utter_order_refund", **facts, state=order.state.value)


async def _say_on_the_way(asked: Asked, order: Order, facts: Facts, others: list[Facts]) -> None:
    """Where it is; a parcel in trouble is never said to be simply on its way."""
    parcels = await asked.session.access_parcels(order)
    if not parcels:
        return asked.say("utter_order_sent", **facts, state=order.state.value)
    alarmed = next((p for p in parcels if trouble(asked, p)), None)
    if alarmed is not None:
        return say_parcel(asked, order, alarmed, others)
    last = parcels[-1]
    name = "utter_order_moving" if last.place else "utter_order_collected"
    asked.say(
        name, **facts, state=order.state.value, carrier=last.carrier, waybill=last.waybill, place=last.place
    )
    return None


def _say_delivered(asked: Asked, order: Order, facts: Facts) -> None:
    if order.signed is None:
        return asked.say("utter_order_delivered", **facts, state=order.state.value)
    until = order.signed.date() + asked.policy.returns.window.delta
    name = "utter_order_signed" if until >= asked.session.today else "utter_order_signed_past"
    asked.say(name, **facts, signed=order.signed.isoformat(), until=until.isoformat())
    return None


class OrderStatus(OrderAction):
    """order_status: what has become of my order."""

    intent = "order_status"
    needs_order = True

    async def answer(self, asked: Asked) -> None:
        """All of them where the shopper asks for all, else the one that is meant."""
        orders = await asked.session.access_orders()
        if len(orders) > 1 and says(asked.text, "asks_list"):
            newest = asked.order_facts(orders[:MOST_LISTED])
            titles = [row["title"] for row in newest]
            return asked.say("utter_order_list", count=len(orders), titles=titles, orders=newest)
        return await super().answer(asked)

    async def about(self, asked: Asked, order: Order, others: list[Facts]) -> None:
        """The state, worded for what comes next."""
        await say_state(asked, order, others)


class ShipTime(OrderAction):
    """ship_time: when will it leave."""

    intent = "ship_time"
    prefers = (AWAITING_DISPATCH, UNPAID)
    fits = AWAITING_DISPATCH

    async def without(self, asked: Asked) -> None:
        """The shop's rule, as before buying."""
        rule = asked.policy.dispatch
        asked.say(
            "utter_ship_policy" if rule.weekends else "utter_ship_policy_workdays",
            cut_off=f"{rule.cut_off:%H:%M}",
            promise=rule.promise,
            presale=rule.presale,
            warehouse=rule.warehouse,
        )

    async def about(self, asked: Asked, order: Order, others: list[Facts]) -> None:
        """The promise for this order."""
        if order.state in UNPAID:
            facts = {**asked.named(order), "promise": asked.policy.dispatch.promise}
            say_unpaid(asked, order, "utter_ship_unpaid", **facts)
        elif order.state in AWAITING_DISPATCH:
            await say_dispatch(asked, order, others)
        else:
            await say_state(asked, order, others)


class UrgeShip(OrderAction):
    """urge_ship: why has it not left yet."""

    intent = "urge_ship"
    prefers = (AWAITING_DISPATCH, UNPAID, ON_THE_WAY)
    fits = AWAITING_DISPATCH
    needs_order = True

    async def answer(self, asked: Asked) -> None:
        """还没发货吧 beside a wish that is begun is its reason."""
        if not begun_by_this_message(asked):
            await super().answer(asked)

    async def about(self, asked: Asked, order: Order, others: list[Facts]) -> None:
        """Say whether the promise still runs; when broken, apologise; offer to urge."""
        if order.state not in AWAITING_DISPATCH:
            return await say_state(asked, order, others)
        if is_late(asked, order):
            await say_dispatch(asked, order, others)
        else:
            by = dispatch_by(asked, order).isoformat()
            asked.say("utter_ship_urged", **asked.named(order), state=order.state.value, by=by, others=others)
        return await offer(asked, DoUrge, order_id=order.id)


async def say_payable(asked: Asked) -> bool:
    """For a payment that fails or shows wrongly: the order it is about. False where more is to be said.

    An order whose time to pay is over is the whole answer; so is money that went out and does not show.
    """
    taken = says(asked.text, "paid_unseen")
    if not taken and not says(asked.text, "pays_order"):
        return False
    orders = [o for o in await asked.session.access_orders() if o.state in UNPAID]
    meant = holding(asked.catalogue, orders, asked.product_names) if asked.product_names else orders
    if not meant:
        return False
    order = next((o for o in meant if o.id == asked.shown_id), meant[0])
    asked.show(order)
    if taken:
        asked.say("utter_order_paid_unseen", **asked.named(order), total=order.paid_total)
        return True
    await say_state(asked, order, [])
    return _closes(asked, order) <= asked.session.now


async def offer_others(asked: Asked) -> bool:
    """Another order than the one shown: the one that a no names (不对 是卫衣), or others to choose from.

    False if that is not what is said.
    """
    orders = await asked.session.access_orders()
    others = [o for o in orders if o.id != asked.shown_id]
    if len(others) in (0, len(orders)):
        return False
    wish = asked.order_wish or FALLBACK_WISH
    if asked.product_names or asked.names_number:
        asked.keep("order_id", None)
        asked.follow(f"action_{wish}")
        return True
    just_told = asked.order_wish and asked.order_wish in asked.lately[1:2]
    if not says(asked.text, "not_this") and not (just_told and says(asked.text, "mere_no")):
        return False
    asked.keep("order_id", None)
    asked.say("utter_order_which_else", others=order_choices(asked, others[:MOST_LISTED], wish))
    return True
