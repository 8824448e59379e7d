"""Products shown: as facts and buttons, kept as what is talked about, asked for where it is not clear."""

from __future__ import annotations

from collections.abc import Callable

from actions.finding import MAX_CHOICES, Found, alike, find, name_of, prices_of, stock_of, to_show
from actions.session import Asked, Facts
from bot.shop.models import Product

MOST_LISTED = 8
"""So many variants are named in one sentence."""
MOST_SPECS = 6


async def product_or_ask(asked: Asked, suits: Callable[[Product], bool] | None = None) -> Product | None:
    """The product that is meant, kept as the last one shown; or None after asking which one it is.

    Those that suit are offered, if there are any.
    """
    found = await find(asked.session, asked.tracker)
    if found.product is not None:
        keep_product(asked, found.product)
        return found.product
    await ask_which_product(asked, found, suits)
    return None


def keep_product(asked: Asked, product: Product) -> None:
    """Remember the product as the last one shown; a question kept for it is answered now."""
    asked.keep("product_id", product.id)
    if asked.tracker.get_slot("product_question"):
        asked.keep("product_question", None)


def keep_offered(asked: Asked, products: list[Product]) -> None:
    """Remember the few that were offered: what comes next is about one of them."""
    ids = [product.id for product in products[:MAX_CHOICES]]
    asked.keep("product_id", ids[0] if len(ids) == 1 else ids)


async def ask_which_product(
    asked: Asked, found: Found, suits: Callable[[Product], bool] | None = None
) -> None:
    """Ask which product is meant, with up to four to choose from."""
    suiting = await to_show(asked.session, suits) if suits is not None else []
    offered = list(found.options) or suiting or await to_show(asked.session)
    asked.keep("product_question", asked.text or None)
    asked.keep_wish()  # a name typed instead of a button pressed goes on with it
    if found.options:
        keep_offered(asked, offered)
    response = "utter_product_which_of" if found.options else "utter_product_which"
    asked.say(response, choices=choices(offered, asked.topic))


async def say_off_sale(asked: Asked, product: Product) -> None:
    """It can no longer be bought; what is like it can."""
    others = await alike(asked.session, product)
    asked.say("utter_stock_off_sale", title=name_of(product), choices=choices(others, "product_info"))


def choices(products: list[Product], intent: str) -> list[Facts]:
    """Rows for buttons that ask the same of one product."""
    return [{"title": name_of(p), "product_id": p.id, "intent": intent} for p in products[:MAX_CHOICES]]


def product_fact(product: Product, names: list[str] | None = None) -> Facts:
    """A product as a fact of type `product`, with the named specs or its first few."""
    shown = names if names is not None else list(product.specs)[:MOST_SPECS]
    return {
        "product_id": product.id,
        "title": product.title,
        "price": prices_of(product)[0],
        "stock": stock_of(product),
        "picture": product.picture,
        "specs": {name: product.specs[name] for name in shown},
    }
