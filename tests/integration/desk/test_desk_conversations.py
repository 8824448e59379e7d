"""What people and shoppers do to a conversation."""

from __future__ import annotations

import os
import threading
import uuid

import pytest
from django.db import DatabaseError, connection, transaction

from bot import archive_postgres
from desk.conversations import service, turns
from desk.conversations.bot import read_turn
from desk.conversations.models import AppendOnly, Conversation, Event
from desk.errors import DeskError

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("shop_time"), pytest.mark.sql]
RACES = int(os.environ.get("DESK_TEST_RACES", "60"))
"""1,000 take half a minute: DESK_TEST_RACES=1000."""


def the_turn(make, text="好的,已为您查询", **more):
    return read_turn(make.repeat({"incoming": {"text": text, "button": None}, "state": None}, **more)[1])


def numbers(shopper):
    return [e["seq"] for e in shopper.look()["events"]]


def test_a_message_is_stored_once_however_often_it_is_sent(shopper):
    """The client id decides; the first version stays."""
    client_id = str(uuid.uuid4())
    first = shopper.post({"client_id": client_id, "text": "我的快递到哪了"})
    again = shopper.post({"client_id": client_id, "text": "别的内容"})
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert shopper.lines() == ["我的快递到哪了"]


def test_the_database_knows_a_desk_by_its_name(db):
    """So that no restore overwrites it while it runs."""
    if connection.vendor != "postgresql":
        return  # there is a file lock
    with connection.cursor() as cursor:
        cursor.execute("SHOW application_name")
        assert cursor.fetchone() == (archive_postgres.DESK,)


def test_messages_sent_at_once_get_one_number_each(shopper):
    """Eight threads, three of them with the same client id: no number twice, no gap, no loss."""
    same = str(uuid.uuid4())
    pk, ids = shopper.row().pk, [same] * 3 + [str(uuid.uuid4()) for _ in range(5)]

    def send(client_id):
        service.receive(pk, service.Message(client_id, "我的快递到哪了呢"))
        connection.close()

    threads = [threading.Thread(target=send, args=(i,)) for i in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert numbers(shopper) == [1, 2, 3, 4, 5, 6]


def test_what_was_said_cannot_be_changed(shopper):
    """Neither through the model nor the manager nor past both in SQL."""
    shopper.say("我的快递到哪了")
    event = Event.objects.get(conversation__public_id=shopper.id)
    with pytest.raises(AppendOnly):
        event.save()
    with pytest.raises(AppendOnly):
        event.delete()
    with pytest.raises(AppendOnly):
        Event.objects.all().update(text="")
    with pytest.raises(AppendOnly):
        Event.objects.all().delete()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE conversations_event SET text = ''")


def test_a_takeover_before_the_commit_refuses_the_reply(shopper, xiaomei, make):
    """Nothing of a refused turn is stored: no line, no state, no mood."""
    shopper.say("我的快递到哪了")
    claim = turns.claim()
    service.take(shopper.row().pk, xiaomei)
    assert turns.commit(claim, the_turn(make)) is turns.Outcome.REFUSED
    assert turns.fail(claim, "HTTP 500") is turns.Outcome.REFUSED
    assert turns.put_off(claim, counts=False) is turns.Outcome.REFUSED
    row = shopper.row()
    assert shopper.lines("bot") == []
    assert (row.status, row.state, row.mood, row.due_at, row.lease) == ("human", None, "", None, "")
    assert turns.claim() is None


def test_a_reply_made_before_a_stretch_with_a_person_is_refused_after_it(shopper, xiaomei, make):
    """The status is the same again, the epoch is not."""
    shopper.say("我的快递到哪了")
    claim = turns.claim()
    service.take(shopper.row().pk, xiaomei)
    service.hand_back(shopper.row().pk, xiaomei)
    assert turns.commit(claim, the_turn(make)) is turns.Outcome.REFUSED
    assert turns.claim().merged.text == "我的快递到哪了", "what the person left unanswered is the bot's again"


@pytest.mark.parametrize("waits", [False, True], ids=["from the bot", "from the queue at night"])
def test_no_reply_follows_a_takeover_in_any_interleaving(new_shopper, xiaomei, make, shop_time, waits):
    """Commit and takeover race; whichever comes second finds the other's work done."""
    shop_time(make.night)
    handoff = {"reason": "asked", "role": "sales", "brief": ""}
    outcomes = set()
    for number in range(RACES // 2):
        if number % 50 == 0:  # a longer talk only makes each race slower
            row, seen = new_shopper().row(), 0
        if waits:
            service.receive(row.pk, service.Message(str(uuid.uuid4()), "我要转人工"))
            turns.commit(turns.claim(), the_turn(make, handoff=handoff))
        service.receive(row.pk, service.Message(str(uuid.uuid4()), f"第{number}个问题是什么"))
        claim = turns.claim()
        start, came = threading.Barrier(2), []

        def commit(claim=claim, start=start, came=came):
            start.wait()
            came.append(turns.commit(claim, the_turn(make)))
            connection.close()

        thread = threading.Thread(target=commit)
        thread.start()
        start.wait()
        service.take(row.pk, xiaomei)
        thread.join()
        outcomes.add(came[0])
        events = list(Event.objects.filter(conversation=row, seq__gt=seen).order_by("seq"))
        taken = max(e.seq for e in events if e.code == "human_started")
        assert not [e for e in events if e.kind == "bot" and e.seq > taken]
        assert [e.seq for e in events] == list(range(seen + 1, seen + 1 + len(events)))
        seen = events[-1].seq
        service.agent_say(row.pk, xiaomei, str(uuid.uuid4()), "我来看看")
        service.hand_back(row.pk, xiaomei)
    assert outcomes <= {turns.Outcome.COMMITTED, turns.Outcome.REFUSED}


def test_a_wish_for_a_person_goes_to_the_waiting(shopper, make):
    """Reply, state and the change of status are one transaction, with one event for the change."""
    shopper.say("转人工")
    handoff = {"reason": "asked", "role": "aftersales", "brief": "想要人工"}
    assert turns.commit(turns.claim(), the_turn(make, handoff=handoff)) is turns.Outcome.COMMITTED
    row = shopper.row()
    assert (row.status, row.reason, row.role, row.brief, row.epoch) == (
        "waiting",
        "asked",
        "aftersales",
        "想要人工",
        1,
    )
    assert row.waiting_since is not None
    change = Event.objects.get(conversation=row, code="waiting")
    assert change.payload == {"move": "hand_over", "who": "bot", "why": "asked", "epoch": 1}
    assert shopper.look()["waiting"] == {"place": 1, "minutes": None, "after_hours": False, "back": None}


def test_while_a_person_is_wanted_or_there_the_bot_stays_silent(desk, bot, shopper, xiaomei, make):
    """Messages go to people; back again, the bot is told what was said and answers only what nobody did."""
    bot.enqueue(make.handing_over)
    shopper.say("我要转人工")
    make.until(lambda: shopper.look()["status"] == "waiting")
    shopper.say("有人在那边吗")
    pk = shopper.row().pk
    service.take(pk, xiaomei)
    assert shopper.look()["agent"] == "小美"
    service.agent_say(pk, xiaomei, str(uuid.uuid4()), "您好,我是小美")
    service.hand_back(pk, xiaomei)
    shopper.say("那我的快递呢")
    make.until(lambda: len(shopper.lines("bot")) == 2)

    path, note = next(call for call in bot.history if call[0] == "/note")
    assert path == "/note"
    assert [(e["kind"], e.get("text")) for e in note["events"]] == [
        ("shopper_said", "有人在那边吗"),
        ("human_started", None),
        ("human_said", "您好,我是小美"),
        ("human_ended", None),
    ]
    assert len(bot.turns()) == 2
    assert bot.turns()[1]["incoming"]["text"] == "那我的快递呢"
    assert len(bot.turns()[1]["state"]["noted"]) == 4
    assert shopper.codes() == ["waiting", "human_started", "human_ended"]
    assert shopper.row().note_from is None, "the bot is told once"


def test_what_was_said_after_the_persons_last_words_is_answered_by_the_bot(desk, bot, shopper, xiaomei, make):
    """Handing back loses no message."""
    pk = shopper.row().pk
    service.take(pk, xiaomei)
    service.agent_say(pk, xiaomei, str(uuid.uuid4()), "您好")
    shopper.say("我的快递到哪了")
    service.hand_back(pk, xiaomei)
    make.until(lambda: shopper.lines("bot") == ["听到:我的快递到哪了"])


def test_only_one_agent_gets_a_conversation(shopper, xiaomei, make):
    """The second is told who has it; the first may press again without effect."""
    other, pk = make.agent("dagang", "大刚"), shopper.row().pk
    service.take(pk, xiaomei)
    epoch = service.take(pk, xiaomei).epoch
    assert epoch == 1
    for attempt in (
        lambda: service.take(pk, other),
        lambda: service.hand_back(pk, other),
        lambda: service.close(pk, other),
        lambda: service.agent_say(pk, other, str(uuid.uuid4()), "我来"),
    ):
        with pytest.raises(DeskError, match="小美"):
            attempt()


def test_a_closed_conversation_opens_again_when_the_shopper_writes(desk, bot, shopper, xiaomei, make):
    """The bot begins anew: what was proved ended with the conversation."""
    shopper.say("我的快递到哪了")
    make.until(lambda: shopper.lines("bot"))
    pk = shopper.row().pk
    service.take(pk, xiaomei)
    service.close(pk, xiaomei)
    assert (shopper.row().status, shopper.row().state) == ("closed", None)
    shopper.say("还有一个问题")
    make.until(lambda: len(shopper.lines("bot")) == 2)
    assert bot.turns()[-1]["state"] is None
    assert shopper.codes() == ["human_started", "closed", "reopened"]


def test_the_wait_is_estimated_from_recent_ones(new_shopper, xiaomei, make):
    """Place by time of asking; minutes by the median of the last waits, at least one."""
    for name in ("一", "二"):
        one = new_shopper()
        one.say(f"第{name}位要人工")
        handoff = {"reason": "asked", "role": "sales", "brief": ""}
        turns.commit(turns.claim(), the_turn(make, handoff=handoff))
    assert place_and_minutes(one) == (2, None)
    first = Conversation.objects.filter(status="waiting").order_by("waiting_since").first()
    service.take(first.pk, xiaomei)
    assert place_and_minutes(one) == (1, 1)


def place_and_minutes(shopper):
    waiting = shopper.look()["waiting"]
    return waiting["place"], waiting["minutes"]
