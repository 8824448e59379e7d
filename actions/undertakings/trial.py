"""Whether a wish would be refused, asked before the shopper is asked for all that it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actions.naming import named_orders
from actions.phrases import says
from actions.picking import holding
from actions.undertaking import Facts, Undertaking
from actions.underway import under_way
from bot.shop.doing.rows import Refused
from bot.shop.wishes import Wish

if TYPE_CHECKING:
    from actions.session import Asked


async def refusal(asked: Asked, wish: Wish) -> Refused | None:
    """Why the shop would not do it; None where it would."""
    try:
        await asked.session.preview(wish)
    except Refused as refused:
        return refused
    return None


def so_far(asked: Asked, doing: type[Undertaking]) -> Facts:
    """What has been said of the same undertaking, which a correction or another order goes on from."""
    way = under_way(asked)
    return way.args if way is not None and way.kind == doing.kind else {}


async def with_named_order(asked: Asked, args: Facts) -> Facts:
    """`args` for the one order of the shopper's that the message names, if it does: by number or goods."""
    named = await named_orders(asked)
    orders = list(named.orders) if named is not None and not named.unsure else []
    if named is None and asked.product_names and says(asked.text, "names_an_order"):
        orders = holding(asked.catalogue, await asked.session.access_orders(), asked.product_names)
    return {**args, "order_id": orders[0].id} if len(orders) == 1 else args
