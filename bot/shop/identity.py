"""Tokens by which a shop's page signs a shopper in: `base64url(JSON).hex(HMAC-SHA256)`, good for ten minutes.

The JSON has exactly the keys shop, sub (the shopper's id), name, iat and exp (seconds since 1970). The HMAC
is over the base64url text (without padding) as ASCII, under the shop's key as UTF-8.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from datetime import datetime
from typing import Any

from bot.errors import BadInput
from bot.shop.access import Identity

LIFE = 600
"""Seconds a token is good for after it was made, whatever its own exp says."""
SKEW = 60
"""Seconds by which the shop's clock may be ahead of ours."""

_FORM = re.compile(r"([A-Za-z0-9_-]{1,2048})\.([0-9a-f]{64})")
_KEYS = {"shop": str, "sub": str, "name": str, "iat": int, "exp": int}
_LONGEST = 64
"""Characters of shop, sub and name."""


def sign(shop: str, sub: str, name: str, key: str, now: datetime) -> str:
    """A token for the shopper `sub` of `shop`, made at `now`; raises BadInput if it could not be verified."""
    made = int(now.timestamp())
    claims = {"shop": shop, "sub": sub, "name": name, "iat": made, "exp": made + LIFE}
    _check_claims(claims)
    text = json.dumps(claims, ensure_ascii=False, separators=(",", ":"))
    body = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
    return f"{body}.{_mac(body, key)}"


def verify(token: object, shop: str, key: str, now: datetime) -> Identity:
    """The shopper whom `token` signs in to `shop`; raises BadInput (and nothing else) for any other token."""
    parts = _FORM.fullmatch(token) if isinstance(token, str) else None
    if parts is None:
        raise BadInput("the shopper's token: expected base64url(JSON).hex(HMAC-SHA256), came another form")
    body, mac = parts.groups()
    if not hmac.compare_digest(_mac(body, key), mac):
        raise BadInput("the shopper's token: its signature is not made with this shop's key")
    claims = _check_claims(_claims(body))
    if not hmac.compare_digest(claims["shop"].encode(), shop.encode("utf-8", "surrogatepass")):
        raise BadInput("the shopper's token: it was made for another shop")
    _check_age(claims["iat"], claims["exp"], int(now.timestamp()))
    return Identity(claims["sub"], claims["name"])


def _mac(body: str, key: str) -> str:
    if not key:
        raise BadInput("the shopper's token: the shop has no key; set XIAOER_SHOP_KEY")
    return hmac.new(key.encode("utf-8", "surrogatepass"), body.encode("ascii"), hashlib.sha256).hexdigest()


def _claims(body: str) -> Any:
    try:
        return json.loads(base64.b64decode(body + "=" * (-len(body) % 4), altchars=b"-_", validate=True))
    except (ValueError, RecursionError) as problem:
        raise BadInput("the shopper's token: expected base64url of JSON in UTF-8") from problem


def _check_claims(claims: Any) -> dict[str, Any]:
    if not isinstance(claims, dict) or claims.keys() != _KEYS.keys():
        raise BadInput(f"the shopper's token: expected an object with exactly {', '.join(_KEYS)}")
    for name, kind in _KEYS.items():
        if type(claims[name]) is not kind or (kind is str and not _sound(claims[name])):
            raise BadInput(f"the shopper's token: {name} is not usable")
    if not claims["sub"] or not claims["shop"]:
        raise BadInput("the shopper's token: shop and sub must not be empty")
    return claims


def _sound(text: str) -> bool:
    return len(text) <= _LONGEST and text.isprintable()


def _check_age(made: int, ends: int, now: int) -> None:
    if made > now + SKEW:
        raise BadInput("the shopper's token: it comes from the future; check the shop's clock")
    if now - made > LIFE or now >= ends:
        raise BadInput("the shopper's token: it is too old; the shop's page must make a new one")
