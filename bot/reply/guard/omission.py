"""Rule omission: values, statuses and next steps of the template are in the draft, in some honest form."""

from __future__ import annotations

from collections.abc import Iterator

from bot.reply.guard.case import Case, Reason
from bot.reply.guard.equality import honest
from bot.reply.guard.reading import Reading, grams
from bot.reply.guard.text import Clause
from bot.reply.guard.values import Value

BESIDE = 3
"""How near to a date a weekday only repeats it."""
OPTIONAL = frozenset({"period", "daypart", "colour", "ordinal", "year", "month"})
STEP_MARKS = (
    "请",
    "可以",
    "可",
    "麻烦",
    "需要",
    "点击",
    "联系",
    "转人工",
    "打开",
    "记得",
    "建议",
    "烦请",
    "提供",
    "告诉",
    "发来",
    "发我",
    "申请",
)
STEP_KEPT = 0.25
ASPECTS_SHOWN = {
    "done": frozenset({"done", "bare", "after"}),
    "pending": frozenset({"pending", "future", "ongoing"}),
    "ongoing": frozenset({"ongoing", "pending", "bare", "future"}),
}


def check(case: Case) -> Iterator[Reason]:
    """Everything essential that the draft leaves out."""
    yield from _values(case)
    yield from _statuses(case)
    yield from _steps(case)


def _values(case: Case) -> Iterator[Reason]:
    told: set[tuple[str, frozenset[object]]] = set()
    for value in case.template.values:
        if (
            value.article
            or value.kind in OPTIONAL
            or _repeats(case.template, value)
            or (value.kind, value.keys) in told
        ):
            continue
        told.add((value.kind, value.keys))
        if any(
            honest(shown, value, case.words) or honest(value, shown, case.words)
            for shown in case.draft.values
        ):
            continue
        span = case.template.span(value.start, value.end)
        if value.kind in {"carrier", "channel", "place", "material", "size"} and _spoken(case, value):
            continue
        yield Reason("omission", "", span, f"模板里的“{span}”没有说到")


def _spoken(case: Case, value: Value) -> bool:
    return case.template.text[value.start : value.end] in case.draft.text


def _repeats(reading: Reading, value: Value) -> bool:
    """Whether a weekday only repeats the date beside it, or 后天 the date in brackets behind it."""
    if value.kind not in {"weekday", "date"}:
        return False
    for other in reading.values:
        near = 0 <= value.start - other.end <= BESIDE or (
            value.kind == "weekday" and 0 <= other.start - value.end <= BESIDE
        )
        if other.kind == "date" and near and not other.keys.isdisjoint(value.keys):
            return True
    return False


def _statuses(case: Case) -> Iterator[Reason]:
    concepts = case.words.concepts
    told = {mention.concept for mention in case.draft.mentions}
    for mention in case.template.mentions:
        concept = concepts[mention.concept]
        if concept.kind != "stage" or mention.aspect not in ASPECTS_SHOWN:
            continue
        if mention.concept not in told and not concept.near & told:
            others = [one.concept for one in case.template.mentions if one.start == mention.start]
            if any(one in told or concepts[one].near & told for one in others):
                continue
            span = case.template.span(mention.start, mention.end)
            yield Reason("omission", "", span, f"模板里的状态“{span}”没有说到")
            told.add(mention.concept)


def _steps(case: Case) -> Iterator[Reason]:
    """A clause that tells or offers the shopper what to do next is still there in other words."""
    draft = case.draft.bigrams()
    told = {mention.concept for mention in case.draft.mentions}
    told |= {near for name in told for near in case.words.concepts[name].near}
    for number, clause in enumerate(case.template.clauses):
        text = case.template.text[clause.start : clause.end]
        if not any(mark in text for mark in STEP_MARKS) or _is_courtesy(case, clause):
            continue
        spoken = {mention.concept for mention in case.template.mentions if mention.clause == number}
        content = [gram for gram in _content(case, clause) if gram not in STEP_MARKS]
        if spoken & told or not content:
            continue
        if sum(gram in draft for gram in content) / len(content) < STEP_KEPT:
            yield Reason(
                "omission", "", case.template.span(clause.start, clause.end), "模板里的下一步没有说到"
            )


def _content(case: Case, clause: Clause) -> list[str]:
    text = case.template.text[clause.start : clause.end]
    return sorted(grams("".join(ch for ch in text if ch not in "请您我的了吧哦呢啊~可以麻烦一下")))


def _is_courtesy(case: Case, clause: Clause) -> bool:
    """Thanks, wishes and standing offers may be left out or added."""
    hits = case.words.harmless.all(case.template.text[clause.start : clause.end])
    covered: set[int] = set()
    for start, end, _, topic in hits:
        if topic in {"courtesy", "feelings", "offers", "function"}:
            covered |= set(range(start, end))
    return len(covered) >= clause.end - clause.start
