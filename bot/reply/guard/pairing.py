"""Rule swap: values said in one breath, both sides of a change, times with their events."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations, pairwise

from bot.reply.guard.case import Case, Reason
from bot.reply.guard.denials import clause_texts, is_sorry
from bot.reply.guard.equality import honest
from bot.reply.guard.reading import Reading, grams
from bot.reply.guard.values import Value

NEXT = 3
"""How many characters beside 比 name what is compared."""
AROUND = 2
_FIGURE = re.compile(r"[\d.]")
EMPTY = frozenset("的了是在您我们就也都请")
TIMED = frozenset({"date", "time", "duration"})
EVENTS = frozenset({"stage", "act"})
COUPLED = frozenset(
    {"date", "time", "money", "count", "number", "percent", "off", "duration", "measure", "size", "grade"}
)
BREATH = 6
FEW = 4
PARTS = ("定金", "尾款")
"""Both are paid, one before the other."""
HELD = frozenset({"date", "time", "money", "duration", "percent", "off"})
PLAIN = frozenset({"number", "money"})
NAME = 5
_PAUSE = re.compile(r"[,。;:、!?~\n()]|和|或|到|至|-")
_INTO = re.compile(
    r"换成|换为|换到|改成|改为|改到|升级?到|升级?成|升级?为|降到|变成|变为|调到|调整为|调整到|挪到|推到|延到|延期到|提前到|推迟到|发往|寄往|运往|送往|飞往|开往|发至|寄至|运至|转至|(?<=从[㐀-鿿]{2})到|(?<=从[㐀-鿿]{3})到|(?<=色)换(?=.{0,2}色)"
)
_UP = re.compile(r"[晚迟慢贵重高厚长宽深大]了?$|多[收付加出]?了?$|推迟|延后|延迟|延长|上涨|涨了?$|增加|加收")
_DOWN = re.compile(r"[早快轻低薄短窄浅小]了?$|少[收付]?了?$|便宜|提前|缩短|下降|降了?$|减少|减收|立减|减$")
_ANY = re.compile(r"都(?:行|可以|能|可|支持|没问题|OK|ok|好)|均可|皆可|随便|任选|不限")
_THAN = re.compile(r"比(?![如方较喻例亚赛])")


def check(case: Case) -> Iterator[Reason]:
    """What has been coupled, turned round or put with another event."""
    yield from _compared(case)
    yield from _coupled(case)
    yield from _turned_round(case)
    yield from _renamed(case)
    yield from _other_event(case)
    yield from _reversed(case)
    yield from _exchanged(case)
    yield from _other_way(case)
    yield from _other_pole(case)
    yield from _both_poles(case)


def _compared(case: Case) -> Iterator[Reason]:
    """甲比乙轻 is not 乙比甲轻."""
    for mine in _THAN.finditer(case.draft.text):
        for its in _THAN.finditer(case.template.text):
            left, right = _sides(case.draft.text, mine.start())
            first, second = _sides(case.template.text, its.start())
            if len(left & second) + len(right & first) > len(left & first) + len(right & second):
                yield Reason("swap", case.draft.span(mine.start(), mine.end()), "", "比较的两边换了位置")


def _coupled(case: Case) -> Iterator[Reason]:
    """满99减10, 满199减25 is not 满99减25: values said in one breath stay together."""
    theirs = list(_couples(case.template))
    for one, other in _couples(case.draft):
        first = [pair for pair in theirs if honest(one, pair[0], case.words) and _alike(other, pair[1])]
        second = [pair for pair in theirs if honest(other, pair[1], case.words) and _alike(one, pair[0])]
        if first and second and not any(pair in second for pair in first):
            yield Reason("swap", case.draft.span(one.start, other.end), "", "这两个值不是一对")
            return


def _alike(one: Value, other: Value) -> bool:
    """199 and 199元 may be the same."""
    return one.kind == other.kind or {one.kind, other.kind} <= PLAIN


def _couples(reading: Reading) -> Iterator[tuple[Value, Value]]:
    values = [one for one in reading.values if one.kind in COUPLED and not one.article]
    for one, other in pairwise(values):
        if {one.kind, other.kind} in ({"date", "duration"}, {"time", "duration"}, {"date"}, {"time"}):
            continue
        if 0 <= other.start - one.end <= BREATH and not _PAUSE.search(reading.text, one.end, other.start):
            yield one, other


def _turned_round(case: Case) -> Iterator[Reason]:
    """灰色换成蓝色 is not 蓝色换成灰色."""
    theirs = list(_changes(case.template))
    for was, becomes in _changes(case.draft):
        for old, new in theirs:
            if (
                honest(becomes, old, case.words)
                and not honest(becomes, new, case.words)
                and was.kind == new.kind
            ):
                yield Reason("swap", case.draft.span(was.start, becomes.end), "", "换的方向反了")
                return


def _reversed(case: Case) -> Iterator[Reason]:
    """第一天旧粮占25% where the template has 新粮: an opposite between the same words."""
    text = case.draft.text
    for lexicon in (case.words.telling, case.words.relative):
        for start, end, pairs, word in lexicon.find(text):
            before, behind = text[max(0, start - AROUND) : start], text[end : end + AROUND]
            others = {pole for pair in pairs.split() for pole in pair.split("/")} - {word}
            whole = len(before) == len(behind) == AROUND
            if (
                whole
                and f"{before}{word}{behind}" not in case.template.text
                and any(f"{before}{other}{behind}" in case.template.text for other in others)
            ):
                yield Reason("polarity", case.draft.span(start, end), "", "模板里是相反的词")
                return


def _exchanged(case: Case) -> Iterator[Reason]:
    """按平时鞋码选小一码, 脚背高选正常码: what one clause says has gone to the other, and back."""
    idle = case.words.harmless.labels
    pairs = [
        frozenset(
            gram
            for gram in grams(text)
            if not set(gram) & EMPTY and gram not in idle and not _FIGURE.search(gram)
        )
        for text in clause_texts(case.template)
    ]
    own = [one - frozenset().union(*(other for other in pairs if other is not one)) for one in pairs]
    said = [
        [0] * len(own) if is_sorry(case, number, case.draft) else [len(grams(text) & one) for one in own]
        for number, text in enumerate(clause_texts(case.draft))
    ]
    for at, first in enumerate(said):
        for second in said[at + 1 :]:
            for one, other in combinations(range(len(own)), 2):
                cells = (first[one], first[other], second[one], second[other])
                if all(cells) and sum(cells) > FEW:
                    clause = case.draft.clauses[at]
                    yield Reason("swap", case.draft.span(clause.start, clause.end), "", "两句话换了内容")
                    return


def _other_way(case: Case) -> Iterator[Reason]:
    """比市区早2天, where the template has 晚2天."""
    theirs = [(one, _way(case.template, one)) for one in case.template.values]
    for value in case.draft.values:
        mine = _way(case.draft, value)
        its = {way for one, way in theirs if honest(value, one, case.words)}
        if mine and its == {-mine}:
            yield Reason("polarity", case.draft.span(value.start - 1, value.end), "", "模板里是相反的词")
            return


def _other_pole(case: Case) -> Iterator[Reason]:
    """12号付尾款 is not 12号付定金: a value stays with its side of an opposite."""
    for value in case.draft.values:
        if value.article or value.kind not in HELD:
            continue
        mine = _poles(case, case.draft, value)
        same = [one for one in case.template.values if mine and honest(value, one, case.words)]
        its = [_poles(case, case.template, one) for one in same]
        if its and all(any(pair in mine and mine[pair] != word for pair, word in one.items()) for one in its):
            yield Reason("swap", case.draft.span(value.start, value.end), "", "这个值是另一样的")
            return


def _poles(case: Case, reading: Reading, value: Value) -> dict[str, str]:
    """For each opposite the one side of it that the clause of a value names."""
    clause = reading.clauses[reading.clause_at(value.start)]
    found: dict[str, set[str]] = {}
    for _, _, pairs, word in case.words.telling.find(reading.text[clause.start : clause.end]):
        for pair in pairs.split():
            found.setdefault(pair, set()).add(word)
    found["parts"] = {part for part in PARTS if part in reading.text[clause.start : clause.end]}
    return {pair: next(iter(words)) for pair, words in found.items() if len(words) == 1}


def _both_poles(case: Case) -> Iterator[Reason]:
    """前排后排都行, where the template has 须安装在后排."""
    if not _ANY.search(case.draft.text) or _ANY.search(case.template.text):
        return
    theirs, ours = (
        {(pair, word) for _, _, pairs, word in case.words.telling.find(text) for pair in pairs.split()}
        for text in (case.template.text, case.draft.text)
    )
    for pair in {pair for pair, _ in theirs}:
        one, *more = pair.split("/")
        other = more[-1]
        if ((pair, one) in theirs) != ((pair, other) in theirs) and {(pair, one), (pair, other)} <= ours:
            yield Reason("polarity", "", pair, "模板里只有一样可以")
            return


def _way(reading: Reading, value: Value) -> int:
    """Whether a value is told to be more (1) or less (-1), later or sooner; 0 where neither is said."""
    before = reading.text[max(0, value.start - AROUND) : value.start]
    return bool(_UP.search(before)) - bool(_DOWN.search(before))


def _changes(reading: Reading) -> Iterator[tuple[Value, Value]]:
    for match in _INTO.finditer(reading.text):
        clause = reading.clauses[reading.clause_at(match.start())]
        near = [one for one in reading.clauses if one.sentence == clause.sentence]
        inside = [one for one in reading.values if near[0].start <= one.start < clause.end]
        for kind in {one.kind for one in inside}:
            before = [one for one in inside if one.kind == kind and one.end <= match.start()]
            after = [one for one in inside if one.kind == kind and one.start >= match.end()]
            if before and after:
                yield before[-1], after[0]


def _renamed(case: Case) -> Iterator[Reason]:
    """由周明改为陈小雨, where the template has 由陈小雨改为周明: words that are no values."""
    for its in _INTO.finditer(case.template.text):
        old, new = _ends(case.template, its)
        for mine in _INTO.finditer(case.draft.text):
            was, becomes = _ends(case.draft, mine)
            if (
                was & (new - old)
                and becomes & (old - new)
                and not (was & (old - new) or becomes & (new - old))
            ):
                yield Reason("swap", case.draft.span(mine.start(), mine.end()), "", "改动的方向反了")
                return


def _ends(reading: Reading, match: re.Match[str]) -> tuple[frozenset[str], frozenset[str]]:
    """The pairs of characters right before and right behind 改为."""
    clause = reading.clauses[reading.clause_at(match.start())]
    before = reading.text[max(clause.start, match.start() - NAME) : match.start()]
    before = re.split("[由把将从的]", before)[-1]
    return grams(before), grams(reading.text[match.end() : min(clause.end, match.end() + NAME)])


def _other_event(case: Case) -> Iterator[Reason]:
    """72小时内完成检测 is not 72小时内完成维修, nor a day of payment one of dispatch."""
    for value in case.draft.values:
        if value.kind not in TIMED or value.article:
            continue
        own = [one for one in case.template.values if honest(value, one, case.words)]
        mine = _events(case, case.draft, value)
        its = [_events(case, case.template, one) for one in own]
        if not mine or not own or not all(its):
            continue
        known = {near for one in its for name in one for near in (name, *case.words.concepts[name].near)}
        near = {near for name in mine for near in (name, *case.words.concepts[name].near)}
        elsewhere = {one.concept for one in case.template.mentions}
        if not near & known and mine <= elsewhere:
            yield Reason("swap", case.draft.span(value.start, value.end), "", "这个时间是另一件事的")
            return


def _events(case: Case, reading: Reading, value: Value) -> frozenset[str]:
    """What happens at a time: the events of its clause, those that only come before it left out."""
    clause = reading.clauses[reading.clause_at(value.start)]
    return frozenset(
        one.concept for one in reading.mentions
        if clause.start <= one.start < clause.end and one.aspect != "after" and one.concept != "human"
        and not 0 <= value.start - one.end <= 1
        and case.words.concepts[one.concept].kind in EVENTS
    )  # fmt: skip


def _sides(text: str, at: int) -> tuple[frozenset[str], frozenset[str]]:
    return grams(text[max(0, at - NEXT) : at]), grams(text[at + 1 : at + 1 + NEXT])
