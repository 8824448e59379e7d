"""screenshots.py: remake docs/images/*.png from a demo shop of its own, with the system's Chromium.

Shop and browser stand on one fixed time, so that only a change of the product changes the pictures.
"""

from __future__ import annotations

import io
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter
from playwright.sync_api import Browser, FrameLocator, Locator, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
NOW = "2026-11-20T15:20:00+08:00"
DESKTOP = {"viewport": {"width": 1280, "height": 800}}
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
MOST_BYTES = 200_000
START_SECONDS = 420


def main() -> None:
    """Let shoppers and an agent talk, and keep what they see."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    chromium = os.environ.get("TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with demo_shop() as desk, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        on_a_phone(browser, desk)
        size_advice(browser, desk)
        hand_over(browser, desk)
        picture_of_a_fault(browser, desk)
        browser.close()


@contextmanager
def demo_shop() -> Iterator[str]:
    """A fresh demo shop that stands on NOW; its desk's address."""
    with tempfile.TemporaryDirectory() as home:
        own = {"HOME": home, "TODAY": NOW, "DESK_PORT": free_port(), "BOT_PORT": free_port()}
        env = {k: v for k, v in os.environ.items() if not k.startswith("XIAOER_")}
        env |= {f"XIAOER_{name}": value for name, value in own.items()}
        up = subprocess.Popen([sys.executable, "-m", "bot.cli", "up"], cwd=ROOT, env=env)
        try:
            desk = f"http://127.0.0.1:{own['DESK_PORT']}"
            for port in (own["BOT_PORT"], own["DESK_PORT"]):
                wait_for(f"http://127.0.0.1:{port}/health", up)
            yield desk
        finally:
            up.send_signal(signal.SIGINT)
            up.wait()


def free_port() -> str:
    """A port that nothing holds now."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return str(s.getsockname()[1])


def wait_for(address: str, up: subprocess.Popen[bytes]) -> None:
    """Until it answers 200."""
    deadline = time.monotonic() + START_SECONDS
    while up.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=2):  # noqa: S310 - our own loopback address
                return
        except OSError:
            time.sleep(0.3)
    sys.exit(f"{address} did not answer")


def on_a_phone(browser: Browser, desk: str) -> None:
    """A first greeting, and where the parcel is."""
    page = open_page(browser, PHONE, f"{desk}/demo/")
    chat = open_chat(page)
    keep(page, "phone-greeting")
    ask(chat, "我的快递到哪了")
    keep(page, "phone-parcel")


def size_advice(browser: Browser, desk: str) -> None:
    """The chat knows the product page that it was opened on."""
    page = open_page(browser, PHONE, f"{desk}/demo/product/P002/?as=S004")
    ask(open_chat(page), "175 140斤穿什么码")
    keep(page, "phone-size")
    page = open_page(browser, DESKTOP, f"{desk}/demo/product/P002/?as=S006")
    ask(open_chat(page), "175 140斤穿什么码")
    keep(page, "size")


def hand_over(browser: Browser, desk: str) -> None:
    """From the parcel's place to a person, seen from both sides."""
    page = open_page(browser, DESKTOP, f"{desk}/demo/")
    keep(page, "shop")
    chat = open_chat(page)
    to_top(ask(chat, "我的快递到哪了"))
    keep(page, "parcel")
    ask(chat, "养生壶怎么还不发货!!!")
    another = open_page(browser, DESKTOP, f"{desk}/demo/?as=S009")
    ask(open_chat(another), "你们什么破店 我要投诉")
    to_top(ask(chat, "转人工"))
    expect(chat.get_by_text("您排在第")).to_be_visible()
    keep(page, "waiting")

    agent = open_page(browser, DESKTOP, f"{desk}/desk/")
    agent.get_by_label("用户名").fill("agent")
    agent.get_by_label("密码").fill("xiaoer-demo")
    agent.get_by_role("button", name="登录").click()
    agent.get_by_role("navigation", name="会话").get_by_role("button").filter(has_text="林小满").first.click()
    agent.get_by_role("button", name="接入", exact=True).click()
    answer = agent.get_by_role("textbox", name="回复顾客")
    answer.fill("您好，我是小美。养生壶这单我马上去仓库催，今天下班前给您回话。")
    answer.press("Enter")
    expect(chat.get_by_text("今天下班前给您回话")).to_be_visible()
    say(chat, "好的麻烦您了")
    expect(agent.get_by_role("log").get_by_text("麻烦您了")).to_be_visible()
    keep(agent, "agent")
    keep(page, "person")


def picture_of_a_fault(browser: Browser, desk: str) -> None:
    """A shopper tells what is wrong, and sends a photo of it."""
    shirt = open_page(browser, DESKTOP, f"{desk}/demo/product/P001/").locator("main img").first
    page = open_page(browser, PHONE, f"{desk}/demo/?as=S001")
    chat = open_chat(page)
    ask(chat, "收到的T恤上有一大块污渍")
    photo = {"name": "photo.png", "mimeType": "image/png", "buffer": stained(shirt.screenshot())}
    before = answers(chat).count()
    chat.locator("input[type=file]").set_input_files(photo)
    answers(chat).nth(before).wait_for()
    keep(page, "phone-picture")


def stained(picture: bytes) -> bytes:
    """The same as a photo that a hand took: a little aslant, and coffee on it."""
    photo = Image.open(io.BytesIO(picture)).convert("RGB")
    width, height = photo.size
    coffee = Image.new("L", photo.size)
    pen = ImageDraw.Draw(coffee)
    for left, top, size in ((0.50, 0.46, 0.15), (0.44, 0.55, 0.12), (0.58, 0.60, 0.05)):
        pen.ellipse((width * left, height * top, width * (left + size), height * (top + size)), fill=200)
    photo.paste((124, 78, 42), mask=coffee.filter(ImageFilter.GaussianBlur(width / 150)))
    photo = photo.rotate(-6, Image.Resampling.BICUBIC).crop(
        (width // 10, height // 10, width * 9 // 10, height * 9 // 10)
    )
    out = io.BytesIO()
    photo.save(out, "PNG")
    return out.getvalue()


def open_page(browser: Browser, device: dict[str, object], address: str) -> Page:
    """In a browser of its own, whose clock stands."""
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", **device)
    context.set_default_timeout(20_000)
    context.clock.set_fixed_time(NOW)
    page = context.new_page()
    page.goto(address, wait_until="networkidle")
    return page


def open_chat(page: Page) -> FrameLocator:
    """The shopper's chat, ready to be typed into."""
    page.get_by_role("button", name="打开在线客服").click()
    chat = page.frame_locator("xiaoer-chat iframe")
    chat.get_by_role("textbox", name="消息内容").wait_for()
    return chat


def say(chat: FrameLocator, text: str) -> Locator:
    """Send it; the shopper's message."""
    box = chat.get_by_role("textbox", name="消息内容")
    box.fill(text)
    box.press("Enter")
    return chat.locator(".row.shopper").last


def ask(chat: FrameLocator, text: str) -> Locator:
    """Send it and wait for the answer; the shopper's message."""
    before = answers(chat).count()
    question = say(chat, text)
    answers(chat).nth(before).wait_for()
    return question


def answers(chat: FrameLocator) -> Locator:
    """What the bot has said so far."""
    return chat.locator(".row.bot:not(.typing)")


def to_top(row: Locator) -> None:
    """Scroll the question to the top, so that it is seen with its answer."""
    row.page.wait_for_timeout(1000)
    row.evaluate(
        """row => {
          let list = row.parentElement;
          while (list.scrollHeight <= list.clientHeight) list = list.parentElement;
          const above = row.getBoundingClientRect().top - list.getBoundingClientRect().top - 8;
          const end = list.scrollHeight - list.clientHeight;
          list.scrollTop = Math.max(list.scrollTop + above, end - 90); // further up, a line leads back
        }"""
    )


def keep(page: Page, name: str) -> None:
    """Take a picture once nothing moves any more; in fewer colours only if it is too large."""
    page.wait_for_timeout(1500)
    picture = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    path = IMAGES / f"{name}.png"
    picture.save(path, optimize=True)
    if path.stat().st_size > MOST_BYTES:
        picture.quantize(256).save(path, optimize=True)
    if path.stat().st_size > MOST_BYTES:
        sys.exit(f"{path} is larger than {MOST_BYTES} bytes")


if __name__ == "__main__":
    main()
