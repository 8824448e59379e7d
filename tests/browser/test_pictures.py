"""Pictures, as a shopper sends them and an agent sees them, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.pictures import camera, picture

from .conftest import DESKTOP, PHONE, Chat, Windows, log_in, violations

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
Shoot = Callable[[Page, str], None]
DROP = """(target, bytes) => {
  const data = new DataTransfer();
  data.items.add(new File([new Uint8Array(bytes)], "a.png", { type: "image/png" }));
  for (const kind of ["dragenter", "dragover", "drop"])
    target.dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
}"""
PASTE = """(target, bytes) => {
  const data = new DataTransfer();
  data.items.add(new File([new Uint8Array(bytes)], "a.png", { type: "image/png" }));
  target.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def choose(chat: Chat, *contents: bytes, name: str = "photo.jpg") -> None:
    """Pick files in the dialog of the picture button."""
    files = [{"name": name, "mimeType": "image/jpeg", "buffer": content} for content in contents]
    chat.frame.locator("input[type=file]").set_input_files(files)


def pictures(where: Chat | Page) -> Locator:
    """Pictures in the thread that the desk holds, and can be opened."""
    root = where.frame if isinstance(where, Chat) else where
    return root.get_by_role("button", name="查看大图")


def drawn(image: Locator) -> list[int]:
    """The size in which a picture has really been drawn."""
    expect(image).to_be_visible()
    expect(image).to_have_js_property("complete", True)
    return list(image.evaluate("image => [image.naturalWidth, image.naturalHeight]"))


def test_a_photo_is_sent_seen_by_the_agent_and_there_again_later(
    stack: str, windows: Windows, shoot: Shoot
) -> None:
    """Attached with the button; opened large by both; in the history after a reload; then with a person."""
    page = windows.open(DESKTOP)
    chat = Chat(page, stack, "/demo/?as=anonymous").open()
    chat.say("收到的杯子碎了，照片马上发")
    chat.answers.first.wait_for()
    choose(chat, picture(size=(1200, 900)))
    expect(pictures(chat)).to_be_enabled()
    assert drawn(pictures(chat).locator("img")) == [1200, 900], "as it was chosen"
    expect(chat.answers.last).to_contain_text(re.compile("图片|照片"))
    shoot(page, "picture-sent")

    agent = log_in(windows.open(DESKTOP), stack)
    agent.get_by_role("navigation", name="会话").get_by_role("button").filter(has_text="[图片]").first.click()
    expect(agent.get_by_text("收到的杯子碎了，照片马上发")).to_be_visible()
    assert drawn(pictures(agent).locator("img")) == [320, 240]
    pictures(agent).click()
    large = agent.get_by_role("dialog").get_by_role("img")
    expect(large).to_have_js_property("naturalWidth", 1200)
    shoot(agent, "picture-agent-large")
    assert violations(agent) == []
    agent.keyboard.press("Escape")
    expect(agent.get_by_role("dialog")).to_have_count(0)
    shoot(agent, "picture-agent")

    page.reload()
    chat = Chat(page, stack, "/demo/?as=anonymous").open()
    assert drawn(pictures(chat).locator("img")) == [320, 240], "now from the desk"
    chat.say("转人工")
    chat.answers.last.wait_for()
    choose(chat, picture("PNG", (300, 200)))
    expect(pictures(chat)).to_have_count(2)
    expect(pictures(agent)).to_have_count(2)
    agent.get_by_role("button", name="接入", exact=True).click()
    agent.get_by_role("textbox", name="回复顾客").wait_for()
    choose(chat, picture("WEBP", (300, 200)))
    expect(pictures(agent)).to_have_count(3)


def test_a_picture_is_pasted_and_dropped(stack: str, windows: Windows) -> None:
    """Two more ways, each one message; what is no picture is said to be none."""
    chat = Chat(windows.open(DESKTOP), stack, "/demo/?as=anonymous").open()
    chat.box.evaluate(PASTE, list(picture("PNG")))
    expect(pictures(chat)).to_have_count(1)
    chat.frame.locator("main.chat").evaluate(DROP, list(picture("PNG")))
    expect(pictures(chat)).to_have_count(2)
    expect(chat.frame.get_by_text("松开就发送图片")).to_have_count(0)


def test_what_cannot_be_taken_is_told_with_what_to_do(stack: str, windows: Windows, shoot: Shoot) -> None:
    """In plain words beside it; it can be put away, and the chat goes on."""
    page = windows.open(DESKTOP)
    chat = Chat(page, stack, "/demo/?as=anonymous").open()
    choose(chat, b"<html><script>alert(1)</script></html>", name="photo.jpg")
    failed = chat.frame.locator(".delivery.failed")
    expect(failed).to_contain_text("只能发 JPG、PNG、WebP 或 GIF 图片")
    choose(chat, picture()[:200])
    expect(failed.last).to_contain_text("截图后再发")
    shoot(page, "picture-refused")
    assert violations(chat.page.frames[-1]) == []
    for _ in range(2):
        failed.first.get_by_role("button", name="删除").click()
    expect(failed).to_have_count(0)
    choose(chat, b"a" * (5 * 1024 * 1024 + 1))
    expect(chat.frame.get_by_role("alert").filter(has_text="最大 5 MB")).to_be_visible()
    assert chat.ask("在吗")


def test_a_large_photo_is_made_smaller_before_it_is_sent(stack: str, windows: Windows) -> None:
    """Twelve million pixels of a telephone, upright as it was held."""
    from io import BytesIO

    from PIL import Image

    out = BytesIO()
    Image.effect_noise((4000, 3000), 120).convert("RGB").save(out, "JPEG", quality=90)
    assert len(out.getvalue()) > 5 * 1024 * 1024
    chat = Chat(windows.open(DESKTOP), stack, "/demo/?as=anonymous").open()
    choose(chat, out.getvalue(), camera(orientation=6))
    expect(pictures(chat)).to_have_count(2)
    assert drawn(pictures(chat).first.locator("img")) == [1600, 1200]
    assert drawn(pictures(chat).last.locator("img")) == [40, 80]


def test_a_picture_that_does_not_come_can_be_asked_for_again(
    stack: str, windows: Windows, shoot: Shoot
) -> None:
    """However small it is there is room to say so; a press tries once more, and the next one opens it."""
    page = windows.open(PHONE)
    chat = Chat(page, stack, "/demo/?as=anonymous").open()
    choose(chat, picture("PNG", (60, 60)))
    expect(pictures(chat)).to_be_enabled()
    page.route("**/api/shop/pictures/**", lambda route: route.abort())
    chat = Chat(page, stack, "/demo/?as=anonymous").open()
    again = chat.frame.get_by_role("button", name="没打开，点一下重试")
    expect(again).to_be_visible()
    assert again.evaluate("one => one.scrollHeight <= one.clientHeight && one.scrollWidth <= one.clientWidth")
    shoot(page, "picture-missing")
    assert violations(page.frames[-1]) == []
    page.unroute("**/api/shop/pictures/**")
    again.click()
    assert drawn(pictures(chat).locator("img")) == [60, 60]
    pictures(chat).click()
    expect(chat.frame.get_by_role("dialog")).to_be_visible()


def test_on_a_phone_and_by_keyboard_all_of_it_can_be_reached(
    stack: str, windows: Windows, shoot: Shoot
) -> None:
    """The button fits a finger, the picture the screen; Enter opens it and Escape closes it."""
    page = windows.open(PHONE)
    chat = Chat(page, stack, "/demo/?as=anonymous").open()
    button = chat.frame.get_by_role("button", name="发送图片")
    box = button.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 44
    with page.expect_file_chooser() as chooser:
        button.press("Enter")
    assert chooser.value.is_multiple()
    chooser.value.set_files({"name": "a", "mimeType": "image/png", "buffer": picture("PNG", (2000, 500))})
    one = pictures(chat)
    expect(one).to_be_enabled()
    room = one.bounding_box()
    assert room is not None
    assert room["x"] >= 0
    assert room["x"] + room["width"] <= 390
    chat.answers.first.wait_for()
    shoot(page, "picture-phone")
    one.press("Enter")
    large = chat.frame.get_by_role("dialog")
    expect(large.get_by_role("img")).to_have_js_property("naturalWidth", 1600)
    shoot(page, "picture-phone-large")
    large.get_by_role("button", name="关闭大图").press("Escape")
    expect(large).to_have_count(0)
    expect(chat.box).to_be_visible()
    assert violations(page.frames[-1]) == []
