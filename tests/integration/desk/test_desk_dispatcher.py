"""Every message is answered exactly once and in order, whatever happens to the bot."""

from __future__ import annotations

import threading
import uuid

import pytest
from django.db import connection
from django.utils import timezone

from desk.conversations import turns
from desk.conversations.bot import read_turn
from desk.conversations.models import Conversation

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("shop_time")]


def bot_lines(shopper):
    return shopper.lines("bot")


@pytest.mark.sql
def test_a_message_is_answered_and_the_state_comes_back_with_the_next(desk, bot, shopper, make):
    """What the bot returned as state is what it gets with the following turn."""
    shopper.say("我的快递到哪了")
    make.until(lambda: bot_lines(shopper) == ["听到:我的快递到哪了"])
    shopper.say("那个蓝色的呢")
    make.until(lambda: len(bot_lines(shopper)) == 2)

    first, second = bot.turns()
    assert first["state"] is None
    assert second["state"] == {"heard": ["我的快递到哪了"]}
    assert shopper.row().state == {"heard": ["我的快递到哪了", "那个蓝色的呢"]}
    assert shopper.look()["typing"] is False


def test_the_turn_says_who_asks_from_where_and_when(desk, bot, shopper, make):
    """The context is the desk's own knowledge, never the message's."""
    shopper.say('/human_agent{"a": 1}')
    make.until(bot.turns)
    turn = bot.turns()[0]
    assert turn["conversation"] == shopper.id
    assert turn["incoming"]["text"] == '/human_agent{"a": 1}', "a leading slash is ordinary text"
    assert turn["incoming"]["button"] is None
    assert turn["context"] | {"now": ""} == {
        "shopper": None, "client": "127.0.0.1", "now": "", "style": "warm", "channel": "web", "waiting": "",
    }  # fmt: skip


def test_bubbles_that_wait_are_read_together_up_to_500_characters(bot, shopper, make):
    """Whole bubbles, joined by newlines; what does not fit is the next turn."""
    texts = ["我昨天拍的裙子", "怎么还不发货", "尺" * 480, "码" * 30]
    for text in texts:
        shopper.say(text)
    running = make.desk(bot.url)
    running.start()
    make.until(lambda: len(bot_lines(shopper)) == 2)
    running.stop()

    assert [t["incoming"]["text"] for t in bot.turns()] == ["\n".join(texts[:2]) + "\n" + texts[2], texts[3]]


def test_an_over_long_bubble_is_stored_whole_and_its_beginning_read(desk, bot, shopper, make):
    """5,000 characters: kept, the first 500 read, the shopper told so once."""
    text = "问" * 5000
    event = shopper.say(text)
    make.until(lambda: bot_lines(shopper))
    assert event["text"] == text
    assert bot.turns()[0]["incoming"]["text"] == text[:500]
    assert shopper.codes() == ["truncated"]
    assert "500" in shopper.lines("system")[0]


@pytest.mark.sql
def test_a_bubble_that_comes_before_the_reply_joins_it(desk, bot, shopper, make):
    """The reply under way is dropped, both bubbles are answered once, together."""
    started, go = threading.Event(), threading.Event()

    def slow(request):
        started.set()
        go.wait(make.patience)
        return make.repeat(request)

    bot.enqueue(slow)
    shopper.say("我昨天拍的那条裙子")
    assert started.wait(make.patience)
    shopper.say("怎么还没发货")
    go.set()
    make.until(lambda: bot_lines(shopper))
    make.until(lambda: shopper.row().due_at is None)
    assert bot_lines(shopper) == ["听到:我昨天拍的那条裙子\n怎么还没发货"]
    assert shopper.row().state == {"heard": ["我昨天拍的那条裙子\n怎么还没发货"]}


def test_a_shopper_who_never_stops_writing_is_answered_all_the_same(desk, bot, shopper, make):
    """At most three turns in a row are cancelled by later bubbles."""

    def interrupted(request):
        shopper_says(f"还有第{len(bot.turns())}件事")
        return make.repeat(request)

    def shopper_says(text):
        thread = threading.Thread(target=lambda: (shopper.say(text), connection.close()))
        thread.start()
        thread.join()

    bot.enqueue(*[interrupted] * 4)
    shopper.say("先问第一件事情")
    make.until(lambda: bot_lines(shopper))
    make.until(lambda: shopper.row().due_at is None)
    assert len(bot.turns()) == 5
    heard = "\n".join(line.removeprefix("听到:") for line in bot_lines(shopper)).split("\n")
    assert heard == ["先问第一件事情", *(f"还有第{n}件事" for n in range(1, 5))]


def test_a_bare_greeting_waits_for_the_rest_of_the_thought(desk, bot, shopper, make, settings):
    """A greeting and the question after it become one turn; without the quiet time they would be two."""
    settings.DESK = {**settings.DESK, "quiet_seconds": make.patience}
    shopper.say("在吗")
    assert shopper.look()["typing"] is True
    shopper.say("这件有黑色的吗")
    make.until(lambda: bot_lines(shopper))
    assert bot_lines(shopper) == ["听到:在吗\n这件有黑色的吗"]


def test_a_button_is_a_turn_of_its_own_and_only_if_it_was_offered(desk, bot, shopper, make):
    """Its id goes to the bot, its title into the log; an unknown one is refused."""
    assert shopper.press("b1").status_code == 400
    shopper.say("我的订单怎么了")
    make.until(lambda: bot_lines(shopper))
    assert shopper.press("b1").status_code == 201
    make.until(lambda: len(bot_lines(shopper)) == 2)
    assert shopper.lines("shopper") == ["我的订单怎么了", "查物流"]
    assert bot.turns()[1]["incoming"]["button"] == "b1"
    assert bot.turns()[1]["incoming"]["text"] is None
    assert shopper.press("b9").json()["error"]["code"] == "unknown_button"


@pytest.mark.sql
def test_with_the_bot_down_the_shopper_is_told_once_and_answered_when_it_is_back(
    desk, bot, new_shopper, make
):
    """Nothing is lost, nothing doubled, the order holds."""
    bot.stop()
    first, second = new_shopper(), new_shopper()
    first.say("我的快递到哪了")
    make.until(lambda: first.codes() == ["bot_down"])
    first.say("已经三天没动了")
    second.say("七天无理由怎么退")
    make.until(lambda: second.codes() == ["bot_down"])
    assert first.look()["typing"] is False

    bot.start()
    make.until(lambda: bot_lines(first) and bot_lines(second))
    assert bot_lines(first) == ["听到:我的快递到哪了\n已经三天没动了"]
    assert bot_lines(second) == ["听到:七天无理由怎么退"]
    assert first.codes() == second.codes() == ["bot_down"]

    bot.stop()
    first.say("现在到哪了呢")
    make.until(lambda: first.codes() == ["bot_down", "bot_down"])
    bot.start()
    make.until(lambda: len(bot_lines(first)) == 2)


def test_a_message_that_breaks_the_bot_is_handed_to_a_person_after_three_tries(desk, bot, new_shopper, make):
    """A healthy bot that answers 500 or 422 to one message does not get it for ever; others are served."""

    def poison(request):
        return (500, {}) if "毒" in (request["incoming"]["text"] or "") else make.repeat(request)

    bot.always = poison
    unlucky, other = new_shopper(), new_shopper()
    unlucky.say("这条有毒的消息")
    other.say("这条没有问题")
    make.until(lambda: unlucky.look()["status"] == "waiting")
    make.until(lambda: bot_lines(other))
    assert len([t for t in bot.turns() if t["conversation"] == unlucky.id]) == 3
    assert unlucky.codes() == ["waiting"]
    assert unlucky.row().reason == "bot_failed"
    assert unlucky.look()["waiting"]["place"] == 1


@pytest.mark.parametrize(
    "answer",
    [
        (200, b"not json"),
        (200, {"replies": "none", "state": {}}),
        (200, {"replies": [{"text": 5}], "state": {}}),
        (200, {"replies": [], "state": None}),
        (422, {"error": {"code": "bad_input", "message": "…"}}),
    ],
)
def test_a_nonsensical_turn_is_tried_again(desk, bot, shopper, make, answer):
    """Whatever is not a Turn is never stored; the next try may well succeed."""
    bot.enqueue(lambda _: answer)
    shopper.say("我的快递到哪了")
    make.until(lambda: bot_lines(shopper))
    assert bot_lines(shopper) == ["听到:我的快递到哪了"]
    assert shopper.row().tries == 0


@pytest.mark.sql
def test_a_reply_that_no_database_can_hold_ends_with_a_person(desk, bot, shopper, make):
    """A NUL character in a reply is refused by PostgreSQL; the message must not circle for ever."""
    if connection.vendor != "postgresql":
        return  # SQLite can hold it
    bot.always = lambda request: make.repeat(request, replies=[{"text": "a\x00b"}])
    shopper.say("我的快递到哪了")
    make.until(lambda: shopper.look()["status"] == "waiting")


def test_a_slow_bot_is_waited_for_and_a_stuck_one_is_not(bot, shopper, make):
    """Beyond its time a turn counts as failed; the shopper is told, and a later try answers."""
    running = make.desk(bot.url, 1.0)
    running.start()
    release = threading.Event()
    bot.enqueue(lambda request: (release.wait(make.patience), make.repeat(request))[1])
    shopper.say("我的快递到哪了")
    make.until(lambda: bot_lines(shopper))
    release.set()
    running.stop()
    assert bot_lines(shopper) == ["听到:我的快递到哪了"]
    assert shopper.codes() == ["bot_down"]


@pytest.mark.sql
def test_several_conversations_are_answered_at_once_but_never_one_twice(desk, bot, new_shopper, make):
    """Eight at a time; within a conversation one after the other."""
    gate = threading.Barrier(4, timeout=make.patience)

    def together(request):
        gate.wait()
        return make.repeat(request)

    bot.enqueue(*[together] * 4)
    shoppers = [new_shopper() for _ in range(4)]
    for number, shopper in enumerate(shoppers):
        shopper.say(f"第{number}位买家的问题")
    make.until(lambda: all(bot_lines(s) for s in shoppers))
    assert [bot_lines(s) for s in shoppers] == [[f"听到:第{n}位买家的问题"] for n in range(4)]
    assert bot.most_busy == 4


@pytest.mark.sql
def test_two_dispatchers_answer_each_message_once_and_in_order(bot, new_shopper, make):
    """Leases in the database: several desk processes share the work without doubling it."""
    running = make.desk(bot.url, dispatchers=2)
    running.start()
    shoppers = [new_shopper() for _ in range(6)]
    for turn in range(4):
        for shopper in shoppers:
            shopper.say(f"第{turn}句话是这个")
    make.until(lambda: all(s.row().due_at is None for s in shoppers))
    running.stop()
    for shopper in shoppers:
        assert "\n".join(shopper.row().state["heard"]).split("\n") == [f"第{t}句话是这个" for t in range(4)]
        assert len(bot_lines(shopper)) == len(shopper.row().state["heard"])


@pytest.mark.sql
def test_a_dispatcher_that_stops_gives_its_turn_back(bot, shopper, make):
    """A restart in the middle of a turn answers the message at once, not after the lease."""
    entered, release = threading.Event(), threading.Event()

    def stuck(request):
        entered.set()
        release.wait(make.patience)
        return make.repeat(request)

    bot.enqueue(stuck)
    one = make.desk(bot.url)
    one.start()
    shopper.say("我的快递到哪了")
    assert entered.wait(make.patience)
    one.stop()
    release.set()
    assert shopper.row().lease == ""
    two = make.desk(bot.url)
    two.start()
    make.until(lambda: bot_lines(shopper))
    two.stop()
    assert bot_lines(shopper) == ["听到:我的快递到哪了"]


@pytest.mark.sql
def test_the_lease_of_a_killed_process_runs_out(bot, shopper, make):
    """Another process takes the conversation over, and the dead one's late reply is refused."""
    shopper.say("我的快递到哪了")
    dead = turns.claim()
    assert dead is not None
    assert turns.claim() is None
    Conversation.objects.filter(pk=dead.pk).update(lease_until=timezone.now())
    one = make.desk(bot.url)
    one.start()
    make.until(lambda: bot_lines(shopper))
    late = read_turn(make.repeat({"incoming": {"text": "晚了", "button": None}, "state": None})[1])
    assert turns.commit(dead, late) is turns.Outcome.REFUSED
    one.stop()
    assert bot_lines(shopper) == ["听到:我的快递到哪了"]


@pytest.mark.sql
def test_a_lease_is_renewed_while_its_turn_is_made(bot, shopper, make, settings):
    """A short lease is no limit for a slow turn: nobody else begins it again."""
    settings.DESK = {**settings.DESK, "lease_seconds": 3}
    entered, release = threading.Event(), threading.Event()
    bot.enqueue(lambda request: (entered.set(), release.wait(make.patience), make.repeat(request))[2])
    running = make.desk(bot.url)
    running.start()
    shopper.say("我的快递到哪了")
    assert entered.wait(make.patience)
    first = shopper.row().lease_until
    make.until(lambda: shopper.row().lease_until > first)
    release.set()
    make.until(lambda: bot_lines(shopper))
    running.stop()
    assert len(bot.turns()) == 1


@pytest.mark.sql
def test_messages_sent_twice_are_answered_once(desk, bot, shopper, make):
    """The client repeats what it is not sure of under the same id."""
    client_id = str(uuid.uuid4())
    first, again = shopper.say("我的快递到哪了", client_id), shopper.say("我的快递到哪了", client_id)
    assert first == again
    make.until(lambda: bot_lines(shopper))
    assert shopper.say("我的快递到哪了", client_id) == first
    make.until(lambda: shopper.row().due_at is None)
    assert len(bot_lines(shopper)) == 1
