"""Other goods for what was received: another size or colour, a new piece, another product."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actions.phrases import is_question, says
from actions.undertaking import Facts, Undertaking
from actions.undertakings.changes import MOST_VARIANTS, wanted_variant
from actions.undertakings.claims import (
    asks_state,
    condition_of,
    faulty_lines,
    is_used,
    item_rows,
    named_items,
    of_order,
    order_meant,
    said_pieces,
    said_reason,
    said_state,
)
from actions.undertakings.trial import refusal
from actions.variants import changed_options, label
from bot.shop.codes import Reason
from bot.shop.doing.claims import FAULTS
from bot.shop.models import Order, OrderItem, Product, Sku
from bot.shop.wishes import Exchange, Wish

if TYPE_CHECKING:
    from actions.session import Asked

NO_REASON = Reason.NO_REASON.value


class DoExchange(Undertaking):
    """An item is exchanged for another variant, a new piece, or a product that the shop gives for it."""

    kind = "exchange"
    own_refusals = frozenset(
        {
            "past",
            "past_quality",
            "past_report",
            "not_returnable",
            "not_returnable_because",
            "used",
            "worn",
            "too_often",
            "same",
            "other_price",
            "other_product",
        }
    )

    def variant(self, result: Facts) -> str:
        """A new piece of the same, or one that costs more, less or as much."""
        if result["anew"]:
            return "_anew"
        difference = result["difference"]
        return "_dearer" if difference > 0 else "_cheaper" if difference < 0 else ""

    def claims(self, asked: Asked) -> bool:
        """A colour or size, too, that is no question."""
        return super().claims(asked) or (not is_question(asked.text) and bool(asked.entity("colour", "size")))

    async def take(self, asked: Asked, args: Facts, asks: str | None) -> Facts:
        """Item, reason and what is wanted instead, in whatever order they are told."""
        order = await order_meant(asked, args)
        if order is None:
            return args
        args = of_order(args, order)
        given = {**args, **said_reason(asked, args, asks), **said_state(asked, order.id, asks)}
        item = _item(asked, order, args)
        if item is None:
            return given
        given |= {"product_id": item.product_id, "sku_id": item.sku_id}
        return {**given, **_target(asked, order, item, given)}

    async def missing(self, asked: Asked, args: Facts) -> str | None:
        """Which item, then what instead; something else where that is sold out."""
        if "sku_id" not in args:
            return "item"
        there = _in_stock(asked, args)
        if "to_sku" not in args:
            return "variant" if there else "variant_none"
        gone = args["to_sku"] != args["sku_id"] and args["to_sku"] not in [sku.id for sku in there]
        if gone and there:
            return "variant_out"
        order = await asked.session.access_order(args["order_id"])
        known = {"reason": NO_REASON, **args}
        if order is None or not asks_state(asked, known, _items(order, args)):
            return None
        return "state" if await refusal(asked, await self.wish(asked, args)) is None else None

    async def question(self, asked: Asked, asks: str, args: Facts) -> Facts:
        """The items, or the variants that are there."""
        order = await asked.session.access_order(args["order_id"])
        if order is None:
            return {}
        if asks == "item":
            return {**asked.named(order), "rows": item_rows(order)}
        product = asked.catalogue.get(str(args.get("to_product", args["product_id"])))
        wanted = next((label(s) for s in (product.skus if product else ()) if s.id == args.get("to_sku")), "")
        rows = [{"title": label(sku), "sku_id": sku.id} for sku in _in_stock(asked, args)[:MOST_VARIANTS]]
        condition = condition_of(asked, _items(order, args))
        return {**asked.named(order), **condition, "wanted": wanted, "rows": rows}

    async def wish(self, asked: Asked, args: Facts) -> Wish:
        """See Undertaking."""
        order = await asked.session.access_order(args["order_id"])
        items = _items(order, args) if order else []
        return Exchange(
            args["order_id"],
            args["product_id"],
            args["sku_id"],
            args["to_product"],
            args["to_sku"],
            reason=Reason(args.get("reason", NO_REASON)),
            quantity=args.get("quantity") or (items[0].quantity if items else 1),
            note=args.get("note", ""),
            used=is_used(asked, args, items),
        )

    async def told(self, asked: Asked, wish: Wish, result: Facts) -> Facts:
        """With what leaves and comes in words, and by when."""
        facts = {**await super().told(asked, wish, result), **_title(asked, wish)}
        rule, back = asked.policy.exchanges, asked.policy.returns
        sent = {"receiver": back.receiver, "phone": back.phone, "address": back.address}
        steps = {"resend": rule.resend, "back_within": back.send_back_within, "inspect": back.inspect}
        condition = {"condition": [c.value for c in back.condition], "window": rule.window}
        if "new" not in facts:
            return {**condition, **facts, **sent, **steps}
        new = f"{facts['wanted']} {facts['new']}".strip() if facts["other"] else facts["new"]
        words = {"new": new or facts["title"], "old": facts["old"] or facts["title"]}
        return {**condition, **facts, **words, **sent, **steps, "difference": abs(facts["difference"])}


def _title(asked: Asked, wish: Wish) -> Facts:
    """What the exchanged goods go by: the message that says yes names none."""
    product = asked.catalogue.get(wish.product_id) if isinstance(wish, Exchange) else None
    if product is None:
        return {}
    return {"title": product.aliases[0] if product.aliases else product.title}


def _in_stock(asked: Asked, args: Facts) -> list[Sku]:
    """The variants that may be had instead of the one that was bought."""
    product = asked.catalogue.get(str(args.get("to_product", args["product_id"])))
    return [s for s in (product.skus if product else ()) if s.stock and s.id != args["sku_id"]]


def _items(order: Order, args: Facts) -> list[OrderItem]:
    """The item that is exchanged."""
    return [i for i in order.items if i.sku_id == args["sku_id"]]


def names_variant(asked: Asked, order: Order) -> bool:
    """Whether the message says what is wanted instead: a size or colour, one larger or smaller."""
    product = asked.product_of(order)
    return product is not None and any(
        bool(changed_options(asked, item.options, product)) for item in order.items
    )


def _item(asked: Asked, order: Order, args: Facts) -> OrderItem | None:
    """The item that is pressed, known already, named, or the only one."""
    pressed = asked.entity("item")
    found = [i for i in order.items if f"{i.product_id}/{i.sku_id}" == pressed]
    found = found or [i for i in order.items if i.sku_id == args.get("sku_id")]
    found = found or named_items(asked, order)
    found = found or [i for i in order.items if wanted_variant(asked, i)] or list(order.items)
    return found[0] if len(found) == 1 else None


def _target(asked: Asked, order: Order, item: OrderItem, args: Facts) -> Facts:
    """Product and variant that are wanted instead: pressed, named, next in size, or the same anew."""
    product = asked.wanted_instead or asked.catalogue.get(args.get("to_product", item.product_id))
    if product is None:
        return {}
    sku_id = _variant(asked, item, product, args)
    pieces = said_pieces(asked, order) or sum(line[2] for line in faulty_lines(asked, order) or ())
    more = {"quantity": pieces} if 0 < pieces <= item.quantity else {}
    return {**more, "to_product": product.id, **({"to_sku": sku_id} if sku_id else {})}


def _variant(asked: Asked, item: OrderItem, product: Product, args: Facts) -> str:
    pressed = asked.entity("sku_id")
    if any(sku.id == pressed for sku in product.skus):
        return pressed
    own = item.options if product.id == item.product_id else {}
    wish = changed_options(asked, own, product)
    whole = {**own, **wish}
    if wish and (found := next((s.id for s in product.skus if s.options == whole), "")):
        return found
    if len(product.skus) == 1 and product.id != item.product_id:
        return product.skus[0].id
    anew = says(asked.text, "wants_new_one") or Reason(args.get("reason", NO_REASON)) in FAULTS
    known = "to_sku" in args or product.id != item.product_id
    return item.sku_id if anew and not wish and not known else ""
