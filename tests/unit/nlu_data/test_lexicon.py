"""The lexicon's files: their form, and that they leave right words alone."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.nlu.mood import Mood, load

LEXICON = Path(__file__).parents[3] / "data" / "lexicon"


def _yaml(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((LEXICON / name).read_text(encoding="utf-8"))
    return loaded


def test_words_are_a_jieba_user_dictionary_without_repeats() -> None:
    """A line is `word frequency tag`; jieba takes anything else for a word and says nothing."""
    lines = (LEXICON / "words.txt").read_text(encoding="utf-8").splitlines()
    assert not [line for line in lines if not re.fullmatch(r"\S+ \d+ [a-z]+", line)]
    assert not [word for word, n in Counter(line.split()[0] for line in lines).items() if n > 1]


def test_synonyms_lead_to_one_normal_form() -> None:
    """A spoken form under two normal forms would make the value depend on the order of the file."""
    for entity, forms in _yaml("synonyms.yml").items():
        spoken = Counter(word for normal, words in forms.items() for word in {normal, *words})
        assert not [f"{entity}: {word}" for word, times in spoken.items() if times > 1]


def test_synonyms_are_entities_of_the_domain() -> None:
    """A name that the domain does not know is an entity that no slot takes."""
    domain = yaml.safe_load((LEXICON.parents[1] / "domain.yml").read_text(encoding="utf-8"))
    assert set(_yaml("synonyms.yml")) <= set(domain["entities"])


def test_a_typo_is_never_its_own_correction() -> None:
    """Corrections run once: a right form that is itself listed as a typo would be half corrected."""
    typos = _yaml("typos.yml")
    assert not [wrong for wrong, right in typos.items() if wrong == right or right in typos]
    assert all(isinstance(word, str) for pair in typos.items() for word in pair)


@pytest.mark.parametrize(
    "text",
    [
        "今天能发货吗",
        "七天无理由怎么退",
        "我的快递到哪了",
        "投诉电话多少",
        "什么时候退款",
        "保温杯保温多久",
        "谢谢 辛苦了",
        "怎么申请退货",
        "质量怎么样",
        "转人工",
        "亲 我妈的账号怎么退出来",
        "有几个usb口",
        "订单20261231500012到哪了",
        "真皮吗 别是骗人的",
        "什么破壁机好用",
    ],
)
def test_calm_messages_stay_calm(text: str) -> None:
    """Most shoppers are calm, also when they ask for their money."""
    assert load(LEXICON).of(text) is Mood.CALM


@pytest.mark.parametrize(
    "text",
    [
        "什么垃圾质量",
        "你们这是欺骗消费者",
        "再不退款我就打12315",
        "到底发不发货！！！拖了一个星期",
        "呵呵 这就是大店",
        "凭什么不给退",
    ],
)
def test_reproach_sarcasm_threat_and_insult_are_angry(text: str) -> None:
    """Rule 16: these four, whatever is asked beside them."""
    assert load(LEXICON).of(text) is Mood.ANGRY


@pytest.mark.parametrize("text", ["订单变成已关闭 怎么回事", "待成团是什么意思", "这个满减我看不懂"])
def test_not_understanding_ones_own_case_is_confused(text: str) -> None:
    """Rule 16: 怎么回事, 什么意思, 看不懂 about one's own case."""
    assert load(LEXICON).of(text) is Mood.CONFUSED
