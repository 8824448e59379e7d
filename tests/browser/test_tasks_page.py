"""What people are to do for shoppers, on the agent's page: seen, taken and closed. The bot is scripted."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.bot_double import FakeBot, repeat

from .conftest import DESKTOP, PHONE, ROOT, START_SECONDS, Windows, answers, free_port, log_in, violations

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
LATE = {
    "kind": "complaint", "role": "complaint", "order": "ZX-1002", "wish": "包装破了,买家要说法",
    "key": "late", "hours": -2,
}  # fmt: skip
PACK = {
    "kind": "followup",
    "role": "packing",
    "order": "",
    "wish": "核对赠品有没有装",
    "key": "pack",
    "hours": 30,
}


@dataclass
class Desk:
    """A desk of its own, and its scripted bot."""

    url: str
    bot: FakeBot

    def write_down(self, *tasks: dict[str, Any], said: str = "包裹坏了怎么办") -> None:
        """A shopper says something, and the bot's answer carries these tasks; `role` queues them."""
        rows = [_wire(task) for task in tasks]
        self.bot.enqueue(lambda request: repeat(request, tasks=rows))
        self._say(said)

    def queue(self, role: str, said: str) -> None:
        """A shopper whom the bot hands over to a role."""
        handoff = {"reason": "asked_for_person", "role": role, "brief": ""}
        self.bot.enqueue(lambda request: repeat(request, handoff=handoff))
        self._say(said)

    def _say(self, text: str) -> None:
        opened = httpx.post(f"{self.url}/api/shop/session", json={"token": None, "key": None, "page": None})
        bearer = {"authorization": f"Bearer {opened.json()['key']}"}
        message = {"client_id": str(uuid.uuid4()), "text": text}
        httpx.post(f"{self.url}/api/shop/messages", json=message, headers=bearer).raise_for_status()


def _wire(task: dict[str, Any]) -> dict[str, Any]:
    due = datetime.now(timezone.utc) + timedelta(hours=task["hours"])
    return {**{k: v for k, v in task.items() if k != "hours"}, "due": due.isoformat()}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """`python -m desk serve` in an empty home."""
    bot = FakeBot()
    bot.start()
    port = free_port()
    env = os.environ | {
        "XIAOER_HOME": str(tmp_path),
        "XIAOER_DESK_PORT": str(port),
        "XIAOER_BOT_PORT": str(urlsplit(bot.url).port),
    }
    for command in (["migrate", "--noinput", "-v0"], ["seed_demo"]):
        subprocess.run(
            [sys.executable, "-m", "desk", *command], cwd=ROOT, env=env, check=True, stdout=subprocess.DEVNULL
        )
    with (tmp_path / "desk.log").open("wb") as log:
        serving = subprocess.Popen(
            [sys.executable, "-m", "desk", "serve"], cwd=ROOT, env=env, stdout=log, stderr=log
        )
    url = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + START_SECONDS
    while not answers(url):
        assert serving.poll() is None, (tmp_path / "desk.log").read_text()
        assert time.monotonic() < deadline
        time.sleep(0.1)
    yield Desk(url, bot)
    serving.terminate()
    serving.wait(30)
    bot.stop()


def wishes(page: Page) -> Any:
    return page.locator(".tasks-pane td.task-wish")


def show_tasks(page: Page, count: int) -> None:
    """Wait for the badge, then look at the table."""
    badge = page.get_by_role("button", name="待办")
    expect(badge).to_contain_text(f"{count}")
    badge.click()
    expect(wishes(page)).to_have_count(count)


def test_tasks_come_by_themselves_are_picked_taken_and_closed(
    desk: Desk, windows: Windows, shoot: Callable[[Page, str], None]
) -> None:
    """The late one first and marked; the conversation is a click away and shows how it went."""
    page = log_in(windows.open(DESKTOP), desk.url)
    desk.write_down(PACK, LATE)
    show_tasks(page, 2)
    expect(page.get_by_role("button", name="待办 2 件，1 件逾期")).to_be_visible()
    rows = page.get_by_role("row")
    expect(rows.nth(1)).to_contain_text("包装破了")
    expect(rows.nth(1)).to_contain_text("已逾期")
    expect(rows.nth(2)).to_contain_text("核对赠品")
    expect(rows.nth(2)).not_to_contain_text("已逾期")
    shoot(page, "tasks")

    pane = page.get_by_role("main", name="待办")
    pane.get_by_label("岗位").select_option("packing")
    expect(wishes(page)).to_have_count(1)
    expect(wishes(page)).to_contain_text("核对赠品")
    pane.get_by_label("岗位").select_option("")
    rows.filter(has_text="包装破了").get_by_role("button", name="我来办").click()
    expect(rows.filter(has_text="包装破了").get_by_role("cell", name="我", exact=True)).to_be_visible()
    pane.get_by_label("只看我在办的").check()
    expect(wishes(page)).to_have_count(1)

    rows.filter(has_text="包装破了").get_by_role("button", name="打开会话").click()
    expect(page.get_by_role("main", name="会话内容")).to_contain_text("包裹坏了怎么办")
    beside = page.get_by_role("complementary", name="顾客资料")
    card = beside.get_by_role("listitem").filter(has_text="包装破了")
    card.get_by_role("button", name="办结…").click()
    card.get_by_label("办结说明").fill("已赔十元,买家接受")
    card.get_by_label("办结说明").press("Enter")
    expect(card).to_contain_text("已赔十元,买家接受")
    expect(card).to_contain_text("小美")
    expect(page.get_by_role("button", name="待办 1 件", exact=True)).to_be_visible()
    shoot(page, "tasks-beside")


def test_a_task_that_a_colleague_closed_first_says_so(desk: Desk, windows: Windows) -> None:
    """Whoever is late reads who it was, and the row goes."""
    desk.write_down(LATE)
    slow, fast = log_in(windows.open(DESKTOP), desk.url), log_in(windows.open(DESKTOP), desk.url, "owner")
    for page in (slow, fast):
        show_tasks(page, 1)
        page.get_by_role("button", name="办结…").click()
        page.get_by_label("办结说明").fill("已经处理好了")
    slow.route("**/api/desk/conversations", lambda route: route.abort())
    slow.route("**/api/desk/tasks?*", lambda route: route.abort())
    fast.get_by_role("button", name="办结", exact=True).click()
    expect(fast.get_by_text("没有待办")).to_be_visible()
    slow.get_by_role("button", name="办结", exact=True).click()
    expect(slow.get_by_role("alert")).to_contain_text("店主")
    slow.unroute_all()
    expect(wishes(slow)).to_have_count(0)


def test_the_queue_shows_one_role_if_asked(desk: Desk, windows: Windows) -> None:
    """Each row says whose work it is; the rest is a choice away."""
    desk.queue("sales", "想问问怎么选")
    desk.queue("packing", "赠品好像没装")
    page = log_in(windows.open(DESKTOP), desk.url)
    queue = page.get_by_role("navigation", name="会话")
    packing = queue.get_by_role("button").filter(has_text="赠品好像没装")
    expect(packing).to_contain_text("打包发货")
    expect(queue.get_by_role("button").filter(has_text="想问问怎么选")).to_contain_text("售前")
    queue.get_by_label("岗位").select_option("packing")
    expect(packing).to_be_visible()
    expect(queue.get_by_role("button")).to_have_count(1)
    queue.get_by_label("岗位").select_option("complaint")
    expect(queue).to_contain_text("现在没有投诉的会话")


@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_table_fits_and_axe_finds_nothing(
    desk: Desk, windows: Windows, device: dict[str, object], scheme: str, shoot: Callable[[Page, str], None]
) -> None:
    """Everything can be reached, on a phone as well."""
    desk.write_down(LATE, PACK)
    page = log_in(windows.open({**device, "color_scheme": scheme}), desk.url)
    show_tasks(page, 2)
    page.get_by_role("button", name="办结…").first.click()
    assert page.evaluate("document.scrollingElement.scrollWidth <= window.innerWidth")
    assert page.locator(".tasks-pane").evaluate("pane => pane.scrollWidth <= pane.clientWidth")
    assert violations(page) == []
    shoot(page, f"tasks-{'phone' if device is PHONE else 'desktop'}-{scheme}")
