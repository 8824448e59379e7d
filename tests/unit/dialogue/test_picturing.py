"""What the bot says to pictures alone: by what is open, and never as an answer to it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
import yaml

from bot import picturing
from bot.errors import BadInput
from bot.intents import INTENTS, read_intents
from bot.turn import Incoming, read_incoming
from bot.understanding import understanding

ROOT = Path(__file__).resolve().parents[3]
RESPONSES = yaml.safe_load((ROOT / "data/responses/pictures.yml").read_text(encoding="utf-8"))["responses"]
RESTATED = {"kind": "return", "asks": None, "number": 3, "offered": False}
ASKED = {"kind": "return", "asks": "reason", "number": 0, "offered": False}


@pytest.fixture(scope="module")
def intents():
    return read_intents(ROOT / INTENTS)


def response(intents, way=None, in_form=False, waiting="", recent=()):
    return picturing.answer(way, in_form, waiting, recent, intents)


def test_what_was_restated_is_offered_again_with_its_own_yes_and_no(intents):
    """The buttons carry the number of that restatement."""
    name, facts = response(intents, way=RESTATED, in_form=True, waiting="asked", recent=("product_problem",))
    assert (name, facts["what"]) == ("utter_picture_doing", "return")
    rows = [(r["title"], r["intent"], r["entity"], r["value"]) for r in facts["buttons_for"]]
    assert rows == [("yes", "affirm", "yes_to", "3"), ("no", "deny", "yes_to", "3")]


def test_what_was_asked_for_is_asked_again(intents):
    """In words, since nothing is read from a picture."""
    assert response(intents, way=ASKED) == ("utter_picture_asked", {"what": "return"})
    assert response(intents, in_form=True) == ("utter_picture_form", {})


def test_what_only_the_bot_thought_of_is_not_pressed_on_anybody(intents):
    """As everywhere else."""
    assert response(intents, way={**RESTATED, "offered": True})[0] == "utter_picture_what"


@pytest.mark.parametrize(
    ("recent", "expected"),
    [
        (("product_problem",), "utter_picture_trouble"),
        (("wrong_missing", "provide_info", "affirm"), "utter_picture_trouble"),
        (("product_problem", "size_advice"), "utter_picture_what"),
        (("greet",), "utter_picture_what"),
        ((), "utter_picture_what"),
    ],
)
def test_a_trouble_that_was_told_goes_on_and_all_else_is_asked_about(intents, recent, expected):
    """By the last request, whatever was said around it."""
    assert response(intents, recent=recent)[0] == expected


def test_who_waits_for_a_person_is_told_that_the_person_will_see_it(intents):
    """Nothing is asked of them."""
    assert response(intents, waiting="asked_for_person", recent=("complaint",)) == (
        "utter_picture_waiting",
        {},
    )


def test_every_response_exists_with_another_wording_and_without_a_language_model(intents):
    """What it says of the bot's eyes must stay true; nothing of it is reworded."""
    named = {picturing.WITH_WORDS, *(f"utter_picture_{end}" for end in ENDS)}
    assert set(RESPONSES) == named
    for wordings in RESPONSES.values():
        assert len(wordings) >= 2
        assert wordings[0]["metadata"]["draft"] is False


ENDS = ("doing", "asked", "form", "waiting", "trouble", "what")


def test_a_turn_of_pictures_counts_as_something_given(intents):
    """One of the names that are known; the mood is calm, nothing is asked by it."""
    found = understanding(picturing.read_alone(), "", intents)
    assert (found.intent, found.mood, found.asks, found.entities) == ("provide_info", "calm", False, ())


def test_pictures_may_come_without_words_and_beside_them():
    """Never without anything at all."""
    assert picturing.alone(read_incoming({"id": "m1", "text": None, "button": None, "pictures": 2}))
    assert not picturing.alone(read_incoming({"id": "m1", "text": "破了", "pictures": 2}))
    assert not picturing.alone(Incoming("m1", "破了", at=datetime.fromisoformat("2026-11-21T10:00+08:00")))
    for bad in ({"pictures": 0}, {}, {"pictures": -1, "text": "a"}, {"pictures": "2", "text": "a"}):
        with pytest.raises(BadInput):
            read_incoming({"id": "m1", **bad})
