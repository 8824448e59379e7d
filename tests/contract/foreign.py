"""A shop system of somebody else: tables of its own, amounts in yuan, states as numbers; and its mapping."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from bot.database import Database
from bot.shop import schema
from bot.shop.mapped.shop import MappedShop
from bot.shop.models import Order, Product
from bot.shop.policy import dump_policy
from bot.shop.portable import KINDS, ShopData
from bot.shop.reading import write_value

OURS = [schema.META, schema.LEDGER]
ZONE = ZoneInfo("Asia/Shanghai")
METADATA = sa.MetaData()


def _money(name: str, **more: Any) -> Any:
    return sa.Column(name, sa.Numeric(10, 2), **more)


def _texts(*names: str) -> list[Any]:
    return [sa.Column(name, sa.String(200)) for name in names]


def _table(name: str, key: str, *columns: Any) -> Any:
    return sa.Table(name, METADATA, sa.Column(key, sa.Integer, primary_key=True), *columns)


def _of(name: str) -> Any:
    return sa.Column(name, sa.Integer, nullable=False, index=True)


USERS = _table(
    "users",
    "user_id",
    *_texts("code", "nick", "mobile", "level"),
    _money("card", nullable=False, server_default="0"),
    sa.Column("points", sa.Integer),
)
ADDRESSES = _table(
    "user_address",
    "addr_id",
    _of("user_id"),
    *_texts("code", "consignee", "mobile", "province", "city", "district", "detail"),
    sa.Column("is_default", sa.SmallInteger),
)
GOODS = _table(
    "goods",
    "goods_id",
    *_texts("goods_sn", "goods_name", "cat", "attrs", "keywords", "fit", "swaps", "presents", "fitting"),
    *_texts("manual", "mending", "photo"),
    sa.Column("faults", sa.JSON),
    sa.Column("manual_topics", sa.JSON),
    sa.Column("warranty", sa.Integer),
    sa.Column("no_return", sa.SmallInteger),
    sa.Column("on_sale", sa.String(8), nullable=False),
    _money("price"),
    sa.Column("sizes", sa.JSON),
)
SKUS = _table(
    "goods_sku",
    "sku_id",
    _of("goods_id"),
    *_texts("sku_sn", "spec"),
    _money("price"),
    sa.Column("stock", sa.Integer),
    sa.Column("arrives", sa.Date),
)
ORDERS = _table(
    "order_info",
    "order_id",
    sa.Column("order_sn", sa.String(32), unique=True),
    _of("user_id"),
    sa.Column("status", sa.SmallInteger),
    *_texts("addr_no", "consignee", "tel", "province", "city", "district", "detail"),
    *(_money(name) for name in ("goods_amount", "shipping_fee", "discount", "pay_amount")),
    *_texts("pay_name", "postscript", "coupon_no", "presents", "cancel_note"),
    sa.Column("add_time", sa.DateTime),
    *(sa.Column(name, sa.DateTime) for name in ("pay_time", "promise_time", "ship_time", "sign_time")),
    sa.Column("close_time", sa.Integer, nullable=False, server_default="0"),
    sa.Column("deleted", sa.SmallInteger, nullable=False),
)
ITEMS = _table(
    "order_goods",
    "rec_id",
    _of("order_id"),
    _of("goods_id"),
    *_texts("sku_sn", "goods_name", "spec", "swap_goods", "swap_sku"),
    sa.Column("qty", sa.Integer),
    _money("price"),
)
REFUNDS = _table(
    "order_refund",
    "refund_id",
    _of("order_id"),
    *_texts("refund_sn", "status", "channel", "reason"),
    _money("amount"),
    sa.Column("apply_time", sa.DateTime(timezone=True)),
    sa.Column("done_time", sa.DateTime(timezone=True)),
    sa.Column("arrive_by", sa.Date),
    sa.Column("need_goods", sa.Boolean, nullable=False, server_default=sa.false()),
)
SHIPMENTS = _table(
    "shipment",
    "ship_id",
    _of("order_id"),
    *_texts("tracking_no", "company", "status", "courier", "pickup_code", "pickup_place"),
    sa.Column("eta", sa.Date),
)
TRACES = _table(
    "shipment_trace", "id", _of("ship_id"), sa.Column("at", sa.BigInteger), *_texts("place", "note")
)
INVOICES = _table(
    "tax_invoice",
    "id",
    _of("order_id"),
    *_texts("invoice_no", "status", "kind", "title", "tax_no", "mail", "why"),
    _money("amount"),
    sa.Column("apply_time", sa.DateTime),
    sa.Column("issue_time", sa.DateTime),
)
VISITS = _table(
    "service_visit",
    "id",
    _of("order_id"),
    *_texts("visit_no", "what", "status", "hours"),
    sa.Column("day", sa.Date),
)
COUPONS = _table(
    "user_coupon",
    "id",
    *_texts("coupon_no", "title", "cats"),
    sa.Column("user_id", sa.Integer),
    _money("cut"),
    _money("full_at"),
    sa.Column("from_day", sa.Date),
    sa.Column("to_day", sa.Date),
    sa.Column("used", sa.SmallInteger),
)
PROMOS = _table(
    "promo",
    "id",
    *_texts("promo_no", "name", "rule", "goods"),
    sa.Column("begin_at", sa.DateTime),
    sa.Column("end_at", sa.DateTime),
    _money("full_at"),
    _money("cut"),
    _money("price"),
)

MAP = """
money: yuan
policy: policy.yml
products:
  table: goods
  columns: {id: goods_sn, title: goods_name, category: cat, on_sale: on_sale, price: price, specs: attrs,
            size_chart: sizes, aliases: keywords, fit: fit, exchangeable: swaps, gifts: presents,
            installation: fitting, fault_codes: faults, usage: manual_topics, manual_url: manual,
            repair: mending, warranty_days: warranty, returnable: no_return, picture: photo}
  values: {on_sale: {上架: true, 下架: false}, returnable: {0: true, 1: false}}
  parts:
    skus:
      table: goods_sku
      owner: goods_id
      to: goods_id
      columns: {id: sku_sn, options: spec, price: price, stock: stock, restock: arrives}
shoppers:
  table: users
  columns: {id: code, name: nick, phone: mobile, grade: level, gift_card_balance: card, points: points}
  parts:
    addresses:
      table: user_address
      owner: user_id
      to: user_id
      columns: {id: code, receiver: consignee, phone: mobile, province: province, city: city,
                district: district, street: detail, default: is_default}
orders:
  table: order_info
  only: {deleted: 0}
  columns: {id: order_sn, state: status, placed: add_time, address.id: addr_no, address.receiver: consignee,
            address.phone: tel, address.province: province, address.city: city, address.district: district,
            address.street: detail, goods_total: goods_amount, freight: shipping_fee, discount: discount,
            paid_total: pay_amount, payment: pay_name, paid: pay_time, dispatch_by: promise_time,
            sent: ship_time, signed: sign_time, closed: close_time, remark: postscript, coupon: coupon_no,
            gifts: presents, cancel_reason: cancel_note}
  links: {shopper_id: {column: user_id, table: users, key: user_id, shows: code}}
  values:
    state: {0: unpaid, 1: paid, 11: packed, 2: sent, 21: in_transit, 22: out_for_delivery, 3: signed,
            4: finished, 5: cancelled, 6: refunding, 7: refunded, 8: exchanging}
  parts:
    items:
      table: order_goods
      owner: order_id
      to: order_id
      columns: {sku_id: sku_sn, title: goods_name, options: spec, quantity: qty, price: price,
                to_product: swap_goods, to_sku: swap_sku}
      links: {product_id: {column: goods_id, table: goods, key: goods_id, shows: goods_sn}}
    refund:
      table: order_refund
      owner: order_id
      to: order_id
      columns: {id: refund_sn, state: status, amount: amount, requested: apply_time, to: channel,
                reason: reason, paid: done_time, expected: arrive_by, goods_back: need_goods}
      values: {state: {wait: requested, ok: approved, back: goods_returning, paying: paying, done: paid,
                       no: refused}}
      gone: {status: withdrawn}
parcels:
  table: shipment
  columns: {waybill: tracking_no, carrier: company, state: status, expected: eta, courier_phone: courier,
            pickup_code: pickup_code, pickup_place: pickup_place}
  links: {order_id: {column: order_id, table: order_info, key: order_id, shows: order_sn}}
  parts:
    traces:
      table: shipment_trace
      owner: ship_id
      to: ship_id
      order: at
      columns: {at: at, place: place, text: note}
invoices:
  table: tax_invoice
  columns: {id: invoice_no, state: status, kind: kind, title: title, amount: amount, requested: apply_time,
            tax_number: tax_no, email: mail, issued: issue_time, reason: why}
  links: {order_id: {column: order_id, table: order_info, key: order_id, shows: order_sn}}
bookings:
  table: service_visit
  columns: {id: visit_no, kind: what, state: status, day: day, window: hours}
  links: {order_id: {column: order_id, table: order_info, key: order_id, shows: order_sn}}
coupons:
  table: user_coupon
  columns: {id: coupon_no, title: title, off: cut, over: full_at, begins: from_day, ends: to_day,
            categories: cats, state: used}
  links: {shopper_id: {column: user_id, table: users, key: user_id, shows: code}}
  values: {state: {0: usable, 1: used, 2: expired}}
promotions:
  table: promo
  columns: {id: promo_no, title: name, rule: rule, begins: begin_at, ends: end_at, product_ids: goods,
            over: full_at, off: cut, price: price}
"""
_STATES = {
    **{
        "unpaid": 0,
        "paid": 1,
        "packed": 11,
        "sent": 2,
        "in_transit": 21,
        "out_for_delivery": 22,
        "signed": 3,
    },
    **{"finished": 4, "cancelled": 5, "refunding": 6, "refunded": 7, "exchanging": 8},
}
_REFUNDS = {
    **{"requested": "wait", "approved": "ok", "goods_returning": "back"},
    **{"paying": "paying", "paid": "done", "refused": "no"},
}


def write_map(folder: Path, data: ShopData, text: str = MAP) -> Path:
    """The mapping and the shop's rules beside it."""
    (folder / "policy.yml").write_text(json.dumps(dump_policy(data.policy), ensure_ascii=False), "utf-8")
    (folder / "map.yml").write_text(text, "utf-8")
    return folder / "map.yml"


def fill(url: str, data: ShopData) -> None:
    """Put the rows of `data` in the place of all, by hand and not by the code that is tested."""
    database = Database(url, 1)
    with database.writing() as connection:
        METADATA.create_all(connection)
        schema.METADATA.create_all(connection, tables=OURS)
        for table in [*METADATA.sorted_tables, *OURS]:
            connection.execute(table.delete())
        _fill(connection, data)
    database.close()


def all_rows(shop: MappedShop) -> ShopData:
    """The whole shop as its mapping shows it."""

    def load(connection: Any) -> dict[str, Any]:
        return {name: shop._rows.load(connection, name) for name in KINDS}

    found = shop._read(load)
    rows = {n: tuple(sorted(found[n], key=lambda r: str(getattr(r, KINDS[n][1])))) for n in KINDS}
    assert shop._policy is not None
    return ShopData(**rows, policy=shop._policy)


def _fill(connection: Any, data: ShopData) -> None:
    def insert(table: Any, rows: Iterable[Mapping[str, Any]]) -> None:
        if found := [dict(row) for row in rows]:
            connection.execute(table.insert(), found)

    users = {row.id: at for at, row in enumerate(data.shoppers, start=7)}
    goods = {row.id: at for at, row in enumerate(data.products, start=70)}
    orders = {row.id: at for at, row in enumerate(data.orders, start=700)}
    insert(USERS, ({**_user(row), "user_id": users[row.id]} for row in data.shoppers))
    insert(
        ADDRESSES,
        (
            {
                **_place(a),
                "user_id": users[row.id],
                "code": a.id,
                "mobile": a.phone,
                "is_default": int(a.default),
            }
            for row in data.shoppers
            for a in row.addresses
        ),
    )
    insert(GOODS, ({**_goods(row), "goods_id": goods[row.id]} for row in data.products))
    insert(SKUS, (sku for row in data.products for sku in _skus(row, goods[row.id])))
    insert(ORDERS, (_order(row, orders[row.id], users[row.shopper_id]) for row in data.orders))
    insert(ITEMS, (item for row in data.orders for item in _items(row, orders[row.id], goods)))
    insert(REFUNDS, (_refund(row, orders[row.id]) for row in data.orders if row.refund))
    ships = {row.waybill: at for at, row in enumerate(data.parcels, start=900)}
    insert(
        SHIPMENTS,
        (
            {
                "ship_id": ships[row.waybill],
                "order_id": orders[row.order_id],
                "tracking_no": row.waybill,
                "company": row.carrier,
                "status": row.state.value,
                "eta": row.expected,
                "courier": row.courier_phone,
                "pickup_code": row.pickup_code,
                "pickup_place": row.pickup_place,
            }
            for row in data.parcels
        ),
    )
    insert(
        TRACES,
        (
            {
                "ship_id": ships[row.waybill],
                "at": int(trace.at.timestamp()),
                "place": trace.place,
                "note": trace.text,
            }
            for row in data.parcels
            for trace in row.traces
        ),
    )
    insert(
        INVOICES,
        (
            {
                "invoice_no": row.id,
                "order_id": orders[row.order_id],
                "status": row.state.value,
                "kind": row.kind,
                "title": row.title,
                "amount": _yuan(row.amount),
                "apply_time": _local(row.requested),
                "issue_time": _local(row.issued),
                "tax_no": row.tax_number,
                "mail": row.email,
                "why": row.reason,
            }
            for row in data.invoices
        ),
    )
    insert(
        VISITS,
        (
            {
                "visit_no": row.id,
                "order_id": orders[row.order_id],
                "what": row.kind.value,
                "status": row.state.value,
                "day": row.day,
                "hours": row.window,
            }
            for row in data.bookings
        ),
    )
    insert(
        COUPONS,
        (
            {
                "coupon_no": row.id,
                "user_id": users.get(row.shopper_id),
                "title": row.title,
                "cut": _yuan(row.off),
                "full_at": _yuan(row.over),
                "from_day": row.begins,
                "to_day": row.ends,
                "cats": "、".join(row.categories),
                "used": ["usable", "used", "expired"].index(row.state.value),
            }
            for row in data.coupons
        ),
    )
    insert(
        PROMOS,
        (
            {
                "promo_no": row.id,
                "name": row.title,
                "rule": row.rule,
                "goods": ",".join(row.product_ids),
                "begin_at": _local(row.begins),
                "end_at": _local(row.ends),
                "full_at": _yuan(row.over),
                "cut": _yuan(row.off),
                "price": None if row.price is None else _yuan(row.price),
            }
            for row in data.promotions
        ),
    )


def _user(row: Any) -> dict[str, Any]:
    return {
        "code": row.id,
        "nick": row.name,
        "mobile": row.phone,
        "level": row.grade,
        "card": _yuan(row.gift_card_balance),
        "points": row.points,
    }


def _place(address: Any) -> dict[str, Any]:
    return {
        "consignee": address.receiver,
        "province": address.province,
        "city": address.city,
        "district": address.district,
        "detail": address.street,
    }


def _goods(row: Product) -> dict[str, Any]:
    return {
        "goods_sn": row.id,
        "goods_name": row.title,
        "cat": row.category,
        "attrs": _pairs(row.specs),
        "on_sale": "上架" if row.on_sale else "下架",
        "price": _yuan(row.price),
        "sizes": write_value(row.size_chart),
        "keywords": "、".join(row.aliases),
        "fit": row.fit,
        "swaps": "、".join(row.exchangeable),
        "presents": "、".join(row.gifts),
        "fitting": row.installation,
        "faults": row.fault_codes,
        "manual_topics": row.usage,
        "manual": row.manual_url,
        "mending": row.repair,
        "warranty": row.warranty_days,
        "no_return": int(not row.returnable),
        "photo": row.picture,
    }


def _skus(row: Product, goods_id: int) -> Iterable[dict[str, Any]]:
    for sku in row.skus:
        yield {
            "goods_id": goods_id,
            "sku_sn": sku.id,
            "spec": _pairs(sku.options),
            "price": _yuan(sku.price),
            "stock": sku.stock,
            "arrives": sku.restock,
        }


def _order(row: Order, order_id: int, user_id: int) -> dict[str, Any]:
    return {
        "order_id": order_id,
        "order_sn": row.id,
        "user_id": user_id,
        "status": _STATES[row.state.value],
        "addr_no": row.address.id,
        "tel": row.address.phone,
        **_place(row.address),
        "goods_amount": _yuan(row.goods_total),
        "shipping_fee": _yuan(row.freight),
        "discount": _yuan(row.discount),
        "pay_amount": _yuan(row.paid_total),
        "pay_name": row.payment,
        "coupon_no": row.coupon,
        "presents": "、".join(row.gifts),
        "add_time": _local(row.placed),
        "pay_time": _local(row.paid),
        "promise_time": _local(row.dispatch_by),
        "ship_time": _local(row.sent),
        "sign_time": _local(row.signed),
        "close_time": int(row.closed.timestamp()) if row.closed else 0,
        "postscript": row.remark,
        "cancel_note": row.cancel_reason,
        "deleted": 0,
    }


def _items(row: Order, order_id: int, goods: Mapping[str, int]) -> Iterable[dict[str, Any]]:
    for item in row.items:
        yield {
            "order_id": order_id,
            "goods_id": goods[item.product_id],
            "sku_sn": item.sku_id,
            "goods_name": item.title,
            "spec": _pairs(item.options),
            "qty": item.quantity,
            "swap_goods": item.to_product,
            "swap_sku": item.to_sku,
            "price": _yuan(item.price),
        }


def _refund(row: Order, order_id: int) -> dict[str, Any]:
    assert row.refund is not None
    return {
        "order_id": order_id,
        "refund_sn": row.refund.id,
        "status": _REFUNDS[row.refund.state.value],
        "channel": row.refund.to,
        "amount": _yuan(row.refund.amount),
        "apply_time": row.refund.requested,
        "arrive_by": row.refund.expected,
        "done_time": row.refund.paid,
        "reason": row.refund.reason,
        "need_goods": row.refund.goods_back,
    }


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


def _local(moment: datetime | None) -> datetime | None:
    return moment.astimezone(ZONE).replace(tzinfo=None) if moment else None


def _pairs(table: Mapping[str, str]) -> str:
    return ";".join(f"{name}:{value}" for name, value in table.items())
