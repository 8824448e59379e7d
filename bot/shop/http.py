"""A shop behind its own HTTP interface (docs/shop-api.md), asked from a few threads like a database."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from http import HTTPStatus
from time import monotonic
from typing import Any, TypeVar, cast

from bot.errors import ShopDown
from bot.shop.backend import ShopBackend
from bot.shop.contract import (
    BY_METHOD,
    CATALOGUE,
    POLICY,
    PREVIEWS,
    WRITES,
    Question,
    write_request,
)
from bot.shop.doing.refusals import BY_PERSON, REFUSALS
from bot.shop.doing.rows import Receipt, Refused
from bot.shop.http_calls import CONNECTIONS, OVERALL, Answer, Calls
from bot.shop.models import Booking, Catalogue, Coupon, Invoice, Order, Parcel, Promotion, Shopper
from bot.shop.policy import Policy, read_policy
from bot.shop.reading import BAD, Discreet, read_value
from bot.shop.values import is_id
from bot.shop.wishes import Wish

Value = TypeVar("Value")
Json = dict[str, Any]

_FRESH = 5.0
"""Seconds for which policy and catalogue hold without a look whether they changed, or can be had again."""
_OUTAGE = 60.0
"""Seconds for which they hold while the shop does not answer: it may only be starting anew."""
_LINE = 200
_TOLD = {
    401: "不认签名(401):请核对两边的 XIAOER_SHOP_API_KEY 和时钟",
    403: "不认签名(403):请核对两边的 XIAOER_SHOP_API_KEY 和时钟",
    404: "没有这个地址(404):请检查 XIAOER_SHOP_URL 的路径",
    429: "嫌问得太快(429)",
}


@dataclass(frozen=True)
class _Kept:
    """An answer that holds as long as the shop names the same version (ETag) of it."""

    value: Any = None
    etag: str = ""
    known: float = float("-inf")
    """When the shop last said so, monotonic."""
    fault: str = ""
    """Why it did not say so since; empty: it did."""


class HttpShop(ShopBackend):
    """The shop at a URL; nothing that it answers is believed before it is checked. Raises ShopDown."""

    def __init__(self, url: str, api_key: str) -> None:
        """Opens nothing yet; raises NotConfigured."""
        self._calls = Calls(url, api_key)
        self._threads = ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="shop")
        self._kept: dict[str, _Kept] = {}
        """Policy and catalogue by their path."""
        self._looked: dict[str, float] = {}

    async def order(self, order_id: str) -> Order | None:
        """See ShopBackend."""
        return cast("Order | None", await self._one("order", order_id))

    async def orders_of(self, shopper_id: str) -> Sequence[Order]:
        """See ShopBackend."""
        return await self._many("orders_of", shopper_id)

    async def parcels_of(self, order_id: str) -> Sequence[Parcel]:
        """See ShopBackend."""
        return await self._many("parcels_of", order_id)

    async def parcel(self, waybill: str) -> Parcel | None:
        """See ShopBackend."""
        return cast("Parcel | None", await self._one("parcel", waybill))

    async def shopper(self, shopper_id: str) -> Shopper | None:
        """See ShopBackend."""
        return cast("Shopper | None", await self._one("shopper", shopper_id))

    async def invoice_of(self, order_id: str) -> Invoice | None:
        """See ShopBackend."""
        return cast("Invoice | None", await self._one("invoice_of", order_id))

    async def bookings_of(self, order_id: str) -> Sequence[Booking]:
        """See ShopBackend."""
        return await self._many("bookings_of", order_id)

    async def coupons_of(self, shopper_id: str | None) -> Sequence[Coupon]:
        """See ShopBackend."""
        found = await self._many("coupons_of", shopper_id or "")
        return [c for c in found if c.shopper_id in ("", shopper_id or "")]

    async def promotions(self) -> Sequence[Promotion]:
        """See ShopBackend."""
        return await self._many("promotions")

    async def catalogue(self) -> Catalogue:
        """See ShopBackend."""
        return await self._current(CATALOGUE, self._read_catalogue)

    async def policy(self) -> Policy:
        """See ShopBackend."""
        return await self._current(POLICY, self._read_policy)

    async def preview(self, wish: Wish, now: datetime) -> Receipt:
        """See ShopBackend."""
        return await self._run(partial(self._doing, PREVIEWS, wish, "", now))

    async def do(self, wish: Wish, key: str, now: datetime) -> Receipt:
        """See ShopBackend. Whether a write was done that nobody answered, the same key asked again tells."""
        try:
            return await self._run(partial(self._doing, WRITES, wish, key, now))
        finally:
            self._looked = {}  # a look that is under way writes into the old one

    async def close(self) -> None:
        """See ShopBackend."""
        await asyncio.to_thread(self._threads.shutdown)
        self._calls.close()

    async def _one(self, method: str, value: str) -> Any:
        rows = await self._many(method, value)
        return rows[0] if rows else None

    async def _many(self, method: str, value: str = "") -> list[Any]:
        question = BY_METHOD[method]
        if question.by and not (is_id(value) or (question.optional and not value)):
            return []  # nothing has this id
        return await self._run(partial(self._ask, question, value))

    def _ask(self, question: Question, value: str) -> list[Any]:
        answer = self._calls.get(question.path, {question.by: value} if value else {})
        if _is_missing(answer):
            return []
        self._check(answer)
        kind = tuple[question.row, ...] if question.many else question.row  # type: ignore[name-defined]
        found = self._read(kind, answer.body, question.path)
        rows = question.order(found) if question.many else [found]
        # A row that was not asked for is nobody's answer: databases that take o1 for O1 give such.
        asked = question.by and not question.optional
        return [row for row in rows if not asked or getattr(row, question.by) == value]

    async def _current(self, path: str, read: Callable[[Any], Value]) -> Value:
        looked = self._looked
        if monotonic() - looked.get(path, float("-inf")) > _FRESH:
            kept = self._kept.get(path, _Kept())
            try:
                self._kept[path] = await self._run(partial(self._look, path, read, kept))
            except ShopDown as fault:
                self._kept[path] = replace(kept, fault=str(fault))
            looked[path] = monotonic()
        kept = self._kept[path]
        if kept.fault and monotonic() - kept.known > _OUTAGE:
            raise ShopDown(kept.fault)
        return cast(Value, kept.value)

    def _look(self, path: str, read: Callable[[Any], Any], kept: _Kept) -> _Kept:
        """What was kept, or what the shop has instead."""
        asked = monotonic()
        answer = self._calls.get(path, {}, kept.etag)
        if kept.etag and answer.status == HTTPStatus.NOT_MODIFIED:
            return replace(kept, known=asked, fault="")
        self._check(answer)
        return _Kept(read(answer.body), answer.etag, asked)

    def _read_catalogue(self, body: Any) -> Catalogue:
        found: Catalogue = self._read(Catalogue, body, CATALOGUE)
        return replace(found, products=tuple(sorted(found.products, key=lambda p: p.id)))

    def _read_policy(self, body: Any) -> Policy:
        reading = Discreet()
        policy = read_policy(body, reading, POLICY)
        if policy is None:
            raise self._calls.down(f"的规则不对:{reading.problems[0][:_LINE]}")
        return policy

    def _doing(self, path: str, wish: Wish, key: str, now: datetime) -> Receipt:
        answer = self._calls.post(path, write_request(wish, now), key)
        if answer.status == HTTPStatus.CONFLICT:
            raise self._refused(answer.body)
        self._check(answer)
        receipt: Receipt = self._read(Receipt, answer.body, path)
        if (receipt.key, receipt.kind) != (key, wish.kind):
            raise self._calls.down("回执不是这一笔的")
        return receipt

    def _refused(self, body: Any) -> Exception:
        code, facts = (body.get("code"), body.get("facts", {})) if isinstance(body, dict) else (None, None)
        if not (isinstance(code, str) and isinstance(facts, dict)):
            return self._calls.down('拒绝时应答 {"code", "facts"},却是别的内容')
        if code not in REFUSALS:
            return Refused(BY_PERSON)  # nobody has words for it
        refused = Refused(code)
        refused.facts = facts
        return refused

    def _check(self, answer: Answer) -> None:
        """Raise ShopDown for any status but 200."""
        if answer.status != HTTPStatus.OK:
            told = _TOLD.get(answer.status) or f"出错({answer.status})"
            raise self._calls.down(told)

    def _read(self, kind: Any, body: Any, path: str) -> Any:
        reading = Discreet()
        found = read_value(kind, body, path, reading)
        if found is BAD:
            raise self._calls.down(f"的回答不对:{reading.problems[0][:_LINE]}")
        return found

    async def _run(self, ask: Callable[[], Value]) -> Value:
        """Ask in a thread; whoever waits for a free one longer than an answer may take is told so."""
        loop = asyncio.get_running_loop()
        try:
            return await asyncio.wait_for(loop.run_in_executor(self._threads, ask), OVERALL)
        except asyncio.TimeoutError as problem:
            raise self._calls.down("太久没有回答") from problem


def _is_missing(answer: Answer) -> bool:
    """Whether the shop itself says so; a wrong path answers 404 as well."""
    body = answer.body
    return (
        answer.status == HTTPStatus.NOT_FOUND and isinstance(body, dict) and body.get("code") == "not_found"
    )
