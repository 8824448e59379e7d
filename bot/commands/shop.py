"""`xiaoer shop`: the shop's rows as one JSON file, in and out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot import keys
from bot.errors import BadInput, NotConfigured

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.shop.portable import ShopData
    from bot.shop.sql import SqlShop

EXAMPLES = """\b
例:
  xiaoer shop export 备份.json      导出;- 表示写到标准输出
  xiaoer shop check 我的店.json     只检查,不导入
  xiaoer shop import 我的店.json    整店替换;有一行不对就一行也不导入
  xiaoer shop serve 我的店.json     当作店铺接口开在本机,试接口用
\b
文件格式见 docs/shop-data.md。
"""
DEMO_MARK = "demo_day"
"""Stands beside the demo's rows; rows without it belong to a real shop and are never replaced by the demo."""
Port = Annotated[int, typer.Option("--port", help="端口", min=1, max=65535)]
File = Annotated[Path, typer.Argument(metavar="FILE", help="JSON 文件")]
ShopUrl = Annotated[str, typer.Option("--shop", metavar="URL", help="店铺数据库;默认 XIAOER_SHOP_URL")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    shop = typer.Typer(
        help="店铺资料:导入、导出、检查。", no_args_is_help=True, epilog=EXAMPLES, rich_markup_mode=None
    )
    shop.command("import")(import_)
    shop.command("export")(export)
    shop.command("check")(check)
    shop.command("serve")(serve)
    shop.command("demo", hidden=True)(demo)
    app.add_typer(shop, name="shop")


def import_(file: File, shop: ShopUrl = "") -> None:
    """用文件里的资料替换整个店铺。"""
    from bot.settings import load

    data = _read(file)
    settings = load()
    keys.make_home(settings.home)
    _rows(shop or settings.shop_url, settings.shop_map).replace(data)
    typer.echo(f"已导入 {counts(data)}")


def export(file: File, shop: ShopUrl = "") -> None:
    """把整个店铺写成一个 JSON 文件(次序固定,可比较)。"""
    from bot.prepare import sqlite_file
    from bot.settings import load
    from bot.shop.portable import dump_text

    settings = load()
    url = shop or settings.shop_url
    path = sqlite_file(url)
    if path is not None and not path.is_file():
        raise BadInput(f"{path}: 还没有店铺资料;先运行 xiaoer up(演示店)或 xiaoer shop import")
    data = _rows(url, settings.shop_map).read_all()
    if str(file) == "-":
        sys.stdout.write(dump_text(data))
        return
    part = file.with_name(f".{file.name}.part")
    part.write_text(dump_text(data), encoding="utf-8")
    part.replace(file)
    typer.echo(f"已导出 {counts(data)} 到 {file}")


def check(file: File) -> None:
    """检查文件能不能导入。"""
    typer.echo(f"{file} 可以导入:{counts(_read(file))}")


def demo() -> None:
    """Replace the demo's rows by today's; a shop of its owner's rows is left alone."""
    from bot.settings import load
    from bot.shop.demo import seed
    from bot.shop.sql import SqlShop

    settings = load()
    if not holds_demo(settings):
        typer.echo("店里是您自己的资料,演示数据不再更新")
        return
    keys.make_home(settings.home)
    seed(SqlShop(settings.shop_url), settings.now().date())


def holds_demo(settings: Settings) -> bool:
    """Whether the shop's database holds the demo, or nothing yet."""
    from bot.prepare import sqlite_file
    from bot.shop.adapters import is_foreign
    from bot.shop.sql import SqlShop

    if is_foreign(settings.shop_url, settings.shop_map):
        return False
    file = sqlite_file(settings.shop_url)
    if file is not None and not file.is_file():
        return True
    shop = SqlShop(settings.shop_url)
    if DEMO_MARK in shop.marks():
        return True
    rows = shop.read_all()
    return not (rows.products or rows.shoppers or rows.orders)


def serve(file: File, port: Port = 8900) -> None:
    """把一个店铺文件当作店铺接口开在本机,用来对照着写自己的接口(docs/shop-api.md)。"""
    import uvicorn

    from bot.settings import load
    from bot.shop.adapters import open_shop
    from bot.shop.reference import create_app

    api_key = load().shop_api_key
    if not api_key:
        raise NotConfigured("请先设 XIAOER_SHOP_API_KEY:两边约好的密钥,自己定一串不好猜的文字")
    app = create_app(open_shop(str(file)), api_key)
    typer.echo(f"接口开在 http://127.0.0.1:{port},Ctrl+C 停止;改动只在内存里,停下就没有了")
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", ws="none")


def counts(data: ShopData) -> str:
    """How much a shop holds."""
    orders = f"{len(data.orders)} 个订单、{len(data.parcels)} 个包裹"
    return f"{len(data.products)} 件商品、{len(data.shoppers)} 位买家、{orders}"


def _rows(url: str, mapping: Path | None) -> SqlShop:
    from bot.shop.adapters import is_foreign
    from bot.shop.sql import SqlShop

    if is_foreign(url, mapping):
        raise BadInput("店铺资料在您自己的系统里(店铺接口或 XIAOER_SHOP_MAP),不由店小二整店导入导出")
    return SqlShop(url)


def _read(file: Path) -> ShopData:
    from bot.shop.portable import doubts, read_file

    if str(file) == "-":
        raise BadInput("请给出文件名:导入要先完整检查一遍,不能从标准输入读")
    data = read_file(file)
    for doubt in doubts(data):
        typer.echo(f"! {doubt}", err=True)
    return data
