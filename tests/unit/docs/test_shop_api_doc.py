"""docs/shop-api.md: its example accepts what the adapter sends, its tables name what there is."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest

from bot.shop import contract, http_calls
from bot.shop.signing import SIGNATURE, TIME, TOLERANCE, Signed

DOC = (Path(__file__).resolve().parents[3] / "docs" / "shop-api.md").read_text(encoding="utf-8")


def _is_signed() -> Any:
    names: dict[str, Any] = {}
    exec(compile(DOC.split("```python\n", 1)[1].split("```", 1)[0], "shop-api.md", "exec"), names)
    return names["is_signed"]


@pytest.mark.parametrize(
    "asked",
    [Signed("GET", "/xiaoer/order", "id=2026%2F1"), Signed("POST", "/writes", "", b'{"wish": {}}', "k1")],
)
def test_the_example_accepts_what_is_signed_and_nothing_else(asked: Signed):
    """A shop may copy it."""
    now = time.time()

    def check(headers: dict[str, str], body: bytes = asked.body) -> bool:
        return bool(_is_signed()(asked.method, asked.path, asked.query, body, headers, "secret"))

    assert check(asked.headers("secret", now))
    assert not check(asked.headers("guessed", now))
    assert not check(asked.headers("secret", now - TOLERANCE - 60))
    assert not check(asked.headers("secret", now), b"other")
    assert not check({**asked.headers("secret", now), "Idempotency-Key": "k2"})


def test_every_path_is_in_the_table_with_its_parameter():
    """As the contract has them."""
    questions = {f"{q.path}?{q.by}=" if q.by else q.path for q in contract.QUESTIONS}
    asked = {contract.CATALOGUE, contract.POLICY} | questions
    assert set(re.findall(r"^\| `GET ([^`]+)` \|", DOC, re.MULTILINE)) == asked
    assert all(f"POST {path}" in DOC for path in (contract.PREVIEWS, contract.WRITES))


def test_names_and_times_are_those_of_the_code():
    """What an owner sets his own server by."""
    assert {TIME, SIGNATURE} <= set(re.findall(r"X-Xiaoer-[A-Za-z]+", DOC))
    assert f"within {TOLERANCE} seconds" in DOC
    waits = (http_calls.CONNECT, http_calls.READ, http_calls.OVERALL)
    assert (
        "waits {:.0f} s for a connection, {:.0f} s between two bytes and {:.0f} s in all".format(*waits)
        in DOC
    )
    assert f"{http_calls.MOST_BYTES // 1_000_000} MB" in DOC
