"""Rules promise, polarity, status: what a draft says of a matter, the template or the facts say too.

The sources are read loosely (every mark in a clause counts), the draft strictly (the nearest mark).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.reply.guard.case import Case, Reason
from bot.reply.guard.denials import Denial, clause_texts, denials, is_sorry
from bot.reply.guard.grounds import (
    is_cut,
    is_feeling,
    is_grounded,
    is_of_value,
    is_told_again,
    is_wish,
    sentence_of,
    sources_of,
)
from bot.reply.guard.mentions import Mention, has
from bot.reply.guard.reading import grams

RULE_OF = {
    "stage": "status",
    "state": "status",
    "topic": "promise",
    "step": "promise",
    "act": "promise",
    "grant": "promise",
    "claim": "promise",
}
STAGES = frozenset({"stage", "state"})
FREE = frozenset({"light", "topic"})
STEPS = frozenset({"future", "can", "ask", "must", "after", "wish"})
OPEN = frozenset({"pending", "future", "ongoing", "after", "ask", "must", "can"})
_REQUEST = re.compile(r"请您?确认[:,]|回复.{0,2}确认")
COPIED = 0.5
_ONLY = re.compile(r"只(?![要是需])|仅|限|才|就[今明这到]")
_EXCEPT = re.compile(r"除外|以外|仅|只限|限于|只能|才能")
_BUT = re.compile(r"除外|以外|例外|除了|不算")
_WHETHER = re.compile(r"是不是|是否|有没有|会不会|看看|能否|如果|要是|若")
_LATER = re.compile(r"(?:以后|之后|后|内)[^,。]{0,6}$|后[^,。]{0,4}内|就(?:给|会|为|帮)?[您你]?$")
_NOTHING = re.compile(r"(?<![\d.])0(?:\.0+)?元|免费|免")
_ONLY_THEN = re.compile(r"等[^,。;]{1,14}(?:才|再|就)|才(?:能|会|可)")
FEES = frozenset({"freight", "surcharge", "pay", "extra", "bear", "price", "price_protection"})
"""What 免费 says there is none of."""
ARRIVING = frozenset({"deliver", "reach", "receive", "ship", "dispatch"})
LATE = frozenset({"delay", "lost"})
_NOT_YET = re.compile(r"没能?|未能?|没有")
_UNOPENED = re.compile(r"[没未]\S{0,2}[拆用穿洗开]|完好|满足|符合")
BACK = frozenset({"send_back", "return", "refund", "exchange"})
"""Concepts of which one denial is the other's: 无需退货 is 不用寄回."""
_PROCESS = re.compile(r"(?:处理|审核|进行|办理|打款|核实)(?:当)?中")
_LEFT_OUT = re.compile(
    r"除外|以外|例外|不参[与加]|不享|不含|不包|不在[^,。]{0,6}(?:范围|之[列内])|不属|不计|不适用"
)
_HAN = re.compile(r"[㐀-鿿]{2}")
MOVING = frozenset({"dispatch", "transit", "hub", "transfer"})
"""Stages that last: 已由申通派送 is 正在派送."""


def check(case: Case) -> Iterator[Reason]:
    """Every mention of the draft against those of the sources."""
    polite = _polite_spans(case)
    for mention in case.draft.mentions:
        wide = [(start, end) for start, end in polite if start <= mention.start and mention.end <= end]
        if any(end - start > mention.end - mention.start for start, end in wide):
            continue
        yield from _check(case, mention)


def _polite_spans(case: Case) -> list[tuple[int, int]]:
    hits = case.words.harmless.all(case.draft.text)
    return [(start, end) for start, end, _, topic in hits if topic in {"courtesy", "feelings", "offers"}]


def _check(case: Case, mention: Mention) -> Iterator[Reason]:
    concept = case.words.concepts[mention.concept]
    if (
        is_cut(case, mention)
        or concept.kind in FREE
        or is_wish(case, mention)
        or is_told_again(case, mention)
        or is_of_value(case, mention)
    ):
        return
    sources = sources_of(case, {mention.concept})
    if concept.apart:
        sources = [one for one in sources if _is_same_word(case, mention, one)]
    if concept.kind == "verb":
        yield from _too_far(case, mention, sources)
        near = sources_of(case, _near(case, mention))
        kin = [*sources, *near] if mention.negative else sources or near
        yield from _polarity(case, mention, kin) if kin else ()
        return
    if not any(one in case.template.mentions for one in sources):
        if is_grounded(case, mention):
            return
        sources = [*sources, *sources_of(case, _near(case, mention))]
        if mention.concept == "approve" and mention.aspect not in {"after", "future", "wish"} and sources:
            known = any(one.concept in {"approve", "pass", "certified", "result"} for one in sources)
            if (
                not known
                and not _is_if(case, mention)
                and case.draft.text[mention.end : mention.end + 1] not in "后就即便才再"
            ):
                yield Reason("status", _span(case, mention), "", "模板没有说通过")
                return
        if not sources:
            yield Reason(RULE_OF[concept.kind], _span(case, mention), "", "模板和资料里没有这件事")
            return
        timed = mention.aspect in {"done", "ongoing"} and concept.kind != "state"
        if timed and not any(one.aspect == mention.aspect or _is_plain(one) for one in sources):
            yield Reason(
                RULE_OF[concept.kind], _span(case, mention), "", f"模板没有说它处在这一步({mention.aspect})"
            )
            return
    denied = sources
    if mention.negative and (not sources or mention.concept in BACK):
        denied = [*sources, *sources_of(case, _near(case, mention))]
    yield from _polarity(case, mention, denied)
    if concept.kind in {"stage", "act", "grant"}:
        yield from _aspect(case, mention, sources)
        yield from _condition(case, mention)


def _span(case: Case, mention: Mention) -> str:
    return case.draft.span(mention.start, mention.end)


def _is_same_word(case: Case, mention: Mention, source: Mention) -> bool:
    """透气 is not 保暖, although both are of comfort."""
    reading = case.template if source in case.template.mentions else case.facts
    said, known = case.draft.text[mention.start : mention.end], reading.text[source.start : source.end]
    return said in known or known in said


def _near(case: Case, mention: Mention) -> set[str]:
    """Concepts whose truth lets one speak of this one, and those that the same words name."""
    concepts = case.words.concepts
    near = set(concepts[mention.concept].near)
    if concepts[mention.concept].apart:
        return near
    return near | {one.concept for one in case.draft.mentions if one.start == mention.start}


def _too_far(case: Case, mention: Mention, sources: list[Mention]) -> Iterator[Reason]:
    """等待更换 is not 换好了."""
    if mention.aspect == "done" and not mention.negative:
        kin = sources + sources_of(case, _near(case, mention))
        if kin and all(one.aspect in {"pending", "future"} for one in kin):
            yield Reason("status", _span(case, mention), "", "模板说还没有")


def _polarity(case: Case, mention: Mention, sources: list[Mention]) -> Iterator[Reason]:
    if mention.aspect == "wish" or (mention.aspect == "after" and not mention.negative):
        return
    clause = case.draft.clauses[mention.clause]
    said = case.draft.text[clause.start : clause.end]
    if mention.concept == "bear" and mention.negative:
        return  # who pays is looked at apart
    if mention.negative:
        yield from _denied(case, mention, sources, said)
    elif mention.aspect == "pending":
        yield from _pending(case, mention, sources, said)
    else:
        yield from _affirmed(case, mention, sources, said)


def _denied(case: Case, mention: Mention, sources: list[Mention], said: str) -> Iterator[Reason]:
    late = mention.concept in ARRIVING and any(one.concept in LATE for one in case.template.mentions)
    if _is_left_out(case, said) or _is_bemoaned(case, mention):
        return
    names = mention.concept == "human" and case.draft.text[mention.end : mention.end + 1] == "的"
    failed = "失败" in said and "失败" in case.shopper.text
    if names or failed or "重复" in said or (late and _NOT_YET.search(said)):
        return
    copied = [one for one in sources if one.end and _is_copied(case, one, said)]
    if copied and not any(one.absent for one in copied):
        yield Reason("polarity", _span(case, mention), "", "模板没有否定它")
        return
    signs = set() if mention.opposite else {"pending", "negators"}
    if not any(_may_be_denied(case, one, said, signs) for one in sources):
        yield Reason("polarity", _span(case, mention), "", "模板没有否定它")
    elif mention.aspect != "pending" and not any(
        _may_be_denied(case, one, said, {"negators"})
        for one in sources
        if one.negative or one.aspect != "pending"
    ):
        yield Reason("polarity", _span(case, mention), "", "模板说还没有,草稿说不会")


def _is_left_out(case: Case, said: str) -> bool:
    """偏远地区不在包邮范围里 is 偏远地区除外."""
    pairs = {gram for gram in grams(said) if _HAN.fullmatch(gram)}
    return any(pairs & grams(text) for text in clause_texts(case.template) if _LEFT_OUT.search(text))


def _is_bemoaned(case: Case, mention: Mention) -> bool:
    """买个东西送不到家门口,非常抱歉: the trouble that both are sorry for; nothing of it is done."""
    if not is_sorry(case, mention.clause, case.draft) or not _is_sad(case):
        return False
    clause = case.draft.clauses[mention.clause]
    told = [one for one in case.template.mentions if one.concept == mention.concept and not one.absent]
    valued = any(clause.start <= one.start < clause.end for one in case.draft.values)
    stage = case.words.concepts[mention.concept].kind == "stage"
    return not valued and not (stage and any(one.aspect in {"done", "ongoing"} for one in told))


def _is_sad(case: Case) -> bool:
    return bool(case.words.manner_words["apology"].all(case.template.text))


def _pending(case: Case, mention: Mention, sources: list[Mention], said: str) -> Iterator[Reason]:
    if has(case.words, "strict_conditions", said) or _is_bemoaned(case, mention):
        return
    happened = any(one.aspect == "done" for one in sources) and not any(one.absent for one in sources)
    if happened or not any(
        one.absent or one.conditional or one.loose & OPEN or _is_trouble(case, one, said) for one in sources
    ):
        yield Reason("polarity", _span(case, mention), "", "模板没有说还没有")


def _affirmed(case: Case, mention: Mention, sources: list[Mention], said: str) -> Iterator[Reason]:
    if (
        _BUT.search(said)
        or _is_dated_again(case, mention, sources)
        or _ONLY_THEN.search(said)
        or any(not one.absent for one in sources)
        or (mention.aspect == "bare" and is_feeling(case, said))
    ):
        return
    told = denials(case.draft, case.words)
    denied = denials(case.template, case.words)
    kept = _is_if(case, mention) and denied and len(told) >= len(denied)
    if kept or any(one.clause == mention.clause and not _is_own(case, mention, one) for one in told):
        return
    spoken = [one for one in sources if one.end] or sources
    if all(one.negative for one in spoken) or mention.aspect not in STEPS | {"ongoing"}:
        rule = "status" if case.words.concepts[mention.concept].kind in STAGES else "polarity"
        yield Reason(rule, _span(case, mention), "", "模板说没有,草稿说有")


def _is_dated_again(case: Case, mention: Mention, sources: list[Mention]) -> bool:
    """已改约明天九点上门, where 未按时上门: what has not happened is given a day."""
    clause = case.draft.clauses[mention.clause]
    dated = any(
        clause.start <= one.start < clause.end and one.kind in {"date", "time"} for one in case.draft.values
    )
    return dated and mention.aspect == "bare" and any(one.aspect == "pending" for one in sources)


def _is_own(case: Case, mention: Mention, denial: Denial) -> bool:
    """The 没 of 没缺货 denies nothing besides, nor does the 非 of 非质量问题."""
    touches = mention.opposite and denial.start < mention.start <= denial.end
    return touches or case.draft.text[denial.start] == "非"


def _is_if(case: Case, mention: Mention) -> bool:
    """Whether the clause, or the one before it, sets a condition outright."""
    near = case.draft.clauses[max(0, mention.clause - 2) : mention.clause + 1]
    text = case.draft.text[near[0].start : near[-1].end]
    return has(case.words, "strict_conditions", text) or _UNOPENED.search(text) is not None


def _may_be_done(mention: Mention) -> bool:
    """Whether a source, read loosely, says that it has happened."""
    if mention.concept == "approve" and mention.aspect == "after":
        return False
    if mention.aspect in {"done", "after"} or (mention.aspect == "bare" and "done" in mention.loose):
        return True
    return mention.aspect == "bare" and not mention.loose & (STEPS | {"negators", "pending"})


def _comes_after(case: Case, mention: Mention) -> bool:
    """补拍后安排发货 has not happened."""
    clause = case.template.clauses[mention.clause]
    before = case.template.text[clause.start : mention.start]
    return mention.aspect == "bare" and re.search(r"后(?![台盖面来])", before) is not None


def _may_be_denied(case: Case, mention: Mention, said: str, signs: set[str]) -> bool:
    """Whether a source, read loosely, denies it too; `said` is the draft's clause."""
    if mention.negative or (mention.aspect == "pending" and "pending" in signs):
        return True
    if not signs:
        return mention.aspect == "pending"
    freed = mention.concept in {"free", "free_freight"}  # their own 免 denies nothing
    loosely = not freed and bool(mention.loose & signs) and not _is_copied(case, mention, said)
    return loosely or _is_trouble(case, mention, said)


def _is_copied(case: Case, mention: Mention, said: str) -> bool:
    """Whether a draft's clause is nearly the template's own, and so no other way to say it."""
    if mention not in case.template.mentions:
        return False
    clause = case.template.clauses[mention.clause]
    text = case.template.text[clause.start : clause.end]
    return len(grams(said) & grams(text)) >= COPIED * len(grams(said))


def _is_plain(mention: Mention) -> bool:
    return mention.aspect == "bare" and not mention.loose & {"ongoing", "pending", "future"}


def _is_trouble(case: Case, mention: Mention, said: str) -> bool:
    """Whether the template's sentence tells of trouble, of an exception, or of nothing to pay.

    A draft's clause that is nearly the template's own is no other way to say it.
    """
    if not mention.end:
        return False
    clauses = case.template.clauses
    here = clauses[mention.clause]
    text = case.template.text[here.start : here.end]
    if mention.concept in FEES and _NOTHING.search(text):
        return True
    if any(text[start:end] not in said for start, end, _, _ in case.words.manner_words["troubles"].all(text)):
        return True
    if _is_copied(case, mention, said):
        return False
    sentence = [case.template.text[one.start : one.end] for one in clauses if one.sentence == here.sentence]
    return any(_EXCEPT.search(part) for part in sentence)


def _aspect(case: Case, mention: Mention, sources: list[Mention]) -> Iterator[Reason]:
    rule = "status" if case.words.concepts[mention.concept].kind == "stage" else "promise"
    if mention.negative:
        return
    if mention.aspect == "done":
        spoken = [one for one in sources if one in case.template.mentions]
        told = any(one.aspect in {"pending", "ongoing"} or _is_under_way(case, one) for one in spoken)
        loosely = any(_may_be_done(one) and not _comes_after(case, one) for one in spoken)
        good = loosely and not told and not _REQUEST.search(case.template.text)
        good = good or any(one.aspect == "done" for one in sources)
        if not told and all(one.aspect in {"bare", "done"} for one in spoken):
            good = good or any(one.aspect == "done" for one in sources_of(case, _near(case, mention)))
        good = good or _is_expected(case, mention)
    elif mention.aspect == "ongoing":
        good = (
            mention.concept in MOVING
            or _value_at(case, mention.end)
            or case.words.concepts[mention.concept].kind == "grant"
        )
        good = good or any(one.loose & {"ongoing", "pending", "future"} for one in sources)
    elif mention.aspect == "future":
        good = any(one.aspect != "done" for one in sources)
        good = good and not (mention.concept == "approve" and all(one.aspect == "after" for one in sources))
    else:
        return
    if not good:
        yield Reason(rule, _span(case, mention), "", f"模板没有说它处在这一步({mention.aspect})")


def _value_at(case: Case, place: int) -> bool:
    """在签收15天内 is a span of time and 在短信里 a place, nothing under way."""
    return case.draft.text[place : place + 1] in {"里", "上", "内", "页"} or any(
        one.start == place for one in case.draft.values
    )


def _is_under_way(case: Case, mention: Mention) -> bool:
    """退款299元处理中."""
    clause = case.template.clauses[mention.clause]
    return _PROCESS.search(case.template.text, mention.end, clause.end) is not None


def _is_expected(case: Case, mention: Mention) -> bool:
    """预计明天就送到啦 and 看看是不是被拦截了 say of nothing that it is done."""
    before = sentence_of(case, mention).split(case.draft.text[mention.start : mention.end])[0]
    if "已" in before or "刚" in before:
        return False
    return (
        _LATER.search(before) is not None
        or has(case.words, "hedges", before)
        or _WHETHER.search(before) is not None
    )


def _condition(case: Case, mention: Mention) -> Iterator[Reason]:
    spoken = [one for one in case.template.mentions if one.concept == mention.concept]
    if mention.conditional or mention.negative or not spoken or mention.aspect in {"after", "wish"}:
        return
    if case.words.concepts[mention.concept].kind == "act" or _ONLY.search(sentence_of(case, mention)):
        return
    if all(_strict(case, one) for one in spoken):
        yield Reason("polarity", _span(case, mention), "如果…", "模板里有条件,草稿里没有")


def _strict(case: Case, mention: Mention) -> bool:
    clauses = case.template.clauses
    sentence = clauses[mention.clause].sentence
    near = clauses[max(0, mention.clause - 1) : mention.clause + 1]
    texts = [case.template.text[one.start : one.end] for one in near if one.sentence == sentence]
    return any(has(case.words, "strict_conditions", text) for text in texts)
