"""Slips are put right where they can be nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.nlu.typos import Typos, load

SLIPS = load(Path(__file__).parents[3] / "data" / "lexicon")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("怎么退宽", "怎么退款"),
        ("我要tk", "我要退款"),
        ("tuihuo yunfei谁出", "退货 运费谁出"),
        ("优惠卷怎么用", "优惠券怎么用"),
        ("kf在吗", "客服在吗"),
    ],
)
def test_homophones_pinyin_and_initials_are_read_as_what_is_meant(typed: str, meant: str) -> None:
    """One pass, longest first."""
    assert SLIPS.correct(typed) == meant


@pytest.mark.parametrize(
    "text", ["stk123", "zp0042", "hhh", "跟xx牌比", "ddr4内存", "usb口", "sf1234567890123"]
)
def test_letters_inside_other_words_and_numbers_are_left_alone(text: str) -> None:
    """Initials count only as whole words."""
    assert SLIPS.correct(text) == text


def test_a_lexicon_without_slips_changes_nothing() -> None:
    """The file is optional."""
    assert Typos({}).correct("退宽tk") == "退宽tk"
    assert Typos({"退宽": "退款"}).correct("退宽tk") == "退款tk"
