"""A whole shop as one JSON document: read strictly, written in a stable order (docs/shop-data.md)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from bot.errors import BadInput, told
from bot.shop.models import Booking, Coupon, Invoice, Order, Parcel, Product, Promotion, Shopper
from bot.shop.policy import Policy, default_policy, dump_policy, read_policy
from bot.shop.reading import BAD, Reading, check_keys, read_value, shown, write_value
from bot.shop.references import check_references

KINDS: dict[str, tuple[type, str]] = {
    "products": (Product, "id"),
    "shoppers": (Shopper, "id"),
    "orders": (Order, "id"),
    "parcels": (Parcel, "waybill"),
    "invoices": (Invoice, "id"),
    "bookings": (Booking, "id"),
    "coupons": (Coupon, "id"),
    "promotions": (Promotion, "id"),
}
"""The arrays of the document: their rows' type, and the field that tells them apart."""


@dataclass(frozen=True)
class ShopData:
    """All rows of one shop, each kind sorted by its id, and its rules."""

    products: tuple[Product, ...] = ()
    shoppers: tuple[Shopper, ...] = ()
    orders: tuple[Order, ...] = ()
    parcels: tuple[Parcel, ...] = ()
    invoices: tuple[Invoice, ...] = ()
    bookings: tuple[Booking, ...] = ()
    coupons: tuple[Coupon, ...] = ()
    promotions: tuple[Promotion, ...] = ()
    policy: Policy = field(default_factory=default_policy)


def read(payload: Any, anchor: date | None = None) -> ShopData:
    """The shop of a parsed JSON document; `anchor` allows dates like `D-3` (the demo shop's).

    Arrays that are missing are empty, a missing policy is the demo shop's. Raises WrongRows (a BadInput) with
    the path of every problem, at most twenty; nothing is returned by halves.
    """
    reading = Reading(anchor)
    if not isinstance(payload, Mapping):
        raise BadInput(f"文件应为对象,其中有 {'、'.join(KINDS)} 和 policy")
    check_keys(payload, [*KINDS, "policy"], "", reading)
    given = {name: payload.get(name, []) for name in KINDS}
    rows = {name: _read_rows(name, given[name], reading) for name in KINDS}
    policy = read_policy(payload.get("policy", {}), reading, "policy")
    _check_twice(given, reading)
    check_references(given, rows, reading)
    reading.finish()
    ordered = {name: _ordered(name, rows[name].values()) for name in KINDS}
    return ShopData(**ordered, policy=policy or default_policy())


def doubts(data: ShopData) -> list[str]:
    """What can be imported, but is hardly meant so."""
    returns = data.policy.returns
    if returns.quality_window.delta >= returns.window.delta:
        return []
    return [
        f"policy.returns.quality_window({returns.quality_window})比 window({returns.window})短:"
        f"质量问题的退货也会按 {returns.window} 受理"
    ]


def dump(data: ShopData) -> dict[str, Any]:
    """The JSON document of a shop: every field written, rows sorted by id: two states can be compared."""
    rows = {name: write_value(_ordered(name, getattr(data, name))) for name in KINDS}
    return {**rows, "policy": dump_policy(data.policy)}


def read_file(path: Path | str) -> ShopData:
    """`read` of a UTF-8 JSON file; raises BadInput with the file's name when it is no JSON."""
    try:
        payload = json.loads(Path(path).read_text(encoding="utf-8-sig"), object_pairs_hook=_no_key_twice)
    except OSError as problem:
        raise BadInput(told(problem)) from problem
    except UnicodeDecodeError as problem:
        raise BadInput(
            f"{path}:应为 UTF-8 编码的文本,第 {problem.start + 1} 个字节起不是;请另存为 UTF-8"
        ) from problem
    except json.JSONDecodeError as problem:
        place = f"第 {problem.lineno} 行第 {problem.colno} 列"
        raise BadInput(f"{path}:应为 JSON,{place}不对({problem.msg})") from problem
    except (ValueError, RecursionError) as problem:
        raise BadInput(f"{path}:应为 JSON;{problem}") from problem
    return read(payload)


def dump_text(data: ShopData) -> str:
    """`dump` as UTF-8 text, one field a line, ending with a newline."""
    return json.dumps(dump(data), ensure_ascii=False, indent=1) + "\n"


def _read_rows(name: str, given: Any, reading: Reading) -> dict[int, Any]:
    if not isinstance(given, list):
        reading.wrong(name, "数组", given)
        return {}
    kind = KINDS[name][0]
    rows = {i: read_value(kind, row, f"{name}[{i}]", reading) for i, row in enumerate(given)}
    return {i: row for i, row in rows.items() if row is not BAD}


def _check_twice(given: Mapping[str, Any], reading: Reading) -> None:
    for name, (_, key) in KINDS.items():
        _check_unique(name, given[name], key, reading)
    for at, product in enumerate(_objects(given["products"])):
        _check_unique(f"products[{at}].skus", product.get("skus"), "id", reading)
    for at, shopper in enumerate(_objects(given["shoppers"])):
        _check_unique(f"shoppers[{at}].addresses", shopper.get("addresses"), "id", reading)


def _check_unique(path: str, rows: Any, key: str, reading: Reading) -> None:
    ids = [row.get(key) for row in _objects(rows)]
    seen: Counter[str] = Counter()
    for at, row_id in enumerate(ids):
        if not isinstance(row_id, str):
            continue
        if seen[row_id]:
            first = f"{path}[{ids.index(row_id)}]"
            reading.note(f"{path}[{at}].{key}", f"编号 {shown(row_id)} 与 {first} 重复")
        seen[row_id] += 1


def _objects(rows: Any) -> list[dict[str, Any]]:
    return [row if isinstance(row, dict) else {} for row in rows] if isinstance(rows, list) else []


def _ordered(name: str, rows: Any) -> tuple[Any, ...]:
    key = KINDS[name][1]
    return tuple(sorted(rows, key=lambda row: str(getattr(row, key))))


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    twice = [key for key, times in Counter(key for key, _ in pairs).items() if times > 1]
    if twice:
        raise ValueError(f"同一个对象里 {json.dumps(twice[0], ensure_ascii=False)} 写了两次")
    return dict(pairs)
