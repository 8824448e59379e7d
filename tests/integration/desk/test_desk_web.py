"""The shopper's API: whatever comes in gets a clear answer or a clear error."""

from __future__ import annotations

import asyncio
import json
import uuid
from datetime import timedelta

import pytest
from asgiref.testing import ApplicationCommunicator

from bot.shop.identity import sign
from desk import clock
from desk.inboxes import web


def token(sub="S001", name="林小满", key="test-shop-key", ago=0, shop="demo"):
    return sign(shop, sub, name, key, clock.now() - timedelta(seconds=ago))


def message(**fields):
    return {"client_id": str(uuid.uuid4()), **fields}


def error(answer):
    assert set(answer.json()) == {"error"}
    assert answer.json()["error"]["message"], "every error can be shown"
    return answer.status_code, answer.json()["error"]["code"]


def test_a_session_opens_with_all_that_the_first_screen_shows(new_shopper):
    """Shop, hours, greeting, four questions by page, and a key of 256 bits."""
    opened = new_shopper(token=token(), page={"kind": "product", "product_id": "P001"}).opened
    assert opened.status_code == 201
    body = opened.json()
    assert body["shopper"] == {"name": "林小满"}
    assert (body["status"], body["last"]) == ("bot", 0)
    assert len(body["suggestions"]) == 4
    assert len(body["key"]) >= 43
    assert body["shop"]["name"] in body["shop"]["greeting"]
    assert opened.headers["Cache-Control"] == "no-store"


@pytest.mark.sql
def test_a_session_is_resumed_by_its_key(new_shopper):
    """Same conversation, same key, and its history."""
    first = new_shopper(token=token())
    first.say("我的快递到哪了")
    again = new_shopper(token=token(), key=first.key)
    assert again.opened.status_code == 200
    assert (again.id, again.key, again.opened.json()["last"]) == (first.id, first.key, 1)


def test_an_anonymous_session_is_resumed_and_may_sign_in(new_shopper):
    """Who logs in to the shop in the middle of a talk keeps it."""
    first = new_shopper()
    assert new_shopper(key=first.key).id == first.id
    signed_in = new_shopper(key=first.key, token=token())
    assert (signed_in.id, signed_in.opened.json()["shopper"]) == (first.id, {"name": "林小满"})


@pytest.mark.parametrize("who", [None, "S002"])
def test_a_shoppers_session_is_not_resumed_by_another(new_shopper, who):
    """On a shared computer the next one gets a conversation of their own."""
    first = new_shopper(token=token())
    other = new_shopper(key=first.key, token=token(sub=who, name="别人") if who else None)
    assert other.opened.status_code == 201
    assert other.id != first.id


@pytest.mark.parametrize(
    "bad",
    [
        "nonsense",
        token(key="another-key"),
        token(ago=601),
        token(shop="another-shop"),
        token().replace(token()[:8], "eyJzdWIi", 1),
        token()[:-1],
        "\ud800",
    ],
)
def test_a_forged_or_expired_token_opens_nothing(client, db, bad):
    """401 bad_token, and no conversation."""
    answer = client.post("/api/shop/session", {"token": bad}, content_type="application/json")
    assert error(answer) == (401, "bad_token")


@pytest.mark.parametrize("text", ["", "   \n\t", "\x00\x01\x1f", "\u200b\u200d\ufeff", "\u3000"])
def test_a_message_with_nothing_to_read_is_refused(shopper, text):
    """Empty, blank, control characters or invisible ones only."""
    assert error(shopper.post(message(text=text))) == (400, "empty")
    assert shopper.lines() == []


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("我的\x00快递\x07到哪了\x1b", "我的快递到哪了"),
        ("一行\r\n两行", "一行\n两行"),
        ("坏的\ud83d字", "坏的字"),
        ("😂😂👨‍👩‍👧", "😂😂👨‍👩‍👧"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("' OR 1=1; DROP TABLE conversations_event; --", "' OR 1=1; DROP TABLE conversations_event; --"),
        ('/human_agent{"x":1}', '/human_agent{"x":1}'),
        ("8" * 18, "8" * 18),
        pytest.param("问" * 20_000, "问" * 20_000, id="long"),
    ],
)
@pytest.mark.sql
def test_any_other_text_is_kept_as_text(shopper, text, stored):
    """Control characters go, everything else stays, letter for letter."""
    body = json.dumps(message(text=text), ensure_ascii="\ud83d" in text)
    assert shopper.post(body).status_code == 201
    assert shopper.lines("shopper") == [stored]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{"client_id": "\xff\xfe", "text": "a"}', (400, "bad_json")),
        (b"{not json", (400, "bad_json")),
        (b"", (400, "bad_field")),
        (b"[1, 2]", (400, "bad_field")),
        (b"null", (400, "bad_field")),
        (b'{"text": "a"}', (400, "bad_field")),
        (json.dumps(message()).encode(), (400, "bad_field")),
        (json.dumps(message(text=5)).encode(), (400, "bad_field")),
        (json.dumps(message(text="a", button="b")).encode(), (400, "bad_field")),
        (json.dumps(message(button=["b"])).encode(), (400, "bad_field")),
        (json.dumps({"client_id": "7", "text": "a"}).encode(), (400, "bad_field")),
        (json.dumps(message(text="a", page="P001")).encode(), (400, "bad_field")),
        (json.dumps(message(button="never offered")).encode(), (400, "unknown_button")),
        pytest.param(json.dumps(message(text="a" * 20_001)).encode(), (413, "too_long"), id="long"),
        pytest.param(b"[" * 30_000, (400, "bad_json"), id="deep"),
    ],
)
def test_a_malformed_message_gets_a_clear_error(shopper, body, expected):
    """JSON errors name what was expected; nothing is stored."""
    assert error(shopper.post(body)) == expected
    assert shopper.lines() == []


def test_another_content_type_is_refused(shopper, client):
    """Only JSON is read, so that no foreign form can post."""
    answer = client.post("/api/shop/messages", message(text="a"), headers=shopper.bearer)
    assert error(answer) == (415, "unsupported_type")


@pytest.mark.parametrize("key", [None, "", "x", "é", pytest.param("a" * 5000, id="long")])
@pytest.mark.sql
def test_without_a_conversations_key_nothing_is_told(client, db, key):
    """A wrong key and none sound the same."""
    headers = {} if key is None else {"authorization": f"Bearer {key}"}
    assert error(client.get("/api/shop/events", headers=headers)) == (401, "bad_key")
    answer = client.post(
        "/api/shop/messages", message(text="a"), content_type="application/json", headers=headers
    )
    assert error(answer) == (401, "bad_key")


def test_a_key_reaches_its_own_conversation_only(new_shopper):
    """No call names a conversation: another's key gives another's talk, and no id gives any."""
    mine, other = new_shopper(), new_shopper()
    mine.say("我的秘密")
    assert other.lines() == []
    mine.key = mine.id
    assert error(mine._client.get("/api/shop/events", headers=mine.bearer)) == (401, "bad_key")


@pytest.mark.parametrize("after", ["-1", "x", "1.5", "١", "9" * 30])
def test_a_senseless_number_is_refused(shopper, after):
    """`after` is a plain number."""
    answer = shopper._client.get("/api/shop/events", {"after": after}, headers=shopper.bearer)
    assert error(answer) == (400, "bad_field")


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://testserver:81", "http://testserver.evil.example"]
)
def test_a_foreign_page_is_refused(shopper, client, origin):
    """Browsers tell where a call comes from; only the desk's own pages may call."""
    assert error(shopper.post(message(text="a"), origin=origin)) == (403, "bad_origin")
    answer = client.post(
        "/api/shop/session", {"token": None}, content_type="application/json", headers={"origin": origin}
    )
    assert error(answer) == (403, "bad_origin")
    assert shopper.post(message(text="自己的页面"), origin="http://testserver").status_code == 201


def test_a_foreign_host_name_is_refused(shopper, client):
    """DNS rebinding ends at ALLOWED_HOSTS."""
    assert error(client.get("/api/shop/events", headers={**shopper.bearer, "host": "evil.example"})) == (
        400,
        "bad_request",
    )


def test_a_hundred_messages_at_once_are_accepted_and_the_next_is_clearly_refused(shopper, monkeypatch):
    """Every 201 is stored, every 429 says when to try again: none is lost silently."""
    monkeypatch.setattr(web.PER_CONVERSATION, "_clock", lambda: 0.0)
    answers = [shopper.post(message(text=f"第{n}条")) for n in range(110)]
    stored = [a for a in answers if a.status_code == 201]
    refused = [a for a in answers if a.status_code == 429]
    assert (len(stored), len(refused)) == (100, 10)
    assert all(int(a.headers["Retry-After"]) >= 1 and error(a) == (429, "too_many") for a in refused)
    assert len(shopper.lines("shopper")) == len(stored)


def test_what_does_not_exist_answers_in_json(client, db):
    """Also outside of the API's own views."""
    assert error(client.get("/api/nothing")) == (404, "not_found")
    assert error(client.put("/api/shop/session")) == (405, "method_not_allowed")


async def post_raw(path, chunks, headers=()):
    from desk.asgi import application

    scope = {
        "type": "http", "http_version": "1.1", "method": "POST", "path": path, "raw_path": path.encode(),
        "query_string": b"", "root_path": "", "scheme": "http", "client": ("127.0.0.1", 1),
        "server": ("localhost", 80),
        "headers": [(b"host", b"localhost"), (b"content-type", b"application/json"), *headers],
    }  # fmt: skip
    app = ApplicationCommunicator(application, scope)
    for number, chunk in enumerate(chunks):
        await app.send_input({"type": "http.request", "body": chunk, "more_body": number + 1 < len(chunks)})
    started = await app.receive_output(30)
    body = await app.receive_output(30)
    await asyncio.wait_for(app.wait(), 30)
    return started["status"], json.loads(body["body"])["error"]["code"]


@pytest.mark.parametrize("path", ["/api/shop/session", "/api/shop/messages", "/api/desk/login"])
async def test_two_megabytes_are_refused_unread(path):
    """Whether the length was announced or not."""
    announced = [(b"content-length", b"2000000")]
    assert await post_raw(path, [b"a" * 1000, b""], announced) == (413, "too_large")
    assert await post_raw(path, [b"a" * 20_000] * 100) == (413, "too_large")
    assert await post_raw(path, [b""], [(b"content-length", b"-5")]) == (413, "too_large")
