"""The records app."""

from __future__ import annotations

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """Registers the app."""

    name = "desk.records"
    label = "records"
    verbose_name = "记录"
