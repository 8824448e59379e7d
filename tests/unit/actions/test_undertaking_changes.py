"""Another variant, a remark, a push: asked for what is missing, restated, done after a yes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actions.changes import ModifyOrder
from actions.information import ProvideInfo
from actions.orders import OrderStatus, UrgeShip
from actions.talk import ActionAffirm, ActionDeny
from bot.shop.models import OrderItem, OrderState, Sku
from tests.unit.actions.order_shop import NUTS, SHIRT, order
from tests.unit.actions.test_undertaking import N, Shop, Talk, talk

__all__ = ["talk"]

MORE = replace(SHIRT, skus=(*SHIRT.skus, Sku("K8", {"颜色": "白色", "尺码": "M"}, 7900, 2)))


def shirts(talk: Talk, *more: OrderItem, **changes: object) -> Talk:
    """The same talk in a shop with a white shirt, the order holding `more` items."""
    wanted = order(N, OrderState.PAID)
    wanted = replace(wanted, items=(*wanted.items, *more), **changes)
    talk.shop = Shop(replace(talk.shop.data, products=(MORE, NUTS), orders=(wanted,)))
    return talk


async def test_another_colour_is_restated_and_moves_the_stock(talk: Talk) -> None:
    """What the message leaves open stays as it was ordered."""
    heard = await shirts(talk).hear(ModifyOrder(), "换成白色的", colour="白色")
    assert heard.names == ["utter_do_change_variant_restate"]
    assert (heard.facts["old"], heard.facts["new"]) == ("黑色 M", "白色 M")
    assert (await talk.hear(ActionAffirm(), "好的")).names == ["utter_do_change_variant_done"]
    assert [o.items[0].sku_id for o in talk.shop.data.orders] == ["K8"]
    assert {s.id: s.stock for s in talk.shop.data.products[0].skus} == {"K1": 6, "K2": 0, "K8": 1}


async def test_which_variant_is_asked_with_those_in_stock(talk: Talk) -> None:
    """A sold-out one is no button."""
    heard = await shirts(talk).hear(ModifyOrder(), "颜色选错了想换")
    assert heard.names == ["utter_do_change_variant_ask_variant"]
    assert [row["sku_id"] for row in heard.facts["variants"]] == ["K8"]
    assert (await talk.hear(ModifyOrder(), "", sku_id="K8")).names == ["utter_do_change_variant_restate"]


async def test_which_of_several_goods_is_asked_first(talk: Talk) -> None:
    """One thing at a time; nuts have no colours, so a colour tells."""
    nuts = OrderItem("P3", "K4", "坚果", {}, 1, 3900)
    heard = await shirts(talk, nuts).hear(ModifyOrder(), "想换个规格")
    assert heard.names == ["utter_do_change_variant_ask_item"]
    assert (await talk.hear(ModifyOrder(), "", item="K1")).names == ["utter_do_change_variant_ask_variant"]
    told = await talk.hear(ModifyOrder(), "换成白色的", colour="白色")
    assert told.names == ["utter_do_change_variant_restate"]


async def test_a_variant_of_another_price_is_a_persons(talk: Talk) -> None:
    """The difference is told."""
    shirts(talk)
    dear = replace(MORE, skus=(*SHIRT.skus, Sku("K8", {"颜色": "白色", "尺码": "M"}, 8900, 2)))
    talk.shop = Shop(replace(talk.shop.data, products=(dear,)))
    heard = await talk.hear(ModifyOrder(), "换成白色的", colour="白色")
    assert heard.names == ["utter_do_change_variant_refused_other_price"]
    assert (heard.facts["price"], heard.facts["paid"]) == (8900, 7900)


@pytest.mark.parametrize(
    ("text", "remark"),
    [("帮我备注放门口就行", "放门口就行"), ("备注：不要打电话", "不要打电话"), ("晚点再发货", "晚点再发货")],
)
async def test_a_remark_is_taken_as_it_is_said(talk: Talk, text: str, remark: str) -> None:
    """Restated word for word."""
    heard = await talk.hear(ModifyOrder(), text)
    assert (heard.names, heard.facts["remark"]) == (["utter_do_change_remark_restate"], remark)
    await talk.hear(ActionAffirm(), "确认")
    assert next(o.remark for o in talk.shop.data.orders if o.id == N) == remark


async def test_a_remark_is_asked_for_and_a_no_ends_it(talk: Talk) -> None:
    """Then nothing has changed."""
    assert (await talk.hear(ModifyOrder(), "我要改备注")).names == ["utter_do_change_remark_ask_remark"]
    assert (await talk.hear(ActionDeny(), "不用了")).names == ["utter_doing_dropped"]
    assert talk.shop.writes == 0


async def test_a_day_of_delivery_is_noted_with_its_date(talk: Talk) -> None:
    """明天 means nothing to who packs the day after."""
    heard = await talk.hear(ModifyOrder(), "改到明天再送", date="2026-11-22")
    assert heard.facts["remark"] == "改到明天再送(2026-11-22)"


async def test_a_push_leaves_a_task_and_only_one_a_day(talk: Talk) -> None:
    """The number and the time are told; nobody is reminded of an offer that was passed by."""
    heard = await talk.hear(UrgeShip(), "怎么还不发货")
    assert heard.names[-1] == "utter_do_urge_restate"
    done = await talk.hear(ActionAffirm(), "好的")
    assert talk.session is not None
    (task,) = talk.session.tasks
    assert (done.names, task.order, task.role) == (["utter_do_urge_done"], N, "packing")
    assert task.key.startswith(done.facts["task_key"])
    assert (await talk.hear(UrgeShip(), "快发货")).names == ["utter_ship_urged"]


async def test_an_offer_that_is_passed_by_is_gone(talk: Talk) -> None:
    """A later yes does nothing."""
    await talk.hear(UrgeShip(), "怎么还不发货")
    assert (await talk.hear(OrderStatus(), "订单什么状态")).names == ["utter_order_awaiting"]
    assert (await talk.hear(ActionAffirm(), "好")).names == ["utter_affirm"]
    assert talk.shop.writes == 0


async def test_bare_information_goes_to_what_asked_for_it(talk: Talk) -> None:
    """Whatever it was understood as."""
    await talk.hear(ModifyOrder(), "我要改备注")
    assert (await talk.hear(ProvideInfo(), "放快递柜")).names == ["utter_do_change_remark_restate"]
