"""A running Xiaoer and a real Chromium. TEST_XIAOER_URL names a stack that runs; else one is started."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Frame,
    Page,
    Playwright,
    sync_playwright,
)

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 420
"""A first start trains the model and builds the front end."""
DESKTOP = {"viewport": {"width": 1280, "height": 800}}
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "is_mobile": True,
    "has_touch": True,
    "device_scale_factor": 2,
}
NIGHT = "2026-11-21T02:00:00+08:00"
"""A Saturday, eight hours before people are back."""
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
AGENT, PASSWORD = "agent", "xiaoer-demo"


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=2) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The desk's address."""
    if url := os.environ.get("TEST_XIAOER_URL"):
        yield url.rstrip("/")
        return
    with running(tmp_path_factory.mktemp("browser-home")) as url:
        yield url


@pytest.fixture
def at_night(tmp_path: Path) -> Iterator[str]:
    """The address of a desk whose clock stands on NIGHT."""
    with running(tmp_path, XIAOER_TODAY=NIGHT) as url:
        yield url


@contextmanager
def running(home: Path, **settings: str) -> Iterator[str]:
    """A stack of its own in an empty home; its desk's address."""
    port = free_port()
    env = {k: v for k, v in os.environ.items() if not k.startswith("XIAOER_")}
    env.pop("DJANGO_SETTINGS_MODULE", None)
    env |= {"XIAOER_HOME": str(home), "XIAOER_DESK_PORT": str(port), "XIAOER_BOT_PORT": str(free_port())}
    env |= settings
    log = home / "up.log"
    with log.open("w") as out:
        up = subprocess.Popen(
            [sys.executable, "-m", "bot.cli", "up"], cwd=ROOT, env=env, stdout=out, stderr=out
        )
    url = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + START_SECONDS
        while not answers(url):
            if up.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"xiaoer up did not come up:\n{log.read_text()[-3000:]}")
            time.sleep(0.3)
        yield url
    finally:
        up.send_signal(signal.SIGINT)
        up.wait(timeout=30)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Its driver."""
    with sync_playwright() as p:
        yield p


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """The system's Chromium, without its sandbox, which containers do not allow."""
    path = os.environ.get("TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("no chromium on PATH; install it or set TEST_CHROMIUM")
    browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
    yield browser
    browser.close()


@dataclass
class Windows:
    """Opens browser windows, one shopper or agent each, and remembers what went wrong in them."""

    browser: Browser
    faults: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def open(self, device: dict[str, object], now: str = "") -> Page:
        context = self.browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", **device)
        if now:
            context.clock.set_fixed_time(now)
        context.set_default_timeout(20_000)
        page = context.new_page()
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", self._on_console)
        self.contexts.append(context)
        return page

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.faults.append(message.text)


@pytest.fixture
def windows(chromium: Browser) -> Iterator[Windows]:
    """Windows that close with the test; a script's error or a breach of the security policy fails it."""
    opened = Windows(chromium)
    yield opened
    for context in opened.contexts:
        context.close()
    assert opened.faults == []


@pytest.fixture(scope="session")
def shoot() -> Callable[[Page, str], None]:
    """Keep a screenshot under TEST_SCREENSHOTS, else results/screenshots."""
    folder = Path(os.environ.get("TEST_SCREENSHOTS") or ROOT / "results" / "screenshots")
    folder.mkdir(parents=True, exist_ok=True)

    def shoot(page: Page, name: str) -> None:
        page.screenshot(path=folder / f"{name}.png", animations="disabled")

    return shoot


class Chat:
    """The shopper's window on a demo page, as a shopper uses it."""

    def __init__(self, page: Page, desk: str, path: str = "/demo/") -> None:
        self.page, self.desk = page, desk
        page.goto(desk + path)
        self.frame = page.frame_locator("xiaoer-chat iframe")
        self.box = self.frame.get_by_role("textbox", name="消息内容")
        self.answers = self.frame.locator(".row.bot:not(.typing)")
        self.own = self.frame.locator(".row.shopper")

    def open(self) -> Chat:
        """Click the bubble and wait until one can write."""
        self.page.get_by_role("button", name="打开在线客服").click()
        self.box.wait_for()
        return self

    def say(self, text: str) -> None:
        """Type and send with Enter."""
        self.box.fill(text)
        self.box.press("Enter")

    def ask(self, text: str) -> str:
        """Say something and return the words and cards of the first answer to it."""
        before = self.answers.count()
        self.say(text)
        self.answers.nth(before).wait_for()
        self.own.filter(has_text=text).last.wait_for()
        return str(self.answers.nth(before).inner_text())


def violations(frame: Frame | Page) -> list[str]:
    """What axe finds, one line a rule."""
    frame.evaluate(AXE.read_text(encoding="utf-8"))
    found = frame.evaluate("axe.run(document).then((result) => result.violations)")
    return [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in found]


def log_in(page: Page, desk: str, username: str = AGENT) -> Page:
    """An agent at the desk, the list of conversations on screen."""
    page.goto(f"{desk}/desk/")
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_role("navigation", name="会话").wait_for()
    return page
