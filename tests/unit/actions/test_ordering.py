"""What a message wants done, whatever it was understood as."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from actions.aftersales import ProductProblem, ReturnGoods, WrongMissing
from actions.changes import CancelOrder, ModifyAddress
from actions.choosing import ActionRecommendCompare
from actions.coupons import ActionCouponQuery
from actions.information import ProvideInfo
from actions.orders import OrderStatus
from actions.refunds import RefundRequest, RefundStatus
from actions.service import WarrantyRepair
from actions.session import ShopAction
from actions.talk import ActionAffirm, ActionAskWhich, ActionDeny
from actions.visits import DeliveryInstall
from bot.shop.models import Booking, BookingKind, BookingState, OrderState, Product, Sku
from bot.shop.policy import load_policy
from bot.shop.portable import ShopData
from tests.unit.actions.order_shop import COOKER, HAN, LI, NOW, SHIRT, TODAY, ago, order
from tests.unit.actions.test_undertaking import OTHER, N, Shop, Talk

S = OrderState
THIRD = "100000000000000003"
TEE = replace(SHIRT, skus=(*SHIRT.skus, Sku("K9", {"颜色": "白色", "尺码": "M"}, 7900, 2)))
WASHER = Product(
    "P8",
    "十公斤洗衣机",
    "大家电",
    (Sku("W1", {}, 279900, 3),),
    aliases=("洗衣机",),
    installation="师傅上门安装",
    repair="师傅上门检修",
    warranty_days=365,
)
VISIT = Booking(
    "B1", OTHER, BookingKind.INSTALLATION, BookingState.BOOKED, TODAY + timedelta(days=4), "09:00-12:00"
)


@pytest.fixture
def talk() -> Talk:
    """LI waits for a shirt, and for somebody to install a washing machine that is there."""
    washer = order(OTHER, S.SIGNED, WASHER, signed=ago(2))
    rows = ShopData(
        products=(TEE, COOKER, WASHER),
        shoppers=(LI, HAN),
        orders=(order(N, S.PAID, TEE, dispatch_by=NOW + timedelta(hours=5)), washer),
        bookings=(VISIT,),
        policy=load_policy({}),
    )
    return Talk(Shop(rows))


@pytest.mark.parametrize(
    ("action", "text", "entities", "goes_to"),
    [
        (ActionCouponQuery(), "电饭煲来一个 券用上", {"product": "电饭煲", "quantity": "1"}, "order_payment"),
        (
            ActionCouponQuery(),
            "电饭煲一个 满300减20",
            {"product": "电饭煲", "quantity": "1"},
            "order_payment",
        ),
        (ActionCouponQuery(), "要个电饭煲 用那张券", {"product": "电饭煲"}, "order_payment"),
        (ProductProblem(), "电饭煲 一个", {"product": "电饭煲", "quantity": "1"}, "order_payment"),
        (ReturnGoods(), "不用上门装洗衣机了 把预约退掉", {"product": "洗衣机"}, "delivery_install"),
        (ProductProblem(), "洗衣机不转了 派个师傅来修", {"product": "洗衣机"}, "warranty_repair"),
        (WrongMissing(), "洗衣机坏了 让师傅来看看", {"product": "洗衣机"}, "warranty_repair"),
        (ProductProblem(), "洗衣机坏了 不修了 退货", {"product": "洗衣机"}, "return_goods"),
        (WrongMissing(), "T恤发错了 给我换货", {"product": "T恤"}, "exchange_goods"),
        (ModifyAddress(), "加个备注：放门口", {}, "modify_order"),
        (ActionAskWhich(), "T恤换成白色", {"product": "T恤", "colour": "白色"}, "modify_order"),
        (OrderStatus(), "我那件T恤改白的", {"product": "T恤", "colour": "白色"}, "modify_order"),
        (OrderStatus(), "T恤那单不想要了", {"product": "T恤"}, "cancel_order"),
        (ActionRecommendCompare(), "T恤 白色 还有没", {"product": "T恤"}, "stock_query"),
        (OrderStatus(), "照片晚点发", {}, "provide_info"),
        (RefundRequest(), "T恤那单取消 退钱", {"product": "T恤"}, "cancel_order"),
    ],
)
async def test_what_is_wanted_is_done_where_the_message_did_not_come_to_it(
    talk: Talk, action: ShopAction, text: str, entities: dict[str, str], goes_to: str
) -> None:
    """The action that does it goes on with the message."""
    heard = await talk.hear(action, text, **entities)
    assert heard.follows == [f"action_{goes_to}"]


@pytest.mark.parametrize(
    ("action", "text", "entities"),
    [
        (ProductProblem(), "洗衣机坏了 能退货吗", {"product": "洗衣机"}),
        (ProductProblem(), "T恤有点掉色 不退了", {"product": "T恤"}),
        (OrderStatus(), "T恤取消了吗", {"product": "T恤"}),
        (ActionCouponQuery(), "电饭煲能用券吗", {"product": "电饭煲"}),
        (ModifyAddress(), "地址改一下 备注也要改吗", {}),
    ],
)
async def test_questions_and_other_wishes_stay_where_they_are(
    talk: Talk, action: ShopAction, text: str, entities: dict[str, str]
) -> None:
    """Nothing is begun that was not wished for."""
    heard = await talk.hear(action, text, **entities)
    assert heard.follows == []


async def test_pictures_may_come_later(talk: Talk) -> None:
    """That is no question about dispatch."""
    assert (await talk.hear(ProvideInfo(), "照片等下发", "provide_info")).names == ["utter_info_later"]


async def test_what_is_open_is_asked_again_behind_it(talk: Talk) -> None:
    """The return goes on."""
    await talk.hear(ReturnGoods(), "洗衣机我要退货", product="洗衣机")
    heard = await talk.hear(ProvideInfo(), "图片晚点传", "provide_info")
    assert heard.names[-1] in ("utter_doing_still_asks", "utter_do_return_goods_ask_reason")


async def test_orders_named_together_come_one_after_the_other(talk: Talk) -> None:
    """Each is restated by itself, and each wants its yes."""
    cooker = order(THIRD, S.PAID, COOKER)
    talk.shop = Shop(replace(talk.shop.data, orders=(*talk.shop.data.orders, cooker)))
    heard = await talk.hear(CancelOrder(), "T恤和电饭煲两单都取消", product="T恤+电饭煲")
    assert heard.names == ["utter_do_cancel_restate"]
    both = await talk.hear(ActionAffirm(), "确认", "affirm")
    assert both.names == ["utter_do_cancel_done", "utter_do_cancel_restate"]
    done = await talk.hear(ActionAffirm(), "确认", "affirm")
    assert done.names == ["utter_do_cancel_done"]
    states = {o.id: o.state for o in talk.shop.data.orders}
    assert (states[N], states[THIRD]) == (S.CANCELLED, S.CANCELLED)


async def test_what_was_told_of_an_address_is_not_lost_by_more_of_it(talk: Talk) -> None:
    """A street, then the number of its house, then who receives it: all of it is restated."""
    await talk.hear(ModifyAddress(), "T恤地址改成宁波市海曙区中山西路10号", product="T恤")
    number = await talk.hear(ProvideInfo(), "门牌号是18号", "provide_info")
    assert number.facts["street"] == "中山西路18号"
    heard = await talk.hear(ModifyAddress(), "收件人也改成林可可")
    assert (heard.facts["street"], heard.facts["receiver"]) == ("中山西路18号", "林可可")


async def test_a_no_with_another_wish_goes_on_with_that(talk: Talk) -> None:
    """Nothing is done of the first."""
    await talk.hear(ReturnGoods(), "洗衣机不喜欢 没用过 退货", product="洗衣机")
    heard = await talk.hear(ActionDeny(), "算了 不退了 给我换货吧", "deny")
    assert (heard.names, heard.follows) == (["utter_doing_dropped"], ["action_exchange_goods"])
    assert talk.shop.writes == 0


@pytest.mark.parametrize(
    ("text", "follows"),
    [("T恤拒收 退款", ["action_refund_request"]), ("T恤退款什么时候到账", []), ("T恤退款处理好了吗", [])],
)
async def test_money_that_is_wanted_is_applied_for(talk: Talk, text: str, follows: list[str]) -> None:
    """How far it is, is told."""
    assert (await talk.hear(RefundStatus(), text, product="T恤")).follows == follows


async def test_a_visit_called_off_for_another_day_is_moved(talk: Talk) -> None:
    """取消 再约到: the goods are still to be installed."""
    day = (TODAY + timedelta(days=6)).isoformat()
    heard = await talk.hear(DeliveryInstall(), f"取消洗衣机安装 再约到{day}上午", product="洗衣机", date=day)
    assert heard.names == ["utter_do_move_visit_restate"]


async def test_what_is_on_its_way_may_be_refused(talk: Talk) -> None:
    """不要了 拒收: its money is applied for, and nothing is cancelled."""
    moving = order(N, S.IN_TRANSIT, TEE, sent=ago(1))
    talk.shop = Shop(replace(talk.shop.data, orders=(moving,)))
    heard = await talk.hear(CancelOrder(), "T恤不要了 拒收", product="T恤")
    assert heard.names == ["utter_do_refund_restate_moving"]


async def test_a_day_behind_an_offer_to_book_is_booked(talk: Talk) -> None:
    """告诉我哪天方便 is no empty word."""
    told = await talk.hear(WarrantyRepair(), "洗衣机保修吗", product="洗衣机")
    assert told.names[-1] == "utter_warranty_bookable"
    day = (TODAY + timedelta(days=6)).isoformat()
    heard = await talk.hear(ProvideInfo(), f"{day}上午", "provide_info", date=day)
    assert heard.names == ["utter_do_book_visit_restate"]
