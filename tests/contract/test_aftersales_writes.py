"""What every adapter promises of money, goods and claims after buying: by the policy, all or nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.shop.backend import ShopBackend
from bot.shop.codes import Grievance, Reason
from bot.shop.doing.rows import Receipt, Refused
from bot.shop.models import Order, OrderState, RefundState
from bot.shop.portable import ShopData, read
from bot.shop.wishes import (
    Compensate,
    Exchange,
    Line,
    ProtectPrice,
    RefundOnly,
    ReturnGoods,
    Wish,
    WithdrawRefund,
    read_wish,
    write_wish,
)
from tests.contract.test_shop_backend import ADDRESS

Made = Callable[[ShopData], ShopBackend]
NOW = datetime.fromisoformat("2026-11-21T10:00:00+08:00")
QUALITY, PLAIN = Reason.QUALITY, Reason.NO_REASON


def ago(days: float) -> str:
    """A time before NOW, as rows have it."""
    return (NOW - timedelta(days=days)).isoformat()


def product(number: str, category: str, *skus: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A product of these variants."""
    return {"id": number, "title": f"商品{number}", "category": category, "skus": list(skus), **more}


def sku(number: str, size: str, price: int, stock: int = 5) -> dict[str, Any]:
    """A variant."""
    return {"id": number, "options": {"尺码": size}, "price": price, "stock": stock}


PRODUCTS = [
    product(
        "P1",
        "服装",
        sku("M", "M", 7900),
        sku("L", "L", 7900, 0),
        sku("XL", "XL", 8900),
        sku("S", "S", 6900),
        exchangeable=["P2"],
    ),
    product("P2", "服装", sku("H", "均码", 9900, 1)),
    product("P3", "定制", sku("C", "均码", 5000)),
    product("P4", "零食", sku("N", "500g", 1200)),
    product("P5", "服装", sku("U", "均码", 3000), returnable=False),
]
TITLES = {"M": "P1", "C": "P3", "N": "P4", "U": "P5", "H": "P2"}


def order(*items: tuple[str, int, int], number: str = "O1", **more: Any) -> dict[str, Any]:
    """An order of (variant, pieces, unit price), signed two days ago and paid by Alipay."""
    lines = [
        {
            "product_id": TITLES[variant],
            "sku_id": variant,
            "title": f"商品{TITLES[variant]}",
            "options": {"尺码": variant},
            "quantity": pieces,
            "price": price,
        }
        for variant, pieces, price in items
    ]
    goods = sum(pieces * price for _, pieces, price in items)
    row = {"freight": 0, "discount": 0, **more}
    return {
        "id": number,
        "shopper_id": "S1",
        "state": "signed",
        "items": lines,
        "placed": ago(5),
        "paid": ago(5),
        "sent": ago(4),
        "signed": ago(2),
        "address": ADDRESS,
        "goods_total": goods,
        "paid_total": goods + row["freight"] - row["discount"],
        "payment": "支付宝",
        **row,
    }


SHIRT = ("M", 1, 7900)
WAITS = {"state": "paid", "sent": None, "signed": None}
MOVES = {"state": "in_transit", "signed": None}


def shop_of(*orders: dict[str, Any], **more: Any) -> ShopData:
    """A shop with these orders of S1, who has 5 yuan on the gift card."""
    shopper = {"id": "S1", "name": "李雷", "phone": "13800138000", "gift_card_balance": 500}
    return read({"products": PRODUCTS, "shoppers": [shopper], "orders": list(orders), **more})


def parcel(state: str, seen: float, **more: Any) -> dict[str, Any]:
    """A parcel of O1 that was last seen so many days ago."""
    trace = {"at": ago(seen), "place": "杭州", "text": "到达"}
    row = {"waybill": "W1", "order_id": "O1", "carrier": "中通", "state": state, "traces": [trace]}
    return {**row, **more}


async def refusal(shop: ShopBackend, wish: Wish) -> str:
    """The code by which preview and doing refuse a wish alike."""
    with pytest.raises(Refused) as tried:
        await shop.preview(wish, NOW)
    with pytest.raises(Refused) as refused:
        await shop.do(wish, "refused", NOW)
    assert tried.value.code == refused.value.code
    return refused.value.code


async def done(shop: ShopBackend, wish: Wish, key: str = "k1") -> tuple[Receipt, Order]:
    """The receipt and the order after it; preview said the same but for the ids that follow from the key."""
    tried = await shop.preview(wish, NOW)
    receipt = await shop.do(wish, key, NOW)
    assert {**tried.result, "refund_id": ""} == {**receipt.result, "refund_id": ""}
    found = await shop.order(receipt.order_id)
    assert found is not None
    return receipt, found


async def stock(shop: ShopBackend, number: str, variant: str) -> int:
    """Pieces of a variant."""
    found = (await shop.catalogue()).get(number)
    assert found is not None
    return next(s.stock for s in found.skus if s.id == variant)


# --- returns ---


@pytest.mark.parametrize(("reason", "amount"), [(PLAIN, 7400), (QUALITY, 8200)])
async def test_a_return_asks_for_what_was_paid(make_shop: Made, reason: Reason, amount: int) -> None:
    """The freight as well where the shop bears it; goods come back first, even for a gift card."""
    shop = make_shop(shop_of(order(SHIRT, freight=800, discount=500, payment="礼品卡")))
    receipt, found = await done(shop, ReturnGoods("O1", reason, note="起球"))
    assert found.state is OrderState.REFUNDING
    assert found.refund is not None
    assert (found.refund.state, found.refund.goods_back) == (RefundState.REQUESTED, True)
    assert (found.refund.amount, found.refund.to) == (amount, "礼品卡")
    assert found.refund.reason.endswith("起球")
    assert receipt.result["payer"] == ("shop" if reason is QUALITY else "shopper")
    shopper = await shop.shopper("S1")
    assert shopper is not None
    assert shopper.gift_card_balance == 500
    assert await refusal(shop, ReturnGoods("O1", reason)) == "in_aftersales"


async def test_of_a_part_its_share_is_paid_back(make_shop: Made) -> None:
    """The discount in proportion; the way out is not paid back for a part."""
    shop = make_shop(shop_of(order(("M", 2, 7900), ("N", 1, 1200), freight=800, discount=1700)))
    receipt, _ = await done(shop, ReturnGoods("O1", QUALITY, (Line("P1", "M"),)))
    assert receipt.result["amount"] == round((17000 - 1700) * 7900 / 17000)
    assert [(g["title"], g["quantity"]) for g in receipt.result["goods"]] == [("商品P1", 1)]


@pytest.mark.parametrize(
    ("days", "reason", "code"),
    [
        (7, PLAIN, None),
        (8, PLAIN, "past_quality"),
        (15, QUALITY, None),
        (16, QUALITY, "past"),
        (16, PLAIN, "past"),
        (2, Reason.DAMAGED, None),
        (3, Reason.DAMAGED, "past_report"),
        (3, Reason.MISSING, "past_report"),
        (3, Reason.WRONG_ITEM, "past_report"),
        (15, Reason.NOT_AS_DESCRIBED, None),
    ],
)
async def test_windows_count_from_signing_by_reason(
    make_shop: Made, days: int, reason: Reason, code: str | None
) -> None:
    """The last day counts."""
    shop = make_shop(
        shop_of(order(SHIRT, signed=ago(days), sent=ago(days + 1), placed=ago(30), paid=ago(30)))
    )
    wish = ReturnGoods("O1", reason)
    if code is None:
        await done(shop, wish)
    else:
        assert await refusal(shop, wish) == code


@pytest.mark.parametrize(
    ("item", "used", "code"),
    [
        (("C", 1, 5000), False, "not_returnable_because"),
        (("U", 1, 3000), False, "not_returnable"),
        (("N", 1, 1200), True, "used"),
        (SHIRT, True, "worn"),
    ],
)
async def test_some_goods_need_a_fault_to_come_back(
    make_shop: Made, item: tuple[str, int, int], used: bool, code: str
) -> None:
    """By category, by the product's own word, by their condition; a fault is none of that."""
    shop = make_shop(shop_of(order(item)))
    assert await refusal(shop, ReturnGoods("O1", PLAIN, used=used)) == code
    await done(shop, ReturnGoods("O1", QUALITY, used=used))


async def test_sealed_food_goes_back_and_its_rule_is_told(make_shop: Made) -> None:
    """未拆封可退."""
    receipt, _ = await done(make_shop(shop_of(order(("N", 2, 1200)))), ReturnGoods("O1", PLAIN))
    assert receipt.result["rule"] == "unopened"
    assert receipt.result["because"]


@pytest.mark.parametrize(
    ("more", "wish", "code"),
    [
        ({}, ReturnGoods("O9", PLAIN), "not_found"),
        ({"state": "cancelled"}, ReturnGoods("O1", PLAIN), "cancelled"),
        ({"state": "refunded"}, ReturnGoods("O1", PLAIN), "in_aftersales"),
        ({"state": "unpaid"}, ReturnGoods("O1", PLAIN), "wrong_state"),
        (WAITS, ReturnGoods("O1", PLAIN), "unsent"),
        (MOVES, ReturnGoods("O1", PLAIN), "on_the_way"),
        ({}, ReturnGoods("O1", PLAIN, (Line("P4", "N"),)), "not_in_order"),
        ({}, ReturnGoods("O1", PLAIN, (Line("P1", "M", 2),)), "too_many"),
        ({"discount": 7900}, ReturnGoods("O1", PLAIN), "nothing_left"),
        ({"state": "unpaid"}, RefundOnly("O1"), "wrong_state"),
        ({"state": "cancelled"}, RefundOnly("O1"), "cancelled"),
        (WAITS, RefundOnly("O1", 100), "whole_only"),
        (MOVES, RefundOnly("O1", 100), "whole_only"),
        ({}, RefundOnly("O1", 1000), "needs_goods"),
        ({}, RefundOnly("O1", 1600, QUALITY), "needs_goods"),
        ({}, RefundOnly("O1", 8000, QUALITY), "too_much"),
        ({}, WithdrawRefund("O1"), "nothing_applied"),
        ({"state": "cancelled"}, WithdrawRefund("O1"), "cancelled"),
        ({}, Exchange("O1", "P4", "N", "P4", "N", QUALITY), "not_in_order"),
        ({}, Exchange("O1", "P1", "M", "P1", "XXL"), "no_variant"),
        ({}, Exchange("O1", "P1", "M", "P3", "C"), "other_product"),
        ({}, Exchange("O1", "P1", "M", "P1", "M"), "same"),
        ({}, Exchange("O1", "P1", "M", "P1", "L"), "sold_out"),
        ({}, Exchange("O1", "P1", "M", "P1", "XL", quantity=2), "too_many"),
        ({}, Exchange("O1", "P1", "M", "P1", "XL", used=True), "worn"),
        (WAITS, Exchange("O1", "P1", "M", "P1", "XL"), "unsent"),
        ({}, ProtectPrice("O1"), "not_lower"),
        ({"state": "unpaid"}, ProtectPrice("O1"), "wrong_state"),
        ({}, Compensate("O1", 0, Grievance.FAULT), "no_amount"),
        ({}, Compensate("O1", 100, Grievance.LATE_DISPATCH), "not_shown"),
        ({}, Compensate("O1", 100, Grievance.LATE_DELIVERY), "not_shown"),
        ({}, Compensate("O1", 2001, Grievance.FAULT), "over_limit"),
    ],
)
async def test_what_no_rule_allows_is_refused_by_its_code(
    make_shop: Made, more: dict[str, Any], wish: Wish, code: str
) -> None:
    """And the order stays as it was."""
    shop = make_shop(shop_of(order(SHIRT, **more)))
    before = await shop.order("O1")
    assert await refusal(shop, wish) == code
    assert await shop.order("O1") == before


# --- money without a return ---


async def test_what_has_not_left_is_paid_back_after_the_audit(make_shop: Made) -> None:
    """All that was paid, freight as well; the goods stay set aside until then."""
    shop = make_shop(shop_of(order(SHIRT, freight=800, **WAITS)))
    receipt, found = await done(shop, RefundOnly("O1"))
    assert found.refund is not None
    assert (found.state, found.refund.state) == (OrderState.REFUNDING, RefundState.REQUESTED)
    assert (found.refund.amount, found.refund.goods_back) == (8700, False)
    assert receipt.result["way"] == "unsent"
    assert await stock(shop, "P1", "M") == 5


async def test_to_the_gift_card_it_is_paid_back_at_once(make_shop: Made) -> None:
    """Goods and coupon are free again."""
    coupon = {"id": "C9", "title": "满50减5", "off": 500, "over": 5000, "begins": "2026-11-01"}
    coupon |= {"ends": "2026-11-30", "shopper_id": "S1", "state": "used"}
    bought = order(SHIRT, discount=500, coupon="C9", payment="礼品卡", **WAITS)
    shop = make_shop(shop_of(bought, coupons=[coupon]))
    receipt, found = await done(shop, RefundOnly("O1"))
    shopper = await shop.shopper("S1")
    assert shopper is not None
    assert (found.state, shopper.gift_card_balance) == (OrderState.REFUNDED, 500 + 7400)
    assert receipt.result["way"] == "card"
    assert await stock(shop, "P1", "M") == 6
    assert [c.state.value for c in await shop.coupons_of("S1")] == ["usable"]


@pytest.mark.parametrize(
    ("parcels", "way", "amount", "goods_back", "payer"),
    [
        ([parcel("in_transit", 0.2)], "moving", 7900, True, "shopper"),
        ([parcel("lost", 3)], "lost", 8700, False, "shop"),
        ([parcel("in_transit", 8)], "lost", 8700, False, "shop"),
        ([parcel("in_transit", 3)], "stuck", 8700, True, "shop"),
        ([parcel("returned", 1)], "returned", 8700, True, "shop"),
    ],
)
async def test_on_the_way_it_depends_on_the_parcel(
    make_shop: Made, parcels: list[dict[str, Any]], way: str, amount: int, goods_back: bool, payer: str
) -> None:
    """What is lost never comes back; whoever refuses a good parcel bears what the policy says."""
    bought = order(SHIRT, freight=800, payment="礼品卡", **{**MOVES, "sent": ago(9), "placed": ago(10)})
    shop = make_shop(shop_of(bought, parcels=parcels))
    receipt, found = await done(shop, RefundOnly("O1"))
    assert found.refund is not None
    assert (found.refund.state, found.state) == (RefundState.REQUESTED, OrderState.REFUNDING)
    assert (found.refund.amount, found.refund.goods_back) == (amount, goods_back)
    assert (receipt.result["way"], receipt.result["payer"]) == (way, payer)


async def test_a_small_fault_is_paid_without_a_return_up_to_the_limit(make_shop: Made) -> None:
    """And what never came, whatever it cost."""
    shop = make_shop(shop_of(order(SHIRT)))
    _, found = await done(shop, RefundOnly("O1", 1500, QUALITY))
    assert found.refund is not None
    assert (found.refund.amount, found.refund.goods_back) == (1500, False)
    other = make_shop(shop_of(order(SHIRT, ("N", 2, 1200))))
    receipt, _ = await done(other, RefundOnly("O1", 0, Reason.MISSING, (Line("P1", "M"),)))
    assert receipt.result["amount"] == 7900


# --- an application taken back ---


@pytest.mark.parametrize(
    ("more", "wish"),
    [
        ({}, ReturnGoods("O1", PLAIN)),
        ({"state": "finished", "closed": ago(1)}, ReturnGoods("O1", PLAIN)),
        ({**WAITS, "state": "packed"}, RefundOnly("O1")),
        ({**MOVES, "state": "out_for_delivery"}, RefundOnly("O1")),
        ({}, Exchange("O1", "P1", "M", "P1", "XL")),
        ({}, Exchange("O1", "P1", "M", "P1", "S")),
    ],
)
async def test_an_application_taken_back_leaves_the_shop_as_it_was(
    make_shop: Made, more: dict[str, Any], wish: Wish
) -> None:
    """State, items and stock; it may be applied for anew."""
    shop = make_shop(shop_of(order(SHIRT, **more)))
    before, catalogue = await shop.order("O1"), (await shop.catalogue()).products
    await done(shop, wish)
    await done(shop, WithdrawRefund("O1"), "k2")
    assert await shop.order("O1") == before
    assert (await shop.catalogue()).products == catalogue
    await done(shop, wish, "k3")


async def test_money_that_has_left_is_not_called_back(make_shop: Made) -> None:
    """Nor money that nobody applied for here, by its times."""
    refund = {"id": "R1", "amount": 7900, "requested": ago(1), "to": "支付宝", "goods_back": True}
    for state, code in (("paying", "paid_back"), ("paid", "paid_back"), ("refused", "nothing_applied")):
        bought = order(SHIRT, state="refunding", refund={**refund, "state": state})
        assert await refusal(make_shop(shop_of(bought)), WithdrawRefund("O1")) == code
    elsewhere = order(SHIRT, state="refunding", refund={**refund, "state": "approved"})
    _, found = await done(make_shop(shop_of(elsewhere)), WithdrawRefund("O1"))
    assert (found.state, found.refund) == (OrderState.SIGNED, None)


# --- exchanges ---


async def test_an_exchange_keeps_the_new_variant(make_shop: Made) -> None:
    """One of two pieces, on a line of its own; the dearer variant's difference is told."""
    shop = make_shop(shop_of(order(("M", 2, 7900))))
    receipt, found = await done(shop, Exchange("O1", "P1", "M", "P1", "XL"))
    assert found.state is OrderState.EXCHANGING
    assert [(i.quantity, i.sku_id, i.to_product, i.to_sku) for i in found.items] == [
        (1, "M", "P1", "XL"),
        (1, "M", "", ""),
    ]
    assert await stock(shop, "P1", "XL") == 4
    assert (receipt.result["difference"], receipt.result["payer"]) == (1000, "shopper")
    assert receipt.result["held"] == "2026-11-28"
    assert await refusal(shop, Exchange("O1", "P1", "M", "P1", "S")) == "in_aftersales"


async def test_what_is_cheaper_is_paid_back_once_the_old_one_is_there(make_shop: Made) -> None:
    """As a refund that waits for the goods."""
    _, found = await done(make_shop(shop_of(order(SHIRT))), Exchange("O1", "P1", "M", "P1", "S"))
    assert found.refund is not None
    assert (found.refund.amount, found.refund.goods_back) == (1000, True)


async def test_a_faulty_one_is_exchanged_for_the_same(make_shop: Made) -> None:
    """A new piece, on the shop's freight; another product where its row names it."""
    receipt, _ = await done(make_shop(shop_of(order(SHIRT))), Exchange("O1", "P1", "M", "P1", "M", QUALITY))
    assert (receipt.result["payer"], receipt.result["difference"]) == ("shop", 0)
    shop = make_shop(shop_of(order(SHIRT)))
    receipt, _ = await done(shop, Exchange("O1", "P1", "M", "P2", "H"))
    assert (receipt.result["difference"], receipt.result["other"]) == (2000, True)


async def test_exchanges_go_by_the_shops_policy(make_shop: Made) -> None:
    """Window, times and difference are its own."""
    for rules, code in (
        ({"window": "1d"}, "past_quality"),
        ({"times": 0}, "too_often"),
        ({"difference": False}, "other_price"),
    ):
        shop = make_shop(shop_of(order(SHIRT), policy={"exchanges": rules, "returns": {"window": "1d"}}))
        assert await refusal(shop, Exchange("O1", "P1", "M", "P1", "XL")) == code


# --- price protection ---


async def test_a_fallen_price_is_made_up_for(make_shop: Made) -> None:
    """Every piece of every item; the order goes on; not twice."""
    shop = make_shop(shop_of(order(("M", 2, 9900), ("N", 1, 1200))))
    receipt, found = await done(shop, ProtectPrice("O1"))
    assert found.refund is not None
    assert (found.state, found.refund.amount, found.refund.reason) == (OrderState.SIGNED, 4000, "价保")
    assert (receipt.result["was"], receipt.result["price"]) == (9900, 7900)
    assert await refusal(shop, ProtectPrice("O1")) == "in_aftersales"


async def test_to_the_gift_card_the_difference_goes_at_once_and_only_once(make_shop: Made) -> None:
    """What went back already is not paid back again with the goods."""
    shop = make_shop(shop_of(order(("M", 1, 9900), payment="礼品卡")))
    await done(shop, ProtectPrice("O1"))
    shopper = await shop.shopper("S1")
    assert shopper is not None
    assert shopper.gift_card_balance == 2500
    assert await refusal(shop, ProtectPrice("O1")) == "too_often"
    receipt, _ = await done(shop, ReturnGoods("O1", QUALITY), "k2")
    assert receipt.result["amount"] == 7900


@pytest.mark.parametrize(
    ("bought", "promotion", "policy", "code"),
    [
        (order(("M", 1, 9900), paid=ago(15.2), placed=ago(16)), {}, {}, None),
        (order(("M", 1, 9900), paid=ago(16), placed=ago(17)), {}, {}, "past"),
        (order(SHIRT), {"price": 5900, "product_ids": ["P1"]}, {}, "excluded"),
        (order(SHIRT), {"price": 5900, "product_ids": ["P1"]}, {"exclusions": []}, None),
        (order(SHIRT), {"over": 5000, "off": 1000}, {}, None),
        (order(SHIRT), {"over": 8000, "off": 1000}, {}, "not_lower"),
        (order(SHIRT), {"over": 5000, "off": 1000, "title": "直播间立减"}, {}, "not_lower"),
        (order(SHIRT, discount=1000), {"over": 5000, "off": 1000}, {}, "not_lower"),
        (order(SHIRT), {"over": 5000, "off": 1000, "begins": ago(9)}, {}, "not_lower"),
        (
            order(SHIRT),
            {"price": 5900, "product_ids": ["P1"], "begins": ago(3), "ends": ago(1)},
            {},
            "not_lower",
        ),
        (order(("M", 1, 9900)), {}, {"times": 0}, "too_often"),
    ],
)
async def test_price_protection_goes_by_window_offers_and_exclusions(
    make_shop: Made,
    bought: dict[str, Any],
    promotion: dict[str, Any],
    policy: dict[str, Any],
    code: str | None,
) -> None:
    """A flash price counts only where the shop lets it, an offer only where it is new."""
    plain = {"id": "A1", "title": "满减", "rule": "", "begins": ago(1), "ends": ago(-1)}
    offers = [{**plain, **promotion}] if promotion else []
    shop = make_shop(shop_of(bought, promotions=offers, policy={"price_protection": policy}))
    if code is None:
        await done(shop, ProtectPrice("O1"))
    else:
        assert await refusal(shop, ProtectPrice("O1")) == code


# --- small compensations ---


async def test_a_small_compensation_is_paid_for_what_the_rows_show(make_shop: Made) -> None:
    """Up to the order's limit, once for each grievance; the shopper's month counts over all orders."""
    late = {"dispatch_by": ago(4.5)}
    orders = [order(SHIRT, number=f"O{n}", payment="礼品卡", **late) for n in (1, 2, 3, 4)]
    shop = make_shop(shop_of(*orders))
    _, found = await done(shop, Compensate("O1", 500, Grievance.LATE_DISPATCH))
    assert found.refund is not None
    assert (found.state, found.refund.amount) == (OrderState.SIGNED, 500)
    assert await refusal(shop, Compensate("O1", 500, Grievance.LATE_DISPATCH)) == "too_often"
    assert await refusal(shop, Compensate("O2", 501, Grievance.LATE_DISPATCH)) == "over_limit"
    assert await refusal(shop, Compensate("O1", 1501, Grievance.FAULT)) == "over_limit"
    await done(shop, Compensate("O1", 1500, Grievance.FAULT), "k2")
    await done(shop, Compensate("O2", 2000, Grievance.FAULT), "k3")
    assert await refusal(shop, Compensate("O3", 1001, Grievance.FAULT)) == "over_limit"
    await done(shop, Compensate("O3", 1000, Grievance.FAULT), "k4")
    shopper = await shop.shopper("S1")
    assert shopper is not None
    assert shopper.gift_card_balance == 500 + 5000


async def test_a_late_parcel_is_shown_by_its_day(make_shop: Made) -> None:
    """Delivered after the day that was expected."""
    late = parcel("signed", 2, expected=(NOW - timedelta(days=3)).date().isoformat())
    receipt, _ = await done(
        make_shop(shop_of(order(SHIRT), parcels=[late])), Compensate("O1", 300, Grievance.LATE_DELIVERY)
    )
    assert receipt.result["amount"] == 300


@pytest.mark.parametrize(
    "wish",
    [
        ReturnGoods("O1", QUALITY, (Line("P1", "M", 2),), "起球", used=True),
        RefundOnly("O1", 900, Reason.MISSING, (Line("P1", "M"),)),
        WithdrawRefund("O1"),
        Exchange("O1", "P1", "M", "P1", "XL", PLAIN, 2),
        ProtectPrice("O1"),
        Compensate("O1", 500, Grievance.FAULT),
    ],
)
def test_a_wish_comes_back_from_json_as_it_was(wish: Wish) -> None:
    """State and ledger keep its JSON."""
    assert read_wish(write_wish(wish)) == wish
