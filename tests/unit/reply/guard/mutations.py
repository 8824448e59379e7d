"""One wrong thing put into a draft that passes: a digit, a day, a unit, a carrier, a status, a negation.

Every mutant differs from its draft in meaning by construction: numbers are changed, not written otherwise,
and nothing is put in that the sources have.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

Mutant = tuple[str, str]
"""(kind, draft)."""

UNITS = [
    ("个工作日", "天"), ("小时", "天"), ("分钟", "小时"), ("天", "小时"), ("个月", "天"),
    ("kg", "g"), ("公斤", "斤"), ("cm", "mm"), ("厘米", "毫米"), ("ml", "l"), ("元", "角"),
    ("克", "公斤"), ("毫升", "升"),
]  # fmt: skip
CARRIERS = ["顺丰", "中通", "圆通", "申通", "韵达", "极兔", "德邦", "京东", "邮政"]
STATUSES = [
    ("已发货", "待发货"), ("待发货", "已发货"), ("还没发货", "已经发货"), ("已签收", "派送中"),
    ("已经签收", "正在派送"), ("派送中", "已签收"), ("正在派送", "已签收"), ("待付款", "已付款"),
    ("已付款", "待付款"), ("运输中", "已签收"), ("审核中", "审核通过"), ("处理中", "已完成"),
    ("已取消", "未取消"), ("有货", "缺货"), ("缺货", "有货"), ("已退款", "待退款"),
    ("已到账", "未到账"), ("已揽收", "待揽收"), ("已发出", "未发出"),
]  # fmt: skip
NEGATIONS = [
    ("不支持", "支持"), ("不能", "能"), ("不可以", "可以"), ("无法", "可以"), ("不需要", "需要"),
    ("不用", "需要"), ("无需", "需要"), ("支持", "不支持"), ("可以退", "不可以退"),
    ("可以换", "不可以换"), ("可以申请", "不可以申请"), ("可以取消", "不可以取消"),
    ("可以修改", "不可以修改"), ("包邮", "不包邮"), ("不包邮", "包邮"), ("包含", "不包含"),
    ("免费", "收费"), ("可以叠加", "不可以叠加"),
]  # fmt: skip
DIGIT = re.compile(r"(?<![A-Za-z])\d")
DAY = re.compile(r"(?P<m>\d{1,2})月(?P<d>\d{1,2})(?=日|号)")
WEEKDAY = re.compile(r"(?<=周)[一二三四五六日](?![次个边到至])")
WORD_NUMBER = re.compile(r"[两三四五六七八九](?=天|个工作日|小时|个月|件|折|点|元|块)")


def mutants(draft: str, sources: str) -> Iterator[Mutant]:
    """Every mutant of a draft; `sources` is all that template, facts and shopper say."""
    yield from _digits(draft, sources)
    yield from _days(draft, sources)
    yield from _words(draft, sources)
    for kind, table in (("unit", UNITS), ("status", STATUSES), ("negation", NEGATIONS)):
        yield from _table(kind, draft, sources, table)
    for carrier in CARRIERS:
        if carrier in draft:
            other = next(name for name in CARRIERS if name not in sources and name != carrier)
            yield "carrier", draft.replace(carrier, other)


def _digits(draft: str, sources: str) -> Iterator[Mutant]:
    for match in DIGIT.finditer(draft):
        at = match.start()
        for step in (1, 3, 7):
            digit = str((int(draft[at]) + step) % 10)
            run = _run(draft, at)
            changed = draft[:at] + digit + draft[at + 1 :]
            if _run(changed, at) not in sources and not _same_number(run, _run(changed, at)):
                yield "digit", changed


def _run(text: str, at: int) -> str:
    start = at
    while start and text[start - 1] in "0123456789.":
        start -= 1
    end = at
    while end < len(text) and text[end] in "0123456789.":
        end += 1
    return text[start:end].strip(".")


def _same_number(one: str, other: str) -> bool:
    try:
        return float(one) == float(other)
    except ValueError:
        return False


def _days(draft: str, sources: str) -> Iterator[Mutant]:
    for match in DAY.finditer(draft):
        day = int(match["d"]) % 27 + 1
        text = f"{match['m']}月{day}"
        if text not in sources and f"{day}号" not in sources and f"-{day:02d}" not in sources:
            yield "date", draft[: match.start()] + text + draft[match.end() :]
    for match in WEEKDAY.finditer(draft):
        other = "一二三四五六日"[("一二三四五六日".index(match.group()) + 3) % 7]
        if f"周{other}" not in sources and f"期{other}" not in sources:
            yield "date", draft[: match.start()] + other + draft[match.end() :]


def _words(draft: str, sources: str) -> Iterator[Mutant]:
    for match in WORD_NUMBER.finditer(draft):
        other = "四五六七八九三四"["两三四五六七八九".index(match.group())]
        after = draft[match.end() : match.end() + 1]
        if other + after not in sources:
            yield "digit", draft[: match.start()] + other + draft[match.end() :]


def _table(kind: str, draft: str, sources: str, table: list[tuple[str, str]]) -> Iterator[Mutant]:
    for was, is_ in table:
        for match in re.finditer(re.escape(was), draft):
            if kind == "unit" and not re.search(r"[\d一二两三四五六七八九十半]\s*$", draft[: match.start()]):
                continue
            if kind == "unit" and (
                _keeps(draft, match, is_) or re.search(r"(?<![\d.])0$", draft[: match.start()])
            ):
                continue
            if is_ == "天" and draft[match.start() - 1 : match.start()] == "半":
                continue  # 等了半天 only means long
            if kind == "negation" and _is_no_negation(draft, match):
                continue
            yield kind, draft[: match.start()] + is_ + draft[match.end() :]


def _is_no_negation(draft: str, match: re.Match[str]) -> bool:
    """能不能, 没法支持 and 不用着急 would only become ungrammatical or polite."""
    before, after = draft[: match.start()], draft[match.end() :]
    return bool(
        re.search(r"(?:[不没未非否是能会可]|没法|无法)$", before) or re.match(r"着急|慌|客气|担心|谢", after)
    )


def _keeps(draft: str, match: re.Match[str], unit: str) -> bool:
    """Whether the longer unit around is another one: 个工作日 has 天 nowhere, 元 stands in 单元."""
    return draft[match.end() : match.end() + len(unit)] == unit
