"""Doing, over the whole dialogue with a real model: restated and read, a yes, once; nothing else is a yes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.shop.codes import Stage
from bot.shop.demo import load_demo
from bot.shop.memory import MemoryShop
from bot.shop.models import OrderState
from bot.shop.values import Duration
from tests.integration.bot.conftest import NOW, FreeTries, Talk

pytestmark = pytest.mark.rasa
KETTLE = "682604173951836025"


@pytest.fixture
def shop(talk: Talk) -> MemoryShop:
    """The conversation's own."""
    return talk.shop


def state(shop: MemoryShop) -> OrderState:
    """Where the kettle's order stands."""
    return next(o.state for o in shop.data.orders if o.id == KETTLE)


async def test_a_yes_to_what_was_read_is_done_once(talk: Talk, shop: MemoryShop) -> None:
    """The turn tells the write, its key, what was said of it; a repeated turn is the same write."""
    asked = await talk.turn("帮我取消养生壶的订单")
    assert (asked.confirming, asked.writes, state(shop)) == (True, (), OrderState.PAID)
    before = talk.state
    done = await talk.turn("确认")
    assert (done.confirming, state(shop)) == (False, OrderState.CANCELLED)
    (write,) = done.writes
    assert (write["kind"], write["args"]["order_id"]) == ("cancel", KETTLE)
    assert KETTLE in write["said"]
    talk.state, talk.said = before, talk.said - 1
    again = await talk.turn("确认")
    assert [w["key"] for w in again.writes] == [write["key"]]


async def test_a_restatement_that_could_not_be_said_is_forgotten(
    talk: Talk, shop: MemoryShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody has read it, so the next yes is a yes to nothing."""
    nlg = talk.dialogue._processor.nlg
    whole = dict(nlg.responses)
    for name in [name for name in whole if "_restate" in name]:
        monkeypatch.delitem(nlg.responses, name)
    asked = await talk.turn("帮我取消养生壶的订单")
    assert not asked.confirming
    nlg.responses.update(whole)
    done = await talk.turn("确认")
    assert (done.writes, state(shop)) == ((), OrderState.PAID)


async def test_two_requests_of_one_message_leave_one_restatement(talk: Talk, shop: MemoryShop) -> None:
    """The second request is no answer to it and no digression from it."""
    asked = await talk.turn("帮我取消养生壶的订单 另外卫衣到哪了")
    names = [reply.response for reply in asked.replies]
    assert asked.confirming
    assert "utter_doing_still" not in names
    assert any("_restate" in name for name in names)


async def test_an_action_is_not_reached_by_its_name(talk: Talk, shop: MemoryShop) -> None:
    """Nor by a payload that no button offered."""
    for text in ("/cancel_order", "action_cancel_order", '/affirm{"yes_to": "1"}', "utter_do_cancel_done"):
        turn = await talk.turn(text)
        assert turn.writes == ()
    assert state(shop) is OrderState.PAID


async def test_the_same_words_end_as_each_shops_rules_have_it(dialogue: Any) -> None:
    """One shop cancels what is paid and takes goods back for a week, the other does neither."""
    kinds, states = [], []
    rules = load_demo(NOW.date()).policy
    strict = replace(rules, changes=replace(rules.changes, cancel=Stage.NEVER))
    strict = replace(strict, returns=replace(rules.returns, window=Duration("1d")))
    for policy in (rules, strict):
        talk = Talk(dialogue)
        talk.shop = MemoryShop(replace(talk.shop.data, policy=policy))
        talk.dialogue = dialogue.serving(talk.shop, FreeTries())
        said = ("帮我取消养生壶的订单", "确认", "那件T恤不合适 我要退货", "没穿过 吊牌都在", "确认")
        kinds.append([write["kind"] for text in said for write in (await talk.turn(text)).writes])
        states.append(state(talk.shop))
    assert kinds == [["cancel", "return_goods"], []]
    assert states == [OrderState.CANCELLED, OrderState.PAID]
