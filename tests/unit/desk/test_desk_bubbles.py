"""Merging bubbles and waiting for more of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.conversations.bubbles import MAX_CHARS, Bubble, Merged, may_continue, merge

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


def picture(seq):
    return Bubble(seq, "[图片]", None, None, AT, picture=True)


def test_pictures_are_counted_and_their_stand_in_is_not_read():
    """Before, between and behind words; with the page that the words were written on."""
    said = [replace(bubble, page={"kind": "order"}) for bubble in bubbles("在吗", "破了")]
    merged = merge([picture(1), replace(said[0], seq=2), picture(3), replace(said[1], seq=4), picture(5)])
    assert (merged.upto, merged.text, merged.pictures) == (5, "在吗\n破了", 3)
    assert merged.page == {"kind": "order"}


def test_pictures_alone_are_a_turn_without_words():
    """Up to a button, which is never joined."""
    press = replace(bubbles("#b1")[0], seq=3)
    assert merge([picture(1), picture(2), press]) == Merged(2, None, None, None, AT, 2)
    assert merge([press, picture(4)]) == Merged(3, None, "b1", None, AT, 0)


def test_behind_a_full_turn_pictures_still_fit():
    """They take no room."""
    merged = merge([*bubbles("长" * MAX_CHARS), picture(2), *bubbles("短")])
    assert (merged.upto, merged.text, merged.pictures) == (2, "长" * MAX_CHARS, 1)


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
