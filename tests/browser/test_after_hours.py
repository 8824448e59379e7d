"""At night a shopper who wants a person knows when one is back, and is not left alone meanwhile."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from .conftest import DESKTOP, NIGHT, PHONE, Chat, Windows, log_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


def test_at_night_the_bot_answers_on_until_an_agent_who_works_late_takes_over(
    at_night: str, windows: Windows
) -> None:
    """Place and opening time in the banner, answers below it; the agent sees that it is a night's wish."""
    chat = Chat(windows.open(PHONE, NIGHT), at_night).open()
    chat.ask("转人工")
    expect(chat.frame.get_by_role("status").filter(has_text="您排在第 1 位")).to_contain_text("今天 10:00")
    expect(chat.frame.get_by_text("预计")).not_to_be_visible()
    until = re.search(r"\d+月\d+日", chat.ask("七天无理由怎么退"))
    assert until, "however it is worded, the answer says until when"
    expect(chat.frame.get_by_text("您排在第 1 位")).to_be_visible()

    agent = log_in(windows.open(DESKTOP, NIGHT), at_night)
    row = agent.get_by_role("navigation", name="会话").get_by_role("button").first
    expect(row).to_contain_text("七天无理由怎么退")
    expect(row).to_contain_text("下班后来的")
    row.click()
    agent.keyboard.press("Alt+t")
    agent.get_by_role("textbox", name="回复顾客").fill("我还在，您说")
    agent.get_by_role("button", name="发送").click()
    expect(chat.frame.get_by_text("我还在，您说")).to_be_visible()
    expect(chat.frame.get_by_text("您排在第")).not_to_be_visible()
    agent.keyboard.press("Alt+b")
    expect(chat.frame.get_by_text("人工服务已结束")).to_be_visible()
