"""Rules value, unit, personal: a draft's values stand in facts or template, or echo the shopper."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator
from datetime import date, timedelta

from bot.reply.guard.case import Case, Reason
from bot.reply.guard.echo import echoed, is_own, promises
from bot.reply.guard.equality import from_number, honest
from bot.reply.guard.reading import Reading, grams
from bot.reply.guard.text import Clause
from bot.reply.guard.values import Value

FEW, MANY, NEAR, BESIDE = 3, 5, 6, 5
LISTING = frozenset("种款样项笔单")
_WAYS = re.compile(
    r"办法|方法|方案|件?事|时段|档|字|样|条(?:路|都)|条|处|地方|步骤|点|方面|部分|码|尺码|尺寸|选一|选择|方式|途径|颜色|步骤|情况|条件|原因|要点|都|均|全|选项|款式|尺码|建议|时间段"
)
"""What one may count oneself: 有两个办法."""
_UP_TO = re.compile(r"最高|最多|至多|不超过|以内|封顶|上限|内|以下|低于|左右")
_UNREACHED = re.compile(r"未满|不满|不足|未达|没满|不到|否则|其他|其余|以下")
_NOT_SO = re.compile(r"不是|没有|并非|不算")
_SUPPOSED = re.compile(r"时$|的时候|的话|如果|要是|万一")
_LEFT = re.compile(r"差|少|缺|还剩|省")
_WAITS = re.compile(r"等|放|静置|晾|泡|充|冷却|间隔|过|满")
_CASHED = re.compile(r"兑现|提现|变现|套现|折现|找零|折算")
SPAN = 6
_ALL = re.compile(r"全部|整|全[额单]")
_AGAIN = re.compile(r"重复|再次|二次|又")
_CASH = re.compile(r"兑现|提现|变现|折现")
PERIODS: dict[Hashable, Callable[[date, date], bool]] = {
    "年底": lambda day, today: day.year == today.year and day.month == 12,
    "年初": lambda day, today: day.month == 1,
    "月底": lambda day, today: day.day >= 25,
    "月初": lambda day, today: day.day <= 7,
    "本周": lambda day, today: day.isocalendar()[:2] == today.isocalendar()[:2],
    "下周": lambda day, today: day.isocalendar()[:2] == (today + timedelta(days=7)).isocalendar()[:2],
    "周末": lambda day, today: day.weekday() > 4,
    "本周末": lambda day, today: day.weekday() > 4 and 0 <= (day - today).days < 7,
}
"""Parts of the year, month and week: whether a day lies in them."""
TENS = 9
MONTH = 30
PRIVATE = frozenset({"phone", "email", "identity"})
AGAINST = {
    ("within", "after"), ("within", "least"), ("within", "more"), ("less", "least"), ("less", "more"),
    ("less", "after"), ("more", "less"), ("least", "about"), ("more", "about"), ("after", ""),
}  # fmt: skip
WITH_UNIT = frozenset({"duration", "measure", "money", "count", "off", "percent"})
BOUNDED = frozenset({"date", "time", "duration", "money", "measure", "count", "number", "weekday", "percent"})
PAIRS = frozenset(AGAINST | {(b, a) for a, b in AGAINST})
_LOOK_AGAIN = re.compile(r"再(?:来|去)?(?:看|查|瞧|留意|试)")
DAY_TALK = re.compile(
    r"祝.*(?:愉快|开心|心情|顺利|快乐|安康|健康|平安|幸福)|光临|感谢您?.*(?:咨询|支持|惠顾)"
)


def check(case: Case) -> Iterator[Reason]:
    """Every value of the draft that nothing supports."""
    for value in case.draft.values:
        if value.article:
            yield from _each(case, value)
            continue
        if _is_small_talk(case, value) or _is_said_by_date(case, value):
            continue
        yield from _check(case, value)


def _is_gloss(case: Case, value: Value) -> bool:
    """一个月里(30天): beside the exact value in brackets, or the shopper's own day: 到今天第六天了."""
    text = case.draft.text
    for other in case.draft.values:
        between = text[value.end : other.start] if other.start >= value.end else text[other.end : value.start]
        apart = max(other.start - value.end, value.start - other.end)
        if other.kind == value.kind and 0 < apart <= BESIDE and "(" in between and _is_about(value, other):
            return any(honest(other, one, case.words) for one in case.template.values)
    return False


def _is_about(value: Value, other: Value) -> bool:
    """A month is about thirty days."""
    days = {round(key[1] / 1440) for key in other.keys if isinstance(key, tuple) and key[0] == "min"}
    months = {key[1] for key in value.keys if isinstance(key, tuple) and key[0] == "month"}
    return any(abs(day - month * MONTH) <= month for day in days for month in months)


def _is_now(case: Case, value: Value) -> bool:
    """到今天第六天了: where nothing of the shop is told, today is only the day of speaking."""
    number = case.draft.clause_at(value.start)
    if value.kind == "year" and case.today:
        return (
            case.today.year in value.keys
            and "年" in case.draft.text[value.start + 1 : value.end]
            and (case.draft.text[value.start] in "今本")
        )
    if value.kind != "date" or case.today is None or value.keys != {case.today}:
        return False
    kinds = {case.words.concepts[one.concept].kind for one in case.draft.mentions if one.clause == number}
    if case.draft.text[value.end : value.end + 1] in {"起", "内", "前"}:
        return False
    return not kinds & {"stage", "act", "grant", "state"} and not promises(case, number)


def _each(case: Case, value: Value) -> Iterator[Reason]:
    """每月 is not 每年, where the template has one of them."""
    kin = [one for one in case.template.values if one.kind == value.kind == "duration" and one.article]
    if kin and not any(value.same(one) for one in case.template.values):
        expected = case.template.span(kin[0].start, kin[0].end)
        yield Reason("unit", case.draft.span(value.start, value.end), expected, "周期不同")


def _check(case: Case, value: Value) -> Iterator[Reason]:
    span = case.draft.span(value.start, value.end)
    if value.kind == "attribute" and not _is_other_attribute(case, value):
        return
    shown = [
        source
        for source in case.template.values
        if honest(value, source, case.words) and not _is_weekly(case, value, source)
    ]
    if _is_excused(case, value):
        return
    if shown:
        yield from _bound(case, value, shown)
        return
    if value.kind in PRIVATE and not _is_service_number(value):
        yield Reason("personal", span, "", "个人信息不在模板里,不能出现")
        return
    other = _other_unit(case, value)
    same_kind = other is not None and other.kind == value.kind == "measure"
    known = [
        source
        for source in case.facts.values
        if honest(value, source, case.words) and (not same_kind or source.kind == value.kind)
    ]
    if known or _counts_items(case, value) or (other is None and from_number(value, case.facts.numbers)):
        return
    if not same_kind and any(honest(value, source, case.words) for source in case.shopper.values):
        if not echoed(case, value.start) and not is_own(case, value):
            yield Reason("value", span, "您说的…", "只有买家这样说过,不能当作事实")
        return
    if other is not None:
        yield Reason("unit", span, case.template.span(other.start, other.end), "数字相同,单位不同")
    else:
        yield Reason("value", span, _nearest(case, value), "模板、资料和买家的话里都没有")


def _is_weekly(case: Case, value: Value, source: Value) -> bool:
    """每周五 is no 11月27日."""
    if value.kind != "date" or source.kind != "weekday":
        return False
    clauses = case.template.clauses
    number = case.template.clause_at(source.start)
    return "每" in case.template.text[clauses[max(0, number - 1)].start : source.start]


def _is_excused(case: Case, value: Value) -> bool:
    """What asserts no value of its own: 王强师傅, 暖白色, 一米 for 每米, a cause denied or only supposed."""
    text = case.draft.text
    match value.kind:
        case "person" if any(str(key) in case.template.text for key in value.keys):
            return True
        case "ordinal" if text[value.start] == "第" and "步" in text[value.start : value.end + 1]:
            return True
        case "spot" if "门" in text[value.start : value.end] and "上门" in case.template.text:
            return True
        case "channel" if "现金" in value.keys and _CASHED.search(case.template.text):
            return True
        case "colour" if (
            value.end - value.start > 1 and text[value.start - 1 : value.end - 1] in case.template.text
        ):
            return True
        case "channel" if "现金" in value.keys and _CASH.search(case.template.text):
            return True
        case "extent" if "整单" in value.keys and _ALL.search(case.template.text):
            return True
        case "period" if _is_period_of(case, value):
            return True
        case "role" if _is_called(text, value):
            return True
        case "cause":
            denied = _NOT_SO.search(text, max(0, value.start - SPAN), value.start)
            return denied is not None or _SUPPOSED.search(_clause_of(case, value)) is not None
    if value.raw == {2.0} and value.kind == "count" and _AGAIN.search(case.template.text):
        return True
    if value.raw == {1.0} and f"每{text[value.start + 1 : value.end]}" in case.template.text:
        return True
    return _is_rest(case, value) or _is_gloss(case, value) or _is_now(case, value)


def _is_period_of(case: Case, value: Value) -> bool:
    """年底 beside 12月31日: the part of the year, month or week in which a day of the template lies."""
    within = PERIODS.get(next(iter(value.keys)))
    days = {
        day for one in case.template.values if one.kind == "date" for day in one.keys if isinstance(day, date)
    }
    return within is not None and case.today is not None and any(within(day, case.today) for day in days)


def _is_called(text: str, value: Value) -> bool:
    """掌柜,您的订单…: the shopper called by the style's word."""
    return value.start == 0 and text[value.end : value.end + 1] in {",", "!", "~", ":", "您"}


def _is_other_attribute(case: Case, value: Value) -> bool:
    """Whether the template names some attribute that the draft does not: 型号 is not 颜色."""
    clause = case.draft.clauses[case.draft.clause_at(value.start)]
    said = grams(case.draft.text[clause.start : clause.end])
    here = {key for one in _attributes(case.draft, clause) for key in one.keys}
    for other in case.template.clauses:
        shared = grams(case.template.text[other.start : other.end]) & said
        if len(shared) * 2 >= len(said) and any(
            not one.keys & here for one in _attributes(case.template, other)
        ):
            return True
    ours = {key for value in case.draft.values if value.kind == "attribute" for key in value.keys}
    return any(value.kind == "attribute" and not value.keys & ours for value in case.template.values)


def _attributes(reading: Reading, clause: Clause) -> list[Value]:
    return [
        one for one in reading.values if one.kind == "attribute" and clause.start <= one.start < clause.end
    ]


def _is_said_by_date(case: Case, value: Value) -> bool:
    """11月28日当天 is 11月28日; a card of the bank that is named is no new channel."""
    if "银行卡" in value.keys:
        return "银行" in case.template.text
    if value.kind == "date" and any("次日" in one.keys for one in case.template.values) and case.today:
        tonight = any(case.today in one.keys for one in case.template.values)
        return tonight and case.today + timedelta(days=1) in value.keys
    if (
        "当天" in value.keys
        and case.draft.text[value.start - 1 : value.start] == "的"
        and "之日" in case.template.text
    ):
        return True
    if "当天" in value.keys and case.draft.text[value.end : value.end + 1] in {"的", "起", "算", "开"}:
        return True
    return "当天" in value.keys and any(
        0 <= value.start - one.end <= NEAR for one in case.draft.values if one.kind == "date"
    )


def _is_small_talk(case: Case, value: Value) -> bool:
    """祝您今天愉快 tells no day."""
    if value.kind not in {"date", "period", "daypart", "weekday", "relation"}:
        return False
    if value.kind == "relation" and case.draft.text[value.end : value.end + 1] in {"们", ",", "~"}:
        return True
    clause = case.draft.clauses[case.draft.clause_at(value.start)]
    text = case.draft.text[clause.start : clause.end]
    if "次日" in {key for one in case.template.values for key in one.keys} and _LOOK_AGAIN.search(text):
        return True
    return DAY_TALK.search(text) is not None


def _is_service_number(value: Value) -> bool:
    return all(str(key).startswith(("400", "800", "95")) for key in value.keys)


def _bound(case: Case, value: Value, shown: Iterable[Value]) -> Iterator[Reason]:
    """内 is not 后, 满 is not 不足: where the template limits a value, the draft limits it the same way."""
    bounds = {source.bound for source in shown}
    if value.kind == "money" and bounds == {"least"} and not value.bound and "起" not in case.draft.text:
        yield Reason("value", case.draft.span(value.start, value.end), "起", "模板里是起价")
    if (
        value.kind == "money"
        and bounds == {"within"}
        and not value.bound
        and not _UP_TO.search(_clause_of(case, value))
    ):
        yield Reason("value", case.draft.span(value.start, value.end), "最高", "模板里只是上限")
    if value.bound == "more" and all(case.template.text[one.start - 1 : one.start] == "满" for one in shown):
        yield Reason("value", case.draft.span(value.start, value.end), "满", "正好也算")
    if value.kind not in BOUNDED:
        return
    more = case.draft.text.startswith("以上", value.end) and value.kind in {"count", "measure", "duration"}
    if more and bounds == {""}:
        yield Reason("value", case.draft.span(value.start, value.end), "", "模板里没有说以上")
    if value.bound in bounds or not all((value.bound, bound) in PAIRS for bound in bounds):
        return
    if value.bound == "less" and _UNREACHED.search(case.template.text):
        return
    if {value.bound, *bounds} == {"after", ""} and not _is_deadline(case, value, shown):
        return
    expected = next(iter(sorted(bounds)))
    yield Reason(
        "value",
        case.draft.span(value.start, value.end),
        expected,
        f"范围不同:{value.bound or '恰好'}不是{expected or '恰好'}",
    )


def _is_rest(case: Case, value: Value) -> bool:
    """还差4件, where the template has 6件 and 10件."""
    if value.kind not in {"count", "money"} or not _LEFT.search(
        case.draft.text, max(0, value.start - SPAN), value.start
    ):
        return False
    amounts = {amount for one in case.template.values if one.kind == value.kind for amount in one.raw}
    return any(abs(one - other) in value.raw for one in amounts for other in amounts if one != other)


def _clause_of(case: Case, value: Value) -> str:
    clause = case.draft.clauses[case.draft.clause_at(value.start)]
    return case.draft.text[clause.start : clause.end]


def _is_deadline(case: Case, value: Value, shown: Iterable[Value]) -> bool:
    """付定金50元后 puts no limit on the amount, and 等48小时 is over 48小时后."""
    if value.kind in {"money", "count", "measure"}:
        return False
    places = [(case.draft.text, value.start), *((case.template.text, one.start) for one in shown)]
    if any(re.match(r"[^,。;]{0,4}(?:再|即可|就|才)|,再", case.template.text[one.end :]) for one in shown):
        return False
    if re.match(r"[^。;]{0,10}(?:再|然后|才|之后|以后)", case.draft.text[value.end :]):
        return False
    return not any(_WAITS.search(text, max(0, at - SPAN), at) for text, at in places)


def _counts_items(case: Case, value: Value) -> bool:
    """两笔订单, where the facts list two or the template names two."""
    if value.kind != "count" or not value.raw:
        return False
    amount = next(iter(value.raw))
    units = {key[1] for key in value.keys if isinstance(key, tuple)}
    if (
        amount <= TENS
        and units & {"字", "个字"}
        and case.draft.text[value.start - 1 : value.start] in {'"', "”", "」"}
    ):
        return True
    if amount <= FEW and units & {"样", "者", "种", "条", "处", "步", "头", "字", "个字"}:
        return True
    if amount <= FEW and _WAYS.match(case.draft.text, value.end):
        return True
    if amount in case.facts.sizes or case.draft.text.startswith("之间", value.end):
        return True
    listed = Counter(kind for kind, _ in {(source.kind, source.keys) for source in case.template.values})
    kinds = {key[1] for key in value.keys if isinstance(key, tuple)} & LISTING
    return bool(kinds) and 1 < amount <= MANY and amount in listed.values()


def _other_unit(case: Case, value: Value) -> Value | None:
    for source in case.template.values:
        if source.kind in WITH_UNIT and not source.raw.isdisjoint(value.raw):
            return source
    return None


def _nearest(case: Case, value: Value) -> str:
    same = [source for source in case.template.values if source.kind == value.kind]
    return case.template.span(same[0].start, same[0].end) if len(same) == 1 else ""
