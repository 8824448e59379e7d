"""`xiaoer policy`: the shop's rules, checked before anybody hears of them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

EXAMPLES = """\b
例:
  xiaoer policy check                  检查 data/policy.yml
  xiaoer policy check 我的规则.yml      检查一份规则;没写的项按 data/policy.yml
  xiaoer policy show                   打印本店现在用的规则(JSON)
\b
每一项的意思见 docs/shop-data.md 的 policy 一节。
"""
File = Annotated[Optional[Path], typer.Argument(metavar="FILE", help="YAML 文件;默认 data/policy.yml")]  # noqa: UP045
ShopUrl = Annotated[str, typer.Option("--shop", metavar="URL", help="店铺数据库;默认 XIAOER_SHOP_URL")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    policy = typer.Typer(help="本店的规则。", no_args_is_help=True, epilog=EXAMPLES, rich_markup_mode=None)
    policy.command("check")(check)
    policy.command("show")(show)
    app.add_typer(policy, name="policy")


def check(file: File = None) -> None:
    """检查规则写得对不对:不认识的项、不对的值,逐条指出。"""
    from bot.shop.policy import DEFAULT, load_policy
    from bot.shop.portable import ShopData, doubts

    path = file or DEFAULT
    found = load_policy(path)
    for doubt in doubts(ShopData(policy=found)):
        typer.echo(f"! {doubt}", err=True)
    typer.echo(f"{path} 没有问题:{found.shop.name}")


def show(shop: ShopUrl = "") -> None:
    """打印本店现在用的规则。"""
    import asyncio
    import json

    from bot.settings import load
    from bot.shop.adapters import open_shop, shop_of
    from bot.shop.policy import dump_policy

    async def read() -> str:
        backend = open_shop(shop) if shop else shop_of(load())
        try:
            return json.dumps(dump_policy(await backend.policy()), ensure_ascii=False, indent=1)
        finally:
            await backend.close()

    typer.echo(asyncio.run(read()))
