"""Rules polarity and omission: what costs nothing and what is charged for keep their places."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.reply.guard.case import Case, Reason
from bot.reply.guard.denials import clause_texts
from bot.reply.guard.reading import Reading

_COSTS = re.compile(
    r"付|收(?![到货藏件获])|费用|手续费|花钱|要钱|自理|自费|有偿|另算|另计|元|块|承担|负担|您出|自己出|自己掏|加钱"
)
_FEE = re.compile(r"运费|邮费|快递费|配送费|手续费|服务费|安装费|检测费|上门费|税点|税费|押金|工本费")
_FREE = re.compile(r"免|不|无|没|0元|零|我们|店|商家|卖家")
_PAID = re.compile(r"付(?!款)|收取|要收|另收|交|补|承担|自理|您出|自己出|到付")
_BY_SHOP = re.compile(r"我们|店|商家|卖家|这边|险")
FAR = 6
_CHARGE = re.compile(r"(?<![不免未])(?:收取?|付|交)(?=(?:您)?\d+(?:\.\d+)?[元块])")
_LINKS = re.compile(r"[也都则需要是另再还会得均就的呢]+$")
_HAN = re.compile(r"[㐀-鿿]{2}")


def check(case: Case) -> Iterator[Reason]:
    """检测收费, where 检测免费 and something else is charged."""
    theirs = {sign: _neighbours(case.template, negative=sign) for sign in (False, True)}
    for sign in (False, True):
        around = _neighbours(case.draft, negative=sign)
        moved = (around & theirs[not sign]) - theirs[sign] - _neighbours(case.draft, negative=not sign)
        if moved:
            yield Reason("polarity", "", "", "收费和免费换了对象")
            return
    yield from _fees(case)
    charged = [
        one for one in case.template.mentions if one.concept == "free" and one.opposite and one.negative
    ]
    if charged and not _COSTS.search(case.draft.text):
        span = case.template.span(charged[0].start, charged[0].end)
        yield Reason("omission", "", span, f"模板里的“{span}”没有说到")


def _neighbours(reading: Reading, *, negative: bool) -> frozenset[str]:
    """The pairs of characters right before and behind 免费, or 收费 and 收18元."""
    places = [
        (one.start, one.end) for one in reading.mentions if one.concept == "free" and one.negative == negative
    ]
    if negative:
        places += [match.span() for match in _CHARGE.finditer(reading.text)]
    pairs = {_LINKS.sub("", reading.text[max(0, start - FAR) : start])[-2:] for start, _ in places}
    pairs |= {pair for _, end in places if "费" not in (pair := reading.text[end : end + 2])}
    return frozenset(pair for pair in pairs if _HAN.fullmatch(pair))


def _fees(case: Case) -> Iterator[Reason]:
    """补付运费, where the template says 不再收取运费."""
    for fee in sorted(set(_FEE.findall(case.template.text))):
        theirs = [text for text in clause_texts(case.template) if fee in text]
        if not theirs or not all(_FREE.search(text) for text in theirs):
            continue
        for number, text in enumerate(clause_texts(case.draft)):
            if fee in text and _PAID.search(text) and not _FREE.search(text) and not _BY_SHOP.search(text):
                clause = case.draft.clauses[number]
                yield Reason("polarity", case.draft.span(clause.start, clause.end), "", "模板说不收")
                return
