"""Pictures of shoppers: messages like others, kept encrypted, shown in their conversation and to agents."""

from __future__ import annotations

import json
import uuid
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from PIL import Image

from desk.conversations import service, turns
from desk.conversations.bot import read_turn
from desk.conversations.models import Conversation, Event
from desk.errors import DeskError
from desk.pictures.door import UPLOAD
from desk.pictures.models import Picture
from desk.pictures.redrawing import MAX_BYTES
from tests.pictures import PLACE, bomb, camera, heic, picture

pytestmark = [pytest.mark.usefixtures("shop_time")]


@pytest.fixture
def agent(xiaomei, make):
    one = make.agent_client()
    one.login("xiaomei")
    return one


def code(answer):
    assert answer.json()["error"]["message"]
    return answer.status_code, answer.json()["error"]["code"]


def sent(shopper, **more):
    answer = shopper.send(picture(**more))
    assert answer.status_code == 201, answer.content
    return answer.json()["event"]


def size_of(answer):
    assert answer.headers["Content-Type"] == "image/jpeg"
    return Image.open(BytesIO(answer.content)).size


def turn_of(make, **more):
    return read_turn(make.repeat({"incoming": {"text": "", "button": None}, "state": None}, **more)[1])


@pytest.mark.sql
def test_a_picture_is_a_message_of_its_own_and_stays_in_the_history(shopper):
    """With its size, so that its place is reserved; words stand in for it where only words are shown."""
    event = sent(shopper, size=(2000, 1000))
    shopper.say("就是这里破了")
    assert (event["kind"], event["text"], event["buttons"], event["card"]) == ("shopper", "[图片]", [], None)
    assert {k: event["picture"][k] for k in ("width", "height")} == {"width": 1600, "height": 800}
    first, second = shopper.look()["events"]
    assert first == event
    assert second["picture"] is None
    assert size_of(shopper.see(event["picture"]["id"])) == (1600, 800)
    assert size_of(shopper.see(event["picture"]["id"], "thumb")) == (320, 160)


@pytest.mark.sql
def test_sent_again_it_is_kept_once(shopper):
    """The client id decides, as with words."""
    client_id = str(uuid.uuid4())
    first, again = shopper.send(picture(), client_id), shopper.send(picture("PNG"), client_id)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert Picture.objects.count() == Event.objects.count() == 1


@pytest.mark.sql
def test_nothing_of_it_can_be_read_in_the_database(shopper, settings):
    """Neither the picture nor what the camera noted; with another key it stays shut."""
    event = shopper.send(camera()).json()["event"]
    row = Picture.objects.get()
    for kept in (bytes(row.full), bytes(row.thumb)):
        assert b"JFIF" not in kept
        assert PLACE.encode() not in kept
    assert PLACE.encode() not in shopper.see(event["picture"]["id"]).content
    key = settings.XIAOER.picture_key
    settings.XIAOER = replace(settings.XIAOER, picture_key="another-key-" + "1" * 40)
    assert code(shopper.see(event["picture"]["id"])) == (503, "picture_sealed")
    settings.XIAOER = replace(settings.XIAOER, picture_key=f"{'another-key-' + '1' * 40},{key}")
    assert shopper.see(event["picture"]["id"]).status_code == 200


@pytest.mark.sql
def test_another_shopper_finds_nothing_under_its_number(shopper, new_shopper, client):
    """Not theirs and not there sound the same; without a key nothing is told at all."""
    number = sent(shopper)["picture"]["id"]
    assert len(number) >= 24
    stranger = new_shopper()
    assert code(stranger.see(number)) == code(stranger.see("nothing")) == (404, "not_found")
    assert code(client.get(f"/api/shop/pictures/{number}")) == (401, "bad_key")
    assert code(client.post(f"{UPLOAD}?client_id={uuid.uuid4()}", picture(), content_type="image/jpeg")) == (
        401,
        "bad_key",
    )
    assert code(shopper.send(picture(), origin="https://evil.example")) == (403, "bad_origin")


@pytest.mark.sql
def test_agents_see_it_and_nobody_else_at_the_desk(shopper, new_shopper, agent, client):
    """By the conversation that it belongs to."""
    number = sent(shopper)["picture"]["id"]
    at = f"conversations/{shopper.id}/pictures/{number}"
    assert agent.get(f"conversations/{shopper.id}/events").json()["events"][0]["picture"]["id"] == number
    assert agent.get("conversations").json()["conversations"][0]["last_text"] == "[图片]"
    assert size_of(agent.get(at)) == (60, 40)
    assert size_of(agent.get(f"{at}?size=thumb")) == (60, 40)
    assert code(agent.get(f"{at}?size=huge")) == (400, "bad_field")
    assert code(agent.get(f"conversations/{new_shopper().id}/pictures/{number}")) == (404, "not_found")
    assert code(agent.get(f"conversations/nobody/pictures/{number}")) == (404, "not_found")
    assert code(client.get(f"/api/desk/{at}")) == (401, "not_logged_in")
    key = {"authorization": f"Bearer {shopper.key}"}
    assert code(client.get(f"/api/desk/{at}", headers=key)) == (401, "not_logged_in")


def test_it_is_shown_as_an_image_and_nothing_else(shopper, agent):
    """Kept in no cache, sniffed for no other type, able to run nothing, framed by nobody."""
    number = sent(shopper)["picture"]["id"]
    for answer in (shopper.see(number), agent.get(f"conversations/{shopper.id}/pictures/{number}")):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert answer.headers["Content-Disposition"] == f'inline; filename="{number}.jpg"'
        policy = answer.headers["Content-Security-Policy"].split("; ")
        assert policy == ["default-src 'none'", "sandbox", "frame-ancestors 'none'"]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", (400, "picture_empty")),
        (picture()[:200], (400, "picture_broken")),
        (b"a" * (MAX_BYTES + 1), (413, "picture_large")),
        (bomb(50_000, 50_000), (413, "picture_pixels")),
        (b"<html>GIF89a</html>", (415, "picture_kind")),
        (heic(), (415, "picture_heic")),
    ],
    ids=["empty", "cut off", "large", "bomb", "page", "heic"],
)
def test_what_is_refused_leaves_nothing_behind(shopper, content, expected):
    """And says in plain words what to do; whatever the header says of the type."""
    assert code(shopper.send(content)) == expected
    assert shopper.lines() == []
    assert not Picture.objects.exists()


def test_a_message_number_that_is_none_is_refused(shopper):
    """As for words."""
    assert code(shopper.send(picture(), "x")) == (400, "bad_field")


@pytest.mark.sql
def test_so_many_a_minute_and_a_day_are_taken(shopper, settings):
    """The count is the database's, so it holds over all processes and restarts."""
    settings.DESK = {**settings.DESK, "pictures_a_minute": 2, "pictures_a_day": 3}
    for _ in range(2):
        sent(shopper)
    answer = shopper.send(picture())
    assert code(answer) == (429, "too_many_pictures")
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    assert len(shopper.lines()) == 2
    Picture.objects.update(at=timezone.now() - timedelta(minutes=2))
    sent(shopper)
    assert code(shopper.send(picture())) == (409, "pictures_full")
    Picture.objects.update(at=timezone.now() - timedelta(days=2))
    sent(shopper)


def test_one_address_cannot_send_without_end(shopper, monkeypatch):
    """Whatever number of conversations it opens."""
    from desk.inboxes import pictures
    from desk.limits import Buckets

    monkeypatch.setattr(pictures, "PICTURES", Buckets(1, 0.1))
    sent(shopper)
    assert code(shopper.send(picture())) == (429, "too_many")


def test_without_a_key_no_picture_is_taken_and_words_still_are(shopper, settings):
    """Said plainly; nothing is kept that anybody could read."""
    settings.XIAOER = replace(settings.XIAOER, picture_key="")
    assert code(shopper.send(picture())) == (409, "pictures_off")
    assert shopper.say("破了")


@pytest.mark.sql
@pytest.mark.django_db(transaction=True)
def test_a_picture_goes_with_its_conversation(shopper, new_shopper):
    """Who is forgotten is forgotten whole; others keep theirs."""
    sent(shopper)
    other = new_shopper()
    sent(other)
    Conversation.objects.get(public_id=shopper.id).delete()
    assert [p.conversation.public_id for p in Picture.objects.all()] == [other.id]


@pytest.mark.sql
@pytest.mark.django_db(transaction=True)
def test_a_picture_that_cannot_be_stored_leaves_no_message(shopper, monkeypatch):
    """Both or neither."""
    from desk.pictures import service as pictures

    def full(*_, **__):
        raise DeskError("pictures_full", limit=1)

    monkeypatch.setattr(pictures.Picture.objects, "create", full)
    assert code(shopper.send(picture())) == (409, "pictures_full")
    assert shopper.lines() == []
    assert shopper.row().last_seq == 0


@pytest.mark.sql
@pytest.mark.django_db(transaction=True)
def test_the_bot_learns_that_pictures_came_and_never_what_is_in_them(bot, desk, shopper, make, settings):
    """Two pictures and the words behind them are one turn."""
    settings.DESK = {**settings.DESK, "picture_seconds": 0.6}
    sent(shopper)
    sent(shopper)
    shopper.say("两张都是破的地方，请看一下")
    make.until(lambda: shopper.lines("bot"))
    incoming = bot.turns()[0]["incoming"]
    assert (incoming["pictures"], incoming["text"], incoming["button"]) == (
        2,
        "两张都是破的地方，请看一下",
        None,
    )
    sent(shopper)
    make.until(lambda: len(shopper.lines("bot")) == 2)
    incoming = bot.turns()[1]["incoming"]
    assert (incoming["pictures"], incoming["text"], incoming["button"]) == (1, None, None)
    assert "picture" not in json.dumps(bot.turns()).replace('"pictures"', "")


@pytest.mark.sql
def test_the_bot_waits_for_what_a_picture_is_about(shopper):
    """A few seconds, shown as typing; words behind it are answered at once."""
    before = timezone.now()
    sent(shopper)
    assert shopper.row().due_at > before + timedelta(seconds=2)
    assert shopper.look()["typing"]
    assert turns.claim() is None
    shopper.say("这里破了怎么办")
    assert turns.claim().merged.pictures == 1


@pytest.mark.sql
def test_with_a_person_a_picture_is_theirs_alone_and_told_to_the_bot_as_such(shopper, agent, make):
    """While somebody waits and while somebody is served; handed back, the bot knows that one came."""
    shopper.say("我要转人工客服")
    turns.commit(turns.claim(), turn_of(make, handoff={"reason": "asked", "role": "sales", "brief": ""}))
    sent(shopper)
    assert shopper.row().due_at is None
    agent.post(f"conversations/{shopper.id}/take")
    number = sent(shopper)["picture"]["id"]
    assert shopper.row().due_at is None
    assert agent.get(f"conversations/{shopper.id}/pictures/{number}").status_code == 200
    said = {"client_id": str(uuid.uuid4()), "text": "看到了"}
    assert agent.post(f"conversations/{shopper.id}/messages", said).status_code == 201
    agent.post(f"conversations/{shopper.id}/return")
    assert shopper.row().due_at is None, "a person has answered it"
    shopper.say("谢谢您")
    claim = turns.claim()
    assert [e["text"] for e in claim.note if e["kind"] == "shopper_said"][-1] == "[图片]"
    assert (claim.merged.pictures, claim.merged.text) == (0, "谢谢您")


@pytest.mark.sql
def test_a_closed_conversation_opens_with_a_picture(shopper, agent):
    """As with words."""
    shopper.say("在吗")
    for what in ("take", "close"):
        agent.post(f"conversations/{shopper.id}/{what}")
    sent(shopper)
    assert shopper.look()["status"] == "bot"
    assert shopper.codes()[-1] == "reopened"


@pytest.mark.sql
def test_a_picture_never_passes_for_the_yes_that_is_waited_for(shopper, make):
    """It is a turn of its own unless words come with it, and those decide."""
    shopper.say("取消订单")
    turns.commit(turns.claim(), turn_of(make, confirming=True))
    sent(shopper)
    Conversation.objects.update(due_at=timezone.now())
    claim = turns.claim()
    assert (claim.merged.text, claim.merged.button, claim.merged.pictures) == (None, None, 1)


def test_a_message_that_came_before_is_not_overwritten_by_a_picture(shopper):
    """One number, one message."""
    client_id = str(uuid.uuid4())
    shopper.say("在吗", client_id)
    assert shopper.send(picture(), client_id).json()["event"]["text"] == "在吗"
    assert not Picture.objects.exists()


def test_the_same_picture_sent_at_the_same_moment_is_stored_once(shopper):
    """Both were drawn; the message decides."""
    from desk.pictures import service as pictures
    from desk.pictures.redrawing import redraw

    client_id, drawn = str(uuid.uuid4()), redraw(picture())
    answering = service.bots_own(pictures.shop.hours())
    first = pictures._keep(shopper.row().pk, client_id, drawn, answering)
    again = pictures._keep(shopper.row().pk, client_id, drawn, answering)
    assert (first[1], again[1], first[0].pk) == (True, False, again[0].pk)
    assert Picture.objects.count() == 1
