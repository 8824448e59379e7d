"""Invoices: asked for, what has become of them, made anew; and what holds for them in general."""

from __future__ import annotations

from datetime import datetime

from actions.orders import UNPAID, OrderAction
from actions.phrases import says
from actions.session import Asked, Facts
from actions.undertaking import begin
from actions.undertakings.invoice_data import said_of_invoice
from actions.undertakings.invoices import DoChangeInvoice, DoInvoice, former, plain_kind
from actions.undertakings.trial import so_far
from bot.shop.codes import InvoiceKind
from bot.shop.doing.invoices import change_until, last_day
from bot.shop.models import AWAITING_DISPATCH, DELIVERED, ON_THE_WAY, Invoice, InvoiceState, Order


class InvoiceHelp(OrderAction):
    """invoice: how to get one, what has become of it."""

    intent = "invoice"
    prefers = (DELIVERED | ON_THE_WAY | AWAITING_DISPATCH,)

    async def presses(self, asked: Asked, order: Order) -> int:
        """One whose invoice was refused, is late or is being made, unless a new one is asked for."""
        if says(asked.text, "asks_invoice") or asked.entity("buyer", "invoice_kind", "invoice_field"):
            return 0
        if (shown := await self._of_shown(asked)) is not None:
            return 4 * int(order.id == shown)
        found = await asked.session.access_invoice(order)
        if found is not None and found.state is InvoiceState.ISSUED:
            return int(says(asked.text, "wrong_invoice"))
        if found is None:
            return 0
        if found.state is InvoiceState.REFUSED:
            return 3
        return 2 if invoice_due(asked, found) < asked.session.now else 1

    @staticmethod
    async def _of_shown(asked: Asked) -> str | None:
        """The order shown last, where its invoice was just talked of; None where it was not."""
        shown = await asked.session.access_order(asked.shown_id or "")
        if shown is None or asked.order_wish != "invoice":
            return None
        return shown.id if await asked.session.access_invoice(shown) is not None else None

    async def without(self, asked: Asked) -> None:
        """Kinds, what to give, and when it comes."""
        rule = asked.policy.invoices
        if says(asked.text, "special_invoice"):
            return _say_special(asked)
        needs = rule.needs.get(InvoiceKind.ELECTRONIC, ())
        asked.say(
            "utter_invoice_rules",
            kinds=[kind.value for kind in rule.kinds],
            needs=[need.value for need in needs],
            issue=rule.issue,
            within=rule.request_within,
            covers=rule.covers,
        )
        return None

    async def about(self, asked: Asked, order: Order, others: list[Facts]) -> None:
        """What has become of the order's invoice; one is asked for, or changed, where that is the wish."""
        found = await asked.session.access_invoice(order)
        facts = {**asked.named(order), "others": others}
        if found is None:
            return await self._ask_for_one(asked, order, facts)
        issued = found.state is InvoiceState.ISSUED
        if issued and change_until(found, asked.policy) < asked.session.today:
            return self._say_found(asked, found, facts)
        again = found.state is InvoiceState.REFUSED and says(asked.text, "asks_invoice")
        if not again and not wants_change(asked, found):
            return self._say_found(asked, found, facts)
        said = _changed_so_far(asked, order) or former(found)
        return await begin(asked, DoChangeInvoice, others, **{**said, "order_id": order.id})

    @staticmethod
    async def _ask_for_one(asked: Asked, order: Order, facts: Facts) -> None:
        """What holds, where that is asked; else an invoice is asked for."""
        rule, last = asked.policy.invoices, last_day(order, asked.policy)
        if (
            says(asked.text, "asks_invoice_rule")
            and last >= asked.session.today
            and order.state not in UNPAID
        ):
            needs = [need.value for need in rule.needs.get(plain_kind(asked), ())]
            amount = {"amount": order.paid_total, "until": last.isoformat(), "covers": rule.covers}
            return asked.say("utter_invoice_not_yet", **facts, **amount, needs=needs, issue=rule.issue)
        said = {**so_far(asked, DoInvoice), "order_id": order.id}
        return await begin(asked, DoInvoice, facts["others"], **said)

    @staticmethod
    def _say_found(asked: Asked, found: Invoice, facts: Facts) -> None:
        about = {"kind": found.kind, "head": found.title, "amount": found.amount}
        match found.state:
            case InvoiceState.REQUESTED:
                due = invoice_due(asked, found)
                name = "utter_invoice_late" if due < asked.session.now else "utter_invoice_requested"
                asked.say(name, **facts, **about, due=due.isoformat())
            case InvoiceState.ISSUED:
                _say_issued(asked, found, {**facts, **about})
            case InvoiceState.REFUSED:
                name = "utter_invoice_refused_because" if found.reason else "utter_invoice_refused"
                asked.say(name, **facts, **about, because=found.reason)


def wants_change(asked: Asked, found: Invoice) -> bool:
    """Whether an invoice that is there is to say something else than it does."""
    now, said = former(found), said_of_invoice(asked)
    told = any(now.get(name) != value for name, value in said.items() if name != "buyer")
    pressed = asked.entity("buyer", "invoice_kind", "invoice_field")
    return told or bool(pressed) or says(asked.text, "wrong_invoice")


def _changed_so_far(asked: Asked, order: Order) -> Facts:
    said = so_far(asked, DoChangeInvoice)
    return said if said.get("order_id") == order.id else {}


def invoice_due(asked: Asked, found: Invoice) -> datetime:
    """By when the shop has promised an invoice that was asked for."""
    rule = asked.policy.invoices
    paper = says(found.kind, "paper_invoice")
    return found.requested + (rule.paper_issue if paper else rule.issue).delta


def _say_issued(asked: Asked, found: Invoice, facts: Facts) -> None:
    """Where it is, and until when it may be made anew; `…_past` once that is over."""
    day = (found.issued or found.requested).date()
    until = change_until(found, asked.policy)
    name = "utter_invoice_mailed" if found.email else "utter_invoice_issued"
    if until < asked.session.today:
        name = f"{name}_past"
    asked.say(name, **facts, issued=day.isoformat(), email=found.email, until=until.isoformat())


def _say_special(asked: Asked) -> None:
    """Whether the shop makes special invoices, and what they need."""
    rule = asked.policy.invoices
    if InvoiceKind.SPECIAL not in rule.kinds:
        return asked.say("utter_invoice_no_special", kinds=[kind.value for kind in rule.kinds])
    needs = [need.value for need in rule.needs.get(InvoiceKind.SPECIAL, ())]
    return asked.say("utter_invoice_special", needs=needs, issue=rule.issue)
