"""Every setting of a running shop, read once: `XIAOER_*` of the environment over `<home>/xiaoer.env`."""

from __future__ import annotations

import difflib
import ipaddress
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.errors import NotConfigured

ROOT = Path(__file__).resolve().parents[1]
"""The project folder: code, data and the default home live below it."""
PREFIX = "XIAOER_"
ENV_FILE = "xiaoer.env"
SHORTEST_KEY = 32
"""Characters of a key that encrypts."""
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True)
class Settings:
    """What a process of Xiaoer needs to know from outside; made by `load`, never changed.

    A field `desk_port` is set by `XIAOER_DESK_PORT`. Secrets are left out of `repr`.
    """

    home: Path = ROOT / "var"
    """Databases, logs and secrets of this shop."""
    desk_host: str = "127.0.0.1"
    desk_port: int = 8000
    bot_host: str = "127.0.0.1"
    bot_port: int = 5005
    bot_secret: str = field(default="", repr=False)
    """Bearer secret between desk and bot."""
    desk_secret: str = field(default="", repr=False)
    """Django's SECRET_KEY."""
    shop_key: str = field(default="", repr=False)
    """HMAC key with which the shop's page signs its shoppers in."""
    picture_key: str = field(default="", repr=False)
    """Encrypts shoppers' pictures; several with commas between: the first encrypts, all of them open."""
    shop_id: str = "demo"
    shop_url: str = field(default="", repr=False)
    """SQLAlchemy URL of the shop's rows, or of its HTTP interface; may hold a password, as others may."""
    shop_api_key: str = field(default="", repr=False)
    """HMAC key under which that interface is asked (docs/shop-api.md)."""
    shop_map: Path | None = None
    """How the owner's own tables at `shop_url` are called (docs/shop-map.md); none: they are Xiaoer's."""
    database_url: str = field(default="", repr=False)
    """The desk's database."""
    access_url: str = field(default="", repr=False)
    """Where tries to prove an order are counted."""
    redis_url: str = field(default="", repr=False)
    """Channel layer; empty: in memory, one desk process."""
    allowed_origins: tuple[str, ...] = ()
    """Origins of the shop's pages that may embed the widget."""
    public_url: str = ""
    """The origin under which browsers reach the desk through a proxy; empty: `desk_url`."""
    trusted_proxies: tuple[str, ...] = ("127.0.0.1", "::1")
    """Addresses or networks of proxies whose X-Forwarded-For and -Proto the desk believes."""
    demo: bool = True
    """Demo shop, accounts and pages. `xiaoer init` turns it off; `up` refuses it on an open address."""
    today: datetime | None = None
    """A fixed clock, for tests and for repeatable conversations."""
    dev_shopper: str = ""
    """Who speaks under plain `rasa shell` and `rasa run`; empty: an anonymous shopper."""
    model: Path = ROOT / "models" / "xiaoer.tar.gz"
    actions: str = "actions"
    """The action package's name."""
    style: str = "warm"
    timezone: str = "Asia/Shanghai"
    llm_base_url: str = ""
    """Any OpenAI-compatible endpoint; without it and a model's name nothing is ever sent anywhere."""
    llm_model: str = ""
    llm_api_key: str = field(default="", repr=False)
    llm_draft: bool = True
    """Whether the model, where there is one, may reword replies."""
    llm_understand: bool = False
    """Whether the model may choose among the likeliest intents where the bot would ask."""
    llm_knowledge: bool = False
    """Whether the model may make a short answer of FAQ and product lines; without it they are quoted."""
    llm_daily_tokens: int = 0
    """Tokens a day, of all processes together; 0: no limit."""
    llm_daily_money: Decimal = Decimal(0)
    """Yuan a day; 0: no limit. Needs the prices."""
    llm_price_in: Decimal = Decimal(0)
    """Yuan per million tokens of what is sent."""
    llm_price_out: Decimal = Decimal(0)
    """Yuan per million tokens of what is answered."""

    @property
    def zone(self) -> ZoneInfo:
        """The shop's time zone."""
        return ZoneInfo(self.timezone)

    @property
    def env_file(self) -> Path:
        """The file that `load` reads under the environment."""
        return self.home / ENV_FILE

    @property
    def bot_url(self) -> str:
        """Where the desk reaches the bot."""
        return f"http://{_in_url(self.bot_host)}:{self.bot_port}"

    @property
    def desk_url(self) -> str:
        """Where a browser on this machine reaches the desk."""
        return f"http://{_in_url(self.desk_host)}:{self.desk_port}"

    @property
    def llm_on(self) -> bool:
        """Whether a language model is configured."""
        return bool(self.llm_base_url and self.llm_model)

    def now(self) -> datetime:
        """The one clock: the fixed time if one is set, else the present, in the shop's zone."""
        return self.today if self.today is not None else datetime.now(self.zone)


def load(env: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; `env` defaults to the process's environment.

    Raises:
        NotConfigured: A name is unknown or a value cannot be read; the message names the setting.
    """
    given = {k: v for k, v in (os.environ if env is None else env).items() if k.startswith(PREFIX)}
    home = Path(given.get(PREFIX + "HOME") or ROOT / "var").expanduser().absolute()
    texts = {**read_file(home / ENV_FILE), **given}
    _refuse_unknown(texts)
    values = {
        f.name: _parse(f.name, texts[key]) for f in fields(Settings) if (key := name_of(f.name)) in texts
    }
    zone = _zone(str(values.get("timezone") or Settings.timezone))
    if (today := values.get("today")) is not None and today.tzinfo is None:
        values["today"] = today.replace(tzinfo=zone)
    _check_budget(values)
    return Settings(**{**values, "home": home, **_urls(home, values)})


def name_of(field_name: str) -> str:
    """The environment's name of a field: `desk_port` -> `XIAOER_DESK_PORT`."""
    return PREFIX + field_name.upper()


def read_file(path: Path) -> dict[str, str]:
    """The texts of a settings file, none where it is missing; raises NotConfigured for other lines."""
    if not path.is_file():
        return {}
    from dotenv import dotenv_values

    try:
        values = dotenv_values(path, interpolate=False, encoding="utf-8")
    except (OSError, UnicodeDecodeError) as e:
        raise NotConfigured(f"{path} 读不出来({e});应为 UTF-8 文本,请改正,或移走后从备份恢复") from None
    for key, value in values.items():
        if not key.startswith(PREFIX) or value is None:
            raise NotConfigured(f"{path}:每行应像 XIAOER_DESK_PORT=8000,却有 {key!r};请改正或删掉这一行")
    return {k: v for k, v in values.items() if v is not None}


def _refuse_unknown(texts: Mapping[str, str]) -> None:
    known = sorted(f.name.upper() for f in fields(Settings))
    for key in texts:
        name = key.removeprefix(PREFIX)
        if name not in known:
            near = difflib.get_close_matches(name.upper(), known, n=1)
            hint = (
                f"您是不是想写 {name_of(near[0])}?" if near else f"可用的有 {'、'.join(map(name_of, known))}"
            )
            raise NotConfigured(f"没有名为 {key} 的设置;{hint}")


def _check_budget(values: Mapping[str, Any]) -> None:
    if values.get("llm_daily_money") and not (values.get("llm_price_in") or values.get("llm_price_out")):
        raise NotConfigured(
            "设了 XIAOER_LLM_DAILY_MONEY,还要设 XIAOER_LLM_PRICE_IN 和 XIAOER_LLM_PRICE_OUT(每百万词元多少元)"
        )


def _parse(name: str, text: str) -> Any:
    read = _READERS.get(name, str)
    try:
        return read(text.strip())
    except ValueError as e:
        shown = repr(text) if name not in _HIDDEN else "别的内容(可能含密码,不显示)"
        raise NotConfigured(f"{name_of(name)} 应为{e},却是 {shown}") from None


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise ValueError("1 到 65535 的端口号")
    return int(text)


def _count(text: str) -> int:
    if text and not (text.isascii() and text.isdigit()):
        raise ValueError("整数(0 表示不限)")
    return int(text or 0)


def _yuan(text: str) -> Decimal:
    try:
        amount = Decimal(text or 0)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount < 0:
        raise ValueError("金额(元),如 20 或 0.5")
    return amount


def _endpoint(text: str) -> str:
    scheme, _, host = text.partition("://")
    if text and (scheme not in {"http", "https"} or not host.strip("/")):
        raise ValueError("网址,如 https://llm.example/v1")
    return text.rstrip("/")


def _yes_no(text: str) -> bool:
    if text.lower() not in _YES | _NO:
        raise ValueError(" 1 或 0")
    return text.lower() in _YES


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text.replace("Z", "+00:00")) if text else None
    except ValueError:
        raise ValueError("时间,如 2026-11-21T10:00+08:00") from None


def _origins(text: str) -> tuple[str, ...]:
    return tuple(_origin(part.strip()) for part in text.split(",") if part.strip())


def _origin(text: str) -> str:
    scheme, _, host = text.rstrip("/").partition("://")
    if text and (scheme not in {"http", "https"} or not host or set("/?#@, ") & set(host)):
        raise ValueError("不带路径的网址,如 https://shop.example(几个之间用逗号)")
    return text.rstrip("/")


def _picture_keys(text: str) -> str:
    if any(len(key.strip()) < SHORTEST_KEY for key in text.split(",") if text):
        raise ValueError(f"至少 {SHORTEST_KEY} 个字符的密钥(几把之间用逗号,新的在前)")
    return text


def _networks(text: str) -> tuple[str, ...]:
    return tuple(_network(part.strip()) for part in text.split(",") if part.strip())


def _network(text: str) -> str:
    try:
        network = ipaddress.ip_network(text)
    except ValueError:
        network = None
    if network is None or not network.prefixlen:  # whoever trusts everyone lets everyone name any address
        raise ValueError("代理的地址或网段,如 10.0.0.5 或 10.0.0.0/24(几个之间用逗号)")
    return text


def _path(text: str) -> Path:
    return Path(text).expanduser().absolute()


def _path_or_none(text: str) -> Path | None:
    return _path(text) if text else None


def _database(text: str) -> str:
    """A database URL in the spelling that both Django and SQLAlchemy read."""
    if text and "://" not in text:
        raise ValueError("数据库网址,如 postgresql://user:password@host/name")
    return "postgresql://" + text.removeprefix("postgres://") if text.startswith("postgres://") else text


_YES, _NO = frozenset({"1", "true", "yes", "on"}), frozenset({"", "0", "false", "no", "off"})
_READERS: dict[str, Callable[[str], Any]] = {
    "home": _path,
    "model": _path,
    "shop_map": _path_or_none,
    "desk_port": _port,
    "bot_port": _port,
    "demo": _yes_no,
    "today": _moment,
    "allowed_origins": _origins,
    "public_url": _origin,
    "picture_key": _picture_keys,
    "trusted_proxies": _networks,
    "shop_url": _database,
    "database_url": _database,
    "access_url": _database,
    "llm_base_url": _endpoint,
    "llm_draft": _yes_no,
    "llm_understand": _yes_no,
    "llm_knowledge": _yes_no,
    "llm_daily_tokens": _count,
    "llm_daily_money": _yuan,
    "llm_price_in": _yuan,
    "llm_price_out": _yuan,
}
_HIDDEN = frozenset(f.name for f in fields(Settings) if not f.repr)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise NotConfigured(f"XIAOER_TIMEZONE 应为时区,如 Asia/Shanghai,却是 {name!r}") from None


def _urls(home: Path, values: Mapping[str, Any]) -> dict[str, str]:
    desk = values.get("database_url") or f"sqlite:///{home}/desk.sqlite3"
    shared = desk if desk.startswith("postgresql") else f"sqlite:///{home}/access.sqlite3"
    return {
        "shop_url": values.get("shop_url") or f"sqlite:///{home}/shop.sqlite3",
        "database_url": desk,
        "access_url": values.get("access_url") or shared,
    }


def _in_url(host: str) -> str:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - named, not bound
    return f"[{host}]" if ":" in host else host
