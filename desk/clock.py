"""The shop's clock, for whatever people see. Leases and retries run on Django's own, which never stops."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings


def now() -> datetime:
    """The present at the shop, or the fixed time that a test or a demonstration has set."""
    moment: datetime = settings.XIAOER.now()
    return moment
