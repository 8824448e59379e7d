"""Rule swap: what comes first comes first, and a span counts from what it counted from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise

from bot.reply.guard.case import Case, Reason
from bot.reply.guard.equality import honest
from bot.reply.guard.reading import Reading, grams
from bot.reply.guard.values import Value

NO_EDGE = frozenset("当目之以眼日事先此今往随稍最然背落售提")
REACH = 14
"""So much behind 发货前 is what happens before."""
CORE = 2
NEAR = 4
VALUE = 3
"""What a shared value weighs against shared pairs of characters."""
_EDGE = re.compile(
    r"(?P<what>[㐀-鿿]{1,4})(?:了|完|好|过|成功|之|以|的)*(?P<side>前|后)(?![台盖面端缀者来半往排天轮胎摄刹门视]|续(?!费))"
)
_WHEN = re.compile(r"(?P<what>[㐀-鿿]{1,4})(?:的?时候?|之?际)(?=[,请您务必要需得记]{0,4}先)")
_PARTLY, _WHOLLY = re.compile(r"定金|订金|首付|预付"), re.compile(r"付清|尾款|全款|结清|补齐")
_STEPS = re.compile(r"然后|最后|接着|之后|再(?![次三])|后(?![台盖面来])|才")
_SENT = re.compile(r"新[^,。;]{0,5}(?:发|寄)|(?:发|寄)[^,。;]{0,3}新")
_IDLE = frozenset("的了是在您我们也都就可请要这那个一还再去来给为把被会能不有没到先您亲以之完好过")
ANCHORS = frozenset(
    {
        "home_pickup", "pick_up", "inspect", "arrange", "note", "verify", "install", "report",
        "restock", "evidence", "order_it", "pay", "ship", "sign", "receive", "deliver", "approve",
        "audit", "send_back", "warehouse", "submit", "send_again", "opened", "cancel", "refund",
        "collect", "presale", "dispatch",
    }
)  # fmt: skip
_DAY = re.compile(r"的?(?:那天|之日|当天|当日|次日|第二天)(?:起|算|开始|。|;|,|$)")
_GATE = re.compile(r"确认|审核|核实|质检|验收|检测|验机|清关|补拍|无误|通过|合格")
_AFTER = re.compile(r"后|完|通过|再|没问题|没有问题|无误|合格|就|起|才|好了|如果|的话")
_FROM = re.compile(
    r"^(?:之日|当天|当日|完成|成功|通过|确认|完|好|了|后|以后|之后|起|算起|开始|的|商品|包裹|货|到|商家|,)*"
)


@dataclass(frozen=True)
class Edge:
    """One 付款后…: what stands before the word, which side, and what follows."""

    what: str
    side: str
    start: int
    end: int
    follows: str
    values: tuple[Value, ...]


def check(case: Case) -> Iterator[Reason]:
    """前 for 后, steps in another order, 下单后7天 for 签收后7天."""
    yield from _turned(case)
    yield from _anchors(case)
    yield from _days(case)
    yield from _reordered(case)
    yield from _triggered(case)
    yield from _rebased(case)


def _edges(reading: Reading) -> list[Edge]:
    """Every 付款后, 修之前, and 换水时 where something is to come first."""
    return [*_sided(reading), *_whens(reading)]


def _whens(reading: Reading) -> Iterator[Edge]:
    for match in _WHEN.finditer(reading.text):
        clause = reading.clauses[reading.clause_at(match.start())]
        yield Edge(
            match["what"], "前", match.start(), match.end(), reading.text[match.end() : clause.end], ()
        )


def _sided(reading: Reading) -> list[Edge]:
    found = []
    for match in _EDGE.finditer(reading.text):
        clause = reading.clauses[reading.clause_at(match.start())]
        if any(
            one.start < match.end("side") <= one.end or one.end == match.start("side")
            for one in reading.values
        ):
            continue
        later = [
            one for one in reading.clauses if one.start >= match.end() and one.sentence == clause.sentence
        ]
        near = clause.end - match.end() < CORE and later
        end = min(later[0].end if near else clause.end, match.end() + REACH)
        if match["what"] in NO_EDGE:
            continue
        values = tuple(one for one in reading.values if match.end() <= one.start < end and not one.article)
        what = re.sub(r"[了完好过之以的]+$", "", match["what"])
        found.append(
            Edge(what, match["side"], match.start(), match.end(), reading.text[match.end() : end], values)
        )
    return found


def _turned(case: Case) -> Iterator[Reason]:
    """修之前先报价 is not 修好后报价."""
    theirs = _edges(case.template)
    for mine in _edges(case.draft):
        alike = [(one, _fit(case, mine, one)) for one in theirs if _same(mine.what, one.what)]
        same = max((fit for one, fit in alike if one.side == mine.side), default=0)
        other = max((fit for one, fit in alike if one.side != mine.side), default=0)
        if other > same:
            yield Reason("swap", case.draft.span(mine.start, mine.end), "", "先后和模板说的相反")
            return


def _same(mine: str, its: str) -> bool:
    """修 and 维修, 付 and 付款: the last character or a pair is shared."""
    mine, its = (re.sub("[完好过了]", "", what) for what in (mine, its))
    if grams(mine) & grams(its):
        return True
    short, long = sorted((mine, its), key=len)
    return len(short) == 1 and short not in _IDLE and short in long[-CORE:]


def _fit(case: Case, mine: Edge, its: Edge) -> int:
    values = sum(honest(one, other, case.words) for one in mine.values for other in its.values)
    pairs = {gram for gram in grams(mine.follows) & grams(its.follows) if not set(gram) <= _IDLE}
    return VALUE * values + len(pairs)


def _anchors(case: Case) -> Iterator[Reason]:
    """下单后7天 is not 签收后7天."""
    for value in case.draft.values:
        if value.kind != "duration" or value.article:
            continue
        mine = _anchor(case, case.draft, value)
        its = [
            _anchor(case, case.template, one)
            for one in case.template.values
            if honest(value, one, case.words)
        ]
        if not mine or not its or not all(its):
            continue
        kin = mine | {near for name in mine for near in case.words.concepts[name].near}
        if not any(
            kin & (one | {near for name in one for near in case.words.concepts[name].near}) for one in its
        ):
            yield Reason("swap", case.draft.span(value.start, value.end), "", "时间不是从这里算起")


def _days(case: Case) -> Iterator[Reason]:
    """签收之日 is not 下单当天."""
    theirs, ours = (_day_of(case, reading) for reading in (case.template, case.draft))
    known = {near for name in theirs for near in (name, *case.words.concepts[name].near)}
    if (
        theirs
        and ours
        and not known & {near for name in ours for near in (name, *case.words.concepts[name].near)}
    ):
        yield Reason("swap", "", "", "不是从这一天算起")


def _day_of(case: Case, reading: Reading) -> frozenset[str]:
    return frozenset(
        one.concept for one in reading.mentions
        if one.concept in ANCHORS and _DAY.match(reading.text, one.end)
    )  # fmt: skip


def _anchor(case: Case, reading: Reading, value: Value) -> frozenset[str]:
    """The concepts right before a span of time: from when it counts."""
    clause = reading.clauses[reading.clause_at(value.start)]
    before = [
        one
        for one in reading.mentions
        if clause.start <= one.start and one.end <= value.start and one.concept in ANCHORS
    ]
    if not before:
        return frozenset()
    last = max(one.end for one in before)
    between = reading.text[last : value.start]
    if not re.search(r"后|起|日", between) or len(_FROM.sub("", between)) > CORE:
        return frozenset()
    return frozenset(one.concept for one in before if last - one.end <= NEAR)


def _triggered(case: Case) -> Iterator[Reason]:
    """退回后退款 is not 拒收时退款: what must have happened before."""
    theirs, ours = _triggers(case.template), _triggers(case.draft)
    for name in theirs.keys() & ours.keys():
        known = theirs[name] | {near for one in theirs[name] for near in case.words.concepts[one].near}
        mine = {near for one in ours[name] for near in (one, *case.words.concepts[one].near)}
        if not mine & known and not (ours[name] - set(ORDERED)):
            yield Reason("swap", "", "", f"模板说的是另一件事之后({name})")
            return


def _triggers(reading: Reading) -> dict[str, frozenset[str]]:
    """For each concept those said to come before it in its sentence: 签收后…"""
    found: dict[str, frozenset[str]] = {}
    for mention in reading.mentions:
        if mention.concept not in RESULTS or mention.aspect == "after":
            continue
        sentence = reading.clauses[mention.clause].sentence
        before = [
            one for one in reading.mentions
            if (one.aspect == "after" or reading.text[one.end : one.end + 1] in "就即便才")
            and one.end <= mention.start and one.concept != mention.concept
            and reading.clauses[one.clause].sentence == sentence and mention.clause - one.clause < CORE
        ]  # fmt: skip
        if before:
            last = max(one.end for one in before)
            found[mention.concept] = frozenset(one.concept for one in before if last - one.end <= NEAR + CORE)
    return found


def _rebased(case: Case) -> Iterator[Reason]:
    """确认后5天内 is neither 下单后5天内 nor 5天内."""
    ours = _edges(case.draft)
    for its in _edges(case.template):
        spans = [one for one in its.values if one.kind == "duration" and one.start - its.end < CORE]
        if its.side != "后" or not spans:
            continue
        based = [one for one in ours if one.side == "后" and _starts_with(case, one, spans[0])]
        partly = [one for one in based if _PARTLY.search(one.what)]
        if partly and _WHOLLY.search(its.what):
            yield Reason("swap", case.draft.span(partly[0].start, partly[0].end), its.what, "要付清才算")
            return
        if based and not any(_is_kin(case, one, its) for one in based):
            yield Reason(
                "swap", case.draft.span(based[0].start, based[0].end), its.what, "时间不是从这里算起"
            )
            return
        if not based and _GATE.search(its.what) and _is_free(case, its, spans[0]):
            yield Reason("omission", "", f"{its.what}后", "模板里的前提没有说到")
            return


def _starts_with(case: Case, edge: Edge, span: Value) -> bool:
    return any(honest(one, span, case.words) and one.start - edge.end < CORE for one in edge.values)


def _is_kin(case: Case, mine: Edge, its: Edge) -> bool:
    """Whether both edges may be one: 收到货后 and 签收后, 审核通过后 and 审完后."""
    if (set(mine.what[-CORE:]) & set(its.what[-CORE:])) - _IDLE:
        return True
    names = [
        {one.concept for one in reading.mentions if one.start < edge.end and edge.start < one.end}
        for reading, edge in ((case.draft, mine), (case.template, its))
    ]
    near = {near for name in names[0] for near in (name, *case.words.concepts[name].near)}
    known = {near for name in names[1] for near in (name, *case.words.concepts[name].near)}
    return not names[0] or bool(near & known)


def _is_free(case: Case, its: Edge, span: Value) -> bool:
    """Whether a span of the draft stands without what has to come before it."""
    for value in case.draft.values:
        if value.article or not honest(value, span, case.words):
            continue
        number = case.draft.clause_at(value.start)
        near = case.draft.clauses[max(0, number - 1) : number + 1]
        text = case.draft.text[near[0].start : near[-1].end]
        return not _AFTER.search(text) and its.what[-CORE:] not in text
    return False


def _reordered(case: Case) -> Iterator[Reason]:
    """先申请再寄回 is not 先寄回再申请."""
    theirs, ours = _order(case.template), _order(case.draft)
    for first, second in ours:
        if (second, first) in theirs and (first, second) not in theirs:
            yield Reason("swap", "", "", "步骤的先后和模板说的相反")
            return


def _order(reading: Reading) -> set[tuple[str, str]]:
    """Concepts and words of which one is told to come before the other."""
    found: set[tuple[str, str]] = set()
    sentences: dict[int, list[tuple[int, int]]] = {}
    for clause in reading.clauses:
        sentences.setdefault(clause.sentence, []).append((clause.start, clause.end))
    for spans in sentences.values():
        parts = list(_parts(reading.text, spans))
        for (one, after), (other, _) in combinations(parts, 2):
            del after
            found |= {
                (first, second)
                for first in _names(reading, *one)
                for second in _names(reading, *other)
                if first != second
            }
    both = {(first, second) for first, second in found if (second, first) in found}
    return found - both


def _parts(text: str, spans: list[tuple[int, int]]) -> Iterator[tuple[tuple[int, int], bool]]:
    """The stretches of a sentence between words of sequence; one alone is no sequence."""
    begin, end = spans[0][0], spans[-1][1]
    cuts = [match.start() for match in _STEPS.finditer(text, begin, end)]
    edges = [begin, *cuts, end]
    for start, stop in pairwise(edges):
        if stop - start > 1:
            yield (start, stop), start != begin


def _names(reading: Reading, start: int, end: int) -> set[str]:
    sent = {"ship"} if _SENT.search(reading.text, start, end) else set()
    return sent | {
        one.concept
        for one in reading.mentions
        if start <= one.start and one.end <= end and one.concept in ORDERED
    }


RESULTS = frozenset(
    {
        "refund", "ship", "send_again", "credited", "compensate", "send", "exchange", "repair",
    }
)  # fmt: skip
ORDERED = frozenset(
    {
        "pay", "ship", "sign", "receive", "refuse_parcel", "send_back", "audit", "approve", "refund",
        "submit", "evidence", "inspect", "install", "appointment", "cancel", "exchange", "transfer",
        "verify", "send_again",
    }
)  # fmt: skip
