"""Which order is meant: by its number, its goods, the page, what was shown before, or else the likeliest."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from actions.naming import Named, named_orders
from actions.phrases import says
from actions.pointing import goods_in_talk, of_kind, pointed_at
from bot.shop.models import Catalogue, Order, OrderItem, OrderState, Product

if TYPE_CHECKING:
    from actions.session import Asked

States = Collection[OrderState]
Suits = Callable[[Order], int]
Presses = Callable[[Order], Awaitable[int]]

MOST_OTHERS = 3
"""So many other orders are offered as buttons beside the one that is answered."""
MOST_UNSURE = 5
"""So many orders are offered where one of them is meant."""
MOST_PRESSING = 20
"""So many orders are looked into for what presses, the likeliest by state."""
OF_THE_PAGE = frozenset({"product_problem", "warranty_repair"})
"""What is asked of the very goods whose page is open, never of an order of others."""
COMMON, MENTIONED = 2, 1
"""How well a name fits goods: it is what they are called, or a part of their title."""
STAYS = frozenset({"cancel_order", "return_goods", "refund_request", "exchange_goods"})
"""What is wanted of the order in talk, in whatever state that is: another one is not undone unnamed."""


class Which(str, Enum):
    """How the search for the meant order ended."""

    ONE = "one"
    UNSEEN = "unseen"
    """An order was named that is not theirs or not there: both sound the same."""
    UNSEEN_PAGE = "unseen_page"
    """The same of the order whose page is open."""
    SEVERAL = "several"
    """The digits that were given fit several of their orders."""
    NONE = "none"
    """The shopper is known; none of their orders fits."""
    NOBODY = "nobody"
    """An anonymous shopper who has proved no order."""


@dataclass(frozen=True)
class Pick:
    """The order that is meant, and others that might be."""

    which: Which
    order: Order | None = None
    others: tuple[Order, ...] = ()


@dataclass(frozen=True)
class Wish:
    """What makes an order likely to be meant."""

    preferred: Sequence[States]
    """States that fit, best group first."""
    fits: States
    """States in which the order last shown is meant again."""
    suits: Suits | None = None
    """Larger for likelier orders; the order last shown still goes before them."""
    presses: Presses | None = None
    """Larger for orders that the message is so clearly about that they go before the one last shown."""


async def pick_order(asked: Asked, wish: Wish) -> Pick:
    """The order that is meant; a product that is named never leads to an order without it."""
    session = asked.session
    if (named := await named_orders(asked)) is not None:
        return _given(asked, named)
    orders = list(await session.access_orders())
    names = asked.product_names
    viewed = session.page.order_id if session.page else ""
    if viewed and not names and _by_id(orders, viewed) is None:
        return Pick(Which.UNSEEN_PAGE if session.identity is not None else Which.NOBODY)
    if not orders:
        return Pick(Which.NOBODY if session.identity is None else Which.NONE)
    return await _among(asked, orders, names, wish)


async def _among(asked: Asked, orders: Sequence[Order], names: Sequence[str], wish: Wish) -> Pick:
    page = asked.session.page
    if not names and page and page.product_id and asked.topic in OF_THE_PAGE:
        orders = [o for o in orders if any(item.product_id == page.product_id for item in o.items)]
    talk = [] if names else of_kind(asked, orders)
    if not names and not talk:
        talk = holding(asked.catalogue, orders, goods_in_talk(asked))
    candidates = pointed_at(asked, holding(asked.catalogue, orders, names) if names else talk or orders)
    if not candidates:
        return Pick(Which.NONE, others=tuple(orders[:MOST_OTHERS]))
    shown = _by_id(candidates, asked.shown_id)
    if shown is not None and not names and says(asked.text, "means_shown"):
        return Pick(Which.ONE, shown)
    ranked, pressing = await _ranked(candidates, wish)
    if names or talk:
        ranked += [o for o in candidates if o not in ranked]
    chosen = _by_id(candidates, page.order_id if page else "")
    stays = shown is not None and not names and _stays(asked)
    chosen = chosen or _best(ranked, shown if stays or shown in ranked else None, wish.fits, pressing)
    if chosen is None:
        return Pick(Which.NONE, others=tuple(orders[:MOST_OTHERS]))
    return Pick(Which.ONE, chosen, tuple(o for o in ranked if o.id != chosen.id)[:MOST_OTHERS])


async def _ranked(orders: Sequence[Order], wish: Wish) -> tuple[list[Order], dict[str, int]]:
    """Orders in a preferred state, likeliest first, and how much each presses."""
    ranked = list({o.id: o for states in wish.preferred for o in orders if o.state in states}.values())
    suits, presses = wish.suits, wish.presses
    pressing = {o.id: await presses(o) for o in ranked[:MOST_PRESSING]} if presses is not None else {}
    if suits is not None:
        ranked.sort(key=suits, reverse=True)
    ranked.sort(key=lambda o: pressing.get(o.id, 0), reverse=True)
    return ranked, pressing


def _best(
    ranked: Sequence[Order], shown: Order | None, fits: States, pressing: dict[str, int]
) -> Order | None:
    """The order last shown unless another presses more, or fits where it does not; else the first."""
    best = ranked[0] if ranked else None
    if shown is None or best is None:
        return best or shown
    if pressing.get(best.id, 0) > pressing.get(shown.id, 0):
        return best
    if shown not in ranked:
        return shown
    return shown if shown.state in fits or best.state not in fits else best


def _stays(asked: Asked) -> bool:
    """Whether an order that was just in talk is meant, and no other one."""
    return asked.topic in STAYS and len(asked.lately) > 1 and not says(asked.text, "names_another")


def holding(catalogue: Catalogue, orders: Sequence[Order], names: Sequence[str]) -> list[Order]:
    """The orders whose goods fit one of the names best; none where no goods fit at all."""
    fits = [max((item_fits(catalogue, i, names) for i in o.items), default=0) for o in orders]
    best = max(fits, default=0)
    return [o for o, fit in zip(orders, fits, strict=True) if best and fit == best]


def item_fits(catalogue: Catalogue, item: OrderItem, names: Sequence[str]) -> int:
    """How well the best of the names fits an order's item: COMMON, MENTIONED or 0."""
    product = catalogue.get(item.product_id)
    if product is not None:
        return max((called(product, name) for name in names), default=0)
    return MENTIONED if any(name.lower() in item.title.lower() for name in names) else 0


def called(product: Product, name: str) -> int:
    """How well a name fits a product: COMMON, MENTIONED or 0. A 女款T恤 is a T恤 as well."""
    said, title = name.lower(), product.title.lower()
    aliases = [alias.lower() for alias in product.aliases]
    if name == product.id or said == title or any(alias.endswith(said) for alias in aliases):
        return COMMON
    return MENTIONED if said in title or any(said in alias for alias in aliases) else 0


def _given(asked: Asked, named: Named) -> Pick:
    """What a number leads to: never to another order than the one it is of."""
    if named.unsure:
        return Pick(Which.SEVERAL, others=named.orders[:MOST_UNSURE])
    if not named.orders:
        return Pick(Which.UNSEEN if asked.session.identity is not None else Which.NOBODY)
    first, *others = named.orders
    return Pick(Which.ONE, first, tuple(others[:MOST_OTHERS]))


def _by_id(orders: Sequence[Order], order_id: str | None) -> Order | None:
    return next((o for o in orders if o.id == order_id), None)
