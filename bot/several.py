"""Which clauses of a message hold a request of their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.forms import is_only_values
from bot.intents import FALLBACK, Intents, Pairs
from bot.nlu.clauses import Clause, cut, halves

Json = dict[str, Any]
Parse = Callable[[str], Json]
"""Text to Rasa's parse data."""

SURE = 0.9
"""A clause counts as a request of its own from this probability on."""
SURE_ASKED = 0.7
"""The same for one that asks, beside another one that does."""
SURE_APART = 0.5
"""The same for one that 另外 or the like sets apart, and for all that stands before it."""
SURE_BESIDE_TALK = 0.8
"""The same for one in a message that is mere talk as a whole, but not so surely."""
VERY_SURE = 0.9
"""The same for a message whose clauses say other things than it does as a whole."""


@dataclass(frozen=True)
class Request:
    """A clause that may hold a request, and its parse; `pushes` where it is more than a reason."""

    clause: Clause
    parsed: Json
    pushes: bool = False

    @property
    def intent(self) -> str:
        """What is wished for; FALLBACK where that is unsure."""
        return name_of(self.parsed)


def requests(text: str, parse: Parse, intents: Intents) -> list[Request]:
    """The clauses that surely hold a request, each wish once, in order of appearance."""
    clauses = [half for clause in cut(text) for half in _in_two(clause, parse, intents)]
    if len(clauses) == 1:
        return []
    told = [_told(clause, parse, intents) for clause in clauses]
    found: list[Request] = []
    for stretch in _stretches(text, told, parse, intents):
        for one in stretch:
            if _holds(one, _bar(one, told), intents):
                _add_wish(found, one, intents)
            elif one.pushes and found:
                found[-1] = replace(found[-1], pushes=True)
    named = [one for one in found if one.pushes or one.intent not in intents.only_alone]
    return _without_causes(named or found, intents)


def likeliest(text: str, parse: Parse, intents: Intents, least: float) -> Request | None:
    """The clause that likeliest holds a request, where one does more surely than `least`.

    坏果一半 图片发你了 is no bare information, though one clause of it is.
    """
    told = [_told(clause, parse, intents) for clause in cut(text)]
    likely = [one for one in told if _holds(one, max(least, SURE_BESIDE_TALK), intents)]
    return max(likely, key=lambda one: sureness(one.parsed), default=None) if len(told) > 1 else None


def means_more(whole: Json, found: Sequence[Request]) -> bool:
    """Whether a message is so surely one thing that none of its clauses says: 扣了钱 还显示待付款."""
    apart = {one.intent for one in found}
    return sureness(whole) >= VERY_SURE and name_of(whole) not in apart | {FALLBACK}


def name_of(parsed: Json) -> str:
    """The intent of a parse; FALLBACK where that is unsure."""
    return str(parsed["intent"]["name"])


def sureness(parsed: Json) -> float:
    """The probability of a parse's intent."""
    return float(parsed["intent"]["confidence"])


def _told(clause: Clause, parse: Parse, intents: Intents) -> Request:
    return Request(
        clause, parse(clause.text), clause.apart or intents.pushing.search(clause.text) is not None
    )


def _in_two(clause: Clause, parse: Parse, intents: Intents) -> Sequence[Clause]:
    """A clause, or its two where it is two questions that are surely different wishes."""
    pairs = [tuple(_told(half, parse, intents) for half in pair) for pair in halves(clause)]
    two = [
        pair
        for pair in pairs
        if all(_holds(one, SURE, intents) for one in pair)
        and not intents.same_wish(pair[0].intent, pair[1].intent)
    ]
    if not two:
        return [clause]
    return [one.clause for one in max(two, key=lambda pair: min(sureness(one.parsed) for one in pair))]


def _stretches(text: str, told: Sequence[Request], parse: Parse, intents: Intents) -> list[list[Request]]:
    """What 另外 and the like set apart from each other; read as one where no clause of it says a request."""
    stretches: list[list[Request]] = []
    for one in told:
        if one.clause.apart or not stretches:
            stretches.append([])
        stretches[-1].append(one)
    if len(stretches) == 1:
        return stretches
    return [
        stretch
        if any(_holds(one, _bar(one, told), intents) for one in stretch)
        else [_as_one(text, stretch, parse, intents)]
        for stretch in stretches
    ]


def _as_one(text: str, stretch: Sequence[Request], parse: Parse, intents: Intents) -> Request:
    first, last = stretch[0].clause, stretch[-1].clause
    return _told(Clause(text[first.start : last.end], first.start, last.end, True), parse, intents)


def _bar(one: Request, told: Sequence[Request]) -> float:
    """From which probability on a clause counts as a request."""
    if one.clause.apart:
        return SURE_APART
    asks = one.clause.asks and any(other.clause.asks for other in told if other is not one)
    return SURE_ASKED if asks else SURE


def _holds(one: Request, bar: float, intents: Intents) -> bool:
    """Whether a clause surely holds a request of its own."""
    text = one.clause.text
    if is_only_values(text, one.parsed["entities"]) or one.intent in (FALLBACK, *intents.dialogue):
        return False
    if _sureness_of_wish(one.parsed, intents) < bar:
        return False
    leans = intents.is_fragment(text) or intents.following.asks_barely(text)
    return not (leans or intents.says_no_request(text))


def _sureness_of_wish(parsed: Json, intents: Intents) -> float:
    """How surely it is this wish, by whichever of its intents."""
    name = name_of(parsed)
    return sum(
        float(row["confidence"]) for row in parsed["intent_ranking"] if intents.same_wish(name, row["name"])
    )


def _add_wish(found: list[Request], new: Request, intents: Intents) -> None:
    """Add a request, or put it in the place of the same wish where it asks or says it more surely."""
    for at, one in enumerate(found):
        if intents.same_wish(one.intent, new.intent):
            surer = max(one, new, key=lambda each: (_asks(each, intents), sureness(each.parsed)))
            found[at] = replace(surer, pushes=one.pushes or new.pushes)
            return
    found.append(new)


def _without_causes(found: list[Request], intents: Intents) -> list[Request]:
    """What is wished for, without what is only told of it: 白条付的 退款是回额度么, 坏了 我要退货."""
    asked = [one for one in found if one.intent in intents.stated or _asks(one, intents)]
    found = asked or found[:1]
    names = {one.intent for one in found}

    def told(one: Request, pairs: Pairs) -> bool:
        return any(one.intent in trouble and names & remedy for trouble, remedy in pairs)

    def is_cause(one: Request) -> bool:
        if one.pushes:
            return False
        return told(one, intents.told_for) or (not _asks(one, intents) and told(one, intents.told_beside))

    return [one for one in found if not is_cause(one)]


def _asks(one: Request, intents: Intents) -> bool:
    return intents.asking.search(one.clause.text) is not None
