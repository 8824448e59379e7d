"""Pictures, over the whole dialogue with a real model: nothing that is open closes by them."""

from __future__ import annotations

import pytest

from bot.shop.models import OrderState
from bot.turn import Context, Incoming, Turn
from tests.integration.bot.conftest import Talk

pytestmark = pytest.mark.rasa
KETTLE = "682604173951836025"
GREETINGS = ("您好", "在的", "欢迎光临")


async def send(talk: Talk, text: str | None = None, pictures: int = 1, waiting: str = "") -> Turn:
    """Pictures, alone or with words, as the desk hands them on."""
    talk.said += 1
    incoming = Incoming(f"m{talk.said}", text, pictures=pictures)
    turn: Turn = await talk.dialogue.turn(
        talk.state, incoming, Context(talk.name, talk.now, talk.shopper, waiting=waiting)
    )
    talk.state = turn.state
    return turn


def responses(turn: Turn) -> list[str]:
    return [reply.response for reply in turn.replies]


async def test_the_first_thing_that_comes_may_be_a_picture(talk: Talk) -> None:
    """It is acknowledged, its meaning asked for, a person offered; each button works."""
    turn = await send(talk)
    assert responses(turn) == ["utter_picture_what"]
    assert turn.understanding.intent == "provide_info"
    assert [b.title for b in turn.replies[0].buttons] == ["商品有问题", "发错或少发了", "转人工看图"]
    assert turn.replies[0].text.startswith(GREETINGS)
    asked = await talk.turn(button=turn.replies[0].buttons[-1].id)
    assert asked.handoff is not None
    assert not asked.replies[0].text.startswith(GREETINGS), "who was greeted is not greeted again"


async def test_a_picture_between_restatement_and_yes_leaves_both_good(talk: Talk) -> None:
    """Any number of them: the restated thing is asked again, and done once after the yes."""
    asked = await talk.turn("帮我取消养生壶的订单")
    assert asked.confirming
    for _ in range(4):
        again = await send(talk)
        assert responses(again) == ["utter_picture_doing"]
        assert (again.confirming, again.writes) == (True, ())
    yes, no = again.replies[0].buttons
    assert (yes.title, no.title) == ("确认", "先不办")
    done = await talk.turn(button=yes.id)
    assert [write["args"]["order_id"] for write in done.writes] == [KETTLE]
    assert next(o.state for o in talk.shop.data.orders if o.id == KETTLE) is OrderState.CANCELLED


async def test_after_a_trouble_a_picture_goes_on_with_it(talk: Talk) -> None:
    """It was asked for; what can be done about the trouble is offered, and the order is still known."""
    await talk.turn("T恤穿了一次就破了个洞")
    turn = await send(talk, pictures=3)
    assert responses(turn) == ["utter_picture_trouble"]
    returned = await talk.turn(button=turn.replies[0].buttons[0].id)
    assert any(r.startswith("utter_do_return") for r in responses(returned)), responses(returned)


async def test_words_beside_a_picture_are_answered_as_ever(talk: Talk) -> None:
    """And the picture is acknowledged behind them."""
    turn = await send(talk, "我的快递到哪了", pictures=2)
    assert turn.understanding.intent == "track_logistics"
    assert len(turn.replies) == 2
    assert responses(turn)[-1] == "utter_picture_with_words"


async def test_a_form_still_waits_for_its_answer_after_a_picture(stranger: Talk) -> None:
    """A photo of the order proves nothing: the number is asked for in writing, and then taken."""
    await stranger.turn("我的快递到哪了")
    turn = await send(stranger)
    assert responses(turn) == ["utter_picture_form"]
    before = stranger.state
    given = await stranger.turn(KETTLE)
    stranger.state = before
    assert given.understanding.intent == "provide_info"
    assert responses(given) != responses(await stranger.turn("不知道怎么说")), "the number was taken"


async def test_who_waits_for_a_person_is_told_that_it_is_kept(talk: Talk) -> None:
    """At night, while the bot still answers."""
    turn = await send(talk, waiting="asked_for_person")
    assert responses(turn) == ["utter_picture_waiting"]


async def test_two_turns_of_pictures_are_worded_differently(talk: Talk) -> None:
    """As all else that is said twice."""
    first, second = await send(talk), await send(talk)
    assert first.replies[0].text != second.replies[0].text
