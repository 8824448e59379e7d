"""Order numbers of any shop are found as shoppers type them, and what is none is left alone."""

from __future__ import annotations

import pytest

from bot.nlu.ids import OwnIds, find, masked

OWN = OwnIds(
    orders=("ZX-1002", "TB88812", "20261118-0042", "2026/11/0042", "A.1002", "1003", "7", "甲001", "qw-ERTY"),
    waybills=("YT-88-12", "73100012345678"),
)


def values(text: str, own: OwnIds = OwnIds()) -> list[tuple[str, str]]:  # noqa: B008 - frozen
    return [(f.entity, f.value) for f in find(text, own)]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("ZX-1002到哪了", "ZX-1002"),
        ("查下zx-1002", "ZX-1002"),
        ("ＺＸ－１００２ 发货了吗", "ZX-1002"),
        ("zx 1002", "ZX-1002"),
        ("ZX1002呢", "ZX-1002"),
        ("ZX—1002呢", "ZX-1002"),
        ("帮我看看tb88812", "TB88812"),
        ("TB 88 812", "TB88812"),
        ("20261118-0042 能退吗", "20261118-0042"),
        ("202611180042", "20261118-0042"),
        ("2026 1118 0042", "20261118-0042"),
        ("2026/11/0042怎么还没到", "2026/11/0042"),
        ("订单A.1002取消", "A.1002"),
        ("1003到哪了", "1003"),
        ("订单7到哪了", "7"),
        ("7", "7"),
        ("甲001呢", "甲001"),
        ("qw-erty", "qw-ERTY"),
        ("http://shop.example/o?id=ZX-1002&a=1", "ZX-1002"),
    ],
)
def test_ones_own_order_is_found_however_it_is_typed(text: str, number: str) -> None:
    """The value is the id as the shop writes it."""
    assert values(text, OWN) == [("order_id", number)]


@pytest.mark.parametrize("text", ["yt-88-12到哪了", "运单号 YT 88 12", "YT8812"])
def test_ones_own_waybill_is_found_too(text: str) -> None:
    """Waybills are typed no better than order numbers."""
    assert values(text, OWN) == [("waybill", "YT-88-12")]


@pytest.mark.parametrize(
    "text", ["1003元", "一共1003块", "¥1003", "7天了", "订单7天了还没到", "有7件", "第1003位", "7点到吗"]
)
def test_a_short_id_is_no_amount(text: str) -> None:
    """Beside a unit it counts something."""
    assert "order_id" not in dict(values(text, OWN))


@pytest.mark.parametrize("text", ["ZX-10024到哪了", "AZX-1002", "ZX-1002-3", "订单2026/11/00421"])
def test_a_longer_number_is_not_the_own_one_inside_it(text: str) -> None:
    """Another order is named; ones own must not be answered in its place."""
    found = values(text, OWN)
    assert found
    assert not {value for _, value in found} & set(OWN.orders)


def test_two_own_ids_that_are_typed_alike_are_told_apart_only_when_exact() -> None:
    """A guess between two orders would be a wrong answer half of the time."""
    twins = OwnIds(orders=("AB-1001", "ab1001"))
    assert values("ab1001呢", twins) == [("order_id", "ab1001")]
    assert values("订单Ab 1001呢", twins) == []


def test_two_own_ids_joined_by_a_stroke_are_two() -> None:
    """ZX-1002/TB88812 names both."""
    assert values("ZX-1002/TB88812", OWN) == [("order_id", "ZX-1002"), ("order_id", "TB88812")]


@pytest.mark.parametrize(
    ("text", "entity", "value"),
    [
        ("订单号ZX-1002", "order_id", "ZX-1002"),
        ("订单号是：tb88812a", "order_id", "tb88812a"),
        ("订单 TB88812怎么还没发", "order_id", "TB88812"),
        ("我的订单ZX-9999到哪了", "order_id", "ZX-9999"),
        ("单号 A.1002", "order_id", "A.1002"),
        ("订单1002到哪了", "order_id", "1002"),
        ("1002号订单", "order_id", "1002"),
        ("TB88812这个订单", "order_id", "TB88812"),
        ("订单编号20261118-0042", "order_id", "20261118-0042"),
        ("订单号 2026/11/0042", "order_id", "2026/11/0042"),
        ("6820 6041 7395 1820 317", "order_id", "6820604173951820317"),
        ("运单YT-88-12到哪了", "waybill", "YT-88-12"),
        ("快递单号 abc12", "waybill", "ABC12"),
        ("ZX-1002到哪了", "code", "ZX-1002"),
        ("20261118-0042 能退吗", "code", "20261118-0042"),
        ("73100012到哪了", "code", "73100012"),
        ("订单尾号0042开个票", "order_tail", "0042"),
        ("尾号0042那单到哪了", "order_tail", "0042"),
        ("订单号后四位是0042", "order_tail", "0042"),
        ("0042结尾的", "order_tail", "0042"),
        ("尾号0042", "phone_tail", "0042"),
        ("手机尾号8001的订单", "phone_tail", "8001"),
        ("手机号后四位8001", "phone_tail", "8001"),
        ("税号91510100MA6C12345X", "tax_number", "91510100MA6C12345X"),
        ("杭州云帆有限公司 91330100MA2C12345X", "tax_number", "91330100MA2C12345X"),
    ],
)
def test_a_number_that_is_not_ones_own_is_told_by_its_shape_or_the_words_beside(
    text: str, entity: str, value: str
) -> None:
    """So that nobody is answered about another order than the one named."""
    assert values(text) == [(entity, value)]


@pytest.mark.parametrize(
    "text",
    [
        "订单3天了",
        "订单100多块",
        "订单2026-11-18下的",
        "订单11.11买的",
        "11.11那单",
        "iphone15能用吗",
        "订单iphone15那个",
        "175/92A穿多大",
        "500ml的",
        "20000mah的充电宝",
        "2026年的",
        "2026.11.18到2026.11.25",
        "010-88886666",
        "400-820-2121",
        "验证码 12345678",
        "微信号 abc12345",
        "https://shop.example/p/P0012345",
        "165 110 175 140",
        "618那单",
        "2件订单",
        "199元订单",
        "双11订单",
    ],
)
def test_quantities_dates_models_and_links_are_no_ids(text: str) -> None:
    """An id that nobody named would make the bot look for an order that is not there."""
    assert values(text) == []


def test_ids_teach_the_classifier_only_that_they_are_there() -> None:
    """ZX-1002 is read as any long number is."""
    text = "ZX-1002发货了吗"
    assert masked(text, find(text, OwnIds())) == f"{'0' * 18}发货了吗"
    assert masked("https://shop.example/p/1?a=2 有货吗", []) == " 链接  有货吗"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("开户行及账号：某银行宁波分行 3310 1234 5678 9012", ("bank_account", "3310123456789012")),
        ("账号 6222000012345678", ("bank_account", "6222000012345678")),
        ("账号13800138000登录不了", ("phone", "13800138000")),
    ],
)
def test_a_bank_account_is_no_order(text: str, found: tuple[str, str]) -> None:
    """It has its label, or its bank, before it."""
    assert values(text) == [found]
