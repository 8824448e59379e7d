"""An invoice asked for, and one made anew with other data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actions.phrases import says
from actions.undertaking import Facts, Undertaking
from actions.undertakings.invoice_data import DETAILS, KINDS, fields_to_change, said_of_invoice
from actions.undertakings.trial import refusal, with_named_order
from bot.shop.codes import InvoiceKind
from bot.shop.doing.invoices import PERSONAL, is_personal
from bot.shop.doing.rows import Receipt
from bot.shop.models import Invoice
from bot.shop.tasks import Task, TaskKind
from bot.shop.wishes import ChangeInvoice, InvoiceWish, RequestInvoice, Wish, order_of

if TYPE_CHECKING:
    from actions.session import Asked

MENDABLE = frozenset({"incomplete", "same"})
"""Refusals that the shopper's answers will mend."""
TOPIC = "invoice"
BUYERS_OWN = ("tax_number", "bad_tax_number", *DETAILS)
"""What belongs to one firm and to no other."""


class DoInvoice(Undertaking):
    """An invoice is asked for."""

    kind = "invoice"
    made: type[InvoiceWish] = RequestInvoice
    own_refusals = frozenset(
        {
            *("unpaid", "refunded", "running", "issued", "past", "nothing_to_bill"),
            *("no_kind", "special_personal", "incomplete", "bad_tax_number", "bad_email"),
            *("no_invoice", "change_past", "same"),
        }
    )

    async def take(self, asked: Asked, args: Facts, asks: str | None) -> Facts:
        """Whatever the message says; a kind that follows from it stays, whatever is corrected later."""
        given = with_said(await with_named_order(asked, args), said_of_invoice(asked, asks))
        kind = kind_of(asked, given)
        return {**given, "invoice_kind": kind.value} if kind and "title" in given else given

    def claims(self, asked: Asked) -> bool:
        """Any value of an invoice is one of this."""
        return super().claims(asked) or asked.topic == TOPIC

    async def missing(self, asked: Asked, args: Facts) -> str | None:
        """Whose it is, which kind, then what that kind needs; nothing where the order has none to get."""
        refused = await refusal(asked, await self.wish(asked, args))
        titled = MENDABLE if "title" in args else MENDABLE | {"special_personal"}
        if refused is not None and refused.code not in titled:
            return None
        kind = kind_of(asked, args)
        if "title" not in args:
            if kind is not InvoiceKind.SPECIAL and "buyer" not in args:
                return "buyer"
            return "title_special" if kind is InvoiceKind.SPECIAL else "title"
        if kind is None:
            return "kind"
        needs = refused.facts["needs"] if refused is not None and refused.code == "incomplete" else []
        asks = next(iter(needs), None)
        return "tax_number_again" if asks == "tax_number" and "bad_tax_number" in args else asks

    async def question(self, asked: Asked, asks: str, args: Facts) -> Facts:
        """The order, what it needs, and the kinds there are."""
        order = await asked.session.access_order(args["order_id"])
        rule = asked.policy.invoices
        needs = rule.needs.get(kind_of(asked, args) or plain_kind(asked), ())
        return {
            **(asked.named(order) if order else {}),
            "head": args.get("title", ""),
            "tax_number": args.get("bad_tax_number", ""),
            "needs": [need.value for need in needs],
            "kinds": [{"invoice_kind": kind.value} for kind in rule.kinds],
        }

    async def wish(self, asked: Asked, args: Facts) -> Wish:
        """What is known; the plain kind and a person's title stand in while it is asked for."""
        given = {name: args.get(name, "") for name in ("tax_number", "email", *DETAILS)}
        kind = kind_of(asked, args) or plain_kind(asked)
        return self.made(args["order_id"], invoice_kind=kind, title=args.get("title") or PERSONAL, **given)

    async def told(self, asked: Asked, wish: Wish, result: Facts) -> Facts:
        """Every value that goes into the invoice, each with its label's code."""
        facts = await super().told(asked, wish, result)
        doubt = "doubtful" if result.get("doubtful") else None
        return {**facts, "doubt": doubt, **shown(wish)} if isinstance(wish, InvoiceWish) else facts

    def task(self, asked: Asked, wish: Wish, receipt: Receipt) -> Task | None:
        """What a row of the shop has no place for is told to a person."""
        if not isinstance(wish, InvoiceWish) or not any(getattr(wish, name) for name in DETAILS):
            return None
        due = asked.session.now + asked.policy.invoices.issue.delta
        facts = {"order_id": wish.order_id, "invoice_kind": wish.invoice_kind.value, **shown(wish)}
        order = order_of(wish)
        return Task(TaskKind.FOLLOWUP, receipt.key, self.role, due, "utter_task_invoice", facts, order)


class DoChangeInvoice(DoInvoice):
    """An invoice is made anew; what the message does not change stays."""

    kind = "change_invoice"
    made = ChangeInvoice

    async def take(self, asked: Asked, args: Facts, asks: str | None) -> Facts:
        """New values; what is named as wrong without one is asked for."""
        given = {**await super().take(asked, args, asks), "order_id": args["order_id"]}
        named = {asked.entity("invoice_field"), *fields_to_change(asked.typed)}
        for field in ("title", "tax_number", "email"):
            if field in named and given.get(field) == args.get(field) and given.get(field):
                given = without(given, field)
        return given

    async def missing(self, asked: Asked, args: Facts) -> str | None:
        """What is to be changed, where nothing is."""
        refused = await refusal(asked, await self.wish(asked, args))
        if refused is not None and refused.code == "same" and "title" in args:
            return "change"
        return await super().missing(asked, args)


def former(found: Invoice) -> Facts:
    """What an invoice says, as what a new one begins with; shops write its kind as a code or in words."""
    kinds = (
        code.value for code, words in KINDS.items() if found.kind == code.value or says(found.kind, words)
    )
    given = {"title": found.title, "tax_number": found.tax_number, "email": found.email}
    given["invoice_kind"] = next(kinds, "")
    return {name: value for name, value in given.items() if value}


def with_said(args: Facts, said: Facts) -> Facts:
    """`args` with what was said: another title takes the former buyer's numbers with it."""
    new, gone = {**args, **said}, set()
    if new.get("title") != args.get("title") or said.get("buyer") == "company":
        gone |= {name for name in BUYERS_OWN if name not in said}
    if said.get("buyer") == "company" and "title" not in said and args.get("title") == PERSONAL:
        gone.add("title")
    if "title" in said and "buyer" not in said and args.get("buyer") == "personal":
        gone.add("buyer")
    if "tax_number" in said:
        gone.add("bad_tax_number")
    return {name: value for name, value in new.items() if name not in gone}


def without(args: Facts, field: str) -> Facts:
    """`args` with one value to be asked for again; a title's tax number goes with it."""
    gone = {field, *(BUYERS_OWN if field == "title" else ())}
    return {name: value for name, value in args.items() if name not in gone}


def kind_of(asked: Asked, args: Facts) -> InvoiceKind | None:
    """The kind that was said, or the only one left; who has given all the plain kind needs means that."""
    if args.get("invoice_kind"):
        return InvoiceKind(args["invoice_kind"])
    rule, plain = asked.policy.invoices, plain_kind(asked)
    named = "buyer" not in args and bool(args.get("title")) and is_personal(args["title"])
    if len(rule.kinds) == 1 or args.get("buyer") == "personal" or named:
        return plain
    return plain if all(args.get(need.value) for need in rule.needs.get(plain, ())) else None


def plain_kind(asked: Asked) -> InvoiceKind:
    """The first kind of the shop's that is for everybody."""
    kinds = asked.policy.invoices.kinds
    return next((k for k in kinds if k is not InvoiceKind.SPECIAL), next(iter(kinds), InvoiceKind.ELECTRONIC))


def shown(wish: InvoiceWish) -> Facts:
    """The values of an invoice, and for each that is there the code of the label before it."""
    values = {name: getattr(wish, name) for name in ("tax_number", "email", *DETAILS)}
    paper = wish.invoice_kind is InvoiceKind.PAPER
    labels = {f"with_{name}": name if value else None for name, value in values.items()}
    if not wish.email:
        labels["with_email"] = "by_post" if paper else "on_page"
    return {**values, **labels, "head": wish.title}
