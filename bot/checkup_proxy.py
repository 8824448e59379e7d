"""Whether the desk sees shoppers' own addresses, or only that of a proxy whose word it does not take."""

from __future__ import annotations

import ipaddress
from contextlib import closing
from typing import Any

from bot.database import Database
from bot.errors import ShopDown
from bot.prepare import sqlite_file
from bot.settings import Settings

ENOUGH = 10
"""Conversations from one address that are no accident."""


def one_for_all(settings: Settings) -> str:
    """The private address from which all recent conversations seem to come; empty if they do not.

    Limits by address then fit nobody: they would hold for all shoppers together.
    """
    clients = _recent(settings)
    if len(clients) < ENOUGH or len(set(clients)) > 1:
        return ""
    try:
        return clients[0] if ipaddress.ip_address(clients[0]).is_private else ""
    except ValueError:
        return ""


def _recent(settings: Settings) -> list[str]:
    """Addresses of the last conversations."""
    query = "SELECT client FROM conversations_conversation ORDER BY id DESC LIMIT 50"
    return [str(client) for (client,) in rows(settings, query)]


def rows(settings: Settings, query: str) -> list[tuple[Any, ...]]:
    """What the desk's database answers; none where it has no tables yet."""
    path = sqlite_file(settings.database_url)
    if path is not None and not path.exists():
        return []
    try:
        with closing(Database(settings.database_url, 1)) as database, database.reading() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(query)]
    except ShopDown:
        return []
