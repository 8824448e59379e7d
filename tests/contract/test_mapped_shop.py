"""Somebody else's tables: what is written there, what is refused, and what a wrong mapping is told."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import yaml

from bot.errors import BadInput, NotConfigured, ShopDown
from bot.shop.adapters import open_shop
from bot.shop.doing.rows import Change, Refused
from bot.shop.mapped.shop import MappedShop
from bot.shop.models import OrderState, RefundState
from bot.shop.wishes import Cancel, ChangeAddress, ChangeRemark, ChangeVariant, UndoCancel
from tests.contract import foreign
from tests.contract.test_shop_writes import NOW, data

Open = Callable[..., MappedShop]
Edit = Callable[[Any], None]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def open_map(
    request: pytest.FixtureRequest, tmp_path: Path, kept: Callable[[str], str]
) -> AsyncIterator[Open]:
    """Opens the foreign shop under its mapping, which may be edited first."""
    database_url = (
        f"sqlite:///{tmp_path / 'rows.sqlite3'}" if request.param == "sqlite" else kept("mapped-postgres")
    )
    foreign.fill(database_url, data())
    async with AsyncExitStack() as opened:

        def open_(edit: Edit | None = None) -> MappedShop:
            form = yaml.safe_load(foreign.MAP.replace("off:", "'off':"))
            if edit is not None:
                edit(form)
            text = yaml.safe_dump(form, allow_unicode=True)
            shop = MappedShop(database_url, foreign.write_map(tmp_path, data(), text))
            opened.push_async_callback(shop.close)
            return shop

        yield open_


def _row(shop: MappedShop, query: str) -> tuple[Any, ...]:
    """The first row of a query, straight from the owner's tables."""
    with shop._database.reading() as connection:
        return tuple(connection.execute(sa.text(query)).first())


async def test_a_cancelling_stands_in_the_owners_columns(open_map: Open):
    """Yuan, its own numbers for states, times as each column keeps them, and nothing else touched."""
    shop = open_map()
    await shop.do(Cancel("O2", "拍错了"), "k1", NOW)
    order = "status, close_time, cancel_note, pay_amount, postscript, deleted"
    status, closed, note, paid, remark, deleted = _row(
        shop, f"SELECT {order} FROM order_info WHERE order_sn = 'O2'"
    )
    assert (status, closed, note, float(paid), deleted) == (5, NOW.timestamp(), "拍错了", 380, 0)
    assert remark == ""
    status, amount, back = _row(
        shop,
        "SELECT r.status, r.amount, r.need_goods FROM order_refund r JOIN order_info o USING (order_id)"
        " WHERE order_sn = 'O2'",
    )
    assert (status, float(amount), bool(back)) == ("wait", 380, False)
    assert _row(shop, "SELECT stock FROM goods_sku WHERE sku_sn = 'P1-1'") == (5,)
    assert _row(shop, "SELECT count(*) FROM shop_ledger") == (1,)


async def test_what_the_gift_card_gets_back_is_in_yuan(open_map: Open):
    """500 fen were there, 380.00 yuan come back."""
    shop = open_map()
    await shop.do(Cancel("O5"), "k1", NOW)
    (card,) = _row(shop, "SELECT card FROM users WHERE code = 'S1'")
    assert round(float(card) * 100) == 38500


async def test_a_refund_that_is_withdrawn_stays_as_a_row(open_map: Open):
    """Marked as the mapping says; the next one is a row of its own."""
    shop = open_map()
    await shop.do(Cancel("O2"), "k1", NOW)
    await shop.do(UndoCancel("O2"), "k2", NOW)
    await shop.do(Cancel("O2"), "k3", NOW)
    states = "SELECT min(status), max(status), count(*) FROM order_refund WHERE order_id = 701"
    assert _row(shop, states) == ("wait", "withdrawn", 2)
    found = await shop.order("O2")
    assert found is not None
    assert found.refund is not None
    assert found.refund.state is RefundState.REQUESTED


async def test_another_variant_is_written_into_its_own_line(open_map: Open):
    """The line keeps its number; the other one is left alone."""
    shop = open_map()
    before = _row(shop, "SELECT min(rec_id), max(rec_id) FROM order_goods WHERE order_id = 701")
    await shop.do(ChangeVariant("O2", "P1", "P1-1", "P1-2"), "k1", NOW)
    assert _row(shop, "SELECT min(rec_id), max(rec_id) FROM order_goods WHERE order_id = 701") == before
    assert _row(shop, f"SELECT sku_sn, qty FROM order_goods WHERE rec_id = {before[0]}") == ("P1-2", 2)


async def test_a_clock_that_counts_finer_than_the_column_is_no_fault(open_map: Open):
    """Columns keep seconds."""
    shop = open_map()
    await shop.do(Cancel("O2"), "k1", NOW + timedelta(microseconds=123456))
    found = await shop.order("O2")
    assert found is not None
    assert found.closed == NOW


async def test_a_new_order_gets_its_rows(open_map: Open):
    """Head, lines and what every row of the owner's holds; the owner's table gives its own number."""
    shop = open_map()
    old = await shop.order("O2")
    assert old is not None
    new = replace(old, id="O99", placed=NOW, remark="送礼", state=OrderState.UNPAID)
    with shop._database.writing() as connection:
        shop._rows.put(connection, Change({}, orders=(new,)), "k1")
    assert await shop.order("O99") == new
    assert _row(shop, "SELECT user_id, deleted FROM order_info WHERE order_sn = 'O99'") == (7, 0)


async def test_rows_that_do_not_count_are_not_there(open_map: Open):
    """An order that was deleted in the owner's way, and what hangs on it."""
    shop = open_map()
    assert await shop.order("O2") is not None
    with shop._database.writing() as connection:
        connection.execute(sa.text("UPDATE order_info SET deleted = 1 WHERE order_sn = 'O2'"))
    assert await shop.order("O2") is None
    assert "O2" not in [order.id for order in await shop.orders_of("S1")]


async def test_a_state_that_nobody_named_is_told(open_map: Open):
    """With the column and the number, which are nobody's data."""
    shop = open_map()
    await shop.order("O2")
    with shop._database.writing() as connection:
        connection.execute(sa.text("UPDATE order_info SET status = 77 WHERE order_sn = 'O2'"))
    with pytest.raises(ShopDown, match=r"state:列 status 里有 '77',values"):
        await shop.order("O2")


async def test_numbers_and_texts_are_never_mixed_up(open_map: Open):
    """An order number that is no number is not there in a column of numbers; nor is 0700 for 700."""

    def by_number(form: Any) -> None:
        form["orders"]["columns"]["id"] = "order_id"

    shop = open_map(by_number)
    assert await shop.order("O2") is None
    assert await shop.order("0701") is None
    assert await shop.order("9" * 30) is None
    found = await shop.order("701")
    assert found is not None
    assert found.id == "701"


@pytest.mark.parametrize(
    ("edit", "wish"),
    [
        (lambda form: form["orders"]["columns"].pop("cancel_reason"), Cancel("O2", "拍错了")),
        (lambda form: form["orders"]["parts"].pop("refund"), Cancel("O2")),
        (lambda form: form["orders"]["values"]["state"].pop(5), Cancel("O6")),
        (lambda form: form["orders"]["columns"].pop("remark"), ChangeRemark("O2", "放门口")),
        (lambda form: form["orders"]["columns"].update(remark="close_time"), ChangeRemark("O2", "放门口")),
        (lambda form: None, ChangeRemark("O2", "长" * 300)),
        (lambda form: form["orders"]["parts"]["refund"]["columns"].pop("reason"), Cancel("O2", "拍错了")),
    ],
    ids=["field", "part", "value", "other field", "number", "too long", "field of a part"],
)
async def test_what_the_tables_cannot_hold_goes_to_a_person(open_map: Open, edit: Edit, wish: Any):
    """Told before the shopper is asked, and again in earnest; nothing is done by halves."""
    shop = open_map(edit)
    await shop.promotions()
    before = foreign.all_rows(shop)
    for trial in (shop.preview(wish, NOW), shop.do(wish, "k1", NOW)):
        with pytest.raises(Refused, match="by_person"):
            await trial
    assert foreign.all_rows(shop) == before
    assert _row(shop, "SELECT count(*) FROM shop_ledger") == (0,)


async def test_what_may_be_lost_is(open_map: Open):
    """Where the owner says so, a cancelling needs no column for its reason."""

    def careless(form: Any) -> None:
        form["orders"]["columns"].pop("cancel_reason")
        form["orders"]["dropped"] = ["cancel_reason"]

    shop = open_map(careless)
    await shop.do(Cancel("O2", "拍错了"), "k1", NOW)
    found = await shop.order("O2")
    assert found is not None
    assert (found.state, found.cancel_reason) == (OrderState.CANCELLED, "")


async def test_what_is_fixed_is_said_and_not_written(open_map: Open):
    """Every order's address has one number here; another address is written without it."""

    def without_numbers(form: Any) -> None:
        form["orders"]["columns"].pop("address.id")
        form["orders"].update(fixed={"address.id": "收货地址"}, dropped=["address.id"])

    shop = open_map(without_numbers)
    old = await shop.order("O2")
    assert old is not None
    assert old.address.id == "收货地址"
    await shop.do(ChangeAddress("O2", replace(old.address, id="A7", street="文二路8号")), "k1", NOW)
    found = await shop.order("O2")
    assert found is not None
    assert found.address == replace(old.address, street="文二路8号")


async def test_a_kind_that_is_not_mapped_is_empty(open_map: Open):
    """And what needs it is a person's."""

    def orders_only(form: Any) -> None:
        for name in ("invoices", "bookings", "coupons", "promotions", "parcels"):
            form.pop(name)

    shop = open_map(orders_only)
    assert await shop.order("O1") is not None
    assert (await shop.invoice_of("O1"), await shop.parcel("W2")) == (None, None)
    assert [*await shop.coupons_of("S1"), *await shop.promotions(), *await shop.bookings_of("O1")] == []


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (lambda form: form.update(order={}), "order:没有这一项(您是不是想写 orders?)"),
        (
            lambda form: form["orders"]["columns"].update(plased="add_time"),
            "orders.columns.plased:没有这一项(您是不是想写 placed?)",
        ),
        (lambda form: form["orders"]["columns"].pop("placed"), "orders.columns.placed:缺少这一项"),
        (lambda form: form["orders"]["columns"].pop("id"), "orders.columns.id:缺少这一项"),
        (lambda form: form["orders"].pop("links"), "orders.columns.shopper_id:缺少这一项"),
        (
            lambda form: form["orders"]["links"]["shopper_id"].pop("key"),
            "orders.links.shopper_id.key:缺少这一项",
        ),
        (
            lambda form: form["orders"]["values"]["state"].update({9: "lost"}),
            "orders.values.state:应为以下之一:unpaid",
        ),
        (
            lambda form: form["orders"]["values"].update(stat={}),
            "orders.values.stat:没有这一项(您是不是想写 state?)",
        ),
        (
            lambda form: form["orders"].update(fixed={"freight": "免"}),
            "orders.fixed.freight:应为 0 或更大的整数",
        ),
        (
            lambda form: form["orders"].update(dropped=["remrk"]),
            "orders.dropped.remrk:没有这一项(您是不是想写 remark?)",
        ),
        (lambda form: form["orders"]["parts"].update(item={}), "orders.parts.item.owner:缺少这一项"),
        (lambda form: form["orders"]["parts"].pop("items"), "orders.columns.items:缺少这一项"),
        (lambda form: form.update(money="dollar"), "money:应为以下之一:fen、yuan"),
        (lambda form: form.update(zone="Asia/Atlantis"), "zone:应为时区"),
    ],
)
def test_a_wrong_mapping_is_refused_with_file_and_key(tmp_path: Path, edit: Edit, told: str):
    """Before any database is asked."""
    form = yaml.safe_load(foreign.MAP.replace("off:", "'off':"))
    edit(form)
    file = foreign.write_map(tmp_path, data(), yaml.safe_dump(form, allow_unicode=True))
    with pytest.raises(NotConfigured) as refused:
        open_shop("sqlite:///shop.sqlite3", mapping=file)
    assert "map.yml:" in str(refused.value)
    assert told in str(refused.value)


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (
            lambda form: form["orders"].update(table="order_infos"),
            "orders.table:没有名为 order_infos 的表(您是不是想写 order_info?)",
        ),
        (
            lambda form: form["orders"]["columns"].update(placed="addtime"),
            "orders.columns.placed:没有名为 addtime 的表 order_info 的列(您是不是想写 add_time?)",
        ),
        (lambda form: form["orders"].update(only={"delete": 0}), "orders.only:没有名为 delete"),
        (
            lambda form: form["orders"]["links"]["shopper_id"].update(shows="cod"),
            "orders.links.shopper_id.shows:没有名为 cod 的表 users 的列(您是不是想写 code?)",
        ),
        (
            lambda form: form["orders"]["parts"]["items"].update(owner="order"),
            "orders.parts.items.owner:没有名为 order",
        ),
        (
            lambda form: form["orders"]["parts"]["items"].update(to="oder_id"),
            "orders.parts.items.to:没有名为",
        ),
        (
            lambda form: form["parcels"]["parts"]["traces"].update(order="when"),
            "parcels.parts.traces.order:没有名为 when",
        ),
        (
            lambda form: form["orders"]["parts"]["refund"].update(gone={"state": "x"}),
            "orders.parts.refund.gone:没有名为 state",
        ),
    ],
)
async def test_a_table_or_column_that_is_not_there_is_named(open_map: Open, edit: Edit, told: str):
    """With what it may have been meant to be; nothing is answered meanwhile."""
    shop = open_map(edit)
    with pytest.raises(NotConfigured) as refused:
        await shop.order("O1")
    assert "map.yml:" in str(refused.value)
    assert told in str(refused.value)


@pytest.mark.parametrize("content", [b"\xff", b"orders: [", b"- 1\n"])
def test_a_mapping_that_is_none_is_refused(tmp_path: Path, content: bytes):
    """By its name."""
    file = tmp_path / "map.yml"
    file.write_bytes(content)
    with pytest.raises(NotConfigured, match=r"map\.yml"):
        open_shop("sqlite:///shop.sqlite3", mapping=file)
    with pytest.raises(NotConfigured, match="XIAOER_SHOP_MAP"):
        open_shop("https://shop.example", "key", file)


def test_rules_that_are_not_there_are_named(tmp_path: Path):
    """A policy file that was promised."""
    file = foreign.write_map(tmp_path, data())
    (tmp_path / "policy.yml").unlink()
    with pytest.raises(BadInput, match=r"policy\.yml"):
        open_shop("sqlite:///shop.sqlite3", mapping=file)


async def test_tables_without_a_key_are_read_and_not_written(tmp_path: Path):
    """A view, for instance: no row of it can be told from another."""
    path = tmp_path / "own.sqlite3"
    base = sqlite3.connect(path)
    base.executescript(
        "CREATE TABLE buyer (id TEXT, name TEXT, phone TEXT); INSERT INTO buyer VALUES ('S1', '李雷', '138');"
        "CREATE VIEW buyers AS SELECT id, name, phone, 5 AS points FROM buyer;"
    )
    base.close()
    file = tmp_path / "map.yml"
    file.write_text(
        "shoppers: {table: buyers, columns: {id: id, name: name, phone: phone, points: points}}", "utf-8"
    )
    shop = MappedShop(f"sqlite:///{path}", file)
    found = await shop.shopper("S1")
    assert found is not None
    assert found.points == 5
    with shop._database.writing() as connection, pytest.raises(Refused, match="by_person"):
        shop._rows.put(connection, Change({}, shoppers=(replace(found, points=6),)), "k1")
    await shop.close()
