"""The signature under every request to a shop's interface: who asks, what, and when (docs/shop-api.md)."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

TIME = "X-Xiaoer-Time"
SIGNATURE = "X-Xiaoer-Signature"
KEY = "Idempotency-Key"
TOLERANCE = 300
"""Seconds that the clocks of both sides may differ."""


@dataclass(frozen=True)
class Signed:
    """What a signature covers; `path` and `query` (without "?") as they stand in the request line."""

    method: str
    path: str
    query: str = ""
    body: bytes = b""
    key: str = ""
    """The Idempotency-Key; empty where there is none."""

    def signature(self, api_key: str, at: str) -> str:
        """The signature at a time (Unix seconds, decimal), as hexadecimal digits."""
        digest = hashlib.sha256(self.body).hexdigest()
        text = "\n".join((at, self.method, self.path, self.query, self.key, digest))
        return hmac.new(api_key.encode(), text.encode(), hashlib.sha256).hexdigest()

    def headers(self, api_key: str, now: float) -> dict[str, str]:
        """The headers of a request that is sent at `now` (Unix seconds)."""
        at = str(int(now))
        key = {KEY: self.key} if self.key else {}
        return {**key, TIME: at, SIGNATURE: self.signature(api_key, at)}

    def fault(self, api_key: str, at: str, signature: str, now: float) -> str:
        """What is wrong with the `at` and `signature` that came with a request; empty if nothing is."""
        if not (at.isascii() and at.isdigit()):
            return f"{TIME}: expected Unix seconds"
        if abs(int(at) - now) > TOLERANCE:
            return f"{TIME}: expected within {TOLERANCE} seconds of this server's clock"
        wanted = self.signature(api_key, at)
        if not hmac.compare_digest(wanted.encode(), signature.encode("utf-8", "replace")):
            return f"{SIGNATURE}: expected another signature"
        return ""
