"""What a message tells of a claim: why, which goods and how many, and in what state they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from actions.finding import values_of
from actions.naming import named_orders
from actions.phrases import found, says, without
from actions.picking import holding
from actions.undertaking import under_way
from actions.undertakings.changes import holding_items
from actions.variants import same_option
from bot.shop.codes import Reason, ReturnRule
from bot.shop.models import AWAITING_DISPATCH, DELIVERED, ON_THE_WAY, Order, OrderItem
from bot.shop.wishes import Line

if TYPE_CHECKING:
    from actions.session import Asked
    from actions.undertaking import Facts, Undertaking

REASONS = (
    Reason.MISSING,
    Reason.WRONG_ITEM,
    Reason.DAMAGED,
    Reason.NOT_AS_DESCRIBED,
    Reason.QUALITY,
    Reason.NO_REASON,
)
"""Reasons by how plainly words tell them, plainest first; as buttons they stand the other way round."""
TOLD_BEFORE = frozenset({"product_problem", "wrong_missing"})
"""What a message is about that tells a fault, in whatever words."""
FAULT = "fault"
"""The slot of what was told to be wrong."""
ALIKE = (DELIVERED, ON_THE_WAY, AWAITING_DISPATCH)
"""States in which orders have the same ways out."""
OF_ANY = frozenset({"reason", "note"})
"""What stays where another order was meant."""
ALL = "all"
MOST_TITLE = 12
"""Characters of an item's title on a button."""


def carried(asked: Asked, doing: type[Undertaking], order_id: str) -> Facts:
    """What is known already where the same is under way for the same order; else the order alone."""
    way = under_way(asked)
    same = way is not None and way.kind == doing.kind and way.args.get("order_id") == order_id
    return dict(way.args) if way is not None and same else {"order_id": order_id}


async def order_meant(asked: Asked, args: Facts) -> Order | None:
    """The claim's order; another one of the same state where the message names goods or a number of that."""
    order = await asked.session.access_order(args["order_id"])
    if order is None or asked.entity("order_id", "order_tail"):
        named = await named_orders(asked)
        return named.orders[0] if named is not None and len(named.orders) == 1 else order
    names = asked.product_names
    if not names or holding(asked.catalogue, [order], names):
        return order
    alike = next((states for states in ALIKE if order.state in states), frozenset({order.state}))
    others = [o for o in await asked.session.access_orders() if o.state in alike]
    return next(iter(holding(asked.catalogue, others, names)), order)


def of_order(args: Facts, order: Order) -> Facts:
    """What is known, about this order: goods chosen of another one are forgotten."""
    if args["order_id"] == order.id:
        return args
    return {**{k: v for k, v in args.items() if k in OF_ANY}, "order_id": order.id}


def said_reason(asked: Asked, args: Facts, asks: str | None) -> Facts:
    """The reason that is pressed, told, or was told just before, with the words that tell it."""
    pressed = asked.entity("reason")
    if pressed in {reason.value for reason in REASONS}:
        return {"reason": pressed, "note": ""}
    if told := _told(asked.text):
        return told
    if asks == "reason" and asked.intent in TOLD_BEFORE:
        return {"reason": Reason.QUALITY.value}
    before = asked.tracker.get_slot(FAULT) or {}
    if "reason" in args or asks is not None or before.get("order_id") != args["order_id"]:
        return {}
    return {name: before[name] for name in ("reason", "note") if before.get(name)}


def keep_fault(asked: Asked, order: Order, reason: Reason) -> None:
    """Remember what was told to be wrong with an order's goods: a claim that comes next is for that."""
    asked.keep(FAULT, {"order_id": order.id, **_told(asked.text), "reason": reason.value})


def told_reason(asked: Asked, otherwise: Reason) -> Reason:
    """The fault that the message tells; what it is about where it tells none."""
    told = _told(asked.text).get("reason", "")
    return Reason(told) if told and told != Reason.NO_REASON.value else otherwise


def _told(text: str) -> Facts:
    text = without(text, "denies_fault")
    for reason in REASONS:
        if words := found(text, f"reason_{reason.value}"):
            return {"reason": reason.value, "note": "" if reason is Reason.NO_REASON else words}
    return {}


def asks_only(asked: Asked) -> bool:
    """Whether the message asks what may be done, and neither asks to do it nor tells why it should be."""
    wants = says(asked.text, "wants_done") or bool(_told(without(asked.text, "names_rule")))
    return says(asked.text, "asks_whether") and not wants


def said_state(asked: Asked, order_id: str) -> Facts:
    """Whether the goods are opened, or worn and used, as far as was said: a refusal makes nothing unsaid."""
    before = asked.tracker.get_slot(FAULT) or {}
    known = before if before.get("order_id") == order_id else {}
    told = {n: True for n in ("opened", "worn") if known.get(n) or says(asked.text, f"tells_{n}")}
    if told:
        asked.keep(FAULT, {**known, "order_id": order_id, **told})
    return told


def is_used(asked: Asked, args: Facts, items: list[OrderItem]) -> bool:
    """Whether that is more than looking at the goods: opening counts where they must be sealed."""
    if args.get("worn"):
        return True
    products = [asked.catalogue.get(item.product_id) for item in items]
    rules = [asked.policy.returns.exception(p.category) for p in products if p is not None]
    return bool(args.get("opened")) and any(r is not None and r.rule is ReturnRule.UNOPENED for r in rules)


def said_lines(asked: Asked, order: Order, known: list[list[Any]]) -> list[list[Any]] | None:
    """Product, variant and pieces of what is meant; empty: all of it; None: the message does not say.

    `known` is what was chosen before: a number alone is for that.
    """
    pressed = asked.entity("item")
    if pressed == ALL or (len(order.items) > 1 and says(asked.text, "means_all")):
        return []
    items = [i for i in order.items if f"{i.product_id}/{i.sku_id}" == pressed] or named_items(asked, order)
    pieces = _pieces(asked)
    if len(order.items) == 1:
        items = list(order.items) if pieces else []
    elif not items and pieces and len(known) == 1:
        items = items_of(order, {"lines": known})
    if not items or len(items) == len(order.items) > 1:
        return None
    lines = [[i.product_id, i.sku_id, min(pieces or i.quantity, i.quantity)] for i in items]
    whole = len(order.items) == 1 and lines[0][2] == order.items[0].quantity
    return [] if whole else lines


def named_items(asked: Asked, order: Order) -> list[OrderItem]:
    """The items that the message names by their goods, colour or size."""
    named = holding_items(asked, order)
    said = [*values_of(asked.tracker, "colour"), *values_of(asked.tracker, "size")]
    among = named or (list(order.items) if said else [])
    fit = [i for i in among if any(same_option(s, v) for s in said for v in i.options.values())]
    return fit or named


def _pieces(asked: Asked) -> int:
    said = asked.entity("quantity")
    return int(said) if said.isdigit() else 0


def lines_of(args: Facts) -> tuple[Line, ...]:
    """The lines of a wish."""
    return tuple(Line(*line) for line in args.get("lines") or ())


def items_of(order: Order, args: Facts) -> list[OrderItem]:
    """The order's items that are meant."""
    meant = {(line[0], line[1]) for line in args.get("lines") or ()}
    return [i for i in order.items if not meant or (i.product_id, i.sku_id) in meant]


def item_rows(order: Order) -> list[Facts]:
    """The order's items as buttons."""
    return [
        {
            "title": f"{item.title[:MOST_TITLE]} {' '.join(item.options.values())}".rstrip(),
            "item": f"{item.product_id}/{item.sku_id}",
        }
        for item in order.items
    ]


def reason_rows() -> list[Facts]:
    """The reasons as buttons."""
    return [{"title": reason.value, "reason": reason.value} for reason in reversed(REASONS)]


def goods_text(goods: list[Facts]) -> str:
    """Goods of a receipt in a line."""
    return "、".join(" ".join([g["title"], *g["options"], f"×{g['quantity']}"]) for g in goods)
