"""Rules promise, status, polarity: how sure, how binding and how far along a draft says things are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.reply.guard.case import Case, Reason
from bot.reply.guard.mentions import DONE_SIGNS, Mention, has
from bot.reply.guard.reading import Reading, grams

ASSERTED = frozenset({"stage", "state", "grant", "claim"})
FREE = frozenset({"light", "topic"})
MILD = frozenset({"需要", "须", "请"})
"""What in a template may be said as 必须, but is no duty by itself."""
ALIKE = 3
"""So many pairs of characters make two clauses speak of the same."""
AHEAD = 12
_DONE = re.compile(
    r"已经?(?:由|将|把|[为帮给替][您你]|成功|完成|解决|处理|办好|搞定|生效)"
    r"|[为帮给替][您你](?![^,。]{0,6}[算查看列理捋念问找核挑选对])[^,。]{0,8}(?:好了|好啦|完了)"
)
_ALREADY = re.compile(r"已经?(?:[为帮给替][您你]|自动|成功)?(?P<verb>[㐀-鿿]{2})")
_OFFERS = re.compile(
    r"(?:我|我们|这边|小店)(?:也|还)?(?:可以|能)(?:请|让|帮[您你]?|给[您你]|为[您你]|替[您你])"
)
_DOES = re.compile(
    r"(?:我|我们|这边|小店)(?:会|这就|马上|现在|立刻)?(?:就)?(?:请|让|帮[您你]?|给[您你]|为[您你]|替[您你])"
)
_WILLING = re.compile(r"吗|要不要|如果|要是|需要的话|愿意|好不好|可以|能|若|想")


def check(case: Case) -> Iterator[Reason]:
    """What a draft says more surely, more bindingly or as further along than its template."""
    yield from _hedges(case)
    yield from _duty(case)
    yield from _done(case)
    yield from _halves(case)
    yield from _happened(case)
    yield from _asked(case)
    yield from _committed(case)


def _hedges(case: Case) -> Iterator[Reason]:
    """预计 is not 一定: a day, time or span that the template only expects stays expected."""
    for value in case.draft.values:
        if value.kind not in {"date", "duration", "time", "weekday", "daypart", "money"}:
            continue
        same = [one for one in case.template.values if value.same(one)]
        if not same or value.bound == "about" or _hedged(case, "draft", value.start):
            continue
        if all(_hedged(case, "template", one.start) or one.bound == "about" for one in same):
            yield Reason(
                "promise", case.draft.span(value.start, value.end), "预计", "模板只是预计,草稿说得确定"
            )


def _hedged(case: Case, which: str, place: int) -> bool:
    reading = case.draft if which == "draft" else case.template
    number = reading.clause_at(place)
    here = reading.clauses[number]
    near = reading.clauses[max(0, number - 2) : number + 2] if which == "draft" else [here]
    return any(
        has(case.words, "hedges", reading.text[one.start : one.end])
        for one in near
        if one.sentence == here.sentence
    )


def _duty(case: Case) -> Iterator[Reason]:
    """可以 is not 必须."""
    if has(case.words, "duties", case.template.text):
        return
    for start, end, _, word in case.words.manner_words["duties"].find(case.draft.text):
        if word in MILD or (word == "只能" and has(case.words, "limited", case.template.text)):
            continue
        yield Reason("polarity", case.draft.span(start, end), "可以", "模板没有说必须")
        return


def _done(case: Case) -> Iterator[Reason]:
    """由L码换为XL码 is not 已由L码换为XL码, whatever the verb."""
    concepts = case.words.concepts
    spoken = {
        one.clause
        for one in case.draft.mentions
        if one.aspect == "done" and concepts[one.concept].kind not in FREE
    }
    for number, clause in enumerate(case.draft.clauses):
        text = case.draft.text[clause.start : clause.end]
        done = _DONE.search(text)
        if done is None or number in spoken:
            continue
        alike = [one for one in _template_clauses(case) if len(grams(one) & grams(text)) >= ALIKE]
        undone = not any(sign in case.template.text for sign in DONE_SIGNS)
        if undone or (alike and not any(sign in one for one in alike for sign in DONE_SIGNS)):
            start = clause.start + done.start()
            yield Reason("status", case.draft.span(start, clause.end), "", "模板没有说已经做了")


def _template_clauses(case: Case) -> list[str]:
    return [case.template.text[one.start : one.end] for one in case.template.clauses]


def _halves(case: Case) -> Iterator[Reason]:
    """Where one thing is in stock and another is not, the draft says both."""
    for name, concept in case.words.concepts.items():
        theirs = {one.negative for one in case.template.mentions if one.concept == name}
        ours = {one.negative for one in case.draft.mentions if one.concept == name}
        if concept.kind == "state" and len(theirs) > len(ours) == 1:
            yield Reason("status", "", "", f"模板里一样是、一样不是,草稿只说了一种({name})")


def _happened(case: Case) -> Iterator[Reason]:
    """已经采纳: what has happened is in the template's words, or a concept, which is looked at apart."""
    spoken = {place for mention in case.draft.mentions for place in range(mention.start, mention.end)}
    known = f"{case.template.text}{case.facts.text}"
    for match in _ALREADY.finditer(case.draft.text):
        verb = match["verb"]
        if spoken & set(range(*match.span("verb"))) or verb in case.words.harmless.labels:
            continue
        if verb not in known and not set(verb) & set(known):
            yield Reason("promise", case.draft.span(*match.span()), "", "模板没有说已经做了")


def _asked(case: Case) -> Iterator[Reason]:
    """能取消吗? is no answer where the template says 能取消."""
    told = {mention.concept for mention in case.template.mentions if not _is_question(case.template, mention)}
    plain = {mention.concept for mention in case.draft.mentions if not _is_question(case.draft, mention)}
    for mention in case.draft.mentions:
        if case.words.concepts[mention.concept].kind in ASSERTED and mention.concept in told - plain:
            yield Reason("polarity", case.draft.span(mention.start, mention.end), "", "模板说了,草稿却在问")


def _is_question(reading: Reading, mention: Mention) -> bool:
    clause = reading.clauses[mention.clause]
    return reading.text[clause.end - 1] in "吗么" or reading.text[clause.end : clause.end + 1] == "?"


def _committed(case: Case) -> Iterator[Reason]:
    """我可以请人工催办 offers, 我请人工催办 does it."""
    for offer in _OFFERS.finditer(case.template.text):
        said = grams(case.template.text[offer.end() : offer.end() + AHEAD])
        for done in _DOES.finditer(case.draft.text):
            text = case.draft.text[done.end() : done.end() + AHEAD]
            if len(said & grams(text)) >= ALIKE and not _WILLING.search(case.draft.text):
                yield Reason("promise", case.draft.span(*done.span()), "可以", "模板只是说可以")
                return
