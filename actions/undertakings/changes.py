"""What is done to an order before it leaves: cancelled, gone on with, changed, urged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from actions.finding import heard
from actions.phrases import before, found, is_question, says
from actions.picking import item_fits
from actions.undertaking import ORDER, Facts, Undertaking
from actions.undertakings.receivers import PARTICLES
from actions.undertakings.trial import with_named_order
from actions.variants import changed_options, label
from bot.shop.doing.rows import Receipt
from bot.shop.models import Order, OrderItem, Sku
from bot.shop.tasks import Task, TaskKind
from bot.shop.wishes import Cancel, ChangeRemark, ChangeVariant, UndoCancel, Urge, Wish, order_of

if TYPE_CHECKING:
    from actions.session import Asked

MOST_VARIANTS = 6
"""So many variants are offered as buttons."""
MOST_REMARKED = 100
"""Characters of a remark."""


class DoCancel(Undertaking):
    """An order is cancelled."""

    kind = "cancel"

    def variant(self, result: Facts) -> str:
        """Unpaid there is no money; to the gift card it goes at once."""
        if "amount" not in result:
            return "_unpaid"
        return "_gift_card" if result["refund"] == "paid" else ""

    async def take(self, asked: Asked, args: Facts, asks: str | None) -> Facts:
        """A reason, where the message tells one."""
        reason = found(asked.text, "cancel_reason")
        return {**args, "reason": reason} if reason else args

    async def wish(self, asked: Asked, args: Facts) -> Wish:
        """See Undertaking."""
        return Cancel(args["order_id"], args.get("reason", ""))

    async def told(self, asked: Asked, wish: Wish, result: Facts) -> Facts:
        """With how long the money takes to the account it came from."""
        from actions.orders import arrival

        facts = await super().told(asked, wish, result)
        order = await asked.session.access_order(facts.get("order_id", ""))
        audit = asked.policy.refunds.audit_unsent
        return {**facts, "audit": audit, "arrival": arrival(asked, order)} if order else facts


class DoUndoCancel(Undertaking):
    """A cancelled order is gone on with."""

    kind = "undo_cancel"
    own_refusals = frozenset({"paid_back", "never_paid", "not_cancelled", "coupon_spent"})

    async def take(self, asked: Asked, args: Facts, asks: str | None) -> Facts:
        """The order, where the number that came first was none."""
        return args if "order_id" in args else await with_named_order(asked, args)

    async def missing(self, asked: Asked, args: Facts) -> str | None:
        """Nothing but the order."""
        return None if "order_id" in args else ORDER

    async def wish(self, asked: Asked, args: Facts) -> Wish:
        """See Undertaking."""
        return UndoCancel(args["order_id"])


class DoChangeVariant(Undertaking):
    """An item of an order is sent in another colour or size."""

    kind = "change_variant"
    role = "packing"
    own_refusals = frozenset({"same", "other_price", "no_variant", "not_in_order"})

    def claims(self, asked: Asked) -> bool:
        """A colour or size, too, that is no question."""
        return super().claims(asked) or (not is_question(asked.text) and bool(asked.entity("colour", "size")))

    async def take(self, asked: Asked, args: Facts, asks: str | None) -> Facts:
        """The item that is named, or the only one; the variant pressed, or by its colour and size."""
        order = await asked.session.access_order(args["order_id"])
        if order is None:
            return args
        item = _item(asked, order, args)
        if item is None:
            return args
        given = {**args, "product_id": item.product_id, "sku_id": item.sku_id}
        wanted = asked.entity("sku_id") or wanted_variant(asked, item)
        return {**given, "to_sku": wanted} if wanted else given

    async def missing(self, asked: Asked, args: Facts) -> str | None:
        """Which item, then what instead; something else where that is sold out."""
        if "sku_id" not in args:
            return "item"
        there = _in_stock(asked, args)
        if "to_sku" not in args:
            return "variant"
        gone = args["to_sku"] != args["sku_id"] and args["to_sku"] not in [sku.id for sku in there]
        return "variant_out" if gone and there else None

    async def question(self, asked: Asked, asks: str, args: Facts) -> Facts:
        """The items, or the variants that are there."""
        order = await asked.session.access_order(args["order_id"])
        if order is None:
            return {}
        items = [{"title": i.title[:12], "item": i.sku_id} for i in order.items]
        rows = [{"title": label(sku), "sku_id": sku.id} for sku in _in_stock(asked, args)][:MOST_VARIANTS]
        product = asked.catalogue.get(args.get("product_id", ""))
        wanted = next((label(s) for s in (product.skus if product else ()) if s.id == args.get("to_sku")), "")
        return {**asked.named(order), "items": items, "variants": rows, "wanted": wanted}

    async def wish(self, asked: Asked, args: Facts) -> Wish:
        """See Undertaking."""
        return ChangeVariant(args["order_id"], args["product_id"], args["sku_id"], args["to_sku"])


class DoChangeRemark(Undertaking):
    """Those who pack an order are told something."""

    kind = "change_remark"
    role = "packing"

    async def take(self, asked: Asked, args: Facts, asks: str | None) -> Facts:
        """What comes behind 备注; asked for, or about the hour, the whole message. A day stands as a date."""
        whole = asks == "remark" or says(asked.text, "wants_other_time")
        said = heard(asked.typed, "remark") or (asked.typed.strip() if whole else "")
        said = PARTICLES.sub("", before(said, "remark_ends").strip())
        day = asked.entity("date")
        said = f"{said}({day})" if said and day and day not in said else said
        return {**args, "remark": said[:MOST_REMARKED]} if said else args

    async def missing(self, asked: Asked, args: Facts) -> str | None:
        """The remark."""
        return None if args.get("remark") else "remark"

    async def question(self, asked: Asked, asks: str, args: Facts) -> Facts:
        """Of which order."""
        order = await asked.session.access_order(args["order_id"])
        return asked.named(order) if order else {}

    async def wish(self, asked: Asked, args: Facts) -> Wish:
        """See Undertaking."""
        return ChangeRemark(args["order_id"], args["remark"])


class DoUrge(Undertaking):
    """Warehouse or carrier are asked to hurry: a person's task, with a time."""

    kind = "urge"
    role = "packing"
    own_refusals = frozenset({"urged_today"})

    async def wish(self, asked: Asked, args: Facts) -> Wish:
        """See Undertaking."""
        return Urge(args["order_id"])

    def task(self, asked: Asked, wish: Wish, receipt: Receipt) -> Task:
        """Somebody looks after it by the time the shop answers complaints."""
        due = asked.session.now + asked.policy.complaints.answer.delta
        facts = {"order_id": order_of(wish), "state": receipt.result["state"]}
        order = order_of(wish)
        return Task(TaskKind.FOLLOWUP, receipt.key, self.role, due, "utter_task_urge", facts, order)


def _item(asked: Asked, order: Order, args: Facts) -> OrderItem | None:
    """The item that is pressed, named, known already, or the only one."""
    pressed = asked.entity("item") or args.get("sku_id", "")
    found = next((i for i in order.items if i.sku_id == pressed), None)
    if found is not None:
        return found
    named = holding_items(asked, order) or [i for i in order.items if wanted_variant(asked, i)] or order.items
    return named[0] if len(named) == 1 else None


def holding_items(asked: Asked, order: Order, names: Sequence[str] | None = None) -> list[OrderItem]:
    """The items that the message names, or that go by these names; none where it names no goods."""
    names = asked.product_names if names is None else names
    fits = [item_fits(asked.catalogue, item, names) if names else 0 for item in order.items]
    best = max(fits, default=0)
    return [item for item, fit in zip(order.items, fits, strict=True) if best and fit == best]


def _in_stock(asked: Asked, args: Facts) -> list[Sku]:
    """The variants that may be had instead of the one that was ordered."""
    product = asked.catalogue.get(args.get("product_id", ""))
    return [s for s in (product.skus if product else ()) if s.stock and s.id != args.get("sku_id")]


def wanted_variant(asked: Asked, item: OrderItem) -> str:
    """The variant that has the colour or size of the message; what it leaves open stays."""
    product = asked.catalogue.get(item.product_id)
    wish = changed_options(asked, item.options, product) if product else {}
    whole = {**item.options, **wish}
    skus = product.skus if product and wish and whole != item.options else ()
    return next((sku.id for sku in skus if sku.options == whole), "")
