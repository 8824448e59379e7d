"""What a journey came to: the shop's rows before and after, what was said, who was called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from bot.quality.journeys_files import Handoff, Journey
from bot.shop.portable import KINDS, ShopData, dump
from bot.turn import Turn

Json = dict[str, Any]
FREE = {"products": {"skus"}}
"""Fields that move along with what is ordered or given back: stock."""


def faults(journey: Journey, before: ShopData, after: ShopData, turns: Sequence[Turn]) -> list[str]:
    """Everything that is not as expected, a line each; empty where the journey was a success."""
    return [
        *_row_faults(journey, dump(before), dump(after), wrote=any(turn.writes for turn in turns)),
        *_word_faults(journey, turns),
        *_person_faults(journey, turns),
        *_write_faults(turns),
    ]


def asked_twice(turns: Sequence[Turn]) -> int:
    """Questions that were put again in the very next turn."""
    asked = [{r.response for r in turn.replies if "_ask_" in r.response} for turn in turns]
    return sum(bool(one & other) for one, other in pairwise(asked))


def _row_faults(journey: Journey, before: Json, after: Json, *, wrote: bool) -> list[str]:
    found: list[str] = []
    for kind, (_, key) in KINDS.items():
        old, new = _by_key(before[kind], key), _by_key(after[kind], key)
        wanted = {
            name.partition("/")[2]: fields
            for name, fields in journey.expect.changed.items()
            if name.partition("/")[0] == kind
        }
        found += [f"{kind}/{row}: gone" for row in old if row not in new]
        found += _changed_faults(kind, old, new, wanted, wrote=wrote)
        found += _new_faults(kind, [new[row] for row in new if row not in old], journey)
    return found


def _changed_faults(kind: str, old: Json, new: Json, wanted: Mapping[str, Json], *, wrote: bool) -> list[str]:
    found = [f"{kind}/{row}: expected in the shop, is not there" for row in wanted if row not in old]
    for row in old.keys() & new.keys():
        free = FREE.get(kind, set())
        differ = [f for f in old[row] if old[row][f] != new[row][f] and f not in free]
        if row not in wanted:
            found += [f"{kind}/{row}.{field}: changed to {new[row][field]!r}" for field in differ]
        else:
            found += [f"{kind}/{row}.{miss}" for miss in _misses(wanted[row], new[row])]
            undone = wrote and not _misses(wanted[row], old[row])  # done and taken back again
            found += [] if differ or undone else [f"{kind}/{row}: nothing changed"]
    return found


def _new_faults(kind: str, rows: list[Json], journey: Journey) -> list[str]:
    wanted = list(journey.expect.new.get(kind, []))
    found: list[str] = []
    for row in rows:
        fits = next((want for want in wanted if not _misses(want, row)), None)
        if fits is None:
            near = _misses(wanted[0], row) if wanted else []
            found.append(f"{kind}: new row was not expected{': ' + '; '.join(near) if near else ''}")
        else:
            wanted.remove(fits)
    return found + [f"{kind}: no new row with {want}" for want in wanted]


def _misses(wanted: Any, came: Any, path: str = "") -> list[str]:
    """Where `came` does not hold what is wanted; of objects only the named fields count."""
    if isinstance(wanted, dict) and isinstance(came, dict):
        return [
            miss
            for name, value in wanted.items()
            for miss in _misses(value, came.get(name), f"{path}.{name}" if path else name)
        ]
    if isinstance(wanted, list) and isinstance(came, list) and len(wanted) == len(came):
        return [
            miss
            for at, pair in enumerate(zip(wanted, came, strict=True))
            for miss in _misses(*pair, f"{path}[{at}]")
        ]
    return [] if wanted == came else [f"{path}: expected {wanted!r}, came {came!r}"]


def _word_faults(journey: Journey, turns: Sequence[Turn]) -> list[str]:
    said = "\n".join(reply.text for turn in turns for reply in turn.replies)
    missing = [fact for fact in journey.expect.said if not any(part in said for part in fact.split("|"))]
    wrong = [words for words in journey.expect.not_said if words in said]
    return [f"not said: {fact}" for fact in missing] + [f"said: {words}" for words in wrong]


def _person_faults(journey: Journey, turns: Sequence[Turn]) -> list[str]:
    called = any(turn.handoff for turn in turns)
    wanted, tasks = journey.expect.handoff, sum(len(turn.tasks) for turn in turns)
    found = []
    if wanted is Handoff.YES and not called:
        found.append("no person was called")
    if wanted is Handoff.NO and called:
        found.append("a person was called")
    if tasks < journey.expect.tasks:
        found.append(f"tasks: expected {journey.expect.tasks}, came {tasks}")
    return found


def _write_faults(turns: Sequence[Turn]) -> list[str]:
    """Nothing is ever written that the turn before did not restate."""
    unasked = [turn for before, turn in pairwise(turns) if turn.writes and not before.confirming]
    unasked += turns[:1] if turns and turns[0].writes else []
    return [f"written without a yes: {write['kind']}" for turn in unasked for write in turn.writes]


def _by_key(rows: list[Json], key: str) -> Json:
    return {row[key]: row for row in rows}
