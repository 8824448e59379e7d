"""Which product a message is about: its words, the page, what was shown last. Context is no authority."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from rasa_sdk import Tracker

from actions.phrases import said
from bot.settings import ROOT
from bot.shop.access import Session
from bot.shop.models import Catalogue, Product
from bot.yaml_file import read_yaml

LEXICON = ROOT / "data" / "lexicon"
MAX_CHOICES = 4
LONG_TITLE = 16
"""Titles written for search engines are longer than a sentence bears."""
MIN_SHARED = 3
"""Characters that a message must share with a title to point at it without naming it."""
_ORDINALS = {digit: n for digits in ("一二三四", "1234") for n, digit in enumerate(digits)}
MIN_TOLD = 2
"""Characters that tell one of a few products offered from the others: 长款, 黑白."""


@dataclass(frozen=True)
class Found:
    """The product meant, or the ones it may be (best first, at most four), or neither."""

    product: Product | None = None
    options: tuple[Product, ...] = ()


@cache
def words(name: str) -> tuple[str, ...]:
    """A list of data/lexicon/needs.yml."""
    return tuple(_lexicon("needs.yml")[name])


@cache
def needs() -> dict[str, tuple[str, ...]]:
    """Need to the words that say it, in shoppers' and in products' texts."""
    return table("needs")


@cache
def table(name: str) -> dict[str, tuple[str, ...]]:
    """A table of data/lexicon/needs.yml: key to words, in lower case."""
    return {
        str(key): tuple(str(w).lower() for w in (value if isinstance(value, list) else [value]))
        for key, value in _lexicon("needs.yml")[name].items()
    }


@cache
def spec_words() -> dict[str, tuple[str, ...]]:
    """Usual spec name to the words that ask for it, in lower case."""
    return {
        key: tuple(str(w).lower() for w in value) for key, value in _lexicon("specs.yml")["specs"].items()
    }


def _lexicon(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = read_yaml(LEXICON / name)
    return loaded


def says(text: str, name: str) -> bool:
    """Whether the text holds a word of that list."""
    return any(word in text for word in words(name))


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile("|".join(_lexicon("needs.yml")["patterns"][name]))


def heard(text: str, name: str) -> str:
    """What the text says by that pattern of data/lexicon/needs.yml: its group, or the whole; or empty."""
    found = _pattern(name).search(text)
    return next((group for group in found.groups() if group), found[0]) if found else ""


def heard_at(text: str, name: str, default: int) -> int:
    """Where in the text its last place of that pattern begins; `default` where it has none."""
    return max((found.start() for found in _pattern(name).finditer(text)), default=default)


def parted(text: str, name: str) -> list[str]:
    """What stands between the places of that pattern."""
    return [part for part in _pattern(name).split(text) if part]


def without(text: str, name: str) -> str:
    """The text with what that pattern finds left blank."""
    return _pattern(name).sub(" ", text)


def intent_of(tracker: Tracker) -> str:
    """The intent of this turn."""
    return str((tracker.latest_message.get("intent") or {}).get("name") or "")


def values_of(tracker: Tracker, entity: str) -> list[str]:
    """All values of an entity in this message, as text."""
    return [
        str(e["value"])
        for e in tracker.latest_message.get("entities") or []
        if e.get("entity") == entity and e.get("value")
    ]


def value_of(tracker: Tracker, entity: str) -> str:
    """The first value of an entity in this message, or empty."""
    return next(iter(values_of(tracker, entity)), "")


def question_of(tracker: Tracker) -> str:
    """What the shopper asked, in lower case: the message, or the question that it tells the product for."""
    kept = str(tracker.get_slot("product_question") or "").lower()
    if value_of(tracker, "product_id"):
        return kept
    if kept and tracker.latest_action_name not in (None, "action_listen"):
        return f"{kept} {said(tracker).lower()}"
    return said(tracker).lower()


async def find(
    session: Session, tracker: Tracker, suits: Callable[[Product], bool] = lambda _: True
) -> Found:
    """The product of this turn among those that suit the question.

    In order: a button's product, one named by the message, the page's, the last shown, the page's order's.
    """
    catalogue = await session.backend.catalogue()
    pressed = catalogue.get(value_of(tracker, "product_id"))
    if pressed is not None:
        return Found(pressed)
    text = question_of(tracker)
    context = await in_context(session, tracker, catalogue, suits)
    if context.product is not None and says(text, "this"):
        return context
    named = matching([*values_of(tracker, "product"), text], catalogue, suits)
    if context.product in named:
        return Found(context.product)
    if named:
        return _found(named)
    if context.product is not None:
        return context
    if context.options:
        return told_apart(text, context.options)
    return _found([p for p in resembling(text, catalogue) if suits(p)])


async def in_context(
    session: Session, tracker: Tracker, catalogue: Catalogue, suits: Callable[[Product], bool]
) -> Found:
    """What the conversation is about without naming it: the page, what was shown, an order's goods."""
    page = session.page
    for ids in ([page.product_id] if page else [], shown(tracker)):
        products = [p for i in ids if (p := catalogue.get(i)) is not None and suits(p)]
        if products:
            return _found(products)
    for order_id in (page.order_id if page else "", tracker.get_slot("order_id")):
        order = await session.access_order(order_id) if order_id else None
        bought = [catalogue.get(item.product_id) for item in (order.items if order else ())]
        fitting = [p for p in bought if p is not None and suits(p)]
        if fitting:
            return _found(fitting)
    return Found()


def shown(tracker: Tracker) -> list[str]:
    """Ids of what was shown last: the product that was answered, or the few that were offered."""
    kept = tracker.get_slot("product_id")
    return [kept] if isinstance(kept, str) else list(kept or ())


def ordinals_in(text: str, count: int) -> list[int]:
    """Places in a list of so many that the text counts off: 第一个和第三个 are 0 and 2."""
    said = [_ORDINALS.get(found[1]) for found in _pattern("ordinals").finditer(text)]
    return [place for place in dict.fromkeys(said) if place is not None and place < count]


def told_apart(text: str, options: Sequence[Product]) -> Found:
    """The one of a few that the text tells by place, name, variants, specs or price; else all."""
    places = ordinals_in(text, len(options))
    if len(places) == 1:
        return Found(options[places[0]])
    prices = [prices_of(product)[0] for product in options]
    for extreme, words in ((min(prices), "cheapest"), (max(prices), "dearest")):
        if says(text, words) and prices.count(extreme) == 1:
            return Found(options[prices.index(extreme)])
    scores = [_told(text, product) for product in options]
    best = max(scores, default=0)
    if best >= MIN_TOLD and scores.count(best) == 1:
        return Found(options[scores.index(best)])
    return Found(options=tuple(options))


def matching(
    queries: Iterable[str], catalogue: Catalogue, suits: Callable[[Product], bool] = lambda _: True
) -> list[Product]:
    """Products named by a query: the longest name wins, then what is on sale; equal ones are all given."""
    asked = [q.strip().lower() for q in queries if len(q.strip()) > 1]
    by_id = [p for p in catalogue.products if p.id.lower() in asked]
    if by_id:
        return by_id
    scored = [
        ((max((_named(q, p) for q in asked), default=0), p.on_sale), p)
        for p in catalogue.products
        if suits(p)
    ]
    best = max((score for score, _ in scored), default=(0, False))
    return [p for score, p in scored if score == best] if best[0] else []


def resembling(text: str, catalogue: Catalogue) -> list[Product]:
    """Products whose title shares a stretch of words with the text; the longest stretch wins."""
    scored = [(shared(text, p.title.lower()), p) for p in catalogue.products if p.on_sale]
    best = max((score for score, _ in scored), default=0)
    return [p for score, p in scored if score == best] if best >= MIN_SHARED else []


def goods_in(text: str) -> str:
    """What 有没有X or X有吗 asks for where X can only be goods; empty for attributes and small words."""
    goods = heard(text, "asks_for").strip()
    if not goods or heard(goods, "no_goods"):
        return ""
    known = [word for said in (*spec_words().values(), *needs().values()) for word in said]
    return "" if any(word in goods for word in known) else goods


def with_word(word: str, catalogue: Catalogue) -> list[Product]:
    """Products whose title, aliases or variants hold the word."""
    return [p for p in catalogue.products if any(word in name.lower() for name in _names(p))]


def alike_in_name(goods: str, catalogue: Catalogue) -> list[Product]:
    """Products to buy whose names end as the goods do: a Chinese noun's last character says what it is."""
    there = [p for p in catalogue.products if p.on_sale and stock_of(p)]
    return [p for p in there if any(alias.endswith(goods[-1]) for alias in p.aliases)][:MAX_CHOICES]


def manual_topic(text: str, product: Product) -> str:
    """The manual's longest topic that the text says outright, or empty."""
    return max((topic for topic in product.usage if topic in text), key=len, default="")


async def to_show(session: Session, suits: Callable[[Product], bool] = lambda _: True) -> list[Product]:
    """Products to offer when none is known: those in a running offer first, then the catalogue's order."""
    catalogue = await session.backend.catalogue()
    running = [p for p in await session.backend.promotions() if p.begins <= session.now < p.ends]
    promoted = {product_id for promotion in running for product_id in promotion.product_ids}
    on_sale = [p for p in catalogue.products if p.on_sale and stock_of(p) and suits(p)]
    return sorted(on_sale, key=lambda p: p.id not in promoted)[:MAX_CHOICES]


async def alike(session: Session, product: Product) -> list[Product]:
    """Products of the same kind that can be bought instead, the most alike in name first."""
    words = product.title.lower().partition(" ")[2] or product.title.lower()
    same = [p for p in (await session.backend.catalogue()).products if p.category == product.category]
    there = [p for p in same if p.on_sale and stock_of(p) and p.id != product.id]
    return sorted(there, key=lambda p: -shared(words, p.title.lower().partition(" ")[2]))[:MAX_CHOICES]


def name_of(product: Product) -> str:
    """What to call it in a sentence: the title's first word (the brand) and its first alias, or the title."""
    brand, _, rest = product.title.partition(" ")
    if rest and product.aliases and len(product.title) > LONG_TITLE:
        return f"{brand}{product.aliases[0]}"
    return product.title


def clause(text: str) -> str:
    """The shop's own words without their full stop, to stand inside a sentence."""
    return text.strip().rstrip("。.")


def stock_of(product: Product) -> int:
    """Pieces of all variants together."""
    return sum(sku.stock for sku in product.skus)


def prices_of(product: Product) -> tuple[int, int]:
    """Lowest and highest price of its variants, in fen."""
    prices = [sku.price or product.price for sku in product.skus] or [product.price]
    return min(prices), max(prices)


def _found(products: Sequence[Product]) -> Found:
    unique = list(dict.fromkeys(p.id for p in products))
    first = {p.id: p for p in reversed(products)}
    if len(unique) == 1:
        return Found(first[unique[0]])
    return Found(options=tuple(first[i] for i in unique[:MAX_CHOICES]))


def _named(query: str, product: Product) -> int:
    names = [n.lower() for n in (product.title, *product.aliases) if n]
    inside = max((len(n) for n in names if n in query), default=0)
    if inside:
        return 2 * inside
    return len(query) if any(query in n for n in names) else 0


def _told(text: str, product: Product) -> int:
    """Characters of the text by which it means this product: of its name, its variants' values, its specs."""
    named = max(shared(text, name.lower()) for name in (product.title, *product.aliases))
    values = [*option_values(product), *product.specs.values()]
    return named + sum(
        len(value) for value in dict.fromkeys(values) if len(value) > 1 and value.lower() in text
    )


def _names(product: Product) -> list[str]:
    """What it and its variants are called."""
    return [product.title, *product.aliases, *option_values(product)]


def option_values(product: Product) -> list[str]:
    """Every value of its variants once."""
    return list(dict.fromkeys(value for sku in product.skus for value in sku.options.values()))


def shared(text: str, title: str) -> int:
    """Length of the longest common substring."""
    best = 0
    for start in range(len(text)):
        while start + best < len(text) and text[start : start + best + 1] in title:
            best += 1
    return best
