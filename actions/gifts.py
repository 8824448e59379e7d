"""What comes free with a product, and what an order's parcel should have held."""

from __future__ import annotations

from actions.finding import find, heard, name_of, question_of, says, to_show
from actions.orders import say_unmet
from actions.session import Asked, ShopAction
from actions.showing import choices, keep_product
from bot.shop.models import AWAITING_DISPATCH, DELIVERED, ON_THE_WAY, Order


class ActionGiftQuery(ShopAction):
    """What comes free with a product or came with an order, and what to do when it is missing."""

    intent = "gift_query"

    async def answer(self, asked: Asked) -> None:
        """A missing gift and an order in view go by the order; else the product's gifts."""
        if heard(question_of(asked.tracker), "birthday"):
            asked.follow("action_account_member")
            return
        if says(question_of(asked.tracker), "missing") or asked.names_number:
            await _say_missing_gift(asked)
            return
        order = await _order_in_view(asked)
        if order is not None:
            _say_of_order(asked, order)
            return
        found = await find(asked.session, asked.tracker)
        product = found.product
        if product is None:
            with_gifts = list(found.options) or await to_show(asked.session, lambda p: bool(p.gifts))
            response = "utter_gift_rule" if asked.policy.gifts.with_parcel else "utter_gift_rule_apart"
            asked.say(response, choices=choices(with_gifts, self.intent))
            return
        keep_product(asked, product)
        if not product.gifts:
            asked.say("utter_gift_none", title=name_of(product))
            return
        response = "utter_gift_list" if asked.policy.gifts.with_parcel else "utter_gift_list_apart"
        asked.say(response, title=name_of(product), gifts=list(product.gifts))


async def _order_in_view(asked: Asked) -> Order | None:
    """The order of the page; none where the message names a product or the page is not theirs."""
    page = asked.session.page
    if page is None or not page.order_id or asked.entity("product", "product_id"):
        return None
    return await asked.session.access_order(page.order_id)


def _say_of_order(asked: Asked, order: Order) -> None:
    if order.gifts:
        asked.say("utter_gift_order", order_id=order.id, gifts=list(order.gifts))
    else:
        asked.say("utter_gift_order_none", order_id=order.id)


async def _say_missing_gift(asked: Asked) -> None:
    """What the order says should have been there; an order without gifts never gets one promised."""
    report = asked.policy.gifts.report_missing
    order = await _order_with_gift(asked)
    if order is None:
        states = (DELIVERED, ON_THE_WAY, AWAITING_DISPATCH)
        pick = await asked.pick(*states, suits=lambda order: int(bool(order.gifts)))
        if say_unmet(asked, pick, needs_order=asked.session.identity is not None):
            return
        order = pick.order
    if order is None:
        asked.say("utter_gift_missing_any", report=report)
    elif order.gifts:
        asked.say("utter_gift_missing", order_id=order.id, gifts=list(order.gifts), report=report)
    else:
        asked.say("utter_gift_order_none", order_id=order.id)


async def _order_with_gift(asked: Asked) -> Order | None:
    """The newest order one of whose gifts the message names: 说好送的袜子 is no order of socks."""
    names = [name.lower() for name in asked.product_names]
    if asked.names_number or not names:
        return None
    orders = await asked.session.access_orders()
    return next((o for o in orders if any(n in gift.lower() for gift in o.gifts for n in names)), None)
