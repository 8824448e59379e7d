"""The one way in: a wish, the shop's rows and the moment give a change, or a refusal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.shop.doing import (
    aftersales,
    buying,
    changes,
    compensation,
    exchanging,
    invoices,
    price_protection,
    visits,
)
from bot.shop.doing.rows import Change, Json, Moment, Receipt, Refused, Rows
from bot.shop.wishes import (
    BookVisit,
    Cancel,
    CancelVisit,
    ChangeAddress,
    ChangeInvoice,
    ChangeRemark,
    ChangeVariant,
    ClaimCoupon,
    Compensate,
    Exchange,
    MoveVisit,
    PayByGiftCard,
    PlaceOrder,
    ProtectPrice,
    RefundOnly,
    RequestInvoice,
    ReturnGoods,
    UndoCancel,
    Urge,
    Wish,
    WithdrawRefund,
    order_of,
    write_wish,
)

Rule = Callable[[Any, Rows, Moment], Change]

RULES: dict[type[Wish], Rule] = {
    Cancel: changes.cancel,
    UndoCancel: changes.undo_cancel,
    ChangeAddress: changes.change_address,
    ChangeRemark: changes.change_remark,
    ChangeVariant: changes.change_variant,
    Urge: changes.urge,
    PlaceOrder: buying.place_order,
    PayByGiftCard: buying.pay_gift_card,
    ClaimCoupon: buying.claim_coupon,
    ReturnGoods: aftersales.return_goods,
    RefundOnly: aftersales.refund_only,
    WithdrawRefund: aftersales.withdraw_refund,
    Exchange: exchanging.exchange,
    ProtectPrice: price_protection.protect_price,
    Compensate: compensation.compensate,
    RequestInvoice: invoices.request_invoice,
    ChangeInvoice: invoices.change_invoice,
    BookVisit: visits.book_visit,
    MoveVisit: visits.move_visit,
    CancelVisit: visits.cancel_visit,
}


def perform(wish: Wish, rows: Rows, at: Moment) -> Change:
    """What the wish changes; raises Refused where a rule forbids it. Nothing is stored here."""
    rule = RULES.get(type(wish))
    if rule is None:
        raise Refused("by_person")
    return rule(wish, rows, at)


def receipt(wish: Wish, change: Change, rows: Rows, at: Moment) -> Receipt:
    """What the ledger keeps of a change."""
    args: Json = write_wish(wish)
    order = rows.order(order_of(wish)) if order_of(wish) else None
    shopper_id = order.shopper_id if order else str(args.get("shopper_id", ""))
    order_id = order_of(wish) or str(change.result.get("order_id", ""))
    return Receipt(at.key, wish.kind, order_id, shopper_id, args, change.result, at.now)
