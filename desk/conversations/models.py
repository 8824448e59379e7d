"""Conversations and their append-only event log."""

from __future__ import annotations

from typing import Any, NoReturn

from django.conf import settings
from django.db import models

from bot.errors import XiaoerError
from desk import words
from desk.conversations.status import Status


class Conversation(models.Model):
    """One shopper's talk with the shop. The row is the lock: hold it to change it or to append events."""

    public_id = models.CharField("编号", max_length=32, unique=True)
    key_hash = models.CharField(max_length=64, unique=True, editable=False)
    """SHA-256 of the key that the shopper's browser holds."""
    shopper_id = models.CharField("买家编号", max_length=128, blank=True, db_index=True)
    """Empty: anonymous."""
    shopper_name = models.CharField("买家", max_length=128, blank=True)
    client = models.CharField("网络地址", max_length=64, blank=True)
    page = models.JSONField(null=True, blank=True)
    """What the shopper looked at last: context, never authority."""
    created_at = models.DateTimeField("开始时间")
    last_at = models.DateTimeField("最后消息", null=True, db_index=True)
    last_text = models.CharField("最后一句", max_length=120, blank=True)
    last_seq = models.PositiveIntegerField(default=0)

    status = models.CharField(
        "状态", max_length=8, default=Status.BOT.value, choices=list(words.STATUS_NAMES.items())
    )
    epoch = models.PositiveIntegerField(default=0)
    """Grows by one with each change of status; a reply made under an older one is refused."""
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, verbose_name="客服"
    )
    waiting_since = models.DateTimeField("等待自", null=True, blank=True)
    mood = models.CharField("情绪", max_length=16, blank=True)
    role = models.CharField("岗位", max_length=16, blank=True)
    reason = models.CharField("原因", max_length=64, blank=True)
    brief = models.TextField("摘要", blank=True)

    state = models.JSONField(null=True, editable=False)
    """The bot's state as it last returned it."""
    confirming = models.BooleanField(default=False)
    """In that state the bot has asked whether to do exactly this: the next turn may write to the shop."""
    pinned_seq = models.PositiveIntegerField(null=True)
    """Of a turn that may write, once it is claimed: its last message. A retry reads the very same."""
    pinned_at = models.DateTimeField(null=True)
    """When that was; a retry is made as of then, so that a yes which was in time does not expire by it."""
    answered_seq = models.PositiveIntegerField(default=0)
    """Shopper messages up to here have been answered, by the bot or a person."""
    note_from = models.PositiveIntegerField(null=True)
    """Events after this one belong to a human stretch that the bot has not been told of."""
    due_at = models.DateTimeField(null=True, db_index=True)
    """When the bot is to answer; null: nothing to answer."""
    lease = models.CharField(max_length=32, blank=True)
    """Names the claim under which a turn is being made now."""
    lease_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    """Failed turns of the message that is due."""
    overtaken = models.PositiveSmallIntegerField(default=0)
    """Turns cancelled in a row because the shopper wrote on."""
    told_down = models.BooleanField(default=False)
    """The shopper knows that the bot is down; said once an outage."""

    class Meta:
        verbose_name = verbose_name_plural = "会话"
        indexes = [models.Index(fields=["status", "due_at"])]

    def __str__(self) -> str:
        return self.public_id


class AppendOnly(XiaoerError):
    """Someone tried to change what was said."""


class EventQuerySet(models.QuerySet["Event"]):
    """Reads and single inserts only."""

    def update(self, **_: Any) -> NoReturn:
        """Refused."""
        raise AppendOnly("events are never changed; append another one")

    def delete(self) -> NoReturn:
        """Refused."""
        raise AppendOnly("events are never deleted; delete the whole conversation")


class Event(models.Model):
    """One line of a conversation. A trigger in the database refuses every UPDATE as well."""

    class Kind(models.TextChoices):
        """Who speaks."""

        SHOPPER = "shopper", "买家"
        BOT = "bot", "智能客服"
        AGENT = "agent", "客服"
        SYSTEM = "system", "系统"

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="events")
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    text = models.TextField(blank=True)
    author = models.CharField(max_length=64, blank=True)
    """The name shown beside the line."""
    code = models.CharField(max_length=24, blank=True)
    """Of a system line: what happened."""
    client_id = models.CharField(max_length=36, null=True)
    payload = models.JSONField(default=dict)
    """`buttons`, `card`; a shopper's `button`, `page`; a bot's `turn`; a change's `who`, `why`, `epoch`."""
    at = models.DateTimeField()

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "消息"
        ordering = ["conversation_id", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["conversation", "seq"], name="one_event_a_number"),
            models.UniqueConstraint(fields=["conversation", "client_id"], name="one_event_a_client_id"),
        ]
        indexes = [models.Index(fields=["code", "at"])]

    def __str__(self) -> str:
        return f"{self.conversation_id}#{self.seq}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert once."""
        if not self._state.adding:
            raise AppendOnly("events are never changed; append another one")
        super().save(*args, **kwargs)

    def delete(self, *_: Any, **__: Any) -> NoReturn:
        """Refused."""
        raise AppendOnly("events are never deleted; delete the whole conversation")
