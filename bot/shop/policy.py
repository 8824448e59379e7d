"""A shop's whole policy, read from data/policy.yml or from the `policy` object of an import."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import yaml

from bot.errors import BadInput
from bot.shop.aftersales_rules import (
    Compensation,
    Complaints,
    Exchanges,
    Invoices,
    PriceProtection,
    Refunds,
    Returns,
    Reviews,
    Visits,
    Warranty,
)
from bot.shop.delivery_rules import Changes, Delivery, Dispatch, Freight, Shop
from bot.shop.reading import BAD, Reading, hints, read_value, write_value
from bot.shop.sales_rules import Account, Bargaining, Coupons, Gifts, Goods, Grade, Payment, Points, Presale

DEFAULT = Path(__file__).resolve().parents[2] / "data" / "policy.yml"


@dataclass(frozen=True)
class Policy:
    """All rules of one shop."""

    shop: Shop
    dispatch: Dispatch
    delivery: Delivery
    freight: Freight
    returns: Returns
    exchanges: Exchanges
    refunds: Refunds
    price_protection: PriceProtection
    payment: Payment
    invoices: Invoices
    warranty: Warranty
    visits: Visits
    compensation: Compensation
    coupons: Coupons
    points: Points
    bargaining: Bargaining
    membership: tuple[Grade, ...]
    reviews: Reviews
    presale: Presale
    changes: Changes
    gifts: Gifts
    goods: Goods
    complaints: Complaints
    account: Account


def load_policy(source: Path | str | Mapping[str, Any], base: Policy | None = None) -> Policy:
    """The policy of a YAML file or a mapping; what it leaves out comes from `base` (None: data/policy.yml).

    Sections are filled in key by key; lists and tables (`returns.freight`) are taken whole. Raises BadInput
    naming the path of every wrong or unknown key.
    """
    reading = Reading()
    policy = read_policy(_yaml(source) if isinstance(source, (str, Path)) else source, reading, "", base)
    reading.finish()
    return cast(Policy, policy)


def read_policy(given: Any, reading: Reading, path: str, base: Policy | None = None) -> Policy | None:
    """As `load_policy`, as a part of a larger reading; None when a problem was noted."""
    if not isinstance(given, Mapping):
        reading.wrong(path, "对象", given)
        return None
    defaults = write_value(base or default_policy())
    policy = read_value(Policy, _filled(Policy, dict(given), defaults), path, reading)
    return None if policy is BAD else policy


@lru_cache(maxsize=1)
def default_policy() -> Policy:
    """The policy of data/policy.yml: the demo shop's, and the default of every key."""
    reading = Reading()
    policy = read_value(Policy, _yaml(DEFAULT), "", reading)
    reading.finish()
    return cast(Policy, policy)


def dump_policy(policy: Policy) -> dict[str, Any]:
    """The JSON form of a policy, every key written."""
    return cast(dict[str, Any], write_value(policy))


def _filled(kind: Any, given: dict[str, Any], defaults: dict[str, Any]) -> dict[str, Any]:
    sections = {f.name for f in fields(kind) if is_dataclass(hints(kind)[f.name])}
    filled = {**defaults, **given}
    for name in sections & given.keys():
        if isinstance(given[name], dict):
            filled[name] = _filled(hints(kind)[name], given[name], defaults[name])
    return filled


def _yaml(path: Path | str) -> Any:
    try:
        return yaml.safe_load(Path(path).read_text(encoding="utf-8")) or {}
    except (OSError, UnicodeDecodeError) as problem:
        raise BadInput(f"{path}:读不出来,应为 UTF-8 文本({problem})") from problem
    except (yaml.YAMLError, ValueError) as problem:
        raise BadInput(f"{path}:应为 YAML;{' '.join(str(problem).split())}") from problem
