"""The shopper's window when things go wrong, and its manners towards shopper and shop page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Frame, Page, Route, expect

from .conftest import DESKTOP, PHONE, Chat, Windows, log_in, violations

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
HOSTILE = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { font-size: 40px !important; opacity: .2 !important; }
    button, div, iframe, i, svg { display: none !important; width: 900px !important; margin: 50px }`);
  document.adoptedStyleSheets = [sheet];
}"""


def widget(page: Page) -> Frame:
    return next(frame for frame in page.frames if frame.url.endswith("/widget/"))


def test_a_message_that_fails_stays_and_is_sent_once_when_sent_again(stack: str, windows: Windows) -> None:
    """The retry carries the same client id: even if the first try had arrived, there is one message."""
    chat = Chat(windows.open(DESKTOP), stack).open()
    sent: list[str] = []

    def lose_the_answer(route: Route) -> None:
        sent.append(route.request.post_data_json["client_id"])
        if len(sent) == 1:
            route.fetch()  # it arrives, but the shopper's browser never learns of it
            route.fulfill(status=502, body="bad gateway")
        else:
            route.continue_()

    chat.page.route("**/api/shop/messages", lose_the_answer)
    chat.page.route("**/api/shop/events*", lambda route: route.fulfill(status=502, body="bad gateway"))
    chat.say("这条会失败")
    retry = chat.frame.get_by_role("button", name="重发")
    expect(retry).to_be_visible()
    retry.click()
    expect(retry).not_to_be_visible()
    chat.page.unroute("**/api/shop/events*")
    chat.answers.first.wait_for(timeout=30_000)
    assert len(sent) == 2
    assert len(set(sent)) == 1
    expect(chat.own).to_have_count(1)


def test_what_is_written_offline_is_answered_once_the_network_is_back(stack: str, windows: Windows) -> None:
    """Nobody has to press anything."""
    chat = Chat(windows.open(PHONE), stack).open()
    chat.ask("你好")
    chat.page.context.set_offline(True)
    chat.say("我的快递到哪了")
    expect(chat.frame.get_by_text("网络断开了")).to_be_visible()
    before = chat.answers.count()
    chat.page.context.set_offline(False)
    chat.answers.nth(before).wait_for(timeout=30_000)
    expect(chat.frame.get_by_text("网络断开了")).not_to_be_visible()
    expect(chat.own).to_have_count(2)


def test_without_websockets_answers_still_come(stack: str, windows: Windows) -> None:
    """Hints only make it faster."""
    page = windows.open(DESKTOP)
    page.route_web_socket("**/ws/shop", lambda ws: ws.close())
    assert Chat(page, stack).open().ask("你好")


def test_an_input_methods_enter_picks_a_word_and_sends_nothing(stack: str, windows: Windows) -> None:
    """Only an Enter outside of a composition sends."""
    chat = Chat(windows.open(DESKTOP), stack).open()
    chat.box.focus()
    keyboard = chat.page.context.new_cdp_session(chat.page)
    keyboard.send("Input.imeSetComposition", {"text": "kuaidi", "selectionStart": 6, "selectionEnd": 6})
    chat.box.press("Enter")
    assert chat.own.count() == 0
    keyboard.send("Input.insertText", {"text": "快递"})
    chat.box.press("Enter")
    expect(chat.own).to_have_count(1)


def test_a_draft_and_the_history_are_there_on_the_next_page(stack: str, windows: Windows) -> None:
    """Walking through the shop loses nothing."""
    page = windows.open(DESKTOP)
    chat = Chat(page, stack).open()
    chat.ask("你好")
    chat.box.fill("还没写完")
    chat = Chat(page, stack, "/demo/orders/").open()
    expect(chat.own).to_have_count(1)
    expect(chat.box).to_have_value("还没写完")


def test_a_closed_window_shows_a_dot_for_what_came(stack: str, windows: Windows) -> None:
    """Escape closes; the bubble says how many are unread and has the focus; opening clears it."""
    page = windows.open(DESKTOP)
    chat = Chat(page, stack).open()
    chat.say("我的快递到哪了")
    chat.box.press("Escape")
    unread = page.get_by_role("button", name="条未读消息")
    expect(unread).to_be_visible()
    expect(unread).to_be_focused()
    unread.click()
    expect(page.get_by_role("button", name="收起在线客服").first).to_be_visible()
    expect(unread).not_to_be_visible()


def test_who_reads_further_up_is_told_of_news_without_a_word_being_covered(
    stack: str, windows: Windows
) -> None:
    """The line stands below the messages, counts what came, and leads to the end."""
    chat = Chat(windows.open(DESKTOP), stack).open()
    chat.ask("我的订单")
    chat.ask("转人工")
    chat.say("往上翻的时候")
    agent = log_in(windows.open(DESKTOP), stack)
    agent.get_by_role("button").filter(has_text="往上翻的时候").first.click()
    agent.get_by_role("button", name="接入", exact=True).click()
    expect(chat.frame.get_by_text("为您服务").first).to_be_visible()
    messages = chat.frame.get_by_role("region", name="聊天记录")
    messages.evaluate("box => (box.scrollTop = 0)")
    expect(chat.frame.get_by_role("button", name="回到最新消息")).to_be_visible()
    agent.get_by_role("textbox", name="回复顾客").fill("您好")
    agent.get_by_role("button", name="发送").click()
    news = chat.frame.get_by_role("button", name="1 条新消息")
    expect(news).to_be_visible()
    above, line = messages.bounding_box(), news.bounding_box()
    assert above is not None
    assert line is not None
    assert above["y"] + above["height"] <= line["y"] + 1
    news.click()
    expect(news).not_to_be_visible()
    expect(chat.frame.get_by_text("您好", exact=True)).to_be_in_viewport()


def test_the_shops_own_styles_do_not_reach_the_bubble(stack: str, windows: Windows) -> None:
    """However hostile they are."""
    page = windows.open(DESKTOP)
    page.goto(f"{stack}/demo/")
    page.evaluate(HOSTILE)
    bubble = page.get_by_role("button", name="打开在线客服")
    size = bubble.bounding_box()
    assert size is not None
    assert (size["width"], size["height"]) == (56, 56)
    bubble.click()
    expect(page.frame_locator("xiaoer-chat iframe").get_by_role("textbox", name="消息内容")).to_be_visible()


def test_messages_of_other_windows_are_not_obeyed(stack: str, windows: Windows) -> None:
    """Only the iframe may close the window, and only the shop page that booted it may speak to the iframe."""
    page = windows.open(DESKTOP)
    chat = Chat(page, stack).open()
    page.evaluate("window.postMessage({ xiaoer: 1, kind: 'close' }, '*')")
    widget(page).evaluate("window.postMessage({ xiaoer: 1, kind: 'shown', on: false }, '*')")
    page.wait_for_timeout(200)
    expect(chat.box).to_be_visible()


def test_a_phone_shows_the_chat_full_screen_and_a_desktop_as_a_window(stack: str, windows: Windows) -> None:
    """380 by 600, or all there is."""
    phone, desktop = windows.open(PHONE), windows.open(DESKTOP)
    Chat(phone, stack).open()
    Chat(desktop, stack).open()
    assert phone.locator("xiaoer-chat iframe").bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 844}
    window = desktop.locator("xiaoer-chat iframe").bounding_box()
    assert window is not None
    assert (window["width"], window["height"]) == (380, 600)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_chat_and_desk(scheme: str, stack: str, windows: Windows) -> None:
    """Names, roles, order and contrast, with cards, quick replies and a waiting line on screen."""
    page = windows.open({**DESKTOP, "color_scheme": scheme})
    chat = Chat(page, stack).open()
    assert violations(widget(page)) == []
    chat.ask("我的快递到哪了")
    chat.ask("我的订单")
    mark = f"颜色是{scheme}"
    chat.ask("转人工")
    chat.say(mark)
    chat.own.filter(has_text=mark).wait_for()
    assert violations(widget(page)) == []

    desk = windows.open({**DESKTOP, "color_scheme": scheme})
    desk.goto(f"{stack}/desk/")
    desk.get_by_label("用户名").wait_for()
    assert violations(desk) == []
    log_in(desk, stack).get_by_role("button").filter(has_text=mark).first.click()
    desk.get_by_role("button", name="接入", exact=True).click()
    desk.get_by_role("textbox", name="回复顾客").wait_for()
    assert violations(desk) == []
