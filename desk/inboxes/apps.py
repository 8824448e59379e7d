"""The inboxes app."""

from __future__ import annotations

from django.apps import AppConfig


class InboxesConfig(AppConfig):
    """Registers the app."""

    name = "desk.inboxes"
    label = "inboxes"
    verbose_name = "渠道"
