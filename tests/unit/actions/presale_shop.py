"""A small shop for tests of what is asked before buying, and a way to ask one action in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.shop.access import SESSION, Identity, Page, Session
from bot.shop.memory import MemoryShop
from bot.shop.models import (
    Address,
    Coupon,
    Order,
    OrderItem,
    OrderState,
    Product,
    Promotion,
    Shopper,
    SizeRow,
    Sku,
)
from bot.shop.policy import Policy, load_policy
from bot.shop.portable import ShopData

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
HOME = Address("A1", "李雷", "13800000000", "浙江", "杭州", "西湖", "1号", default=True)


def rows(*lines: tuple[str, int, int, float, float]) -> tuple[SizeRow, ...]:
    """Chart lines of size, height from and to, weight from and to."""
    return tuple(SizeRow(size, (h1, h2), (w1, w2)) for size, h1, h2, w1, w2 in lines)


CHART = rows(
    ("M", 160, 169, 50, 57.5),
    ("L", 160, 169, 58, 65),
    ("M", 170, 179, 50, 62),
    ("L", 170, 179, 62.5, 70),
    ("XL", 170, 179, 70.5, 80),
)
SHIRT = Product(
    "P1",
    "云梭 重磅纯棉短袖T恤男女同款宽松百搭",
    "服装",
    (
        Sku("K1", {"颜色": "黑色", "尺码": "M"}, 7900, 5),
        Sku("K2", {"颜色": "黑色", "尺码": "L"}, 7900, 0, date(2026, 11, 25)),
        Sku("K3", {"颜色": "雾蓝", "尺码": "L"}, 7900, 3),
    ),
    aliases=("T恤", "短袖"),
    price=7900,
    specs={"面料": "棉100%", "厚薄": "偏厚", "洗涤": "30℃以下机洗"},
    size_chart=CHART,
    fit="偏大",
    gifts=("袜子一双",),
)
DRESS = replace(
    SHIRT, id="P2", title="沐棉 碎花连衣裙", aliases=("连衣裙",), fit="", gifts=(), size_chart=CHART[:2]
)
SHOES = Product(
    "P3",
    "跃屿 缓震跑鞋",
    "鞋靴",
    (Sku("K5", {"尺码": "42"}, 29900, 0),),
    aliases=("跑鞋", "运动鞋"),
    size_chart=tuple(SizeRow(str(n), foot=(n * 5 + 46, n * 5 + 50)) for n in range(39, 44)),
    fit="正常",
)
COOKER = Product(
    "P4",
    "禾灶 电饭煲4升",
    "小家电",
    (Sku("K6", {}, 39900, 9),),
    aliases=("电饭煲",),
    specs={"功率": "1200W", "容量": "4升", "尺寸": "25厘米"},
)
MINI = Product(
    "P5",
    "禾灶 迷你电饭煲",
    "小家电",
    (Sku("K7", {}, 15900, 4),),
    aliases=("迷你电饭煲",),
    specs={"功率": "400W", "容量": "1.6升"},
)
OLD = Product(
    "P6", "禾灶 旧款榨汁壶", "小家电", (Sku("K8", {}, 9900, 0),), on_sale=False, aliases=("榨汁壶",)
)
NUTS = Product(
    "P7",
    "山野拾 每日坚果",
    "零食",
    (Sku("K9", {"规格": "30包"}, 9900, 50),),
    aliases=("坚果",),
    specs={"保质期": "9个月"},
)
FLASH = Promotion(
    "F1", "坚果特价", "限时特价", NOW - timedelta(days=1), NOW + timedelta(hours=5), ("P7",), price=7900
)
CUT = Promotion(
    "F2", "满减", "满300减40", NOW - timedelta(days=1), NOW + timedelta(days=3), over=30000, off=4000
)
PAST = Promotion("F0", "过去", "没了", NOW - timedelta(days=9), NOW - timedelta(days=8))
MINE = Coupon("C1", "家电券", 5000, 30000, date(2026, 11, 1), date(2026, 11, 30), ("小家电",), "S1")
FREE = Coupon("C2", "新客券", 500, 5000, date(2026, 11, 1), date(2026, 11, 21))
OVER = Coupon("C3", "旧券", 9900, 100, date(2026, 10, 1), date(2026, 10, 2), (), "S1")
SHOPPER = Shopper("S1", "李雷", "13800000000", (HOME,), gift_card_balance=10000, points=250)
ORDER = Order(
    "O1",
    "S1",
    OrderState.SIGNED,
    (OrderItem("P1", "K1", SHIRT.title, {}, 1, 7900),),
    NOW - timedelta(days=4),
    HOME,
    7900,
    800,
    0,
    8700,
    gifts=("袜子一双",),
)
POLICY = load_policy(
    {
        "freight": {
            "free_over": 9900,
            "base": 800,
            "remote": {"provinces": ["新疆", "西藏"], "fee": 1800, "free_over": 29900},
            "undeliverable": ["香港"],
        },
        "delivery": {
            "carriers": ["zto", "yto", "sf", "jd"],
            "choice": False,
            "upgrade": "sf",
            "upgrade_fee": 1200,
        },
        "payment": {
            "ways": ["alipay", "wechat"],
            "cod": False,
            "instalments": [3, 6],
            "instalments_free": False,
        },
        "coupons": {"with_promotions": True, "back_on_full_refund": True, "back_when_cancelled": True}
        | {"back_on_partial_refund": False},
        "points": {"worth": 100},
        "goods": {"genuine": True, "fresh_percent": 67},
        "gifts": {"with_parcel": True},
        "bargaining": {"allowed": False},
    }
)
DATA = ShopData(
    products=(SHIRT, DRESS, SHOES, COOKER, MINI, OLD, NUTS),
    shoppers=(SHOPPER,),
    orders=(ORDER,),
    coupons=(MINE, FREE, OVER),
    promotions=(FLASH, CUT, PAST),
    policy=POLICY,
)


class NoTries:
    """Nothing is proved in these tests."""

    def take(self, keys: Any, now: datetime) -> bool:
        return True

    def give_back(self, keys: Any, now: datetime) -> None:
        return None


@dataclass(frozen=True)
class Answer:
    """What an action said and set."""

    messages: list[dict[str, Any]]
    events: list[dict[str, Any]]

    @property
    def names(self) -> list[str]:
        return [m["response"] for m in self.messages]

    @property
    def facts(self) -> dict[str, Any]:
        """Facts of the only reply."""
        assert len(self.messages) == 1, self.names
        return self.messages[0]

    @property
    def slots(self) -> dict[str, Any]:
        return {e["name"]: e["value"] for e in self.events if e["event"] == "slot"}

    @property
    def next(self) -> list[str]:
        return [e["name"] for e in self.events if e["event"] == "followup"]

    def titles(self, name: str = "choices") -> list[str]:
        return [row["title"] for row in self.facts[name]]


def tracker(
    text: str,
    intent: str = "",
    *,
    slots: dict[str, Any] | None = None,
    loop: str | None = None,
    ranking: list[str] | None = None,
    events: list[dict[str, Any]] | None = None,
    mood: str = "calm",
    confidence: float = 0.3,
    after: str = "action_listen",
    rows: list[dict[str, Any]] | None = None,
    **entities: str,
) -> Tracker:
    """A conversation whose last message is `text`."""
    message = {
        "text": text,
        "intent": {"name": intent},
        "entities": [*(rows or []), *({"entity": n, "value": v} for n, v in entities.items())],
        "mood": mood,
        "intent_ranking": [{"name": name, "confidence": confidence} for name in ranking or []],
    }
    active = {"name": loop} if loop else {}
    return Tracker("c1", dict(slots or {}), message, events or [], False, None, active, after)


async def ask(
    action: Action,
    text: str,
    *,
    page: Page | None = None,
    signed_in: bool = False,
    policy: Policy | dict[str, Any] | None = None,
    data: ShopData = DATA,
    now: datetime = NOW,
    **rest: Any,
) -> Answer:
    """Run an action on one message; `rest` goes to `tracker`."""
    if policy is not None:
        data = replace(data, policy=load_policy(policy, data.policy) if isinstance(policy, dict) else policy)
    identity = Identity("S1", "李雷") if signed_in else None
    token = SESSION.set(Session(MemoryShop(data), NoTries(), now, identity, page=page))
    dispatcher = CollectingDispatcher()
    try:
        said = tracker(text, rest.pop("intent", getattr(action, "intent", "")), **rest)
        events = await action.run(
            dispatcher, said, {"forms": {"size_form": {"required_slots": ["height", "weight", "foot"]}}}
        )
    finally:
        SESSION.reset(token)
    return Answer(dispatcher.messages, events)


def on(product: Product) -> Page:
    """The page of a product."""
    return Page("product", product.id)
