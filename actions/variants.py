"""Variants of a product: the colour, size or kind that a message means, by the product's own words."""

from __future__ import annotations

import re

from actions.finding import question_of, values_of
from actions.phrases import ends
from actions.session import Asked
from bot.shop.models import Product, Sku

FREE_SIZE = "F"


def values_of_option(product: Product, name: str) -> list[str]:
    """All values of an option such as 颜色, in the product's order."""
    return list(dict.fromkeys(sku.options[name] for sku in product.skus if name in sku.options))


def wished_options(asked: Asked, product: Product) -> dict[str, str]:
    """Option name to the value that the message names, by the product's own words or a colour or size."""
    said = [*values_of(asked.tracker, "colour"), *values_of(asked.tracker, "size")]
    return options_in(question_of(asked.tracker), said, product)


def with_options(product: Product, wish: dict[str, str]) -> list[Sku]:
    """Its variants that have all these options."""
    return [sku for sku in product.skus if all(sku.options.get(k) == v for k, v in wish.items())]


def options_before(asked: Asked, product: Product) -> dict[str, str]:
    """Option name to value by the colours and sizes of the message before this one."""
    users = [event for event in asked.tracker.events or [] if event.get("event") == "user"]
    before = (users[-2].get("parse_data") or {}).get("entities") if len(users) > 1 else []
    said = [str(e["value"]) for e in before or [] if e.get("entity") in ("colour", "size")]
    return options_in("", said, product)


def options_in(text: str, said: list[str], product: Product) -> dict[str, str]:
    """Option name to the value that the text holds, or that one of the colours and sizes said means."""
    wish: dict[str, str] = {}
    for name in dict.fromkeys(name for sku in product.skus for name in sku.options):
        values = sorted(values_of_option(product, name), key=len, reverse=True)
        hit = next((v for v in values if _spoken(v.lower(), text)), None)
        hit = hit or next((v for v in values for s in said if same_option(s, v)), None)
        if hit:
            wish[name] = hit
    return wish


def foreign_wish(asked: Asked, product: Product) -> str:
    """A colour or size in the message that the product does not come in, or empty."""
    values = [v for sku in product.skus for v in sku.options.values()]
    said = [*values_of(asked.tracker, "colour"), *values_of(asked.tracker, "size")]
    return next((s for s in said if not any(same_option(s, v) for v in values)), "")


def same_option(said: str, value: str) -> bool:
    """Whether a colour or size as said is an option's value: 黑 is 曜石黑, 2XL is XXL, F is 均码."""
    a, b = said.lower(), value.lower()
    if a in (b, b.removesuffix("码")) or (said == FREE_SIZE and value.startswith("均")):
        return True
    if a.endswith("xl") and b.endswith("xl"):
        return _xs(a) == _xs(b)
    core = a.removesuffix("色")
    return not core.isascii() and core in b


def label(sku: Sku) -> str:
    """The variant's own words: 黑色 L."""
    return " ".join(sku.options.values())


def _spoken(value: str, text: str) -> bool:
    """Whether the text holds the value; letters and digits as a word of their own (L, not in XL)."""
    if value.isascii():
        return re.search(rf"(?<![a-z0-9]){re.escape(value)}(?![a-z0-9])", text) is not None
    return len(value) > 1 and value in text


def _xs(size: str) -> int:
    head = size.removesuffix("xl")
    return int(head) if head.isdigit() else len(head) + 1


def wanted_options(asked: Asked, product: Product) -> dict[str, str]:
    """The options that the message wants: those behind 换成, where it says that; never those it has now."""
    into = ends(asked.text, "changes_into")
    said = [*values_of(asked.tracker, "colour"), *values_of(asked.tracker, "size")]
    if into is None:
        return options_in(asked.text, said, product)
    rows = asked.tracker.latest_message.get("entities") or ()
    at = ends(asked.typed, "changes_into") or 0
    late = [str(r["value"]) for r in rows if r.get("value") in said and int(r.get("start") or 0) >= at]
    return options_in(asked.text[into:], late, product)
