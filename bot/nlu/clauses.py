"""A message cut into the clauses that may each hold a request of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_BORDERS = re.compile(
    r"[\s,，。.;；!！?？~～、…\n]+"
    r"|另外(?![一两几]?[单件个双条款箱瓶])|还有就是|再一个|再就是|[顺捎]带|顺便(?:问一?下)?|然后|对了|以及|并且|此外"
    r"|还(?:想|要)再?(?:问|请教|咨询)(?:一?下)?|(?<!天)再(?:问|请问|请教)(?:一?下)?|(?=再(?:帮|麻烦)[我您你])"
    r"|还有(?![货码吗没几多库的现剩一二两三\d])"
    r"|(?=另外?[一两几]?[单件个双条款箱瓶])"
    r"|(?:(?<=[吗嘛呗])|(?<=[^怎什这那多要]么)|(?<=[^怎什这那多要]吧))(?=[^\s吗嘛呗么吧啊呀呢]{3})"
)
"""The last: behind the particle of a question, though nothing parts it from the next: 能煮粥么多少钱."""
_APART = re.compile(r"另外|还有|再一个|再就是|[顺捎]带|顺便|对了|以及|此外|[还再].{0,2}(?:问|请教|咨询)")
_OTHER = re.compile(r"另外?[一两几]?[单件个双条款箱瓶]|再(?:帮|麻烦)[我您你]")
"""Of something else than what was spoken of: 另一单改下午送."""
_INNER_POINT = re.compile(r"(?<=[0-9A-Za-z])\.(?=[0-9A-Za-z])")
"""Of a decimal, an order number, an address."""
_QUESTION = re.compile(
    r"为?什么(?:时候)?|怎么?样?|咋样?|为?啥(?:时候)?|哪[家个里款种些天儿]?|多[少久大长重远高]|几[天个点号时时月]?|谁"
    r"|(.{1,2})[不没]\1|[吗嘛呗][?？]?"
)
MIN_LENGTH = 3
"""Shorter pieces (亲, 在吗, 急) belong to the clause beside them."""
MAX_CLAUSES = 8
LONGEST_PAIR = 24
"""Characters up to which a clause may be two questions in one breath; trying more places takes too long."""


@dataclass(frozen=True)
class Clause:
    """A clause and where in the text it stands; `apart` if a word tells that it is something else."""

    text: str
    start: int
    end: int
    apart: bool = False

    @property
    def asks(self) -> bool:
        """Whether it holds a word that asks."""
        return _QUESTION.search(self.text) is not None or self.text.endswith(("不", "没", "没有"))


def cut(text: str) -> list[Clause]:
    """The clauses in order, short pieces joined to the one before; one clause where nothing is to be cut."""
    borders = [match.span() for match in _BORDERS.finditer(_INNER_POINT.sub("\0", text))]
    starts, ends = [0, *(end for _, end in borders)], [*(start for start, _ in borders), len(text)]
    joined: list[Clause] = []
    for start, end in zip(starts, ends, strict=True):
        if start == end:
            continue
        last = joined[-1] if joined else None
        apart = last is not None and (
            _APART.search(text, last.end, start) is not None or _OTHER.match(text, start) is not None
        )
        piece = Clause(text[start:end], start, end, apart)
        short = last is not None and min(len(piece.text), len(last.text)) < MIN_LENGTH
        if last is not None and (short or len(joined) == MAX_CLAUSES):
            joined[-1] = Clause(f"{last.text} {piece.text}", last.start, end, last.apart)
        else:
            joined.append(piece)
    return joined or [Clause(text, 0, len(text))]


def halves(clause: Clause) -> Iterator[tuple[Clause, Clause]]:
    """The ways to cut a clause between two questions that nothing parts: 发哪家快递到长春几天."""
    asked = [match.span() for match in _QUESTION.finditer(clause.text)]
    if len(asked) < 2 or len(clause.text) > LONGEST_PAIR:
        return
    (_, first), (second, _) = asked[0], asked[1]
    for at in range(max(first, MIN_LENGTH), min(second, len(clause.text) - MIN_LENGTH) + 1):
        middle = clause.start + at
        yield (
            Clause(clause.text[:at], clause.start, middle, clause.apart),
            Clause(clause.text[at:], middle, clause.end),
        )
