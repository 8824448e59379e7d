"""Conversations in the back office: to read, not to change."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin, TabularInline

from desk.conversations.models import Conversation, Event


class EventLines(TabularInline):  # type: ignore[misc]
    """What was said."""

    model = Event
    fields = readonly_fields = ("seq", "at", "kind", "author", "text", "code")
    extra = 0
    can_delete = False
    show_change_link = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False


@admin.register(Conversation)
class ConversationAdmin(ModelAdmin):  # type: ignore[misc]
    """The list and one conversation with its lines."""

    list_display = ("public_id", "shopper_name", "status", "mood", "assignee", "waiting_since", "last_at")
    list_filter = ("status", "mood", "role")
    search_fields = ("public_id", "shopper_name", "shopper_id")
    ordering = ("-last_at",)
    fields = readonly_fields = (
        "public_id", "shopper_name", "shopper_id", "status", "assignee", "waiting_since",
        "mood", "role", "reason", "brief", "created_at", "last_at",
    )  # fmt: skip
    inlines = (EventLines,)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never."""
        return False
