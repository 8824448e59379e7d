"""Words of the shop are heard through characters of the same sound, and what is a word stays one."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import BadInput
from bot.nlu.homophones import load
from bot.nlu.noise import slip

HEARD = load(Path(__file__).parents[3] / "data" / "lexicon")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("怎么还不发或", "怎么还不发货"),
        ("我要退宽", "我要退款"),
        ("选什么尺玛", "选什么尺码"),
        ("有没有犹费", "有没有邮费"),
        ("取肖丁单", "取消订单"),
        ("转仁工刻服", "转人工客服"),
        ("申情陪常", "申请赔偿"),
    ],
)
def test_what_sounds_like_a_word_and_is_none_is_that_word(typed: str, meant: str) -> None:
    """One character or all of them may be others."""
    assert HEARD.correct(typed) == meant


@pytest.mark.parametrize(
    "text",
    [
        "退或换都行",
        "今天发或者明天发",
        "推荐一款",
        "报价多少",
        "克服困难",
        "定金退吗",
        "白的太透了",
        "发什么快递",
        "",
        "abc 123",
        "腿又粗了",
    ],
)
def test_what_is_right_as_it_stands_is_left(text: str) -> None:
    """Other words, parts of longer words, and characters that only happen to follow one another."""
    assert HEARD.correct(text) == text


def test_a_folder_without_sounds_hears_nothing(tmp_path: Path) -> None:
    """The file is optional; an unknown key in it is refused by name."""
    assert load(tmp_path).correct("退宽") == "退宽"
    other = tmp_path / "other"
    other.mkdir()
    (other / "sounds.yml").write_text("sound: {}\n", encoding="utf-8")
    with pytest.raises(BadInput, match="sound"):
        load(other)


def test_a_slip_changes_one_place_and_is_the_same_for_the_same_text() -> None:
    """Another character of the sound, one lost, or two swapped; each of these happens."""
    kinds = set()
    for text in (f"我的快递{n}怎么还没到" for n in "一二三四五六七八九十百千"):
        wrong = slip(text, HEARD.alike)
        lost, swapped = len(wrong) == len(text) - 1, sorted(wrong) == sorted(text)
        assert lost or swapped or sum(a != b for a, b in zip(wrong, text, strict=True)) == 1
        assert slip(text, HEARD.alike) == wrong
        kinds.add("lost" if lost else "swapped" if swapped else "sound")
    assert kinds == {"lost", "swapped", "sound"}
    assert slip("呃", HEARD.alike) == "呃"
