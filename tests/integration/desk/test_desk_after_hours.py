"""At night the bot goes on answering those who wait for a person; in the morning they are in the queue."""

from __future__ import annotations

import uuid

import pytest

from desk.conversations import service, turns
from desk.conversations.bot import read_turn
from desk.conversations.models import Event

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("at_night")]
COMPLAINT = {"reason": "complaint", "role": "complaint", "brief": "少发一件"}


@pytest.fixture
def at_night(shop_time, make):
    shop_time(make.night)


@pytest.fixture
def waiting(desk, bot, shopper, make):
    """A shopper who has asked for a person."""
    bot.enqueue(make.handing_over)
    shopper.say("我要转人工")
    make.until(lambda: shopper.look()["status"] == "waiting")
    return shopper


def a_turn(make, **more):
    return read_turn(make.repeat({"incoming": {"text": "a", "button": None}, "state": None}, **more)[1])


@pytest.mark.sql
def test_who_waits_is_answered_and_stays_in_the_queue(waiting, bot, make):
    """The next question gets its answer; the place in the queue does not change."""
    since = waiting.row().waiting_since
    waiting.say("七天无理由怎么退")
    make.until(lambda: len(waiting.lines("bot")) == 2)
    assert waiting.lines("bot")[-1] == "听到:七天无理由怎么退"
    row = waiting.row()
    assert (row.status, row.waiting_since, row.epoch) == ("waiting", since, 1)
    assert [turn["context"]["waiting"] for turn in bot.turns()] == ["", "asked"], "the bot knows of the wait"


def test_the_shopper_is_told_when_people_are_back_and_no_minutes(waiting):
    """Nobody is being connected at night, and last day's waits tell nothing."""
    assert waiting.look()["waiting"] == {
        "place": 1, "minutes": None, "after_hours": True, "back": "今天 10:00",
    }  # fmt: skip
    line = waiting.lines("system")[-1]
    assert "今天 10:00" in line
    assert "正在为您转接" not in line


def test_in_the_morning_the_bot_is_silent_for_those_who_still_wait(waiting, bot, xiaomei, make, shop_time):
    """Then a person answers, who sees what was written meanwhile; the wait is no measure for others."""
    shop_time("2026-11-21T10:30+08:00")
    waiting.say("有人了吗")
    assert waiting.row().due_at is None
    assert waiting.look()["waiting"]["after_hours"] is False
    service.take(waiting.row().pk, xiaomei)
    taken = Event.objects.get(conversation=waiting.row(), code="human_started").payload
    assert (taken["after_hours"], taken["waited"] > 8 * 3600) == (True, True)
    bot.always = make.handing_over
    service.hand_back(waiting.row().pk, xiaomei)
    make.until(lambda: waiting.look()["status"] == "waiting")
    assert waiting.look()["waiting"]["minutes"] is None


def test_a_second_wish_for_a_person_keeps_the_place_and_tells_the_newest_reason(waiting, bot, make):
    """Who waits already is not moved again: one change, one line."""
    before = waiting.row()
    bot.enqueue(lambda request: make.repeat(request, handoff=COMPLAINT))
    waiting.say("少发了一件,我要投诉")
    make.until(lambda: len(waiting.lines("bot")) == 2)
    row = waiting.row()
    assert (row.waiting_since, row.epoch) == (before.waiting_since, before.epoch)
    assert (row.reason, row.role, row.brief) == ("complaint", "complaint", "少发一件")
    bot.enqueue(lambda request: make.repeat(request, handoff={**COMPLAINT, "reason": "asked_for_person"}))
    waiting.say("人工人工")
    make.until(lambda: len(waiting.lines("bot")) == 3)
    assert waiting.row().reason == "complaint", "a plain wish tells nothing new"
    assert waiting.codes() == ["waiting"]


def test_what_the_bot_cannot_answer_is_left_to_the_person(waiting, bot, make):
    """After three tries; it stays in the queue as it is, and other questions are answered."""

    def poison(request):
        return (500, {}) if "毒" in request["incoming"]["text"] else make.repeat(request)

    bot.always = poison
    waiting.say("这条有毒的消息")
    make.until(lambda: waiting.codes() == ["waiting", "bot_failed"])
    waiting.say("七天无理由怎么退")
    make.until(lambda: len(waiting.lines("bot")) == 2)
    assert (waiting.row().status, waiting.row().reason) == ("waiting", "asked")
    assert not [call for call in bot.history if call[0] == "/note"], "nor is it told of it afterwards"


@pytest.mark.sql
def test_with_the_bot_down_who_waits_is_told_and_answered_later(waiting, bot, make):
    """As everyone else."""
    bot.stop()
    waiting.say("七天无理由怎么退")
    make.until(lambda: waiting.codes() == ["waiting", "bot_down"])
    bot.start()
    make.until(lambda: len(waiting.lines("bot")) == 2)


def test_an_agent_who_works_late_takes_over_as_ever(shopper, xiaomei, make):
    """What the bot was just answering for someone who waits is refused, and left to the person."""
    shopper.say("我要转人工")
    turns.commit(turns.claim(), a_turn(make, handoff=COMPLAINT))
    shopper.say("七天无理由怎么退")
    claim = turns.claim()
    service.take(shopper.row().pk, xiaomei)
    assert turns.commit(claim, a_turn(make)) is turns.Outcome.REFUSED
    row = shopper.row()
    assert (row.status, row.due_at, row.lease, len(shopper.lines("bot"))) == ("human", None, "", 1)


def test_the_bot_hears_of_a_human_stretch_from_its_own_last_words_on(waiting, bot, xiaomei, make):
    """What it answered itself while the shopper waited is no news to it."""
    waiting.say("七天无理由怎么退")
    make.until(lambda: len(waiting.lines("bot")) == 2)
    pk = waiting.row().pk
    service.take(pk, xiaomei)
    service.agent_say(pk, xiaomei, str(uuid.uuid4()), "您好,我是小美")
    service.hand_back(pk, xiaomei)
    waiting.say("那我的快递呢")
    make.until(lambda: len(waiting.lines("bot")) == 3)
    notes = [request["events"] for path, request in bot.history if path == "/note"]
    assert [e["kind"] for e in notes[-1]] == ["human_started", "human_said", "human_ended"]


def test_bubbles_beyond_one_turn_are_answered_after_the_hand_over_too(bot, shopper, make):
    """The first turn's worth brought them into the queue; at night nobody else would answer the rest."""
    bot.enqueue(make.handing_over)
    shopper.say("我要转人工" + "啊" * 480)
    shopper.say("码" * 30)
    running = make.desk(bot.url)
    running.start()
    make.until(lambda: len(shopper.lines("bot")) == 2)
    running.stop()
    assert shopper.row().status == "waiting"
