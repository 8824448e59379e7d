"""Rules swap, polarity: who pays for what, and in which case, stays as the template has it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.reply.guard.case import Case, Reason
from bot.reply.guard.mentions import undenied
from bot.reply.guard.reading import Reading, grams
from bot.reply.guard.vocabulary import Vocabulary

_PAYS = re.compile(
    r"承担|负担|买单|自理|自费|自付|自掏|报销|垫付|出(?!现|示|库|货|来|去|发|具|门|错|口|厂|售|行|游|结|票)"
    r"|支付(?!后|之后|完|时|方式|宝|页)|付(?!款|后|完|好)|掏|缴纳?|(?:包(?=了?(?:哈|哦|呢|啦|的|~|,|。|$)))"
)
_SURELY = re.compile(r"承担|负担|买单|自理|自费|自付|自掏|报销|垫付")
_BY_HERSELF = re.compile(r"自[理费付掏己]")
_FEE = re.compile(r"费|税|差价|邮资")
_CLOSE = re.compile(r"^[^,。;]{1,5}$")
"""Of a verb that may only name paying, the payer stands right before it: 我们来付."""
_BREAK = re.compile(r"[。;!?~\n]")
_DENIED = re.compile(r"(?:不|无|免|没|别|勿)[㐀-鿿]{0,3}$")
_HAN = re.compile(r"[㐀-鿿]{2}")
_IDLE = frozenset("的了是在您我们也都就请为有和与及可以能会将已后前内时到还要由自己承担负费")
NONE = (-1, -1)
FAR = 40
"""So far before its verb a payment's case may stand."""
SIGN = 3
"""What a case with its sign (质量问题 or none) weighs against a shared pair of characters."""
CASES = frozenset({"fault", "in_warranty", "warranty", "opened", "used", "intact", "no_reason", "blame"})


@dataclass(frozen=True)
class Payment:
    """Who pays at an interval, and the words that tell for what and in which case."""

    shop: bool
    start: int
    end: int
    tokens: frozenset[str]
    near: frozenset[str]


def check(case: Case) -> Iterator[Reason]:
    """运费由您承担, where the template has the shop bear it, or bear it in that case."""
    theirs = list(_payments(case.template, case.words))
    if not theirs:
        return
    ours = list(_payments(case.draft, case.words))
    if len({one.shop for one in ours}) == 1 < len({one.shop for one in theirs}) and not _is_said(
        case, shop=not ours[0].shop
    ):
        yield Reason("polarity", case.draft.span(ours[0].start, ours[0].end), "", "模板里双方各承担一种情况")
        return
    for mine in ours:
        fits = {
            side: max((_fit(mine, one, theirs) for one in theirs if one.shop is side), default=NONE)
            for side in (True, False)
        }
        its, own = fits[not mine.shop], fits[mine.shop]
        if its[0] > own[0] or (its[0] == own[0] and (own == NONE or its[1] >= own[1] + SIGN)):
            rule = "polarity" if fits[mine.shop] == NONE else "swap"
            yield Reason(rule, case.draft.span(mine.start, mine.end), "", "模板里是另一方承担")
            return


def _is_said(case: Case, *, shop: bool) -> bool:
    """新鞋的邮费我们来: whether the other side bears something too, in whatever words."""
    words = case.words.grammar["shop_side" if shop else "shopper_side"]
    parties = "|".join(sorted(words - {"亲", "自己"}, key=len, reverse=True))
    return re.search(rf"(?:{parties})[^,。;]{{0,4}}[来出付担掏包负]", case.draft.text) is not None


def _fit(mine: Payment, its: Payment, theirs: list[Payment]) -> tuple[int, int]:
    """What a payment shares with one of the template that those of the other side have not.

    First its own clause, then all before it.
    """
    others = [one for one in theirs if one.shop is not its.shop]
    near = its.near - frozenset[str]().union(*(one.near for one in others))
    wide = its.tokens - frozenset[str]().union(*(one.tokens for one in others))
    return _weight(mine.near & near), _weight(mine.tokens & wide)


def _weight(tokens: frozenset[str]) -> int:
    return sum(SIGN if token.split(" ", 1)[0] in CASES else 1 for token in tokens)


def _payments(reading: Reading, words: Vocabulary) -> Iterator[Payment]:
    plain = undenied(reading.text, words)
    last = 0
    for verb in _PAYS.finditer(plain):
        clause = reading.clauses[reading.clause_at(verb.start())]
        side = _side(plain, clause.start, verb, words)
        begin = max(
            [last, verb.start() - FAR, *(cut.end() for cut in _BREAK.finditer(plain, 0, verb.start()))]
        )
        fee = _FEE.search(plain, begin, clause.end) or _SURELY.match(plain, verb.start())
        if side is None or not fee:
            continue
        shop, start = side
        inner = max(begin, clause.start)
        sides = words.grammar["shop_side"] | words.grammar["shopper_side"]
        tokens, near = (_tokens(reading, at, clause.end) - sides for at in (begin, inner))
        yield Payment(shop, start, verb.end(), tokens, near)
        last = verb.end()


def _side(plain: str, begin: int, verb: re.Match[str], words: Vocabulary) -> tuple[bool, int] | None:
    """Whether the shop pays, and where the party is named: last before the verb, in its clause."""
    said = plain[begin : verb.start()]
    places = {
        side: max((said.rfind(word) for word in words.grammar[side]), default=-1)
        for side in ("shop_side", "shopper_side")
    }
    place = max(places.values())
    if place < 0 and _BY_HERSELF.match(verb.group()):
        return False, verb.start()
    if place < 0:
        return None
    shop = places["shop_side"] == place
    if not _SURELY.match(verb.group()) and not _CLOSE.search(said[place:]) and "由" not in said[:place]:
        return None
    denied = _DENIED.search(said[:place]) or _DENIED.search(said[place:])
    return shop is not bool(denied), begin + place


def _tokens(reading: Reading, start: int, end: int) -> frozenset[str]:
    pairs = {
        gram for gram in grams(reading.text[start:end]) if _HAN.fullmatch(gram) and not set(gram) & _IDLE
    }
    signs = {
        f"{one.concept} {one.absent}"
        for one in reading.mentions
        if start <= one.start < end and one.concept not in {"bear", "pay", "free_freight"}
    }
    return frozenset(pairs | signs)
