"""One plain form for what means the same."""

from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.normalise import fold_width, mask_digits, normalise, visible


def test_width_case_script_and_repeats_are_levelled() -> None:
    assert normalise("請問ＸＬ還有嗎啊啊啊啊") == "请问xl还有吗啊啊"


def test_unseen_characters_are_dropped() -> None:
    assert visible("退\u200b款\x00吗\u202e") == "退款吗"


def test_digits_teach_only_their_length() -> None:
    assert mask_digits("订单123456789012和3") == "订单0000和0"


@given(st.text(max_size=300))
def test_folding_keeps_every_offset(text: str) -> None:
    assert len(fold_width(text)) == len(text) or text.isascii()


@given(st.text(max_size=300))
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
