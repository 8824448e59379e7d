"""An agent's day: log in, take over, answer, hand back; and who may not."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client

from desk.conversations import turns
from desk.conversations.bot import read_turn
from desk.people.models import Agent
from desk.people.service import create_owner

pytestmark = pytest.mark.usefixtures("shop_time")


@pytest.fixture
def agent(xiaomei, make):
    one = make.agent_client()
    assert one.login("xiaomei").json() == {
        "username": "xiaomei", "name": "小美", "role": "agent", "must_change_password": False,
    }  # fmt: skip
    return one


def code(answer):
    return answer.status_code, answer.json()["error"]["code"]


def waiting(shopper, make):
    shopper.say("我要转人工客服")
    handoff = {"reason": "asked", "role": "sales", "brief": "想要人工"}
    turn = make.repeat({"incoming": {"text": "a", "button": None}, "state": None}, handoff=handoff)[1]
    turns.commit(turns.claim(), read_turn(turn))


@pytest.mark.sql
def test_an_agent_takes_a_waiting_shopper_answers_and_hands_back(agent, shopper, make):
    """The whole way over the API, as the agent page walks it."""
    waiting(shopper, make)
    row = agent.get("conversations").json()["conversations"][0]
    assert (row["id"], row["status"], row["role"], row["mood"], row["mine"]) == (
        shopper.id,
        "waiting",
        "sales",
        "calm",
        False,
    )
    assert row["waiting_since"]
    assert row["shopper"].startswith("访客")

    at = f"conversations/{shopper.id}"
    log = agent.get(f"{at}/events").json()
    assert [e["kind"] for e in log["events"]] == ["shopper", "bot", "system"]
    assert log["events"][1]["author"] == "智能客服"
    assert agent.post(f"{at}/take").json() == {"status": "human", "epoch": 2}
    said = agent.post(f"{at}/messages", {"client_id": str(uuid.uuid4()), "text": " 您好,我是小美 "})
    assert said.status_code == 201
    assert said.json()["event"]["author"] == "小美"
    assert agent.get("conversations").json()["conversations"][0]["mine"] is True
    assert shopper.look()["agent"] == "小美"
    assert shopper.lines("agent") == ["您好,我是小美"]
    assert agent.post(f"{at}/return").json() == {"status": "bot", "epoch": 3}
    assert code(agent.post(f"{at}/return")) == (409, "conflict")
    assert agent.get(f"{at}/events?after=4").json()["last"] == 6


@pytest.mark.sql
def test_the_list_shows_who_waits_longest_first(agent, new_shopper, make):
    """Waiting, then with people, then with the bot."""
    shoppers = [new_shopper() for _ in range(4)]
    shoppers[0].say("我只是问问")
    waiting(shoppers[2], make) if turns.commit(turns.claim(), _plain(make)) else None
    waiting(shoppers[1], make)
    waiting(shoppers[3], make)
    agent.post(f"conversations/{shoppers[1].id}/take")
    listed = [c["id"] for c in agent.get("conversations").json()["conversations"]]
    assert listed == [shoppers[i].id for i in (2, 3, 1, 0)]


def test_the_list_previews_what_people_said_and_who_asked_after_hours(agent, shopper, make, shop_time):
    """The bot's lines are no news to an agent; in the morning it is plain who has waited since the night."""
    assert agent.get("conversations").json()["working_hours"] is True
    shop_time(make.night)
    waiting(shopper, make)
    listed = agent.get("conversations").json()
    row = listed["conversations"][0]
    assert (listed["working_hours"], row["after_hours"]) == (False, True)
    assert row["last_text"] == "我要转人工客服"
    agent.post(f"conversations/{shopper.id}/take")
    agent.post(f"conversations/{shopper.id}/messages", {"client_id": str(uuid.uuid4()), "text": "您好"})
    assert agent.get("conversations").json()["conversations"][0]["last_text"] == "您好"


def _plain(make):
    return read_turn(make.repeat({"incoming": {"text": "a", "button": None}, "state": None})[1])


def test_nobody_gets_in_without_logging_in(client, shopper):
    """401 for each call, whether or not the conversation exists."""
    for path in ("me", "conversations", f"conversations/{shopper.id}/events", "conversations/c0/events"):
        assert code(client.get(f"/api/desk/{path}")) == (401, "not_logged_in")
    for path in ("take", "return", "close", "messages"):
        answer = client.post(
            f"/api/desk/conversations/{shopper.id}/{path}", {}, content_type="application/json"
        )
        assert code(answer) == (401, "not_logged_in")


def test_a_call_without_the_csrf_token_is_refused(agent, shopper):
    """Logged in or about to log in."""
    bare = Client(enforce_csrf_checks=True)
    answer = bare.post("/api/desk/login", {"username": "a", "password": "b"}, content_type="application/json")
    assert code(answer) == (403, "csrf")
    answer = agent.http.post(f"/api/desk/conversations/{shopper.id}/take", content_type="application/json")
    assert code(answer) == (403, "csrf")


@pytest.mark.sql
def test_a_wrong_password_is_refused_and_guessing_ends(xiaomei, make):
    """Unknown name and wrong password sound the same; after five tries even the right one waits."""
    one = make.agent_client()
    assert code(one.login("nobody", "x")) == (401, "bad_login")
    for _ in range(4):
        assert code(one.login("xiaomei", "wrong")) == (401, "bad_login")
    assert code(one.login("xiaomei", "wrong")) == (429, "locked_out")
    assert code(one.login("xiaomei")) == (429, "locked_out")


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"username": 5, "password": []},
        {"username": "\x00", "password": "x"},
        {"username": "a" * 9000, "password": "x"},
    ],
)
@pytest.mark.sql
def test_a_malformed_login_is_refused(xiaomei, make, data):
    """Never an exception."""
    one = make.agent_client()
    one.get("me")
    assert one.post("login", data).status_code in {400, 401}


def test_what_is_not_there_is_not_found(agent):
    """For every call."""
    for path in ("take", "return", "close"):
        assert code(agent.post(f"conversations/c0/{path}")) == (404, "not_found")
    assert code(agent.get("conversations/c0/events")) == (404, "not_found")


def test_an_agent_must_take_over_before_speaking(agent, shopper):
    """And says something when they do."""
    at = f"conversations/{shopper.id}"
    say = {"client_id": str(uuid.uuid4()), "text": "您好"}
    assert code(agent.post(f"{at}/messages", say)) == (409, "conflict")
    agent.post(f"{at}/take")
    assert code(agent.post(f"{at}/messages", {**say, "text": "  "})) == (400, "empty")
    assert agent.post(f"{at}/messages", say).status_code == 201
    assert agent.post(f"{at}/messages", say).status_code == 200, "sent again, stored once"
    assert agent.post(f"{at}/close").json()["status"] == "closed"
    assert agent.get("conversations").json()["conversations"] == []


def test_logging_out_ends_the_session(agent):
    """The cookie opens nothing any more."""
    assert agent.post("logout").status_code == 204
    assert code(agent.get("conversations")) == (401, "not_logged_in")


def test_a_one_time_password_opens_only_its_own_replacement(db, make):
    """The first owner changes it at the API or in the back office, then works."""
    password = create_owner("boss")
    one = make.agent_client()
    assert one.login("boss", password).json()["must_change_password"] is True
    assert code(one.get("conversations")) == (403, "password_change_required")
    assert one.http.get("/admin/").headers["Location"] == "/admin/password_change/"
    assert code(one.post("password", {"old": "wrong", "new": "another-long-one"})) == (401, "bad_login")
    assert code(one.post("password", {"old": password, "new": "123"})) == (400, "weak_password")
    assert code(one.post("password", {"old": password, "new": password})) == (400, "weak_password")
    assert one.post("password", {"old": password, "new": "another-long-one"}).status_code == 204
    assert one.get("conversations").status_code == 200
    assert one.http.get("/admin/").status_code == 200


def test_the_back_office_page_replaces_a_one_time_password_too(db):
    """Django's own form."""
    password = create_owner("boss")
    browser = Client()
    browser.post("/admin/login/", {"username": "boss", "password": password})
    form = {
        "old_password": password,
        "new_password1": "another-long-one",
        "new_password2": "another-long-one",
    }
    assert browser.post("/admin/password_change/", form).status_code == 302
    assert Agent.objects.get(username="boss").must_change_password is False
    assert browser.get("/admin/").status_code == 200


@pytest.mark.sql
def test_the_owner_reads_conversations_in_the_back_office_in_chinese(db, shopper, make):
    """To read, not to change; agents have no business there."""
    waiting(shopper, make)
    owner = make.agent("boss", "店主", role="owner", is_staff=True, is_superuser=True)
    browser = Client()
    browser.force_login(owner)
    page = browser.get("/admin/conversations/conversation/").content.decode()
    assert shopper.id in page
    assert "会话" in page
    detail = browser.get(f"/admin/conversations/conversation/{shopper.row().pk}/change/").content.decode()
    assert "我要转人工客服" in detail
    assert browser.get("/admin/people/agent/").status_code == 200
    made = {"username": "newbie", "display_name": "新人", "role": "agent", "usable_password": "true",
            "password1": "another-long-one", "password2": "another-long-one"}  # fmt: skip
    assert browser.post("/admin/people/agent/add/", made).status_code == 302
    newbie = Agent.objects.get(username="newbie")
    assert (newbie.must_change_password, newbie.is_staff) == (True, False)
    plain = Client()
    plain.force_login(newbie)
    assert plain.get("/admin/conversations/conversation/").status_code == 302


def test_a_draft_is_looked_at_and_never_held_back(agent, shopper, make):
    """The check tells span, reason and a better way; sending the same words works as ever."""
    text = "加我微信聊，这是您自己没看清楚"
    findings = agent.post("lint", {"text": text}).json()["findings"]
    assert [f["span"] for f in findings] == ["加我微信", "您自己没看清楚"]
    assert all(f["why"] and f["expected"] for f in findings)
    assert agent.post("lint", {"text": "您好，这就帮您查"}).json() == {"findings": []}
    waiting(shopper, make)
    agent.post(f"conversations/{shopper.id}/take")
    said = agent.post(f"conversations/{shopper.id}/messages", {"client_id": str(uuid.uuid4()), "text": text})
    assert said.status_code == 201
    assert shopper.lines("agent") == [text]


def test_only_an_agent_may_ask_about_a_draft(client):
    """Like every call of the agents' API."""
    answer = client.post("/api/desk/lint", {"text": "您好"}, content_type="application/json")
    assert answer.status_code in {401, 403}
