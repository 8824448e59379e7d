"""Returns, exchanges, money back, faults."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from actions.aftersales import ProductProblem, ReturnGoods, WrongMissing
from actions.changes import CancelOrder
from actions.exchanging import ExchangeGoods
from actions.refunds import BackAction, RefundRequest, RefundStatus
from actions.returning import ReturnShipping
from bot.shop.models import OrderState, ParcelState, Product, Refund, RefundState, Shopper, Sku
from tests.unit.actions.order_shop import COOKER, LI, NUTS, SHIRT, TODAY, Desk, ago, order, parcel

N = "100000000000000001"
S, R, P = OrderState, RefundState, ParcelState


def refund(state: RefundState, **more: object) -> Refund:
    """A refund requested an hour ago."""
    return Refund("R1", state, 7900, ago(hours=1), "支付宝", **more)  # type: ignore[arg-type]


async def test_the_rule_of_returns_is_told_to_anybody() -> None:
    """七天无理由怎么退: window, exceptions, condition, steps and freight, no identity."""
    heard = await Desk(who=None).hear(ReturnGoods(), "七天无理由怎么退")
    assert heard.names == ["utter_return_rules", "utter_return_steps_pickup"]
    assert heard.said[0]["window"] == "7d"
    assert heard.said[1]["no_reason"] == "shopper"
    assert heard.follows == []


@pytest.mark.parametrize(
    ("days", "response"),
    [
        (3, "utter_return_open"),
        (7, "utter_return_open"),
        (8, "utter_return_past_quality"),
        (15, "utter_return_past_quality"),
        (16, "utter_return_past_person"),
    ],
)
async def test_the_windows_are_counted_from_signing(days: int, response: str) -> None:
    """The last day counts."""
    heard = await Desk((order(N, S.SIGNED, signed=ago(days)),)).hear(ReturnGoods(), "还能退吗")
    assert heard.names[0] == response


@pytest.mark.parametrize("days", [3, 10])
async def test_a_fault_may_be_told_at_least_as_long_as_no_reason_is_needed(days: int) -> None:
    """A shop with fifteen days for anything and seven for faults never offers a day that is over."""
    rules = {"returns": {"window": "15d", "quality_window": "7d"}}
    bought = order(N, S.SIGNED, signed=ago(days))
    for action in (ReturnGoods(), RefundRequest()):
        heard = await Desk((bought,), policy=rules).hear(action, "还能退吗")
        assert (
            heard.facts["quality_until"]
            == heard.facts["until"]
            == (TODAY + timedelta(days=15 - days)).isoformat()
        )
    assert (await Desk((bought,), policy=rules).hear(ProductProblem())).names == ["utter_problem_open"]
    heard = await Desk(policy=rules, who=None).hear(ReturnGoods())
    assert heard.facts["quality_window"] == "15d"


@pytest.mark.parametrize(("product", "rule"), [(NUTS, "unopened"), (COOKER, "unused")])
async def test_exceptions_are_told_with_their_reason(product: Product, rule: str) -> None:
    """A refusal always has a because."""
    heard = await Desk((order(N, S.SIGNED, product, signed=ago(1)),)).hear(ReturnGoods(), "能退吗")
    assert (heard.names[0], heard.facts["rule"]) == ("utter_return_special", rule)
    assert heard.facts["because"]


async def test_goods_on_their_way_may_be_refused_at_the_door() -> None:
    """Who pays for that is the policy's."""
    desk = Desk((order(N, S.SENT),))
    heard = await desk.hear(ReturnGoods(), "还在路上能退吗")
    assert (heard.names, heard.facts["payer"]) == (["utter_return_moving"], "shopper")
    wanted = await desk.hear(ReturnGoods(), "不想要了 帮我退货")
    assert (wanted.names, wanted.facts["payer"]) == (["utter_do_refund_restate_moving"], "shopper")


async def test_freight_and_address_of_a_return_need_no_order() -> None:
    """退货运费谁出 is answered from the policy."""
    heard = await Desk(who=None).hear(ReturnShipping())
    assert heard.names == ["utter_return_freight_insured", "utter_return_address_pickup"]
    bare = {"returns": {"insurance": False, "pickup": False, "collect_on_delivery": True}}
    plain = await Desk(who=None, policy=bare).hear(ReturnShipping())
    assert plain.names == ["utter_return_freight", "utter_return_address_collect"]


@pytest.mark.parametrize(
    ("size", "response"),
    [
        ("", "utter_do_exchange_ask_variant"),
        ("m", "utter_do_exchange_refused_same"),
        ("L", "utter_do_exchange_ask_variant_out"),
        ("XL", "utter_do_exchange_restate"),
    ],
)
async def test_an_exchange_looks_whether_the_size_is_there(size: str, response: str) -> None:
    """The wanted size in the colour that was bought."""
    entities = {"size": size} if size else {}
    shirt = replace(SHIRT, skus=(*SHIRT.skus, Sku("K9", {"颜色": "黑色", "尺码": "XL"}, 7900, 2)))
    desk = Desk((order(N, S.SIGNED, shirt, signed=ago(1)),), more={"products": (shirt,)})
    assert (await desk.hear(ExchangeGoods(), **entities)).names == [response]


@pytest.mark.parametrize(
    ("state", "signed", "response"),
    [
        (S.EXCHANGING, 1, "utter_exchange_running"),
        (S.SENT, None, "utter_exchange_moving"),
        (S.FINISHED, 20, "utter_exchange_past"),
    ],
)
async def test_an_exchange_depends_on_the_orders_state(
    state: OrderState, signed: int | None, response: str
) -> None:
    """Running, too early, too late."""
    when = ago(signed) if signed else None
    assert (await Desk((order(N, state, signed=when),)).hear(ExchangeGoods())).names == [response]


@pytest.mark.parametrize(
    ("state", "signed", "response"),
    [
        (S.PAID, None, "utter_do_refund_restate_unsent"),
        (S.IN_TRANSIT, None, "utter_do_refund_restate_moving"),
        (S.SIGNED, 1, "utter_do_return_goods_ask_reason"),
        (S.SIGNED, 19, "utter_return_past"),
        (S.REFUNDING, None, "utter_refund_absent"),
    ],
)
async def test_money_back_depends_on_where_the_goods_are(
    state: OrderState, signed: int | None, response: str
) -> None:
    """Never a claim that something was requested."""
    when = ago(signed) if signed else None
    assert (await Desk((order(N, state, signed=when),)).hear(RefundRequest())).names == [response]


@pytest.mark.parametrize(
    ("days", "response"), [(1, "utter_refund_delivered"), (9, "utter_return_past_quality")]
)
async def test_a_question_about_money_back_is_answered_and_nothing_begun(days: int, response: str) -> None:
    """可以退款吗 wants to know until when."""
    heard = await Desk((order(N, S.SIGNED, signed=ago(days)),)).hear(RefundRequest(), "可以退款吗")
    assert (heard.names, "doing" in heard.slots) == ([response], False)


@pytest.mark.parametrize(
    ("found", "response"),
    [
        (refund(R.REQUESTED), "utter_refund_requested"),
        (Refund("R1", R.REQUESTED, 7900, ago(3), "支付宝"), "utter_refund_audit_late"),
        (refund(R.APPROVED, expected=TODAY), "utter_refund_approved"),
        (refund(R.PAYING, expected=TODAY), "utter_refund_paying"),
        (refund(R.PAYING), "utter_refund_paying_open"),
        (refund(R.PAYING, expected=TODAY - timedelta(days=1)), "utter_refund_late"),
        (refund(R.GOODS_RETURNING), "utter_refund_goods_returning"),
        (refund(R.PAID, paid=ago(hours=1)), "utter_refund_paid"),
        (refund(R.REFUSED, reason="已穿着"), "utter_refund_refused_because"),
        (refund(R.REFUSED), "utter_refund_refused"),
        (None, "utter_refund_absent"),
    ],
)
async def test_a_refund_tells_how_far_it_is(found: Refund | None, response: str) -> None:
    """Amount, account and the day come as facts."""
    heard = await Desk((order(N, S.REFUNDING, refund=found),)).hear(RefundStatus())
    assert heard.names == [response]
    if found:
        assert (heard.facts["amount"], heard.facts["to"]) == (7900, "支付宝")


@pytest.mark.parametrize("who", [LI, None])
async def test_how_long_refunds_take_is_told_to_anybody(who: Shopper | None) -> None:
    """A general question needs neither an order nor a proof."""
    heard = await Desk((order(N, S.PAID),), who=who).hear(RefundStatus(), "退款多久到账")
    assert heard.names == ["utter_refund_rules"]


async def test_a_fault_says_sorry_what_to_prepare_and_who_pays() -> None:
    """Within the window, past it, and for nobody in particular."""
    fresh = await Desk((order(N, S.SIGNED, signed=ago(1)),)).hear(ProductProblem())
    assert (fresh.names, fresh.facts["payer"]) == (["utter_problem_open"], "shop")
    old = await Desk((order(N, S.FINISHED, signed=ago(30)),)).hear(ProductProblem())
    assert old.names == ["utter_problem_past_person"]  # nothing is repaired that has no warranty
    assert (await Desk(who=None).hear(WrongMissing())).names == ["utter_wrong_rules"]


async def test_a_fault_code_is_explained() -> None:
    """电饭煲显示e1 finds the manual's line."""
    heard = await Desk(who=None).hear(ProductProblem(), "电饭煲显示e1", product="电饭煲")
    assert (heard.names, heard.facts["code"]) == (["utter_fault_code"], "E1")


@pytest.mark.parametrize("action", [RefundRequest(), ReturnGoods(), CancelOrder()])
@pytest.mark.parametrize(("state", "way"), [(P.LOST, "lost"), (P.STUCK, "stuck"), (P.RETURNED, "returned")])
async def test_nobody_refuses_or_pays_for_a_parcel_in_trouble(
    action: BackAction, state: ParcelState, way: str
) -> None:
    """What never comes cannot be refused at the door, and its freight is not the shopper's."""
    heard = await Desk((order(N, S.IN_TRANSIT),), (parcel(N, state),)).hear(action, "不要了")
    assert heard.names == [f"utter_do_refund_restate_{way}"]
    assert heard.facts["payer"] == "shop"


async def test_a_lost_parcel_is_not_exchanged() -> None:
    """There is nothing to send back."""
    desk = Desk((order(N, S.IN_TRANSIT),), (parcel(N, P.LOST),))
    assert (await desk.hear(ExchangeGoods(), "想换L码")).names == ["utter_back_lost"]


async def test_a_return_before_dispatch_is_a_cancelling() -> None:
    """不要了 退了吧: the way to the money, not the state of the order."""
    for state, response in (
        (S.PAID, "utter_do_cancel_restate"),
        (S.UNPAID, "utter_do_cancel_restate_unpaid"),
    ):
        desk = Desk((order(N, state, placed=ago(hours=0.1)),))
        heard = await desk.hear(ReturnGoods(), "T恤不要了 退了吧", product="T恤")
        assert heard.names == [response]


async def test_goods_that_are_not_repaired_are_not_sent_to_the_repair_when_it_is_too_late() -> None:
    """Nuts have no warranty, a cooker has."""
    for product, response in ((NUTS, "utter_return_past_person"), (COOKER, "utter_return_past")):
        heard = await Desk((order(N, S.FINISHED, product, signed=ago(60)),)).hear(ReturnGoods())
        assert heard.names == [response]


async def test_money_back_for_a_fault_is_of_what_was_received() -> None:
    """洗一次就变形 退钱 is not about the order that has not left yet."""
    desk = Desk((order("100000000000000009", S.PAID), order(N, S.SIGNED, signed=ago(1))))
    assert (await desk.hear(RefundRequest(), "洗一次就变形 退钱")).facts["order_id"] == N
    assert (await desk.hear(RefundRequest(), "退钱")).facts["order_id"] == "100000000000000009"


async def test_a_refusal_that_no_order_knows_of_is_asked_about() -> None:
    """退货审核没通过 is not answered with when the goods may go back."""
    heard = await Desk((order(N, S.SIGNED, signed=ago(1)),)).hear(ReturnGoods(), "退货审核没通过 凭什么啊")
    assert heard.names == ["utter_return_not_refused"]
    assert [row["intent"] for row in heard.facts["others"]] == ["refund_status"]


async def test_the_freight_of_a_lost_parcel_is_not_asked_of_the_shopper() -> None:
    """都丢了还要我出运费."""
    heard = await Desk((order(N, S.IN_TRANSIT),), (parcel(N, P.LOST),)).hear(
        ReturnShipping(), "都丢了还要我出运费"
    )
    assert heard.names == ["utter_back_lost"]


async def test_a_fault_is_not_awaited_from_a_lost_parcel() -> None:
    """Nothing will be there to check."""
    desk = Desk((order(N, S.IN_TRANSIT),), (parcel(N, P.LOST),))
    assert (await desk.hear(ProductProblem())).names == ["utter_parcel_lost"]


async def test_money_back_out_of_nowhere_is_for_the_parcel_in_trouble() -> None:
    """退钱 before any order was shown; else it is about the one shown."""
    calm = order("100000000000000002", S.IN_TRANSIT, placed=ago(1))
    desk = Desk((calm, order(N, S.IN_TRANSIT)), (parcel(N, P.LOST), parcel(calm.id, P.IN_TRANSIT)))
    assert (await desk.hear(RefundRequest(), "退钱")).names == ["utter_do_refund_restate_lost"]
    shown = await desk.hear(RefundRequest(), "退钱", slots={"order_id": calm.id})
    assert shown.facts["order_id"] == calm.id


NO = order(N, S.FINISHED, COOKER, signed=ago(9), placed=ago(12), refund=refund(R.REFUSED, reason="已使用"))
PAID_BACK = order("100000000000000002", S.REFUNDED, refund=refund(R.PAID, paid=ago(1)))
ON_WAY = order("100000000000000003", S.REFUNDING, placed=ago(5), refund=refund(R.REQUESTED))


@pytest.mark.parametrize("action", [RefundStatus(), RefundRequest(), ReturnGoods()])
@pytest.mark.parametrize("text", ["退款为啥被拒了", "退款怎么驳回了", "审核没通过"])
async def test_a_refusal_that_is_spoken_of_is_the_one_told(action: BackAction, text: str) -> None:
    """Its order is finished; the refund tells it apart, even after another order was shown."""
    desk = Desk((PAID_BACK, ON_WAY, NO))
    heard = await desk.hear(action, text, slots={"order_id": PAID_BACK.id})
    assert (heard.names, heard.facts["order_id"]) == (["utter_refund_refused_because"], N)


async def test_money_on_its_way_is_told_before_money_that_arrived() -> None:
    """退款到哪了: the one still to come; the one shown last where it has a refund."""
    desk = Desk((PAID_BACK, ON_WAY, NO))
    assert (await desk.hear(RefundStatus(), "退款到哪了")).facts["order_id"] == ON_WAY.id
    heard = await desk.hear(RefundStatus(), "退款到哪了", slots={"order_id": PAID_BACK.id})
    assert heard.facts["order_id"] == PAID_BACK.id


@pytest.mark.parametrize(
    "text", ["撤销退款吧", "不退了 发货吧", "我不退了", "退货申请也撤了吧", "那个退款我撤回哈"]
)
@pytest.mark.parametrize(
    ("state", "response"),
    [
        (R.REQUESTED, "utter_do_withdraw_refund_restate_unsent"),
        (R.PAYING, "utter_withdraw_late"),
        (R.PAID, "utter_withdraw_late"),
    ],
)
async def test_a_refund_is_taken_back_while_it_can_be(text: str, state: RefundState, response: str) -> None:
    """How, or that the money is gone already."""
    desk = Desk((order("100000000000000009", S.PAID), order(N, S.REFUNDING, refund=refund(state))))
    for action in (RefundRequest(), RefundStatus(), ReturnGoods()):
        heard = await desk.hear(action, text)
        assert (heard.names, heard.facts["order_id"]) == ([response], N)


async def test_goods_already_back_or_here_may_be_kept_as_well() -> None:
    """After delivery nothing is dispatched anew; anybody hears how."""
    desk = Desk((order(N, S.REFUNDING, signed=ago(2), refund=refund(R.GOODS_RETURNING)),))
    assert (await desk.hear(ReturnGoods(), "不退货了")).names == ["utter_do_withdraw_refund_restate"]
    assert (await Desk(who=None).hear(ReturnGoods(), "不退货了")).names == ["utter_withdraw_how"]


@pytest.mark.parametrize("text", ["怎么不给退了吗", "退不了", "能退吗", "为什么退不了款"])
async def test_a_complaint_about_returning_takes_nothing_back(text: str) -> None:
    """Only a changed mind does."""
    heard = await Desk((order(N, S.SIGNED, signed=ago(1)),)).hear(ReturnGoods(), text)
    assert heard.names[0] == "utter_return_open"


@pytest.mark.parametrize(
    ("text", "responses"),
    [
        ("运费险有吗", ["utter_return_insured"]),
        ("退货单号填哪里", ["utter_return_waybill"]),
        ("寄回去你们收到没", ["utter_return_arrived"]),
        ("退货地址发我", ["utter_return_address_pickup"]),
        ("退货运费谁出", ["utter_return_freight_insured"]),
        ("可以上门取件吗", ["utter_return_pickup"]),
    ],
)
async def test_of_sending_back_only_what_was_asked_is_told(text: str, responses: list[str]) -> None:
    """One question, one answer."""
    assert (await Desk(who=None).hear(ReturnShipping(), text)).names == responses


async def test_whether_it_may_go_back_is_told_without_the_steps() -> None:
    """The steps come where they are asked for."""
    desk = Desk((order(N, S.SIGNED, signed=ago(1)),))
    assert (await desk.hear(ReturnGoods(), "能退吗")).names == ["utter_return_open"]
    how = await desk.hear(ReturnGoods(), "怎么退")
    assert how.names == ["utter_return_open", "utter_return_steps_pickup"]


async def test_what_an_exchange_costs_is_told() -> None:
    """换货要钱吗: who bears the freight."""
    heard = await Desk((order(N, S.SIGNED, signed=ago(1)),)).hear(ExchangeGoods(), "换货要钱吗")
    assert (heard.names, heard.facts["no_reason"]) == (["utter_exchange_cost_difference"], "shopper")


async def test_a_deposit_has_the_presales_rule() -> None:
    """预售定金能退吗 is told to anybody, whatever orders there are."""
    heard = await Desk((order(N, S.PAID),)).hear(RefundRequest(), "预售定金能退吗")
    assert heard.names == ["utter_pay_deposit_late_kept"]
