"""A text read whole: folded, cut, with its values and mentions; and what facts support."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from bot.reply.guard import mentions, values
from bot.reply.guard.mentions import Mention, Scene
from bot.reply.guard.people import NAME
from bot.reply.guard.text import Clause, Folded, clauses, fold
from bot.reply.guard.values import Value
from bot.reply.guard.vocabulary import Vocabulary

DEEPEST = 12
"""Facts nested deeper are not read."""
LARGEST = 1e15
_PERSON = re.compile(
    r"buyer|customer|receiver|recipient|consignee|shopper|user|买家|顾客|客户|收货人|收件人|用户"
)
_PERSON_LEAF = re.compile(rf"(?:{_PERSON.pattern})(?:_?name)?$")
_WHO = re.compile(r"name|person|who|signer|sender|payee|owner|holder|applicant|contact|full$|人$|by$")
_PRIVATE = re.compile(
    r"(?:^|_)(?:phone|mobile|tel|address|addr|email|id_?card|id_?number|real_?name|full_?name)$"
    r"|身份证|手机|电话|地址|邮箱|姓名|真实"
    r"|(?:^|_)(?:secret|password|passwd|pwd|pin|cvv|card_?no|card_?number|token|key)$|卡密|密码|验证码|口令|密钥|激活码"
)
_NAMES = frozenset({"name", "nick", "nickname", "名字", "昵称"})
"""Keys of a person's own words, and of what is personal in any object."""


@dataclass(frozen=True)
class Reading:
    """Everything the rules look at in one text."""

    folded: Folded
    clauses: list[Clause]
    values: list[Value]
    mentions: list[Mention]

    @property
    def text(self) -> str:
        """The folded text."""
        return self.folded.text

    def span(self, start: int, end: int) -> str:
        """As written."""
        return self.folded.span(start, end)

    def clause_at(self, place: int) -> int:
        """The number of the clause around a place; the last one where it is punctuation."""
        for number, clause in enumerate(self.clauses):
            if place < clause.end:
                return number
        return len(self.clauses) - 1

    def bigrams(self) -> frozenset[str]:
        """Every two neighbouring characters."""
        return grams(self.text)


@dataclass(frozen=True)
class Item:
    """One object of the facts, read: what stands in it belongs together."""

    text: str
    values: tuple[Value, ...]
    numbers: frozenset[float]


@dataclass(frozen=True)
class Facts:
    """What the facts support: values, words, numbers without a unit, sizes of lists, and single objects.

    `private` are the personal strings; they support nothing.
    """

    values: list[Value]
    mentions: list[Mention]
    text: str
    numbers: frozenset[float]
    sizes: frozenset[int]
    items: tuple[Item, ...]
    private: frozenset[str]

    def bigrams(self) -> frozenset[str]:
        """Every two neighbouring characters of all words."""
        return grams(self.text)


def read(written: str, words: Vocabulary, today: date | None) -> Reading:
    """A text read; never raises."""
    return _read(written, words, today)


@lru_cache(maxsize=2048)
def _read(written: str, words: Vocabulary, today: date | None) -> Reading:
    folded = fold(written)
    cut = clauses(folded.text)
    found = values.read(folded.text, words, today)
    return Reading(folded, cut, found, mentions.read(Scene(folded.text, cut, found), words))


@lru_cache(maxsize=8192)
def grams(text: str) -> frozenset[str]:
    """Every two neighbouring characters of a text."""
    return frozenset(text[at : at + 2] for at in range(len(text) - 1))


def read_facts(facts: Any, words: Vocabulary, today: date | None) -> Facts:
    """The facts read; what they hold of a person is set apart."""
    leaves = list(_leaves(facts, 0, "", owned=False))
    strings = [leaf for leaf, private in leaves if isinstance(leaf, str) and not private]
    objects = [leaf for leaf, _ in leaves if isinstance(leaf, Mapping)]
    reading = read("\n".join(strings), words, today)
    return Facts(
        values=reading.values,
        mentions=[*reading.mentions, *_coded(strings, words)],
        text=reading.text,
        numbers=_numbers(leaves),
        sizes=frozenset(len(leaf) for leaf, _ in leaves if isinstance(leaf, list)),
        items=tuple(_item(one, words, today) for one in objects[1:]),
        private=frozenset(
            fold(leaf).text for leaf, private in leaves if private and isinstance(leaf, str) and len(leaf) > 1
        ),
    )


def _item(facts: Mapping[str, Any], words: Vocabulary, today: date | None) -> Item:
    leaves = list(_leaves(facts, 0, "", owned=False))
    strings = (leaf for leaf, private in leaves if isinstance(leaf, str) and not private)
    reading = read("\n".join(strings), words, today)
    return Item(reading.text, tuple(reading.values), _numbers(leaves))


Leaf = tuple[Any, bool]


def _numbers(leaves: list[Leaf]) -> frozenset[float]:
    return frozenset(
        float(leaf) for leaf, _ in leaves if isinstance(leaf, (int, float)) and abs(leaf) < LARGEST
    )


def _leaves(value: Any, depth: int, key: str, *, owned: bool) -> Iterator[Leaf]:
    """Strings and numbers, each with whether it is personal; also every list and object on the way."""
    if isinstance(value, bool) or value is None or depth > DEEPEST:
        return
    if isinstance(value, Mapping):
        yield value, False
        for name, part in value.items():
            yield from _leaves(part, depth + 1, str(name).lower(), owned=owned or bool(_PERSON.search(key)))
    elif isinstance(value, (list, tuple)):
        yield list(value), False
        for part in value:
            yield from _leaves(part, depth + 1, key, owned=owned)
    elif isinstance(value, (str, int, float)):
        person = owned or bool(_PERSON.search(key))
        private = bool(_PRIVATE.search(key)) or (person and key in _NAMES) or bool(_PERSON_LEAF.match(key))
        yield value, private or (isinstance(value, str) and bool(_WHO.search(key) and NAME.fullmatch(value)))


def _coded(strings: list[str], words: Vocabulary) -> Iterator[Mention]:
    """What codes such as in_transit say."""
    for code in strings:
        for concept, aspect in words.codes.get(re.sub(r"[\s-]", "_", code.lower()), ()):
            yield Mention(concept, 0, 0, 0, False, aspect, frozenset({aspect}), False, False)
