"""A shop as one turn sees it: each question is asked once, until the turn itself has changed something."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from bot.shop.backend import ShopBackend
from bot.shop.doing.rows import Receipt
from bot.shop.models import Booking, Catalogue, Coupon, Invoice, Order, Parcel, Promotion, Shopper
from bot.shop.policy import Policy
from bot.shop.wishes import Wish

Answer = TypeVar("Answer")


class RecalledShop(ShopBackend):
    """Another shop's answers, kept for as long as this object lives: make one per turn.

    A turn looks at the same order from several places. Kept answers may be older than the shop by the length
    of a turn; that is safe, since `preview` and `do` always ask the shop itself. No failure is kept.
    """

    def __init__(self, shop: ShopBackend) -> None:
        """`shop` is not closed with it."""
        self._shop = shop
        self._known: dict[tuple[object, ...], Any] = {}

    async def order(self, order_id: str) -> Order | None:
        """See ShopBackend."""
        return await self._once(self._shop.order, order_id)

    async def orders_of(self, shopper_id: str) -> Sequence[Order]:
        """See ShopBackend; each of them is known by its number from then on."""
        orders = await self._once(self._shop.orders_of, shopper_id)
        self._known.update({(self._shop.order, order.id): order for order in orders})
        return orders

    async def parcels_of(self, order_id: str) -> Sequence[Parcel]:
        """See ShopBackend."""
        return await self._once(self._shop.parcels_of, order_id)

    async def parcel(self, waybill: str) -> Parcel | None:
        """See ShopBackend."""
        return await self._once(self._shop.parcel, waybill)

    async def shopper(self, shopper_id: str) -> Shopper | None:
        """See ShopBackend."""
        return await self._once(self._shop.shopper, shopper_id)

    async def invoice_of(self, order_id: str) -> Invoice | None:
        """See ShopBackend."""
        return await self._once(self._shop.invoice_of, order_id)

    async def bookings_of(self, order_id: str) -> Sequence[Booking]:
        """See ShopBackend."""
        return await self._once(self._shop.bookings_of, order_id)

    async def coupons_of(self, shopper_id: str | None) -> Sequence[Coupon]:
        """See ShopBackend."""
        return await self._once(self._shop.coupons_of, shopper_id)

    async def promotions(self) -> Sequence[Promotion]:
        """See ShopBackend."""
        return await self._once(self._shop.promotions)

    async def catalogue(self) -> Catalogue:
        """See ShopBackend."""
        return await self._once(self._shop.catalogue)

    async def policy(self) -> Policy:
        """See ShopBackend."""
        return await self._once(self._shop.policy)

    async def preview(self, wish: Wish, now: datetime) -> Receipt:
        """See ShopBackend; always asked."""
        return await self._shop.preview(wish, now)

    async def do(self, wish: Wish, key: str, now: datetime) -> Receipt:
        """See ShopBackend; whatever comes of it, nothing known before holds after it."""
        try:
            return await self._shop.do(wish, key, now)
        finally:
            self._known.clear()

    async def close(self) -> None:
        """The shop outlives its turns."""

    async def _once(self, ask: Callable[..., Awaitable[Answer]], *about: object) -> Answer:
        key = (ask, *about)
        if key not in self._known:
            self._known[key] = await ask(*about)
        answer: Answer = self._known[key]
        return answer
