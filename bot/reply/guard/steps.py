"""Rule swap: steps told one after the other keep their order, in whatever words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

from bot.reply.guard.case import Case, Reason
from bot.reply.guard.equality import honest
from bot.reply.guard.reading import Reading, grams

CORE = 2
NEAR = 4
_TOLD = re.compile(r"先|然后|最后|接着|之后|再(?![次三])|第[一二三四五1-5]步|首先|其次|随后|后(?=[,再])")
_NUMBERED = re.compile(r"第[一二三四五1-5]步")
_PAIR = re.compile(r"先(?P<one>[㐀-鿿]{1,6}?)[,、]?(?:再|后)(?P<other>[㐀-鿿]{1,4})")
_FIRST = re.compile(r"(?<![事最原预])先(?![前后生])(?P<what>[㐀-鿿]{2,4})")
_DONE_FIRST = re.compile(r"[㐀-鿿]{1,4}(?:后|完|好)(?![,。])")
_WORD = re.compile(r"[㐀-鿿]{2}")
_IDLE = frozenset("第步的了是在您我们也都就可请要这那个一还再去来给为把被会能不有没到先您亲以之完好过")


def check(case: Case) -> Iterator[Reason]:
    """先撕膜, 再装回, 通电后开机 is not 先通电, 再撕膜: steps in any words."""
    if not _TOLD.search(case.draft.text):
        return
    yield from _turned(case)
    for steps in _told_steps(case.template):
        places = [_places(case, step, steps) for step in steps]
        for one, other in combinations(range(len(steps)), 2):
            if places[one] and places[other] and max(places[other]) < min(places[one]):
                yield Reason("swap", "", "", "步骤的先后和模板说的相反")
                return
        for match in _FIRST.finditer(case.draft.text):
            said = grams(match["what"])
            own = [_own(case.template.text, step, steps) for step in steps]
            behind = grams(case.draft.text[match.end() :])
            if said & frozenset().union(*own[1:]) and not said & own[0] and behind & own[0]:
                yield Reason("swap", case.draft.span(*match.span()), "", "模板里这不是第一步")
                return


def _turned(case: Case) -> Iterator[Reason]:
    """先退后买 is not 先买再退."""
    for its in _PAIR.finditer(case.template.text):
        first, then = set(its["one"]) - _IDLE, set(its["other"]) - _IDLE
        for mine in _PAIR.finditer(case.draft.text):
            one, other = set(mine["one"]) - _IDLE, set(mine["other"]) - _IDLE
            if one & (then - first) and other & (first - then) and not (one & (first - then)):
                yield Reason("swap", case.draft.span(*mine.span()), "", "步骤的先后和模板说的相反")
                return


def _told_steps(reading: Reading) -> Iterator[list[tuple[int, int]]]:
    """The stretches of a sentence, or of sentences that are numbered, which are told one after the other."""
    for first, last in _spans(reading):
        cuts = _cuts(reading, first, last)
        if len(cuts) < CORE:
            continue
        final = reading.clauses[reading.clause_at(cuts[-1])]
        if _NUMBERED.match(reading.text, cuts[-1]):  # 第三步:付款
            final = [one for one in reading.clauses if one.sentence == final.sentence][-1]
        later = [one for one in reading.clauses if one.start >= final.end and one.end <= last]
        more = [(one.start, one.end) for one in later if _DONE_FIRST.match(reading.text, one.start)]
        steps = [*zip(cuts, [*cuts[1:], final.end], strict=True), *more]
        steps = [(start, end) for start, end in steps if end - start > CORE]
        if len(steps) >= CORE:
            yield steps


def _cuts(reading: Reading, first: int, last: int) -> list[int]:
    """Where steps begin; what stands before the first 再 or 后 is one, too: 放平后再拆."""
    cuts = [match.start() for match in _TOLD.finditer(reading.text, first, last)]
    if cuts and reading.text[cuts[0]] not in "先第首":
        cuts.insert(0, reading.clauses[reading.clause_at(cuts[0])].start)
    return [cut for at, cut in enumerate(cuts) if at == 0 or cut - cuts[at - 1] > 1]


def _spans(reading: Reading) -> Iterator[tuple[int, int]]:
    if len(_NUMBERED.findall(reading.text)) >= CORE:
        yield 0, len(reading.text)
        return
    for number in sorted({one.sentence for one in reading.clauses}):
        inside = [one for one in reading.clauses if one.sentence == number]
        yield inside[0].start, inside[-1].end


def _own(text: str, step: tuple[int, int], steps: list[tuple[int, int]]) -> set[str]:
    """The pairs of characters that only one of some steps has."""
    others = "\n".join(text[start:end] for start, end in steps if (start, end) != step)
    pairs = grams(text[slice(*step)]) - grams(others)
    return {gram for gram in pairs if not set(gram) & _IDLE and _WORD.fullmatch(gram)}


def _places(case: Case, step: tuple[int, int], steps: list[tuple[int, int]]) -> list[int]:
    """Where the draft has what only one step says, unless it is told to be before something."""
    text, template = case.draft.text, case.template
    found = [text.index(gram) for gram in _own(template.text, step, steps) if text.count(gram) == 1]
    for value in template.values:
        if step[0] <= value.start < step[1] and not value.article:
            said = [one.start for one in case.draft.values if honest(one, value, case.words)]
            found += said if len(said) == 1 else []
    return [] if any("前" in text[at + CORE : at + CORE + NEAR] for at in found) else found
