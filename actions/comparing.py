"""Products side by side: two or three of them, or the variants of one."""

from __future__ import annotations

from collections.abc import Sequence

from actions.finding import (
    heard,
    heard_at,
    matching,
    name_of,
    ordinals_in,
    prices_of,
    question_of,
    says,
    shown,
    value_of,
    values_of,
)
from actions.session import Asked, Facts
from actions.showing import keep_offered, keep_product
from actions.variants import measured_value
from bot.shop.models import Catalogue, Product

MOST_COMPARED = 3
MOST_ROWS = 10
LEAST_VALUES = 2


def comparison(*products: Product) -> Facts | None:
    """The specs of two or three products side by side, as a fact of type `table`; None where there are none.

    What more of them state comes first, in the shop's words; of more than two the price leads, for the
    sentence tells two prices only.
    """
    named = list(dict.fromkeys(name for product in products for name in product.specs))
    names = sorted(named, key=lambda n: -sum(n in p.specs for p in products))
    if not names:
        return None
    titles = [name_of(product) for product in products]
    rows: list[list[str | Facts]] = [[n, *(p.specs.get(n, "-") for p in products)] for n in names[:MOST_ROWS]]
    if len(products) > LEAST_VALUES:
        rows.insert(0, [_word("price"), *(_money(prices_of(p)[0]) for p in products)])
    return {"title": " / ".join(titles), "columns": ["", *titles], "rows": rows}


def say_comparison(asked: Asked, products: Sequence[Product]) -> None:
    """Two with their prices in the sentence, three with them in the table."""
    keep_offered(asked, list(products))
    if len(products) > LEAST_VALUES:
        titles = [name_of(product) for product in products]
        asked.say("utter_compare_several", titles=titles, comparison=_priced(products))
        return
    first, second = products
    asked.say(
        "utter_compare",
        first=name_of(first),
        first_price=prices_of(first)[0],
        second=name_of(second),
        second_price=prices_of(second)[0],
        comparison=comparison(first, second),
    )


def _priced(products: Sequence[Product]) -> Facts:
    """The table of three, which has a row of prices even where no specs are stated."""
    titles = [name_of(product) for product in products]
    row = [_word("price"), *(_money(prices_of(p)[0]) for p in products)]
    return comparison(*products) or {"title": " / ".join(titles), "columns": ["", *titles], "rows": [row]}


def compared(asked: Asked, catalogue: Catalogue) -> list[Product]:
    """Two or three products to compare; one where something unnamed is to be compared with it; else none."""
    text = question_of(asked.tracker)
    few = few_in_talk(asked, catalogue)
    here = few[0] if len(few) == 1 else None
    pressed = catalogue.get(value_of(asked.tracker, "product_id"))
    if pressed is not None:
        return [here, pressed] if here and here != pressed else []
    entities = values_of(asked.tracker, "product")
    named = named_one_by_one(text, entities, catalogue)
    if len(named) >= LEAST_VALUES:
        return named[:MOST_COMPARED]
    meant = [few[i] for i in ordinals_in(text, len(few))]
    if len(meant) >= LEAST_VALUES:
        return meant[:MOST_COMPARED]
    if len(named) == 1 and _goes_on_comparing(asked, text) and few and named[0] not in few:
        return [*few[: MOST_COMPARED - 1], named[0]]
    if not says(text, "two"):
        return []
    if here and len(named) == 1 and named[0] != here and not _asks_kind(text, named[0], entities):
        return [here, named[0]]
    several = [p for p in matching([*entities, text], catalogue) if p.on_sale] or few
    if LEAST_VALUES <= len(several) <= MOST_COMPARED and not named:
        return several
    return [here] if here and not named and not heard(text, "for_whom") else []


def _asks_kind(text: str, product: Product, entities: Sequence[str]) -> bool:
    """敏感肌用哪款洗面奶: whether one of the named kind is asked for, and not one of two."""
    names = [n.lower() for n in (product.title, *product.aliases, *entities)]
    at = heard_at(text, "which_of_kind", default=-1)
    return at >= 0 and any(name in text[at + 2 :] for name in names)


def _goes_on_comparing(asked: Asked, text: str) -> bool:
    """那豆浆机呢, 和空调比呢: one more beside those that were just compared, or the one in talk."""
    just = asked.lately[1:2] == ["recommend_compare"] and len(shown(asked.tracker)) > 1
    return bool(heard(text, "beside_these")) or (just and bool(heard(text, "what_of")))


def few_in_talk(asked: Asked, catalogue: Catalogue) -> list[Product]:
    """The page's product, else what was shown last."""
    page = asked.session.page
    ids = [page.product_id] if page and page.product_id else shown(asked.tracker)
    return [p for i in ids if (p := catalogue.get(i)) is not None]


def named_one_by_one(text: str, entities: Sequence[str], catalogue: Catalogue) -> list[Product]:
    """Products named one by one, in order of appearance; a name that several share names none of them."""
    found: list[tuple[int, Product]] = []
    for product in catalogue.products:
        hits = [n.lower() for n in (product.title, *product.aliases) if n.lower() in text]
        if hits and product.on_sale:
            found.append((text.index(max(hits, key=len)), product))
    for value in entities:
        only = matching([value], catalogue)
        if len(only) == 1 and only[0].on_sale and only[0] not in [p for _, p in found]:
            found.append((text.find(value.lower()), only[0]))
    places = [at for at, _ in found]
    return [p for at, p in sorted(found, key=lambda pair: pair[0]) if places.count(at) == 1]


def said_variants(asked: Asked, catalogue: Catalogue) -> bool:
    """瑜伽垫6毫米10毫米差在哪: whether variants of one product were asked about, and set side by side."""
    text = question_of(asked.tracker)
    if not (says(text, "two") or says(text, "pair")):
        return False
    named = named_one_by_one(text, values_of(asked.tracker, "product"), catalogue)
    few = few_in_talk(asked, catalogue)
    product = named[0] if len(named) == 1 else few[0] if not named and len(few) == 1 else None
    values = _values_in(text, asked, product) if product else []
    if product is None or len(values) < LEAST_VALUES:
        return False
    keep_product(asked, product)
    asked.say("utter_compare_variants", title=name_of(product), comparison=_of_variants(product, values))
    return True


def _values_in(text: str, asked: Asked, product: Product) -> list[str]:
    """Values of one option of the product that the text holds, in the product's order."""
    said = [*values_of(asked.tracker, "colour"), *values_of(asked.tracker, "size")]
    for name in dict.fromkeys(name for sku in product.skus for name in sku.options):
        values = list(dict.fromkeys(sku.options[name] for sku in product.skus if name in sku.options))
        meant = [v for v in values if v.lower() in text or v in said or measured_value(v, values, text)]
        if len(meant) >= LEAST_VALUES:
            return meant[:MOST_COMPARED]
    return []


def _of_variants(product: Product, values: Sequence[str]) -> Facts:
    """Price and stock of each, and what the page says of them, as a fact of type `table`."""
    skus = [[sku for sku in product.skus if value in sku.options.values()] for value in values]
    rows: list[list[str | Facts]] = [
        [_word("price"), *(_money(min(s.price or product.price for s in each)) for each in skus)],
        [_word("stock"), *(str(sum(s.stock for s in each)) for each in skus)],
    ]
    told = [(n, v) for n, v in product.specs.items() if any(value in f"{n}{v}" for value in values)]
    rows += [[name, *(value for _ in values)] for name, value in told]
    return {"title": name_of(product), "columns": ["", *values], "rows": rows}


def _money(fen: int) -> Facts:
    return {"value": fen, "type": "money"}


def _word(code: str) -> Facts:
    return {"value": code, "type": "enum:compare"}
