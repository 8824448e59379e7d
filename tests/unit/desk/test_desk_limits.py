"""Token buckets, origins and texts at the edge."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.inboxes.checks import clean, own_origin
from desk.limits import Buckets


def test_a_bucket_gives_its_burst_then_its_rate():
    """And says how long to wait."""
    now = [0.0]
    buckets = Buckets(3, 2.0, lambda: now[0])
    assert [buckets.take("a") for _ in range(4)] == [0.0, 0.0, 0.0, 0.5]
    assert buckets.take("b") == 0.0, "each key has its own"
    now[0] = 0.5
    assert (buckets.take("a"), buckets.take("a")) == (0.0, 0.5)
    now[0] = 1000.0
    assert [buckets.take("a") for _ in range(4)][-1] > 0, "never more than the burst"


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("http://localhost:8000", "localhost:8000"),
        ("https://desk.example", "desk.example"),
        ("https://desk.example", "desk.example:443"),
        ("http://[::1]:8000", "[::1]:8000"),
    ],
)
def test_an_own_origin_is_known(origin, host):
    """Behind a TLS proxy the scheme may differ from what the desk sees."""
    assert own_origin(origin, host)


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        (None, "localhost"),
        ("", "localhost"),
        ("null", "localhost"),
        ("http://localhost:8001", "localhost:8000"),
        ("http://localhost.evil.example", "localhost"),
        ("http://localhost@evil.example", "localhost"),
        ("http://localhost:x", "localhost"),
        ("file://localhost", "localhost"),
        ("https://desk.example", "desk.example:80"),
    ],
)
def test_a_foreign_origin_is_known(origin, host):
    """Scheme, name and port must fit."""
    assert not own_origin(origin, host)


@given(st.text())
def test_a_clean_text_can_be_stored_and_stays_as_it_is(text):
    """No NUL, no half characters; cleaning twice changes nothing."""
    cleaned = clean(text)
    assert cleaned == clean(cleaned)
    assert "\x00" not in cleaned
    cleaned.encode("utf-8")
    assert cleaned == cleaned.strip()


@given(st.text(alphabet="你好abc,。! 123👍", min_size=1).filter(str.strip))
def test_what_people_type_is_not_touched(text):
    """Apart from blanks around it."""
    assert clean(text) == text.strip()
