"""`xiaoer init`: a shop without demo data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bot.errors import NotConfigured

if TYPE_CHECKING:
    from bot.settings import Settings

EXAMPLES = """\b
例:
  xiaoer init --origin https://www.my-shop.example --public-url https://service.my-shop.example
  XIAOER_HOME=/srv/xiaoer xiaoer init --origin https://a.example --origin https://b.example --owner wang
\b
之后:xiaoer shop import 我的店.json,再 xiaoer up。
"""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=EXAMPLES)(init)


def init(
    origin: Annotated[list[str], typer.Option(metavar="URL", help="可以嵌入聊天窗的店铺网址,可多次给出")],
    public_url: Annotated[
        str, typer.Option("--public-url", metavar="URL", help="客服台自己对外的网址(经反向代理)")
    ] = "",
    owner: Annotated[str, typer.Option(metavar="NAME", help="店主的登录名")] = "owner",
    shop_id: Annotated[
        str, typer.Option("--shop-id", metavar="ID", help="店铺编号,写进买家登录凭证")
    ] = "shop",
) -> None:
    """开一家正式的店:生成密钥,建店主账号,没有演示数据。"""
    from bot import keys, prepare
    from bot.commands.steps import Steps
    from bot.settings import load

    settings = load()
    _check_unused(settings)
    given = {
        "XIAOER_DEMO": "0",
        "XIAOER_SHOP_ID": shop_id,
        "XIAOER_ALLOWED_ORIGINS": ",".join(origin),
        **({"XIAOER_PUBLIC_URL": public_url} if public_url else {}),
    }
    load(
        {"XIAOER_HOME": str(settings.home), **given}
    )  # refuses what cannot be read, before anything is written
    keys.add(settings.home, given)
    steps = Steps()
    try:
        settings = load()
        keys.ensure(settings)
        prepare.prepare_desk(settings, steps.step)
        with steps.step("建立店主账号"):
            password = prepare.run(settings, "owner", "desk", "create_owner", owner).strip()
    except BaseException:
        _forget(settings)
        raise
    steps.say(f"店已建好:{settings.home}(其中 xiaoer.env 保存密钥,请勿外传)")
    steps.say(f"店主登录名 {owner},一次性密码 {password}(首次登录要改)")
    steps.say("接下来:xiaoer shop import 我的店.json,再 xiaoer up")


def _forget(settings: Settings) -> None:
    """Nothing was there before (`_check_unused`), so that a failed `init` can simply be repeated."""
    from bot.prepare import sqlite_file

    settings.env_file.unlink(missing_ok=True)
    if database := sqlite_file(settings.database_url):
        database.unlink(missing_ok=True)


def _check_unused(settings: Settings) -> None:
    """Demo accounts and demo secrets must not slip into a real shop."""
    from bot.prepare import sqlite_file

    if settings.env_file.exists():
        raise NotConfigured(
            f"{settings.env_file} 已存在,这里已有一家店;另开一家请设 XIAOER_HOME=<新目录>,重来请先移走它"
        )
    database = sqlite_file(settings.database_url)
    if database is not None and database.exists():
        raise NotConfigured(f"{database} 已存在;请先移走,或设 XIAOER_HOME=<新目录>")
