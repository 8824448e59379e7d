"""The wire form of events and conversations, and its description for the OpenAPI page."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from rest_framework import serializers

from bot.shop.delivery_rules import Shop
from desk import clock, words
from desk.conversations.models import Conversation, Event
from desk.records.models import Task

Json = dict[str, Any]
MAX_EVENTS = 2000


def event_json(event: Event) -> Json:
    """One event as shoppers and agents see it."""
    author = words.BOT_NAME if event.kind == Event.Kind.BOT else event.author
    return {
        "seq": event.seq,
        "kind": event.kind,
        "at": event.at.astimezone().isoformat(),
        "text": event.text,
        "client_id": event.client_id,
        "buttons": event.payload.get("buttons") or [],
        "card": event.payload.get("card"),
        "picture": event.payload.get("picture"),
        "author": author,
        "code": event.code or None,
    }


def events_after(conversation: Conversation, after: int) -> list[Json]:
    """Events from number `after` on, at most MAX_EVENTS; ask again after the last one's number."""
    events = Event.objects.filter(conversation=conversation, seq__gt=after).order_by("seq")
    return [event_json(e) for e in events[:MAX_EVENTS]]


def shopper_name(conversation: Conversation) -> str:
    """What agents call the shopper."""
    return conversation.shopper_name or f"{words.VISITOR}{conversation.public_id[-4:]}"


def conversation_json(conversation: Conversation, agent_pk: int | None, hours: Shop) -> Json:
    """One row of the agents' list."""
    since, last = conversation.waiting_since, conversation.last_at
    return {
        "id": conversation.public_id,
        "status": conversation.status,
        "shopper": shopper_name(conversation),
        "last_text": conversation.last_text,
        "last_at": last.astimezone().isoformat() if last else None,
        "waiting_since": since.astimezone().isoformat() if since else None,
        "after_hours": since is not None and not hours.agents_at(timezone.localtime(since)),
        "mood": conversation.mood,
        "role": conversation.role,
        "reason": conversation.reason,
        "assignee": conversation.assignee.shown_name if conversation.assignee else None,
        "mine": conversation.assignee_id is not None and conversation.assignee_id == agent_pk,
    }


def task_json(task: Task, agent_pk: int | None) -> Json:
    """One task; its conversation's shopper has been read with it."""
    return {
        "id": task.pk,
        "conversation": task.conversation.public_id,
        "shopper": shopper_name(task.conversation),
        "kind": task.kind,
        "role": task.role,
        "order": task.order,
        "wish": task.wish,
        "due": task.due.astimezone().isoformat(),
        "overdue": task.closed_at is None and task.due < clock.now(),
        "created_at": task.created_at.astimezone().isoformat(),
        "assignee": task.assignee.shown_name if task.assignee else None,
        "mine": task.assignee_id is not None and task.assignee_id == agent_pk,
        "closed_at": task.closed_at.astimezone().isoformat() if task.closed_at else None,
        "closed_by": task.closed_by,
        "outcome": task.outcome,
    }


class _Shape(serializers.Serializer[Any]):
    """Only described, never run: `checks.py` reads what comes in."""


class PageShape(_Shape):
    """What the shopper looks at."""

    kind = serializers.CharField()
    product_id = serializers.CharField(required=False)
    order_id = serializers.CharField(required=False)


class ButtonShape(_Shape):
    """A choice."""

    id = serializers.CharField()
    title = serializers.CharField()


class PictureShape(_Shape):
    """A picture of the shopper's; its content is asked for by its id."""

    id = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()


class EventShape(_Shape):
    """One line of a conversation."""

    seq = serializers.IntegerField()
    kind = serializers.ChoiceField(["shopper", "bot", "agent", "system"])
    at = serializers.DateTimeField()
    text = serializers.CharField()
    client_id = serializers.UUIDField(allow_null=True)
    buttons = ButtonShape(many=True)
    card = serializers.DictField(allow_null=True)
    picture = PictureShape(allow_null=True, help_text="买家发的图片；文字则是“[图片]”")
    author = serializers.CharField()
    code = serializers.CharField(allow_null=True, help_text="系统行发生了什么，如 waiting、human_started")


class SessionRequest(_Shape):
    """Opening or resuming a conversation."""

    token = serializers.CharField(allow_null=True, help_text="商店页面签发的买家身份，至多 10 分钟前")
    key = serializers.CharField(allow_null=True, help_text="要继续的会话的凭证")
    page = PageShape(allow_null=True)


class ShopShape(_Shape):
    """The shop's face."""

    name = serializers.CharField()
    hours = serializers.CharField()
    greeting = serializers.CharField()


class NameShape(_Shape):
    """A person."""

    name = serializers.CharField()


class SessionAnswer(_Shape):
    """An open conversation; `key` is the bearer of every other call."""

    conversation = serializers.CharField()
    key = serializers.CharField()
    shop = ShopShape()
    shopper = NameShape(allow_null=True)
    status = serializers.ChoiceField(["bot", "waiting", "human", "closed"])
    last = serializers.IntegerField()
    suggestions = serializers.ListField(child=serializers.CharField())


class MessageRequest(_Shape):
    """Exactly one of text and button."""

    client_id = serializers.UUIDField(help_text="同一条消息重发时不变，因此不会重复")
    text = serializers.CharField(required=False)
    button = serializers.CharField(required=False)
    page = PageShape(required=False, allow_null=True)


class EventAnswer(_Shape):
    """The stored line."""

    event = EventShape()


class WaitingShape(_Shape):
    """Place in the queue, and the minutes it usually takes, if known; at night, when people are back."""

    place = serializers.IntegerField()
    minutes = serializers.IntegerField(allow_null=True)
    after_hours = serializers.BooleanField(help_text="现在不在人工客服的工作时间，智能客服继续回答")
    back = serializers.CharField(allow_null=True, help_text="人工客服何时回来，如“明天 09:00”；不知道为 null")


class EventsAnswer(_Shape):
    """What came after a number."""

    events = EventShape(many=True)
    status = serializers.ChoiceField(["bot", "waiting", "human", "closed"])
    typing = serializers.BooleanField()
    agent = serializers.CharField(allow_null=True)
    waiting = WaitingShape(allow_null=True)
    last = serializers.IntegerField()


class LoginRequest(_Shape):
    """A log-in."""

    username = serializers.CharField()
    password = serializers.CharField()


class PasswordRequest(_Shape):
    """A new password."""

    old = serializers.CharField()
    new = serializers.CharField()


class MeAnswer(_Shape):
    """Who is logged in."""

    username = serializers.CharField()
    name = serializers.CharField()
    role = serializers.ChoiceField(["owner", "agent"])
    must_change_password = serializers.BooleanField()


class ConversationShape(_Shape):
    """One row of the list."""

    id = serializers.CharField()
    status = serializers.ChoiceField(["bot", "waiting", "human", "closed"])
    shopper = serializers.CharField()
    last_text = serializers.CharField()
    last_at = serializers.DateTimeField(allow_null=True)
    waiting_since = serializers.DateTimeField(allow_null=True)
    after_hours = serializers.BooleanField(help_text="下班后要的人工，智能客服先答着")
    mood = serializers.CharField()
    role = serializers.CharField()
    reason = serializers.CharField()
    assignee = serializers.CharField(allow_null=True)
    mine = serializers.BooleanField()


class TaskShape(_Shape):
    """Something that a person is to do for a shopper."""

    id = serializers.IntegerField()
    conversation = serializers.CharField()
    shopper = serializers.CharField()
    kind = serializers.ChoiceField(list(words.TASK_NAMES))
    role = serializers.ChoiceField(list(words.ROLE_NAMES))
    order = serializers.CharField(help_text="订单号；与订单无关为空")
    wish = serializers.CharField()
    due = serializers.DateTimeField()
    overdue = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    assignee = serializers.CharField(allow_null=True, help_text="谁在办")
    mine = serializers.BooleanField()
    closed_at = serializers.DateTimeField(allow_null=True)
    closed_by = serializers.CharField()
    outcome = serializers.CharField()


class TasksAnswer(_Shape):
    """Open tasks, the most urgent first."""

    tasks = TaskShape(many=True)


class TaskAnswer(_Shape):
    """After a change of it."""

    task = TaskShape()


class CloseTaskRequest(_Shape):
    """How it went."""

    outcome = serializers.CharField(max_length=500)


class TaskCounts(_Shape):
    """How many are open, and how many of them are late."""

    open = serializers.IntegerField()
    overdue = serializers.IntegerField()


class ConversationsAnswer(_Shape):
    """Open conversations: waiting first, oldest first."""

    conversations = ConversationShape(many=True)
    tasks = TaskCounts()
    working_hours = serializers.BooleanField(help_text="现在是否人工客服的工作时间；否则智能客服也答等待中的")


class DeskEventsAnswer(_Shape):
    """What came after a number, for agents."""

    events = EventShape(many=True)
    conversation = ConversationShape()
    tasks = TaskShape(many=True, help_text="这个会话里记下的全部待办，新的在前")
    status = serializers.ChoiceField(["bot", "waiting", "human", "closed"])
    assignee = serializers.CharField(allow_null=True)
    epoch = serializers.IntegerField()
    last = serializers.IntegerField()


class StatusAnswer(_Shape):
    """After a change of owner."""

    status = serializers.ChoiceField(["bot", "waiting", "human", "closed"])
    epoch = serializers.IntegerField()


class SayRequest(_Shape):
    """An agent's line."""

    client_id = serializers.UUIDField()
    text = serializers.CharField()


class ErrorDetail(_Shape):
    """What went wrong, fit to show."""

    code = serializers.CharField()
    message = serializers.CharField()


class ErrorAnswer(_Shape):
    """Any answer from 400 on."""

    error = ErrorDetail()
