"""What holds of a shop whatever is done to it: no money or goods come or go, states stay the trade's."""

from __future__ import annotations

from bot.shop.codes import PayWay
from bot.shop.models import Order, OrderState, RefundState
from bot.shop.payments import way_of
from bot.shop.portable import ShopData


def check(first: ShopData, data: ShopData, shopper_id: str) -> None:
    """Of a shop as it was and as that shopper's wishes have left it."""
    for product in data.products:
        assert all(sku.stock >= 0 for sku in product.skus)
    for each in data.orders:
        assert each.refund is None or 0 < each.refund.amount <= each.paid_total
        assert each.state is not OrderState.UNPAID or each.paid is None
        assert each.state is not OrderState.CANCELLED or each.closed is not None
    assert _card_total(data, shopper_id) == _card_total(first, shopper_id)
    assert _others(data, shopper_id) == _others(first, shopper_id)


def _card_total(data: ShopData, shopper_id: str) -> int:
    """The gift card with what it has paid and not got back: always the same."""
    balance = next(s.gift_card_balance for s in data.shoppers if s.id == shopper_id)
    return balance + sum(_from_card(each) for each in data.orders if each.shopper_id == shopper_id)


def _from_card(each: Order) -> int:
    if way_of(each.payment) is not PayWay.GIFT_CARD:
        return 0
    back = each.refund.amount if each.refund and each.refund.state is RefundState.PAID else 0
    return each.paid_total - back


def _others(data: ShopData, shopper_id: str) -> tuple[Order, ...]:
    """Orders of somebody else."""
    return tuple(each for each in data.orders if each.shopper_id != shopper_id)
