"""Rule value: what the template advises (建议选2段), and not another value it also names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.reply.guard.case import Case, Reason
from bot.reply.guard.equality import honest
from bot.reply.guard.reading import Reading
from bot.reply.guard.values import Value

NEAR = 6
_ADVISES = re.compile(r"建议|推荐|优先选|首选|更适合|适合(?:选|穿|用)|不妨")
_CHOSEN = re.compile(r"(?:选择?|穿|拍|拿|用|入|挑|要|喝|吃|买|试)?[^,。!?;~]{0,2}$")


def check(case: Case) -> Iterator[Reason]:
    """A value advised that the template does not advise, where it advises another of its kind."""
    theirs = list(_advised(case.template))
    if not theirs:
        return
    for value in _advised(case.draft):
        kin = [one for one in theirs if one.kind == value.kind]
        if kin and not any(honest(value, one, case.words) for one in kin):
            yield Reason("value", case.draft.span(value.start, value.end), "", "模板建议的是另一个")
            return


def _advised(reading: Reading) -> Iterator[Value]:
    for value in reading.values:
        clause = reading.clauses[reading.clause_at(value.start)]
        for match in _ADVISES.finditer(reading.text, clause.start, value.start):
            between = reading.text[match.end() : value.start]
            if len(between) <= NEAR and _CHOSEN.search(between):
                yield value
                break
