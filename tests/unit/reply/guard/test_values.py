"""What is an honest rewriting of a value, and what is another value."""

from __future__ import annotations

from datetime import date

import pytest

from bot.reply.guard.equality import honest
from bot.reply.guard.text import fold
from bot.reply.guard.values import Value, read
from bot.reply.guard.vocabulary import read_vocabulary

WORDS = read_vocabulary()
TODAY = date(2026, 11, 21)


def values(text: str, today: date | None = TODAY) -> list[Value]:
    return [value for value in read(fold(text).text, WORDS, today) if not value.article]


def equal(one: str, other: str) -> bool:
    """Whether every value of one text is an honest form of a value of the other, and there are any."""
    mine, its = values(one), values(other)
    return bool(mine) and all(any(honest(value, source, WORDS) for source in its) for value in mine)


@pytest.mark.parametrize(
    ("draft", "source"),
    [
        ("¥1,299", "1299.00元"),
        ("一千二百九十九元", "1299元"),
        ("1299块", "1299.00元"),
        ("1.3万元", "13000元"),
        ("156块4", "156.40元"),
        ("五毛钱", "0.5元"),
        ("11月23日", "2026-11-23"),
        ("23号", "2026-11-23"),
        ("后天", "2026-11-23"),
        ("下周一", "11月23日"),
        ("后天", "2026-11-23T18:00:00+08:00"),
        ("下个月3号", "2026年12月3日"),
        ("下午一点", "13:00"),
        ("明儿", "11月22日"),
        ("双11", "11月11日"),
        ("618", "6月18日"),
        ("清晨六点一刻", "06:15"),
        ("晚上8点半", "20:30"),
        ("三天", "72小时"),
        ("一周", "7天"),
        ("30分钟", "半小时"),
        ("两个半小时", "2小时30分"),
        ("两年", "24个月"),
        ("优惠20%", "8折"),
        ("八五折", "85折"),
        ("半价", "五折"),
        ("百分之二十", "20%"),
        ("两件", "2件"),
        ("2个", "两件"),
        ("1000克", "1kg"),
        ("2斤", "1公斤"),
        ("1.75米", "175cm"),
        ("一米八五", "185厘米"),
        ("XXL码", "2XL"),
        ("尾号0001", "20261118000001"),
        ("顺丰", "顺丰速运"),
        ("杭州", "杭州"),
        ("１２９元", "129元"),
        ("满200减20", "满200元减20元"),
    ],
)
def test_the_same_value_written_otherwise_is_honest(draft: str, source: str) -> None:
    """Signs, numerals, units, calendars and widths may change as long as the value stays."""
    assert equal(draft, source)


@pytest.mark.parametrize(
    ("draft", "source"),
    [
        ("129元", "1299元"),
        ("订单G2191已付款", "订单G2091已付款"),
        ("8.2.1版本", "8.2.0版本"),
        ("三天", "3个工作日"),
        ("优惠85%", "85折"),
        ("30天", "1个月"),
        ("24日", "2026-11-23"),
        ("明天", "2026-11-23"),
        ("本周一", "11月23日"),
        ("618元", "6月18日"),
        ("凌晨一点", "13:00"),
        ("7小时", "7天"),
        ("3盒", "3件"),
        ("500克", "500ml"),
        ("1.85米", "175cm"),
        ("尾号0002", "20261118000001"),
        ("中通", "顺丰速运"),
        ("苏州", "杭州"),
        ("红色", "蓝色"),
        ("XL码", "XXL码"),
    ],
)
def test_another_value_is_never_honest(draft: str, source: str) -> None:
    """A working day is no day, a discount is not what is left to pay, a month is not thirty days."""
    assert not equal(draft, source)


@pytest.mark.parametrize(
    "text",
    ["稍等一下", "我们一起看看", "一直在", "十分抱歉", "第一时间", "千万别急", "有一点松", "万一不合适"],
)
def test_a_numeral_in_an_idiom_is_no_value(text: str) -> None:
    """一下 counts nothing."""
    assert values(text) == []


def test_days_keep_their_meaning_without_a_known_today() -> None:
    """Relative days then match only themselves; dates still match dates."""
    mine, its = values("明天", None), values("明天", None)
    assert honest(mine[0], its[0], WORDS)
    assert not honest(values("明天", None)[0], values("2026-11-22", None)[0], WORDS)
    assert honest(values("11月22日", None)[0], values("2026-11-22", None)[0], WORDS)
