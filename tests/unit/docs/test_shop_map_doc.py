"""docs/shop-map.md: its example is a mapping, and its table names every key."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

from bot.shop.mapped.mapping import KindMap, PartMap, ShopMap, read_map
from bot.shop.portable import KINDS

DOC = (Path(__file__).resolve().parents[3] / "docs" / "shop-map.md").read_text(encoding="utf-8")
EXAMPLE = DOC.split("```yaml\n", 1)[1].split("```", 1)[0]


def test_the_example_can_be_used(tmp_path: Path):
    """As it stands, but for its names of tables."""
    file = tmp_path / "map.yml"
    file.write_text(EXAMPLE, "utf-8")
    found = read_map(file)
    assert list(found.kinds) == ["orders"]
    assert set(found.kinds["orders"].parts) == {"items", "refund"}


def test_every_key_is_described():
    """Of a section, of a part, and of the file itself."""
    rows = re.findall(r"^\| (`[^|]+`) \|", DOC, re.MULTILINE)
    described = {name for row in rows for name in re.findall(r"`([a-z]+)`", row)}
    assert {f.name for kind in (KindMap, PartMap) for f in fields(kind)} <= described
    heads = {f.name for f in fields(ShopMap)} - set(KINDS)
    assert all(re.search(rf"(?m)^{name}:", EXAMPLE) for name in heads)
    assert all(f"`{name}`" in DOC for name in KINDS)
