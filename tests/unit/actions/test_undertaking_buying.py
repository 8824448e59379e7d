"""An order placed for a shopper, paid from the gift card, a coupon claimed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from actions.buying import ActionOrderPayment
from actions.coupons import ActionCouponQuery
from actions.information import ProvideInfo
from actions.talk import ActionAffirm
from bot.shop.models import Coupon, OrderState, Sku
from bot.shop.policy import load_policy
from tests.unit.actions.order_shop import COOKER, LI, SHIRT, order
from tests.unit.actions.test_undertaking import N, Shop, Talk, talk

__all__ = ["talk"]

SHIRTS = replace(SHIRT, skus=(*SHIRT.skus, Sku("K8", {"颜色": "白色", "尺码": "M"}, 7900, 2)))
OPEN = Coupon("C1", "满50减5", 500, 5000, date(2026, 11, 1), date(2026, 11, 30))


def stocked(talk: Talk, balance: int = 0, **more: object) -> Talk:
    """The same talk with goods on the shelf and money on the card."""
    li = replace(LI, gift_card_balance=balance)
    talk.shop = Shop(replace(talk.shop.data, products=(SHIRTS, COOKER), shoppers=(li,), **more))
    return talk


async def test_goods_with_one_variant_are_ordered_at_once(talk: Talk) -> None:
    """Restated with what it comes to and where it goes; the yes places it unpaid."""
    heard = await stocked(talk).hear(ActionOrderPayment(), "帮我下单一个电饭煲", product="电饭煲")
    assert heard.names == ["utter_do_place_order_restate"]
    assert (heard.facts["total"], heard.facts["quantity"], heard.facts["receiver"]) == (39900, 1, LI.name)
    done = await talk.hear(ActionAffirm(), "确认")
    placed = next(o for o in talk.shop.data.orders if o.id == done.facts["order_id"])
    assert (done.names, placed.state) == (["utter_do_place_order_done"], OrderState.UNPAID)


async def test_variant_quantity_and_address_are_heard_in_any_order(talk: Talk) -> None:
    """Several messages, one order."""
    stocked(talk)
    heard = await talk.hear(ActionOrderPayment(), "我要下单T恤", product="T恤")
    assert heard.names == ["utter_do_place_order_ask_variant"]
    assert {row["sku_id"] for row in heard.facts["variants"]} == {"K1", "K8"}
    heard = await talk.hear(ProvideInfo(), "白色的两件", colour="白色", quantity="2")
    assert (heard.facts["options"], heard.facts["quantity"]) == ("白色 M", 2)
    heard = await talk.hear(ProvideInfo(), "寄到北京朝阳区望京街10号")
    assert heard.names == ["utter_do_place_order_restate"]
    assert (heard.facts["region"], heard.facts["quantity"]) == ("北京市朝阳区", 2)


async def test_the_gift_card_pays_if_there_is_enough_on_it(talk: Talk) -> None:
    """Else nothing is ordered."""
    short = await stocked(talk).hear(ActionOrderPayment(), "帮我下单电饭煲 用礼品卡付", product="电饭煲")
    assert short.names == ["utter_do_place_order_refused_card_short"]
    stocked(talk, balance=40000)
    heard = await talk.hear(ActionOrderPayment(), "帮我下单电饭煲 用礼品卡付", product="电饭煲")
    assert heard.names == ["utter_do_place_order_restate_paid"]
    await talk.hear(ActionAffirm(), "好的")
    assert talk.shop.data.shoppers[0].gift_card_balance == 100


async def test_an_unpaid_order_is_paid_from_the_gift_card(talk: Talk) -> None:
    """It is told what is left."""
    unpaid = order(N, OrderState.UNPAID, placed=talk.now, paid=None)
    stocked(talk, balance=10000, orders=(unpaid,))
    heard = await talk.hear(ActionOrderPayment(), "用礼品卡余额付吧")
    assert (heard.names, heard.facts["left"]) == (["utter_do_pay_gift_card_restate"], 2100)
    assert (await talk.hear(ActionAffirm(), "确认")).names == ["utter_do_pay_gift_card_done"]
    assert talk.state is OrderState.PAID


@pytest.mark.parametrize("text", ["怎么下单", "下单要多少钱", "可以下单吗"])
async def test_a_question_places_nothing(talk: Talk, text: str) -> None:
    """How is not do."""
    heard = await stocked(talk).hear(ActionOrderPayment(), text, product="电饭煲")
    assert not any(name.startswith("utter_do_place") for name in heard.names)


async def test_a_coupon_is_claimed_after_a_yes(talk: Talk) -> None:
    """The only one is not asked about."""
    stocked(talk, coupons=(OPEN,))
    assert (await talk.hear(ActionCouponQuery(), "帮我领一张券")).names == ["utter_do_claim_coupon_restate"]
    assert (await talk.hear(ActionAffirm(), "好")).names == ["utter_do_claim_coupon_done"]
    assert [c.shopper_id for c in talk.shop.data.coupons] == ["", LI.id]


async def test_an_unpaid_order_comes_with_the_way_to_pay(talk: Talk) -> None:
    """A card that leads to the shop's own page; without such a page there is none."""
    stocked(talk, policy=load_policy({"payment": {"page": "https://shop.example/pay/{order_id}"}}))
    await talk.hear(ActionOrderPayment(), "帮我下单一个电饭煲", product="电饭煲")
    done = await talk.hear(ActionAffirm(), "确认")
    number = done.facts["order_id"]
    assert done.facts["payment"]["url"] == f"https://shop.example/pay/{number}"
    assert next(o.state for o in talk.shop.data.orders if o.id == number) is OrderState.UNPAID
    stocked(talk, policy=load_policy({}))
    await talk.hear(ActionOrderPayment(), "帮我下单一个电饭煲", product="电饭煲")
    assert "payment" not in (await talk.hear(ActionAffirm(), "确认")).facts
