"""docs/shop-api.yaml and the reference server say the same, path by path, and nobody unsigned is answered."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.shop import openapi
from bot.shop.backend import ShopBackend
from bot.shop.memory import MemoryShop
from bot.shop.portable import dump
from bot.shop.reference import create_app
from bot.shop.signing import KEY, SIGNATURE, TIME, TOLERANCE, Signed
from bot.shop.wishes import KINDS
from tests.contract.served import API_KEY
from tests.contract.test_shop_writes import data

DOCS = Path(__file__).resolve().parents[2] / "docs"
API = yaml.safe_load((DOCS / "shop-api.yaml").read_text(encoding="utf-8"))
PATHS = [(method.upper(), path) for path, methods in API["paths"].items() for method in methods]
AT = "2026-11-21T10:00:00+08:00"
FOUND = {
    "/order": {"id": "O1"},
    "/orders": {"shopper_id": "S1"},
    "/parcel": {"waybill": "W2"},
    "/parcels": {"order_id": "O1"},
    "/shopper": {"id": "S1"},
    "/invoice": {"order_id": "O1"},
    "/bookings": {"order_id": "O1"},
    "/coupons": {"shopper_id": "S1"},
}


def test_the_file_is_what_the_code_says():
    """Remake it by `python -m bot.shop.openapi > docs/shop-api.yaml`."""
    assert (DOCS / "shop-api.yaml").read_text(encoding="utf-8") == openapi.text()


def test_every_question_and_every_wish_is_in_the_file():
    """A method of the port that no path serves would be a hole."""
    asked = ShopBackend.__abstractmethods__ - {"close"}
    assert len(PATHS) == len(asked)
    wishes = API["components"]["schemas"]["Wish"]["oneOf"]
    names = [ref["$ref"].rpartition("/")[2] for ref in wishes]
    kinds = [API["components"]["schemas"][name]["properties"]["kind"]["const"] for name in names]
    assert kinds == list(KINDS)


def _check(form: Any, schema: Any) -> None:
    whole = {**schema, "components": API["components"]}
    jsonschema.Draft202012Validator(whole).validate(form)


def _schema(path: str, method: str, answer: httpx.Response) -> Any:
    """The schema of an answer, which must be one that the file knows."""
    responses = API["paths"][path][method.lower()]["responses"]
    assert str(answer.status_code) in responses, (path, answer.status_code, answer.text)
    told = responses[str(answer.status_code)]
    if "$ref" in told:
        told = API["components"]["responses"][told["$ref"].rpartition("/")[2]]
    return told["content"]["application/json"]["schema"]


class Client:
    """Sends signed requests to the reference server, without a socket."""

    def __init__(self) -> None:
        app = create_app(MemoryShop(data()), API_KEY)
        transport = httpx.ASGITransport(app=app)
        self.http = httpx.AsyncClient(transport=transport, base_url="http://shop")

    async def ask(self, method: str, path: str, query: str = "", body: bytes = b"", key: str = "") -> Any:
        signed = Signed(method, path, query, body, key).headers(API_KEY, time.time())
        return await self.http.request(method, _target(path, query), headers=signed, content=body)

    async def checked(self, method: str, path: str, *args: Any) -> httpx.Response:
        answer: httpx.Response = await self.ask(method, path, *args)
        _check(answer.json(), _schema(path, method, answer))
        return answer


def _target(path: str, query: str) -> httpx.URL:
    return httpx.URL("http://shop").copy_with(raw_path=(f"{path}?{query}" if query else path).encode())


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    """The reference server over the rows of the writing contract."""
    made = Client()
    yield made
    await made.http.aclose()


@pytest.mark.parametrize("path", [path for method, path in PATHS if method == "GET"])
async def test_every_question_is_answered_as_the_file_says(client: Client, path: str):
    """Found, and not found; what a question needs must be there."""
    asked = FOUND.get(path, {})
    assert (await client.checked("GET", path, urlencode(asked))).status_code == 200
    nobody = await client.checked("GET", path, urlencode(dict.fromkeys(asked, "nobody")))
    several = API["paths"][path]["get"]["responses"].keys() >= {"404"}
    assert nobody.status_code == (404 if several else 200)
    parameters = API["paths"][path]["get"].get("parameters", [])
    if any(p["required"] for p in parameters):
        assert (await client.checked("GET", path, "")).status_code == 400


@pytest.mark.parametrize("path", ["/previews", "/writes"])
async def test_a_wish_is_answered_as_the_file_says(client: Client, path: str):
    """Done, refused, or no request of the contract."""
    body = {"wish": {"kind": "cancel", "order_id": "O2", "reason": ""}, "at": AT}
    _check(body, {"$ref": "#/components/schemas/Request"})
    done = await client.checked("POST", path, "", json.dumps(body).encode(), "k1")
    assert done.status_code == 200
    refused = {"wish": {"kind": "cancel", "order_id": "O1"}, "at": AT}
    assert (await client.checked("POST", path, "", json.dumps(refused).encode(), "k2")).status_code == 409
    for wrong in (b"", b"[]", b"{}", b'{"wish": {"kind": "steal"}, "at": "%s"}' % AT.encode()):
        assert (await client.checked("POST", path, "", wrong, "k3")).status_code == 400


async def test_a_write_needs_a_key(client: Client):
    """Without one it could be done twice."""
    body = {"wish": {"kind": "cancel", "order_id": "O2"}, "at": AT}
    assert (await client.checked("POST", "/writes", "", json.dumps(body).encode())).status_code == 400


async def test_what_has_not_changed_is_not_sent_again(client: Client):
    """Also where a proxy has weakened the tag."""
    for path in ("/catalogue", "/policy"):
        tag = (await client.ask("GET", path)).headers["etag"]
        for given_tag in (tag, f"W/{tag}"):
            signed = Signed("GET", path).headers(API_KEY, time.time())
            again = await client.http.get(path, headers={**signed, "If-None-Match": given_tag})
            assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(("method", "path"), PATHS)
async def test_nobody_is_answered_unsigned(client: Client, method: str, path: str):
    """Not even whether a row is there."""
    query, body = urlencode(FOUND.get(path, {})), b"{}" if method == "POST" else b""
    right = Signed(method, path, query, body, "k1")
    now = time.time()
    wrong = {
        "no signature": {},
        "another key": right.headers("guessed", now),
        "too old": right.headers(API_KEY, now - TOLERANCE - 60),
        "too new": right.headers(API_KEY, now + TOLERANCE + 60),
        "no time": {**right.headers(API_KEY, now), TIME: "soon"},
        "another time": {**right.headers(API_KEY, now), TIME: str(int(now) - 30)},
        "another method": Signed("PUT", path, query, body, "k1").headers(API_KEY, now),
        "another path": Signed(method, path + "s", query, body, "k1").headers(API_KEY, now),
        "another query": Signed(method, path, query + "&x=1", body, "k1").headers(API_KEY, now),
        "another body": Signed(method, path, query, body + b" ", "k1").headers(API_KEY, now),
        "another write": {**right.headers(API_KEY, now), KEY: "k2"},
        "no text": {**right.headers(API_KEY, now), SIGNATURE: "é".encode()},
    }
    for name, headers in wrong.items():
        answer = await client.http.request(method, _target(path, query), headers=headers, content=body)
        assert answer.status_code == 401, name
        _check(answer.json(), _schema(path, method, answer))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
wish_like = st.fixed_dictionaries(
    {"kind": st.sampled_from(sorted(KINDS))},
    optional={
        name: json_values | st.sampled_from(["O1", "O2", "P1", "P1-1", "S1"])
        for name in ("order_id", "reason", "address", "lines", "amount", "shopper_id", "remark", "to_sku")
    },
)


@settings(max_examples=80)
@given(
    where=st.sampled_from(PATHS),
    query=st.dictionaries(
        st.sampled_from(["id", "shopper_id", "order_id", "waybill", "x"]), st.text(max_size=9)
    ),
    body=json_values | st.fixed_dictionaries({"wish": wish_like, "at": st.just(AT) | json_values}),
    key=st.sampled_from(["", "k1", "k" * 65]),
)
async def test_whatever_is_sent_is_answered_as_the_file_says(
    where: tuple[str, str], query: dict[str, str], body: Any, key: str
):
    """No request, however odd, gets an answer that is not in the file."""
    client = Client()
    method, path = where
    raw = json.dumps(body).encode() if method == "POST" else b""
    await client.checked(method, path, urlencode(query), raw, key)
    await client.http.aclose()


def test_rows_of_a_shop_fit_their_schemas():
    """As an export writes them."""
    schemas = {"products": "Product", "shoppers": "Shopper", "orders": "Order", "parcels": "Parcel"}
    for name, schema in schemas.items():
        for row in dump(data())[name]:
            _check(row, {"$ref": f"#/components/schemas/{schema}"})


@pytest.mark.parametrize(
    "wrong", [{"price": -1}, {"price": 1.5}, {"id": "P 1"}, {"skus": None}, {"colour": "red"}, {"title": " "}]
)
def test_what_the_adapter_would_refuse_does_not_fit(wrong: dict[str, Any]):
    """A shop that checks its answers against the file finds the same faults."""
    row = {**dump(data())["products"][0], **wrong}
    with pytest.raises(jsonschema.ValidationError):
        _check(row, {"$ref": "#/components/schemas/Product"})
