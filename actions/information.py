"""Bare information: numbers, names and goods without a request; it goes on with what was wanted before."""

from __future__ import annotations

from actions.intents import PERSON, before_buying, talk
from actions.orders import MOST_LISTED, order_choices, say_unmet
from actions.phrases import says
from actions.picking import holding
from actions.proof import FALLBACK_WISH, NUMBER, TAIL, read_given
from actions.session import Asked, ShopAction
from actions.showing import answers_which
from actions.undertakings.receivers import said_receiver

VARIANTS = frozenset({"stock_query", "price_promo", "exchange_goods", "modify_order"})
"""Requests that a colour or size by itself goes on with: 白色的, 说错了 M码."""
TROUBLE = frozenset({"complaint", "compensation", PERSON})
APPLIED_FOR = frozenset(
    {
        "return_goods",
        "exchange_goods",
        "refund_request",
        "product_problem",
        "wrong_missing",
        "warranty_repair",
    }
    | {"price_protect", "cancel_order", "modify_order"}
)
"""Wishes for which the shopper fills in an application on the order's page."""


def last_request(asked: Asked) -> str:
    """The last request before this message that is remembered, a wish for a person included; else empty."""
    return next((name for name in asked.lately[1:] if name and name not in talk() - {PERSON}), "")


async def _action_for_goods(asked: Asked, wish: str | None) -> str:
    """What a bare name of goods goes on with: a fresh wish, one's order after trouble, the last question."""
    if wish and wish in asked.lately:
        return f"action_{wish}"
    before = last_request(asked)
    if before in TROUBLE and holding(
        asked.catalogue, await asked.session.access_orders(), asked.product_names
    ):
        return f"action_{FALLBACK_WISH}"
    if before == "size_advice":
        return "size_form"
    return f"action_{before if before in before_buying() else 'product_info'}"


async def _say_unmatched(asked: Asked) -> bool:
    """Digits that belong to no order of the shopper's: which one is meant? False for who has none."""
    orders = await asked.session.access_orders()
    if not orders:
        return False
    wish = asked.order_wish or FALLBACK_WISH
    asked.say("utter_info_unmatched", others=order_choices(asked, orders[:MOST_LISTED], wish))
    return True


async def _use_for_invoice(asked: Asked) -> None:
    """What an invoice needs goes into one; who has no order hears where it would go."""
    if await asked.session.access_orders():
        asked.follow("action_invoice")
    else:
        asked.say("utter_info_invoice")


def _tells_receiver(asked: Asked) -> bool:
    """Whether a place is told, with whoever is to receive something there: an order goes to them."""
    said = said_receiver(asked, None)
    return "street" in said and bool({"receiver", "phone"} & said.keys())


class ProvideInfo(ShopAction):
    """provide_info: bare numbers and names; goes on with what the shopper last wanted."""

    intent = "provide_info"

    async def answer(self, asked: Asked) -> None:
        """Resume the wish that the information belongs to, else ask what it is for."""
        wish = asked.tracker.get_slot("wish")
        if says(asked.text, "sends_later"):
            asked.say("utter_info_later")
        elif says(asked.text, "gives_invoice") and await asked.session.access_orders():
            asked.follow("action_invoice")  # an account's number among it is no order's
        elif asked.names_number:
            pick = await asked.pick()
            if not say_unmet(asked, pick, needs_order=True):
                asked.follow(f"action_{asked.order_wish or FALLBACK_WISH}")
        elif asked.session.identity is not None and _tells_receiver(asked):
            asked.follow("action_modify_address")
        elif asked.entity("size", "colour") and (before := last_request(asked)) in VARIANTS:
            asked.follow(f"action_{before}")
        elif asked.entity("height", "weight", "size"):
            asked.follow("size_form")
        elif asked.order_wish and asked.session.identity is None and self._is_proof(asked):
            asked.prove_first()
        elif asked.product_names:
            asked.follow(await _action_for_goods(asked, wish))
        elif answers_which(asked):
            pass
        else:
            await self._say_where(asked, wish)

    @staticmethod
    async def _say_where(asked: Asked, wish: str | None) -> None:
        """Where the shopper enters it, by what it is or what was wanted; nothing is written down here."""
        if says(asked.text, "gives_invoice") or wish == "invoice":
            await _use_for_invoice(asked)
        elif asked.entity("address") or wish == "modify_address":
            asked.say("utter_info_address")
        elif says(asked.text, "is_digits") and await _say_unmatched(asked):
            pass
        elif wish in APPLIED_FOR and asked.session.identity is not None:
            asked.say("utter_info_for", wish=wish)
        else:
            asked.say("utter_info_noted")

    @staticmethod
    def _is_proof(asked: Asked) -> bool:
        """A number, or the tail for the number that was given before another request came between."""
        given = read_given(asked, TAIL if asked.tracker.get_slot(NUMBER) else None)
        return bool(given.number or given.tail)
