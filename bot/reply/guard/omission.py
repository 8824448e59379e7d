"""Rule omission: values, statuses and next steps of the template are in the draft, in some honest form."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from bot.reply.guard.case import Case, Reason
from bot.reply.guard.denials import is_sorry
from bot.reply.guard.equality import honest
from bot.reply.guard.mentions import Mention
from bot.reply.guard.reading import Reading, grams
from bot.reply.guard.recalled import GRANTED, is_recalled
from bot.reply.guard.text import Clause
from bot.reply.guard.values import Value

BESIDE = 3
NAMED_ON, NEAR = 2, 6
_SHOWN = re.compile(r"出示|携带|带好|带上|凭|持|提供|上传|核验|查验")
"""How near to a date a weekday only repeats it."""
OPTIONAL = frozenset(
    {
        "account", "attribute", "care", "cause", "colour", "daypart", "document", "extent", "goods", "keeper",
        "month", "ordinal", "party", "period", "relation", "role", "sanction", "spot", "ticket", "way",
        "year",
    }
)  # fmt: skip
_STEP = re.compile(
    r"(?<!申)请(?!问)|可以|麻烦|需要|点击|联系|转人工|打开|记得|建议|提供|告诉|发来|发我|填写|(?<![的款货])申请(?![已被未时])"
)
_OFFER = re.compile(
    r"(?:随时|再来|有(?:其他|别的|什么|任何)?(?:问题|需要|疑问|变化|事)).*(?:问|找|联系|告诉|叫|喊|说)"
)
_BINDING = re.compile(r"(?<!申)请(?!问)|麻烦|需要")
_ASKS = re.compile(
    r"请|麻烦|劳烦|[您你先]可|要|需|须|得|记得|建议|注意|先|最好|务必|告诉|发|联系|点|等|可以.{0,6}(?:来|去|到|看|选|改|联系|找|问|留言|打|查)|看看|就行|就好|就能|就可以|即可|别|勿|不能|不可|不得|不宜|禁|不妨|欢迎|[?呢吧]|哪|进|选|填|拍|还是|问问|看一?下|查一?下|准备|试|想好|换|约|瞧|再"
)
_HAN = re.compile(r"[㐀-鿿]")
_FREE = re.compile(r"免|没有|不收|不要|不用|不需|不补|不另|无|零")
_NAMED = re.compile(r"[「“\"](?P<name>[^」”\"]+)[」”\"]")
STEP_KEPT = 0.25
ASKED_KEPT = 0.7
"""So much of what is asked for, in the same words, needs no 请."""
LEAST, MANY = 2, 5
"""So many characters make a step; beside values, which are looked for apart, it takes more."""
TALLIES = frozenset({"款", "种", "样", "项", "码", "者", "个"})
ORDERS, LISTED = frozenset("笔单个件"), frozenset({"id", "number", "tail"})
_TELL = re.compile(r"告诉|告知|回复|提供|选择")
_TOLD = re.compile(r"说一声|说下|说说|回一下|回我|哪|[?呢]|选")
IDLE = frozenset("请您我的了吧哦呢啊给在把也先")
_ONCE = re.compile(r"(?:可以?|能|限|享受?|支持|免费|允许|提供)[^,。;]{0,6}[一1][次回](?!性)")
_ONCE_SAID = re.compile(r"[一1][次回]|仅|只|唯一|首[次回]|第一[次回]|单次|头一[次回]|[一1]遍")
SHOWN = frozenset({"done", "pending", "ongoing"})


def check(case: Case) -> Iterator[Reason]:
    """Everything essential that the draft leaves out."""
    yield from _both(case)
    yield from _values(case)
    yield from _statuses(case)
    yield from _steps(case)
    yield from _once(case)


def _values(case: Case) -> Iterator[Reason]:
    told: set[tuple[str, frozenset[object]]] = set()
    for value in case.template.values:
        if (
            value.article
            or (value.kind in OPTIONAL and not _is_needed(case.template, value))
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
        if value.kind == "count" and ("各" in case.draft.text or _is_tally(case, value)):
            continue
        if 0 in value.keys and value.kind == "money" and _FREE.search(case.draft.text):
            continue
        if value.kind == "person" and any(str(key) in case.draft.text for key in value.keys):
            continue
        if value.kind == "place" and _is_named_on(case, value):
            continue
        if value.kind == "date" and _is_today(case, value):
            continue
        if value.kind == "material" and re.match(r"[㐀-鿿]", case.template.text[value.end : value.end + 1]):
            continue
        if {"银行卡", "礼品卡"} & value.keys and "卡" in case.draft.text:
            continue
        if value.kind in {"carrier", "channel", "place", "material", "size"} and _spoken(case, value):
            continue
        yield Reason("omission", "", span, f"模板里的“{span}”没有说到")


def _is_today(case: Case, value: Value) -> bool:
    """今天17:00前 is 下午五点前: today need not be said beside a time of day."""
    if value.keys != {case.today}:
        return False
    times = [
        one for one in case.template.values if one.kind == "time" and 0 <= one.start - value.end < BESIDE
    ]
    return bool(times) and any(
        honest(shown, times[0], case.words) and not _is_dated(case.draft, shown)
        for shown in case.draft.values
    )


def _is_dated(reading: Reading, time: Value) -> bool:
    """Whether a day is named in the clause of a time."""
    clause = reading.clauses[reading.clause_at(time.start)]
    return any(
        one.kind in {"date", "weekday"} and clause.start <= one.start < clause.end for one in reading.values
    )


def _is_named_on(case: Case, value: Value) -> bool:
    """Whether the name goes on behind a place, and the draft has the rest: 上海外高桥."""
    rest = case.template.text[value.end : value.end + NAMED_ON]
    return len(_HAN.findall(rest)) == NAMED_ON and rest in case.draft.text


def _is_needed(reading: Reading, value: Value) -> bool:
    """由保险公司理赔 and 第二件半价: who does it, and of which one it is said."""
    if value.kind == "party":
        return reading.text[value.start - 1 : value.start] == "由"
    if value.kind == "document":
        return _SHOWN.search(reading.text, max(0, value.start - NEAR), value.start) is not None
    return value.kind == "ordinal" and any(
        one.kind == "off" and 0 <= one.start - value.end < BESIDE for one in reading.values
    )


def _is_tally(case: Case, value: Value) -> bool:
    """两款均为…, 3笔订单: a count of what is listed besides."""
    unit = {key[1] for key in value.keys if isinstance(key, tuple)}
    if unit & TALLIES and value.raw & {2.0, 3.0}:
        return True
    listed = Counter(
        kind for kind, _ in {(one.kind, one.keys) for one in case.template.values} if kind in LISTED
    )
    return bool(unit & ORDERS) and any(amount in value.raw for amount in listed.values())


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
    """What has happened, is under way, is still to come or is not so."""
    told: set[str] = set()
    for mention in case.template.mentions:
        kind = case.words.concepts[mention.concept].kind
        if mention.concept in told or (kind not in {"stage", "state"} and mention.concept not in GRANTED):
            continue
        if mention.concept not in GRANTED and mention.aspect not in SHOWN and not mention.negative:
            continue
        told.add(mention.concept)
        if is_sorry(case, mention.clause) or (mention.concept == "receive" and not _valued(case, mention)):
            continue
        attributive = case.template.text[mention.end : mention.end + 1] == "的"
        if _values_kept(case, mention) and (
            attributive or mention.concept in GRANTED or _others_kept(case, mention)
        ):
            continue
        names = {one.concept for one in case.template.mentions if one.start == mention.start}
        if any(is_recalled(case, mention, case.words.concepts[name].short) for name in names):
            continue
        near = names | {near for name in names for near in case.words.concepts[name].near}
        shown = [one for one in case.draft.mentions if one.concept in near or _is_near(case, one, names)]
        if not shown or (
            mention.aspect == "done" and not mention.absent and not any(_is_done(case, one) for one in shown)
        ):
            span = case.template.span(mention.start, mention.end)
            yield Reason("omission", "", span, f"模板里的状态“{span}”没有说到")


def _both(case: Case) -> Iterator[Reason]:
    """Where one order is dispatched and another is not, the draft says both."""
    for one in case.template.mentions:
        concept = case.words.concepts[one.concept]
        if concept.kind != "stage" or not concept.short or one.aspect not in {"done", "pending"}:
            continue
        other = {"done": "pending", "pending": "done"}[one.aspect]
        if not any(it.concept == one.concept and it.aspect == other for it in case.template.mentions):
            continue
        ours = {it.aspect for it in case.draft.mentions if it.concept == one.concept}
        if ours == {other} and not is_recalled(case, one, concept.short):
            span = case.template.span(one.start, one.end)
            yield Reason("status", "", span, "模板里一个是、一个还不是,草稿只说了一种")
            return


def _values_kept(case: Case, mention: Mention) -> bool:
    """Whether the clause of what is granted has values, and all are in the draft."""
    clause = case.template.clauses[mention.clause]
    inside = [
        one for one in case.template.values if clause.start <= one.start < clause.end and not one.article
    ]
    return bool(inside) and all(
        any(honest(shown, one, case.words) for shown in case.draft.values) for one in inside
    )


def _others_kept(case: Case, mention: Mention) -> bool:
    """Whether another matter of the clause is told with the same sign: 退款已提交银行."""
    ours = {(one.concept, one.aspect) for one in case.draft.mentions}
    ours |= {(one.concept, "done") for one in case.draft.mentions if _is_stressed(case.draft, one)}
    return any(
        (one.concept, one.aspect) in ours and one.concept != mention.concept
        for one in case.template.mentions
        if one.clause == mention.clause and one.aspect == mention.aspect
    )


def _is_stressed(reading: Reading, mention: Mention) -> bool:
    """是19号提交的: it has been done."""
    clause = reading.clauses[mention.clause]
    before = reading.text[clause.start : mention.start]
    return "是" in before and reading.text[mention.end : mention.end + 1] == "的"


def _valued(case: Case, mention: Mention) -> bool:
    clause = case.template.clauses[mention.clause]
    return any(clause.start <= value.start < clause.end for value in case.template.values)


def _is_near(case: Case, mention: Mention, names: set[str]) -> bool:
    return bool(case.words.concepts[mention.concept].near & names)


def _is_done(case: Case, mention: Mention) -> bool:
    """已退款, 退好了, or a day on which it was done."""
    clause = case.draft.clauses[mention.clause]
    dated = any(
        value.kind == "date" and clause.start <= value.start < clause.end for value in case.draft.values
    )
    return dated or "done" in mention.loose or mention.aspect in {"after", "ongoing"}


def _steps(case: Case) -> Iterator[Reason]:
    """A clause that tells or offers the shopper what to do next is still there in other words."""
    told = {mention.concept for mention in case.draft.mentions}
    acts = {name for name, concept in case.words.concepts.items() if concept.kind in {"act", "step", "grant"}}
    told |= {near for name in told & acts for near in case.words.concepts[name].near}
    for number, clause in enumerate(case.template.clauses):
        marks = list(_STEP.finditer(case.template.text, clause.start, clause.end))
        if not marks or is_courtesy(case, clause) or _is_named(case, clause):
            continue
        spoken = _only_here(case, number) & acts
        valued = any(marks[0].start() <= value.start < clause.end for value in case.template.values)
        told_here = content(case, marks[0].start(), clause.end)
        if spoken & told or len(told_here) < (MANY if valued else LEAST):
            continue
        whole = content(case, clause.start, clause.end)
        if len(whole & set(case.draft.text)) * 10 >= len(whole) * 9:
            continue
        copied = len(told_here & set(case.draft.text)) > ASKED_KEPT * len(told_here)
        if _BINDING.search(marks[0].group()) and not copied and not _ASKS.search(case.draft.text):
            yield Reason("omission", "", case.template.span(clause.start, clause.end), "模板里的要求没有说到")
            continue
        if _TELL.search(case.template.text, clause.start, clause.end) and _TOLD.search(case.draft.text):
            continue
        whole = content(case, clause.start, clause.end)
        said = _said(case, clause)
        silent = len(told_here) > LEAST and not told_here & said
        if (
            silent
            or _is_gone(case, clause, whole, said)
            or all(len(part & said) < STEP_KEPT * len(part) for part in (told_here, whole))
        ):
            yield Reason(
                "omission", "", case.template.span(clause.start, clause.end), "模板里的下一步没有说到"
            )


def _said(case: Case, clause: Clause) -> set[str]:
    """The characters of the draft, and those of words for which it has another one: 核对 for 确认."""
    told = case.words.alike(case.draft.text)
    hits = case.words.alike_words.all(case.template.text[clause.start : clause.end])
    return set(case.draft.text).union(
        *(
            case.template.text[clause.start + start : clause.start + end]
            for start, end, _, name in hits
            if name in told
        )
    )


def _only_here(case: Case, number: int) -> set[str]:
    """The matters that one clause of the template speaks of and no other does."""
    clause, text = case.template.clauses[number], case.template.text
    around = f"{text[: clause.start]}\n{text[clause.end :]}"
    here = [one for one in case.template.mentions if one.clause == number]
    others = {one.concept for one in case.template.mentions if one.clause != number}
    return {one.concept for one in here if text[one.start : one.end] not in around} - others


def _once(case: Case) -> Iterator[Reason]:
    """可以更正一次: how often one may do it is part of what is granted."""
    match = _ONCE.search(case.template.text)
    if match and not _ONCE_SAID.search(case.draft.text):
        yield Reason("omission", "", case.template.span(*match.span()), "模板里的次数没有说到")


def _is_gone(case: Case, clause: Clause, content: set[str], said: set[str]) -> bool:
    """Whether nothing that only this clause says is in the draft."""
    others = [case.template.text[one.start : one.end] for one in case.template.clauses if one != clause]
    pairs = {gram for gram in grams(case.template.text[clause.start : clause.end]) if set(gram) <= content}
    own = {gram for gram in pairs if not any(gram in text for text in others)}
    return len(own) > LEAST and not own & case.draft.bigrams() and len(content & said) * 3 < len(content)


def _is_named(case: Case, clause: Clause) -> bool:
    """请打开「我的订单」 is told wherever its name is."""
    name = _NAMED.match(case.template.text, clause.end)
    return name is not None and name["name"] in case.draft.text


def content(case: Case, start: int, end: int, words: frozenset[str] = frozenset()) -> set[str]:
    """The characters of a step that say something; values are looked for apart, those of `words` are not."""
    inside = {
        at
        for value in case.template.values
        for at in range(value.start, value.end)
        if start <= value.start < end and value.kind not in words
    }
    text = "".join(case.template.text[at] for at in range(start, end) if at not in inside)
    for word in ("可以", "麻烦", "一下", "需要", "建议"):
        text = text.replace(word, "")
    return {ch for ch in text if ch not in IDLE and "\u3400" <= ch <= "\u9fff"}


def is_courtesy(case: Case, clause: Clause) -> bool:
    """Thanks, wishes and standing offers may be left out or added."""
    if _OFFER.search(case.template.text, clause.start, clause.end):
        return True
    hits = case.words.harmless.all(case.template.text[clause.start : clause.end])
    covered: set[int] = set()
    for start, end, _, topic in hits:
        if topic in {"courtesy", "feelings", "offers"}:
            covered |= set(range(clause.start + start, clause.start + end))
    text = case.template.text
    return all(at in covered or text[at] in IDLE for at in range(clause.start, clause.end))
