"""Rule promise: what the template asks of the shopper the shop does not take on, in whatever words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.reply.guard.case import Case, Reason
from bot.reply.guard.denials import clause_texts
from bot.reply.guard.reading import grams

_ASKED = re.compile(r"(?<!申)请(?!问)|需要?(?!求)|须|自行|自备|您自己|麻烦")
_ASKS = re.compile(r"请|麻烦|劳烦|您|你|需|须|要|得|自己|自行|自备|记得|务必|别忘")
_AGENT = re.compile(
    r"(?:由|让|有|派|叫|安排)?(?P<who>师傅|我们|客服|工程师|小哥|快递员|工作人员|店里|小店|仓库|专员|技术员|安装员|配送员)"
    r"(?:这边|那边)?(?:会|来|负责|上门|帮|给|现场|统一|提前|自己|免费|直接|当场|全程)"
)
SHARED = 2
"""So many pairs of characters that only one clause has make a draft's clause speak of the same."""


def check(case: Case) -> Iterator[Reason]:
    """需提前预留烟道孔 is not 烟道孔由师傅上门现开."""
    agents = [
        (number, match)
        for number, text in enumerate(clause_texts(case.draft))
        for match in _AGENT.finditer(text)
    ]
    if not agents:
        return
    texts = clause_texts(case.template)
    for at, text in enumerate(texts):
        asked = _ASKED.search(text)
        if asked is None:
            continue
        own = grams(text[asked.end() :]) - grams("\n".join(texts[:at] + texts[at + 1 :]))
        for number, match in agents:
            said = clause_texts(case.draft)[number]
            if match["who"] in text or _ASKS.search(said) or len(own & grams(said)) < SHARED:
                continue
            clause = case.draft.clauses[number]
            yield Reason(
                "promise",
                case.draft.span(clause.start, clause.end),
                "请您",
                "模板请顾客自己来,草稿说别人来办",
            )
            return
