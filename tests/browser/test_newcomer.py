"""What a newcomer does in the first five minutes, at a desk and on a phone."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from .conftest import DESKTOP, PHONE, Chat, Windows, log_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
DEMO = Path(__file__).resolve().parents[2] / "data" / "demo"
FIRST_SHOPPER = "S001"


def parcels_of(shopper: str) -> dict[str, str]:
    """Carrier by waybill, out of the demo shop's rows."""
    orders = json.loads((DEMO / "orders.json").read_text(encoding="utf-8"))
    mine = {order["id"] for order in orders if order["shopper_id"] == shopper}
    parcels = json.loads((DEMO / "parcels.json").read_text(encoding="utf-8"))
    return {parcel["waybill"]: parcel["carrier"] for parcel in parcels if parcel["order_id"] in mine}


@pytest.mark.parametrize(("name", "device"), [("desktop", DESKTOP), ("phone", PHONE)])
def test_five_questions_are_answered_and_a_person_takes_over(
    name: str,
    device: dict[str, object],
    stack: str,
    windows: Windows,
    shoot: Callable[[Page, str], None],
) -> None:
    """Every question gets its right answer; asking for a person brings one, and the bot afterwards."""
    page = windows.open(device)
    chat = Chat(page, stack)
    shoot(page, f"{name}-1-shop")
    chat.open()
    expect(chat.frame.get_by_role("heading", level=1)).to_contain_text("智能客服")
    expect(chat.frame.get_by_role("group", name="常见问题").get_by_role("button")).to_have_count(4)
    shoot(page, f"{name}-2-greeting")

    parcel = chat.ask("我的快递到哪了")
    parcels = parcels_of(FIRST_SHOPPER)
    waybill = next((waybill for waybill in parcels if waybill in parcel), None)
    assert waybill is not None, parcel
    assert parcels[waybill] in parcel
    assert "目前在" in parcel
    assert re.search(r"预计.*\d+月\d+日", parcel)
    shoot(page, f"{name}-3-parcel")

    assert re.search(r"\b\d?X*[SML]\b", chat.ask("175 140斤穿什么码"))
    shoot(page, f"{name}-4-size")
    assert re.search("(七|7)天", chat.ask("七天无理由怎么退"))
    shoot(page, f"{name}-5-return")
    assert "订单" in chat.ask("怎么还不发货!!!")
    shoot(page, f"{name}-6-urging")
    chat.ask("转人工")
    expect(chat.frame.get_by_text("您排在第")).to_be_visible()
    shoot(page, f"{name}-7-waiting")

    mark = f"补充一下,我用的是{name}"
    chat.say(mark)
    agent = log_in(windows.open(DESKTOP), stack)
    waiting = agent.get_by_role("navigation", name="会话").get_by_role("button").filter(has_text=mark)
    waiting.first.wait_for()
    shoot(agent, f"{name}-8-desk")
    waiting.first.click()
    agent.get_by_role("button", name="接入", exact=True).click()
    answer = agent.get_by_role("textbox", name="回复顾客")
    answer.fill("您好,我是人工客服,正在帮您看。")
    answer.press("Enter")
    expect(chat.frame.get_by_text("我是人工客服")).to_be_visible()
    expect(chat.frame.get_by_role("heading", level=1)).to_contain_text("人工客服")
    shoot(agent, f"{name}-9-answering")
    shoot(page, f"{name}-10-person")

    chat.say("好的谢谢")
    expect(agent.get_by_role("log").get_by_text("好的谢谢")).to_be_visible()
    agent.get_by_role("button", name="交还智能客服").click()
    expect(chat.frame.get_by_text("人工服务已结束")).to_be_visible()
    chat.ask("你好")
    shoot(page, f"{name}-11-bot-again")
