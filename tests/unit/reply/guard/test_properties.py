"""The guard never raises, gives the same verdict twice, and takes nothing back because a fact is added."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.reply.guard.judge import judge
from tests.unit.reply.guard.judging import own_cases, styles

PIECES = [
    "11月23日",
    "¥1,299",
    "三天",
    "不",
    "已发货",
    "退款",
    "您",
    "，",
    "。",
    "【",
    "{",
    "😊",
    "一点",
    "％",
    "周",
    "\u200b",
    "中通",
    "99999999999999999999",
    "比",
    "(",
    "承担",
    "0",
    "/",
    "-",
    "到",
    "尾号",
]
TEXTS = st.one_of(st.text(max_size=40), st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXTS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
FIELDS = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(("id", "mood", "shopper", "template", "facts", "today", "style", "draft"), JSON),
)
PASSING = [case for case in own_cases() if case.get("expect", {}).get("ok")][::7]
EXTRA = st.dictionaries(
    st.sampled_from(["remark", "level", "count", "extra", "tags", "note", "weight", "source"]),
    JSON,
    min_size=1,
    max_size=3,
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(FIELDS, JSON))
def test_no_input_makes_the_guard_raise(case: Any) -> None:
    """Any JSON is answered with a verdict of the agreed shape."""
    verdict = judge(case, styles())
    assert set(verdict) == {"id", "ok", "reasons"}
    assert verdict["ok"] == (not verdict["reasons"])


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS, TEXTS)
def test_any_two_texts_are_read(template: str, draft: str) -> None:
    """Readers stand whatever stands in a text: a refusal is never a crash inside."""
    verdict = judge({"template": template, "draft": draft}, styles())
    assert not [reason for reason in verdict["reasons"] if reason["why"].startswith("读不了")]


@settings(max_examples=120, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(PASSING), EXTRA)
def test_a_fact_more_never_refuses_a_draft(case: dict[str, Any], extra: dict[str, Any]) -> None:
    """Accepting is monotone in facts: what was fine without a fact is fine with it."""
    if judge(case, styles())["ok"]:
        assert judge({**case, "facts": {**(case.get("facts") or {}), **extra}}, styles())["ok"]


def test_the_same_case_gets_the_same_verdict() -> None:
    """A pure function of data: order of judging and earlier cases make no difference."""
    cases = own_cases()[::11]
    first = [judge(case, styles()) for case in cases]
    assert [judge(case, styles()) for case in reversed(cases)][::-1] == first
