"""Rules promise, polarity, status: what a draft says of a matter, the template or the facts say too.

The sources are read loosely (every mark in a clause counts), the draft strictly (the nearest mark).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.reply.guard.case import Case, Reason
from bot.reply.guard.mentions import Mention, has
from bot.reply.guard.negation import denials
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
_ARRIVES = re.compile(r"到(?=[,。~!;)]|$|您|家|达|手|了)|[天日]到")
_EXCEPT = re.compile(r"除外|以外|仅|只限|限于|只能|才能")
_SURELY = re.compile(r"(?:肯定|一定|绝对)(?:又|很|特别|非常|急|气|烦|难受|不好受|心|着急|挺|相当)|是肯定的")
_NOTHING = re.compile(r"(?<![\d.])0(?:\.0+)?元|免费|免")
MOVING = frozenset({"dispatch", "transit", "hub"})
"""Stages that last: 已由申通派送 is 正在派送."""
ASKED = frozenset({"verify", "arrange", "inspect"})
"""What one may ask of the shopper without more ado: 核对一下."""
SERVING = ("帮您", "给您", "为您", "替您", "我们", "我会", "已", "正在", "将")
SERVED = ("帮您", "给您", "为您", "替您", "我们", "我会", "会", "答复", "处理", "联系", "安排")
SAID_BY_VALUE = {"bargain": frozenset({"off", "percent"}), "order_it": frozenset({"id"})}
"""Concepts that a value of these kinds already speaks of: 七五折 is 优惠25%."""


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
    if concept.kind in FREE or _is_wish(case, mention):
        return
    sources = _sources(case, {mention.concept})
    if concept.kind == "verb":
        kin = sources or _sources(case, _near(case, mention))
        yield from _polarity(case, mention, kin) if kin else ()
        return
    if not sources:
        if _grounded(case, mention):
            return
        sources = _sources(case, _near(case, mention))
        if not sources:
            yield Reason(RULE_OF[concept.kind], _span(case, mention), "", "模板和资料里没有这件事")
            return
        timed = mention.aspect in {"done", "ongoing"} and concept.kind != "state"
        if timed and not any(one.aspect == mention.aspect or _is_plain(one) for one in sources):
            yield Reason(
                RULE_OF[concept.kind], _span(case, mention), "", f"模板没有说它处在这一步({mention.aspect})"
            )
            return
    yield from _polarity(case, mention, sources)
    if concept.kind in {"stage", "act", "grant"}:
        yield from _aspect(case, mention, sources)
        yield from _condition(case, mention)


def _span(case: Case, mention: Mention) -> str:
    return case.draft.span(mention.start, mention.end)


def _sources(case: Case, names: set[str]) -> list[Mention]:
    return [one for one in (*case.template.mentions, *case.facts.mentions) if one.concept in names]


def _near(case: Case, mention: Mention) -> set[str]:
    """Concepts whose truth lets one speak of this one, and those that the same words name."""
    concepts = case.words.concepts
    near = set(concepts[mention.concept].near)
    return near | {one.concept for one in case.draft.mentions if one.start == mention.start}


def _is_wish(case: Case, mention: Mention) -> bool:
    """您想退货: the shopper's wish given back."""
    asked = {one.concept for one in case.shopper.mentions}
    echoed = mention.echoed and mention.aspect not in {"done", "ongoing", "future"}
    return mention.concept in asked and (echoed or mention.aspect == "wish")


def _grounded(case: Case, mention: Mention) -> bool:
    word = case.draft.text[mention.start : mention.end]
    kinds = SAID_BY_VALUE.get(mention.concept, frozenset())
    if any(value.kind in kinds for value in (*case.template.values, *case.facts.values)):
        return True
    clause = case.draft.clauses[mention.clause]
    text = case.draft.text[clause.start : clause.end]
    if mention.absent and (_is_feeling(case, _sentence(case, mention)) or _is_denied_too(case, text)):
        return True
    if mention.concept in {"deliver", "reach"} and _ARRIVES.search(case.template.text):
        return mention.aspect != "done"
    if mention.concept == "receive" and mention.aspect != "done" and "我们" not in text:
        return True
    if mention.concept in ASKED and not any(mark in text for mark in SERVING):
        return True
    if mention.concept == "guarantee":
        return "放心" not in text and (_is_feeling(case, text) or _SURELY.search(text) is not None)
    if mention.concept == "soon":
        return bool(_sources(case, {"at_once"})) or not any(mark in text for mark in SERVED)
    nothing = any(value.kind == "money" and 0 in value.keys for value in case.template.values)
    if nothing and (mention.concept == "free" or mention.negative):
        return True
    if case.words.concepts[mention.concept].kind == "claim" and set(word) <= set(case.template.text):
        return True
    return word in case.template.text


def _is_feeling(case: Case, text: str) -> bool:
    """您肯定很着急 guarantees nothing."""
    return any(topic == "feelings" for _, _, _, topic in case.words.harmless.all(text))


def _is_denied_too(case: Case, text: str) -> bool:
    """无法使用快递 lets a draft say 快递发不了: the template denies something of the same thing."""
    pairs = {gram for gram in grams(text) if gram.isalpha() and not gram.isascii()}
    told = {denial.clause for denial in denials(case.template, case.words)}
    clauses = [case.template.clauses[number] for number in told]
    return any(pairs & grams(case.template.text[one.start : one.end]) for one in clauses)


def _sentence(case: Case, mention: Mention) -> str:
    clauses = case.draft.clauses
    near = [one for one in clauses if one.sentence == clauses[mention.clause].sentence]
    return case.draft.text[near[0].start : near[-1].end]


def _polarity(case: Case, mention: Mention, sources: list[Mention]) -> Iterator[Reason]:
    if mention.aspect == "wish" or (mention.aspect == "after" and not mention.negative):
        return
    clause = case.draft.clauses[mention.clause]
    said = case.draft.text[clause.start : clause.end]
    if mention.negative:
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
        return
    if mention.aspect == "pending":
        happened = any(one.aspect == "done" for one in sources) and not any(one.absent for one in sources)
        if happened or not any(
            one.absent or one.conditional or one.loose & OPEN or _is_trouble(case, one, said)
            for one in sources
        ):
            yield Reason("polarity", _span(case, mention), "", "模板没有说还没有")
        return
    if any(not one.absent for one in sources):
        return
    if all(one.negative for one in sources) or mention.aspect not in STEPS | {"ongoing"}:
        rule = "status" if case.words.concepts[mention.concept].kind in STAGES else "polarity"
        yield Reason(rule, _span(case, mention), "", "模板说没有,草稿说有")


def _may_be_done(mention: Mention) -> bool:
    """Whether a source, read loosely, says that it has happened."""
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
    loosely = bool(mention.loose & signs) and not _is_copied(case, mention, said)
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
    if _is_copied(case, mention, said):
        return False
    if has(case.words, "troubles", text) or (mention.concept != "free" and _NOTHING.search(text)):
        return True
    sentence = [case.template.text[one.start : one.end] for one in clauses if one.sentence == here.sentence]
    return any(_EXCEPT.search(part) for part in sentence)


def _aspect(case: Case, mention: Mention, sources: list[Mention]) -> Iterator[Reason]:
    rule = "status" if case.words.concepts[mention.concept].kind == "stage" else "promise"
    if mention.negative:
        return
    if mention.aspect == "done":
        spoken = [one for one in sources if one in case.template.mentions]
        told = any(one.aspect in {"pending", "ongoing"} for one in spoken)
        loosely = any(_may_be_done(one) and not _comes_after(case, one) for one in spoken)
        good = loosely and not told and not _REQUEST.search(case.template.text)
        good = good or any(one.aspect == "done" for one in sources)
    elif mention.aspect == "ongoing":
        good = mention.concept in MOVING or any(
            one.loose & {"ongoing", "pending", "future"} for one in sources
        )
    elif mention.aspect == "future":
        good = any(one.aspect != "done" for one in sources)
    else:
        return
    if not good:
        yield Reason(rule, _span(case, mention), "", f"模板没有说它处在这一步({mention.aspect})")


def _condition(case: Case, mention: Mention) -> Iterator[Reason]:
    spoken = [one for one in case.template.mentions if one.concept == mention.concept]
    if mention.conditional or not spoken or mention.aspect in {"after", "wish"}:
        return
    if case.words.concepts[mention.concept].kind == "act":
        return
    if all(_strict(case, one) for one in spoken):
        yield Reason("polarity", _span(case, mention), "如果…", "模板里有条件,草稿里没有")


def _strict(case: Case, mention: Mention) -> bool:
    clauses = case.template.clauses
    sentence = clauses[mention.clause].sentence
    near = clauses[max(0, mention.clause - 1) : mention.clause + 1]
    texts = [case.template.text[one.start : one.end] for one in near if one.sentence == sentence]
    return any(has(case.words, "strict_conditions", text) for text in texts)
