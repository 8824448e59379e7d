"""Columns of somebody else: what is written can be read again, whatever the column is made of."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.shop.mapped.columns import NOTHING, Cell, Column
from bot.shop.mapped.forms import Shape, Unwritable
from bot.shop.mapped.mapping import Spec, Unit
from bot.shop.models import OrderState
from bot.shop.values import LARGEST, Count, Fen, Id

ZONE = ZoneInfo("Asia/Shanghai")
MOMENT = "2026-11-21T10:00:00+08:00"


def cell(hint: Any, shape: Shape = Shape.TEXT, **more: Any) -> Cell:
    """A cell of a field of that type in a column of that shape."""
    column = Column("c", shape, more.pop("length", None), more.pop("nullable", True), False)
    spec = Spec(hint, False, True, "")
    return Cell("field", spec, column, more.pop("values", ()), ZONE, more.pop("money", Unit.FEN))


@pytest.mark.parametrize(
    ("raw", "fen"),
    [(Decimal("129.00"), 12900), (129.9, 12990), ("0.1", 10), (5, 500), ("1e2", 10000), ("0", 0)],
)
def test_yuan_become_fen_exactly(raw: Any, fen: int):
    """However the driver gives them."""
    assert cell(Fen, Shape.NUMBER, money=Unit.YUAN).read(raw) == fen


@pytest.mark.parametrize("raw", ["129.005", "免费", "-", "1,299.00"])
def test_an_amount_that_is_none_is_handed_on_to_be_refused(raw: str):
    """Nothing is rounded or guessed."""
    assert cell(Fen, Shape.NUMBER, money=Unit.YUAN).read(raw) == raw


@pytest.mark.parametrize(
    "raw",
    [
        datetime(2026, 11, 21, 10),  # noqa: DTZ001 - as drivers give them
        datetime.fromisoformat("2026-11-21T02:00:00+00:00"),
        "2026-11-21 10:00:00",
        "2026-11-21T02:00:00Z",
        1795226400,
        1795226400000,
        "1795226400",
        Decimal(1795226400),
    ],
)
def test_a_moment_is_the_same_in_whatever_form_it_is_kept(raw: Any):
    """Without a zone it is the shop's; whole numbers count from 1970, in seconds or milliseconds."""
    assert cell(datetime).read(raw) == MOMENT


@pytest.mark.parametrize("raw", [0, "", "0000-00-00 00:00:00", None])
def test_an_empty_moment_is_none(raw: Any):
    """As MySQL and PHP write it."""
    assert cell(datetime).read(raw) is NOTHING


@pytest.mark.parametrize("shape", [Shape.TEXT, Shape.WHOLE, Shape.MOMENT, Shape.AWARE])
@given(at=st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(ZONE)))  # noqa: DTZ001
def test_a_moment_that_was_written_is_read_again_to_the_second(shape: Shape, at: datetime):
    """In any column."""
    its = cell(datetime, shape)
    found = datetime.fromisoformat(its.read(its.write(at.isoformat())))
    assert found.replace(microsecond=0) == at.replace(microsecond=0)


@given(amount=st.integers(0, LARGEST), shape=st.sampled_from([Shape.TEXT, Shape.NUMBER]))
def test_money_that_was_written_is_read_again(amount: int, shape: Shape):
    """To the last fen."""
    its = cell(Fen, shape, money=Unit.YUAN)
    assert its.read(its.write(amount)) == amount


@given(
    table=st.dictionaries(st.text(min_size=1, max_size=5), st.text(max_size=5), max_size=4),
    texts=st.lists(st.text(max_size=5), max_size=4),
    shape=st.sampled_from([Shape.TEXT, Shape.JSON]),
)
def test_tables_and_lists_are_read_again_whatever_is_in_them(
    table: dict[str, str], texts: list[str], shape: Shape
):
    """Commas and colons in a value make it JSON."""
    assert cell(dict[str, str], shape).read(cell(dict[str, str], shape).write(table)) == table
    assert cell(tuple[str, ...], shape).read(cell(tuple[str, ...], shape).write(texts)) == texts


@pytest.mark.parametrize(
    ("raw", "table"),
    [
        ("颜色:黑色;尺码:L", {"颜色": "黑色", "尺码": "L"}),
        ("颜色：黑色，尺码：L", {"颜色": "黑色", "尺码": "L"}),
        ("黑色", {"规格": "黑色"}),
        ('{"颜色": "黑色"}', {"颜色": "黑色"}),
        ({"颜色": "黑色"}, {"颜色": "黑色"}),
        ("", {}),
        ("{黑色", {"规格": "{黑色"}),
    ],
)
def test_options_are_read_as_shops_write_them(raw: Any, table: dict[str, str]):
    """Pairs, one word, or JSON."""
    assert cell(dict[str, str]).read(raw) == table


@given(text=st.text(max_size=12))
def test_a_text_is_written_into_a_column_of_numbers_only_if_it_comes_back_the_same(text: str):
    """0700 is not 700."""
    its = cell(Id, Shape.WHOLE)
    try:
        raw = its.write(text)
    except Unwritable:
        return
    assert str(raw) == text


@pytest.mark.parametrize(
    ("its", "value"),
    [
        (cell(Id, length=3), "abcd"),
        (cell(Id, Shape.WHOLE), "O1"),
        (cell(Id, Shape.WHOLE), "9" * 30),
        (cell(Id, Shape.WHOLE), "nan"),
        (cell(Fen, Shape.WHOLE, money=Unit.YUAN), 150),
        (cell(datetime, nullable=False), None),
        (cell(OrderState, values=((1, "paid"),)), "sent"),
    ],
)
def test_what_a_column_cannot_hold_is_not_written(its: Cell, value: Any):
    """Too long, no number, half a yuan in a column of whole ones, nothing where something must be."""
    with pytest.raises(Unwritable):
        its.write(value)


def test_a_name_for_a_value_holds_both_ways():
    """Several of the column's values may mean the same; the first is written."""
    state = cell(OrderState, Shape.WHOLE, values=((1, "paid"), (11, "paid"), (5, "cancelled")))
    assert [state.read(raw) for raw in (1, 11, "5", Decimal(5))] == ["paid", "paid", "cancelled", "cancelled"]
    assert (state.write("paid"), state.holding("paid")) == (1, [1, 11])
    flag = cell(bool, values=(("上架", True), ("下架", False)))
    assert (flag.read("下架"), flag.write(True)) == (False, "上架")


def test_some_values_of_a_text_may_be_named():
    """A coupon of buyer 0 is anyone's; the others are their own."""
    owner = cell(Id, Shape.WHOLE, values=((0, ""),))
    assert (owner.read(0), owner.read(7), owner.holding(""), owner.holding("7")) == ("", "7", [0, None], [7])


def test_days_and_counts_are_read_from_what_holds_more():
    """A day out of a moment, a count out of a decimal."""
    assert cell(date).read(datetime(2026, 11, 21, 23)) == "2026-11-21"  # noqa: DTZ001
    assert cell(date).read(date(2026, 11, 21)) == "2026-11-21"
    assert cell(date, Shape.WHOLE).write("2026-11-21") == 1795190400
    assert cell(Count).read(Decimal("3.00")) == 3
    assert cell(bool, Shape.WHOLE).write(True) == 1
