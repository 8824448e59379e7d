"""The pictures app."""

from __future__ import annotations

from django.apps import AppConfig


class PicturesConfig(AppConfig):
    """Registers the app."""

    name = "desk.pictures"
    label = "pictures"
    verbose_name = "图片"
