"""Rule unit: 每次2粒 is not 每日2粒, 每满300减50 is not 满300减50."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.reply.guard.case import Case, Reason
from bot.reply.guard.equality import honest
from bot.reply.guard.values import Value

_UNITS = "|".join(
    (
        "小时", "自然日", "工作日", "个月", "季度", "订单", "平米", "平方米", "公斤",
        "千克", "满", "次", "日", "天", "人", "位", "件", "单",
        "笔", "月", "年", "周", "晚", "餐", "顿", "本", "盒",
        "户", "层", "米", "斤", "条", "张", "份", "套", "台",
        "块", "瓶", "袋", "罐", "克", "升", "片", "粒", "颗",
        "箱", "间", "只", "双", "个(?!人|周|星期|礼拜|月|工作日|自然日|季)", "个人",
    )
)  # fmt: skip
_SUM = re.compile(r"一次性|固定收|统一收|共|总|合计|全部|整个|一口价")
_EACH = re.compile(rf"(?:每|(?<=[元块角分])/|按)一?(?P<unit>{_UNITS})(?!个)")
NEAR = 8
_SAME = (
    ("日", "天", "自然日", "晚"), ("次", "顿", "餐"), ("人", "位", "户", "个人"), ("单", "笔", "订单", "次"),
    ("件", "个", "款", "只", "套", "台"),
    ("月", "个月"), ("公斤", "千克"), ("平米", "平方米"), ("条", "件"), ("张", "个"), ("盒", "件"),
)  # fmt: skip


def _totals(case: Case) -> Iterator[Reason]:
    """每米80元 is not 80元: what a value is counted by stays beside it."""
    for match in _EACH.finditer(case.template.text):
        beside = [one for one in case.template.values if not one.article
                and (0 <= one.start - match.end() <= NEAR or match.start() - one.end in {0, -1})]  # fmt: skip
        own = [one for one in beside[:1] if one.kind in {"money", "count"}]
        if not own or match["unit"] == "满" or _is_total(case, own[0]):
            continue
        alike = _alike(match["unit"])
        for value in case.draft.values:
            if not honest(value, own[0], case.words) or value.kind != own[0].kind:
                continue
            number = case.draft.clause_at(value.start)
            near = case.draft.clauses[max(0, number - 1) : number + 1]
            said = case.draft.text[near[0].start : near[-1].end]
            if _SUM.search(said) and not any(
                re.search(rf"[每一1单各/按逐两2]\s?个?{unit}", said) for unit in alike
            ):
                yield Reason("unit", case.draft.span(value.start, value.end), match.group(), "模板是每…的数")
                return


def _is_total(case: Case, each: Value) -> bool:
    """每层15元, …共15元: the same amount is that of all, too."""
    return any(
        one is not each and honest(one, each, case.words)
        and _SUM.search(case.template.text, max(0, one.start - NEAR), one.start)
        for one in case.template.values
    )  # fmt: skip


def _alike(unit: str) -> set[str]:
    return {unit}.union(*(group for group in _SAME if unit in group))


def check(case: Case) -> Iterator[Reason]:
    """What is said of each, where the template says it of another, or of none."""
    yield from _totals(case)
    theirs = {match["unit"] for match in _EACH.finditer(case.template.text)}
    for match in _EACH.finditer(case.draft.text):
        alike = _alike(match["unit"])
        if alike & theirs or not (theirs or match["unit"] == "满"):
            continue
        if "天" in alike and any(one.kind == "daypart" for one in case.template.values):
            continue
        if not any(re.search(rf"[一1单各/按逐]个?{unit}", case.template.text) for unit in alike):
            yield Reason("unit", case.draft.span(*match.span()), "", "不是按这个算的")
            return
