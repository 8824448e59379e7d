"""Doing: asked, restated, redeemed by a yes to that very restatement, and never otherwise."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from actions.changes import CancelOrder
from actions.orders import OrderStatus
from actions.session import ShopAction
from actions.talk import ActionAffirm, ActionAskWhich, ActionDeny, ActionThanksBye
from bot.errors import ShopDown
from bot.shop.access import Identity, Session
from bot.shop.doing.rows import Receipt
from bot.shop.memory import MemoryShop
from bot.shop.models import OrderState
from bot.shop.policy import load_policy
from bot.shop.portable import ShopData
from bot.shop.wishes import Wish
from tests.unit.actions.order_shop import HAN, LI, NOW, SHIRT, Desk, Heard, Tries, ago, call, order

N, OTHER = "100000000000000001", "100000000000000002"
S = OrderState


class Shop(MemoryShop):
    """A shop whose writes are counted, and may fail."""

    down = False
    writes = 0

    async def do(self, wish: Wish, key: str, now: datetime) -> Receipt:
        """See ShopBackend."""
        if self.down:
            raise ShopDown("refused")
        self.writes += 1
        return await super().do(wish, key, now)


@dataclass
class Talk:
    """A conversation whose slots last from message to message."""

    shop: Shop
    slots: dict[str, Any] = field(default_factory=dict)
    now: datetime = NOW
    session: Session | None = None

    async def hear(self, action: ShopAction, text: str = "", intent: str = "", **entities: str) -> Heard:
        """One message that this action answers."""
        self.session = Session(self.shop, Tries(), self.now, Identity(LI.id, LI.name))
        heard = await call(action, self.session, text, intent or action.intent, self.slots, **entities)
        self.slots.update(heard.slots)
        return heard

    @property
    def state(self) -> OrderState:
        """Where the first order stands."""
        return next(o.state for o in self.shop.data.orders if o.id == N)

    def button(self, heard: Heard, title: str) -> dict[str, str]:
        """The entity that a button of the last restatement brings."""
        row = next(r for r in heard.said[-1]["buttons_for"] if r["title"] == title)
        return {row["entity"]: row["value"]}


@pytest.fixture
def talk() -> Talk:
    """LI has one paid order and one that is signed."""
    orders = (order(N, S.PAID, dispatch_by=NOW + timedelta(hours=5)), order(OTHER, S.SIGNED, signed=ago(2)))
    rows = ShopData(products=(SHIRT,), shoppers=(LI, HAN), orders=orders, policy=load_policy({}))
    return Talk(Shop(rows))


async def test_nothing_is_written_before_a_yes(talk: Talk) -> None:
    """The wish is restated: which order, how much, and the buttons of this very restatement."""
    heard = await talk.hear(CancelOrder(), "帮我取消订单")
    assert heard.names == ["utter_do_cancel_restate"]
    assert (heard.facts["order_id"], heard.facts["amount"]) == (N, 7900)
    assert [row["intent"] for row in heard.facts["buttons_for"]] == ["affirm", "deny"]
    assert (talk.shop.writes, talk.state) == (0, S.PAID)


@pytest.mark.parametrize(
    "text", ["好的", "确认", "是的 取消吧", "嗯嗯", "对", "可以", "行", "没错，取消", "确认取消"]
)
async def test_a_yes_in_words_redeems_it(talk: Talk, text: str) -> None:
    """Once, and it is told what came of it."""
    await talk.hear(CancelOrder(), "帮我取消订单")
    heard = await talk.hear(ActionAffirm(), text)
    assert heard.names == ["utter_do_cancel_done"]
    assert (talk.shop.writes, talk.state, talk.slots["doing"]) == (1, S.CANCELLED, None)


async def test_a_yes_that_names_the_wish_again_is_a_yes(talk: Talk) -> None:
    """确认取消 is understood as the wish itself."""
    await talk.hear(CancelOrder(), "帮我取消订单")
    assert (await talk.hear(CancelOrder(), "确认取消")).names == ["utter_do_cancel_done"]


async def test_the_button_redeems_its_own_restatement_alone(talk: Talk) -> None:
    """An older button changes nothing; the latest restatement is told again."""
    first = await talk.hear(CancelOrder(), "帮我取消订单")
    second = await talk.hear(CancelOrder(), "我要取消订单")
    stale = await talk.hear(ActionAffirm(), "", **talk.button(first, "yes"))
    assert stale.names == ["utter_doing_stale", "utter_do_cancel_restate"]
    assert talk.shop.writes == 0
    done = await talk.hear(ActionAffirm(), "", **talk.button(stale, "yes"))
    assert done.names == ["utter_do_cancel_done"]
    again = await talk.hear(ActionAffirm(), "", **talk.button(second, "yes"))
    assert again.names == ["utter_doing_stale"]
    assert talk.shop.writes == 1


@pytest.mark.parametrize("text", ["不用了", "先不要", "算了", "还是算了吧", "我再想想", "别取消了"])
async def test_a_no_leaves_everything_as_it_was(talk: Talk, text: str) -> None:
    """And a yes after it is a yes to nothing."""
    await talk.hear(CancelOrder(), "帮我取消订单")
    assert (await talk.hear(ActionDeny(), text)).names == ["utter_doing_dropped"]
    assert (await talk.hear(ActionAffirm(), "好的")).names == ["utter_affirm"]
    assert (talk.shop.writes, talk.state) == (0, S.PAID)


@pytest.mark.parametrize("text", ["好像是吧 不确定", "可以吗", "好的 等一下", "嗯？", "如果能退运费就行"])
async def test_what_is_no_plain_yes_is_asked_once_more_and_then_dropped(talk: Talk, text: str) -> None:
    """Doubt is no yes, whatever it was understood as."""
    await talk.hear(CancelOrder(), "帮我取消订单")
    assert (await talk.hear(ActionAffirm(), text)).names == ["utter_doing_still"]
    assert (await talk.hear(ActionAffirm(), text)).names == ["utter_doing_left"]
    assert (talk.shop.writes, talk.slots["doing"]) == (0, None)


async def test_something_else_is_answered_and_the_question_comes_back_once(talk: Talk) -> None:
    """A digression, then the yes."""
    await talk.hear(CancelOrder(), "帮我取消订单")
    aside = await talk.hear(OrderStatus(), "订单什么状态")
    assert aside.names == ["utter_order_awaiting", "utter_doing_still"]
    assert (await talk.hear(ActionAffirm(), "确认")).names == ["utter_do_cancel_done"]


async def test_two_digressions_drop_it(talk: Talk) -> None:
    """Whoever has moved on is not asked for ever."""
    await talk.hear(CancelOrder(), "帮我取消订单")
    await talk.hear(OrderStatus(), "订单什么状态")
    assert (await talk.hear(OrderStatus(), "发货了吗")).names[-1] == "utter_doing_left"
    assert (await talk.hear(ActionAffirm(), "好")).names == ["utter_affirm"]


async def test_a_yes_after_ten_minutes_is_asked_again(talk: Talk) -> None:
    """Nothing is done by an old yes; the order may have changed."""
    await talk.hear(CancelOrder(), "帮我取消订单")
    talk.now += timedelta(minutes=11)
    late = await talk.hear(ActionAffirm(), "确认")
    assert late.names == ["utter_doing_expired", "utter_do_cancel_restate"]
    assert talk.shop.writes == 0
    assert (await talk.hear(ActionAffirm(), "确认")).names == ["utter_do_cancel_done"]


async def test_what_has_changed_meanwhile_is_told_and_not_done(talk: Talk) -> None:
    """The rules look once more when it is done."""
    await talk.hear(CancelOrder(), "帮我取消订单")
    sent = tuple(replace(o, state=S.IN_TRANSIT) if o.id == N else o for o in talk.shop.data.orders)
    talk.shop = Shop(replace(talk.shop.data, orders=sent))
    assert (await talk.hear(ActionAffirm(), "确认")).names == ["utter_doing_refused_too_late"]
    assert talk.state is S.IN_TRANSIT


async def test_a_shop_that_is_down_leaves_a_task_and_the_same_yes_works_later(talk: Talk) -> None:
    """Nothing is promised; the record's number is told; the second yes has the first one's key."""
    await talk.hear(CancelOrder(), "帮我取消订单")
    talk.shop.down = True
    heard = await talk.hear(ActionAffirm(), "确认")
    assert talk.session is not None
    (task,) = talk.session.tasks
    assert heard.names == ["utter_doing_down"]
    assert task.key.startswith(heard.facts["task_key"])
    assert (task.kind.value, task.order) == ("failed_write", N)
    talk.shop.down = False
    assert (await talk.hear(ActionAffirm(), "确认")).names == ["utter_do_cancel_done"]
    assert talk.session.done[0].key == task.key


async def test_a_cancelled_order_is_taken_up_again(talk: Talk) -> None:
    """While its money is still here."""
    await talk.hear(CancelOrder(), "帮我取消订单")
    await talk.hear(ActionAffirm(), "确认")
    heard = await talk.hear(CancelOrder(), "不取消了 恢复订单", order_id=N)
    assert heard.names == ["utter_do_undo_cancel_restate"]
    assert (await talk.hear(ActionAffirm(), "好的")).names == ["utter_do_undo_cancel_done"]
    assert talk.state is S.PAID


async def test_nonsense_is_no_yes(talk: Talk) -> None:
    """What is not understood is asked once more; thanks are no yes either."""
    await talk.hear(CancelOrder(), "帮我取消订单")
    assert (await talk.hear(ActionAskWhich(), "嘟嘟嘟哒", "nlu_fallback")).names == ["utter_doing_still"]
    assert (await talk.hear(ActionThanksBye(), "拜拜", "thanks_bye")).names == ["utter_doing_left"]
    assert talk.shop.writes == 0


async def test_a_yes_to_nothing_does_nothing() -> None:
    """No wish is guessed."""
    heard = await Desk((order(N, S.PAID),)).hear(ActionAffirm(), "确认", intent="affirm")
    assert heard.names == ["utter_affirm"]


async def test_what_sounds_like_a_wish_is_begun_and_not_asked_about(talk: Talk) -> None:
    """Nothing is done by it: whatever it begins is restated first. Who is not signed in is asked."""
    heard = await talk.hear(ActionAskWhich(), "把上门安装那个取消掉", "nlu_fallback")
    assert heard.follows == ["action_delivery_install"]
    stranger = await Desk(who=None).hear(ActionAskWhich(), "帮我领张券", intent="nlu_fallback")
    assert stranger.follows == []
    asking = await Desk(who=None).hear(ActionAskWhich(), "are you a bot?", intent="nlu_fallback")
    assert asking.follows == ["action_human_agent"]
