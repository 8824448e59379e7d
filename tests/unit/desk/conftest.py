"""The desk's modules import Django's; nothing here touches a database."""

from __future__ import annotations

import django

django.setup()
