"""Rule omission: clauses, and what follows 须, 勿 or 请 in them, of which the draft has nothing at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.reply.guard.case import Case, Reason
from bot.reply.guard.denials import is_sorry
from bot.reply.guard.omission import OPTIONAL, content, is_courtesy
from bot.reply.guard.reading import grams
from bot.reply.guard.recalled import RECALLED

WHOLE, TAIL = 4, 3
"""So many characters that only this clause has make it worth saying; behind a mark it takes fewer."""
FEW = 7
"""Of so many characters one may stand in the draft by chance."""
NAMES = OPTIONAL - {"party"}
"""Values that are only words."""
WORDS = frozenset({"attribute", "document", "care", "goods"})
"""Of these what is left out is missed as any word is."""
_MARK = re.compile(r"属于?|已经?(?=[㐀-鿿]{4})|正在|必须|须|需要?|才|应|不|勿|别|仅|只|请|可|后|前|时")
_AND = re.compile(
    r"(?:且(?!慢)|并且|同时|凭借?|持有?)(?P<what>[^,。;:、]{2,}?)(?=时|的|可|才|支持|享|方|能|就|即|[,。;]|$)"
)
_IF = re.compile(r"如|若|要是|想")
_BASIS = re.compile(r"(?<![不未])按(?:照)?(?P<what>[^,。;:、]{2,}?)(?:来|进行)?(?:计算|算|收取|收费|计费|计)")
_SHOWN_AT = re.compile(r"(?:见|位于|印在|贴在|写在|标在|刻在)(?P<what>[㐀-鿿]{2,6})(?=[,。;]|$)")
_FIRST = re.compile(r"(?:先|请)(?P<what>[㐀-鿿]{2,6}?)(?:之?后|完|好|干净)?,?再(?![次三])")
_SUPPOSED = re.compile(r"如|若|要是|假如|的话|只要|万一|一旦|遇到|碰到|不想|不愿|想|只有|还是|仍|出现")
_EXCEPT = re.compile(
    r"除(?:了|去|开)?(?P<first>[^,。;:、]{2,12}?)(?:以外|之外|外)"
    r"|(?:^|[,。;:(])(?P<last>[^,。;:()]{2,12}?)(?:除外|例外|不在此列|不在其列)"
)
_IDLE = frozenset("还是有和与及或会将要可以能为由后前时内中上下这那个一不没未无已到从等的商品类因此该所以法")


@dataclass(frozen=True)
class Part:
    """A stretch of the template; `before` is what its clause says before it."""

    start: int
    end: int
    before: str
    least: int


def check(case: Case) -> Iterator[Reason]:
    """Conditions, warnings and exceptions that have gone without a trace."""
    for part in _parts(case):
        if _is_lost(case, part):
            yield Reason("omission", "", case.template.span(part.start, part.end), "模板里的这一句没有说到")
            return
    for match in _AND.finditer(case.template.text):
        if _is_lost(case, Part(*match.span("what"), "", TAIL - 1)):
            yield Reason("omission", "", case.template.span(*match.span()), "模板里的这一条件没有说到")
            return
    for pattern in (_BASIS, _FIRST, _SHOWN_AT):
        for match in pattern.finditer(case.template.text):
            if _is_silent(case, *match.span("what")):
                yield Reason("omission", "", case.template.span(*match.span()), "模板里的这一步没有说到")
                return
    yield from _excepted(case)


def _parts(case: Case) -> Iterator[Part]:
    text = case.template.text
    for number, clause in enumerate(case.template.clauses):
        if (
            is_courtesy(case, clause)
            or is_sorry(case, number)
            or text[clause.end : clause.end + 1] == ":"
            or "为准" in text[clause.start : clause.end]
            or (_IF.match(text, clause.start) and _SUPPOSED.search(case.draft.text))
        ):
            continue
        yield Part(clause.start, clause.end, "", WHOLE)
        for mark in _MARK.finditer(text, clause.start, clause.end):
            least = WHOLE if mark.group()[0] in "已正" else TAIL
            yield Part(mark.end(), clause.end, text[clause.start : mark.start()], least)


def _is_lost(case: Case, part: Part) -> bool:
    text = case.template.text
    around = text[: part.start] + text[part.end :]
    own = content(case, part.start, part.end, WORDS) - _IDLE - set(around) - set(part.before)
    if len(own) < part.least or len(own & set(case.draft.text)) > len(own) // FEW:
        return False
    if any(part.start <= one.start < part.end and one.kind not in NAMES for one in case.template.values):
        return False
    alike = case.words.alike(text[part.start : part.end]) - case.words.alike(around)
    return not alike & case.words.alike(case.draft.text) and not _is_meant(case, part)


def _is_silent(case: Case, start: int, end: int) -> bool:
    """Whether the draft has no word of a short stretch, whatever values stand in it."""
    text = case.template.text
    around = f"{text[:start]}\n{text[end:]}"
    own = content(case, start, end) - _IDLE - set(around)
    alike = case.words.alike(text[start:end]) - case.words.alike(around)
    return (
        bool(own)
        and not own & set(case.draft.text)
        and not grams(text[start:end]) & case.draft.bigrams()
        and not alike & case.words.alike(case.draft.text)
        and not _is_meant(case, Part(start, end, "", 1))
    )


def _is_meant(case: Case, part: Part) -> bool:
    """Whether a matter that only this part speaks of is in the draft, under any name."""
    concepts = case.words.concepts
    text = case.template.text
    around = f"{text[: part.start]}\n{text[part.end :]}"
    inside = [one for one in case.template.mentions if part.start <= one.start < part.end]
    others = {one.concept for one in case.template.mentions if one not in inside}
    others |= {one.concept for one in inside if text[one.start : one.end] in around}
    told = {one.concept for one in case.draft.mentions}
    return any(
        name in told
        or concepts[name].near & told
        or any(name in concepts[one].near for one in told)
        or concepts[name].short & set(case.draft.text)
        or (name in RECALLED and RECALLED[name].search(case.draft.text) is not None)
        for name in {one.concept for one in inside} - others
    )


def _excepted(case: Case) -> Iterator[Reason]:
    """除黄金类以外: what is taken out is named."""
    for match in _EXCEPT.finditer(case.template.text):
        start, end = match.span("first" if match["first"] else "last")
        named = content(case, start, end) - _IDLE
        if named and not named & set(case.draft.text) and not _is_meant(case, Part(start, end, "", 1)):
            yield Reason("omission", "", case.template.span(*match.span()), "模板里的例外没有说到")
            return
