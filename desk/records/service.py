"""What is done to tasks. `add` to `settle` join the transaction of whoever holds the conversation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypedDict

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from desk import clock, words
from desk.conversations.bot import BotTask, BotWrite
from desk.conversations.models import Conversation, Event
from desk.database import atomic
from desk.errors import DeskError
from desk.hints import BUS, DESK
from desk.people.models import Agent
from desk.records.models import Task

FAILED_WRITE = "failed_write"
"""The kind of a task about a change that the shop did not take, or nobody knows whether it did."""
_CHECKED_WITHIN = timedelta(minutes=15)
"""A shopper who has said yes and hears nothing is not to wait for longer."""


class Counts(TypedDict):
    """Open tasks, and those of them whose time is over."""

    open: int
    overdue: int


def add(conversation: Conversation, tasks: Sequence[BotTask]) -> None:
    """Write down what is not written down yet."""
    now = clock.now()
    rows = [
        Task(
            key=task.key,
            conversation=conversation,
            kind=task.kind,
            role=task.role,
            order=task.order,
            wish=task.wish,
            due=task.due,
            created_at=now,
        )
        for task in tasks
    ]
    Task.objects.bulk_create(rows, ignore_conflicts=True)


def done(writes: Sequence[BotWrite]) -> None:
    """What the shop's system had not done at first, and a person was to do, is done: under the same key."""
    keys = [write.key for write in writes]
    if keys:
        late = Task.objects.filter(key__in=keys, kind=FAILED_WRITE, closed_at=None)
        late.update(closed_at=clock.now(), closed_by=words.BOT_NAME, outcome=words.DONE_LATER)


def doubt(conversation: Conversation, upto: int) -> None:
    """The shopper's yes, message `upto`, may or may not have been carried out: a person is to look."""
    asked = Event.objects.filter(conversation=conversation, kind=Event.Kind.BOT, seq__lt=upto).order_by(
        "-seq"
    )
    wish = words.DOUBT.format(asked=next((event.text for event in asked[:1]), ""))
    role = conversation.role if conversation.role in words.ROLE_NAMES else "aftersales"
    due = clock.now() + _CHECKED_WITHIN
    add(
        conversation,
        [BotTask(FAILED_WRITE, role, "", wish, due, _doubt_key(conversation, upto, conversation.epoch))],
    )


def settle(conversation: Conversation, upto: int, epoch: int) -> None:
    """The answer to message `upto` under `epoch` has come after all: a doubt that is still open goes."""
    gone, _ = Task.objects.filter(key=_doubt_key(conversation, upto, epoch), closed_at=None).delete()
    if gone:
        _publish()


def _doubt_key(conversation: Conversation, upto: int, epoch: int) -> str:
    """By epoch, since a bot that has the conversation back reads an unanswered yes again, as another turn."""
    return f"doubt-{conversation.public_id}-{upto}-{epoch}"


def open_tasks(role: str, assignee: Agent | None) -> QuerySet[Task]:
    """Of one role and one agent, or of all; the most urgent first."""
    rows = Task.objects.filter(closed_at=None).select_related("conversation", "assignee")
    rows = rows.defer("conversation__state", "conversation__brief")
    if role:
        rows = rows.filter(role=role)
    if assignee is not None:
        rows = rows.filter(assignee=assignee)
    return rows.order_by("due", "pk")


def tasks_of(conversation: Conversation) -> QuerySet[Task]:
    """What was written down in one conversation, newest first."""
    return conversation.tasks.select_related("assignee").order_by("-pk")


def counts(now: datetime) -> Counts:
    """For the badge."""
    found = Task.objects.filter(closed_at=None).aggregate(
        open=Count("pk"), overdue=Count("pk", filter=Q(due__lt=now))
    )
    return Counts(open=found["open"], overdue=found["overdue"])


@atomic()
def take(number: int, agent: Agent) -> Task:
    """The agent sees to it. Taking one's own again changes nothing."""
    task = _held(number)
    if task.assignee is not None and task.assignee_id != agent.pk:
        raise DeskError("conflict", why=words.TASK_TAKEN.format(who=task.assignee.shown_name))
    task.assignee = agent
    task.save(update_fields=["assignee"])
    _publish()
    return task


@atomic()
def close(number: int, agent: Agent, outcome: str) -> Task:
    """Done, by whoever has done it, with a word on how."""
    task = _held(number)
    task.closed_at, task.closed_by, task.outcome = clock.now(), agent.shown_name, outcome
    task.save(update_fields=["closed_at", "closed_by", "outcome"])
    _publish()
    return task


def _held(number: int) -> Task:
    """An open task, held until the transaction ends; raises DeskError not_found or conflict."""
    task = Task.objects.select_for_update().filter(pk=number).first()
    if task is None:
        raise DeskError("not_found")
    if task.closed_at is not None:
        raise DeskError("conflict", why=words.TASK_CLOSED.format(who=task.closed_by))
    return task


def _publish() -> None:
    transaction.on_commit(lambda: BUS.send(DESK, {"kind": "conversations"}))
