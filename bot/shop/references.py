"""What the rows of a shop must be to one another: references, order of dates, order of traces."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping
from typing import Any

from bot.shop.models import Booking, Coupon, Invoice, Order, Parcel, Product, Promotion, Shopper
from bot.shop.reading import Reading, shown


def check_references(given: Mapping[str, Any], rows: Mapping[str, dict[int, Any]], reading: Reading) -> None:
    """Note every reference to a row that is not there.

    `given` are the raw arrays (so that a row with another fault still counts as there), `rows` the readable
    rows by their place in the array.
    """
    ids = {name: _ids(given[name]) for name in ("products", "shoppers", "orders")}
    products = {p.id: p for p in rows["products"].values()}
    for at, product in rows["products"].items():
        _check_product(product, f"products[{at}]", ids["products"], reading)
    for at, shopper in rows["shoppers"].items():
        _check_shopper(shopper, f"shoppers[{at}]", reading)
    for at, order in rows["orders"].items():
        _check_order(order, f"orders[{at}]", ids, products, reading)
    for at, parcel in rows["parcels"].items():
        _check_parcel(parcel, f"parcels[{at}]", ids["orders"], reading)
    for name in ("invoices", "bookings"):
        for at, row in rows[name].items():
            _check_of_order(row, f"{name}[{at}]", ids["orders"], reading)
    for at, coupon in rows["coupons"].items():
        _check_coupon(coupon, f"coupons[{at}]", ids["shoppers"], reading)
    for at, promotion in rows["promotions"].items():
        _check_promotion(promotion, f"promotions[{at}]", ids["products"], reading)


def _ids(rows: Any) -> set[str]:
    found = [row.get("id") for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return {row_id for row_id in found if isinstance(row_id, str)}


def _check_known(row_id: str, known: Collection[str], what: str, path: str, reading: Reading) -> bool:
    if row_id in known:
        return True
    near = difflib.get_close_matches(row_id, known, n=1) if len(known) <= 10_000 else []
    hint = f"(您是不是想写 {near[0]}?)" if near else ""
    reading.note(path, f"没有编号为 {shown(row_id)} 的{what}{hint}")
    return False


def _check_product(product: Product, path: str, products: set[str], reading: Reading) -> None:
    for at, other in enumerate(product.exchangeable):
        _check_known(other, products, "商品", f"{path}.exchangeable[{at}]", reading)


def _check_shopper(shopper: Shopper, path: str, reading: Reading) -> None:
    defaults = [at for at, address in enumerate(shopper.addresses) if address.default]
    if len(defaults) > 1:
        reading.note(f"{path}.addresses[{defaults[1]}].default", "默认地址只能有一个")


def _check_order(
    order: Order, path: str, ids: Mapping[str, set[str]], products: Mapping[str, Product], reading: Reading
) -> None:
    _check_known(order.shopper_id, ids["shoppers"], "买家", f"{path}.shopper_id", reading)
    if not order.items:
        reading.note(f"{path}.items", "至少要有一件商品")
    for at, item in enumerate(order.items):
        place = f"{path}.items[{at}]"
        there = _check_known(item.product_id, ids["products"], "商品", f"{place}.product_id", reading)
        if there and (product := products.get(item.product_id)):
            skus = [sku.id for sku in product.skus]
            _check_known(item.sku_id, skus, f"规格(商品 {product.id} 的 SKU)", f"{place}.sku_id", reading)


def _check_parcel(parcel: Parcel, path: str, orders: set[str], reading: Reading) -> None:
    _check_known(parcel.order_id, orders, "订单", f"{path}.order_id", reading)
    for at, (trace, later) in enumerate(zip(parcel.traces, parcel.traces[1:], strict=False), start=1):
        if later.at < trace.at:
            reading.wrong(f"{path}.traces[{at}].at", "从旧到新排列的轨迹", later.at.isoformat())
            return


def _check_of_order(row: Invoice | Booking, path: str, orders: set[str], reading: Reading) -> None:
    _check_known(row.order_id, orders, "订单", f"{path}.order_id", reading)


def _check_coupon(coupon: Coupon, path: str, shoppers: set[str], reading: Reading) -> None:
    if coupon.shopper_id:
        _check_known(coupon.shopper_id, shoppers, "买家", f"{path}.shopper_id", reading)
    if coupon.ends < coupon.begins:
        reading.wrong(f"{path}.ends", f"不早于 {coupon.begins} 的日期", coupon.ends.isoformat())


def _check_promotion(promotion: Promotion, path: str, products: set[str], reading: Reading) -> None:
    for at, product_id in enumerate(promotion.product_ids):
        _check_known(product_id, products, "商品", f"{path}.product_ids[{at}]", reading)
    if promotion.ends < promotion.begins:
        reading.wrong(f"{path}.ends", f"不早于 {promotion.begins} 的时间", promotion.ends.isoformat())
