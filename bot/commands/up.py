"""`xiaoer up`: everything a shop needs, from what is there to a running bot and desk."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from pathlib import Path
from types import FrameType
from typing import IO, TYPE_CHECKING

import typer

from bot.errors import NotConfigured, XiaoerError

if TYPE_CHECKING:
    from bot.commands.steps import Steps
    from bot.settings import Settings
    from bot.supervise import Service

EXAMPLES = """\b
例:
  xiaoer up                               本机试用,打开 http://127.0.0.1:8000/demo/
  XIAOER_DESK_PORT=9000 xiaoer up         换一个端口
\b
第一次会训练模型、建数据库;以后只做有变化的部分。Ctrl-C 停止全部进程。
"""
NAP = 600.0
"""Seconds: a laptop that slept past midnight notices within this time."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=EXAMPLES)(up)


def up() -> None:
    """准备好一切并启动智能客服和客服台。"""
    from bot import installed, keys, prepare
    from bot.commands.steps import Steps
    from bot.settings import ROOT, load
    from bot.supervise import check_port

    settings = load()
    prepare.check_demo_is_private(settings)
    keys.make_home(settings.home)
    with _stops_on_sigterm(), only_one(settings.home):
        check_port(settings.desk_host, settings.desk_port, "XIAOER_DESK_PORT")
        check_port(settings.bot_host, settings.bot_port, "XIAOER_BOT_PORT")
        steps = Steps()
        prepare.prepare(settings, steps.step)
        if not installed.is_built(ROOT / "web"):
            steps.say("! 前端页面没有构建好,网页可能打不开;运行 make run 会补上")
        asyncio.run(_serve(load(), steps))


@contextmanager
def only_one(home: Path) -> Iterator[None]:
    """Hold the home while it is in use; the system lets go of it when the process ends, however it ends."""
    with (home / "up.lock").open("a+") as lock:
        if not take(lock):
            lock.seek(0)
            pid = lock.read().strip() or "未知"
            raise NotConfigured(f"{home} 里的店小二已经在运行(进程 {pid});先停掉它,或用 XIAOER_HOME 另开一家")
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield
        lock.truncate(0)


def take(lock: IO[str]) -> bool:
    """Take the lock without waiting."""
    import fcntl

    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


async def _serve(settings: Settings, steps: Steps) -> None:
    from bot.supervise import Supervisor

    supervisor = Supervisor(services(settings), steps.say)
    loop = asyncio.get_running_loop()
    for sent in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(sent, supervisor.stop)
    starting = steps.step("启动智能客服和客服台")
    starting.__enter__()

    def ready() -> None:
        starting.__exit__(None, None, None)
        for line in welcome(settings, steps.seconds()):
            steps.say(line)

    daily = (
        asyncio.create_task(_reseed_at_midnight(settings, steps))
        if settings.demo and not settings.today
        else None
    )
    try:
        await supervisor.run(ready)
    finally:
        if daily:
            daily.cancel()
    steps.say("已全部停止。")


def services(settings: Settings) -> tuple[Service, ...]:
    """The two servers."""
    from bot.supervise import Service

    logs = settings.home / "log"
    bot = (
        *("uvicorn", "bot.server:create_app", "--factory", "--host", settings.bot_host),
        *("--port", str(settings.bot_port), "--log-level", "warning", "--no-access-log"),
        *("--no-server-header", "--ws", "none", "--timeout-graceful-shutdown", "5"),
    )
    return (
        Service("bot", bot, f"{settings.bot_url}/health", logs / "bot.log"),
        Service("desk", ("desk", "serve"), f"{settings.desk_url}/health", logs / "desk.log"),
    )


def welcome(settings: Settings, seconds: float) -> list[str]:
    """What a person who has just started it needs to know."""
    from bot.prepare import demo_accounts

    desk = settings.public_url or settings.desk_url
    names = {"owner": "店主", "agent": "客服"}
    accounts = [
        f"  {names.get(role, role)}登录    {name} / {password}"
        for name, password, role in demo_accounts(settings)
    ]
    shop = [f"  演示店铺    {desk}/demo/"] if settings.demo else []
    pages = [f"  客服工作台  {desk}/desk/", f"  管理后台    {desk}/admin/", f"  接口文档    {desk}/api/docs"]
    hint = (
        "打开演示店铺,点右下角的聊天按钮,问一句“我的快递到哪了”。"
        if settings.demo
        else "按 docs/ 把一行脚本放进您的店铺页面。"
    )
    return [
        f"店小二已就绪({seconds:.1f} 秒)",
        *shop,
        *pages,
        *(accounts if settings.demo else []),
        f"试一试:{hint}",
        f"日志在 {settings.home / 'log'};按 Ctrl-C 停止。",
    ]


async def _reseed_at_midnight(settings: Settings, steps: Steps) -> None:
    """The demo's dates are relative to today."""
    from bot import prepare

    while True:
        day = settings.now().date()
        while settings.now().date() == day:  # noqa: ASYNC110 - what we wait for is the clock
            await asyncio.sleep(min(NAP, seconds_to_midnight(settings.now())))
        try:
            await asyncio.to_thread(prepare.prepare_demo, settings, steps.step)
        except XiaoerError as e:
            steps.say(f"演示店的日期没能更新:{e}")


def seconds_to_midnight(now: datetime) -> float:
    """From an aware time to the next day's start in its own zone, at least one second."""
    tomorrow = datetime.combine(now.date() + timedelta(days=1), time(), tzinfo=now.tzinfo)
    return max(1.0, tomorrow.timestamp() - now.timestamp())


@contextmanager
def _stops_on_sigterm() -> Iterator[None]:
    """While preparing, SIGTERM ends the step under way as Ctrl-C does."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
