"""What is written down for people: stored with the reply, shown to agents, closed with a word on how."""

from __future__ import annotations

import pytest
from django.test import Client

from desk.conversations import turns
from desk.conversations.bot import read_turn
from desk.records.models import Task

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("shop_time"), pytest.mark.sql]
SOON, LATER, OVER = "2026-11-20T16:00:00+08:00", "2026-11-21T12:00:00+08:00", "2026-11-20T14:00:00+08:00"


def task(key="k1", **more):
    """The wire form of one."""
    given = {"kind": "callback", "role": "aftersales", "order": "Z1", "wish": "回电说明退款", "due": SOON}
    return {**given, "key": key, **more}


@pytest.fixture
def agent(xiaomei, make):
    one = make.agent_client()
    one.login("xiaomei")
    return one


@pytest.fixture
def noted(make):
    """Stores a turn that writes these tasks down."""

    def store(shopper, *tasks, **more):
        shopper.say("什么时候能退款")
        turn = make.repeat(
            {"incoming": {"text": "a", "button": None}, "state": None}, tasks=list(tasks), **more
        )
        return turns.commit(turns.claim(), read_turn(turn[1]))

    return store


def wishes(answer):
    assert answer.status_code == 200, answer.content
    return [row["wish"] for row in answer.json()["tasks"]]


def code(answer):
    return answer.status_code, answer.json()["error"]["code"]


def test_a_task_is_stored_with_the_reply_and_shown_with_its_conversation(agent, shopper, noted):
    """In the table, in the badge and beside the conversation."""
    noted(shopper, task(due=OVER))
    (row,) = agent.get("tasks").json()["tasks"]
    assert row | {"id": 0, "created_at": "", "shopper": ""} == {
        "id": 0, "conversation": shopper.id, "shopper": "", "kind": "callback", "role": "aftersales",
        "order": "Z1", "wish": "回电说明退款", "due": OVER, "overdue": True, "created_at": "",
        "assignee": None, "mine": False, "closed_at": None, "closed_by": "", "outcome": "",
    }  # fmt: skip
    assert row["shopper"] == agent.get("conversations").json()["conversations"][0]["shopper"]
    assert agent.get("conversations").json()["tasks"] == {"open": 1, "overdue": 1}
    beside = agent.get(f"conversations/{shopper.id}/events").json()
    assert beside["tasks"] == [row]
    assert beside["conversation"]["id"] == shopper.id


def test_the_same_task_twice_is_one(new_shopper, agent, noted):
    """By its kind and key, in this turn and in later ones; the first words stay."""
    shopper = new_shopper()
    noted(shopper, task(), task(wish="再记一次"))
    noted(shopper, task(wish="又记一次"), task("k2", wish="另一件"))
    assert wishes(agent.get("tasks")) == ["回电说明退款", "另一件"]


def test_a_turn_that_is_not_stored_leaves_no_task(shopper, make, xiaomei):
    """Overtaken by a later message: the next turn will say what is to be done."""
    shopper.say("什么时候能退款")
    held = turns.claim()
    shopper.say("算了我再看看")
    turn = make.repeat({"incoming": {"text": "a", "button": None}, "state": None}, tasks=[task()])[1]
    assert turns.commit(held, read_turn(turn)) is turns.Outcome.OVERTAKEN
    assert Task.objects.count() == 0


def test_what_the_shop_takes_after_all_is_no_task_any_more(agent, shopper, noted):
    """Down at the first yes, up at the second: the write has the task's key, and nobody does it again."""
    noted(
        shopper,
        task("w1", kind="failed_write", wish="取消订单"),
        task("w2", kind="failed_write", wish="改地址"),
    )
    done = {"kind": "cancel", "key": "w1", "args": {}, "result": {}, "said": "已取消"}
    noted(shopper, task("w1", kind="followup", wish="核对退款"), writes=[done])
    assert wishes(agent.get("tasks")) == ["改地址", "核对退款"]
    closed = agent.get(f"conversations/{shopper.id}/events").json()["tasks"][-1]
    assert (closed["wish"], closed["closed_by"]) == ("取消订单", "智能客服")
    assert closed["outcome"]


def test_the_most_urgent_comes_first_and_roles_and_mine_can_be_picked(agent, shopper, noted):
    """Due first; each filter alone and both together."""
    noted(
        shopper,
        task("a", wish="明天", due=LATER),
        task("b", wish="打包", role="packing"),
        task("c", wish="早该", due=OVER),
    )
    assert wishes(agent.get("tasks")) == ["早该", "打包", "明天"]
    assert wishes(agent.get("tasks?role=packing")) == ["打包"]
    number = next(row["id"] for row in agent.get("tasks").json()["tasks"] if row["wish"] == "明天")
    taken = agent.post(f"tasks/{number}/take").json()["task"]
    assert (taken["assignee"], taken["mine"]) == ("小美", True)
    assert wishes(agent.get("tasks?mine=1")) == ["明天"]
    assert wishes(agent.get("tasks?mine=1&role=packing")) == []
    assert wishes(agent.get("tasks?mine=0")) == ["早该", "打包", "明天"]
    assert code(agent.get("tasks?role=cook")) == (400, "bad_field")


def test_a_task_is_closed_once_with_a_word_on_how(agent, shopper, noted, make):
    """It leaves the table and stays beside the conversation."""
    noted(shopper, task())
    number = Task.objects.get().pk
    for outcome in ("", "  ", None):
        assert code(agent.post(f"tasks/{number}/close", {"outcome": outcome})) == (400, "no_outcome")
    assert code(agent.post(f"tasks/{number}/close", {"outcome": "长" * 501})) == (400, "bad_field")
    assert code(agent.post(f"tasks/{number}/close", {"outcome": 5})) == (400, "bad_field")
    closed = agent.post(f"tasks/{number}/close", {"outcome": " 已回电,明天到账 "}).json()["task"]
    assert (closed["outcome"], closed["closed_by"], closed["overdue"]) == ("已回电,明天到账", "小美", False)
    assert closed["closed_at"].startswith("2026-11-20T15:00")
    assert wishes(agent.get("tasks")) == []
    assert agent.get("conversations").json()["tasks"] == {"open": 0, "overdue": 0}
    assert agent.get(f"conversations/{shopper.id}/events").json()["tasks"] == [closed]
    make.agent("xiaohei", "小黑")
    other = make.agent_client()
    other.login("xiaohei")
    again = other.post(f"tasks/{number}/close", {"outcome": "我也办了"})
    assert code(again) == (409, "conflict")
    assert "小美" in again.json()["error"]["message"]
    assert code(other.post(f"tasks/{number}/take")) == (409, "conflict")


def test_what_a_colleague_sees_to_cannot_be_taken_but_closed(agent, shopper, noted, make):
    """Taking it again oneself changes nothing."""
    noted(shopper, task())
    number = Task.objects.get().pk
    for _ in range(2):
        assert agent.post(f"tasks/{number}/take").status_code == 200
    make.agent("xiaohei", "小黑")
    other = make.agent_client()
    other.login("xiaohei")
    refused = other.post(f"tasks/{number}/take")
    assert code(refused) == (409, "conflict")
    assert "小美" in refused.json()["error"]["message"]
    assert other.post(f"tasks/{number}/close", {"outcome": "替她办了"}).json()["task"]["closed_by"] == "小黑"


def test_only_agents_and_only_with_the_csrf_token(agent, client, shopper, noted):
    """Like every call of the agents' API; what is not there is not found."""
    noted(shopper, task())
    number = Task.objects.get().pk
    assert code(client.get("/api/desk/tasks")) == (401, "not_logged_in")
    for path in ("take", "close"):
        at = f"/api/desk/tasks/{number}/{path}"
        assert code(client.post(at, {}, content_type="application/json")) == (401, "not_logged_in")
        assert code(agent.http.post(at, content_type="application/json")) == (403, "csrf")
        for nothing in (0, number + 1, 10**30):
            gone = agent.post(f"tasks/{nothing}/{path}", {"outcome": "办了"})
            assert code(gone) == (404, "not_found")
    assert (
        client.get("/api/desk/tasks", headers={"authorization": f"Bearer {shopper.key}"}).status_code == 401
    )


def test_shoppers_do_not_see_what_is_written_down(shopper, noted):
    """Wishes are words for the shop's people."""
    noted(shopper, task(wish="内部:先赔十元"))
    assert "内部" not in str(shopper.look())


def test_the_owner_reads_tasks_in_the_back_office(shopper, noted, make):
    """Open and closed ones, to read."""
    noted(shopper, task())
    owner = make.agent("boss", "店主", role="owner", is_staff=True, is_superuser=True)
    browser = Client()
    browser.force_login(owner)
    page = browser.get("/admin/records/task/").content.decode()
    assert "回电说明退款" in page
    detail = browser.get(f"/admin/records/task/{Task.objects.get().pk}/change/").content.decode()
    assert "售后" in detail


def test_answers_are_as_described(agent, shopper, noted):
    """The fields of a real task are those of the OpenAPI page."""
    noted(shopper, task())
    described = agent.http.get("/api/schema").json()["components"]["schemas"]
    assert set(agent.get("tasks").json()["tasks"][0]) == set(described["TaskShape"]["properties"])
    events = agent.get(f"conversations/{shopper.id}/events").json()
    assert set(events) == set(described["DeskEventsAnswer"]["properties"])
    assert set(agent.get("conversations").json()) == set(described["ConversationsAnswer"]["properties"])
