"""The guard on all of the project's own cases, and on mutants of the drafts that pass."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from bot.reply.guard.judge import judge
from tests.unit.reply.guard.judging import own_cases, styles
from tests.unit.reply.guard.mutations import mutants

CAUGHT, PASSED = 0.995, 0.97
MUTANTS = 10_000
MISSED = 0.001
"""Of a thousand mutants at most one passes."""


def _ok(case: dict[str, Any]) -> bool:
    return bool(judge(case, styles())["ok"])


def test_faults_are_caught_and_faithful_drafts_pass() -> None:
    """At least 99.5 % of the faults are caught, at least 97 % of the faithful rewordings pass."""
    cases = own_cases()
    faithful = [case for case in cases if case["expect"]["ok"]]
    faulty = [case for case in cases if not case["expect"]["ok"]]
    refused = [case.get("id") for case in faithful if not _ok(case)]
    missed = [case.get("id") for case in faulty if _ok(case)]
    assert len(missed) <= (1 - CAUGHT) * len(faulty), f"missed: {missed}"
    assert len(refused) <= (1 - PASSED) * len(faithful), f"refused: {refused}"


def test_the_cases_are_many_and_of_many_kinds() -> None:
    """At least 600 cases over 25 kinds of fault and of response, half of them faithful."""
    cases = own_cases()
    faults = Counter(case.get("fault") for case in cases if not case["expect"]["ok"])
    responses = {case.get("response") for case in cases}
    share = sum(case["expect"]["ok"] for case in cases) / len(cases)
    assert len(cases) >= 600
    assert len(faults) >= 25
    assert len(responses) >= 25
    assert 0.4 <= share <= 0.6


def test_a_template_is_its_own_faithful_draft() -> None:
    """What the shop itself says passes, as far as it keeps the style asked for."""
    manner = {"style", "length", "emoji", "promise"}
    for case in own_cases():
        if case["expect"]["ok"]:
            verdict = judge({**case, "draft": case["template"]}, styles())
            assert {reason["rule"] for reason in verdict["reasons"]} <= manner, (case["id"], verdict)


@pytest.mark.timeout(600)  # ten thousand verdicts
def test_mutants_are_caught() -> None:
    """One digit, date, unit, carrier, status or negation changed in a draft that passes is refused."""
    tried: Counter[str] = Counter()
    missed: list[tuple[str, str]] = []
    for case in own_cases():
        if not case["expect"]["ok"]:
            continue
        facts = json.dumps(case.get("facts"), ensure_ascii=False)
        sources = f"{case['template']} {facts} {case.get('shopper') or ''}"
        for draft in dict.fromkeys((case["draft"], case["template"])):
            if sum(tried.values()) >= MUTANTS or not _ok({**case, "draft": draft}):
                continue
            for kind, mutant in mutants(draft, sources):
                tried[kind] += 1
                if _ok({**case, "draft": mutant}):
                    missed.append((kind, mutant))
    assert sum(tried.values()) >= MUTANTS, tried
    assert all(tried[kind] for kind in ("digit", "date", "unit", "carrier", "status", "negation"))
    assert len(missed) <= MISSED * sum(tried.values()), missed[:5]
