"""What a message tells of a claim: why, which goods and how many, and in what state they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from actions.finding import values_of
from actions.naming import named_orders
from actions.phrases import found, says, without
from actions.picking import holding
from actions.undertakings.changes import holding_items
from actions.underway import under_way
from actions.variants import same_option
from bot.shop.codes import Reason, ReturnRule
from bot.shop.doing.claims import chosen, paid_for
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
STOPS = " ,，。;；、!！?？\n"
"""What parts a message."""
STATES = ("intact", "opened", "worn")
"""What may be told of goods that are to go back, each by its pattern `tells_…`."""
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
    told: Facts = {"told": found(asked.text, "pieces_told")} if reason is Reason.MISSING else {}
    lines = said_lines(asked, order, [])
    told |= {"lines": lines} if lines else {}
    asked.keep(FAULT, {"order_id": order.id, **_told(asked.text), "reason": reason.value, **told})


def faulty_lines(asked: Asked, order: Order) -> list[list[Any]] | None:
    """What was told before to have a fault, where that is not all of the order: 有一支裂了."""
    before = asked.tracker.get_slot(FAULT) or {}
    return before.get("lines") if before.get("order_id") == order.id else None


def is_for_missing(asked: Asked, order: Order) -> bool:
    """Whether money is wanted for what never came, as the message or one before it tells: no return."""
    before = asked.tracker.get_slot(FAULT) or {}
    known = before.get("order_id") == order.id and before.get("reason") == Reason.MISSING.value
    told = _told(asked.text).get("reason") or (Reason.MISSING.value if known else "")
    return told == Reason.MISSING.value and not says(asked.text, "sends_back")


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


def said_state(asked: Asked, order_id: str, asks: str | None = None) -> Facts:
    """Whether the goods are opened, or worn and used, as far as was said: a refusal makes nothing unsaid."""
    before = asked.tracker.get_slot(FAULT) or {}
    known = before if before.get("order_id") == order_id else {}
    now = _answered_state(asked) if asks == "state" else _stated(asked.text)
    told = {n: True for n in STATES if known.get(n) or n in now}
    if told:
        asked.keep(FAULT, {**known, "order_id": order_id, **told})
    return told


def _stated(text: str) -> set[str]:
    return {name for name in STATES if says(text, f"tells_{name}")}


def _answered_state(asked: Asked) -> set[str]:
    """What the answer to 没有拆、没有用过,对吗 says: 对 and 没有 are one, 不是 and 拆了 the other."""
    told = _stated(asked.text)
    if told:
        return told
    if says(asked.text, "bare_used"):
        return {"opened", "worn"}
    if asked.intent == "affirm" or says(asked.text, "bare_none") or says(asked.text, "confirms"):
        return {"intact"}
    return {"opened", "worn"} if asked.intent == "deny" else set()


def condition_of(asked: Asked, items: list[OrderItem]) -> Facts:
    """The condition of their own that goods go back under, as facts; empty where they have none."""
    products = [asked.catalogue.get(item.product_id) for item in items]
    rules = [(p, asked.policy.returns.exception(p.category)) for p in products if p is not None]
    product, rule = next(((p, r) for p, r in rules if r and r.rule is not ReturnRule.NEVER), (None, None))
    if product is None or rule is None:
        return {}
    return {"title": product.aliases[0] if product.aliases else product.title, "rule": rule.rule.value}


def asks_state(asked: Asked, args: Facts, items: list[OrderItem]) -> bool:
    """Whether goods with a condition of their own come back for no fault, and nothing is told of it yet."""
    known = {"intact", "worn"} | ({"opened"} if _must_be_sealed(asked, items) else set())
    plain = args.get("reason") == Reason.NO_REASON.value
    return plain and not known & args.keys() and bool(condition_of(asked, items))


def _must_be_sealed(asked: Asked, items: list[OrderItem]) -> bool:
    return condition_of(asked, items).get("rule") == ReturnRule.UNOPENED.value


def is_used(asked: Asked, args: Facts, items: list[OrderItem]) -> bool:
    """Whether that is more than looking at the goods: opening counts where they must be sealed."""
    if args.get("worn"):
        return True
    products = [asked.catalogue.get(item.product_id) for item in items]
    rules = [asked.policy.returns.exception(p.category) for p in products if p is not None]
    return bool(args.get("opened")) and any(r is not None and r.rule is ReturnRule.UNOPENED for r in rules)


def said_lines(asked: Asked, order: Order, known: list[list[Any]]) -> list[list[Any]] | None:
    """Product, variant and pieces of what is meant; empty: all of it; None: the message does not say.

    `known` is what was chosen before: a number alone is for that. What is to stay is none of it.
    """
    pressed, pieces, kept = asked.entity("item"), said_pieces(asked, order), kept_items(asked, order)
    several = sum(item.quantity for item in order.items) > 1
    if pressed == ALL or (several and not kept and says(asked.text, "means_all")):
        return []
    items = [i for i in order.items if f"{i.product_id}/{i.sku_id}" == pressed] or named_items(asked, order)
    items = alone_items(asked, order) or items
    items = [i for i in items if i not in kept] or ([i for i in order.items if i not in kept] if kept else [])
    if len(order.items) == 1:
        items = list(order.items) if pieces else []
    elif not items and pieces and len(known) == 1:
        items = items_of(order, {"lines": known})
    if not items or len(items) == len(order.items) > 1:
        return None
    lines = [[i.product_id, i.sku_id, min(pieces or i.quantity, i.quantity)] for i in items]
    whole = len(order.items) == 1 and lines[0][2] == order.items[0].quantity
    return [] if whole else lines


def alone_items(asked: Asked, order: Order) -> list[OrderItem]:
    """The items that alone are meant of several that are named: 一起买的 只想退垫子."""
    named = _rows(asked, "product_id", "product")
    names = [str(row["value"]) for row in named if says(_clause(asked, row), "only_it")]
    return holding_items(asked, order, names) if names else []


def kept_items(asked: Asked, order: Order) -> list[OrderItem]:
    """The items of which the message says that they stay: 四件套留着 只退瑜伽垫."""
    named = _rows(asked, "product_id", "product")
    names = [row["value"] for row in named if says(_clause(asked, row), "keeps_it")]
    return holding_items(asked, order, names) if names else []


def said_pieces(asked: Asked, order: Order) -> int:
    """How many pieces are meant: those said to go back, else the number that is no whole, none that stay.

    0 where no number tells.
    """
    most = max(item.quantity for item in order.items)
    told = [row for row in _rows(asked, "quantity") if not says(_clause(asked, row), "keeps_it")]
    back = [row for row in told if says(_clause(asked, row), "goes_back")]
    numbers = [int(float(row["value"])) for row in back or told]
    if not numbers:
        return 1 if most > 1 and says(asked.text, "one_of_them") else 0
    return next((number for number in numbers if 0 < number < most), numbers[0])


def _rows(asked: Asked, *names: str) -> list[Facts]:
    """Entities of the message, in order of appearance."""
    rows = asked.tracker.latest_message.get("entities") or ()
    return [row for row in rows if row.get("entity") in names and row.get("value")]


def _clause(asked: Asked, row: Facts) -> str:
    """The part of the message between two stops in which something stands."""
    start, text = int(row.get("start") or 0), asked.typed
    begins = max(text.rfind(stop, 0, start) for stop in STOPS) + 1
    ends = [at for stop in STOPS if (at := text.find(stop, start)) >= 0]
    return text[begins : min(ends, default=len(text))]


def named_items(asked: Asked, order: Order) -> list[OrderItem]:
    """The items that the message names by their goods, colour or size."""
    named = holding_items(asked, order)
    said = [*values_of(asked.tracker, "colour"), *values_of(asked.tracker, "size")]
    among = named or (list(order.items) if said else [])
    fit = [i for i in among if any(same_option(s, v) for s in said for v in i.options.values())]
    return fit or named


def worth_of(order: Order, lines: list[list[Any]]) -> int:
    """What was paid for these pieces of an order, all of it where there are none, in fen."""
    return paid_for(order, chosen(order, [Line(*line) for line in lines]))


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


def goods_called(asked: Asked, items: list[OrderItem]) -> str:
    """What the first of some items is commonly called."""
    product = asked.catalogue.get(items[0].product_id)
    return product.aliases[0] if product is not None and product.aliases else items[0].title


def goods_text(goods: list[Facts]) -> str:
    """Goods of a receipt in a line."""
    return "、".join(" ".join([g["title"], *g["options"], f"×{g['quantity']}"]) for g in goods)
