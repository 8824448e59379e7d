"""Buying: prices, offers, bargaining, coupons, payment, freight, carriers; figures from rows and policy."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from rasa_sdk import Action

from actions.buying import ActionCourierQuery, ActionOrderPayment, ActionShippingFee
from actions.coupons import ActionCouponQuery
from actions.prices import ActionBargain, ActionPricePromo, say_other_variant, time_left
from actions.session import Asked, ShopAction
from bot.shop.models import OrderItem, Promotion, Sku
from tests.unit.actions.presale_shop import (
    COOKER,
    CUT,
    DATA,
    DRESS,
    NOW,
    NUTS,
    OLD,
    ORDER,
    SHIRT,
    SHOPPER,
    ask,
    on,
)

GOODS_OFFER = Promotion(
    "F7",
    "零食第二件半价",
    "任选两件，低价的半价",
    NOW - timedelta(days=1),
    NOW + timedelta(days=6),
    ("P7", "P4"),
)
OFFERED = replace(DATA, promotions=(GOODS_OFFER, replace(CUT, title="全店满300减40")))
ORDER_OF_BLACK = replace(
    ORDER, items=(OrderItem("P1", "K1", SHIRT.title, {"颜色": "黑色", "尺码": "M"}, 1, 7900),)
)


async def test_a_flash_price_is_told_with_the_usual_one_and_the_time_left() -> None:
    """The price that holds now comes first."""
    answer = await ask(ActionPricePromo(), "多少钱", page=on(NUTS))
    assert answer.names == ["utter_price_flash", "utter_promo_rule", "utter_price_coupon"]
    first = answer.messages[0]
    assert (first["price"], first["usual"], first["left"]) == (7900, 9900, "5h")
    assert answer.messages[1]["offer"] == "满减"


async def test_past_offers_and_expired_coupons_are_not_told() -> None:
    """Only what runs on this day."""
    answer = await ask(ActionPricePromo(), "多少钱", page=on(COOKER), signed_in=True)
    offers = [m.get("offer") or m.get("coupon") for m in answer.messages]
    assert offers == [None, "满减", "家电券"]


async def test_a_coupon_of_another_category_or_above_the_price_is_not_told() -> None:
    """A dress does not take the coupon for appliances."""
    answer = await ask(ActionPricePromo(), "多少钱", page=on(DRESS), signed_in=True)
    assert answer.messages[-1]["coupon"] == "新客券"


async def test_the_price_of_a_variant_is_its_own() -> None:
    """A SKU's price wins over the product's."""
    dear = replace(
        SHIRT, skus=(*SHIRT.skus, replace(SHIRT.skus[0], id="K9X", options={"颜色": "金色"}, price=9900))
    )
    data = replace(DATA, products=(dear,), promotions=(), coupons=())
    assert (await ask(ActionPricePromo(), "金色多少钱", page=on(dear), data=data)).facts["price"] == 9900
    both = await ask(ActionPricePromo(), "多少钱", page=on(dear), data=data)
    assert (both.names, both.facts["lowest"], both.facts["highest"]) == (["utter_price_range"], 7900, 9900)


async def test_a_changed_price_is_explained_first() -> None:
    """怎么涨价了: why, then today's price."""
    answer = await ask(ActionPricePromo(), "怎么涨价了", page=on(COOKER))
    assert answer.names[:2] == ["utter_price_why", "utter_price_one"]


async def test_offers_of_the_shop_are_told_where_no_product_is_meant() -> None:
    """有什么活动 on the front page."""
    answer = await ask(ActionPricePromo(), "最近有活动吗")
    assert answer.names == ["utter_promo_running"]
    assert answer.facts["offers"] == ["坚果特价", "满减"]
    assert (answer.facts["offer"], answer.facts["left"]) == ("满减", "3d")
    assert answer.titles() == ["山野拾 每日坚果"]


async def test_with_no_offer_running_the_next_one_or_coupons_are_named() -> None:
    """No dead end."""
    later = replace(DATA, promotions=(replace(DATA.promotions[0], begins=NOW.replace(hour=20)),))
    assert (await ask(ActionPricePromo(), "有活动吗", data=later)).names == ["utter_promo_soon"]
    none = replace(DATA, promotions=())
    assert (await ask(ActionPricePromo(), "有活动吗", data=none)).names == ["utter_promo_none"]


async def test_what_is_off_sale_has_no_price() -> None:
    """What is like it is offered instead."""
    answer = await ask(ActionPricePromo(), "多少钱", page=on(OLD))
    assert (answer.names, answer.titles()) == (
        ["utter_stock_off_sale"],
        ["禾灶 电饭煲4升", "禾灶 迷你电饭煲"],
    )


async def test_a_price_asked_without_a_product_asks_which() -> None:
    """Never a price by guess."""
    assert (await ask(ActionPricePromo(), "多少钱")).names == ["utter_product_which"]


def test_time_left_is_in_hours_below_two_days() -> None:
    """At least one hour, whole days above."""
    assert time_left(NOW.replace(minute=20), NOW) == "1h"
    assert time_left(NOW.replace(day=23), NOW) == "2d"
    assert time_left(NOW.replace(day=22), NOW) == "24h"


async def test_bargaining_is_refused_with_the_shops_reason_and_an_alternative() -> None:
    """A because, then an offer and a coupon."""
    answer = await ask(
        ActionBargain(), "便宜点", page=on(NUTS), policy={"bargaining": {"because": "明码标价"}}
    )
    assert answer.names == ["utter_bargain_flash", "utter_bargain_coupon"]
    assert answer.messages[0]["because"] == "明码标价"


@pytest.mark.parametrize(
    ("data", "names"),
    [
        (DATA, ["utter_bargain_offer", "utter_bargain_coupon"]),
        (replace(DATA, promotions=()), ["utter_bargain_coupon_only"]),
        (replace(DATA, promotions=(), coupons=()), ["utter_bargain_none"]),
    ],
)
async def test_bargaining_points_to_whatever_helps(data: object, names: list[str]) -> None:
    """Offer, coupon, or a cheaper product."""
    assert (await ask(ActionBargain(), "便宜点", data=data)).names == names  # type: ignore[arg-type]


async def test_a_shop_that_lets_people_cut_prices_passes_on_to_them() -> None:
    """The policy decides."""
    answer = await ask(ActionBargain(), "便宜点", policy={"bargaining": {"allowed": True}})
    assert answer.names == ["utter_bargain_person"]


async def test_coupons_are_the_shoppers_own_then_those_to_claim_then_the_rule() -> None:
    """Expired ones do not count."""
    answer = await ask(ActionCouponQuery(), "有优惠券吗", signed_in=True)
    assert answer.names == [
        "utter_coupon_mine",
        "utter_coupon_claimable",
        "utter_coupon_rule_with_promotions",
    ]
    assert (answer.messages[0]["count"], answer.messages[0]["ends"]) == (1, "2026-11-30")


async def test_an_anonymous_shopper_sees_only_coupons_to_claim() -> None:
    """Someone's coupons are private."""
    answer = await ask(ActionCouponQuery(), "有优惠券吗")
    assert answer.names[:2] == ["utter_coupon_sign_in", "utter_coupon_claimable"]
    assert answer.messages[1]["coupons"] == ["新客券"]


async def test_what_becomes_of_a_coupon_on_a_refund_is_the_policys() -> None:
    """Codes of the cases it comes back in, and of those it does not."""
    answer = await ask(ActionCouponQuery(), "退货了券还退吗")
    assert answer.names == ["utter_coupon_return_some"]
    assert (answer.facts["back"], answer.facts["kept"]) == (["cancelled", "full_refund"], ["partial_refund"])
    never = {"back_when_cancelled": False, "back_on_full_refund": False}
    none = await ask(ActionCouponQuery(), "退货了券还退吗", policy={"coupons": never})
    assert none.names == ["utter_coupon_return_none"]


async def test_points_and_gift_card_are_told_to_their_owner() -> None:
    """250 points at 100 a yuan are 2.5 yuan."""
    answer = await ask(ActionCouponQuery(), "积分能抵多少", signed_in=True)
    assert answer.messages[0]["value"] == 250
    assert (await ask(ActionCouponQuery(), "礼品卡余额", signed_in=True)).facts["balance"] == 10000
    assert (await ask(ActionCouponQuery(), "礼品卡余额")).names == ["utter_gift_card_sign_in"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("付款失败了", "failed"),
        ("能货到付款吗", "no_cod"),
        ("花呗分期有吗", "instalments"),
        ("可以对公转账吗", "company"),
        ("怎么下单", "how"),
        ("可以微信支付吗", "ways"),
    ],
)
async def test_each_question_on_payment_has_its_answer(text: str, name: str) -> None:
    """Ways are codes of the policy, labelled later."""
    answer = await ask(ActionOrderPayment(), text)
    assert answer.names == [f"utter_pay_{name}"]


async def test_ways_to_pay_are_the_shops() -> None:
    """Another shop, another list."""
    policy = {"payment": {"ways": ["alipay", "cod"], "cod": True, "instalments": []}}
    assert (await ask(ActionOrderPayment(), "怎么付款", policy=policy)).facts["ways"] == ["alipay", "cod"]
    assert (await ask(ActionOrderPayment(), "货到付款", policy=policy)).names == ["utter_pay_cod"]
    assert (await ask(ActionOrderPayment(), "能分期吗", policy=policy)).names == ["utter_pay_no_instalments"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("寄到浙江邮费多少", "usual"),
        ("新疆包邮吗", "remote"),
        ("寄乌鲁木齐多少运费", "remote"),
        ("寄香港多少运费", "undeliverable"),
        ("包邮吗", "rule"),
    ],
)
async def test_freight_depends_on_the_region_that_is_named(text: str, name: str) -> None:
    """Remote regions and those not served are the policy's."""
    assert (await ask(ActionShippingFee(), text)).names == [f"utter_freight_{name}"]


async def test_freight_for_the_product_in_view_says_what_is_missing() -> None:
    """79 yuan of 99: 20 yuan short."""
    answer = await ask(ActionShippingFee(), "包邮吗", page=on(SHIRT))
    assert answer.names == ["utter_freight_product_fee", "utter_freight_remote_note"]
    assert answer.messages[0]["short"] == 2000
    assert (await ask(ActionShippingFee(), "包邮吗", page=on(COOKER))).names[
        0
    ] == "utter_freight_product_free"


async def test_a_grade_with_free_freight_is_told_so() -> None:
    """The grade's name comes from the shopper's row, its rights from the policy."""
    gold = replace(DATA, shoppers=(replace(SHOPPER, grade="金卡会员"),))
    answer = await ask(ActionShippingFee(), "要邮费吗", signed_in=True, data=gold)
    assert (answer.names, answer.facts["grade"]) == (["utter_freight_member"], "金卡会员")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("发什么快递", "list_upgrade"),
        ("可以发顺风吗", "upgrade"),
        ("能发申通吗", "not_used"),
        ("可以指定中通吗", "no_choice"),
    ],
)
async def test_a_named_carrier_gets_its_own_answer(text: str, name: str) -> None:
    """By the carriers of the policy; misspelt names count."""
    answer = await ask(ActionCourierQuery(), text)
    assert answer.names == [f"utter_courier_{name}"]
    assert answer.facts["carriers"] == ["zto", "yto", "sf", "jd"]


async def test_large_goods_travel_their_own_way() -> None:
    """The carrier for large goods, by category."""
    policy = {"delivery": {"big": {"categories": ["小家电"]}}}
    answer = await ask(ActionCourierQuery(), "走什么快递", page=on(COOKER), policy=policy)
    assert (answer.names, answer.facts["carrier"]) == (["utter_courier_big"], "deppon")


async def test_a_shop_that_lets_shoppers_choose_says_so() -> None:
    """delivery.choice of the policy."""
    answer = await ask(ActionCourierQuery(), "快递可以选吗", policy={"delivery": {"choice": True}})
    assert answer.names == ["utter_courier_choice"]


async def test_an_offer_called_by_its_name_is_told_not_the_product_in_view() -> None:
    """零食第二件半价有哪些 on a cooker's page: the rule and the goods of that offer."""
    answer = await ask(ActionPricePromo(), "零食第二件半价有哪些", page=on(COOKER), data=OFFERED)
    assert (answer.names, answer.facts["titles"]) == (
        ["utter_promo_goods"],
        ["山野拾 每日坚果", "禾灶 电饭煲4升"],
    )
    plain = await ask(ActionPricePromo(), "全店满300减40怎么算", page=on(COOKER), data=OFFERED)
    assert plain.names == ["utter_promo_named"]


async def test_an_offer_about_to_begin_for_the_product_is_told() -> None:
    """空气炸锅有活动吗: the announced one, with its beginning."""
    soon = replace(OFFERED, promotions=(replace(GOODS_OFFER, begins=NOW + timedelta(days=2)),))
    answer = await ask(ActionPricePromo(), "电饭煲有活动吗", page=on(COOKER), data=soon)
    assert answer.names[:2] == ["utter_price_one", "utter_promo_coming"]
    assert answer.messages[1]["begins"] == (NOW + timedelta(days=2)).isoformat()


async def test_several_pieces_are_summed_up() -> None:
    """买两个多少钱: at the price that holds now."""
    answer = await ask(ActionPricePromo(), "买两个多少钱", page=on(NUTS), quantity="2")
    assert answer.names[0] == "utter_quote_plain_free"
    assert (answer.messages[0]["goods"], answer.messages[0]["total"]) == (15800, 15800)


@pytest.mark.parametrize("action", [ActionPricePromo(), ActionCouponQuery()])
@pytest.mark.parametrize("text", ["满减能和券一起用吗", "券可以叠加活动吗", "可以用两张券吗"])
async def test_what_goes_together_with_a_coupon_is_the_policys(action: Action, text: str) -> None:
    """Whichever intent it was taken for."""
    assert (await ask(action, text, page=on(COOKER))).names == ["utter_coupon_rule_with_promotions"]
    alone = {"coupons": {"with_promotions": False}}
    assert (await ask(action, text, policy=alone)).names == ["utter_coupon_rule_alone"]


class Change(ShopAction):
    """Tells the variant that the order is to be changed into."""

    intent = "modify_order"

    async def answer(self, asked: Asked) -> None:
        """As modify_order does before it says how."""
        say_other_variant(asked, ORDER_OF_BLACK)


@pytest.mark.parametrize(
    ("text", "name", "option"),
    [
        ("改成雾蓝可以吗", "utter_variant_dearer", "雾蓝 M"),
        ("换L码", "utter_variant_out", "黑色 L"),
        ("改成白色", "utter_variant_cheaper", "白色 M"),
        ("改成米色", "utter_variant_same", "米色 M"),
    ],
)
async def test_the_variant_wished_for_comes_with_stock_and_price_difference(
    text: str, name: str, option: str
) -> None:
    """What is not named stays as ordered."""
    prices = {"雾蓝": 9900, "白色": 5900, "米色": 7900}
    skus = [Sku(f"V{c}", {"颜色": c, "尺码": "M"}, price, 4) for c, price in prices.items()]
    shirt = replace(SHIRT, skus=(*SHIRT.skus[:2], *skus))
    answer = await ask(Change(), text, data=replace(DATA, products=(shirt,)), size="L" if "L" in text else "")
    assert (answer.names, answer.facts["option"]) == ([name], option)
    assert (await ask(Change(), "加个备注")).names == []


@pytest.mark.parametrize(("late", "name"), [(False, "late_kept"), (True, "back")])
async def test_a_deposit_comes_back_by_the_policy(late: bool, name: str) -> None:
    """And whether it does once the balance is late."""
    policy = {"presale": {"deposit_back": True, "deposit_back_when_late": late, "balance_within": "3d"}}
    answer = await ask(ActionOrderPayment(), "预售定金能退吗", policy=policy)
    assert (answer.names, answer.facts["within"]) == ([f"utter_pay_deposit_{name}"], "3d")
    kept = {"presale": {"deposit_back": False}}
    assert (await ask(ActionOrderPayment(), "定金退吗", policy=kept)).names == ["utter_pay_deposit_kept"]


async def test_an_unpaid_order_closes_by_itself() -> None:
    """没付钱会取消吗: after the time of the policy."""
    answer = await ask(
        ActionOrderPayment(), "没付钱订单会取消吗", policy={"payment": {"unpaid_closes": "30m"}}
    )
    assert (answer.names, answer.facts["closes"]) == (["utter_pay_closes"], "30m")
    assert (await ask(ActionOrderPayment(), "花呗付了钱显示没付")).names == ["utter_pay_failed"]


async def test_which_offers_there_are_is_asked_of_the_shop_unless_a_product_is_near() -> None:
    """有什么活动 after a product was talked of; 这个有什么活动, or on its page, is about it."""
    slots = {"product_id": "P1"}
    assert (await ask(ActionPricePromo(), "有什么活动", slots=slots)).names == ["utter_promo_running"]
    assert "utter_promo_running" not in (await ask(ActionPricePromo(), "这个有什么活动", slots=slots)).names
    assert "utter_promo_running" not in (await ask(ActionPricePromo(), "有什么活动", page=on(SHIRT))).names


async def test_a_coupon_that_was_forgotten_is_not_answered_with_those_there_are() -> None:
    """下单忘了用券 能补吗."""
    answer = await ask(ActionCouponQuery(), "下单忘了用券 能补吗", signed_in=True)
    assert answer.names == ["utter_coupon_forgotten"]
