"""How an order's payment is written, as a way to pay: shops write 支付宝, or the code."""

from __future__ import annotations

from bot.shop.codes import PayWay

_NAMES = {
    PayWay.GIFT_CARD: ("礼品卡", "储值卡"),
    PayWay.ALIPAY: ("支付宝",),
    PayWay.WECHAT: ("微信",),
    PayWay.CREDIT_CARD: ("信用卡",),
    PayWay.CARD: ("银行卡", "储蓄卡", "借记卡"),
    PayWay.HUABEI: ("花呗",),
    PayWay.BAITIAO: ("白条",),
    PayWay.COD: ("货到付款",),
}
"""What a shop's rows call each way; the first name is the one that new rows get."""


def way_of(payment: str) -> PayWay | None:
    """The way of an order's payment; None where it is unpaid or paid in a way of the shop's own."""
    return next(iter(ways_of(payment)), None)


def ways_of(text: str) -> tuple[PayWay, ...]:
    """All the ways that an order's payment, or a rule on payments, names; the gift card first."""
    code = text.strip().lower()
    return tuple(way for way, names in _NAMES.items() if code == way.value or any(n in text for n in names))


def name_of(way: PayWay) -> str:
    """What a new order's payment is called."""
    return _NAMES[way][0]
