"""The demo shop's pages: what a store's own site would be. Only with the demo switched on."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asgiref.sync import async_to_sync
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from bot.settings import ROOT
from bot.shop.identity import sign
from bot.shop.models import Order, OrderState, Product, Shopper
from bot.shop.policy import default_policy
from desk import clock, shop

Json = dict[str, Any]
FIRST_SHOPPER = "S001"
ANONYMOUS = "anonymous"
STATES = {
    "unpaid": "待付款",
    "paid": "待发货",
    "packed": "已打包",
    "sent": "已发货",
    "in_transit": "运输中",
    "out_for_delivery": "派送中",
    "signed": "已签收",
    "finished": "已完成",
    "cancelled": "已取消",
    "refunding": "退款中",
    "refunded": "已退款",
    "exchanging": "换货中",
}
_PICTURES = ROOT / "data" / "demo" / "pictures"
_HUES = {"服装": 212, "鞋": 24, "鞋靴": 24, "小家电": 168, "零食": 344, "食品": 344, "配饰": 268}


def urlpatterns() -> list[URLPattern]:
    """The addresses, none without the demo."""
    if not settings.XIAOER.demo:
        return []
    return [
        path("", front),
        path("demo/", front, name="demo"),
        path("demo/product/<str:product_id>/", product, name="demo-product"),
        path("demo/orders/", orders, name="demo-orders"),
        path("demo/pictures/<str:product_id>.svg", picture, name="demo-picture"),
    ]


@dataclass(frozen=True)
class Visitor:
    """Whom the demo shop has signed in; None: nobody."""

    who: str
    shopper: Shopper | None


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """All products, by category."""
    goods: dict[str, list[Json]] = {}
    for item in _catalogue():
        if item.on_sale:
            goods.setdefault(item.category, []).append(_tile(item))
    shelves = [{"name": name, "goods": tiles} for name, tiles in goods.items()]
    return _page(request, "demo/front.html", {"kind": "home"}, {"shelves": shelves})


@require_safe
def product(request: HttpRequest, product_id: str) -> HttpResponse:
    """One product with its specs and variants."""
    found = next((p for p in _catalogue() if p.id == product_id), None)
    if found is None:
        raise Http404
    skus = [
        {"options": " ".join(s.options.values()), "price": yuan(s.price or found.price), "stock": s.stock}
        for s in found.skus
    ]
    more = {
        "item": _tile(found),
        "specs": list(found.specs.items()),
        "skus": skus,
        "returnable": found.returnable,
    }
    return _page(request, "demo/product.html", {"kind": "product", "product_id": found.id}, more)


@require_safe
def orders(request: HttpRequest) -> HttpResponse:
    """The signed-in shopper's orders; `?order=` puts one first and tells the widget of it."""
    visitor = _visitor(request)
    rows = async_to_sync(shop.backend().orders_of)(visitor.shopper.id) if visitor.shopper else []
    wanted = request.GET.get("order", "")
    if wanted not in {order.id for order in rows}:
        wanted = ""
    page = {"kind": "order", **({"order_id": wanted} if wanted else {})}
    shown = [_row(order) for order in sorted(rows, key=lambda o: o.id != wanted)]
    return _page(request, "demo/orders.html", page, {"orders": shown, "wanted": wanted})


@require_safe
def picture(request: HttpRequest, product_id: str) -> HttpResponse:
    """A product's picture; one that the demo has none of is drawn: colour by category, its short name."""
    found = next((p for p in _catalogue() if p.id == product_id), None)
    if found is None:
        raise Http404
    stored = _PICTURES / f"{found.id}.svg"
    if stored.is_file():
        response = HttpResponse(stored.read_bytes(), content_type="image/svg+xml")
    else:
        response = render(request, "demo/picture.svg", _drawing(found), content_type="image/svg+xml")
    response["Cache-Control"] = "public, max-age=3600"
    return response


def _drawing(item: Product) -> Json:
    drawn = int.from_bytes(hashlib.sha256(item.id.encode()).digest()[:2], "big")
    hue = (_HUES.get(item.category, drawn % 360) + drawn % 37 - 18) % 360
    name = (item.aliases[0] if item.aliases else item.title)[:6]
    return {"hue": hue, "light": 2 * (drawn % 6) + 84, "name": name, "category": item.category}


def yuan(fen: int) -> str:
    """129900 -> 1299, 1250 -> 12.50."""
    return str(fen // 100) if fen % 100 == 0 else f"{fen / 100:.2f}"


def _catalogue() -> tuple[Product, ...]:
    return async_to_sync(shop.backend().catalogue)().products


def _visitor(request: HttpRequest) -> Visitor:
    who = request.GET.get("as") or FIRST_SHOPPER
    if who == ANONYMOUS:
        return Visitor(ANONYMOUS, None)
    shopper = async_to_sync(shop.backend().shopper)(who)
    if shopper is None and who != FIRST_SHOPPER:
        raise Http404
    return Visitor(who, shopper)


def _page(request: HttpRequest, template: str, page: Json, more: Json) -> HttpResponse:
    visitor, xiaoer = _visitor(request), settings.XIAOER
    token = ""
    if visitor.shopper is not None:
        token = sign(xiaoer.shop_id, visitor.shopper.id, visitor.shopper.name, xiaoer.shop_key, clock.now())
    context = {
        **more,
        "desk": f"{request.scheme}://{request.get_host()}",
        "shop_id": xiaoer.shop_id,
        "token": token,
        "page": _attribute(page),
        "visitor": visitor,
        "as_query": f"?as={request.GET['as']}" if request.GET.get("as") else "",
        "shop_name": default_policy().shop.name,
    }
    response = render(request, template, context)
    response["Cache-Control"] = "no-store"  # the token is fresh for ten minutes
    return response


def _attribute(page: Json) -> SafeString:
    """JSON for an attribute in single quotes: whatever could end it is escaped the way of JSON."""
    text = json.dumps(page, separators=(",", ":"))
    return mark_safe("".join(f"\\u{ord(c):04x}" if c in "'<>&" else c for c in text))  # noqa: S308


def _tile(item: Product) -> Json:
    prices = [sku.price or item.price for sku in item.skus] or [item.price]
    return {
        "id": item.id,
        "title": item.title,
        "price": yuan(min(prices)),
        "from": min(prices) != max(prices),
        "stock": sum(sku.stock for sku in item.skus),
        "picture": item.picture or f"/demo/pictures/{item.id}.svg",
        "category": item.category,
    }


def _row(order: Order) -> Json:
    return {
        "id": order.id,
        "state": STATES.get(order.state.value, order.state.value),
        "code": order.state.value,
        "placed": _moment(order.placed),
        "total": yuan(order.paid_total),
        "owed": order.state is OrderState.UNPAID,
        "lines": [
            {
                "title": item.title,
                "options": " ".join(item.options.values()),
                "quantity": item.quantity,
                "price": yuan(item.price),
                "product_id": item.product_id,
                "picture": f"/demo/pictures/{item.product_id}.svg",
            }
            for item in order.items
        ],
    }


def _moment(at: datetime) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M")
