"""docs/shop-data.md says what the code does: every field, every key of the policy; its examples work."""

from __future__ import annotations

import json
import re
from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from bot.shop import models
from bot.shop.identity import verify
from bot.shop.policy import Policy
from bot.shop.portable import KINDS, read
from bot.shop.reading import hints

DOC = (Path(__file__).resolve().parents[3] / "docs" / "shop-data.md").read_text(encoding="utf-8")
TABLES = {
    **{f"### {name}": kind for name, (kind, _) in KINDS.items()},
    "SKU:": models.Sku,
    "Size row": models.SizeRow,
    "Address:": models.Address,
    "Order item:": models.OrderItem,
    "Refund:": models.Refund,
    "Trace:": models.Trace,
}


def _table_after(heading: str) -> list[list[str]]:
    start = DOC.index(f"\n{heading}")
    lines = (
        DOC[start:].split("\n| field | form | default | meaning |\n", 1)[1].split("\n\n", 1)[0].splitlines()
    )
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:]]


def _paths(kind: Any, path: str = "") -> list[str]:
    found = []
    for name, hint in hints(kind).items():
        found += _paths(hint, f"{path}{name}.") if is_dataclass(hint) else [f"{path}{name}"]
    return found


@pytest.mark.parametrize(("heading", "kind"), TABLES.items())
def test_every_field_is_described_with_its_default(heading: str, kind: type):
    """The same fields in the same order; `needed` where the code has no default."""
    rows = _table_after(heading)
    assert [row[0] for row in rows] == [f.name for f in fields(kind)]
    needed = {f.name for f in fields(kind) if f.default is MISSING and f.default_factory is MISSING}
    assert {row[0] for row in rows if row[2] == "needed"} == needed


@pytest.mark.parametrize("path", _paths(Policy))
def test_every_key_of_the_policy_is_described(path: str):
    """In the policy's table, itself or as a member of its section's object."""
    rows = re.findall(r"^\| ([^|]+) \|([^|]+)\|", DOC[DOC.index("## policy") :], re.MULTILINE)
    section, _, name = path.rpartition(".")
    described = any(path in names.split(", ") for names, _ in rows)
    as_member = any(section in names.split(", ") and f'"{name}"' in form for names, form in rows)
    assert described or as_member


def test_the_example_can_be_imported():
    """As it stands in the document."""
    example = DOC[DOC.index("## An example") :].split("```json\n", 1)[1].split("```", 1)[0]
    assert read(json.loads(example)).orders[0].items[0].price == 12900


def test_the_token_of_the_example_is_accepted():
    """The shop's few lines of Python make a token that verifies."""
    code = DOC[DOC.index("## Signing a shopper in") :].split("```python\n", 1)[1].split("```", 1)[0]
    names: dict[str, Any] = {}
    exec(compile(code, "shop-data.md", "exec"), names)
    now = datetime.now(timezone.utc) + timedelta(seconds=1)
    assert verify(names["token"]("demo", "S001", "李雷", "k"), "demo", "k", now).shopper_id == "S001"
