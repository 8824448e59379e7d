"""What hangs on database or hints once more, over PostgreSQL and Redis."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def run(*args, **more):
    """Their own process, with nothing set by this one: Django knows one database and one layer."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("XIAOER_", "DJANGO_"))}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *args],
        cwd=HERE.parents[2],
        env={**inherited, **more},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout[-4000:]


def files(*topics):
    return [str(HERE / f"test_desk_{topic}.py") for topic in topics]


@pytest.mark.postgres
@pytest.mark.timeout(300)
def test_leases_races_and_order_hold_on_postgresql(postgres_url):
    """Every rule marked `sql`, over the other database."""
    run(str(HERE), "-m", "sql", DESK_TEST_DATABASE_URL=postgres_url)


@pytest.mark.redis
@pytest.mark.timeout(300)
def test_hints_pass_through_redis(redis_url):
    """Several desk processes hint one another."""
    run(*files("sockets", "dispatcher"), "-k", "sockets or two_dispatchers", DESK_TEST_REDIS_URL=redis_url)
