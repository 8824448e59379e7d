"""Which words are the answer that a confirming turn carries out: those that were there, and no others."""

from __future__ import annotations

import pytest

from desk.conversations import turns
from desk.conversations.bot import read_turn
from tests.integration.desk.careful import answer, asked, elsewhere, made, told

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("shop_time"), pytest.mark.sql]


def test_a_retry_reads_the_very_same_message(desk, bot, careful, shopper, make):
    """The bot breaks after it has written; what the shopper adds meanwhile does not change what was meant."""
    shopper.say("取消订单")
    make.until(lambda: shopper.row().confirming)

    def breaks(request):
        careful(request)
        elsewhere(lambda: shopper.say("等等先别取消"))
        return 500, {}

    bot.enqueue(breaks)
    shopper.say("对")
    make.until(lambda: len(shopper.lines("bot")) == 3)
    second, third = bot.turns()[1:3]
    assert second == third, "the same words and state, as of the same moment"
    assert shopper.lines("bot")[1:] == ["订单 Z1 取消好了", "听到:等等先别取消"]
    assert len(careful.ledger) == 1


def test_a_yes_that_the_bot_may_have_seen_stays_pinned_while_the_bot_is_down(shopper, careful):
    """Its process died after the write; that the bot cannot be reached now does not unmake it."""
    asked(shopper, careful)
    shopper.say("对")
    made(careful, turns.claim())
    turns.free_all()
    turns.put_off(turns.claim(), counts=False)
    shopper.say("等等先别取消")
    answer(careful)
    assert (len(told(shopper)), len(careful.ledger)) == (1, 1)


def test_a_yes_that_the_bot_never_saw_is_read_with_what_follows(desk, bot, careful, shopper, make):
    """The bot was down all the time: the shopper has thought better of it meanwhile."""
    shopper.say("取消订单")
    make.until(lambda: shopper.row().confirming)
    bot.stop()
    shopper.say("对")
    make.until(lambda: shopper.codes() == ["bot_down"])
    shopper.say("等等先别取消")
    bot.start()
    make.until(lambda: len(shopper.lines("bot")) == 2)
    assert shopper.lines("bot")[1] == "听到:对\n等等先别取消"
    assert careful.ledger == {}


def test_what_waits_already_is_read_together_with_the_yes(shopper, careful):
    """Two bubbles that are both there before the turn begins are one answer: the bot sees the doubt."""
    asked(shopper, careful)
    shopper.say("对")
    shopper.say("等等先别取消")
    answer(careful)
    assert shopper.lines("bot")[-1] == "听到:对\n等等先别取消"
    assert careful.ledger == {}


def test_a_no_is_a_turn_of_its_own_as_well(shopper, careful):
    """Whatever answers the question is carried out as it was said, even if nothing comes of it."""
    asked(shopper, careful)
    shopper.say("不取消了")
    held = turns.claim()
    shopper.say("对了什么时候发货")
    assert answer(careful, held) is turns.Outcome.COMMITTED
    assert turns.claim().merged.text == "对了什么时候发货"
    assert careful.ledger == {}


def test_a_turn_that_has_written_is_never_dropped(shopper, careful, make):
    """Even where the bot had asked nothing: what is done is done, and is said."""
    shopper.say("帮我催一下发货")
    held = turns.claim()
    shopper.say("快一点")
    done = {"kind": "urge", "key": "u1", "args": {}, "result": {}, "said": "已催发货"}
    turn = make.repeat({"incoming": {"text": "催", "button": None}, "state": None}, writes=[done])[1]
    assert turns.commit(held, read_turn(turn)) is turns.Outcome.COMMITTED
    assert turns.claim().merged.text == "快一点"
