"""Transactions that queue fairly.

SQLite lets one writer in at a time and lets the others retry after sleeps: under load some wait for long.
The writers of one process therefore take their turn at a lock before they ask for the database's.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

_WRITERS = threading.RLock()


@contextmanager
def atomic() -> Iterator[None]:
    """`transaction.atomic` for whatever writes; also a decorator."""
    if connection.vendor != "sqlite":
        with transaction.atomic():
            yield
        return
    with _WRITERS, transaction.atomic():
        yield
