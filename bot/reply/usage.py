"""What the language model costs by day and conversation: counts only, in a table that all processes share.

A call is paid for beforehand with the most it may cost and settled afterwards, so that all processes stay
within the day's budget, and a crash between the two errs on the cheap side.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from bot.database import Database
from bot.settings import Settings

KEPT = timedelta(days=90)
"""Days of the log that are kept."""
TOTAL = ""
"""The row of a day's total stands under this in place of a conversation."""
_METADATA = sa.MetaData()
_USAGE = sa.Table(
    "llm_usage",
    _METADATA,
    sa.Column("day", sa.String(10), primary_key=True),
    sa.Column("conversation", sa.String(64), primary_key=True),
    sa.Column("calls", sa.BigInteger, nullable=False),
    sa.Column("tokens_in", sa.BigInteger, nullable=False),
    sa.Column("tokens_out", sa.BigInteger, nullable=False),
    sa.Column("micros", sa.BigInteger, nullable=False),
    mysql_charset="utf8mb4",
    mysql_collate="utf8mb4_bin",
)
_SETUP = 5_870_613


@dataclass(frozen=True)
class Bill:
    """Whom a call is charged to: a conversation, on the shop's day."""

    conversation: str
    day: date


@dataclass(frozen=True)
class Tokens:
    """What one call sent and what it was answered."""

    sent: int
    answered: int


@dataclass(frozen=True)
class Used:
    """One row of the log; `micros` is millionths of a yuan."""

    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    micros: int = 0


@dataclass(frozen=True)
class Budget:
    """A day's limits, 0 for none, and yuan per million tokens (the same number as millionths per token)."""

    tokens: int = 0
    money: Decimal = Decimal(0)
    price_in: Decimal = Decimal(0)
    price_out: Decimal = Decimal(0)

    @classmethod
    def of(cls, settings: Settings) -> Budget:
        """The configured one."""
        return cls(
            settings.llm_daily_tokens,
            settings.llm_daily_money,
            settings.llm_price_in,
            settings.llm_price_out,
        )

    def micros(self, tokens: Tokens) -> int:
        """The price in millionths of a yuan."""
        return round(self.price_in * tokens.sent + self.price_out * tokens.answered)


class Usage:
    """The log at a SQLAlchemy URL. Blocks for milliseconds; raises ShopDown where it cannot be reached."""

    def __init__(self, url: str, budget: Budget) -> None:
        """Opens nothing yet; raises NotConfigured for a URL of no supported database."""
        self._database = Database(url, 2)
        self._budget = budget
        self._setup = threading.Lock()
        self._swept: date | None = None

    def reserve(self, bill: Bill, most: Tokens) -> bool:
        """Count a call with the most it may take; False, and nothing counted, beyond the day's budget."""
        self._prepare(bill.day)
        with self._database.writing() as connection:
            keys = _keys(bill)
            fresh = [{**key, "calls": 0, "tokens_in": 0, "tokens_out": 0, "micros": 0} for key in keys]
            self._database.add_missing(connection, _USAGE, fresh)
            micros = self._budget.micros(most)
            total = _row(keys[0]).where(*self._within(most, micros))
            if connection.execute(_add(total, 1, most, micros)).rowcount == 0:
                return False
            connection.execute(_add(_row(keys[1]), 1, most, micros))
            return True

    def settle(self, bill: Bill, most: Tokens, spent: Tokens) -> None:
        """Put what was spent in the place of what was reserved."""
        change = Tokens(spent.sent - most.sent, spent.answered - most.answered)
        micros = self._budget.micros(spent) - self._budget.micros(most)
        with self._database.writing() as connection:
            for key in _keys(bill):
                connection.execute(_add(_row(key), 0, change, micros))

    def of(self, bill: Bill) -> Used:
        """What a conversation used on a day; TOTAL as conversation: what all did."""
        self._prepare(bill.day)
        columns = [_USAGE.c.calls, _USAGE.c.tokens_in, _USAGE.c.tokens_out, _USAGE.c.micros]
        wanted = sa.select(*columns).where(*_is(_keys(bill)[1]))
        with self._database.reading() as connection:
            row = connection.execute(wanted).first()
        return Used(*row) if row else Used()

    def close(self) -> None:
        """Let go of connections."""
        self._database.close()

    def _within(self, most: Tokens, micros: int) -> list[Any]:
        limits = []
        if self._budget.tokens:
            used = _USAGE.c.tokens_in + _USAGE.c.tokens_out
            limits.append(used + most.sent + most.answered <= self._budget.tokens)
        if self._budget.money:
            limits.append(_USAGE.c.micros + micros <= int(self._budget.money * 1_000_000))
        return limits

    def _prepare(self, day: date) -> None:
        """Make the table; once a day, drop what is older than KEPT."""
        with self._setup:
            if self._swept == day:
                return
            with self._database.setting_up(_SETUP) as connection:
                _METADATA.create_all(connection)
                connection.execute(_USAGE.delete().where(_USAGE.c.day < (day - KEPT).isoformat()))
            self._swept = day


def _keys(bill: Bill) -> tuple[dict[str, str], dict[str, str]]:
    day = bill.day.isoformat()
    return {"day": day, "conversation": TOTAL}, {"day": day, "conversation": bill.conversation[:64]}


def _is(key: dict[str, str]) -> list[Any]:
    return [_USAGE.c.day == key["day"], _USAGE.c.conversation == key["conversation"]]


def _row(key: dict[str, str]) -> Any:
    return _USAGE.update().where(*_is(key))


def _add(update: Any, calls: int, tokens: Tokens, micros: int) -> Any:
    return update.values(
        calls=_USAGE.c.calls + calls,
        tokens_in=_USAGE.c.tokens_in + tokens.sent,
        tokens_out=_USAGE.c.tokens_out + tokens.answered,
        micros=_USAGE.c.micros + micros,
    )
