"""Rules promise, status, polarity: how sure, how binding and how far along a draft says things are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.reply.guard.case import Case, Reason
from bot.reply.guard.denials import clause_texts
from bot.reply.guard.mentions import Mention, has
from bot.reply.guard.reading import Reading, grams

ASSERTED = frozenset({"stage", "state", "grant", "claim"})
FREE = frozenset({"light", "topic"})
MILD = frozenset({"需要", "须", "请"})
"""What in a template may be said as 必须, but is no duty by itself."""
ALIKE = 3
"""So many pairs of characters make two clauses speak of the same."""
AHEAD = 12
_OFFERS = re.compile(
    r"(?:我|我们|这边|小店)(?:也|还)?(?:可以|能)(?:请|让|帮[您你]?|给[您你]|为[您你]|替[您你])"
)
_DOES = re.compile(
    r"(?:我|我们|这边|小店)(?:会|这就|马上|现在|立刻)?(?:就)?(?:请|让|帮[您你]?|给[您你]|为[您你]|替[您你])"
)
_STRICT = re.compile(r"必须|务必|严禁|一定要")
_STRICTLY = re.compile(r"必须|务必|一定|得|要|需|须|不能|别|不可|才|严禁|禁止|不得|千万")
_MUST = re.compile(r"(?<![无不])(?:必须|务必|须|只能|一律|一定要)(?!知)")
_MAY = re.compile(
    r"(?<![才方就便即不后])(?<!之后)可以(?!放心)|也行|都行|随意|自愿|可选|随您|看您|也可(?!以)|(?<=[,。;])可(?=[㐀-鿿])"
)
_PLAIN_PAIR = re.compile(r"[㐀-鿿]{2}")
_PAST = re.compile(r"过期|到期|截止|结束|过了|失效")
_ABLE = re.compile(r"(?<![不没])(?:可以|可|能|支持)")
_AGAIN = re.compile(r"(?:还|仍|依然|依旧|照样)(?:然|旧)?(?:是)?(?:可以|能|可|支持)(?!量)")
_BOUND = re.compile(
    r"必(?!要)|务必|须|需(?!求)|要(?!是)|得(?=[㐀-鿿])|只能|不得|不能|不可|勿|(?<!申)请|才|仅|限|一律|强制|一定|方可"
)
_OR = re.compile(r"或者|或(?!许|多|缺)")
_AND = re.compile(
    r"并且|而且|同时|并(?=[退补赔换送给])|再(?=[退补赔换送给])|又(?=[退补赔换送给])|还会|也会|以及"
)
_WITH = re.compile(r"和|与|及|加|还有|外加|跟")
_CHOOSE = re.compile(r"或|还是|选|要么|任[意一]|也可以|也行|都行|都可以|二者|看您")
_CHOICE = re.compile(r"还是|哪")
_TRIES = re.compile(r"问问|看看能否|看能否|能否|看看有没有|试试|争取|尽量|想办法|商量")
SHORT = 4
_BY_US = re.compile(r"(?:我|我们|这边|小店|客服)(?:这边|这就|先|来|会|马上|现在)*(?:帮|替|为|给)[您你]")
WILLING = re.compile(r"吗|要不要|如果|要是|需要的话|愿意|好不好|可以|能|若|想")


def check(case: Case) -> Iterator[Reason]:
    """What a draft says more surely, more bindingly or as further along than its template."""
    yield from _hedges(case)
    yield from _duty(case)
    yield from _asked(case)
    yield from _weakened(case)
    yield from _still(case)
    yield from _tentative(case)
    yield from _taken_over(case)
    yield from _committed(case)
    yield from _either(case)


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
    texts = clause_texts(case.template)
    for start, end, _, word in case.words.manner_words["duties"].find(case.draft.text):
        if word in MILD or (word == "只能" and has(case.words, "limited", case.template.text)):
            continue
        clause = case.draft.clauses[case.draft.clause_at(start)]
        inside = [one for one in case.draft.values if clause.start <= one.start < clause.end]
        if word == "只能" and any(one.same(other) for one in inside for other in case.template.values):
            continue
        said = {
            gram for gram in grams(case.draft.text[clause.start : clause.end]) if _PLAIN_PAIR.fullmatch(gram)
        }
        if any(_BOUND.search(text) and said & grams(text) for text in texts):
            continue
        yield Reason("polarity", case.draft.span(start, end), "可以", "模板没有说必须")
        return


def _weakened(case: Case) -> Iterator[Reason]:
    """将到账 is not 争取到账, 必须 not 可以考虑."""
    for begin, end, _, _ in case.words.manner_words["weakening"].find(case.draft.text):
        clause = case.draft.clauses[case.draft.clause_at(begin)]
        starts = [one.start for one in case.draft.values] + [one.start for one in case.draft.mentions]
        about = any(clause.start <= start < clause.end for start in starts)
        hits = case.words.harmless.all(case.draft.text[clause.start : clause.end])
        feels = any(topic in {"feelings", "offers"} for _, _, _, topic in hits)
        if (
            about
            and not _is_loose(case, clause.start, clause.end)
            and not feels
            and "?" not in case.draft.text[end : clause.end + 1]
        ):
            yield Reason("promise", case.draft.span(begin, end), "", "模板说得确定,草稿说得含糊")
            return
    yield from _loosened(case)
    if _STRICT.search(case.template.text) and not _STRICTLY.search(case.draft.text):
        yield Reason("polarity", "", "必须", "模板说必须,草稿没有")


def _loosened(case: Case) -> Iterator[Reason]:
    """须反向安装 is not 可以反向安装, nor 反向安装也行."""
    for must in _MUST.finditer(case.template.text):
        clause = case.template.clauses[case.template.clause_at(must.start())]
        said = case.template.text[must.end() : min(clause.end, must.end() + AHEAD)]
        pairs = {gram for gram in grams(said) if _PLAIN_PAIR.fullmatch(gram)}
        if not pairs or _MAY.search(case.template.text, clause.start, clause.end):
            continue
        for here in case.draft.clauses:
            text = case.draft.text[here.start : here.end]
            may = _MAY.search(text)
            if may and len(pairs & grams(text)) * 2 >= len(pairs) and not _STRICTLY.search(text):
                yield Reason(
                    "polarity", case.draft.span(here.start, here.end), must.group(), "模板说必须,草稿说可以"
                )
                return


def _is_loose(case: Case, start: int, end: int) -> bool:
    """Whether the template is no surer of what a stretch of the draft speaks of."""
    names = {one.concept for one in case.draft.mentions if start <= one.start < end} - FREE
    names = {name for name in names if case.words.concepts[name].kind not in FREE}
    places = {one.clause for one in case.template.mentions if one.concept in names}
    texts = clause_texts(case.template)
    said = [texts[number] for number in places] or [case.template.text]
    return any(has(case.words, name, text) for text in said for name in ("hedges", "weakening"))


def _still(case: Case) -> Iterator[Reason]:
    """您现在还可以申请退货, where the time is over."""
    over = any(one.concept in {"over", "expire"} and one.aspect == "done" for one in case.template.mentions)
    match = _AGAIN.search(case.draft.text)
    if over and match and not _AGAIN.search(case.template.text) and not _is_told_able(case, match):
        yield Reason("promise", case.draft.span(*match.span()), "", "模板说已经过了")


def _is_told_able(case: Case, again: re.Match[str]) -> bool:
    """还可以继续累积积分, where the template says so of what is to come."""
    clause = case.draft.clauses[case.draft.clause_at(again.start())]
    said = grams(case.draft.text[again.end() : clause.end])
    return any(
        len(said & grams(text)) >= ALIKE and not _PAST.search(text) and _ABLE.search(text)
        for text in clause_texts(case.template)
    )


def _tentative(case: Case) -> Iterator[Reason]:
    """我们给您调货 is more than 帮您问问调货."""
    for match in _TRIES.finditer(case.template.text):
        clause = case.template.clauses[case.template.clause_at(match.start())]
        tried = {gram for gram in grams(case.template.text[match.end() : clause.end]) if "您" not in gram}
        for done in _DOES.finditer(case.draft.text):
            here = case.draft.clauses[case.draft.clause_at(done.start())]
            text = case.draft.text[here.start : here.end]
            if (
                tried & grams(case.draft.text[done.end() : here.end])
                and not _TRIES.search(text)
                and not WILLING.search(text)
            ):
                yield Reason(
                    "promise", case.draft.span(done.start(), here.end), match.group(), "模板只是去问、去试"
                )
                return


def _taken_over(case: Case) -> Iterator[Reason]:
    """建议您联系顺丰 is not 我帮您联系顺丰: what the shopper is asked to do nobody does for them."""
    asked = {
        one.concept for one in case.template.mentions if one.aspect in {"ask", "must"} and not one.absent
    }
    ours = {one.concept for one in case.template.mentions if one.aspect not in {"ask", "must"}}
    for mention in case.draft.mentions:
        clause = case.draft.clauses[mention.clause]
        before = case.draft.text[clause.start : mention.start]
        if (
            mention.concept in asked - ours
            and _BY_US.search(before)
            and not _BY_US.search(case.template.text)
        ):
            yield Reason(
                "promise",
                case.draft.span(clause.start, mention.end),
                "请您",
                "模板请顾客自己来,草稿说替顾客办",
            )
            return


def _asked(case: Case) -> Iterator[Reason]:
    """能取消吗? is no answer where the template says 能取消."""
    told = {mention.concept for mention in case.template.mentions if not _is_question(case.template, mention)}
    plain = {mention.concept for mention in case.draft.mentions if not _is_question(case.draft, mention)}
    for mention in case.draft.mentions:
        if _CHOICE.search(case.draft.text):
            return
        if case.words.concepts[mention.concept].kind in ASSERTED and mention.concept in told - plain:
            yield Reason("polarity", case.draft.span(mention.start, mention.end), "", "模板说了,草稿却在问")


def _is_question(reading: Reading, mention: Mention) -> bool:
    clause = reading.clauses[mention.clause]
    if "是否" in reading.text[clause.start : clause.end]:
        return True
    return reading.text[clause.end - 1] in "吗么" or reading.text[clause.end : clause.end + 1] == "?"


def _committed(case: Case) -> Iterator[Reason]:
    """我可以请人工催办 offers, 我请人工催办 does it."""
    for offer in _OFFERS.finditer(case.template.text):
        said = grams(case.template.text[offer.end() : offer.end() + AHEAD])
        for done in _DOES.finditer(case.draft.text):
            text = case.draft.text[done.end() : done.end() + AHEAD]
            if len(said & grams(text)) >= ALIKE and not WILLING.search(case.draft.text):
                yield Reason("promise", case.draft.span(*done.span()), "可以", "模板只是说可以")
                return


def _either(case: Case) -> Iterator[Reason]:
    """补发并且退款 is more than 补发或退款."""
    if _CHOOSE.search(case.draft.text):
        return
    for choice in _OR.finditer(case.template.text):
        number = case.template.clause_at(choice.start())
        near = [one for one in case.template.mentions if abs(one.clause - number) <= 1]
        before = {one.concept for one in near if 0 <= choice.start() - one.end <= SHORT}
        behind = {one.concept for one in near if 0 <= one.start - choice.end() <= SHORT}
        told = {one.concept for one in case.draft.mentions if not one.absent}
        both = _AND.search(case.draft.text) or _joined(case, before, behind)
        if both and before & told and behind & told and not before & behind:
            yield Reason("promise", case.draft.span(*both.span()), choice.group(), "模板里只能选一样")
            return


def _joined(case: Case, before: set[str], behind: set[str]) -> re.Match[str] | None:
    """一张券和一个音箱: two things of a choice joined in one clause."""
    for one in case.draft.mentions:
        for other in case.draft.mentions:
            if one.clause == other.clause and one.concept in before and other.concept in behind:
                joint = _WITH.search(case.draft.text, one.end, max(one.end, other.start))
                if joint:
                    return joint
    return None
