"""What a running shop needs, looked at one by one; each finding says what to do."""

from __future__ import annotations

import asyncio
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from bot import installed, training
from bot.archive import is_running
from bot.commands.shop import counts
from bot.errors import XiaoerError, told
from bot.keys import SECRETS
from bot.prepare import check_demo_is_private, remedy, sqlite_fault, sqlite_file
from bot.settings import ROOT, Settings, name_of
from bot.supervise import check_port
from bot.training import Condition

if TYPE_CHECKING:
    from bot.shop.portable import ShopData

LOW_DISK_GB = 1.0


class Mark(str, Enum):
    """How a finding is shown."""

    GOOD = "✓"
    HINT = "!"
    BAD = "✗"


@dataclass(frozen=True)
class Finding:
    """One line of the check-up, and what to do about it."""

    mark: Mark
    what: str
    advice: str = ""


def examine(settings: Settings) -> list[Finding]:
    """All findings, in the order in which a shop comes up. No check stops the ones after it."""
    checks: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
        _python,
        _packages,
        _disk,
        _secrets,
        _model,
        _web,
        _desk,
        _pictures,
        _proxy,
        _shop,
        _faq,
        _ports,
        _llm,
    )
    findings: list[Finding] = []
    for check in checks:
        try:
            findings.extend(check(settings))
        except XiaoerError as e:
            findings.append(Finding(Mark.BAD, str(e)))
        except OSError as e:
            findings.append(Finding(Mark.BAD, told(e)))
        except ImportError as e:
            findings.append(Finding(Mark.BAD, f"组件缺少或损坏:{e}", "运行 make setup"))
    return findings


def _python(_: Settings) -> Iterator[Finding]:
    version = sys.version.split()[0]
    if sys.version_info[:2] == (3, 10):
        yield Finding(Mark.GOOD, f"Python {version}")
    else:
        yield Finding(Mark.BAD, f"Python {version};智能客服需要 3.10", "装好 Python 3.10,再 make setup")


def _packages(_: Settings) -> Iterator[Finding]:
    wanted = installed.wanted_packages((ROOT / "requirements/run.txt").read_text(encoding="utf-8"))
    damaged = [f"{name} {wrong}" for name, wrong in installed.damaged_packages(wanted).items()]
    if damaged:
        yield Finding(Mark.BAD, f"{len(damaged)} 个组件有问题:{'、'.join(damaged[:5])}", "运行 make setup")
    else:
        yield Finding(Mark.GOOD, "组件齐全,都是锁定的版本")


def _disk(settings: Settings) -> Iterator[Finding]:
    place = settings.home if settings.home.exists() else ROOT
    free = shutil.disk_usage(place).free / 1e9
    mark, advice = (Mark.GOOD, "") if free >= LOW_DISK_GB else (Mark.BAD, "清理磁盘,否则消息会存不下来")
    yield Finding(mark, f"磁盘还有 {free:.1f} GB({place})", advice)


def _secrets(settings: Settings) -> Iterator[Finding]:
    missing = [name_of(name) for name in SECRETS if not getattr(settings, name)]
    if missing:
        yield Finding(Mark.HINT, f"还没有密钥:{'、'.join(missing)}", "第一次 xiaoer up 或 xiaoer init 会生成")
    elif settings.env_file.exists() and stat.S_IMODE(settings.env_file.stat().st_mode) & 0o077:
        yield Finding(Mark.BAD, f"{settings.env_file} 别人也能读", f"运行 chmod 600 {settings.env_file}")
    else:
        yield Finding(Mark.GOOD, "密钥齐全")
    check_demo_is_private(settings)


def _model(_: Settings) -> Iterator[Finding]:
    yield {
        Condition.FRESH: Finding(Mark.GOOD, f"模型是最新的({training.stored_fingerprint(ROOT)})"),
        Condition.STALE: Finding(Mark.HINT, "训练资料改过,模型还是旧的", "运行 xiaoer train"),
        Condition.DAMAGED: Finding(Mark.BAD, "模型文件损坏,与训练完时不同", "运行 xiaoer train"),
        Condition.MISSING: Finding(Mark.BAD, "还没有模型", "运行 xiaoer train"),
    }[training.condition(ROOT)]


def _web(_: Settings) -> Iterator[Finding]:
    if installed.is_built(ROOT / "web"):
        yield Finding(Mark.GOOD, "前端页面已构建")
    else:
        yield Finding(
            Mark.BAD,
            "前端页面没有构建,或文件不全,或不是最新的",
            "运行 make run(或 sh scripts/setup.sh run web)",
        )


def _desk(settings: Settings) -> Iterator[Finding]:
    path = sqlite_file(settings.database_url)
    if path is None:
        from bot.database import Database

        with Database(settings.database_url, 1).reading():
            yield Finding(Mark.GOOD, "客服台数据库连得上")
    elif not path.exists():
        yield Finding(Mark.HINT, f"客服台数据库还没有建({path})", "xiaoer up 或 xiaoer init 会建")
    elif fault := sqlite_fault(path):
        yield Finding(Mark.BAD, f"客服台数据库损坏:{fault}", remedy(settings, path))
    else:
        yield Finding(Mark.GOOD, f"客服台数据库完好({path})")


def _pictures(settings: Settings) -> Iterator[Finding]:
    from bot.checkup_pictures import without_key

    if lost := without_key(settings):
        yield Finding(
            Mark.HINT,
            f"{lost} 张顾客图片打不开:XIAOER_PICTURE_KEY 里没有当时的密钥",
            "把换下的密钥加回来,写在现在的后面,用逗号隔开;不再需要这些图片就不用管",
        )


def _proxy(settings: Settings) -> Iterator[Finding]:
    from bot.checkup_proxy import one_for_all

    if not settings.demo and (address := one_for_all(settings)):
        yield Finding(
            Mark.HINT,
            f"最近的会话都像是来自 {address},多半是代理的地址",
            "让代理传 X-Forwarded-For;代理不在本机时,把它的地址写进 XIAOER_TRUSTED_PROXIES",
        )


def _shop(settings: Settings) -> Iterator[Finding]:
    from bot.shop.adapters import is_foreign
    from bot.shop.sql import SqlShop

    if is_foreign(settings.shop_url, settings.shop_map):
        yield from _own_system(settings)
        return
    path = sqlite_file(settings.shop_url)
    if path is not None and not path.exists():
        advice = "xiaoer up 会备好演示店" if settings.demo else "运行 xiaoer shop import 我的店.json"
        yield Finding(Mark.HINT, "店铺资料还是空的", advice)
        return
    if path is not None and (fault := sqlite_fault(path)):
        yield Finding(Mark.BAD, f"店铺资料损坏:{fault}", remedy(settings, path))
        return
    data: ShopData = SqlShop(settings.shop_url).read_all()
    if data.products:
        yield Finding(Mark.GOOD, f"店铺资料:{counts(data)}")
    else:
        yield Finding(Mark.HINT, "店里没有商品", "运行 xiaoer shop import 我的店.json")


def _own_system(settings: Settings) -> Iterator[Finding]:
    from bot.shop.adapters import shop_of

    shop = shop_of(settings)

    async def ask() -> tuple[str, int]:
        try:
            return (await shop.policy()).shop.name, len((await shop.catalogue()).products)
        finally:
            await shop.close()

    name, products = asyncio.run(ask())
    if products:
        yield Finding(Mark.GOOD, f"店铺系统有回答:{name},{products} 件商品")
    else:
        yield Finding(Mark.HINT, f"店铺系统有回答,但 {name} 没有商品", "请检查接口的 /catalogue 或映射文件")


def _faq(settings: Settings) -> Iterator[Finding]:
    from bot.knowledge.files import OWN, FaqFiles

    count = len(FaqFiles.of(settings.home).entries())
    own = "" if (settings.home / OWN).is_dir() else f";自己的写在 {settings.home / OWN}/*.yml"
    yield Finding(Mark.GOOD, f"常见问题 {count} 条{own}")


def _ports(settings: Settings) -> Iterator[Finding]:
    if is_running(settings):
        yield Finding(Mark.GOOD, f"正在运行:{settings.desk_url}")
        return
    for host, port, name in (
        (settings.desk_host, settings.desk_port, "XIAOER_DESK_PORT"),
        (settings.bot_host, settings.bot_port, "XIAOER_BOT_PORT"),
    ):
        check_port(host, port, name)
        yield Finding(Mark.GOOD, f"端口 {host}:{port} 空闲")


def _llm(settings: Settings) -> Iterator[Finding]:
    if not settings.llm_on:
        yield Finding(Mark.GOOD, "没有配置大模型:回复全部用模板,功能不缺")
        return
    from bot import checkup_llm

    checked = checkup_llm.ask(settings)
    if checked.trouble:
        yield Finding(
            Mark.BAD,
            f"大模型 {settings.llm_model}({settings.llm_base_url}):{checked.trouble}",
            checked.advice,
        )
    else:
        yield Finding(Mark.GOOD, f"大模型 {settings.llm_model} 可用,回答用了 {checked.seconds:.1f} 秒")
    if checkup_llm.is_open_to_ears(settings):
        yield Finding(
            Mark.HINT, "大模型接口没有加密,密钥和内容会明文传输", "把 XIAOER_LLM_BASE_URL 换成 https://"
        )
    if used := checkup_llm.used_today(settings):
        yield Finding(Mark.GOOD, used)
