"""The agent's page where agents and network get in one another's way."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from .conftest import DESKTOP, PHONE, Chat, Windows, log_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


def test_a_wrong_password_is_said_plainly(stack: str, windows: Windows) -> None:
    """In words, and one can try again."""
    page = windows.open(DESKTOP)
    page.goto(f"{stack}/desk/")
    page.get_by_label("用户名").fill("nobody-here")
    page.get_by_label("密码").fill("wrong")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("alert")).to_contain_text("不正确")
    expect(page.get_by_role("button", name="登录")).to_be_enabled()


def test_a_colleague_who_was_faster_is_named(stack: str, windows: Windows) -> None:
    """Two agents take the same conversation: one has it, the other reads who."""
    chat = Chat(windows.open(DESKTOP), stack).open()
    chat.ask("转人工")
    chat.say("谁先接到我")
    slow, fast = log_in(windows.open(DESKTOP), stack), log_in(windows.open(DESKTOP), stack, "owner")
    for page in (slow, fast):
        page.get_by_role("button").filter(has_text="谁先接到我").first.click()
        page.get_by_role("button", name="接入", exact=True).wait_for()
    slow.route("**/api/desk/conversations", lambda route: route.abort())
    slow.route("**/events?*", lambda route: route.abort())
    fast.get_by_role("button", name="接入", exact=True).click()
    fast.get_by_role("textbox", name="回复顾客").wait_for()
    slow.get_by_role("button", name="接入", exact=True).click()
    expect(slow.get_by_role("alert")).to_contain_text("店主")
    expect(slow.get_by_role("textbox", name="回复顾客")).not_to_be_visible()


def test_new_shoppers_appear_by_themselves_and_in_the_title(stack: str, windows: Windows) -> None:
    """An agent who looks elsewhere sees in the tab that somebody waits; a phone will do for answering."""
    agent = log_in(windows.open(PHONE), stack)
    chat = Chat(windows.open(DESKTOP), stack, "/demo/?as=anonymous").open()
    chat.ask("转人工")
    chat.say("我在手机上等")
    row = agent.get_by_role("navigation", name="会话").get_by_role("button").filter(has_text="我在手机上等")
    expect(row.first).to_be_visible()
    assert agent.title().startswith("(")
    row.first.click()
    agent.get_by_role("button", name="接入", exact=True).click()
    agent.get_by_role("textbox", name="回复顾客").fill("来了")
    agent.get_by_role("button", name="发送").click()
    expect(chat.frame.get_by_text("来了", exact=True)).to_be_visible()
    agent.get_by_role("button", name="结束会话").click()
    expect(chat.frame.get_by_text("本次服务已结束")).to_be_visible()
    chat.say("还有个问题")
    expect(chat.frame.get_by_text("本次服务已结束")).not_to_be_visible()
