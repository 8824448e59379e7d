"""Choices that a shop's policy is made of; the words for each stand in data/responses/labels.yml."""

from __future__ import annotations

from enum import Enum


class PayWay(str, Enum):
    """A way to pay, or an account that money goes back to."""

    ALIPAY = "alipay"
    WECHAT = "wechat"
    CARD = "card"
    CREDIT_CARD = "credit_card"
    HUABEI = "huabei"
    BAITIAO = "baitiao"
    GIFT_CARD = "gift_card"
    COD = "cod"


class Payer(str, Enum):
    """Who bears a cost."""

    SHOP = "shop"
    SHOPPER = "shopper"


class Reason(str, Enum):
    """Why goods come back."""

    NO_REASON = "no_reason"
    QUALITY = "quality"
    DAMAGED = "damaged"
    WRONG_ITEM = "wrong_item"
    MISSING = "missing"
    NOT_AS_DESCRIBED = "not_as_described"
    REFUSED_DELIVERY = "refused_delivery"


class Grievance(str, Enum):
    """What a small compensation is for."""

    LATE_DISPATCH = "late_dispatch"
    LATE_DELIVERY = "late_delivery"
    FAULT = "fault"


class ReturnRule(str, Enum):
    """What holds for a kind of goods instead of the plain seven days."""

    NEVER = "never"
    UNOPENED = "unopened"
    UNWORN = "unworn"
    UNUSED = "unused"


class Condition(str, Enum):
    """What returned goods must be like."""

    CLEAN = "clean"
    TAGS_ON = "tags_on"
    COMPLETE = "complete"
    PACKAGING = "packaging"
    GIFTS_BACK = "gifts_back"
    PROOF = "proof"


class DeliveryWay(str, Enum):
    """How a parcel reaches the shopper."""

    DOOR = "door"
    PICKUP_POINT = "pickup_point"
    LOCKER = "locker"
    UPSTAIRS = "upstairs"


class Carrier(str, Enum):
    """Carriers by code; `Parcel.carrier` holds the name instead, as the carrier writes it."""

    ZTO = "zto"
    YTO = "yto"
    STO = "sto"
    YUNDA = "yunda"
    JT = "jt"
    SF = "sf"
    JD = "jd"
    EMS = "ems"
    DEPPON = "deppon"


class NotReceivedStep(str, Enum):
    """What shopper and shop do about a parcel that is signed for but not there, in the shop's order."""

    CHECK_NEIGHBOURS = "check_neighbours"
    CHECK_PICKUP = "check_pickup"
    CALL_COURIER = "call_courier"
    SHOP_ASKS_CARRIER = "shop_asks_carrier"
    RESEND_OR_REFUND = "resend_or_refund"


class PriceExclusion(str, Enum):
    """What price protection does not cover."""

    FLASH_SALE = "flash_sale"
    COUPON = "coupon"
    POINTS = "points"
    PRESALE = "presale"
    CLEARANCE = "clearance"
    LIVE_ROOM = "live_room"
    RETURNED = "returned"
    OUT_OF_STOCK = "out_of_stock"


class InvoiceKind(str, Enum):
    """Kinds of invoice."""

    ELECTRONIC = "electronic"
    SPECIAL = "special"
    PAPER = "paper"


class InvoiceField(str, Enum):
    """What a shopper gives for an invoice."""

    TITLE = "title"
    TAX_NUMBER = "tax_number"
    EMAIL = "email"
    ADDRESS = "address"
    PHONE = "phone"
    BANK = "bank"
    ACCOUNT = "account"


class Stage(str, Enum):
    """Until when an order may still be changed: before payment, packing, dispatch or signing."""

    PAID = "paid"
    PACKED = "packed"
    SENT = "sent"
    SIGNED = "signed"
    NEVER = "never"


class PointsFrom(str, Enum):
    """What earns points."""

    PURCHASE = "purchase"
    REVIEW = "review"
    SIGN_IN = "sign_in"
