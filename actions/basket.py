"""What is to be bought together: goods, how many of each, where to and with which coupon."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from actions.finding import heard, heard_at, matching, question_of, told_apart
from actions.underway import of_this_message
from actions.variants import options_in, with_options
from bot.shop.doing.buying import price_now
from bot.shop.models import Catalogue, Product, Promotion, Sku

if TYPE_CHECKING:
    from actions.session import Asked, Event

Facts = dict[str, Any]
SLOT = "basket"
LIVES = 3
"""So many messages after it was told a basket is still talked of."""
BEST = "best"
"""The coupon that takes most off, whichever that is."""
MOST_LINES = 10


@dataclass(frozen=True)
class Line:
    """Some pieces of one product: `options` are ids of the products it may be, `sku_id` is empty till told.

    `variant` is what was told of it; where all variants cost the same nothing need be.
    """

    options: tuple[str, ...]
    sku_id: str = ""
    quantity: int = 1
    variant: tuple[str, ...] = ()


@dataclass(frozen=True)
class Basket:
    """Lines, the region they go to, and an id of a coupon, BEST or nothing."""

    lines: tuple[Line, ...] = ()
    region: str = ""
    coupon: str = ""

    def to_json(self) -> Facts:
        """As its slot keeps it."""
        return asdict(self)

    def with_lines(self, more: Sequence[Line]) -> Basket:
        """With more pieces; of the same variant they are one line."""
        lines = list(self.lines)
        for line in more:
            same = next((at for at, known in enumerate(lines) if _same(known, line)), None)
            if same is None:
                lines.append(line)
            else:
                lines[same] = replace(lines[same], quantity=lines[same].quantity + line.quantity)
        return replace(self, lines=tuple(lines[:MOST_LINES]))

    def without_goods(self, gone: Sequence[Line]) -> Basket:
        """Without the goods of these lines."""
        ids = {i for line in gone for i in line.options}
        return replace(self, lines=tuple(line for line in self.lines if not ids & set(line.options)))


def _same(line: Line, other: Line) -> bool:
    return (line.options, line.sku_id) == (other.options, other.sku_id)


def basket_in_talk(asked: Asked) -> Basket | None:
    """The basket that was told a few messages ago at most; None where there is none, or it is given up."""
    kept = asked.tracker.get_slot(SLOT)
    if not kept or _messages_since(asked) > LIVES:
        return None
    lines = tuple(
        Line(tuple(row["options"]), row["sku_id"], row["quantity"], tuple(row["variant"]))
        for row in kept["lines"]
    )
    return Basket(lines, kept["region"], kept["coupon"])


def _messages_since(asked: Asked) -> int:
    """Messages since the basket was told, this one among them."""
    count = 0
    for event in reversed(asked.tracker.events or []):
        if event.get("event") == "user":
            count += 1
        elif _is_told(event):
            return count
    return count


def told_by_this_message(asked: Asked) -> bool:
    """Whether an earlier request of the same message was answered with the basket."""
    return any(_is_told(event) for event in of_this_message(asked))


def _is_told(event: Event) -> bool:
    return event.get("event") == "slot" and event.get("name") == SLOT and bool(event.get("value"))


def said_lines(asked: Asked, promotions: Sequence[Promotion] = ()) -> list[Line]:
    """The goods that the message names, each with its number and variant, in order of appearance."""
    typed, names = asked.typed.lower(), _rows(asked, "product")
    found: list[Line] = []
    for (begins, ends), row in zip(_pieces(asked, typed, names), names, strict=True):
        products = [p for p in matching([str(row["value"])], asked.catalogue) if p.on_sale]
        if len(products) > 1:
            only = told_apart(typed[begins:ends], products).product
            products = [only] if only else products
        if products:
            found.append(_line(asked, products, typed[begins:ends], (begins, ends), promotions))
    return list({line.options: line for line in found}.values())


def line_of(asked: Asked, product: Product, promotions: Sequence[Promotion] = ()) -> Line:
    """The product in view, in the number and variant that the message tells."""
    text = question_of(asked.tracker)
    return _line(asked, [product], text, (0, len(asked.typed) + 1), promotions)


def _line(
    asked: Asked,
    products: Sequence[Product],
    text: str,
    span: tuple[int, int],
    promotions: Sequence[Promotion],
) -> Line:
    quantity = next((int(float(r["value"])) for r in _rows(asked, "quantity") if _within(r, span)), 1)
    said = [str(r["value"]) for r in _rows(asked, "colour", "size") if _within(r, span)]
    ids = tuple(p.id for p in products)
    if len(products) > 1:
        return Line(ids, quantity=max(quantity, 1))
    wish = options_in(text, said, products[0])
    sku = chosen(asked, products[0], wish, promotions)
    return Line(ids, sku.id if sku else "", max(quantity, 1), tuple(wish.values()))


def chosen(asked: Asked, product: Product, wish: Facts, promotions: Sequence[Promotion]) -> Sku | None:
    """The variant that is wished for, or any where all of them cost the same; None where that is open."""
    skus = with_options(product, wish) or list(product.skus)
    prices = {price_now(product, sku, promotions, asked.session.now) for sku in skus}
    return next((s for s in skus if s.stock), skus[0]) if len(prices) == 1 else None


def settled(asked: Asked, basket: Basket, promotions: Sequence[Promotion]) -> Basket:
    """With what the message tells of a line that was open: the goods pressed or named, the variant."""
    lines = [
        line if line.sku_id else _settled(asked, line, asked.catalogue, promotions) for line in basket.lines
    ]
    return replace(basket, lines=tuple(lines))


def _settled(asked: Asked, line: Line, catalogue: Catalogue, promotions: Sequence[Promotion]) -> Line:
    products = [p for i in line.options if (p := catalogue.get(i)) is not None]
    pressed = next((p for p in products if p.id == asked.entity("product_id")), None)
    if pressed is None and len(products) > 1:
        pressed = told_apart(asked.text, products).product
    product = pressed or (products[0] if len(products) == 1 else None)
    if product is None:
        return line
    sku = next((s for s in product.skus if s.id == asked.entity("sku_id")), None)
    variant = tuple(sku.options.values()) if sku else line.variant
    if sku is None:
        wish = options_in(asked.text, asked.entities("colour", "size"), product)
        sku = chosen(asked, product, wish, promotions)
        variant = tuple(wish.values()) or variant
    return replace(line, options=(product.id,), sku_id=sku.id if sku else "", variant=variant)


def _rows(asked: Asked, *names: str) -> list[Facts]:
    """Entities of the message by where they stand; one without a place stands where its value does."""
    rows = asked.tracker.latest_message.get("entities") or ()
    typed, placed = asked.typed.lower(), []
    for row in rows:
        if row.get("entity") in names and row.get("value"):
            begins = row.get("start")
            begins = max(typed.find(str(row["value"]).lower()), 0) if begins is None else int(begins)
            ends = int(row.get("end") or begins + len(str(row["value"])))
            placed.append({**row, "start": begins, "end": ends})
    return sorted(placed, key=lambda row: row["start"])


def _within(row: Facts, span: tuple[int, int]) -> bool:
    return bool(span[0] <= row["start"] < span[1])


def _pieces(asked: Asked, typed: str, names: Sequence[Facts]) -> list[tuple[int, int]]:
    """What of the text belongs to each name: parted at the word that joins two, or by where numbers stand."""
    if not names:
        return []
    leads = any(row["end"] <= names[0]["start"] for row in _rows(asked, "quantity"))
    parts = [0]
    for before, after in pairwise(names):
        gap = typed[before["end"] : after["start"]]
        ends = heard_at(gap, "number_before", default=len(gap)) if leads else len(gap)
        parts.append(before["end"] + heard_at(gap, "joins_goods", default=ends))
    return [(at, until) for at, until in zip(parts, [*parts[1:], len(typed) + 1], strict=True)]


def changed(asked: Asked, basket: Basket, promotions: Sequence[Promotion]) -> Basket:
    """The basket with what the message adds, takes out, or wants another number of."""
    text, lines = question_of(asked.tracker), said_lines(asked, promotions)
    if lines and heard(text, "takes_out"):
        return basket.without_goods(lines)
    if lines:
        return basket.with_lines(lines)
    number = asked.entity("quantity")
    if number and len(basket.lines) == 1:
        return replace(basket, lines=(replace(basket.lines[0], quantity=max(int(float(number)), 1)),))
    return basket
