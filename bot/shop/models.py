"""What a shop knows, as frozen values.

Money is integer fen, times are aware datetimes, ids are strings, states are enums.
The JSON form of every type (used by import, export and the HTTP adapter) is described in docs/shop-data.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Any

from bot.shop.values import Count, Fen, Id, Quantity, Words


class OrderState(str, Enum):
    """Where an order stands; the trade's usual order of events."""

    UNPAID = "unpaid"
    PAID = "paid"
    PACKED = "packed"
    SENT = "sent"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    SIGNED = "signed"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    REFUNDING = "refunding"
    REFUNDED = "refunded"
    EXCHANGING = "exchanging"


AWAITING_DISPATCH = frozenset({OrderState.PAID, OrderState.PACKED})
ON_THE_WAY = frozenset({OrderState.SENT, OrderState.IN_TRANSIT, OrderState.OUT_FOR_DELIVERY})
DELIVERED = frozenset({OrderState.SIGNED, OrderState.FINISHED})


class ParcelState(str, Enum):
    """Where a parcel stands, as its last trace tells."""

    COLLECTED = "collected"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    WAITING_PICKUP = "waiting_pickup"
    SIGNED = "signed"
    STUCK = "stuck"
    LOST = "lost"
    RETURNED = "returned"


class RefundState(str, Enum):
    """Progress of a refund."""

    REQUESTED = "requested"
    APPROVED = "approved"
    GOODS_RETURNING = "goods_returning"
    PAYING = "paying"
    PAID = "paid"
    REFUSED = "refused"


class InvoiceState(str, Enum):
    """Progress of an invoice."""

    REQUESTED = "requested"
    ISSUED = "issued"
    REFUSED = "refused"


class CouponState(str, Enum):
    """Whether a shopper's coupon can still be spent."""

    USABLE = "usable"
    USED = "used"
    EXPIRED = "expired"


class BookingKind(str, Enum):
    """What a visit is booked for."""

    INSTALLATION = "installation"
    REPAIR = "repair"


class BookingState(str, Enum):
    """Progress of a booked visit."""

    BOOKED = "booked"
    DONE = "done"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Sku:
    """One buyable variant of a product; `price` in fen, `options` such as {"颜色": "黑色", "尺码": "L"}."""

    id: Id
    options: dict[str, str]
    price: Fen
    stock: Count
    restock: date | None = None


@dataclass(frozen=True)
class SizeRow:
    """One line of a size chart: height in cm and body weight in kg, both ends included."""

    size: str
    height: tuple[float, float] | None = None
    weight: tuple[float, float] | None = None
    foot: tuple[float, float] | None = None
    """Foot length in mm, for shoes."""


@dataclass(frozen=True)
class Product:
    """A product with all that the shop says about it."""

    id: Id
    title: Words
    category: str
    skus: tuple[Sku, ...]
    on_sale: bool = True
    aliases: tuple[str, ...] = ()
    """What shoppers call it: 保温杯, 小白鞋."""
    price: Fen = 0
    """List price in fen; a SKU's own price wins."""
    specs: dict[str, str] = field(default_factory=dict)
    """材质, 容量, 功率, 保质期 …: name to value, as the shop words them."""
    size_chart: tuple[SizeRow, ...] = ()
    fit: str = ""
    """How it runs: 正常, 偏大, 偏小."""
    exchangeable: tuple[Id, ...] = ()
    """Product ids that it may be exchanged for."""
    gifts: tuple[str, ...] = ()
    installation: str = ""
    fault_codes: dict[str, str] = field(default_factory=dict)
    usage: dict[str, str] = field(default_factory=dict)
    """Manual by topic: 清洗, 第一次使用, …"""
    manual_url: str = ""
    repair: str = ""
    warranty_days: Count = 0
    returnable: bool = True
    """Whether the seven days without a reason hold for it."""
    picture: str = ""


@dataclass(frozen=True)
class Address:
    """Where a shopper receives goods."""

    id: Id
    receiver: str
    phone: str
    province: str
    city: str
    district: str
    street: str
    default: bool = False

    @property
    def region(self) -> str:
        """Province, city and district; a municipality is said once."""
        return f"{self.province}{self.city if self.city != self.province else ''}{self.district}"


@dataclass(frozen=True)
class Shopper:
    """A customer of the shop; balances in fen."""

    id: Id
    name: str
    phone: str
    addresses: tuple[Address, ...] = ()
    grade: str = "普通会员"
    gift_card_balance: Fen = 0
    points: Count = 0


@dataclass(frozen=True)
class OrderItem:
    """One line of an order; `price` is the unit price paid, in fen."""

    product_id: Id
    sku_id: Id
    title: str
    options: dict[str, str]
    quantity: Quantity
    price: Fen
    to_product: str = ""
    """While it is being exchanged: the product and variant kept for it."""
    to_sku: str = ""


@dataclass(frozen=True)
class Refund:
    """Money on its way back; `amount` in fen, `to` the account's kind (支付宝, 微信, 银行卡)."""

    id: Id
    state: RefundState
    amount: Fen
    requested: datetime
    to: str
    reason: str = ""
    paid: datetime | None = None
    expected: date | None = None
    goods_back: bool = False


@dataclass(frozen=True)
class Invoice:
    """An invoice of one order; `amount` in fen."""

    id: Id
    order_id: Id
    state: InvoiceState
    kind: str
    title: str
    amount: Fen
    requested: datetime
    tax_number: str = ""
    email: str = ""
    issued: datetime | None = None
    reason: str = ""


@dataclass(frozen=True)
class Booking:
    """A visit for installation or repair."""

    id: Id
    order_id: Id
    kind: BookingKind
    state: BookingState
    day: date
    window: str
    """Hours of the visit, such as 09:00-12:00."""


@dataclass(frozen=True)
class Order:
    """An order with its goods, money, receiver and what has become of it."""

    id: Id
    shopper_id: Id
    state: OrderState
    items: tuple[OrderItem, ...]
    placed: datetime
    address: Address
    goods_total: Fen
    freight: Fen
    discount: Fen
    paid_total: Fen
    payment: str = ""
    """How it was paid, as the shop calls it: 支付宝, 微信."""
    paid: datetime | None = None
    dispatch_by: datetime | None = None
    """The last moment by which the shop has promised to dispatch."""
    sent: datetime | None = None
    signed: datetime | None = None
    closed: datetime | None = None
    remark: str = ""
    coupon: str = ""
    gifts: tuple[str, ...] = ()
    refund: Refund | None = None
    cancel_reason: str = ""


@dataclass(frozen=True)
class Trace:
    """One scan of a parcel, in the carrier's words."""

    at: datetime
    place: str
    text: str


@dataclass(frozen=True)
class Parcel:
    """What the carrier says of one shipment; traces newest last."""

    waybill: Id
    order_id: Id
    carrier: str
    state: ParcelState
    traces: tuple[Trace, ...]
    expected: date | None = None
    courier_phone: str = ""
    pickup_code: str = ""
    pickup_place: str = ""

    @property
    def place(self) -> str:
        """Where it was last seen, empty before the first scan."""
        return self.traces[-1].place if self.traces else ""


@dataclass(frozen=True)
class Coupon:
    """Money off: `off` fen from `over` fen on, for the named categories (empty: all)."""

    id: Id
    title: Words
    off: Fen
    over: Fen
    begins: date
    ends: date
    categories: tuple[str, ...] = ()
    shopper_id: str = ""
    """Empty: anyone may still claim it."""
    state: CouponState = CouponState.USABLE


@dataclass(frozen=True)
class Promotion:
    """A running offer, `rule` in the shop's words; `over`/`off` in fen where it is a 满减."""

    id: Id
    title: Words
    rule: str
    begins: datetime
    ends: datetime
    product_ids: tuple[Id, ...] = ()
    """Empty: the whole shop."""
    over: Fen = 0
    off: Fen = 0
    price: Fen | None = None
    """The product's price while it runs, for a flash sale."""


@dataclass(frozen=True)
class Catalogue:
    """All products, and a version that changes whenever one of them does."""

    version: str
    products: tuple[Product, ...]

    def get(self, product_id: str) -> Product | None:
        """The product of that id, or None."""
        return next((p for p in self.products if p.id == product_id), None)


Json = dict[str, Any]
