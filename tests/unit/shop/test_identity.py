"""A shopper's token: only one made by this shop, with its key, within ten minutes, is accepted."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.shop.access import Identity
from bot.shop.identity import sign, verify

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=timezone(timedelta(hours=8)))
SECOND = int(NOW.timestamp())
KEY = "钥匙-0123456789"
NAMES = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=64)


def forged(claims: Any, key: str = KEY, raw: bytes | None = None) -> str:
    """A token over any claims, signed with the key."""
    text = json.dumps(claims).encode() if raw is None else raw
    body = base64.urlsafe_b64encode(text).decode().rstrip("=")
    return f"{body}.{hmac.new(key.encode(), body.encode(), hashlib.sha256).hexdigest()}"


def claims(**other: Any) -> dict[str, Any]:
    return {"shop": "demo", "sub": "S1", "name": "李雷", "iat": SECOND, "exp": SECOND + 600, **other}


@given(sub=NAMES, name=NAMES)
def test_a_fresh_token_signs_its_shopper_in(sub: str, name: str):
    """Whatever the id and the name."""
    assert verify(sign("demo", sub, name, KEY, NOW), "demo", KEY, NOW) == Identity(sub, name)


@pytest.mark.parametrize(
    ("after", "good"), [(-61, False), (-60, True), (0, True), (599, True), (600, False), (86400, False)]
)
def test_a_token_is_good_for_ten_minutes(after: int, good: bool):
    """The shop's clock may be a minute ahead of ours."""
    token, now = sign("demo", "S1", "", KEY, NOW), NOW + timedelta(seconds=after)
    if good:
        assert verify(token, "demo", KEY, now).shopper_id == "S1"
        return
    with pytest.raises(BadInput):
        verify(token, "demo", KEY, now)


def test_a_long_exp_does_not_make_a_token_live_longer():
    """Ten minutes from iat, whatever the shop says; less if it says less."""
    assert verify(forged(claims(exp=SECOND + 10**6)), "demo", KEY, NOW + timedelta(seconds=600))
    for token, after in ((forged(claims(exp=SECOND + 10**6)), 601), (forged(claims(exp=SECOND + 30)), 30)):
        with pytest.raises(BadInput, match="too old"):
            verify(token, "demo", KEY, NOW + timedelta(seconds=after))


@pytest.mark.parametrize(
    "token",
    [
        forged(claims(), key="another"),
        forged(claims(shop="other")),
        forged(claims(shop="")),
        forged(claims(sub="")),
        forged(claims(sub=1)),
        forged(claims(sub="x" * 65)),
        forged(claims(sub="a\nb")),
        forged(claims(name=None)),
        forged(claims(name="\ud800")),
        forged(claims(iat=float(SECOND))),
        forged(claims(iat=True)),
        forged(claims(exp="later")),
        forged(claims(admin=True)),
        forged({"sub": "S1"}),
        forged([]),
        forged(None),
        forged(None, raw=b"\xff"),
        forged(None, raw=b"[" * 1500),
        forged(None, raw=b"{"),
        forged(claims()).upper(),
        forged(claims()) + "0",
        forged(claims()) + "\n",
        forged(claims()).replace(".", ".."),
        forged(claims()).split(".")[0],
        "A" * 2049 + "." + "0" * 64,
        "A" * 5 + "." + "０" * 64,
        "",
        ".",
        None,
        7,
        b"x",
    ],
)
def test_any_other_token_is_refused(token: Any):
    """Another key, another shop, other claims, other forms: BadInput, and never another error."""
    with pytest.raises(BadInput):
        verify(token, "demo", KEY, NOW)


@given(place=st.integers(min_value=0), character=st.characters())
def test_a_token_with_one_character_changed_is_refused(place: int, character: str):
    """Any character at any place."""
    token = sign("demo", "S1", "李雷", KEY, NOW)
    at = place % len(token)
    changed = token[:at] + character + token[at + 1 :]
    if changed == token:
        return
    with pytest.raises(BadInput):
        verify(changed, "demo", KEY, NOW)


@given(st.text() | st.binary() | st.from_regex(r"[A-Za-z0-9_-]{1,30}\.[0-9a-f]{64}", fullmatch=True))
def test_no_text_is_a_token(text: Any):
    """And none raises anything but BadInput."""
    with pytest.raises(BadInput):
        verify(text, "demo", KEY, NOW)


def test_without_a_key_nobody_is_signed_in():
    """An empty key would let anyone sign."""
    with pytest.raises(BadInput, match="no key"):
        sign("demo", "S1", "", "", NOW)
    with pytest.raises(BadInput, match="no key"):
        verify(sign("demo", "S1", "", KEY, NOW), "demo", "", NOW)


@pytest.mark.parametrize("sub", ["", "x" * 65, "a\nb"])
def test_what_could_not_be_verified_is_not_signed(sub: str):
    """The shop learns of it when it signs."""
    with pytest.raises(BadInput):
        sign("demo", sub, "", KEY, NOW)
