"""Counts attempts to prove an order: in a database that all bot processes share, or in this one alone."""

from __future__ import annotations

import hashlib
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.database import Conflict, Database
from bot.shop.access import WINDOW

_METADATA = sa.MetaData()
_TRIES = sa.Table(
    "proof_attempts",
    _METADATA,
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("moments", sa.String(1000), nullable=False),
    sa.Column("newest", sa.BigInteger, nullable=False, index=True),
    mysql_charset="utf8mb4",
    mysql_collate="utf8mb4_bin",
)
_SETUP = 5_870_612
_ATTEMPTS = 10


class SqlTries:
    """A `ProofTries` at a SQLAlchemy URL. Keys are kept as hashes; rows whose tries are over are swept out.

    Every try counts until it is WINDOW old: there are no fresh ones at midnight.

    Safe under any number of threads and processes: the rows of all keys are locked in one order, and
    several keys are taken all or none. Blocks for a few milliseconds; raises ShopDown.
    """

    def __init__(self, url: str) -> None:
        """Opens nothing yet; raises NotConfigured for a URL of no supported database."""
        self._database = Database(url, 4)
        self._setup = threading.Lock()
        self._ready = False
        self._swept = 0

    def take(self, limits: Mapping[str, int], now: datetime) -> bool:
        """Count one try under every key; False, and nothing counted, if one of them has used up its limit."""
        self._prepare()
        at = _second(now)
        self._sweep(at)
        hashed = {_hash(key): most for key, most in limits.items()}
        return self._insist(lambda: self._take(hashed, at))

    def give_back(self, keys: Iterable[str], now: datetime) -> None:
        """Undo one `take` made at the same `now`."""
        self._prepare()
        at = _second(now)
        hashed = sorted({_hash(key) for key in keys})
        self._insist(lambda: self._give_back(hashed, at))

    def close(self) -> None:
        """Let go of connections."""
        self._database.close()

    def _insist(self, step: Callable[[], bool]) -> bool:
        """The answer of `step`, begun anew when another process got in its way."""
        for _ in range(_ATTEMPTS):
            try:
                return step()
            except Conflict as conflict:
                last = conflict
        raise last

    def _give_back(self, keys: list[str], at: int) -> bool:
        with self._database.writing() as connection:
            for key, moments in self._lock(connection, keys).items():
                if at in moments:
                    moments.remove(at)
                    self._keep(connection, key, moments)
            return True

    def _take(self, limits: dict[str, int], at: int) -> bool:
        keys = sorted(limits)
        fresh = [{"key": key, "moments": "", "newest": at} for key in keys]
        with self._database.writing() as connection:
            self._database.add_missing(connection, _TRIES, fresh)
            rows = self._lock(connection, keys)
            if len(rows) < len(keys):
                raise Conflict("a row was swept out between being made and being locked")
            left = {key: [m for m in moments if m > at - _window()] for key, moments in rows.items()}
            if any(len(moments) >= limits[key] for key, moments in left.items()):
                empty = [key for key, moments in rows.items() if not moments]
                connection.execute(_delete(empty))
                return False
            for key, moments in left.items():
                self._keep(connection, key, [*moments, at])
            return True

    def _lock(self, connection: Any, keys: list[str]) -> dict[str, list[int]]:
        wanted = sa.select(_TRIES).where(_TRIES.c.key.in_(keys)).order_by(_TRIES.c.key).with_for_update()
        return {row.key: _moments(row.moments) for row in connection.execute(wanted)}

    def _keep(self, connection: Any, key: str, moments: list[int]) -> None:
        values = {"moments": " ".join(map(str, moments)), "newest": max(moments, default=0)}
        connection.execute(_TRIES.update().where(_TRIES.c.key == key).values(**values))

    def _sweep(self, at: int) -> None:
        """Once an hour, delete rows that count for nothing any more; rows in use are left for later."""
        if abs(at - self._swept) < 3600:
            return
        self._swept = at
        over = sa.select(_TRIES.c.key).where(_TRIES.c.newest <= at - _window()).limit(500)
        with self._database.writing() as connection:
            keys = list(connection.execute(over.with_for_update(skip_locked=True)).scalars())
            if keys:
                connection.execute(_delete(keys))

    def _prepare(self) -> None:
        with self._setup:
            if not self._ready:
                with self._database.setting_up(_SETUP) as connection:
                    _METADATA.create_all(connection)
            self._ready = True


class TriesHere:
    """Counts tries to prove an order for this process alone, so that a repeated talk answers the same."""

    def __init__(self) -> None:
        self._taken: dict[str, list[datetime]] = defaultdict(list)

    def take(self, limits: Mapping[str, int], now: datetime) -> bool:
        """See ProofTries."""
        for key, most in limits.items():
            if sum(at > now - WINDOW for at in self._taken[key]) >= most:
                return False
        for key in limits:
            self._taken[key].append(now)
        return True

    def give_back(self, keys: Iterable[str], now: datetime) -> None:
        """See ProofTries."""
        for key in keys:
            self._taken[key].remove(now)


def _delete(keys: list[str]) -> Any:
    return _TRIES.delete().where(_TRIES.c.key.in_(keys))


def _window() -> int:
    return int(WINDOW.total_seconds())


def _second(now: datetime) -> int:
    return int(now.timestamp())


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def _moments(text: str) -> list[int]:
    return [int(moment) for moment in text.split()]
