"""Tasks in the back office: to read, not to change."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from desk.records.models import Task


@admin.register(Task)
class TaskAdmin(ModelAdmin):  # type: ignore[misc]
    """What is open, and how what is closed went."""

    list_display = ("kind", "role", "order", "wish", "due", "assignee", "closed_at", "closed_by")
    list_filter = ("kind", "role", ("closed_at", admin.EmptyFieldListFilter))
    search_fields = ("order", "wish", "outcome", "conversation__public_id")
    list_select_related = ("assignee", "conversation")
    ordering = ("-due",)
    fields = readonly_fields = (
        "kind", "role", "order", "wish", "due", "created_at", "conversation",
        "assignee", "closed_at", "closed_by", "outcome",
    )  # fmt: skip

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False
