"""Rule polarity for any word: what a template denies or restricts its draft does not affirm, nor the reverse.

Mentions of concepts are held in claims; here are all other words, by the two characters behind the negator.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.reply.guard.case import Case, Reason
from bot.reply.guard.denials import COMPOUND, Denial, about, clause_texts, denials, is_sorry
from bot.reply.guard.echo import consoles, has_echo
from bot.reply.guard.mentions import has
from bot.reply.guard.reading import Reading, grams
from bot.reply.guard.restrictions import plain_texts

COPIED = 0.6
MODAL = re.compile(r"不可以|不能|不行|不支持|无法|不允许|没法")
_NEEDS = re.compile(r"需要|必须|得自|要自己|须")
_IF = re.compile(r"如|若|要是|的话|万一|一旦")
_HAN = re.compile(r"[㐀-鿿]+")
_BUT = re.compile(r"除外|以外|例外|除了|不算")
_LEFT_OUT = re.compile(r"不(?:算|包|含|享|参|在(?:此|其|内|活动|范围|优惠)|属|适|能用|可用|打折)")
_IS_NOT = re.compile(r"还?[没未]到|还?[没未]满|丢了|没了|不见了")
"""What is no denial by itself, but says that it is not so: 还没到服务时间, 发票丢了."""
_WHEN = re.compile(r"(?:没|未|不)(?!能|可|支|会|再)[^,。;]{1,5}(?:时候?|的话)")
_WHEN_TOO = re.compile(r"[时若如]|后")
_NOT_ONE = re.compile(r"不是(?:一|同)|不在(?:一|同)|不一样|不止")
_SEVERAL = re.compile(r"不同|分属|分别|各|另")
_UNCHANGED = re.compile(r"还是原|原来的|没变|没动|没有变|老样子|一样|照旧|原样|保持|如旧|同样")
_CAN = re.compile(r"(?<!不)(?:可以|能|支持|可(?!能))")
ALIKE = 4
NAMED = frozenset(
    {"size", "colour", "place", "carrier", "label", "level", "material", "channel", "term", "bank"}
)
"""Kinds of names of which one may be denied and another not."""
_NOT_PAID = re.compile(r"不(?:再|另|额外)?(?:收|用付|要钱|花钱)")
_REACHES = re.compile(r"到|够|满|超|足")
_SHORT = re.compile(r"未达|没达|不足|不满|未满|不够|未到|不超|低于|少于")
LOW = frozenset({"less", "within"})
_UNWILLING = re.compile(r"不想|不愿|不要|不喜欢|不合适|不满意")
_NOTHING = re.compile(r"(?<![\d.])0(?:\.0+)?元|免费|免")


def check(case: Case) -> Iterator[Reason]:
    """Words with the wrong sign."""
    denied, told = denials(case.template, case.words), denials(case.draft, case.words)
    yield from _added(case, told, denied)
    yield from _lost(case, denied, told)
    yield from _turned_down(case, told, denied)
    yield from _barred(case, told, denied)


def _added(case: Case, told: list[Denial], denied: list[Denial]) -> Iterator[Reason]:
    absent = any(mention.absent for mention in case.template.mentions)
    for denial in told:
        if not denial.follow and (_is_refused(case, denial, denied) or _is_alone(case, denial, denied)):
            yield Reason("polarity", case.draft.span(denial.start, denial.end), "", "模板说可以")
        if (
            not denial.follow
            or is_mention(case, case.draft, denial)
            or is_sorry(case, denial.clause, case.draft)
        ):
            continue
        if (
            _is_short(case, denial)
            or _is_same(denial, denied)
            or consoles(case, denial.clause)
            or _is_if(case, denial)
        ):
            continue
        known = about(clause_texts(case.template), denial)
        if any(mention.absent and mention.clause in known for mention in case.template.mentions):
            continue
        if (
            known
            and not any(one.clause in known and _is_alike(one, denial) for one in denied)
            and not _says_nothing(case.template, known)
            and not any(_BUT.search(clause_texts(case.template)[number]) for number in known)
            and not _is_trouble(case, denial, known)
        ):
            yield Reason("polarity", case.draft.span(denial.start, denial.end), "", "模板没有否定它")
        elif (
            not known
            and not denied
            and not absent
            and not _is_left_out(case, denial)
            and _is_news(case, denial)
        ):
            yield Reason("polarity", case.draft.span(denial.start, denial.end), "", "模板里没有否定")


def _is_alone(case: Case, denial: Denial, denied: list[Denial]) -> bool:
    """12期都不支持, where the template denies nothing at all."""
    if not MODAL.match(case.draft.text, denial.start) or has_echo(case, denial.clause):
        return False
    if is_sorry(case, denial.clause, case.draft) or consoles(case, denial.clause):
        return False
    if any(not one.need for one in denied) or any(one.absent for one in case.template.mentions):
        return False
    text = case.template.text
    return not (_BUT.search(text) or _IF.search(clause_texts(case.draft)[denial.clause])) and not any(
        has(case.words, name, text) for name in ("troubles", "lapses", "limited")
    )


def _is_left_out(case: Case, denial: Denial) -> bool:
    """特价商品不算在内 is 特价商品除外."""
    if _NOT_ONE.match(case.draft.text, denial.start) and _SEVERAL.search(case.template.text):
        return True
    return (
        _LEFT_OUT.match(case.draft.text, denial.start) is not None
        and _BUT.search(case.template.text) is not None
    )


def _is_refused(case: Case, denial: Denial, denied: list[Denial]) -> bool:
    """狗狗不可以吃, where the template says 狗狗也可以当零食吃."""
    said = case.draft.text[denial.start : denial.end]
    if not MODAL.search(said) or has_echo(case, denial.clause):
        return False
    texts = clause_texts(case.template)
    known = about(texts, denial)
    if any(one.clause in known and not one.need for one in denied):
        return False
    return any(_CAN.search(texts[number]) for number in known)


def _turned_down(case: Case, told: list[Denial], denied: list[Denial]) -> Iterator[Reason]:
    """不可以申请 where the template's like clause says 可以申请, whatever else it denies."""
    texts = clause_texts(case.template)
    barred = {one.clause for one in denied if MODAL.search(case.template.text, one.start, one.end)}
    for denial in told:
        if not MODAL.search(case.draft.text, denial.start, denial.end):
            continue
        clause = case.draft.clauses[denial.clause]
        said = grams(case.draft.text[clause.start : clause.end])
        likeness = [len(said & grams(text)) for text in texts]
        best = max(range(len(texts)), key=lambda at: likeness[at])
        refused = max((likeness[at] for at in barred), default=0)
        if (
            likeness[best] >= ALIKE
            and likeness[best] > refused + 1
            and best not in barred
            and _CAN.search(texts[best])
        ):
            yield Reason("polarity", case.draft.span(denial.start, denial.end), "", "模板说可以")
            return


def _barred(case: Case, told: list[Denial], denied: list[Denial]) -> Iterator[Reason]:
    """灰色不可以换, where the template denies nothing where it speaks of 灰色."""
    closed = {one.clause for one in denied if not one.need}
    closed |= {one.clause for one in case.template.mentions if one.absent}
    closed |= {number for number, text in enumerate(clause_texts(case.template)) if _BUT.search(text)}
    sentences = [one.sentence for one in case.template.clauses]
    closed = {sentences[number] for number in closed}
    for denial in told:
        if not MODAL.match(case.draft.text, denial.start) or _is_if(case, denial):
            continue
        clause = case.draft.clauses[denial.clause]
        named = [
            one for one in case.draft.values
            if clause.start <= one.start < clause.end and one.kind in NAMED and not one.article
        ]  # fmt: skip
        homes = [
            {sentences[case.template.clause_at(its.start)] for its in case.template.values if one.same(its)}
            for one in named
        ]
        if homes and all(homes) and not any(home & closed for home in homes):
            yield Reason("polarity", case.draft.span(denial.start, clause.end), "", "模板没有否定它")
            return


def _is_alike(one: Denial, other: Denial) -> bool:
    """Whether two denials may be of the same thing."""
    if not one.scope or not other.scope:
        return True
    return bool((one.follow | one.scope) & (other.follow | other.scope)) or one.need or other.need


def _is_same(denial: Denial, denied: list[Denial]) -> bool:
    """别放在太阳下暴晒 denies what 不要暴晒 denies."""
    return any(one.follow & denial.scope or denial.follow & one.scope for one in denied)


def _is_short(case: Case, denial: Denial) -> bool:
    """没有达到 is 未达到, which limits rather than denies."""
    if not _REACHES.search(case.draft.text[denial.start : denial.end + 2]):
        return False
    limited = any(one.bound in LOW for one in case.template.values)
    return limited or _SHORT.search(case.template.text) is not None


def _is_if(case: Case, denial: Denial) -> bool:
    """要是还不行 sets a condition where the template sets one too."""
    text = clause_texts(case.draft)[denial.clause]
    said = case.draft.text[denial.start : denial.end]
    if MODAL.search(said) and "不行" not in said:
        return False
    if _WHEN.match(case.draft.text, denial.start) and _WHEN_TOO.search(case.template.text):
        return True
    return has(case.words, "strict_conditions", text) and _IF.search(case.template.text) is not None


def _is_trouble(case: Case, denial: Denial, known: list[int]) -> bool:
    """暂停下单 lets a draft say 不能下单, if not in the template's own clause."""
    clause = case.draft.clauses[denial.clause]
    said = grams(case.draft.text[clause.start : clause.end])
    texts = [clause_texts(case.template)[number] for number in known]
    copied = any(len(said & grams(text)) > COPIED * len(said) for text in texts)
    return not copied and any(
        has(case.words, name, text) for text in texts for name in ("troubles", "lapses")
    )


def _is_news(case: Case, denial: Denial) -> bool:
    """Whether a denial where the template has none says something of what the template speaks of."""
    if MODAL.search(case.draft.text, denial.start, denial.end):
        return True
    if _NOT_PAID.match(case.draft.text, denial.start) and _NOTHING.search(case.template.text):
        return False
    lapses = any(has(case.words, name, case.template.text) for name in ("troubles", "lapses"))
    return _is_about(case, denial) and not lapses


def _lost(case: Case, denied: list[Denial], told: list[Denial]) -> Iterator[Reason]:
    texts = clause_texts(case.draft)
    limited = any(has(case.words, "limited", text) for text in plain_texts(case, case.draft))
    for denial in denied:
        if is_sorry(case, denial.clause) or _is_said_otherwise(case, denial):
            continue
        known = about(texts, denial)
        span = case.template.span(denial.start, denial.end)
        if set("变关动") & set(span) and _UNCHANGED.search(case.draft.text):
            continue
        if known:
            affirmed = about(_others(case.template, denied), denial) and not _is_copied(case, denial, known)
            affirmed = affirmed and (
                len(told) >= len(denied) or limited or _UNWILLING.search(case.draft.text) is not None
            )
            others = frozenset[str]().union(*(one.follow for one in denied)) - denial.follow
            kept = any(one.clause in known for one in told if not one.follow or not one.follow <= others)
            kept = (
                kept
                or _says_nothing(case.draft, known)
                or _is_listed(case.draft, known, told)
                or any(_BUT.search(texts[number]) or _IS_NOT.search(texts[number]) for number in known)
            )
            if not affirmed and not kept:
                yield _lost_in(case, known[0], span)
            elif kept:
                yield from _elsewhere(case, denial, denied, told)
        elif denial.need:
            yield from _needed(case, denial, told, span)
        elif _is_lost(case, denied, told) and not is_mention(case, case.template, denial):
            yield Reason("omission", "", span, f"模板里的“{span}”没有说到")


def _is_listed(reading: Reading, known: list[int], told: list[Denial]) -> bool:
    """潜水、桑拿就不行了: what is denied behind a list is denied of all of it."""
    denying = {one.clause for one in told}
    for number in known:
        at = number
        while at + 1 < len(reading.clauses) and reading.text[reading.clauses[at].end] in "、/":
            at += 1
        if at > number and at in denying:
            return True
    return False


def _is_said_otherwise(case: Case, denial: Denial) -> bool:
    """缺货 is 无货: the draft says of the same matter that it is not so."""
    stems = {head[0] for head in denial.follow}
    told = (head for one in denials(case.draft, case.words) for head in one.follow)
    if any(head[0] in stems and head not in denial.follow for head in told):
        return True
    absent = {
        one.concept
        for one in case.draft.mentions
        if one.absent and not is_sorry(case, one.clause, case.draft)
    }
    there = {one.concept for one in case.draft.mentions if not one.absent}
    return any(
        one.concept in (absent if one.absent else there)
        for one in case.template.mentions
        if one.start < denial.end
        and denial.start < one.end
        and one.clause == denial.clause
        and case.words.concepts[one.concept].kind != "claim"
        and (one.absent or one.start <= denial.start)
    )


def _elsewhere(case: Case, denial: Denial, denied: list[Denial], told: list[Denial]) -> Iterator[Reason]:
    """小程序不支持 is not App 不支持: what stands before the negator is what is denied."""
    subject = denial.heads - denial.follow
    if not subject or any(head in text for head in subject for text in _others(case.template, denied)):
        return
    for number, text in enumerate(clause_texts(case.draft)):
        if _UNCHANGED.search(text):
            continue
        named = sum(head in text for head in subject) * 2 > len(subject)
        if named and not any(one.clause == number for one in told):
            yield _lost_in(case, number, case.template.span(denial.start, denial.end))


def _is_lost(case: Case, denied: list[Denial], told: list[Denial]) -> bool:
    """Whether the draft denies and restricts less often than the template."""
    theirs, ours = (
        sum(has(case.words, "limited", text) for text in plain_texts(case, reading))
        for reading in (case.template, case.draft)
    )
    return len(told) + ours < len(denied) + theirs and not _UNWILLING.search(case.draft.text)


def _lost_in(case: Case, number: int, span: str) -> Reason:
    clause = case.draft.clauses[number]
    return Reason("polarity", case.draft.span(clause.start, clause.end), span, "模板否定了,草稿没有")


def _needed(case: Case, denial: Denial, told: list[Denial], span: str) -> Iterator[Reason]:
    """无需自备面单 is not 面单需要自己准备."""
    for number, text in enumerate(clause_texts(case.draft)):
        needs = _NEEDS.search(text) and not any(one.clause == number for one in told)
        if needs and denial.scope & grams(text):
            yield _lost_in(case, number, span)


def _is_copied(case: Case, denial: Denial, known: list[int]) -> bool:
    """Whether one of the draft's clauses is nearly the one that denies."""
    clause = case.template.clauses[denial.clause]
    said = grams(case.template.text[clause.start : clause.end])
    return any(len(said & grams(clause_texts(case.draft)[number])) > COPIED * len(said) for number in known)


def _others(reading: Reading, denied: list[Denial]) -> list[str]:
    """The clauses without a denial."""
    clauses = {one.clause for one in denied}
    return [text for number, text in enumerate(clause_texts(reading)) if number not in clauses]


def _says_nothing(reading: Reading, clauses: list[int]) -> bool:
    """0元手续费 is no fee."""
    texts = clause_texts(reading)
    return any(_NOTHING.search(texts[number]) for number in clauses)


def is_mention(case: Case, reading: Reading, denial: Denial) -> bool:
    """Whether claims look after it."""
    concepts = case.words.concepts
    return any(
        mention.clause == denial.clause
        and (mention.absent or min(mention.end, denial.end) - max(mention.start, denial.start) > 1)
        for mention in reading.mentions
        if concepts[mention.concept].kind not in {"topic", "light", "verb"}
    )


def _is_about(case: Case, denial: Denial) -> bool:
    """Whether the denying clause speaks of what the template speaks of."""
    clause = case.draft.clauses[denial.clause]
    shared = grams(case.draft.text[clause.start : clause.end]) & case.template.bigrams()
    return len(shared) >= COMPOUND
