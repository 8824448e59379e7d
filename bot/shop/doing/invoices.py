"""Invoices: asked for, and made anew with other data."""

from __future__ import annotations

import re
from datetime import date, timedelta

from bot.shop.codes import InvoiceField, InvoiceKind, PayWay
from bot.shop.doing.money import left_to_refund, running
from bot.shop.doing.rows import Change, Json, Moment, Refused, Rows, order_there
from bot.shop.models import Invoice, InvoiceState, Order, OrderState
from bot.shop.payments import ways_of
from bot.shop.policy import Policy
from bot.shop.tax_numbers import check_digit_fits, is_tax_number
from bot.shop.wishes import ChangeInvoice, InvoiceWish, RequestInvoice

PERSONAL = "个人"
LONGEST_NAME = 4
"""Characters of a person's name; a title of more is a firm's, which has a tax number."""
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_BUYERS_OWN = frozenset(
    {
        InvoiceField.ADDRESS,
        InvoiceField.PHONE,
        InvoiceField.BANK,
        InvoiceField.ACCOUNT,
        InvoiceField.TAX_NUMBER,
    }
)
"""What stays the same as long as the title does."""


def request_invoice(wish: RequestInvoice, rows: Rows, at: Moment) -> Change:
    """The first invoice of an order, or a new one after a refusal; one at a time."""
    order = order_there(rows, wish.order_id)
    amount = _amount(order, at.policy)
    former = rows.invoice_of(order.id)
    if former is not None and former.state is not InvoiceState.REFUSED:
        code = "running" if former.state is InvoiceState.REQUESTED else "issued"
        raise Refused(code, invoice_kind=former.kind, head=former.title)
    _check_still(last_day(order, at.policy), "past", at)
    _check_data(wish, None, at.policy)
    return _made(wish, order, amount, at)


def change_invoice(wish: ChangeInvoice, rows: Rows, at: Moment) -> Change:
    """An invoice that is being made gets the new data; one that was issued or refused is asked for anew."""
    order = order_there(rows, wish.order_id)
    amount = _amount(order, at.policy)
    former = rows.invoice_of(order.id)
    if former is None:
        raise Refused("no_invoice")
    if former.state is InvoiceState.ISSUED:
        _check_still(change_until(former, at.policy), "change_past", at)
    elif former.state is InvoiceState.REFUSED:
        _check_still(last_day(order, at.policy), "past", at)
    _check_data(wish, former, at.policy)
    if _says_the_same(wish, former):
        raise Refused("same", invoice_kind=former.kind, head=former.title)
    return _made(wish, order, amount, at, former if former.state is InvoiceState.REQUESTED else None)


def last_day(order: Order, policy: Policy) -> date:
    """The last day on which an invoice for an order may be asked for."""
    return ((order.paid or order.placed) + policy.invoices.request_within.delta).date()


def change_until(issued: Invoice, policy: Policy) -> date:
    """The last day on which an invoice that was issued may be made anew."""
    return (issued.issued or issued.requested).date() + policy.invoices.change_within.delta


def takes(kind: InvoiceKind, policy: Policy) -> timedelta:
    """How long an invoice takes."""
    rule = policy.invoices
    return (rule.paper_issue if kind is InvoiceKind.PAPER else rule.issue).delta


def is_personal(title: str) -> bool:
    """Whether a title is a person's, who has no tax number."""
    return title.startswith(PERSONAL) or len(title) <= LONGEST_NAME


def _amount(order: Order, policy: Policy) -> int:
    """What an invoice is over, in fen: what was paid and does not go back, without the gift card's part."""
    if order.state is OrderState.UNPAID:
        raise Refused("unpaid")
    if order.state is OrderState.CANCELLED:
        raise Refused("cancelled")
    if order.state is OrderState.REFUNDED:
        raise Refused("refunded")
    if order.state is OrderState.REFUNDING:
        raise Refused("in_aftersales", state=order.state.value)
    ways = ways_of(order.payment)
    left_out = PayWay.GIFT_CARD in ways and PayWay.GIFT_CARD in ways_of(policy.invoices.covers)
    if left_out and len(ways) > 1:
        raise Refused("by_person")  # no row says how much of it the gift card paid
    going_back = order.refund.amount if order.refund and running(order) else 0
    amount = 0 if left_out else left_to_refund(order) - going_back
    if amount <= 0:
        raise Refused("nothing_to_bill", covers=policy.invoices.covers)
    return amount


def _check_still(until: date, code: str, at: Moment) -> None:
    if until < at.now.date():
        raise Refused(code, until=until.isoformat())


def _check_data(wish: InvoiceWish, former: Invoice | None, policy: Policy) -> None:
    """Refuse a kind that the shop does not make, and what lacks or cannot be."""
    rule, kind = policy.invoices, wish.invoice_kind
    if kind not in rule.kinds:
        raise Refused("no_kind", kinds=[each.value for each in rule.kinds])
    if kind is InvoiceKind.SPECIAL and is_personal(wish.title) and not wish.tax_number:
        raise Refused("special_personal", kinds=[k.value for k in rule.kinds if k is not kind])
    if lacking := still_needed(wish, former, policy):
        raise Refused("incomplete", needs=[each.value for each in lacking])
    if wish.tax_number and not is_tax_number(wish.tax_number):
        raise Refused("bad_tax_number", tax_number=wish.tax_number)
    if wish.email and not _EMAIL.fullmatch(wish.email):
        raise Refused("bad_email", email=wish.email)


def still_needed(wish: InvoiceWish, former: Invoice | None, policy: Policy) -> list[InvoiceField]:
    """What an invoice of that kind needs and the wish lacks.

    A person has no tax number. Who is named in a former invoice that the shop took is known to it.
    """
    known = former is not None and former.state is not InvoiceState.REFUSED and former.title == wish.title
    spared = _BUYERS_OWN - {InvoiceField.TAX_NUMBER} if known else frozenset()
    if is_personal(wish.title):
        spared |= {InvoiceField.TAX_NUMBER}
    needs = policy.invoices.needs.get(wish.invoice_kind, ())
    return [each for each in needs if each not in spared and not getattr(wish, each.value).strip()]


def _says_the_same(wish: InvoiceWish, former: Invoice) -> bool:
    new = (wish.invoice_kind.value, wish.title, wish.tax_number, wish.email)
    details = (wish.address, wish.phone, wish.bank, wish.account)
    return new == (former.kind, former.title, former.tax_number, former.email) and not any(details)


def _made(wish: InvoiceWish, order: Order, amount: int, at: Moment, taken: Invoice | None = None) -> Change:
    """A row that is asked for now; `taken` is the one being made, which keeps its number and its promise."""
    new = Invoice(
        id=taken.id if taken else at.new_id("I"),
        order_id=order.id,
        state=InvoiceState.REQUESTED,
        kind=wish.invoice_kind.value,
        title=wish.title,
        amount=amount,
        requested=taken.requested if taken else at.now,
        tax_number=wish.tax_number,
        email=wish.email,
    )
    told: Json = {
        "order_id": order.id,
        "title": order.items[0].title if order.items else "",
        "invoice_kind": new.kind,
        "head": new.title,
        "amount": amount,
        "doubtful": not check_digit_fits(wish.tax_number),
        "due": (new.requested + takes(wish.invoice_kind, at.policy)).isoformat(),
    }
    return Change(told, invoices=(new,))
