"""Invoices: how to get one, what has become of it, and until when it may be changed."""

from __future__ import annotations

from datetime import datetime

from actions.orders import UNPAID, OrderAction
from actions.phrases import says
from actions.session import Asked, Facts
from bot.shop.codes import InvoiceKind
from bot.shop.models import AWAITING_DISPATCH, DELIVERED, ON_THE_WAY, Invoice, InvoiceState, Order


class InvoiceHelp(OrderAction):
    """invoice: how to get one, what has become of it."""

    intent = "invoice"
    prefers = (DELIVERED | ON_THE_WAY | AWAITING_DISPATCH,)

    async def presses(self, asked: Asked, order: Order) -> int:
        """One whose invoice was refused, is late or is being made, unless a new one is asked for."""
        if says(asked.text, "asks_invoice"):
            return 0
        found = await asked.session.access_invoice(order)
        if found is not None and found.state is InvoiceState.ISSUED:
            return int(says(asked.text, "wrong_invoice"))
        if found is None:
            return 0
        if found.state is InvoiceState.REFUSED:
            return 3
        return 2 if invoice_due(asked, found) < asked.session.now else 1

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
        """The order's invoice; where none was asked for, how to."""
        found = await asked.session.access_invoice(order)
        facts = {**asked.named(order), "others": others}
        if says(asked.text, "special_invoice") and (found is None or found.state is InvoiceState.ISSUED):
            _say_special(asked)
            if found is None:
                return None
        if found is not None:
            return self._say_found(asked, found, facts)
        rule = asked.policy.invoices
        last = ((order.paid or order.placed) + rule.request_within.delta).date()
        if order.state in UNPAID:
            return asked.say("utter_invoice_unpaid", **facts)
        needs = [need.value for need in rule.needs.get(InvoiceKind.ELECTRONIC, ())]
        if last < asked.session.today:
            return asked.say("utter_invoice_past", **facts, until=last.isoformat())
        amount = {"amount": order.paid_total, "until": last.isoformat(), "covers": rule.covers}
        return asked.say("utter_invoice_not_yet", **facts, **amount, needs=needs, issue=rule.issue)

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


def invoice_due(asked: Asked, found: Invoice) -> datetime:
    """By when the shop has promised an invoice that was asked for."""
    rule = asked.policy.invoices
    paper = says(found.kind, "paper_invoice")
    return found.requested + (rule.paper_issue if paper else rule.issue).delta


def _say_issued(asked: Asked, found: Invoice, facts: Facts) -> None:
    """Where it is, and until when it may be made anew; `…_past` once that is over."""
    day = (found.issued or found.requested).date()
    until = day + asked.policy.invoices.change_within.delta
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
