"""Whatever is wished, in whatever order: no money or goods appear or vanish, and states stay the trade's."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.shop.codes import PayWay, Reason
from bot.shop.doing.rows import Refused
from bot.shop.memory import MemoryShop
from bot.shop.portable import ShopData, read
from bot.shop.wishes import (
    Cancel,
    ChangeRemark,
    ChangeVariant,
    Compensate,
    Exchange,
    Line,
    PayByGiftCard,
    PlaceOrder,
    ProtectPrice,
    RefundOnly,
    ReturnGoods,
    UndoCancel,
    Urge,
    Wish,
    WithdrawRefund,
)
from tests.contract.test_shop_backend import order, rows
from tests.shop_invariants import check

NOW = datetime.fromisoformat("2026-11-21T10:00:00+08:00")
ORDERS = ("O2", "O3", "O5", "O6", "O7")
BALANCE = 60_000


def shop() -> ShopData:
    """Orders that are paid, unpaid, delivered, paid from the gift card; three pieces of each variant."""
    given_rows = rows()
    given_rows["orders"] += [
        order("O5", "S1", "2026-11-20T09:30:00+08:00", payment="礼品卡"),
        order("O6", "S1", "2026-11-21T09:50:00+08:00", state="unpaid"),
        order("O7", "S1", "2026-11-15T09:00:00+08:00", state="signed", signed="2026-11-18T09:00:00+08:00"),
    ]
    given_rows["shoppers"][0]["gift_card_balance"] = BALANCE
    return read(given_rows)


_ids = st.sampled_from(ORDERS)
_skus = st.sampled_from(["P1-1", "P1-2"])
_address = shop().shoppers[0].addresses[0]
WISHES: st.SearchStrategy[Wish] = st.one_of(
    st.builds(Cancel, _ids),
    st.builds(UndoCancel, _ids),
    st.builds(ChangeRemark, _ids, st.just("放门口")),
    st.builds(ChangeVariant, _ids, st.just("P1"), _skus, _skus),
    st.builds(Urge, _ids),
    st.builds(ReturnGoods, _ids, st.sampled_from(list(Reason))),
    st.builds(RefundOnly, _ids, st.integers(0, 50_000)),
    st.builds(WithdrawRefund, _ids),
    st.builds(Exchange, _ids, st.just("P1"), _skus, st.just("P1"), _skus),
    st.builds(ProtectPrice, _ids),
    st.builds(Compensate, _ids, st.integers(0, 5_000)),
    st.builds(PayByGiftCard, _ids),
    st.builds(
        lambda sku, n, pay: PlaceOrder("S1", (Line("P1", sku, n),), _address, pay=pay),
        _skus,
        st.integers(1, 4),
        st.sampled_from([None, PayWay.GIFT_CARD]),
    ),
)


@settings(max_examples=150)
@given(st.lists(st.tuples(WISHES, st.integers(0, 3 * 24 * 60)), max_size=12))
def test_no_sequence_of_wishes_breaks_the_shop(wanted: list[tuple[Wish, int]]) -> None:
    """Refused or done: after each one everything still adds up."""
    backend = MemoryShop(shop())
    first = backend.data
    now = NOW
    for at, (wish, minutes) in enumerate(wanted):
        now += timedelta(minutes=minutes)
        try:
            asyncio.run(backend.do(wish, f"k{at}", now))
        except Refused:
            continue
        check(first, backend.data, "S1")
