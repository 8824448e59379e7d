"""What a language model may use a day holds over any number of processes, in every database."""

from __future__ import annotations

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bot.reply.usage import TOTAL, Bill, Budget, Tokens, Usage


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgres":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite:///{tmp_path}/access.sqlite3"


@pytest.fixture
def bill() -> Iterator[Bill]:
    """A day of this test's own: the database may be shared."""
    return Bill("c1", date(2100, 1, 1) + timedelta(days=random.randrange(1_000_000)))


def test_reservations_of_many_processes_stay_within_the_tokens(url: str, bill: Bill) -> None:
    usages = [Usage(url, Budget(tokens=1000)) for _ in range(4)]
    with ThreadPoolExecutor(8) as threads:
        granted = list(threads.map(lambda at: usages[at % 4].reserve(bill, Tokens(60, 40)), range(40)))
    assert sum(granted) == 10
    total = usages[0].of(Bill(TOTAL, bill.day))
    assert (total.calls, total.tokens_in, total.tokens_out) == (10, 600, 400)
    assert usages[0].of(bill) == total
    for usage in usages:
        usage.close()


def test_what_was_not_spent_may_be_spent_again(url: str, bill: Bill) -> None:
    usage = Usage(url, Budget(tokens=1000))
    assert usage.reserve(bill, Tokens(500, 500))
    assert not usage.reserve(bill, Tokens(1, 0))
    usage.settle(bill, Tokens(500, 500), Tokens(100, 20))
    assert usage.reserve(bill, Tokens(400, 400))
    usage.close()


def test_money_is_counted_to_the_millionth(url: str, bill: Bill) -> None:
    """2 yuan a million sent, 8 a million answered: 1,000 and 500 tokens are 0.006 yuan."""
    usage = Usage(url, Budget(money=Decimal("0.01"), price_in=Decimal(2), price_out=Decimal(8)))
    assert usage.reserve(bill, Tokens(1000, 500))
    assert usage.of(bill).micros == 6000
    assert not usage.reserve(bill, Tokens(1000, 500))
    assert usage.reserve(bill, Tokens(1000, 250))
    usage.close()


def test_the_log_outlives_the_process(url: str, bill: Bill) -> None:
    first = Usage(url, Budget())
    first.reserve(bill, Tokens(10, 5))
    first.close()
    second = Usage(url, Budget())
    assert second.of(bill).tokens_in == 10
    second.close()
