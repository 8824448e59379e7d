"""Merging bubbles and waiting for more of them."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.conversations.bubbles import MAX_CHARS, Bubble, may_continue, merge

AT = datetime(2026, 11, 21, 10, tzinfo=timezone.utc)


def bubbles(*texts):
    return [
        Bubble(n, "" if text.startswith("#") else text, text[1:] if text.startswith("#") else None, None, AT)
        for n, text in enumerate(texts, start=1)
    ]


def test_bubbles_are_joined_by_newlines():
    """In order, up to the last."""
    assert (merge(bubbles("在吗", "有货吗")).text, merge(bubbles("在吗", "有货吗")).upto) == (
        "在吗\n有货吗",
        2,
    )


def test_a_button_is_never_joined():
    """Neither first nor later."""
    assert (merge(bubbles("#b1", "有货吗")).button, merge(bubbles("#b1", "有货吗")).upto) == ("b1", 1)
    assert merge(bubbles("有货吗", "#b1")).upto == 1


def test_one_over_long_bubble_is_cut():
    """And goes alone."""
    merged = merge(bubbles("长" * 600, "短"))
    assert (merged.text, merged.upto) == ("长" * MAX_CHARS, 1)


@given(st.lists(st.text(alphabet="问好a", min_size=1, max_size=MAX_CHARS), min_size=1, max_size=20))
def test_turn_by_turn_everything_is_read_once_whole_and_in_order(texts):
    """Whatever the lengths, no turn exceeds the limit and nothing is lost between turns."""
    left, read = bubbles(*texts), []
    while left:
        merged = merge(left)
        assert len(merged.text) <= MAX_CHARS
        read.append(merged.text)
        left = [b for b in left if b.seq > merged.upto]
    assert "\n".join(read) == "\n".join(texts)


@pytest.mark.parametrize("text", ["在吗", "你好", " 您好! ", "Hello", "亲", "那个", "?", "你好 在吗"])
def test_after_a_greeting_or_a_fragment_more_is_to_be_expected(text):
    """The quiet window opens."""
    assert may_continue(text, answers_question=False)
    assert not may_continue(text, answers_question=True), "an answer to an open question is whole"


@pytest.mark.parametrize(
    "text", ["好的", "嗯", "谢谢", "不用", "2", "我的快递到哪了", "转人工", "退货怎么退"]
)
def test_a_request_or_an_answer_is_answered_at_once(text):
    """No waiting where nothing more is to come."""
    assert not may_continue(text, answers_question=False)
