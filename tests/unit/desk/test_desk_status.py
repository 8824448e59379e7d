"""The transition table: every move from every status."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.conversations.status import TRANSITIONS, Move, Status, WrongStatus, after

ALLOWED = {
    ("bot", "hand_over"): "waiting",
    ("bot", "take"): "human",
    ("waiting", "take"): "human",
    ("human", "hand_back"): "bot",
    ("human", "close"): "closed",
    ("closed", "reopen"): "bot",
}


@pytest.mark.parametrize(("status", "move"), itertools.product(Status, Move))
def test_a_move_leads_where_the_table_says_or_is_refused_by_name(status, move):
    """The error tells what was expected and what came."""
    expected = ALLOWED.get((status.value, move.value))
    if expected is not None:
        assert after(status, move) == expected
        return
    with pytest.raises(WrongStatus, match=rf"{move.value}: expected .+ came one that is {status.value}"):
        after(status, move)


@given(st.lists(st.sampled_from(Move)))
def test_whatever_happens_only_a_person_ends_a_talk_and_only_a_person_who_has_it(moves):
    """Over any sequence of attempts: closed and given back only out of human hands."""
    status = Status.BOT
    for move in moves:
        before = status
        try:
            status = after(status, move)
        except WrongStatus:
            continue
        if move in {Move.CLOSE, Move.HAND_BACK}:
            assert before is Status.HUMAN


def test_every_status_can_be_left_and_reached():
    """No dead end."""
    assert {s for s, _ in TRANSITIONS} == set(Status) == set(TRANSITIONS.values())
