"""How good an understanding is, in numbers: plain functions of what was expected and what came."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import comb, sqrt

Z = 1.959964
"""Standard deviations within which 95 % of a normal distribution lie."""
BINS = 10
Values = Iterable[tuple[str, str]]
"""(entity, value) of one message."""


@dataclass(frozen=True)
class Scores:
    """How well one name is told from the others; `count` is how often it was expected."""

    precision: float
    recall: float
    f1: float
    count: int


@dataclass(frozen=True)
class Bin:
    """Verdicts of about one probability: their mean probability, the share that was right, how many."""

    sure: float
    right: float
    count: int


def share(right: Sequence[bool]) -> float:
    """The share of the true; 0 of nothing."""
    return sum(right) / len(right) if right else 0.0


def wilson(right: int, total: int) -> tuple[float, float]:
    """The 95 % interval of a share by Wilson's score, which holds for few and for nearly all as well."""
    if not total:
        return 0.0, 1.0
    part, spread = right / total, Z * Z / total
    middle = (part + spread / 2) / (1 + spread)
    reach = Z * sqrt(part * (1 - part) / total + spread / (4 * total)) / (1 + spread)
    return max(0.0, middle - reach), min(1.0, middle + reach)


def scores(expected: Sequence[str], came: Sequence[str]) -> dict[str, Scores]:
    """Precision, recall and F1 of every expected name, in the order of the names."""
    wanted, said = Counter(expected), Counter(came)
    hits = Counter(one for one, other in zip(expected, came, strict=True) if one == other)
    return {name: _scores(hits[name], said[name], wanted[name]) for name in sorted(wanted)}


def macro_f1(found: Mapping[str, Scores]) -> float:
    """The mean F1 of the expected names, each counting the same."""
    return sum(one.f1 for one in found.values()) / len(found) if found else 0.0


def value_scores(expected: Sequence[Values], came: Sequence[Values]) -> Scores:
    """Over all messages together: a value counts where its entity and normal form are right."""
    wanted, said = [Counter(each) for each in expected], [Counter(each) for each in came]
    hits = sum((one & other).total() for one, other in zip(wanted, said, strict=True))
    return _scores(hits, sum(each.total() for each in said), sum(each.total() for each in wanted))


def calibration(sure: Sequence[float], right: Sequence[bool], bins: int = BINS) -> list[Bin]:
    """Verdicts by their probability, in equal steps from 0 to 1; empty steps are left out."""
    rows: dict[int, list[tuple[float, bool]]] = {}
    for probability, hit in zip(sure, right, strict=True):
        rows.setdefault(min(int(probability * bins), bins - 1), []).append((probability, hit))
    return [
        Bin(sum(p for p, _ in row) / len(row), share([hit for _, hit in row]), len(row))
        for _, row in sorted(rows.items())
    ]


def calibration_error(bins: Sequence[Bin]) -> float:
    """How far probabilities are from the shares that were right, on the mean of all verdicts."""
    total = sum(one.count for one in bins)
    return sum(one.count * abs(one.sure - one.right) for one in bins) / total if total else 0.0


def coverage(sure: Sequence[float], right: Sequence[bool]) -> list[tuple[float, float]]:
    """(share answered, share of these right) if the surest 1, 2, … verdicts were answered."""
    order = sorted(range(len(sure)), key=lambda at: -sure[at])
    hits, curve = 0, []
    for count, at in enumerate(order, start=1):
        hits += right[at]
        curve.append((count / len(order), hits / count))
    return curve


def sign_test(better: int, worse: int) -> float:
    """How likely a difference at least as lopsided is where neither is better (two-sided, exact)."""
    flips, fewer = better + worse, min(better, worse)
    return min(1.0, sum(comb(flips, at) for at in range(fewer + 1)) / float(2 ** (flips - 1)))


def _scores(hits: int, said: int, wanted: int) -> Scores:
    precision, recall = hits / said if said else 0.0, hits / wanted if wanted else 0.0
    f1 = 2 * hits / (said + wanted) if said + wanted else 0.0
    return Scores(precision, recall, f1, wanted)
