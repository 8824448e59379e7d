"""The conversations app."""

from __future__ import annotations

from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    """Registers the app."""

    name = "desk.conversations"
    label = "conversations"
    verbose_name = "会话"
