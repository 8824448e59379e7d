"""What goods come to: grade, 满减, coupon and freight, over corrections and additions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from rasa_sdk import Action

from actions.aftersales import WrongMissing
from actions.basket import SLOT
from actions.buying import ActionShippingFee
from actions.changes import CancelOrder, ModifyAddress, ModifyOrder
from actions.choosing import ActionRecommendCompare
from actions.coupons import ActionCouponQuery
from actions.prices import ActionPricePromo
from actions.service import PriceProtect
from actions.talk import ActionDeny
from bot.shop.models import Coupon, CouponState
from tests.unit.actions.presale_shop import COOKER, DATA, MINI, NOW, NUTS, SHIRT, SHOPPER, Answer, ask, on

FULL = Coupon("C5", "全店满300减30券", 3000, 30000, NOW.date(), NOW.date(), (), "S1")


def named(text: str, *goods: str, **more: str) -> list[dict[str, Any]]:
    """Entities with their places, as understanding gives them."""
    rows = [{"entity": "product", "value": name, "start": text.index(name)} for name in goods]
    rows += [{"entity": kind, "value": value, "start": text.index(value)} for kind, value in more.items()]
    return [{**row, "end": row["start"] + len(row["value"])} for row in rows]


async def sum_of(text: str, *goods: str, kept: dict[str, Any] | None = None, **rest: Any) -> Answer:
    """What is answered to a message that names goods; `kept` is a basket told the message before."""
    entities = named(text, *goods, **rest.pop("said", {}))
    events = [] if kept is None else [{"event": "slot", "name": SLOT, "value": kept}, {"event": "user"}]
    slots = {} if kept is None else {SLOT: kept}
    action = rest.pop("action", ActionPricePromo())
    return await ask(action, text, rows=entities, slots=slots, events=events, **rest)


async def test_several_goods_are_summed_up_with_offer_and_freight() -> None:
    """399 + 159 reaches 满300减40, and freight is free."""
    answer = await sum_of("电饭煲加迷你电饭煲一共多少钱", "电饭煲", "迷你电饭煲")
    facts = answer.messages[0]
    assert answer.names[0] == "utter_quote_free"
    assert (facts["goods"], facts["cut"], facts["freight"], facts["total"]) == (55800, 4000, 0, 51800)


async def test_a_number_stands_before_or_behind_its_goods() -> None:
    """3件T恤 and 坚果2盒, whichever way a shopper counts; one way holds for a whole message."""
    before = await sum_of("3件T恤和2盒坚果多少钱", "T恤", "坚果", said={"quantity": "3"})
    assert [item.rpartition("×")[2] for item in before.messages[0]["items"]] == ["3", "1"]
    behind = await sum_of("坚果2盒 T恤一共多少", "坚果", "T恤", said={"quantity": "2"})
    assert [item.rpartition("×")[2] for item in behind.messages[0]["items"]] == ["2", "1"]


async def test_freight_goes_by_where_it_is_sent() -> None:
    """A remote region has its own fee, and a place that is not served is said to be none."""
    remote = await sum_of("T恤寄到西藏一共多少钱", "T恤")
    assert (remote.names[0], remote.messages[0]["freight"]) == ("utter_quote_plain", 1800)
    assert remote.messages[0]["total"] == 9700
    refused = await sum_of("T恤寄到香港一共多少钱", "T恤")
    assert refused.names == ["utter_freight_undeliverable"]


async def test_a_coupon_that_is_wanted_is_taken_off_and_the_best_is_offered() -> None:
    """Asked for by 用券 it counts; unasked it is told with what it would save."""
    data = replace(DATA, coupons=(FULL,))
    used = await sum_of("电饭煲用券多少钱", "电饭煲", data=data, signed_in=True)
    assert (used.names, used.messages[0]["total"]) == (["utter_quote_free"], 39900 - 4000 - 3000)
    offered = await sum_of("电饭煲到手多少", "电饭煲", data=data, signed_in=True)
    assert offered.names == ["utter_quote_free", "utter_quote_coupon"]
    assert (offered.messages[1]["cut"], offered.messages[1]["total"]) == (3000, 32900)


async def test_a_coupon_that_does_not_go_with_offers_takes_their_place() -> None:
    """The better of the two is what the shopper pays, by the shop's own rule."""
    data, alone = replace(DATA, coupons=(FULL,)), {"coupons": {"with_promotions": False}}
    used = await sum_of("电饭煲用券多少钱", "电饭煲", data=data, signed_in=True, policy=alone)
    assert used.messages[-1]["total"] == 39900 - 4000
    assert used.names == ["utter_quote_no_coupon", "utter_quote_free"]


async def test_a_member_pays_the_grades_share() -> None:
    """金卡 95%, and freight is free for it."""
    data = replace(DATA, shoppers=(replace(SHOPPER, grade="金卡会员"),))
    answer = await sum_of("T恤一共多少钱", "T恤", data=data, signed_in=True)
    assert (answer.names[0], answer.messages[0]["total"]) == ("utter_quote_free", 7505)


async def test_goods_are_added_taken_out_and_sent_elsewhere() -> None:
    """再加一个, 不要了, 寄到…: what was told before is gone on with."""
    first = await sum_of("坚果到手多少", "坚果", page=on(NUTS))
    kept = first.slots[SLOT]
    more = await sum_of("再加一个迷你电饭煲", "迷你电饭煲", kept=kept, action=ModifyOrder())
    assert more.next == ["action_price_promo"]
    more = await sum_of("再加一个迷你电饭煲", "迷你电饭煲", kept=kept)
    assert [item.rpartition("×")[0] for item in more.messages[0]["items"]] == [
        "山野拾 每日坚果",
        "禾灶 迷你电饭煲",
    ]
    less = await sum_of("坚果不要了", "坚果", kept=more.slots[SLOT])
    assert less.messages[0]["goods"] == 15900
    there = await sum_of("寄到西藏", kept=less.slots[SLOT], action=ModifyAddress(), signed_in=True)
    assert there.next == ["action_price_promo"]
    there = await sum_of("寄到西藏", kept=less.slots[SLOT])
    assert there.messages[0]["freight"] == 1800
    none = await sum_of("迷你电饭煲也不要了", "迷你电饭煲", kept=less.slots[SLOT])
    assert none.names == ["utter_quote_empty"]


async def test_an_old_basket_is_no_longer_meant() -> None:
    """After a few messages about something else 寄到北京 is no question about it."""
    kept = (await sum_of("坚果到手多少", "坚果")).slots[SLOT]
    events = [{"event": "slot", "name": SLOT, "value": kept}, *({"event": "user"} for _ in range(5))]
    answer = await ask(ActionShippingFee(), "寄到西藏", slots={SLOT: kept}, events=events)
    assert answer.names == ["utter_freight_remote"]


async def test_what_costs_differently_is_asked_for_first() -> None:
    """Which of several goods, then which variant; the answer goes on with the sum."""
    dear = replace(
        SHIRT, skus=(*SHIRT.skus, replace(SHIRT.skus[0], id="K99", price=9900, options={"颜色": "金色"}))
    )
    data = replace(DATA, products=(dear, *DATA.products[1:]))
    asked = await sum_of("2件T恤一共多少钱", "T恤", data=data, said={"quantity": "2"})
    assert asked.names == ["utter_quote_variant"]
    kept = asked.slots[SLOT]
    told = await ask(
        ActionPricePromo(),
        "/price_promo",
        slots={SLOT: kept},
        events=[{"event": "slot", "name": SLOT, "value": kept}, {"event": "user"}],
        data=data,
        sku_id="K99",
    )
    assert told.messages[0]["total"] == 9900 * kept["lines"][0]["quantity"]


async def test_more_than_there_is_is_said() -> None:
    """A sum for 100 pieces is no promise that they are there."""
    answer = await sum_of("100个迷你电饭煲一共多少钱", "迷你电饭煲", said={"quantity": "100"})
    assert "utter_quote_short" in answer.names
    short = next(m for m in answer.messages if m["response"] == "utter_quote_short")
    assert (short["stock"], short["wanted"]) == (MINI.skus[0].stock, 100)


@pytest.mark.parametrize(
    ("text", "response"),
    [("满300减40 我买620的减多少", "utter_promo_sum"), ("满300减40 我买220能减吗", "utter_promo_short")],
)
async def test_a_bare_sum_is_held_against_the_offer(text: str, response: str) -> None:
    """Arithmetic without goods: what comes off, or how much is missing."""
    answer = await ask(ActionPricePromo(), text)
    assert answer.names == [response]
    told = (answer.facts.get("total"), answer.facts.get("short"))
    assert told in ((58000, None), (None, 8000))


@pytest.mark.parametrize(
    ("coupon", "text", "response"),
    [
        (FULL, "全店满300减30券买电饭煲能用吗", "utter_coupon_usable"),
        (
            replace(FULL, over=50000, title="全店满500减30券"),
            "满500减30那张券买电饭煲能用吗",
            "utter_coupon_short",
        ),
        (
            replace(FULL, categories=("服装",), title="服装券"),
            "服装券买电饭煲能用吗",
            "utter_coupon_other_goods",
        ),
        (replace(FULL, state=CouponState.USED), "全店满300减30券还能用吗", "utter_coupon_used"),
        (replace(FULL, state=CouponState.EXPIRED), "全店满300减30券还能用吗", "utter_coupon_over"),
    ],
)
async def test_whether_a_coupon_can_be_used_is_told_with_the_reason(
    coupon: Coupon, text: str, response: str
) -> None:
    """Short by how much, for what goods, used, over; never only the list of coupons."""
    data = replace(DATA, coupons=(coupon,))
    rows = named(text, "电饭煲") if "电饭煲" in text else []
    answer = await ask(ActionCouponQuery(), text, rows=rows, data=data, signed_in=True, page=on(COOKER))
    assert answer.names == [response]


@pytest.mark.parametrize("action", [CancelOrder(), ActionDeny()])
async def test_goods_that_are_taken_out_cancel_no_order(action: Action) -> None:
    """坚果不要了 right after a sum is about the sum, of goods of an order about the order."""
    kept = (await sum_of("坚果到手多少", "坚果")).slots[SLOT]
    gone = await sum_of("坚果不要了", "坚果", kept=kept, action=action)
    assert gone.next == ["action_price_promo"]
    other = await sum_of("T恤不要了", "T恤", kept=kept, action=action, signed_in=True)
    assert other.next != ["action_price_promo"]


async def test_an_offer_called_by_its_name_is_no_coupon() -> None:
    """家具满3000减200 沙发能用吗: the offer is told, not a coupon for the same goods."""
    coupon = replace(FULL, title="家电券", categories=("小家电",))
    data = replace(DATA, coupons=(coupon,), promotions=(replace(DATA.promotions[1], title="家电满300减40"),))
    text = "家电满300减40 电饭煲能用吗"
    answer = await ask(ActionCouponQuery(), text, rows=named(text, "电饭煲"), data=data, signed_in=True)
    assert answer.next == ["action_price_promo"]


async def test_a_number_in_something_else_changes_no_basket() -> None:
    """给我补发一件 is no other number of the goods summed up before; 那三个呢 is."""
    kept = (await sum_of("坚果到手多少", "坚果")).slots[SLOT]
    other = await sum_of("给我补发1件", kept=kept, action=WrongMissing(), said={"quantity": "1"})
    assert other.next == []
    three = await sum_of("那3盒呢", kept=kept, said={"quantity": "3"})
    assert three.messages[0]["goods"] == 3 * 7900


async def test_two_of_them_is_a_number_and_no_comparison() -> None:
    """两个呢, right after a sum, whatever it was understood as."""
    kept = (await sum_of("坚果到手多少", "坚果")).slots[SLOT]
    two = await sum_of("2个呢", kept=kept, action=ActionRecommendCompare(), said={"quantity": "2"})
    assert two.next == ["action_price_promo"]


async def test_how_much_is_missing_for_an_offer_protects_no_price() -> None:
    """我买140 差多少能减 was taken for a difference to be paid back."""
    answer = await ask(PriceProtect(), "我买140 差多少能减", signed_in=True)
    assert answer.next == ["action_price_promo"]
