"""From cases and answers to everything the report tells: headline figures, each intent, what was mixed up."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bot.quality.evaluate_asking import Answers
from bot.quality.evaluate_cases import Cases, Felt, Fragment, Message, Several, Wish
from bot.quality.evaluate_metrics import (
    Bin,
    Scores,
    calibration,
    calibration_error,
    coverage,
    macro_f1,
    scores,
    share,
    value_scores,
    wilson,
)
from bot.quality.evaluate_outcomes import Outcome, outcomes, values_of
from bot.turn import Understanding

Json = dict[str, Any]
OUTSIDE = "out_of_scope"
TOP = 3
SHARES = {"two_requests": ("several", ""), "fragments": ("fragments", "")} | {
    "human_agent": ("wishes", Wish.EXPLICIT.value),
    "robot_question": ("wishes", Wish.ROBOT_QUESTION.value),
}
"""Headline figures that are the share of right outcomes of one kind, or of those that expected one thing."""
NUMBERS = frozenset(
    {
        *("order_id", "order_tail", "waybill", "phone", "phone_tail", "id_card", "tax_number"),
        *("bank_account", "code"),
        *("money", "percent", "quantity", "size", "height", "weight", "date", "time", "duration"),
    }
)
"""Entities whose value is a number or made of one."""


@dataclass(frozen=True)
class Figure:
    """One headline number from 0 to 1 over `of` cases; `low` and `high` bound a share with 95 % certainty."""

    value: float
    of: int
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Mixup:
    """Messages of one intent that were taken for another."""

    expected: str
    came: str
    misses: tuple[Outcome, ...]


@dataclass(frozen=True)
class Findings:
    """All that one model's answers show."""

    mark: str
    """A hash of the cases."""
    counts: Mapping[str, int]
    headline: Mapping[str, Figure]
    intents: Mapping[str, Scores]
    moods: Mapping[str, Scores]
    bins: tuple[Bin, ...]
    curve: tuple[tuple[float, float], ...]
    pairs: Mapping[tuple[str, str], int]
    """How often an intent (first) was taken for one (second), right ones included."""
    outcomes: tuple[Outcome, ...]

    def mixups(self) -> list[Mixup]:
        """Which intents were taken for which, the commonest first."""
        found: defaultdict[tuple[str, str], list[Outcome]] = defaultdict(list)
        for miss in self.misses("messages"):
            found[miss.expected, miss.came].append(miss)
        ordered = sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))
        return [Mixup(expected, came, tuple(misses)) for (expected, came), misses in ordered]

    def answered(self) -> tuple[float, float] | None:
        """(share answered, share of these right), where anything was."""
        names = ("answered", "accuracy_answered")
        if not all(name in self.headline for name in names):
            return None
        return self.headline[names[0]].value, self.headline[names[1]].value

    def misses(self, kind: str) -> list[Outcome]:
        """What went wrong of one kind of cases."""
        return [one for one in self.outcomes if one.kind == kind and not one.right]

    def to_json(self) -> Json:
        """Everything as plain JSON; of the outcomes those that are wrong."""
        wrong = [asdict(one) for one in self.outcomes if not one.right]
        pairs = [[one, other, count] for (one, other), count in sorted(self.pairs.items())]
        told = {field: value for field, value in vars(self).items() if field not in ("pairs", "outcomes")}
        return {**{field: _plain(value) for field, value in told.items()}, "pairs": pairs, "wrong": wrong}


def find(cases: Cases, answers: Answers) -> Findings:
    """What the answers show."""
    found = outcomes(cases, answers)
    alone = [one for one in found if one.kind == "messages"]
    sure, right = [one.sure for one in alone], [one.right for one in alone]
    bins = calibration(sure, right)
    intents = scores([one.expected for one in alone], [one.came for one in alone])
    moods = _moods(cases, answers)
    headline = {
        **_of_messages(alone, answers.messages, intents),
        "calibration_error": Figure(calibration_error(bins), len(alone)),
        "mood_macro_f1": Figure(macro_f1(moods), sum(one.count for one in moods.values())),
        **{name: _share([one.right for one in found if _belongs(one, *of)]) for name, of in SHARES.items()},
        "values_f1": _values(cases, answers),
        "numbers_f1": _values(cases, answers, NUMBERS),
    }
    return Findings(
        mark=cases.mark,
        counts=cases.counts(),
        headline={name: figure for name, figure in headline.items() if figure.of},
        intents=intents,
        moods=moods,
        bins=tuple(bins),
        curve=tuple(coverage(sure, right)),
        pairs=Counter((one.expected, one.came) for one in alone),
        outcomes=tuple(found),
    )


def _of_messages(
    alone: Sequence[Outcome], read: Sequence[Understanding], intents: Mapping[str, Scores]
) -> dict[str, Figure]:
    expected = [one.expected for one in alone]
    in_top = [name in [top for top, _ in one.ranking[:TOP]] for name, one in zip(expected, read, strict=True)]
    return {
        "accuracy": _share([one.right for one in alone]),
        "top3": _share(in_top),
        "macro_f1": Figure(macro_f1(intents), len(alone)),
        "outside_precision": _share([one.right for one in alone if one.came == OUTSIDE]),
        "outside_recall": _share([one.right for one in alone if one.expected == OUTSIDE]),
        "answered": _share([not one.asks for one in alone]),
        "accuracy_answered": _share([one.right for one in alone if not one.asks]),
        "one_as_one": _share([len(one.requests) == 1 for one in read]),
        "semantic_share": _share([one.step == "semantic" for one in read]),
    }


def _belongs(one: Outcome, kind: str, expected: str) -> bool:
    return one.kind == kind and expected in ("", one.expected)


def _moods(cases: Cases, answers: Answers) -> dict[str, Scores]:
    """Of every case whose mood was labelled."""
    moody: tuple[tuple[Message | Several | Fragment | Felt, ...], ...] = (
        cases.messages,
        cases.several,
        cases.fragments,
        cases.felt,
    )
    asked = [case for kind in moody for case in kind]
    came = (*answers.messages, *answers.several, *answers.fragments, *answers.felt)
    labelled = [(case.mood, read.mood) for case, read in zip(asked, came, strict=True) if case.mood]
    return scores([mood for mood, _ in labelled], [mood for _, mood in labelled])


def _values(cases: Cases, answers: Answers, only: Collection[str] = ()) -> Figure:
    def kept(values: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        return [value for value in values if not only or value[0] in only]

    found = value_scores(
        [kept(case.values) for case in cases.valued], [kept(values_of(read)) for read in answers.valued]
    )
    return Figure(found.f1, found.count)


def _share(right: Sequence[bool]) -> Figure:
    low, high = wilson(sum(right), len(right))
    return Figure(share(right), len(right), low, high)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return asdict(value) if isinstance(value, (Figure, Scores, Bin)) else value
