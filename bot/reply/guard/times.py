"""Rules value and polarity: days, times and spans that do not fit together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from bot.reply.guard.case import Case, Reason

SPAN, BESIDE = 6, 5
TO_WORDS = frozenset({"到", "至", "-", "~", "—"})
_DAILY = re.compile(r"每天|天天|每日|全年|周末也|全周")
_WORKDAYS = re.compile(r"工作日|周一[至到]|周一-|上班的日子|上班时间")
_LATER = re.compile(r"(?:晚|迟|慢|延[后迟长期]?|推迟)(?:到|上|了|个|约)?$")
_SOONER = re.compile(r"(?:早|快|提前|提早)(?:到|上|了|个|约)?$")


def check(case: Case) -> Iterator[Reason]:
    """A weekday that is not its date's, a span without length, sooner for later, daily for weekly."""
    yield from _weekdays(case)
    yield from _ends(case)
    yield from _turned(case)
    yield from _every_day(case)


def _weekdays(case: Case) -> Iterator[Reason]:
    """A weekday beside a date is that date's, and 后天 beside one that very day."""
    if case.today is None:
        return
    for one, other in pairwise(case.draft.values):
        between = case.draft.text[one.end : other.start]
        kinds = [one.kind, other.kind]
        if not set(kinds) <= {"date", "weekday"} or kinds == ["weekday", "weekday"] or len(between) > BESIDE:
            continue
        told = (
            "(" in between or "也就是" in between or (kinds != ["date", "date"] and not between.strip(", 是"))
        )
        if told and one.keys.isdisjoint(other.keys):
            yield Reason("value", case.draft.span(one.start, other.end), "", "日期对不上")


def _ends(case: Case) -> Iterator[Reason]:
    """九点到九点 is no span of time."""
    for one, other in pairwise(case.draft.values):
        between = case.draft.text[one.end : other.start]
        if one.kind == other.kind == "time" and between in TO_WORDS and one.keys == other.keys:
            yield Reason("value", case.draft.span(one.start, other.end), "", "起止相同")


def _turned(case: Case) -> Iterator[Reason]:
    """晚两天 is not 早两天."""
    for value in case.draft.values:
        shown = [one for one in case.template.values if one.same(value)]
        if value.kind != "duration" or not shown:
            continue
        for mine, its in ((_LATER, _SOONER), (_SOONER, _LATER)):
            said = mine.search(case.draft.text, max(0, value.start - SPAN), value.start)
            if said and all(
                its.search(case.template.text, max(0, one.start - SPAN), one.start) for one in shown
            ):
                yield Reason("polarity", case.draft.span(said.start(), value.end), "", "早晚说反了")
                return


def _every_day(case: Case) -> Iterator[Reason]:
    """工作日 is not 每天."""
    said = _DAILY.search(case.draft.text)
    workdays = any("工作日" in one.keys for one in case.template.values if one.kind == "period")
    if workdays and said and not _DAILY.search(case.template.text) and not _WORKDAYS.search(case.draft.text):
        yield Reason("value", case.draft.span(*said.span()), "工作日", "模板只说工作日")
