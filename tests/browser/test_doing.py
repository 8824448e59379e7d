"""A shopper has an order cancelled: restated, pressed, done, and seen in the shop."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from .conftest import DESKTOP, Chat, Windows

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
KETTLE = "682604173951836025"


def test_an_order_is_cancelled_by_the_button_of_its_restatement(
    stack: str, windows: Windows, shoot: Callable[[Page, str], None]
) -> None:
    """Before the press nothing has changed; afterwards the shop's own page says so."""
    page = windows.open(DESKTOP)
    chat = Chat(page, stack).open()
    shop = windows.open(DESKTOP)
    restated = chat.ask("帮我取消养生壶的订单")
    assert KETTLE in restated
    shoot(page, "doing-1-restated")
    shop.goto(f"{stack}/demo/orders/?order={KETTLE}")
    expect(shop.locator(f"#order-{KETTLE} .state")).not_to_have_text("已取消")

    chat.frame.get_by_role("button", name="确认", exact=True).click()
    expect(chat.frame.get_by_role("button", name="查退款进度").last).to_be_visible()
    shoot(page, "doing-2-done")
    shop.reload()
    expect(shop.locator(f"#order-{KETTLE} .state")).to_have_text("已取消")
    assert KETTLE in chat.ask("养生壶那单的退款到哪一步了")
