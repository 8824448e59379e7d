"""What a browser is served: the demo shop, the built front end, the API's page, each with its headers."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest
from django.test import Client

from bot.shop.identity import verify
from desk import clock, shop


class Page(HTMLParser):
    """Collects what a strict policy forbids, and the script tags."""

    def __init__(self, answer):
        super().__init__()
        self.inline, self.scripts, self.text = [], [], answer.content.decode()
        self._in = ""
        self.feed(self.text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self._in = tag
        self.inline += [name for name in given if name.startswith("on") or name == "style"]
        if tag == "style" or (tag == "script" and "src" not in given):
            self.inline.append(tag)
        if tag == "script":
            self.scripts.append(given)


@pytest.fixture(scope="module")
def demo_shop():
    from bot.shop.demo import load_demo
    from bot.shop.memory import MemoryShop

    return MemoryShop(load_demo(clock.now()))


@pytest.fixture
def browser(demo_shop, monkeypatch, db):
    monkeypatch.setattr(shop, "backend", lambda: demo_shop)
    return Client()


def csp(answer):
    return dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))


def test_the_front_page_shows_the_goods_and_signs_the_first_shopper_in(browser):
    """The one script tag a store would use, with a token that our own check accepts."""
    page = Page(browser.get("/demo/"))
    assert page.text.count('class="tile"') >= 40
    loader = page.scripts[-1]
    assert loader["src"] == "http://testserver/widget/loader.js"
    assert loader["data-shop"] == "demo"
    assert json.loads(loader["data-page"]) == {"kind": "home"}
    assert verify(loader["data-token"], "demo", "test-shop-key", clock.now()).shopper_id == "S001"


def test_a_product_page_tells_the_widget_which_product_it_is(browser):
    """Exactly the tag of the contract."""
    page = Page(browser.get("/demo/product/P001/"))
    assert re.search(
        r'<script src="http://testserver/widget/loader\.js" data-shop="demo" data-token="[\w.-]+" '
        r"data-page='\{\"kind\":\"product\",\"product_id\":\"P001\"\}' defer></script>",
        page.text,
    )
    assert "商品参数" in page.text
    assert browser.get("/demo/product/nothing/").status_code == 404


def test_the_orders_page_is_the_signed_in_shoppers(browser):
    """Anyone else of the demo by ?as=, nobody as anonymous."""
    mine = browser.get("/demo/orders/").content.decode()
    others = browser.get("/demo/orders/?as=S002").content.decode()
    mine, others = (set(re.findall(r'id="order-(\w+)"', text)) for text in (mine, others))
    assert mine
    assert not mine & others
    nobody = Page(browser.get("/demo/orders/?as=anonymous"))
    assert nobody.scripts[-1]["data-token"] == ""
    assert 'id="order-' not in nobody.text
    assert browser.get("/demo/orders/?as=S999").status_code == 404
    first = sorted(mine)[0]
    page = Page(browser.get(f"/demo/orders/?order={first}"))
    assert json.loads(page.scripts[-1]["data-page"]) == {"kind": "order", "order_id": first}


def test_every_product_has_a_picture(browser):
    """Drawn, since the goods do not exist."""
    answer = browser.get("/demo/pictures/P001.svg")
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert browser.get("/demo/pictures/x.svg").status_code == 404


@pytest.mark.parametrize("path", ["/demo/", "/demo/product/P001/", "/demo/orders/", "/api/docs"])
def test_no_page_of_ours_holds_anything_inline(browser, path):
    """The strict policy would stop it."""
    assert Page(browser.get(path)).inline == []


@pytest.mark.parametrize("path", ["/demo/", "/desk/", "/api/docs", "/health", "/nothing", "/api/desk/me"])
def test_every_answer_has_its_security_headers(browser, path):
    """Only the widget may be framed."""
    answer = browser.get(path)
    policy = csp(answer)
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_shops_pages_may_frame_the_widget(settings, browser):
    """And nobody else."""
    from desk.headers import SecurityHeaders

    settings.XIAOER = type("S", (), {"allowed_origins": ("https://shop.example",)})()
    answer = SecurityHeaders(lambda _: browser.get("/health"))(
        type("R", (), {"path": "/widget/", "is_secure": lambda _: False})()
    )
    assert csp(answer)["frame-ancestors"] == "'self' https://shop.example"


def test_cookies_are_secure_behind_https(browser):
    """By what the proxy says of the connection."""
    assert browser.get("/api/desk/me").cookies["csrftoken"]["secure"] == ""
    assert browser.get("/api/desk/me", secure=True).cookies["csrftoken"]["secure"] is True


def test_the_built_front_end_is_served(browser, settings, tmp_path):
    """Pages fresh, assets for ever; nothing outside of the folder."""
    settings.WEB_DIST = tmp_path / "dist"
    answer = browser.get("/widget/")
    assert answer.status_code == 503
    assert "make web" in answer.content.decode()
    for name, text in {
        "widget/index.html": "窗",
        "widget/loader.js": "1",
        "desk/index.html": "台",
        "assets/a-1.js": "2",
    }.items():
        (settings.WEB_DIST / name).parent.mkdir(parents=True, exist_ok=True)
        (settings.WEB_DIST / name).write_text(text, encoding="utf-8")
    (tmp_path / "secret").write_text("x")
    assert browser.get("/widget/").content.decode() == "窗"
    assert browser.get("/desk/").headers["Cache-Control"] == "no-cache"
    loader = browser.get("/widget/loader.js")
    assert loader.headers["Content-Type"] == "text/javascript; charset=utf-8"
    asset = browser.get("/assets/a-1.js")
    assert "immutable" in asset.headers["Cache-Control"]
    again = browser.get("/assets/a-1.js", headers={"if-modified-since": asset.headers["Last-Modified"]})
    assert again.status_code == 304
    for path in (
        "/assets/../secret",
        "/assets/..%2f..%2fsecret",
        "/assets/nothing.js",
        "/static/../settings.py",
    ):
        assert browser.get(path).status_code == 404


def test_the_api_is_described(browser):
    """Every call of the contract stands in the OpenAPI file and on the page."""
    described = browser.get("/api/schema").json()
    calls = {f"{method.upper()} {path}" for path, methods in described["paths"].items() for method in methods}
    assert calls == {
        "POST /api/shop/session", "GET /api/shop/events", "POST /api/shop/messages",
        "POST /api/shop/pictures", "GET /api/shop/pictures/{picture_id}",
        "GET /api/desk/conversations/{public_id}/pictures/{picture_id}",
        "GET /api/desk/me", "POST /api/desk/login", "POST /api/desk/logout", "POST /api/desk/password",
        "POST /api/desk/lint",
        "GET /api/desk/tasks", "POST /api/desk/tasks/{number}/take", "POST /api/desk/tasks/{number}/close",
        "GET /api/desk/conversations", "GET /api/desk/conversations/{public_id}/events",
        "POST /api/desk/conversations/{public_id}/take", "POST /api/desk/conversations/{public_id}/return",
        "POST /api/desk/conversations/{public_id}/close", "POST /api/desk/conversations/{public_id}/messages",
    }  # fmt: skip
    page = browser.get("/api/docs").content.decode()
    for call in calls:
        assert f"<code>{call}</code>" in page


def test_what_is_described_is_what_is_said(browser, shopper):
    """The event of a real answer has exactly the described fields."""
    described = browser.get("/api/schema").json()["components"]["schemas"]["EventShape"]["properties"]
    assert set(shopper.say("我的快递到哪了")) == set(described)


def test_health_tells_that_the_desk_can_work(browser):
    """Without a log-in, for `up` and balancers."""
    assert browser.get("/health").json() == {"status": "ready"}


def test_the_demo_accounts_can_log_in(db, client):
    """Seeding twice changes nothing."""
    from desk.people.demo import seed

    assert seed() == seed() == [("owner", "xiaoer-demo", "owner"), ("agent", "xiaoer-demo", "agent")]
    for username in ("owner", "agent"):
        answer = client.post(
            "/api/desk/login",
            {"username": username, "password": "xiaoer-demo"},
            content_type="application/json",
        )
        assert answer.status_code == 200


def test_demo_accounts_are_refused_where_others_could_log_in(db, settings):
    """Their password is public."""
    from bot.errors import NotConfigured
    from desk.people.demo import seed

    settings.ON_LOOPBACK = False
    with pytest.raises(NotConfigured, match="密码是公开的"):
        seed()
