"""Each case with what came of it, right or wrong, in one form for all kinds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.quality.evaluate_asking import WANTED, Answers
from bot.quality.evaluate_cases import Cases, Fragment, Message
from bot.turn import Understanding

AND = "、"
"""Between values, each of them `entity=value`."""


@dataclass(frozen=True)
class Outcome:
    """A case and its answer; `expected` and `came` are intents, or what stands for them."""

    kind: str
    place: str
    text: str
    expected: str
    came: str
    right: bool
    sure: float = 1.0
    """The probability of the best guess."""
    asks: bool = False
    """Whether the bot would have asked instead of answering."""
    before: tuple[str, ...] = ()


def outcomes(cases: Cases, answers: Answers) -> list[Outcome]:
    """All of them, in the order of the kinds and cases."""
    return [
        *_of_intents("messages", cases.messages, answers.messages),
        *_of_several(cases, answers),
        *_of_intents("fragments", cases.fragments, answers.fragments),
        *_of_wishes(cases, answers),
        *_of_values(cases, answers),
        *_of_moods(cases, answers),
    ]


def sureness(read: Understanding) -> float:
    """The probability of the best guess."""
    return read.ranking[0][1] if read.ranking else 0.0


def values_of(read: Understanding) -> list[tuple[str, str]]:
    """(entity, value) of what was found."""
    return [(entity.entity, entity.value) for entity in read.entities]


def _of_intents(
    kind: str, cases: Iterable[Message | Fragment], read: Iterable[Understanding]
) -> Iterator[Outcome]:
    for case, one in zip(cases, read, strict=True):
        right = case.intent == one.intent
        before = case.before if isinstance(case, Fragment) else ()
        yield Outcome(
            kind, case.place, case.text, case.intent, one.intent, right, sureness(one), one.asks, before
        )


def _of_several(cases: Cases, answers: Answers) -> Iterator[Outcome]:
    for case, one in zip(cases.several, answers.several, strict=True):
        wanted, came = "+".join(case.requests), "+".join(one.requests)
        yield Outcome("several", case.place, case.text, wanted, came, wanted == came, sureness(one), one.asks)


def _of_wishes(cases: Cases, answers: Answers) -> Iterator[Outcome]:
    for case, reached in zip(cases.wishes, answers.wishes, strict=True):
        right = reached in WANTED[case.wish]
        yield Outcome("wishes", case.place, case.text, case.wish.value, reached.value, right)


def _of_values(cases: Cases, answers: Answers) -> Iterator[Outcome]:
    for case, one in zip(cases.valued, answers.valued, strict=True):
        wanted, came = sorted(case.values), sorted(values_of(one))
        yield Outcome("valued", case.place, case.text, _listed(wanted), _listed(came), wanted == came)


def _of_moods(cases: Cases, answers: Answers) -> Iterator[Outcome]:
    for case, one in zip(cases.felt, answers.felt, strict=True):
        yield Outcome("felt", case.place, case.text, case.mood, one.mood, case.mood == one.mood)


def _listed(values: Iterable[tuple[str, str]]) -> str:
    return AND.join(f"{entity}={value}" for entity, value in values)
