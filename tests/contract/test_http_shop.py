"""A shop's interface that fails: whatever it does, one honest line, and no write twice."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from threading import Thread
from typing import Any

import pytest
from starlette.types import Receive, Scope, Send

from bot.errors import NotConfigured, ShopDown
from bot.shop import http, http_calls
from bot.shop.adapters import open_shop
from bot.shop.doing.rows import Refused
from bot.shop.http import HttpShop
from bot.shop.memory import MemoryShop
from bot.shop.models import OrderState
from bot.shop.policy import default_policy, dump_policy
from bot.shop.portable import dump, read
from bot.shop.reference import create_app
from bot.shop.wishes import Cancel, Urge
from tests.contract.served import API_KEY, listening, served
from tests.contract.test_shop_writes import data

NOW = datetime.fromisoformat("2026-11-21T10:00:00+08:00")
PHONE = "13800138000"


@dataclass
class Scripted:
    """An interface that answers whatever it is asked with `status`, `body` and `headers`, and keeps count."""

    status: int = 200
    body: bytes = b"[]"
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def tell(self, status: int, form: Any) -> None:
        self.status, self.body = status, json.dumps(form).encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        self.asked.append((scope["path"], headers))
        await asyncio.sleep(self.seconds)
        raw = [(name.encode(), value.encode()) for name, value in self.headers.items()]
        await send({"type": "http.response.start", "status": self.status, "headers": raw})
        await send({"type": "http.response.body", "body": self.body})


@pytest.fixture
def script() -> Scripted:
    """What the interface answers."""
    return Scripted()


@pytest.fixture
async def shop(script: Scripted) -> AsyncIterator[HttpShop]:
    """The adapter before it."""
    with listening(script) as url:
        made = HttpShop(f"{url}/xiaoer/v1/", API_KEY)
        yield made
        await made.close()


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        (401, b"{}", "XIAOER_SHOP_API_KEY"),
        (403, b"{}", "XIAOER_SHOP_API_KEY"),
        (404, b"<html>Not Found</html>", "XIAOER_SHOP_URL"),
        (404, b'{"detail": "no such path"}', "XIAOER_SHOP_URL"),
        (302, b"", "302"),
        (304, b"", "304"),
        (429, b"", "429"),
        (500, b"Traceback: 13800138000", "500"),
        (503, b'{"code": "unavailable"}', "503"),
        (200, b"<html>13800138000</html>", "JSON"),
        (200, b"", r"/order:应为对象"),
        (200, b"[]", r"/order:应为对象"),
        (200, b'{"id": "O1"}', "缺少"),
        (200, b'"13800138000"', r"/order:应为对象"),
        (200, b'{"id": "\xff"}', "JSON"),
        (200, b'{"id": "\\ud800"}', "JSON"),
    ],
)
async def test_a_wrong_answer_is_one_line_without_what_was_answered(
    shop: HttpShop, script: Scripted, status: int, body: bytes, told: str
):
    """For a log and for `xiaoer doctor`: what to look at, and nobody's data."""
    script.status, script.body = status, body
    with pytest.raises(ShopDown, match=told) as down:
        await shop.order("O1")
    assert "店铺接口(127.0.0.1:" in str(down.value)
    assert PHONE not in str(down.value)
    assert "\n" not in str(down.value)


async def test_a_row_that_breaks_a_rule_is_named_by_its_place(shop: HttpShop, script: Scripted):
    """The field and what it should be; not what stands there."""
    row = dump(data())["orders"][0]
    script.tell(200, [{**row, "address": {**row["address"], "receiver": 5, "phone": PHONE}}])
    with pytest.raises(ShopDown, match=r"/orders\[0\]\.address\.receiver:应为文字") as down:
        await shop.orders_of("S1")
    assert PHONE not in str(down.value)


async def test_only_what_was_asked_for_is_an_answer(shop: HttpShop, script: Scripted):
    """A database that takes o1 for O1, or a filter that was forgotten, shows nobody another's order."""
    rows = dump(data())["orders"]
    script.tell(200, rows[0])
    assert await shop.order("o1") is None
    script.tell(200, rows)
    assert {o.shopper_id for o in await shop.orders_of("s1")} == {"s1"}
    script.tell(200, [{**dump(data())["coupons"][0], "shopper_id": "S1"}])
    assert list(await shop.coupons_of("s1")) == []


async def test_what_no_row_can_be_called_is_not_even_asked_for(shop: HttpShop, script: Scripted):
    """Blank, too long, or no text at all for a URL."""
    for name in ("", "O 1", "O1 ", "x" * 65, "\ud800"):
        assert await shop.order(name) is None
    assert script.asked == []


async def test_numbers_of_any_shape_reach_the_shop(shop: HttpShop, script: Scripted):
    """Slashes, dots and signs are part of some shops' numbers."""
    row = dump(data())["orders"][0]
    for name in ("2026/11/0042", "..", "a&id=b", "O%2F1", "单-1#?+"):
        script.tell(200, {**row, "id": name})
        found = await shop.order(name)
        assert found is not None
        assert found.id == name
    assert {path for path, _ in script.asked} == {"/xiaoer/v1/order"}


async def test_a_shop_that_is_not_there_is_told_at_once():
    """Nobody listens on the port."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    gone = HttpShop(f"http://127.0.0.1:{port}", API_KEY)
    with pytest.raises(ShopDown, match="连不上"):
        await gone.order("O1")
    with pytest.raises(ShopDown, match="连不上"):
        await gone.do(Cancel("O1"), "k1", NOW)
    await gone.close()


async def test_a_slow_shop_is_given_up(shop: HttpShop, script: Scripted, monkeypatch: pytest.MonkeyPatch):
    """Before the action is; and not asked again, which would only make it slower."""
    monkeypatch.setattr(http_calls, "READ", 0.2)
    slow = HttpShop(str(shop._calls._base), API_KEY)
    script.seconds = 1
    with pytest.raises(ShopDown, match="太久"):
        await slow.order("O1")
    assert len(script.asked) == 1
    await slow.close()


async def test_an_answer_in_drops_is_given_up(monkeypatch: pytest.MonkeyPatch):
    """A byte now and then keeps no one waiting beyond the whole time."""
    monkeypatch.setattr(http, "OVERALL", 0.5)

    async def drip(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(12):
            await send({"type": "http.response.body", "body": b" ", "more_body": True})
            await asyncio.sleep(0.1)
        await send({"type": "http.response.body", "body": b"[]"})

    with listening(drip) as url:
        shop = HttpShop(url, API_KEY)
        with pytest.raises(ShopDown, match="太久"):
            await shop.promotions()
        await shop.close()


async def test_an_answer_too_large_is_given_up(
    shop: HttpShop, script: Scripted, monkeypatch: pytest.MonkeyPatch
):
    """Memory is not the shop's to fill."""
    monkeypatch.setattr(http_calls, "MOST_BYTES", 1000)
    script.body = b"[" + b" " * 2000 + b"]"
    with pytest.raises(ShopDown, match="MB"):
        await shop.promotions()


@pytest.fixture
def hanging_up() -> Iterator[tuple[str, list[bytes]]]:
    """A server that reads a request and hangs up without a word; what it read."""
    heard: list[bytes] = []

    def serve(door: socket.socket) -> None:
        while True:
            try:
                line, _ = door.accept()
            except OSError:
                return
            with line:
                heard.append(line.recv(65536))

    with socket.create_server(("127.0.0.1", 0)) as door:
        Thread(target=serve, args=(door,), daemon=True).start()
        yield f"http://127.0.0.1:{door.getsockname()[1]}", heard
        door.shutdown(socket.SHUT_RDWR)


async def test_a_lost_connection_is_tried_once_more(hanging_up: tuple[str, list[bytes]]):
    """Of a write under the same key, so that it is done once whether or not the first one arrived."""
    url, heard = hanging_up
    shop = HttpShop(url, API_KEY)
    with pytest.raises(ShopDown):
        await shop.do(Cancel("O1"), "k1", NOW)
    assert len(heard) == 2
    assert all(b"idempotency-key: k1" in request.lower() for request in heard)
    await shop.close()


async def test_a_connection_that_the_shop_closed_meanwhile_is_opened_anew():
    """A shop that was restarted between two messages is not down."""
    behind = MemoryShop(data())
    with served(behind) as shop:
        assert await shop.order("O1") is not None
        port = int(shop._calls.name.rpartition(":")[2])
    with listening(create_app(behind, API_KEY), port):
        assert await shop.order("O1") is not None
        await shop.close()


@pytest.mark.parametrize(
    "body",
    [
        "null",
        "[]",
        "{}",
        '{"code": 5}',
        '{"code": "sold_out", "facts": []}',
    ],
)
async def test_a_refusal_in_another_form_is_no_refusal(shop: HttpShop, script: Scripted, body: str):
    """Something else answered, perhaps a proxy."""
    script.status, script.body = 409, body.encode()
    with pytest.raises(ShopDown, match="拒绝"):
        await shop.do(Cancel("O1"), "k1", NOW)


async def test_a_refusal_comes_with_its_facts(shop: HttpShop, script: Scripted):
    """Whatever they are called."""
    script.tell(409, {"code": "too_late", "facts": {"state": "sent", "code": "x", "self": 1}})
    for trial in (shop.preview(Cancel("O1"), NOW), shop.do(Cancel("O1"), "k1", NOW)):
        with pytest.raises(Refused) as refused:
            await trial
        assert refused.value.code == "too_late"
        assert refused.value.facts == {"state": "sent", "code": "x", "self": 1}


async def test_a_refusal_that_nobody_has_words_for_goes_to_a_person(shop: HttpShop, script: Scripted):
    """Its code would become the name of a response that is not there."""
    script.tell(409, {"code": "moon_phase", "facts": {"moon": "full"}})
    with pytest.raises(Refused) as refused:
        await shop.do(Cancel("O1"), "k1", NOW)
    assert (refused.value.code, refused.value.facts) == ("by_person", {})


async def test_another_ones_receipt_is_not_believed(shop: HttpShop, script: Scripted):
    """The shop must say that this was done, not something."""
    receipt = {"key": "k1", "kind": "cancel", "order_id": "O1", "shopper_id": "S1", "args": {}}
    script.tell(200, {**receipt, "result": {"title": "杯"}, "at": "2026-11-21T10:00:00+08:00"})
    assert (await shop.do(Cancel("O1"), "k1", NOW)).result == {"title": "杯"}
    for wish, key in ((Cancel("O1"), "k2"), (Urge("O1"), "k1")):
        with pytest.raises(ShopDown, match="回执"):
            await shop.do(wish, key, NOW)


async def test_catalogue_and_policy_are_asked_for_by_version(
    shop: HttpShop, script: Scripted, monkeypatch: pytest.MonkeyPatch
):
    """Not at all for some seconds, then only whether they have changed."""
    script.tell(200, {"version": "1", "products": []})
    script.headers["etag"] = '"v1"'
    first = await shop.catalogue()
    assert await shop.catalogue() is first
    assert len(script.asked) == 1
    monkeypatch.setattr(http, "_FRESH", -1.0)
    script.status, script.body = 304, b""
    assert await shop.catalogue() is first
    assert [headers.get("if-none-match") for _, headers in script.asked] == [None, '"v1"']


async def test_a_shop_that_starts_anew_keeps_its_goods_and_rules(
    shop: HttpShop, script: Scripted, monkeypatch: pytest.MonkeyPatch
):
    """What was known a moment ago holds; an outage that lasts is told, without a look for each question."""
    script.tell(200, {"version": "1", "products": []})
    first = await shop.catalogue()
    script.status = 503
    monkeypatch.setattr(http, "_FRESH", -1.0)
    assert await shop.catalogue() is first
    monkeypatch.setattr(http, "_OUTAGE", -1.0)
    with pytest.raises(ShopDown, match="503"):
        await shop.catalogue()
    monkeypatch.setattr(http, "_FRESH", 60.0)
    asked = len(script.asked)
    with pytest.raises(ShopDown, match="503"):
        await shop.catalogue()
    assert len(script.asked) == asked


async def test_a_policy_may_leave_out_what_is_the_defaults(shop: HttpShop, script: Scripted):
    """As in an import; an unknown key is refused."""
    script.tell(200, {"shop": {"name": "测试店"}})
    found = await shop.policy()
    assert found.shop.name == "测试店"
    assert dump_policy(found)["returns"] == dump_policy(default_policy())["returns"]
    other = HttpShop(str(shop._calls._base), API_KEY)
    script.tell(200, {"retruns": {}})
    with pytest.raises(ShopDown, match="returns"):
        await other.policy()
    await other.close()


async def test_after_a_write_the_goods_are_looked_at_again():
    """Whether it was done or refused: the stock it speaks of is the shop's present one."""
    behind = MemoryShop(data())
    with served(behind) as shop:
        before = await shop.catalogue()
        await behind.do(Cancel("O2"), "elsewhere", NOW)
        assert await shop.catalogue() is before
        with pytest.raises(Refused):
            await shop.do(Cancel("O2"), "k1", NOW)
        assert (await shop.catalogue()).products == behind.data.products
        await shop.close()


async def test_a_write_whose_answer_was_lost_is_told_by_its_key_later():
    """Asked again under the same key, the shop gives the first receipt, and nothing is done twice."""
    behind = MemoryShop(data())
    with served(behind) as shop:
        lost = await behind.do(Cancel("O5"), "k1", NOW)
        assert await shop.do(Cancel("O5"), "k1", NOW) == lost
        order = await shop.order("O5")
        assert order is not None
        assert order.state is OrderState.CANCELLED
        await shop.close()


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://shop.example/api", "没有加密"),
        ("http://192.168.0.9/api", "没有加密"),
        ("https://", "应为 https"),
        ("https://shop.example/api?key=hush", "应为 https"),
        ("https://shop.example:port/api", "应为 https"),
    ],
)
def test_an_address_that_is_not_safe_is_refused(url: str, told: str):
    """Customers' data goes in the clear to nobody but this machine."""
    with pytest.raises(NotConfigured, match=told) as refused:
        open_shop(url, "hush")
    assert "hush" not in str(refused.value)


def test_an_interface_needs_its_key():
    """An unsigned request is never sent."""
    with pytest.raises(NotConfigured, match="XIAOER_SHOP_API_KEY"):
        open_shop("https://shop.example/api")


async def test_one_adapter_serves_any_loop():
    """The desk asks from threads with loops of their own."""
    with served(MemoryShop(read({}))) as shop:
        for _ in range(2):
            assert await asyncio.to_thread(lambda: asyncio.run(shop.order("O1"))) is None
        await shop.close()
