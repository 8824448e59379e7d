"""What is written down for people to do."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from desk import words

MAX_KEY, MAX_ORDER = 128, 64


class Task(models.Model):
    """Something that a person is to do for a shopper, by a time. The bot opens it, a person closes it."""

    key = models.CharField(max_length=MAX_KEY, editable=False)
    """What it belongs to, as a write. A task told twice, of one kind and key, is one row."""
    conversation = models.ForeignKey(
        "conversations.Conversation", on_delete=models.CASCADE, related_name="tasks", verbose_name="会话"
    )
    kind = models.CharField("类型", max_length=16, choices=list(words.TASK_NAMES.items()))
    role = models.CharField("岗位", max_length=16, choices=list(words.ROLE_NAMES.items()))
    order = models.CharField("订单号", max_length=MAX_ORDER, blank=True)
    wish = models.TextField("事项")
    due = models.DateTimeField("期限")
    created_at = models.DateTimeField("记录时间")
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="tasks",
        verbose_name="经办人",
    )
    closed_at = models.DateTimeField("办结时间", null=True, blank=True)
    closed_by = models.CharField("办结人", max_length=150, blank=True)
    """The name, which outlives the account."""
    outcome = models.TextField("办结说明", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "待办"
        constraints = [models.UniqueConstraint(fields=["key", "kind"], name="one_task_a_key_and_kind")]
        indexes = [models.Index(fields=["closed_at", "due"])]

    def __str__(self) -> str:
        return f"{words.TASK_NAMES.get(self.kind, self.kind)} {self.order}".strip()
