"""Variants by the words of shoppers: colours, sizes, measures, and what a change leads to."""

from __future__ import annotations

import pytest

from actions.variants import options_in
from bot.shop.models import Product, Sku


def product(title: str, alias: str, **values: list[str]) -> Product:
    """Goods whose variants differ in one option."""
    ((name, each),) = values.items()
    skus = tuple(Sku(f"K{n}", {name: value}, 1000, 1) for n, value in enumerate(each))
    return Product("P", title, "x", skus, aliases=(alias,))


SCARF = product("羊毛围巾", "围巾", 颜色=["红色", "驼色", "墨绿色"])
DESK = product("实木书桌", "书桌", 尺寸=["1.2米", "1.4米"])
PHONE = product("X5手机", "X5", 内存=["8+256G", "12+512G"])
FRUIT = product("丹东草莓", "草莓", 规格=["三斤装", "五斤装"])
NUTS = product("坚果礼盒", "坚果", 规格=["大盒", "小盒"])
SHOE = product("小白鞋", "鞋子", 尺码=["37", "38"])


@pytest.mark.parametrize(
    ("goods", "text", "value"),
    [
        (SCARF, "红围巾来一条", "红色"),
        (SCARF, "要驼的", "驼色"),
        (SCARF, "墨绿有吗", "墨绿色"),
        (DESK, "书桌要1.4的", "1.4米"),
        (DESK, "书桌一米二的", "1.2米"),
        (DESK, "1米4的书桌", "1.4米"),
        (PHONE, "x5 512的", "12+512G"),
        (FRUIT, "草莓3斤的来一份", "三斤装"),
        (FRUIT, "五斤草莓", "五斤装"),
        (NUTS, "坚果要小的", "小盒"),
        (SHOE, "鞋子要38", "38"),
    ],
)
def test_a_value_is_known_by_what_is_said_of_it(goods: Product, text: str, value: str) -> None:
    """In short, in digits, without its unit."""
    assert list(options_in(text, [], goods).values()) == [value]


@pytest.mark.parametrize(
    ("goods", "text"),
    [
        (DESK, "书桌买2张"),
        (DESK, "这书桌多重"),
        (SCARF, "围巾什么时候发"),
        (PHONE, "x5买12个"),
        (SHOE, "鞋子389元"),
    ],
)
def test_other_numbers_and_words_are_no_value(goods: Product, text: str) -> None:
    """A count or a price is none."""
    assert options_in(text, [], goods) == {}
