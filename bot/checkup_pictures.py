"""Whether the pictures that shoppers sent can still be opened with the keys at hand."""

from __future__ import annotations

import hmac

from bot.checkup_proxy import rows
from bot.settings import Settings


def without_key(settings: Settings) -> int:
    """How many pictures were sealed under a key that XIAOER_PICTURE_KEY does not hold any more."""
    at_hand = {_name(secret.strip()) for secret in settings.picture_key.split(",") if secret.strip()}
    sealed = rows(settings, "SELECT key, COUNT(*) FROM pictures_picture GROUP BY key")
    return sum(int(count) for key, count in sealed if key not in at_hand)


def _name(secret: str) -> str:
    """The name under which the desk files a key: four bytes of HKDF-SHA256 (desk/pictures/sealing.py)."""
    extracted = hmac.digest(bytes(32), secret.encode(), "sha256")
    return hmac.digest(extracted, b"xiaoer picture name\x01", "sha256")[:4].hex()
