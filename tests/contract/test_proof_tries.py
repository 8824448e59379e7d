"""Tries to prove an order: so many a key in 24 hours, under any number of processes, on every database."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

import pytest

from bot.shop.access import ProofTries
from bot.shop.tries import SqlTries

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=timezone(timedelta(hours=8)))
MOST = 5
KEYS = {"order:O1": MOST, "client:10.0.0.1": MOST}


def five(*keys: str) -> dict[str, int]:
    return dict.fromkeys(keys, MOST)


@pytest.fixture
def tries(database_url: str) -> Iterator[SqlTries]:
    """Counts in an empty database."""
    made = SqlTries(database_url)
    yield made
    made.close()


def hours(number: float) -> datetime:
    return NOW + timedelta(hours=number)


def test_the_sixth_try_is_refused(tries: ProofTries):
    """Five each."""
    assert [tries.take(KEYS, NOW) for _ in range(7)] == [True] * 5 + [False] * 2


def test_several_keys_are_taken_all_or_none(tries: ProofTries):
    """A try that one key refuses counts for no other key."""
    for order in range(MOST):
        assert tries.take(five(f"order:{order}", "client:A"), NOW)
    assert not tries.take(five("order:X", "client:A"), NOW)
    assert [tries.take(five("order:X", "client:B"), NOW) for _ in range(6)] == [True] * 5 + [False]


def test_every_try_counts_for_twenty_four_hours(tries: ProofTries):
    """There is no moment at which five fresh tries follow five others."""
    for at in (0, 20, 21, 22, 23):
        assert tries.take(KEYS, hours(at))
    assert not tries.take(KEYS, hours(23.9))
    assert tries.take(KEYS, hours(24))
    assert not tries.take(KEYS, hours(25))
    assert tries.take(KEYS, hours(44))


def test_a_right_try_is_given_back(tries: ProofTries):
    """Only wrong ones count."""
    for _ in range(20):
        assert tries.take(KEYS, NOW)
        tries.give_back(KEYS, NOW)
    assert [tries.take(KEYS, NOW) for _ in range(6)] == [True] * 5 + [False]


def test_giving_back_what_was_not_taken_changes_nothing(tries: ProofTries):
    """It wins nobody a sixth try."""
    for _ in range(5):
        tries.take(KEYS, NOW)
    tries.give_back(KEYS, hours(1))
    tries.give_back(["order:other"], NOW)
    assert not tries.take(KEYS, NOW)


def test_each_key_has_its_own_limit(tries: ProofTries):
    """A client may try thirty times, each order five: the first that is used up refuses."""
    for order in range(6):
        taken = [tries.take({f"order:{order}": 5, "client:A": 30}, NOW) for _ in range(6)]
        assert taken == [True] * 5 + [False]
    assert not tries.take({"order:fresh": 5, "client:A": 30}, NOW)
    assert tries.take({"order:fresh": 5, "client:B": 30}, NOW)


def test_any_text_is_a_key(tries: ProofTries):
    """A long one, one with a quote, a broken character: what shoppers type."""
    for key in ("x" * 5000, "'; DROP TABLE proof_attempts;--", "\ud800", "", "\0"):
        assert tries.take(five(key), NOW)


def test_tries_that_are_over_are_swept_out(tries: SqlTries):
    """The table does not grow for ever."""
    for client in range(20):
        tries.take(five(f"client:{client}"), NOW)
    tries.take(five("client:later"), hours(30))
    with tries._database.reading() as connection:
        assert len(connection.exec_driver_sql("SELECT * FROM proof_attempts").all()) == 1


def test_no_key_is_taken_more_than_five_times_by_many_at_once(database_url: str):
    """Separate connections, keys in any order: never a sixth, no deadlock, none lost."""
    shops = [SqlTries(database_url) for _ in range(4)]

    def one(number: int) -> bool:
        keys = ["order:shared", f"client:{number % 3}"]
        return shops[number % 4].take(five(*keys) if number % 2 else five(*keys[::-1]), NOW)

    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(one, range(40)))
    assert sum(taken) == MOST
    for shop in shops:
        shop.close()


def test_the_first_use_by_many_at_once_makes_the_table_once(database_url: str):
    """Replicas may start together."""
    shops = [SqlTries(database_url) for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        assert all(pool.map(lambda number: shops[number].take(five(f"k{number}"), NOW), range(6)))
    for shop in shops:
        shop.close()
