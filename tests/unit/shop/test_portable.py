"""A shop as JSON: read strictly and whole or not at all, written in a stable order."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.shop.portable import KINDS, ShopData, doubts, dump, dump_text, read, read_file
from bot.shop.reading import MOST_PROBLEMS, WrongRows

TIME = "2026-11-18T10:20:00+08:00"


def shop() -> dict[str, Any]:
    """A small shop without a fault."""
    address = dict.fromkeys(("receiver", "phone", "province", "city", "district", "street"), "x")
    item = {"product_id": "P1", "sku_id": "K1", "title": "杯", "options": {}, "quantity": 1, "price": 100}
    money = {"goods_total": 100, "freight": 0, "discount": 0, "paid_total": 100}
    skus = [{"id": "K1", "options": {}, "price": 100, "stock": 1}]
    order = {"shopper_id": "S1", "state": "paid", "placed": TIME, "address": {"id": "A1", **address}, **money}
    rows = {
        "products": [{"id": f"P{i}", "title": "杯", "category": "日用", "skus": skus} for i in (2, 1)],
        "shoppers": [{"id": "S1", "name": "李雷", "phone": "1", "addresses": [{"id": "A1", **address}]}],
        "orders": [{"id": f"O{i}", "items": [dict(item)], **order} for i in range(4)],
        "parcels": [
            {
                "waybill": "W1",
                "order_id": "O1",
                "carrier": "中通",
                "state": "signed",
                "traces": [{"at": TIME, "place": "杭州", "text": "到"}] * 2,
            }
        ],
        "coupons": [
            {"id": "C1", "title": "券", "off": 1, "over": 2, "begins": "2026-11-01", "ends": "2026-11-30"}
        ],
        "promotions": [{"id": "M1", "title": "促", "rule": "", "begins": TIME, "ends": TIME}],
    }
    copied: dict[str, Any] = json.loads(json.dumps(rows))
    return copied


def problems(payload: Any) -> tuple[str, ...]:
    with pytest.raises(WrongRows) as refused:
        read(payload)
    assert "\n" not in str(refused.value)
    return refused.value.problems


def put(*path: Any) -> Callable[[dict[str, Any]], None]:
    """Sets the value at a path; the last of `path` is the value."""
    *way, last, value = path

    def change(payload: dict[str, Any]) -> None:
        place: Any = payload
        for step in way:
            place = place[step]
        place[last] = value

    return change


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (
            put("orders", 3, "items", 0, "sku_id", "X9"),
            'orders[3].items[0].sku_id:没有编号为 "X9" 的规格(商品 P1 的 SKU)',
        ),
        (
            put("orders", 0, "items", 0, "product_id", "P11"),
            'orders[0].items[0].product_id:没有编号为 "P11" 的商品(您是不是想写 P1?)',
        ),
        (
            put("orders", 0, "shopper_id", "ZZ"),
            'orders[0].shopper_id:没有编号为 "ZZ" 的买家',
        ),
        (put("orders", 0, "plased", TIME), "orders[0].plased:没有这一项(您是不是想写 placed?)"),
        (put("orders", 0, "items", []), "orders[0].items:至少要有一件商品"),
        (
            put("orders", 0, "paid_total", 99.0),
            "orders[0].paid_total:应为 0 或更大的整数(单位是分)",
        ),
        (
            put("orders", 0, "paid_total", "100"),
            "orders[0].paid_total:应为 0 或更大的整数(单位是分)",
        ),
        (
            put("orders", 0, "paid_total", True),
            "orders[0].paid_total:应为 0 或更大的整数(单位是分)",
        ),
        (
            put("orders", 0, "paid_total", -1),
            "orders[0].paid_total:应为 0 或更大的整数(单位是分)",
        ),
        (
            put("orders", 0, "items", 0, "quantity", 0),
            "items[0].quantity:应为 1 或更大的整数",
        ),
        (
            put("orders", 0, "placed", "2026-11-18T10:20:00"),
            "orders[0].placed:应为带时区的时间",
        ),
        (put("orders", 0, "placed", "D-3 10:20"), "orders[0].placed:应为带时区的时间"),
        (put("orders", 0, "placed", 5), "orders[0].placed:应为带时区的时间"),
        (put("orders", 0, "state", "Paid"), "orders[0].state:应为以下之一:unpaid、paid、"),
        (put("orders", 0, "state", ["paid"]), "orders[0].state:应为以下之一:unpaid、paid、"),
        (put("orders", 0, "remark", "\0"), "orders[0].remark:应为不含 NUL 和残缺字符的文字"),
        (put("orders", 0, "remark", "\ud800"), "orders[0].remark:应为不含 NUL 和残缺字符的文字"),
        (put("orders", 0, "address", None), "orders[0].address:应为对象,却是 null"),
        (put("orders", 0, "id", "O 1"), "orders[0].id:应为 1 到 64 个字的编号"),
        (
            put("orders", 0, "id", "O2"),
            'orders[2].id:编号 "O2" 与 orders[0] 重复',
        ),
        (put("orders", 7), "orders:应为数组,却是 7"),
        (put("orders", 0, 7), "orders[0]:应为对象,却是 7"),
        (put("products", 0, "skus", 0, "restock", "soon"), "products[0].skus[0].restock:应为日期"),
        (
            put("products", 0, "size_chart", [{"size": "L", "height": [180, 170]}]),
            "products[0].size_chart[0].height:应为从小到大的两个数 [最小, 最大],却是 [180, 170]",
        ),
        (
            put("products", 0, "size_chart", [{"size": "L", "height": [float("nan"), 1]}]),
            "products[0].size_chart[0].height[0]:应为数字,却是 NaN",
        ),
        (
            put("products", 0, "exchangeable", ["P3"]),
            'products[0].exchangeable[0]:没有编号为 "P3" 的商品',
        ),
        (put("parcels", 0, "order_id", "N"), 'parcels[0].order_id:没有编号为 "N" 的订单'),
        (
            put(
                "parcels",
                0,
                "traces",
                [{"at": t, "place": "", "text": ""} for t in (TIME, "2026-11-18T01:00:00Z")],
            ),
            "parcels[0].traces[1].at:应为从旧到新排列的轨迹",
        ),
        (put("coupons", 0, "ends", "2026-10-31"), "coupons[0].ends:应为不早于 2026-11-01 的日期"),
        (
            put("coupons", 0, "shopper_id", "S9"),
            'coupons[0].shopper_id:没有编号为 "S9" 的买家',
        ),
        (
            put("promotions", 0, "product_ids", ["P9"]),
            'promotions[0].product_ids[0]:没有编号为 "P9" 的商品',
        ),
        (
            put("policy", {"returns": {"widow": "7d"}}),
            "policy.returns.widow:没有这一项(您是不是想写 window?)",
        ),
        (put("policy", 7), "policy:应为对象,却是 7"),
        (put("ordres", []), "ordres:没有这一项(您是不是想写 orders?)"),
    ],
)
def test_a_wrong_row_is_named_by_its_path(change: Callable[[dict[str, Any]], None], named: str):
    """What was expected where, and what came instead."""
    payload = shop()
    change(payload)
    found = problems(payload)
    assert any(named in problem for problem in found), found


def test_a_missing_field_is_named():
    """A needed field that is not there at all."""
    payload = shop()
    del payload["orders"][1]["address"]["phone"]
    assert problems(payload) == ("orders[1].address.phone:缺少这一项",)


def test_a_wrong_row_does_not_make_those_that_refer_to_it_wrong():
    """One fault in a product gives one line, not one for each of its orders."""
    payload = shop()
    payload["products"][1]["skus"][0]["stock"] = -1
    assert len(problems(payload)) == 1


def test_all_problems_are_told_at_once_up_to_twenty():
    """And how many more there are."""
    payload = shop()
    payload["orders"] *= 10
    with pytest.raises(WrongRows) as refused:
        read(payload)
    assert len(refused.value.problems) == MOST_PROBLEMS
    assert str(refused.value).endswith(";另外还有 16 处")


@pytest.mark.parametrize("payload", [None, [], 7, "x"])
def test_what_is_no_object_is_refused(payload: Any):
    """The document is an object."""
    with pytest.raises(BadInput, match="应为对象"):
        read(payload)


def test_export_import_export_gives_the_same_bytes():
    """Rows sorted by id, every field written, nothing lost."""
    first = dump_text(read(shop()))
    again = dump_text(read(json.loads(first)))
    assert first == again
    assert [p["id"] for p in json.loads(first)["products"]] == ["P1", "P2"]


def test_the_order_of_rows_does_not_matter():
    """Two files with the same rows export alike."""
    turned = shop()
    for name in ("products", "orders"):
        turned[name].reverse()
    assert dump(read(turned)) == dump(read(shop()))


def test_an_empty_document_is_an_empty_shop():
    """With the default policy."""
    assert read({}) == ShopData()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{", "应为 JSON,第 1 行第 2 列"),
        (b"\xff\xfe", "应为 UTF-8 编码的文本"),
        (b'{"orders": [], "orders": []}', '"orders" 写了两次'),
        (b"[" * 100_000, "应为 JSON"),
        (b"7", "应为对象"),
    ],
)
def test_an_unusable_file_is_refused_in_one_line(tmp_path: Path, content: bytes, said: str):
    """Broken JSON, another encoding, a key given twice, brackets without end."""
    file = tmp_path / "shop.json"
    file.write_bytes(content)
    with pytest.raises(BadInput, match=said) as refused:
        read_file(file)
    assert "\n" not in str(refused.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path):
    """In words that are not the system's."""
    with pytest.raises(BadInput, match=r"none\.json:没有这个文件或目录") as refused:
        read_file(tmp_path / "none.json")
    assert "Errno" not in str(refused.value)
    with pytest.raises(BadInput, match=re.escape(str(tmp_path))):
        read_file(tmp_path)


def test_a_file_with_a_byte_order_mark_is_read(tmp_path: Path):
    """As Windows editors write it."""
    file = tmp_path / "shop.json"
    file.write_text(json.dumps(shop()), encoding="utf-8-sig")
    assert read_file(file) == read(shop())


def test_a_policy_that_contradicts_itself_is_doubted():
    """Faults get at least the time that a change of mind gets, whatever the file says."""
    payload = shop() | {"policy": {"returns": {"window": "7d", "quality_window": "72h"}}}
    (doubt,) = doubts(read(payload))
    assert "quality_window" in doubt
    assert "7d" in doubt
    assert doubts(read(shop() | {"policy": {"returns": {"window": "7d", "quality_window": "168h"}}})) == []


def test_days_count_from_the_anchor_only_where_one_is_given():
    """`D-3 10:20` is three days before the anchor, in China's zone."""
    payload = shop()
    payload["orders"][0]["placed"] = "D-3 10:20"
    payload["coupons"][0]["ends"] = "D+12"
    data = read(payload, anchor=date(2026, 11, 21))
    assert data.orders[0].placed.isoformat() == TIME
    assert data.coupons[0].ends == date(2026, 12, 3)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, member in inner for place in _places(member, (*path, key)))]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(place=st.sampled_from(_places(shop())[1:]), value=JSON)
def test_anything_anywhere_is_read_or_refused(place: tuple[Any, ...], value: Any):
    """Whatever stands at any place: a shop that survives the round trip, or a BadInput; nothing else."""
    payload = shop()
    put(*place, value)(payload)
    with contextlib.suppress(BadInput):
        data = read(payload)
        assert read(json.loads(dump_text(data))) == data


@given(payload=st.dictionaries(st.sampled_from([*KINDS, "policy", "x"]), JSON))
def test_any_document_is_read_or_refused(payload: dict[str, Any]):
    """No shape of document raises anything but BadInput."""
    with contextlib.suppress(BadInput):
        read(payload)
