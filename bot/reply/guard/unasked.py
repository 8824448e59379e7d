"""Rules polarity and promise: duties nobody set, answers to what only the shopper asked."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.reply.guard.case import Case, Reason
from bot.reply.guard.denials import Denial, clause_texts, denials, is_sorry
from bot.reply.guard.echo import consoles, has_echo
from bot.reply.guard.negation import MODAL, is_mention
from bot.reply.guard.reading import Reading, grams
from bot.reply.guard.values import Value

NAME = 3
_FINE = re.compile(r"(?:没事|没问题|没关系|不要紧|无妨|不碍事|随便|都行|照样)(?:的|哦|哈|呢|啦)*$")
_ABLE = re.compile(r"(?:都|也|是)?(?:能|可以|支持|适合|适用|可用|通用|没问题)")
_OF_ITSELF = re.compile(r"自动|系统会|无需|不用|不需|不必|直接")
_BY_HAND = re.compile(r"[您你](?:再|得|需要?|要|可以|来|自己|自行)*(?:联系|申请|提交|找)")
_APPLIES = re.compile(r"(?<!无需)(?<!免)(?:联系|申请|提交|找)")
_NO_NEED = re.compile(r"不用|不必|不需|无需|无须|甭")
_IF = re.compile(r"如|若|要是|的话|万一|一旦")
_HAN = re.compile(r"[㐀-鿿]+")


def check(case: Case) -> Iterator[Reason]:
    """Answers and duties that the template does not have."""
    denied, told = denials(case.template, case.words), denials(case.draft, case.words)
    yield from _treated(case, told, denied)
    yield from _answered(case, told)
    yield from _waved(case, denied)
    yield from _promised(case)
    yield from _spared(case, told, denied)
    yield from _automatic(case)


def _spared(case: Case, told: list[Denial], denied: list[Denial]) -> Iterator[Reason]:
    """不用清洗, where the template says 用清水洗净."""
    if any(one.need for one in denied):
        return
    for denial in told:
        if _NO_NEED.match(case.draft.text, denial.start) and any(_says(case, head) for head in denial.follow):
            yield Reason("polarity", case.draft.span(denial.start, denial.end), "", "模板说要")
            return


def _says(case: Case, head: str) -> bool:
    first, second = map(re.escape, head)
    return re.search(f"{first}[^,。;]{{0,3}}{second}", case.template.text) is not None


def _treated(case: Case, told: list[Denial], denied: list[Denial]) -> Iterator[Reason]:
    """不要暴晒 is not 太阳下晒两小时."""
    for value in case.draft.values:
        same = [one for one in case.template.values if value.kind == "care" and value.same(one)]
        if (
            same
            and all(_denies(case.template, denied, one) for one in same)
            and not _denies(case.draft, told, value)
        ):
            yield Reason("polarity", case.draft.span(value.start, value.end), "", "模板说不要,草稿说要")


def _denies(reading: Reading, found: list[Denial], value: Value) -> bool:
    number = reading.clause_at(value.start)
    return any(one.clause == number and one.start < value.start for one in found)


def _answered(case: Case, told: list[Denial]) -> Iterator[Reason]:
    """不会起球, where only the shopper spoke of it: nobody knows."""
    known = f"{case.template.text}{case.facts.text}"
    for denial in told:
        text = clause_texts(case.draft)[denial.clause]
        said = case.draft.text[denial.start : denial.end]
        if is_mention(case, case.draft, denial) or said.startswith(("不是", "并非", "不属于")):
            continue
        if MODAL.search(said) and MODAL.search(case.template.text):
            continue
        if denial.need or any(one.follow & denial.follow for one in denials(case.shopper, case.words)):
            continue
        asked = [head for head in denial.follow if head in case.shopper.text and head not in known]
        if (
            asked
            and not has_echo(case, denial.clause)
            and not consoles(case, denial.clause)
            and not _IF.search(text)
        ):
            yield Reason(
                "promise", case.draft.span(denial.start, denial.end), "", "只是顾客问的,模板没有回答"
            )
            return


def _waved(case: Case, denied: list[Denial]) -> Iterator[Reason]:
    """洗热水澡没事, where the template says 不适用于热水淋浴."""
    for number, text in enumerate(clause_texts(case.draft)):
        if not _FINE.search(text) or any(one.clause == number for one in denials(case.draft, case.words)):
            continue
        shared = max(
            (len(one.wide & grams(text)) for one in denied if not is_sorry(case, one.clause)), default=0
        )
        barred = {one.clause for one in denied}
        fine = max(
            (
                len(grams(it) & grams(text))
                for at, it in enumerate(clause_texts(case.template))
                if at not in barred
            ),
            default=0,
        )
        if shared > 0 and fine <= shared:
            clause = case.draft.clauses[number]
            yield Reason("polarity", case.draft.span(clause.start, clause.end), "", "模板说不行,草稿说没事")
            return


def _promised(case: Case) -> Iterator[Reason]:
    """卡罗拉都能装, where only the shopper spoke of a 卡罗拉."""
    known = f"{case.template.text}{case.facts.text}"
    for number, text in enumerate(clause_texts(case.draft)):
        able = _ABLE.search(text)
        if able is None or _IF.search(text) or has_echo(case, number) or consoles(case, number):
            continue
        before = text[: able.start()]
        runs = {before[at : at + NAME] for at in range(len(before) - NAME + 1)}
        asked = [
            run
            for run in runs
            if run in case.shopper.text and not set(run) & set(known) and _HAN.fullmatch(run)
        ]
        if asked and not any(end - start > 1 for start, end, _, _ in case.words.harmless.all(asked[0])):
            clause = case.draft.clauses[number]
            yield Reason(
                "promise", case.draft.span(clause.start, clause.end), "", "只是顾客问的,模板没有回答"
            )
            return


def _automatic(case: Case) -> Iterator[Reason]:
    """将自动退款 is not 您联系我们申请退款."""
    asked = _BY_HAND.search(case.draft.text)
    if (
        asked
        and _OF_ITSELF.search(case.template.text)
        and not _OF_ITSELF.search(case.draft.text)
        and not _APPLIES.search(case.template.text)
    ):
        yield Reason("promise", case.draft.span(*asked.span()), "自动", "模板说自动,草稿要顾客来办")
