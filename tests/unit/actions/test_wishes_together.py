"""Several wishes of one shopper: in one message, one in the place of another, or after one another."""

from __future__ import annotations

from typing import Any

import pytest

from actions.aftersales import ProductProblem, ReturnGoods
from actions.changes import CancelOrder, ModifyAddress, ModifyOrder
from actions.exchanging import ExchangeGoods
from actions.information import ProvideInfo
from actions.otherwise import BACK, CANCEL, first_wish, otherwise
from actions.refunds import RefundRequest
from actions.talk import ActionAffirm, ActionDeny
from bot.shop.access import Identity, Session
from bot.shop.models import OrderState, RefundState
from tests.unit.actions.order_shop import LI, NUTS, Heard, Tries, ago, call, order
from tests.unit.actions.test_undertaking import OTHER, N, Talk
from tests.unit.actions.test_undertaking_aftersales import SHOE, TEE, current, pair, signed, talk_of

S = OrderState
SAID = {"event": "user", "message_id": "m"}


async def second(talk: Talk, action: Any, text: str, **entities: str) -> Heard:
    """The second request of the message that has begun what is under way."""
    session = Session(talk.shop, Tries(), talk.now, Identity(LI.id, LI.name))
    begun = {"event": "slot", "name": "doing", "value": talk.slots["doing"]}
    heard = await call(action, session, text, action.intent, talk.slots, past=[SAID, begun, SAID], **entities)
    talk.slots.update(heard.slots)
    return heard


@pytest.mark.parametrize(
    ("text", "second", "first"),
    [
        ("换个新的白色 没有白色就退", BACK, "exchange_goods"),
        ("有EF就换 没有退钱", BACK, "exchange_goods"),
        ("能换大一码吗 换不了就退货", BACK, "exchange_goods"),
        ("地址改到海尔路9号 改不了就取消", CANCEL, "modify_address"),
        ("换成L码 没货就不要了", CANCEL, "exchange_goods"),
        ("怎么还没有退款", "", None),
        ("没有发货就退款吧", "", None),
        ("不能退吗", "", None),
        ("没收到货 退款", "", None),
    ],
)
def test_what_shall_be_where_the_first_wish_cannot(text: str, second: str, first: str | None) -> None:
    """Only beside a first wish; a reason for money back is none."""
    assert otherwise(text) == second
    if second:
        assert first_wish(text) == first


async def test_the_second_wish_is_begun_where_the_first_is_refused() -> None:
    """41 is there and 42 is not; a return has still to be agreed to."""
    talk = talk_of(signed(SHOE))
    heard = await talk.hear(ExchangeGoods(), "小了 换42的 没有就退货", size="42")
    assert heard.names == ["utter_doing_gone", "utter_do_return_goods_ask_state"]
    assert (talk.shop.writes, talk.state) == (0, S.SIGNED)
    other = talk_of(signed(SHOE))
    heard = await other.hear(ExchangeGoods(), "小了 换41的 没穿过 没有就退货", size="41")
    assert heard.names == ["utter_do_exchange_restate"]


async def test_two_wishes_of_one_message_are_done_one_after_the_other() -> None:
    """The second is restated when the first is done; each needs a yes of its own."""
    talk = talk_of(order(N, S.PAID, TEE))
    text = "改成白色 电话也改成13912345678"
    await talk.hear(ModifyOrder(), text, colour="白色")
    queued = await second(talk, ModifyAddress(), text, phone="13912345678", colour="白色")
    assert (queued.names, talk.shop.writes) == ([], 0)
    heard = await talk.hear(ActionAffirm(), "确认")
    assert heard.names == ["utter_do_change_variant_done", "utter_do_change_address_restate"]
    assert talk.shop.writes == 1
    assert (await talk.hear(ActionAffirm(), "确认")).names == ["utter_do_change_address_done"]
    assert current(talk).address.phone == "13912345678"


async def test_a_no_to_the_first_leaves_the_second() -> None:
    """It is restated after what was dropped."""
    talk = talk_of(order(N, S.PAID, TEE))
    text = "改成白色 电话也改成13912345678"
    await talk.hear(ModifyOrder(), text, colour="白色")
    await second(talk, ModifyAddress(), text, phone="13912345678", colour="白色")
    heard = await talk.hear(ActionDeny(), "不用了")
    assert heard.names == ["utter_doing_dropped", "utter_do_change_address_restate"]


async def test_money_back_for_a_cancelled_order_is_no_wish_of_its_own() -> None:
    """不要了 退款: one thing to do."""
    talk = talk_of(order(N, S.PAID, TEE))
    await talk.hear(CancelOrder(), "不要了 退款")
    await second(talk, RefundRequest(), "不要了 退款")
    assert (await talk.hear(ActionAffirm(), "确认")).names == ["utter_do_cancel_done"]


async def test_what_is_corrected_within_a_message_is_replaced() -> None:
    """取消 哦不是 换成白色: only the last is wanted."""
    talk = talk_of(order(N, S.PAID, TEE))
    text = "取消T恤 哦不是 给我换成白色"
    await talk.hear(CancelOrder(), text)
    heard = await second(talk, ExchangeGoods(), text, colour="白色")
    assert heard.names == ["utter_do_change_variant_restate"]
    assert (await talk.hear(ActionAffirm(), "确认")).names == ["utter_do_change_variant_done"]
    assert talk.state is S.PAID


async def test_the_right_number_goes_on_with_what_the_wrong_one_was_for() -> None:
    """恢复 X, X is none: Y is to be gone on with, and not cancelled or told."""
    talk = talk_of(order(N, S.PAID, TEE))
    await talk.hear(CancelOrder(), "帮我取消")
    await talk.hear(ActionAffirm(), "确认")
    wrong = await talk.hear(CancelOrder(), "取消错了 恢复 999999999999999999", order_id="999999999999999999")
    assert wrong.names == ["utter_order_not_found"]
    heard = await talk.hear(ProvideInfo(), f"打错了 是{N}", order_id=N)
    assert heard.names == ["utter_do_undo_cancel_restate"]


async def test_what_was_done_is_not_begun_again_by_a_bare_number() -> None:
    """A number after it is a question how the order stands."""
    talk = talk_of(order(N, S.PAID, TEE))
    await talk.hear(CancelOrder(), "帮我取消")
    done = await talk.hear(ActionAffirm(), "确认")
    assert done.slots["wish"] is None
    assert (await talk.hear(ProvideInfo(), N, order_id=N)).follows == ["action_order_status"]


@pytest.mark.parametrize(
    ("text", "entities", "pieces"),
    [
        ("坚果退了 T恤留着 不喜欢", {"product": "坚果+T恤"}, [[NUTS.id, "K4", 2]]),
        ("T恤一起买的 只想退坚果 不喜欢", {"product": "T恤+坚果"}, [[NUTS.id, "K4", 2]]),
        ("两袋坚果退一袋 另一袋留着 不喜欢", {"product": "坚果", "quantity": "2+1"}, [[NUTS.id, "K4", 1]]),
        ("坚果有一袋破了 退坏的那袋", {"product": "坚果"}, [[NUTS.id, "K4", 1]]),
    ],
)
async def test_of_several_goods_those_go_back_that_are_meant(
    text: str, entities: dict[str, str], pieces: list[list[Any]]
) -> None:
    """What stays is none of them, one of several pieces is one."""
    talk = talk_of(pair())
    await talk.hear(ReturnGoods(), text, **entities)
    assert talk.slots["doing"]["args"]["lines"] == pieces


async def test_the_piece_that_was_told_to_be_faulty_goes_back() -> None:
    """有一袋破了, then 退货: one of two."""
    talk = talk_of(pair(), refunds={"without_goods_up_to": 0})
    await talk.hear(ProductProblem(), "坚果有一袋破了", product="坚果", quantity="1")
    heard = await talk.hear(ReturnGoods(), "那退货吧")
    assert heard.facts["amount"] == 3900


async def test_of_cheap_faulty_goods_the_price_comes_back_without_them() -> None:
    """Up to the shop's limit: what was paid for the pieces that are meant."""
    talk = talk_of(pair(), refunds={"without_goods_up_to": 5000})
    text = "坚果有一袋碎了 退一袋的钱"
    heard = await talk.hear(RefundRequest(), text, product="坚果", quantity="1+1")
    assert heard.names == ["utter_do_refund_restate_kept"]
    await talk.hear(ActionAffirm(), "确认")
    refund = current(talk).refund
    assert refund is not None
    assert (refund.amount, refund.goods_back, refund.state) == (3900, False, RefundState.REQUESTED)


async def test_nothing_of_another_order_than_the_one_in_talk_is_undone() -> None:
    """An order that cannot be cancelled any more is told of; 另一单 means another one."""
    talk = talk_of(signed(), order(OTHER, S.PAID, SHOE))
    past = [{"event": "user", "parse_data": {"intent": {"name": "order_status"}}}]

    async def hear(text: str) -> Heard:
        session = Session(talk.shop, Tries(), talk.now, Identity(LI.id, LI.name))
        said = {"event": "user", "parse_data": {"intent": {"name": "cancel_order"}}}
        slots = {"order_id": N}
        return await call(CancelOrder(), session, text, "cancel_order", slots, past=[*past, said])

    assert (await hear("那取消吧")).names == ["utter_order_signed"]
    assert (await hear("把另一单取消吧")).facts["order_id"] == OTHER


async def test_an_order_is_told_by_its_day_or_its_state() -> None:
    """昨天拍的, 没付款的那单."""
    talk = talk_of(order(N, S.PAID, TEE, placed=ago(1)), order(OTHER, S.UNPAID, SHOE, placed=ago(0, 1)))
    day = ago(1).date().isoformat()
    assert (await talk.hear(CancelOrder(), "昨天拍的不要了", date=day)).facts["order_id"] == N
    assert (await talk.hear(CancelOrder(), "没付款的那单取消")).facts["order_id"] == OTHER
