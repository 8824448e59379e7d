"""What the bot's answer must look like to be taken for a turn."""

from __future__ import annotations

import pytest

from desk.conversations.bot import BotFailed, read_turn

TASK = {
    "kind": "callback", "role": "aftersales", "order": "Z1", "wish": "回电说明退款",
    "due": "2026-11-20T18:00:00+08:00", "key": "k1",
}  # fmt: skip
WRITE = {"kind": "cancel", "key": "w1", "args": {}, "result": {}, "said": "已取消"}


def turn(**more):
    return read_turn({"replies": [], "state": {}, **more})


def test_tasks_and_writes_are_read():
    """As contracted; the whole write is kept for the books."""
    read = turn(tasks=[TASK], writes=[WRITE], confirming=True)
    (task,), (write,) = read.tasks, read.writes
    assert (task.kind, task.role, task.order, task.key) == ("callback", "aftersales", "Z1", "k1")
    assert task.due.isoformat() == TASK["due"]
    assert (write.key, write.said, write.record) == ("w1", "已取消", WRITE)
    assert read.confirming is True


def test_a_bot_that_says_nothing_of_them_has_done_nothing():
    """An older bot beside a newer desk."""
    read = turn()
    assert (read.tasks, read.writes, read.confirming) == ((), (), False)


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "joke"}, {"kind": ["callback"]}, {"role": ""}, {"role": None}, {"wish": ""},
        {"wish": "长" * 2001}, {"due": "2026-11-20T18:00:00"}, {"due": "tomorrow"}, {"due": 5},
        {"due": None}, {"key": ""}, {"key": "k" * 129}, {"order": 5}, {"order": "1" * 65},
    ],
)  # fmt: skip
def test_a_task_that_nobody_could_do_is_no_turn(wrong):
    """Refused by name, never stored in part."""
    with pytest.raises(BotFailed, match=next(iter(wrong))):
        turn(tasks=[{**TASK, **wrong}])


@pytest.mark.parametrize(
    "more", [{"tasks": {}}, {"writes": "w"}, {"writes": [{"said": "已取消"}]}, {"tasks": [5]}]
)
def test_neither_is_what_is_no_list_or_has_no_key(more):
    """A write without its key could be told twice."""
    with pytest.raises(BotFailed):
        turn(**more)
