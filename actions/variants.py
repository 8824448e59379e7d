"""Variants of a product: the colour, size or kind that a message means, by the product's own words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from actions.finding import parted, question_of, values_of
from actions.phrases import found, places, says, without
from bot.numerals import NUMERAL, decimal
from bot.shop.models import Product, Sku

if TYPE_CHECKING:
    from actions.session import Asked

FREE_SIZE = "F"
_COUNTED = "个件双条台只套包袋盒箱瓶本把张桶支块元天月斤岁次分点号楼"
"""What stands behind a number that is no measure of goods."""
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_KINDS = "装款色码版味型号"
"""What a value ends in without being told by it: 三斤 is 三斤装."""
_LETTERS = re.compile(r"([a-z]{1,4})[一-龥]{1,2}$")
MOST = 10**6
"""No message has so many characters."""
LEAST_DIGITS = 2
"""Characters of a number that tells a value without its unit: 1.2 is 1.2米, 256 is 8+256G."""


def values_of_option(product: Product, name: str) -> list[str]:
    """All values of an option such as 颜色, in the product's order."""
    return list(dict.fromkeys(sku.options[name] for sku in product.skus if name in sku.options))


def wished_options(asked: Asked, product: Product) -> dict[str, str]:
    """Option name to the value that the message names, by the product's own words or a colour or size."""
    said = [*values_of(asked.tracker, "colour"), *values_of(asked.tracker, "size")]
    return options_in(question_of(asked.tracker), said, product)


def wished_one_by_one(asked: Asked, product: Product) -> list[dict[str, str]]:
    """灰色M跟藏青M: each variant that a message names beside others; what one leaves open is as the next."""
    parts = parted(question_of(asked.tracker), "joins_goods")
    said = [*values_of(asked.tracker, "colour"), *values_of(asked.tracker, "size")]
    told = [options_in(part, [s for s in said if _holds(part, s)], product) for part in parts]
    wishes = [wish for wish in told if wish]
    names = [n for sku in product.skus[:1] for n in sku.options if any(n in wish for wish in wishes)]
    if len(wishes) < 2 or not all(
        set(wish) & {n for w in wishes for n in w if w is not wish} for wish in wishes
    ):
        return wishes[:1]
    common = {n: v for wish in reversed(wishes) for n, v in wish.items()}
    whole = [{n: wish.get(n, common[n]) for n in names} for wish in wishes]
    return [wish for at, wish in enumerate(whole) if wish not in whole[:at] and with_options(product, wish)]


def _holds(text: str, said: str) -> bool:
    core = said.lower().removesuffix("色")
    return core in text


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
        hit = hit or next((v for v in values if v in said), None)
        hit = hit or next((v for v in values for s in said if same_option(s, v)), None)
        hit = hit or next((v for v in values if measured_value(v, values, text)), None)
        hit = hit or next((v for v in values if _lettered(v, text)), None)
        hit = hit or next((v for v in values if _begun(v, values, text, product)), None)
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


def measured_value(value: str, values: list[str], text: str) -> bool:
    """Whether the text holds a number that no other value has, without its unit."""
    text, plain = _digits(text), [_digits(v.lower()) for v in values]
    stem = _digits(value.lower()).rstrip(_KINDS)
    spoken = re.search(rf"(?<![\d.a-z]){re.escape(stem)}(?![\d.a-z])", text)
    if len(stem) > 1 and spoken and sum(stem in v for v in plain) == 1:
        return True
    numbers = [n for n in _NUMBER.findall(value) if len(n) >= LEAST_DIGITS]
    own = [n for n in numbers if sum(n in _NUMBER.findall(v) for v in values) == 1]
    return any(re.search(rf"(?<![\d.a-z]){re.escape(n)}(?![\d.{_COUNTED}])", text) for n in own)


def _lettered(value: str, text: str) -> bool:
    """Whether the text holds the letters of a value without what stands behind them: EF is EF尖."""
    letters = _LETTERS.match(value.lower())
    return letters is not None and _spoken(letters[1], text)


def _begun(value: str, values: list[str], text: str, product: Product) -> bool:
    """Whether the text holds a value by its first character: 橘的, 小的那个, 红围巾."""
    first = value[0]
    if first.isascii() or sum(v[0] == first for v in values) > 1:
        return False
    names = "|".join(map(re.escape, sorted({product.title, *product.aliases}, key=len, reverse=True)))
    return re.search(rf"{first}(?:的(?!话|确)|款)|{first}(?:{names.lower()})", text) is not None


def _digits(text: str) -> str:
    """Numbers in digits: 三斤 is 3斤, 1米4 is 1.4米."""
    plain = re.sub(NUMERAL, lambda match: f"{decimal(match.group()):g}", text)
    return re.sub(r"(\d)米(\d)(?![\d.])", r"\1.\2米", plain)


def _xs(size: str) -> int:
    head = size.removesuffix("xl")
    return int(head) if head.isdigit() else len(head) + 1


def wanted_options(asked: Asked, product: Product) -> dict[str, str]:
    """The options that the message wants; of two (黑L 没货就军绿) the second where the first is not there."""
    other = found(asked.text, "else_variant")
    if not other:
        return _wanted_in(asked, product, 0)
    at = asked.text.index(other)
    first = _wanted_in(asked, product, 0, at)
    if any(sku.stock for sku in with_options(product, first)):
        return first
    return {**first, **_wanted_in(asked, product, at + len(other))}


def _wanted_in(asked: Asked, product: Product, begins: int, ended: int | None = None) -> dict[str, str]:
    """Those behind each 换, 改成 and the like in a stretch of the message; else all that it names."""
    rows = asked.tracker.latest_message.get("entities") or ()
    named = [row for row in rows if row.get("entity") in ("colour", "size") and row.get("value")]
    named = [r for r in named if begins <= int(r.get("start") or 0) < (MOST if ended is None else ended)]
    text = asked.text[begins:ended]
    wanted: dict[str, str] = {}
    for at in places(text, "changes"):
        said = [str(row["value"]) for row in named if int(row.get("start") or 0) >= begins + at]
        wanted |= options_in(without(text[at:], "not_wanted"), said, product)
    ruled_out = found(text, "not_wanted")
    meant = [str(row["value"]) for row in named if row["value"] not in ruled_out]
    return wanted or options_in(without(text, "not_wanted"), meant, product)


def changed_options(asked: Asked, own: dict[str, str], product: Product) -> dict[str, str]:
    """What a variant is to have instead of its own options: values named, else one larger or smaller."""
    wish = wanted_options(asked, product)
    other = {name: value for name, value in wish.items() if own.get(name) != value}
    return other or _next_size(asked, own, product) or wish


def _next_size(asked: Asked, own: dict[str, str], product: Product) -> dict[str, str]:
    """大一码, 小一号: the size beside the one that was bought, in the product's order."""
    step = 1 if says(asked.text, "one_larger") else -1 if says(asked.text, "one_smaller") else 0
    for name, value in own.items():
        values = values_of_option(product, name)
        if not step or not says(name, "names_size") or value not in values:
            continue
        at = values.index(value) + step
        return {name: values[at]} if 0 <= at < len(values) else {}
    return {}
