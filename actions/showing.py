"""Products shown: as facts and buttons, kept as what is talked about, asked for where it is not clear."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from actions.finding import (
    MAX_CHOICES,
    Found,
    alike,
    find,
    heard,
    name_of,
    option_values,
    prices_of,
    shown,
    stock_of,
    to_show,
    told_apart,
)
from actions.intents import before_buying
from actions.session import Asked, Facts
from bot.shop.models import Product

MOST_LISTED = 8
"""So many variants are named in one sentence."""
MOST_SPECS = 6
MOST_OF_ANSWER = 12
"""Characters of a message that only tells which one is meant: 便宜的那个, 4升的."""
MOST_OF_VALUE = 12
"""Characters of a spec's value that still fit on a button."""


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


def answers_which(asked: Asked) -> bool:
    """Whether a short message tells which of the few just offered is meant; then the question goes on."""
    wish = asked.tracker.get_slot("wish")
    offered = [p for i in shown(asked.tracker) if (p := asked.catalogue.get(i)) is not None]
    open_question = asked.tracker.get_slot("product_question") and not asked.tracker.get_slot("wish_age")
    if not open_question or wish == asked.topic or len(offered) < 2 or len(asked.text) > MOST_OF_ANSWER:
        return False
    told = told_apart(asked.text, offered).product or _alone_with(heard(asked.text, "told_by"), offered)
    if told is None or wish not in {*before_buying(), "delivery_install"}:
        return False
    asked.keep("product_id", told.id)
    asked.follow(f"action_{wish}")
    return True


def _alone_with(word: str, offered: Sequence[Product]) -> Product | None:
    """The only one of a few with a word in its name: 男款, 长的那个."""
    fits = [p for p in offered if word and any(word in name.lower() for name in (p.title, *p.aliases))]
    return fits[0] if len(fits) == 1 else None


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
    """Rows for buttons that ask the same of one product; names that are alike with what tells them apart."""
    few = products[:MAX_CHOICES]
    names = [name_of(p) for p in few]
    alike = {name for name in names if names.count(name) > 1}
    titles = [_told_apart(p, few) if name in alike else name for name, p in zip(names, few, strict=True)]
    return [
        {"title": title, "product_id": p.id, "intent": intent, "price": prices_of(p)[0]}
        for title, p in zip(titles, few, strict=True)
    ]


def _told_apart(product: Product, few: Sequence[Product]) -> str:
    """Its name with what it alone has: a spec that all state differently, else a variant; or its title."""
    rest = [p for p in few if p.id != product.id]
    stated = [v for n, v in product.specs.items() if all(p.specs.get(n) not in (None, v) for p in rest)]
    own = [value for value in option_values(product) if all(value not in option_values(p) for p in rest)]
    short = [value for value in (*stated, *own) if len(value) <= MOST_OF_VALUE]
    return f"{name_of(product)} {short[0]}" if short else product.title


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
