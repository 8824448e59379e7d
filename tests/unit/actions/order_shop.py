"""A small shop for tests of what is asked after buying, and a way to call one action in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.shop.access import SESSION, Identity, Page, Session
from bot.shop.memory import MemoryShop
from bot.shop.models import (
    Address,
    Order,
    OrderItem,
    OrderState,
    Parcel,
    ParcelState,
    Product,
    Shopper,
    Sku,
    Trace,
)
from bot.shop.policy import Policy, load_policy
from bot.shop.portable import ShopData

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
TODAY = NOW.date()
HOME = Address("A1", "李雷", "13900010001", "浙江省", "杭州市", "西湖区", "1号", default=True)
LI, HAN = Shopper("S1", "李雷", "13800138000", (HOME,)), Shopper("S2", "韩梅", "13700137000")
SHIRT = Product(
    "P1",
    "云梭 重磅纯棉短袖T恤",
    "服装",
    (Sku("K1", {"颜色": "黑色", "尺码": "M"}, 7900, 5), Sku("K2", {"颜色": "黑色", "尺码": "L"}, 7900, 0)),
    aliases=("T恤",),
    specs={"洗涤": "30℃以下机洗"},
)
COOKER = Product(
    "P2",
    "禾灶 电饭煲4升",
    "小家电",
    (Sku("K3", {}, 39900, 9),),
    aliases=("电饭煲",),
    usage={"清洗": "断电放凉后拆下内盖冲洗。", "放多少水": "一杯米一点二杯水。"},
    fault_codes={"E1": "断电10分钟再试。"},
    warranty_days=365,
)
NUTS = Product("P3", "坚果", "零食", (Sku("K4", {}, 3900, 9),))


def ago(days: float = 0, hours: float = 0) -> datetime:
    """A time before NOW."""
    return NOW - timedelta(days=days, hours=hours)


def order(number: str, state: OrderState, product: Product = SHIRT, **more: Any) -> Order:
    """An order of LI's for one piece of a product, placed and paid two days ago unless told otherwise."""
    sku = product.skus[0]
    item = OrderItem(product.id, sku.id, product.title, sku.options, 1, sku.price)
    plain = Order(
        number, "S1", state, (item,), ago(2), HOME, sku.price, 0, 0, sku.price, payment="支付宝", paid=ago(2)
    )
    return replace(plain, **more)


def parcel(of: str, state: ParcelState, *traces: Trace, **more: Any) -> Parcel:
    """A parcel of an order, last seen three hours ago in Hefei unless told otherwise, due tomorrow."""
    seen = traces or (Trace(ago(hours=3), "合肥转运中心", "快件已到达"),)
    plain = Parcel(f"7800000000{of[-3:]}", of, "中通快递", state, seen, expected=TODAY + timedelta(days=1))
    return replace(plain, **more)


class Tries:
    """Tries in memory."""

    def __init__(self) -> None:
        """Nothing tried yet."""
        self.taken: Counter[str] = Counter()

    def take(self, limits: Mapping[str, int], now: datetime) -> bool:
        """See ProofTries."""
        if any(self.taken[key] >= most for key, most in limits.items()):
            return False
        self.taken.update(limits.keys())
        return True

    def give_back(self, keys: Iterable[str], now: datetime) -> None:
        """See ProofTries."""
        self.taken.subtract(keys)


@dataclass(frozen=True)
class Heard:
    """What an action said and did."""

    said: list[dict[str, Any]]
    events: list[dict[str, Any]]

    @property
    def names(self) -> list[str]:
        """The responses, in order."""
        return [message["response"] for message in self.said]

    @property
    def facts(self) -> dict[str, Any]:
        """The facts of the first response."""
        return self.said[0]

    @property
    def slots(self) -> dict[str, Any]:
        """The slots that were set."""
        return {e["name"]: e["value"] for e in self.events if e["event"] == "slot"}

    @property
    def follows(self) -> list[str]:
        """The actions that go on."""
        return [e["name"] for e in self.events if e["event"] == "followup"]


@dataclass
class Desk:
    """One shopper in front of a shop of these orders."""

    orders: tuple[Order, ...] = ()
    parcels: tuple[Parcel, ...] = ()
    who: Shopper | None = LI
    policy: dict[str, Any] = field(default_factory=dict)
    now: datetime = NOW
    page: Page | None = None
    tries: Tries = field(default_factory=Tries)
    proved: set[str] = field(default_factory=set)
    waiting: str = ""
    more: dict[str, Any] = field(default_factory=dict)

    async def hear(
        self,
        action: Action,
        text: str = "",
        *,
        intent: str = "",
        slots: dict[str, Any] | None = None,
        form: bool = False,
        before: tuple[str, ...] = (),
        **entities: str,
    ) -> Heard:
        """Call an action for a message with these entities; `before` are the intents asked earlier.

        Several values of one kind are joined by "+".
        """
        rules: Policy = load_policy(self.policy)
        rows = {"products": (SHIRT, COOKER, NUTS), "shoppers": (LI, HAN), **self.more}
        data = ShopData(orders=self.orders, parcels=self.parcels, policy=rules, **rows)
        signed_in = Identity(self.who.id, self.who.name) if self.who else None
        session = Session(
            MemoryShop(data),
            self.tries,
            self.now,
            signed_in,
            page=self.page,
            proved=self.proved,
            waiting=self.waiting,
        )
        past = [{"event": "user", "parse_data": {"intent": {"name": name}}} for name in before]
        return await call(action, session, text, intent, slots or {}, form=form, past=past, **entities)


async def call(
    action: Action,
    session: Session,
    text: str,
    intent: str,
    slots: dict[str, Any],
    *,
    form: bool = False,
    past: Sequence[dict[str, Any]] = (),
    **entities: str,
) -> Heard:
    """Call an action in a session; several values of one kind are joined by "+"."""
    found = [_row(text, name, each) for name, value in entities.items() for each in value.split("+")]
    parse = {"text": text, "intent": {"name": intent}, "entities": found}
    loop = {"name": "order_proof_form"} if form else {}
    tracker = Tracker("c", slots, parse, list(past), False, None, loop, "action_listen")
    dispatcher = CollectingDispatcher()
    token = SESSION.set(session)
    try:
        events = await action.run(dispatcher, tracker, {})
    finally:
        SESSION.reset(token)
    return Heard(dispatcher.messages, events)


def _row(text: str, entity: str, value: str) -> dict[str, Any]:
    """An entity where the text says it."""
    return {"entity": entity, "value": value, "start": max(text.lower().find(value.lower()), 0)}


def on(day: date, hour: int = 10) -> datetime:
    """An hour of a day in the shop's zone."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=NOW.tzinfo)
