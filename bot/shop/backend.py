"""The port to a shop: what Xiaoer asks of any store system. Adapters: sql.py, later http.py."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import datetime

from bot.shop.doing.rows import Receipt
from bot.shop.models import Booking, Catalogue, Coupon, Invoice, Order, Parcel, Promotion, Shopper
from bot.shop.policy import Policy
from bot.shop.wishes import Wish


class ShopBackend(ABC):
    """One shop, read and changed; no check of who asks is made here (`access.py` is the door).

    Every question is answered None or an empty sequence for what does not exist. Every method raises
    `ShopDown` when the shop cannot be asked.
    """

    @abstractmethod
    async def order(self, order_id: str) -> Order | None:
        """The order of that number."""

    @abstractmethod
    async def orders_of(self, shopper_id: str) -> Sequence[Order]:
        """All orders of a shopper, newest first."""

    @abstractmethod
    async def parcels_of(self, order_id: str) -> Sequence[Parcel]:
        """The parcels of an order, in the order they were sent."""

    @abstractmethod
    async def parcel(self, waybill: str) -> Parcel | None:
        """The parcel of that waybill."""

    @abstractmethod
    async def shopper(self, shopper_id: str) -> Shopper | None:
        """The shopper of that id."""

    @abstractmethod
    async def invoice_of(self, order_id: str) -> Invoice | None:
        """The order's invoice, if one was ever requested."""

    @abstractmethod
    async def bookings_of(self, order_id: str) -> Sequence[Booking]:
        """Visits booked for an order."""

    @abstractmethod
    async def coupons_of(self, shopper_id: str | None) -> Sequence[Coupon]:
        """The shopper's own coupons and those anyone may claim (None: only these)."""

    @abstractmethod
    async def promotions(self) -> Sequence[Promotion]:
        """All promotions, past and future ones included: the caller knows the time."""

    @abstractmethod
    async def catalogue(self) -> Catalogue:
        """All products with their version; cheap to call (adapters cache by version)."""

    @abstractmethod
    async def policy(self) -> Policy:
        """The shop's rules."""

    @abstractmethod
    async def preview(self, wish: Wish, now: datetime) -> Receipt:
        """What doing a wish would come to, its key empty; nothing is changed. Raises Refused."""

    @abstractmethod
    async def do(self, wish: Wish, key: str, now: datetime) -> Receipt:
        """Do a wish once and for all under its key: again under the same key gives the same receipt.

        All of it or nothing is done. Raises Refused where a rule forbids it, as the shop stands now.
        """

    @abstractmethod
    async def close(self) -> None:
        """Let go of connections."""
