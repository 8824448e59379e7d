"""A question finds the entry that answers it, or nothing; unsure ones are offered, never said."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.knowledge.files import FaqFiles
from bot.knowledge.retrieval import Index

ENTRIES = FaqFiles(Path(__file__).parents[3] / "data/faq").entries()
FAQ = Index({entry.id: (entry.title, *entry.also) for entry in ENTRIES})
SHELF = Index({"kettle": ["水壶有水垢怎么清除"], "shoes": ["小白鞋发黄怎么清洗"], "tea": ["茶叶怎么保存"]})


def test_every_wording_of_an_entry_finds_that_entry_surely() -> None:
    """The question itself, however short, is the surest hit there is."""
    for entry in ENTRIES:
        for wording in (entry.title, *entry.also):
            first = FAQ.find(f"请问{wording}？")[0]
            assert (first.key, first.sure) == (entry.id, True), wording


@pytest.mark.parametrize(
    ("asked", "key"),
    [
        ("我那双白鞋黄了咋弄啊", "white_shoes_yellow"),
        ("新买的锅第一次用有股塑料味", "first_use_smell"),
        ("316的比304好在哪里", "steel"),
        ("刚有人打电话自称是你们客服说要退钱给我", "scam_call"),
        ("无蔗糖就是没糖的意思吗", "sugar_free"),
    ],
)
def test_the_same_asked_in_other_words_is_found(asked: str, key: str) -> None:
    first = FAQ.find(asked)[0]
    assert (first.key, first.sure) == (key, True)


@pytest.mark.parametrize(
    "asked",
    [
        "我的快递到哪了",
        "什么时候发货",
        "怎么退货",
        "这件有M码吗",
        "175 140斤穿多大",
        "在吗",
        "你好",
        "",
        "😀",
        "!!!",
    ],
)
def test_what_no_entry_answers_is_never_sure(asked: str) -> None:
    assert not any(hit.sure for hit in FAQ.find(asked))


def test_a_bare_question_is_offered_but_never_sure() -> None:
    """怎么清洗 alone may be about anything; it may lead to the shoes, but is not answered by them."""
    first = SHELF.find("怎么清洗")[0]
    assert (first.key, first.near, first.sure) == ("shoes", True, False)


def test_half_and_full_width_case_and_filler_make_no_difference() -> None:
    assert FAQ.find("ih是什么意思")[0] == FAQ.find("亲，请问一下ＩＨ是什么意思呀？")[0]


def test_a_long_question_is_cut_and_an_empty_shelf_finds_nothing() -> None:
    assert Index({}).find("水垢") == ()
    assert SHELF.find("水垢" * 10_000)[0].key == "kettle"
