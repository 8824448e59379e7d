"""The people app."""

from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Registers the app."""

    name = "desk.people"
    label = "people"
    verbose_name = "人员"
