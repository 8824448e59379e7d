"""Rule polarity for any word: what a template denies or restricts its draft does not affirm, nor the reverse.

Mentions of concepts are held in claims; here are all other words, by the two characters behind the negator.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from bot.reply.guard.case import Case, Reason
from bot.reply.guard.mentions import has
from bot.reply.guard.reading import Reading, grams
from bot.reply.guard.vocabulary import Vocabulary

GROUPS = ("negators", "pending", "no_need")
WAITING = frozenset({"等", "待", "等待", "等着", "还在等", "待您", "有待", "尚待", "即待", "排队等待"})
SKIPPED = frozenset("能会可以用再是有要需得被把给您的了也都就还太很另外额单独在")
MODALS = frozenset({"可以", "能够", "需要", "应该", "必须", "允许"})
COPIED = 0.6
COMPOUND = 3
SCOPE = 14
COVERED = 0.5
"""So much of what is denied must stand in a clause for it to be about the same."""
TIMES = frozenset("前后时")
_HAN = re.compile(r"[㐀-鿿]{2}")
_EXCEPT = re.compile(r"除|例外|不受|不算|不含|不包|但|不过|不在|只是|不参")
MODAL = re.compile(r"不可以|不能|不行|不支持|无法|不允许|没法")
_NEEDS = re.compile(r"需要|必须|得自|要自己|须")
_UNWILLING = re.compile(r"不想|不愿|不要|不喜欢|不合适|不满意")
_ONLY = re.compile(r"仅|只(?![要是需好有剩])|限(?!时)|唯一")
_DEPENDS = re.compile(r"为准|要看|看|视|取决|按实际|实际|为主|准")
_STOP = re.compile(r"因|是|所以|,|(?<!申)请|就|则|可以|会")
_NOTHING = re.compile(r"(?<![\d.])0(?:\.0+)?元|免费|免")


@dataclass(frozen=True)
class Denial:
    """A negator at `start`; `follow` are the pairs of characters right behind it, `heads`
    also those before it where nothing follows, `scope` all up to the stop.
    """

    start: int
    end: int
    clause: int
    heads: frozenset[str]
    follow: frozenset[str]
    scope: frozenset[str]
    need: bool


def check(case: Case) -> Iterator[Reason]:
    """Words with the wrong sign, conditions and restrictions that have gone."""
    denied, told = denials(case.template, case.words), denials(case.draft, case.words)
    yield from _added(case, told, denied)
    yield from _lost(case, denied, told)
    yield from _restrictions(case)
    yield from _gone(case, told)
    if "除外" in case.template.text and not _EXCEPT.search(case.draft.text):
        yield Reason("polarity", "", "除外", "模板里的例外没有了")


def _added(case: Case, told: list[Denial], denied: list[Denial]) -> Iterator[Reason]:
    absent = any(mention.absent for mention in case.template.mentions)
    for denial in told:
        if _is_mention(case, case.draft, denial) or is_sorry(case, denial.clause, case.draft):
            continue
        known = _about(_texts(case.template), denial)
        if any(mention.absent and mention.clause in known for mention in case.template.mentions):
            continue
        if (
            known
            and not any(one.clause in known for one in denied)
            and not _says_nothing(case.template, known)
            and not _is_trouble(case, denial, known)
        ):
            yield Reason("polarity", case.draft.span(denial.start, denial.end), "", "模板没有否定它")
        elif not known and not denied and not absent and _is_news(case, denial):
            yield Reason("polarity", case.draft.span(denial.start, denial.end), "", "模板里没有否定")


def _is_trouble(case: Case, denial: Denial, known: list[int]) -> bool:
    """暂停下单 lets a draft say 不能下单, if not in the template's own clause."""
    clause = case.draft.clauses[denial.clause]
    said = grams(case.draft.text[clause.start : clause.end])
    texts = [_texts(case.template)[number] for number in known]
    copied = any(len(said & grams(text)) > COPIED * len(said) for text in texts)
    return not copied and any(has(case.words, "troubles", text) for text in texts)


def _is_news(case: Case, denial: Denial) -> bool:
    """Whether a denial where the template has none says something of what the template speaks of."""
    if MODAL.search(case.draft.text, denial.start, denial.end):
        return True
    return _is_about(case, denial) and not has(case.words, "troubles", case.template.text)


def _lost(case: Case, denied: list[Denial], told: list[Denial]) -> Iterator[Reason]:
    texts = _texts(case.draft)
    limited = any(has(case.words, "limited", text) for text in _plain(case, case.draft))
    for denial in denied:
        if is_sorry(case, denial.clause):
            continue
        known = _about(texts, denial)
        span = case.template.span(denial.start, denial.end)
        if known:
            affirmed = _about(_others(case.template, denied), denial) and not _is_copied(case, denial, known)
            affirmed = affirmed and (
                len(told) >= len(denied) or limited or _UNWILLING.search(case.draft.text) is not None
            )
            others = frozenset[str]().union(*(one.follow for one in denied)) - denial.follow
            kept = any(one.clause in known for one in told if not one.follow or not one.follow <= others)
            kept = kept or _says_nothing(case.draft, known)
            if not affirmed and not kept:
                yield _lost_in(case, known[0], span)
            elif kept:
                yield from _elsewhere(case, denial, denied, told)
        elif denial.need:
            yield from _needed(case, denial, told, span)
        elif _is_lost(case, denied, told) and not _is_mention(case, case.template, denial):
            yield Reason("omission", "", span, f"模板里的“{span}”没有说到")


def _elsewhere(case: Case, denial: Denial, denied: list[Denial], told: list[Denial]) -> Iterator[Reason]:
    """小程序不支持 is not App 不支持: what stands before the negator is what is denied."""
    subject = denial.heads - denial.follow
    if not subject or any(head in text for head in subject for text in _others(case.template, denied)):
        return
    for number, text in enumerate(_texts(case.draft)):
        named = sum(head in text for head in subject) * 2 > len(subject)
        if named and not any(one.clause == number for one in told):
            yield _lost_in(case, number, case.template.span(denial.start, denial.end))


def _is_lost(case: Case, denied: list[Denial], told: list[Denial]) -> bool:
    """Whether the draft denies and restricts less often than the template."""
    theirs, ours = (
        sum(len(case.words.manner_words["limited"].find(text)) for text in _plain(case, reading))
        for reading in (case.template, case.draft)
    )
    return len(told) + ours < len(denied) + theirs and not _UNWILLING.search(case.draft.text)


def _lost_in(case: Case, number: int, span: str) -> Reason:
    clause = case.draft.clauses[number]
    return Reason("polarity", case.draft.span(clause.start, clause.end), span, "模板否定了,草稿没有")


def _needed(case: Case, denial: Denial, told: list[Denial], span: str) -> Iterator[Reason]:
    """无需自备面单 is not 面单需要自己准备."""
    for number, text in enumerate(_texts(case.draft)):
        needs = _NEEDS.search(text) and not any(one.clause == number for one in told)
        if needs and denial.scope & grams(text):
            yield _lost_in(case, number, span)


def _about(texts: list[str], denial: Denial) -> list[int]:
    """The clauses that speak of what is denied."""
    return [
        number
        for number, text in enumerate(texts)
        if any(head in text for head in denial.heads)
        or (len(denial.scope) >= COMPOUND and len(denial.scope & grams(text)) >= COVERED * len(denial.scope))
    ]


def is_sorry(case: Case, number: int, reading: Reading | None = None) -> bool:
    """Whether the clause only names the trouble that the shop is sorry for: …让您失望了,非常抱歉."""
    reading = reading or case.template
    here = reading.clauses[number]
    if _feels(case, reading.text[here.start : here.end]):
        return True
    apology = case.words.manner_words["apology"]
    return any(
        one.sentence == here.sentence and apology.all(reading.text[one.start : one.end])
        for one in reading.clauses[number + 1 :]
    )


def _feels(case: Case, text: str) -> bool:
    return any(topic == "feelings" for _, _, _, topic in case.words.harmless.all(text))


def _is_copied(case: Case, denial: Denial, known: list[int]) -> bool:
    """Whether one of the draft's clauses is nearly the one that denies."""
    clause = case.template.clauses[denial.clause]
    said = grams(case.template.text[clause.start : clause.end])
    return any(len(said & grams(_texts(case.draft)[number])) > COPIED * len(said) for number in known)


def _others(reading: Reading, denied: list[Denial]) -> list[str]:
    """The clauses without a denial."""
    clauses = {one.clause for one in denied}
    return [text for number, text in enumerate(_texts(reading)) if number not in clauses]


def _says_nothing(reading: Reading, clauses: list[int]) -> bool:
    """0元手续费 is no fee."""
    texts = _texts(reading)
    return any(_NOTHING.search(texts[number]) for number in clauses)


def _texts(reading: Reading) -> list[str]:
    return [reading.text[clause.start : clause.end] for clause in reading.clauses]


def _is_mention(case: Case, reading: Reading, denial: Denial) -> bool:
    """Whether claims look after it."""
    concepts = case.words.concepts
    return any(
        mention.clause == denial.clause
        and (mention.absent or min(mention.end, denial.end) - max(mention.start, denial.start) > 1)
        for mention in reading.mentions
        if concepts[mention.concept].kind not in {"topic", "light"}
    )


def _is_about(case: Case, denial: Denial) -> bool:
    """Whether the denying clause speaks of what the template speaks of."""
    clause = case.draft.clauses[denial.clause]
    shared = grams(case.draft.text[clause.start : clause.end]) & case.template.bigrams()
    return len(shared) >= COMPOUND


def denials(reading: Reading, words: Vocabulary) -> list[Denial]:
    """Every negator that denies something; polite ones (不客气, 别担心) are none."""
    return _denials(reading.text, tuple((one.start, one.end) for one in reading.clauses), words)


@lru_cache(maxsize=2048)
def _denials(text: str, clauses: tuple[tuple[int, int], ...], words: Vocabulary) -> list[Denial]:
    plain = words.names.blank(words.manner_words["not_negation"].blank(text))
    found = []
    for number, (start, end) in enumerate(clauses):
        found += list(_in_clause(plain, number, start, end, words))
    return found


def _in_clause(plain: str, number: int, start: int, end: int, words: Vocabulary) -> Iterator[Denial]:
    at = start
    while at < end:
        size = _negator(plain, at, end, words)
        if not size:
            at += 1
            continue
        word = plain[at : at + size]
        inner = word[-2:]
        heads = {inner} if size >= COMPOUND and _HAN.fullmatch(inner) and inner not in MODALS else set()
        if word in words.grammar["postnegators"] and at > start and len(word) == 2 and word[1] in "了成到上":
            heads.add(plain[at - 2 : at])
        head = at + size
        while head < end and plain[head] in SKIPPED:
            head += 1
        if _HAN.match(plain, head) and head + 2 <= end:
            heads.add(plain[head : head + 2])
        elif _HAN.match(plain, at + size) and at + size + 2 <= end:
            heads.add(plain[at + size : at + size + 2])
        follow = frozenset(heads)
        if not re.search(r"[㐀-鿿]{2}", plain[at + size : end]):
            heads |= grams("".join(re.findall(r"[㐀-鿿]", plain[start:at])))
        if head <= end:
            scope = grams(_STOP.split(plain[at + size : min(end, at + size + SCOPE)], maxsplit=1)[0])
            yield Denial(
                at,
                min(end, head + 2),
                number,
                frozenset(heads),
                follow,
                scope,
                word in words.grammar["no_need"],
            )
        at += size


def _negator(plain: str, at: int, end: int, words: Vocabulary) -> int:
    for size in range(min(5, end - at), 0, -1):
        word = plain[at : at + size]
        if word in WAITING:
            continue
        if any(word in words.grammar[group] for group in GROUPS) or (
            size == 2 and word in {"不了", "不成", "不到", "不上"}
        ):
            return size
    return 0


def _restrictions(case: Case) -> Iterator[Reason]:
    """仅限图书 is not 所有; a condition set with 如果 or 的话 stays a condition."""
    restricted = [text for text in _plain(case, case.template) if _ONLY.search(text)]
    kept = any(has(case.words, "limited", text) for text in _plain(case, case.draft))
    if restricted and not kept and not denials(case.draft, case.words):
        yield Reason("polarity", "", restricted[0], "模板里的限制没有了")
    limiting = [text for text in _plain(case, case.draft) if has(case.words, "restricting", text)]
    if limiting and not any(has(case.words, "limited", text) for text in _plain(case, case.template)):
        yield Reason("polarity", limiting[0], "", "模板里没有这个限制")
    if "为准" in case.template.text and not _DEPENDS.search(case.draft.text):
        yield Reason("omission", "", "为准", "模板里说以什么为准")
    strict = [
        text
        for text in _texts(case.template)
        if has(case.words, "strict_conditions", text) and not _polite(case, text)
    ]
    if strict and not any(
        has(case.words, name, case.draft.text) for name in ("strict_conditions", "limiting")
    ):
        yield Reason("polarity", "", strict[0], "模板里的条件没有了")


def _gone(case: Case, told: list[Denial]) -> Iterator[Reason]:
    """未拆封 and 发货前 set a condition: without them the draft says more than the template."""
    near = {
        name for one in case.draft.mentions for name in (one.concept, *case.words.concepts[one.concept].near)
    }
    limited = bool(told) or any(has(case.words, "limited", text) for text in _plain(case, case.draft))
    for mention in case.template.mentions:
        concept = case.words.concepts[mention.concept]
        if concept.kind in {"topic", "light", "verb"}:
            continue
        if mention.concept in near or concept.near & near:
            if (
                mention.negative
                and mention.aspect != "pending"
                and not told
                and not is_sorry(case, mention.clause)
            ):
                kin = {mention.concept, *concept.near}
                if not any(one.absent for one in case.draft.mentions if one.concept in kin):
                    yield Reason(
                        "polarity", "", case.template.span(mention.start, mention.end), "模板否定了,草稿没有"
                    )
            continue
        if is_sorry(case, mention.clause) or (mention.concept == "receive" and not told):
            continue
        after = case.template.text[mention.end : mention.end + 1]
        if (mention.absent and not limited) or (mention.aspect == "after" and after in TIMES):
            span = case.template.span(mention.start, mention.end)
            yield Reason("omission", "", span, f"模板里的条件“{span}”没有说到")


def _plain(case: Case, reading: Reading) -> list[str]:
    return [case.words.manner_words["not_restricting"].blank(text) for text in _texts(reading)]


def _polite(case: Case, text: str) -> bool:
    return any(topic == "offers" for _, _, _, topic in case.words.harmless.all(text))
