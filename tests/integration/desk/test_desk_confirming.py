"""A turn that may write to the shop: whatever comes between, it writes once and somebody says so once."""

from __future__ import annotations

import contextlib
import os
import random
import uuid

import pytest
from django.utils import timezone

from desk.conversations import service, turns
from desk.conversations.bot import read_turn
from desk.conversations.models import Conversation, Event
from desk.errors import DeskError
from desk.records.models import Task
from tests.integration.desk.careful import DUE, answer, asked, drain, elsewhere, made, told

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("shop_time"), pytest.mark.sql]
WALKS = int(os.environ.get("DESK_TEST_WALKS", "25"))
"""Orders of things that are tried; thousands take minutes: DESK_TEST_WALKS=3000."""


@pytest.mark.parametrize("steps", [0, 1], ids=["before the write", "after the write"])
def test_a_bubble_during_a_confirming_turn_is_the_next_turn(desk, bot, careful, shopper, make, steps):
    """It neither cancels the turn nor joins it: first what was done is said, then the rest is answered."""
    shopper.say("取消订单")
    make.until(lambda: shopper.row().confirming)
    careful.between = [lambda: None] * steps + [lambda: elsewhere(lambda: shopper.say("再问个尺码"))]
    shopper.say("对")
    make.until(lambda: len(shopper.lines("bot")) == 3)
    assert shopper.lines("bot")[1:] == ["订单 Z1 取消好了", "听到:再问个尺码"]
    assert [t["incoming"]["text"] for t in bot.turns()] == ["取消订单", "对", "再问个尺码"]
    assert len(careful.ledger) == 1
    assert shopper.row().confirming is False


@pytest.mark.parametrize("steps", [0, 1], ids=["before the write", "after the write"])
def test_a_takeover_during_a_confirming_turn_tells_what_was_done(
    desk, bot, careful, shopper, xiaomei, make, steps
):
    """The bot's reply is refused; a system line and the turn's task stay, and the bot hears of it later."""
    shopper.say("取消订单")
    make.until(lambda: shopper.row().confirming)
    pk = shopper.row().pk
    careful.between = [lambda: None] * steps + [lambda: elsewhere(lambda: service.take(pk, xiaomei))]
    shopper.say("对")
    make.until(lambda: told(shopper))
    assert told(shopper) == ["已为您取消订单 Z1"]
    assert shopper.codes() == ["human_started", "written"]
    assert shopper.row().confirming is False
    assert [task.wish for task in Task.objects.all()] == ["核对退款"], "the doubt of the takeover is settled"
    service.hand_back(pk, xiaomei)
    shopper.say("谢谢你们")
    make.until(lambda: shopper.lines("bot")[-1] == "听到:谢谢你们")
    noted = next(request["events"] for path, request in bot.history if path == "/note")
    assert [event["kind"] for event in noted] == ["shopper_said", "human_started", "written", "human_ended"]
    assert noted[2]["write"]["result"] == {"refund": 9900}


@pytest.mark.parametrize("when", ["claimed", "written", "stored"])
@pytest.mark.parametrize("fault", ["bubble", "takeover", "kill", "bubble, kill", "lease lost"])
def test_whatever_comes_between_it_is_written_once_and_told_once(
    shopper, careful, make, xiaomei, fault, when
):
    """Each fault at each step of a confirming turn."""
    asked(shopper, careful)
    shopper.say("对")
    held, killed = turns.claim(), False

    def strike(step):
        if when != step:
            return False
        if "bubble" in fault:
            shopper.say("再问个尺码")
        if fault == "takeover":
            service.take(shopper.row().pk, xiaomei)
        if fault == "lease lost":
            Conversation.objects.exclude(lease="").update(lease_until=timezone.now())
            drain(careful)
        if "kill" in fault:
            turns.free_all()
        return "kill" in fault

    killed = strike("claimed")
    if not killed:
        turn = made(careful, held)
        killed = strike("written")
    if not killed:
        turns.commit(held, read_turn(turn))
        strike("stored")
    drain(careful)
    assert len(careful.ledger) == 1
    assert len(told(shopper)) == 1
    assert Task.objects.get().wish == "核对退款"
    if "bubble" in fault:
        assert shopper.lines("bot")[-1] == "听到:再问个尺码"
    if fault == "takeover":
        assert "bot" not in kinds_after(shopper, "human_started")


def kinds_after(shopper, code):
    """Who spoke after a system line."""
    events = shopper.look()["events"]
    start = next(event["seq"] for event in events if event["code"] == code)
    return [event["kind"] for event in events if event["seq"] > start]


def test_a_slow_turn_leaves_it_to_the_process_that_makes_it_again(shopper, careful):
    """The lease is lost, the other one still at work: its reply says what was done, no line beside it."""
    asked(shopper, careful)
    shopper.say("对")
    slow = turns.claim()
    Conversation.objects.update(lease_until=timezone.now())
    again = turns.claim()
    assert answer(careful, slow) is turns.Outcome.REFUSED
    assert told(shopper) == []
    assert answer(careful, again) is turns.Outcome.COMMITTED
    assert (len(told(shopper)), len(careful.ledger), Task.objects.count()) == (1, 1, 1)


def test_a_yes_that_ends_nowhere_is_a_task_with_the_question(desk, bot, shopper, make):
    """Three failed tries: a person is asked, and knows what is to be checked."""
    bot.enqueue(lambda request: make.repeat(request, replies=[{"text": "取消订单 Z1,对吗"}], confirming=True))
    bot.always = lambda request: (500, {})
    shopper.say("取消订单")
    make.until(lambda: shopper.row().confirming)
    shopper.say("对")
    make.until(lambda: shopper.look()["status"] == "waiting")
    task = Task.objects.get()
    assert (task.kind, task.role) == ("failed_write", "aftersales")
    assert "取消订单 Z1,对吗" in task.wish
    assert shopper.row().pinned_seq is None


def test_a_takeover_while_nobody_works_on_the_yes_leaves_a_task(shopper, careful, xiaomei):
    """The process that made the turn is dead: whether it wrote nobody knows, so somebody is to look."""
    asked(shopper, careful)
    shopper.say("对")
    careful({"incoming": {"id": "x", "text": "对", "button": None}, "state": turns.claim().state})
    service.take(shopper.row().pk, xiaomei)
    assert "取消订单 Z1,对吗" in Task.objects.get().wish
    assert told(shopper) == []


def test_a_doubt_stays_when_a_later_turn_over_the_same_words_is_refused(shopper, careful, xiaomei):
    """Given back, the bot reads the yes again, without the question: that tells nothing of the first turn."""
    asked(shopper, careful)
    shopper.say("对")
    made(careful, turns.claim())
    pk = shopper.row().pk
    service.take(pk, xiaomei)
    service.hand_back(pk, xiaomei)
    again = turns.claim()
    service.take(pk, xiaomei)
    assert answer(careful, again) is turns.Outcome.REFUSED
    assert "取消订单 Z1,对吗" in Task.objects.get().wish


@pytest.mark.parametrize("seed", range(WALKS))
def test_in_any_order_of_things_each_write_is_told_once_or_doubted(shopper, careful, xiaomei, seed):
    """Two processes, a person, kills, lost leases and late answers, thrown together."""
    chance, pk = random.Random(seed), shopper.row().pk
    claims, late = [], []

    def refused_or(work):
        with contextlib.suppress(DeskError):
            work()

    def claim():
        held = turns.claim()
        claims.extend([held] if held else [])

    def some(rows):
        return rows.pop(chance.randrange(len(rows)))

    def ask():
        if (row := shopper.row()).status == "bot" and not row.confirming:
            shopper.say("取消订单")
            drain(careful)
            shopper.say("对")

    steps = {
        ask: 1,
        claim: 3,
        lambda: shopper.say("还有一件事"): 1,
        lambda: claims and late.append((held := some(claims), made(careful, held))): 3,
        lambda: late and _commit(*some(late)): 2,
        lambda: claims and turns.fail(some(claims), "HTTP 500"): 1,
        lambda: claims and turns.put_off(some(claims), counts=True): 1,
        lambda: refused_or(lambda: service.take(pk, xiaomei)): 1,
        lambda: refused_or(lambda: service.agent_say(pk, xiaomei, str(uuid.uuid4()), "您好")): 1,
        lambda: refused_or(lambda: service.hand_back(pk, xiaomei)): 1,
        lambda: refused_or(lambda: service.close(pk, xiaomei)): 1,
        lambda: Conversation.objects.exclude(lease="").update(lease_until=timezone.now()): 1,
        lambda: (claims or late) and some(claims or late): 1,
    }
    ask()
    for step in chance.choices(list(steps), list(steps.values()), k=chance.randint(4, 25)):
        step()
        at_once()
    turns.free_all()
    for rest in late:
        _commit(*rest)
    refused_or(lambda: service.take(pk, xiaomei))
    refused_or(lambda: service.hand_back(pk, xiaomei))
    at_once()
    drain(careful)
    doubts = Task.objects.filter(kind="failed_write", closed_at=None).count()
    assert len(told(shopper)) <= len(careful.ledger) <= len(told(shopper)) + doubts
    assert len(set(told_keys(shopper))) == len(told_keys(shopper))


def _commit(held, turn):
    turns.commit(held, read_turn(turn))


def at_once():
    """Retries do not wait."""
    Conversation.objects.filter(due_at__isnull=False).update(due_at=timezone.now())


def told_keys(shopper):
    """The writes that the log holds, with a line of their own or with the reply."""
    payloads = [event.payload for event in Event.objects.filter(conversation__public_id=shopper.id)]
    replies = [write["key"] for p in payloads for write in (p.get("turn") or {}).get("writes", ())]
    return replies + [p["write"]["key"] for p in payloads if "write" in p]


@pytest.mark.parametrize(("kind", "kept"), [("failed_write", 1), ("followup", 0)])
def test_of_a_refused_reply_only_tasks_about_writes_stay(shopper, xiaomei, make, kind, kept):
    """The shop was down: the wish stays written down. Anything else is before the person who took over."""
    shopper.say("帮我改一下地址")
    held = turns.claim()
    service.take(held.pk, xiaomei)
    task = {"kind": kind, "role": "packing", "order": "", "wish": "改地址", "due": DUE, "key": kind}
    turn = make.repeat({"incoming": {"text": "a", "button": None}, "state": None}, tasks=[task])[1]
    assert turns.commit(held, read_turn(turn)) is turns.Outcome.REFUSED
    assert Task.objects.count() == kept


def test_a_write_told_late_reaches_a_bot_that_has_the_conversation_back(shopper, careful, xiaomei):
    """Taken and given back while the bot was working: the next turn's note has it."""
    asked(shopper, careful)
    shopper.say("对")
    held = turns.claim()
    service.take(held.pk, xiaomei)
    service.agent_say(held.pk, xiaomei, "1" * 36, "您稍等")
    service.hand_back(held.pk, xiaomei)
    shopper.say("在吗有人吗")
    answer(careful)
    assert answer(careful, held) is turns.Outcome.REFUSED
    shopper.say("取消了没有")
    assert [event["kind"] for event in turns.claim().note] == ["written"]


def test_a_conversation_that_was_taken_before_the_bot_spoke_goes_on_with_it(
    desk, bot, shopper, xiaomei, make
):
    """There is no state yet that a note could be added to."""
    pk = shopper.row().pk
    service.take(pk, xiaomei)
    service.agent_say(pk, xiaomei, "1" * 36, "您好")
    service.hand_back(pk, xiaomei)
    shopper.say("我的快递到哪了")
    make.until(lambda: shopper.lines("bot"))
    assert shopper.lines("bot") == ["听到:我的快递到哪了"]
