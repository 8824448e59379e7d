"""The one address that takes large bodies: not larger ones, not too many at once, and none for ever."""

from __future__ import annotations

import asyncio
import json
import uuid

import pytest
from asgiref.testing import ApplicationCommunicator

from desk.pictures.door import UPLOAD, PictureDoor
from desk.pictures.redrawing import MAX_BYTES


def scope_of(path=UPLOAD, headers=(), who="127.0.0.1"):
    return {
        "type": "http", "http_version": "1.1", "method": "POST", "path": path, "raw_path": path.encode(),
        "query_string": f"client_id={uuid.uuid4()}".encode(), "root_path": "", "scheme": "http",
        "client": (who, 1), "server": ("localhost", 80), "headers": [(b"host", b"localhost"), *headers],
    }  # fmt: skip


async def post_raw(app, chunks, **scope):
    talk = ApplicationCommunicator(app, scope_of(**scope))
    for number, chunk in enumerate(chunks):
        await talk.send_input({"type": "http.request", "body": chunk, "more_body": number + 1 < len(chunks)})
    return await answer_of(talk)


async def answer_of(talk):
    started, body = await talk.receive_output(30), await talk.receive_output(30)
    await asyncio.wait_for(talk.wait(), 30)
    return started["status"], json.loads(body["body"])


def door(handler, **more):
    desk = {"pictures_coming": (3, 2), "pictures_drawn": 1, "picture_upload_seconds": 30.0, **more}
    return PictureDoor(None, handler, desk)


async def test_only_the_address_for_pictures_takes_more_than_64_kb():
    """And that one not more than 5 MB, whether or not the length was announced."""
    from desk.asgi import application

    async def refused(chunks, **scope):
        status, body = await post_raw(application, chunks, **scope)
        return status, body["error"]["code"]

    quarter = b"a" * (MAX_BYTES // 4)
    assert await refused([quarter] * 4 + [b"a"]) == (413, "picture_large")
    assert await refused([b""], headers=[(b"content-length", str(MAX_BYTES + 1).encode())]) == (
        413,
        "picture_large",
    )
    assert await refused([quarter], path="/api/shop/messages") == (413, "too_large")
    assert await refused([quarter], path=f"{UPLOAD}/x") == (413, "too_large")


@pytest.mark.django_db(transaction=True)
async def test_a_body_within_the_limit_reaches_its_view():
    """Here it is told that a key is missing."""
    from desk.asgi import application

    status, body = await post_raw(application, [b"a" * 200_000] * 10)
    assert (status, body["error"]["code"]) == (401, "bad_key")


async def test_uploads_at_once_are_bounded_for_all_and_for_one():
    """Whoever comes too many is told when to try again, and let in when others are done."""
    go_on, begun, at_work = asyncio.Event(), asyncio.Event(), []

    async def handler(scope, receive, send):
        at_work.append(1)
        begun.set()
        assert (await receive())["body"] == b"x"
        await go_on.wait()
        at_work.pop()
        await send({"type": "http.response.start", "status": 201, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})

    app = door(handler)
    talks = [ApplicationCommunicator(app, scope_of(who=who)) for who in ("a", "a", "b")]
    for talk in talks:
        await talk.send_input({"type": "http.request", "body": b"x", "more_body": False})
    await asyncio.sleep(0)
    for who in ("a", "c"):
        status, body = await post_raw(app, [b"x"], who=who)
        assert (status, body["error"]["code"]) == (429, "too_many_pictures")
    await asyncio.wait_for(begun.wait(), 30)
    assert at_work == [1], "one is drawn at a time"
    go_on.set()
    assert [(await answer_of(talk))[0] for talk in talks] == [201] * 3
    assert (await post_raw(app, [b"x"], who="a"))[0] == 201
    assert app._coming == {}


async def test_an_upload_that_never_ends_is_given_up():
    """And one whose sender has left holds no place."""
    app = door(None, picture_upload_seconds=0.05)
    talk = ApplicationCommunicator(app, scope_of())
    await talk.send_input({"type": "http.request", "body": b"x", "more_body": True})
    status, body = await answer_of(talk)
    assert (status, body["error"]["code"]) == (503, "picture_slow")
    left = ApplicationCommunicator(app, scope_of())
    await left.send_input({"type": "http.disconnect"})
    await asyncio.wait_for(left.wait(), 30)
    assert app._coming == {}
