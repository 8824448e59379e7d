"""Lines are near where they say nothing new: equal but for their looks, or most trigrams in common."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.examples.near import NEAR, NearLines, bare, trigrams

SHORT_TEXTS = st.lists(st.text("退货款运费谁出", min_size=1, max_size=8), min_size=1, max_size=25)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("退货,怎么弄?", "退貨怎麼弄"),
        ("哈哈哈哈", "哈哈"),
        ("ＯＫ", "ok"),
        ("谢啦😊", "谢啦"),
        ("？？？", "??"),
    ],
)
def test_width_script_repeats_signs_and_emoji_make_no_new_line(one: str, other: str) -> None:
    """The classifier reads both as one."""
    assert NearLines([one]).near(other) == [0]


def test_emoji_and_signs_alone_are_lines_of_their_own() -> None:
    """A message of nothing else is not empty."""
    assert bare("😂") == "😂"
    assert NearLines(["😂", "?", "退货"]).near("?") == [1]


def test_nearness_is_the_share_of_common_trigrams() -> None:
    """^退货运费谁出吗$ has eight trigrams; without 吗 seven, of which six are in both: 6/9 is below 0.7."""
    assert len(trigrams("退货运费谁出吗")) == 7
    assert NearLines(["退货运费谁出吗"]).near("退货运费谁出") == []
    assert NearLines(["七天无理由退货运费谁出吗"]).near("七天无理由退货运费谁出") == [0]  # 10 of 13


@given(lines=SHORT_TEXTS)
def test_the_index_finds_exactly_what_comparing_all_would(lines: list[str]) -> None:
    """Looking up the rarest trigrams alone loses no line."""
    index = NearLines(lines)
    found = {(at, other) for at, line in enumerate(lines) for other in index.near(line)}
    sets = [trigrams(line) for line in lines]
    pairs = product(range(len(lines)), repeat=2)
    assert found == {(a, b) for a, b in pairs if len(sets[a] & sets[b]) / len(sets[a] | sets[b]) > NEAR}
