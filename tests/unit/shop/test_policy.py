"""The shop's rules: read strictly, filled from the demo policy, asked by typed helpers."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from bot.errors import BadInput
from bot.shop.codes import Payer, Reason
from bot.shop.policy import default_policy, dump_policy, load_policy

CHINA = timezone(timedelta(hours=8))


def test_the_demo_policy_survives_a_trip_through_json():
    """dump -> JSON -> load gives the same policy, with every key written."""
    text = json.dumps(dump_policy(default_policy()), ensure_ascii=False)
    assert load_policy(json.loads(text)) == default_policy()


def test_a_key_that_is_not_given_falls_back_to_the_demo_policy():
    """Sections are filled in key by key."""
    policy = load_policy({"returns": {"window": "15d"}, "shop": {"name": "另一家店"}})
    assert policy.returns.window == "15d"
    assert policy.returns.inspect == default_policy().returns.inspect
    assert policy.shop.weekdays == default_policy().shop.weekdays


def test_a_table_is_taken_whole():
    """A shop that repairs two kinds of goods does not inherit the demo shop's other kinds."""
    assert load_policy({"warranty": {"by_category": {"手表": "365d"}}}).warranty.by_category == {
        "手表": "365d"
    }


def test_a_base_of_ones_own_is_filled_from_instead():
    """`base` replaces the demo policy as the source of what is not given."""
    base = load_policy({"freight": {"base": 1000}})
    assert load_policy({"freight": {"free_over": 0}}, base).freight.base == 1000


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"retruns": {}}, "retruns:没有这一项(您是不是想写 returns?)"),
        ({"freight": {"base": 8.0}}, "freight.base:应为 0 或更大的整数(单位是分),却是 8.0"),
        ({"freight": {"base": True}}, "freight.base:应为 0 或更大的整数"),
        ({"freight": 8}, "freight:应为对象,却是 8"),
        ({"returns": {"window": "a week"}}, "returns.window:应为时长"),
        ({"shop": {"weekdays": {"begins": 540}}}, "shop.weekdays.begins:应为钟点"),
        ({"payment": {"ways": ["alipay", "btc"]}}, "payment.ways[1]:应为以下之一:alipay、"),
        ({"returns": {"freight": {"whim": "shop"}}}, "returns.freight.whim:应为以下之一:no_reason"),
        ({"delivery": {"days": [5, 3]}}, "delivery.days:应为从小到大的两个数 [最小, 最大],却是 [5, 3]"),
    ],
)
def test_a_wrong_key_or_value_is_refused_by_its_path(given: dict[str, object], named: str):
    """What was expected, and what came, at which path."""
    with pytest.raises(BadInput) as refused:
        load_policy(given)
    assert named in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_file_that_is_not_yaml_is_refused_in_one_line(tmp_path: Path):
    """A parser's three-line complaint becomes one line with the file's name."""
    broken = tmp_path / "policy.yml"
    broken.write_text("shop: [", encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        load_policy(broken)
    assert str(refused.value).startswith(str(broken))
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("total", "province", "fee"),
    [
        (9899, "浙江省", 800),
        (9900, "浙江省", 0),
        (9900, "新疆维吾尔自治区", 1800),
        (29900, "新疆维吾尔自治区", 0),
        (100, "", 800),
        (99999, "台湾省", None),
    ],
)
def test_freight_follows_total_and_province(total: int, province: str, fee: int | None):
    """Free from the threshold on, dearer in remote provinces, None where the shop does not send."""
    assert default_policy().freight.fee(total, province) == fee


def test_days_on_the_way_follow_the_first_area_that_names_the_province():
    """A province in no area takes the usual days."""
    delivery = default_policy().delivery
    assert delivery.days_to("浙江省") == (1, 2)
    assert delivery.days_to("四川省") == delivery.days


@pytest.mark.parametrize(
    ("now", "back"),
    [
        (datetime(2026, 11, 23, 10, 0, tzinfo=CHINA), datetime(2026, 11, 23, 10, 0, tzinfo=CHINA)),
        (datetime(2026, 11, 23, 7, 0, tzinfo=CHINA), datetime(2026, 11, 23, 9, 0, tzinfo=CHINA)),
        (datetime(2026, 11, 20, 23, 0, tzinfo=CHINA), datetime(2026, 11, 21, 10, 0, tzinfo=CHINA)),
        (datetime(2027, 2, 3, 22, 0, tzinfo=CHINA), datetime(2027, 2, 11, 9, 0, tzinfo=CHINA)),
    ],
)
def test_agents_are_back_at_the_next_opening(now: datetime, back: datetime):
    """Hours differ at weekends, and nobody answers on a holiday without agents."""
    assert default_policy().shop.agents_next(now) == back


def test_the_shop_pays_the_freight_of_its_own_faults():
    """A reason that the policy does not name is the shop's."""
    policy = load_policy({"returns": {"freight": {"no_reason": "shopper"}}})
    assert policy.returns.payer(Reason.NO_REASON) is Payer.SHOPPER
    assert policy.returns.payer(Reason.QUALITY) is Payer.SHOP


def test_every_exception_of_the_seven_days_gives_a_reason():
    """A refusal is never without its because."""
    returns = default_policy().returns
    assert returns.exception("零食") is not None
    assert returns.exception("服装") is None
    assert all(e.because for e in returns.exceptions)
