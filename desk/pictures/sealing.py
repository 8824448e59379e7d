"""Pictures are encrypted where they are kept: AES-256-GCM under keys made from XIAOER_PICTURE_KEY.

The setting may hold several secrets: the first seals, each of them opens what was sealed under it. What is
sealed is bound to the picture's own name and size, so one row's bytes are of no use in another's place.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from desk.errors import DeskError

_NONCE = 12
"""Bytes; drawn at random, which is safe for some four thousand million pictures a key."""


class Sealer:
    """Seals and opens; `name` is that of the key that seals."""

    def __init__(self, secrets: Sequence[str]) -> None:
        """Of at least one secret, the newest first."""
        self._keys = {_derived(s, b"name", 4).hex(): AESGCM(_derived(s, b"key", 32)) for s in secrets}
        self.name = next(iter(self._keys))

    def seal(self, content: bytes, about: str) -> bytes:
        """The content, readable only with the key and for the same `about`."""
        nonce = os.urandom(_NONCE)
        return nonce + self._keys[self.name].encrypt(nonce, content, about.encode())

    def open(self, sealed: bytes, about: str, key: str) -> bytes:
        """What was sealed under the key of that name; raises DeskError picture_sealed where it cannot be."""
        found = self._keys.get(key)
        if found is None:
            raise DeskError("picture_sealed")
        try:
            return found.decrypt(sealed[:_NONCE], sealed[_NONCE:], about.encode())
        except (InvalidTag, ValueError):
            raise DeskError("picture_sealed") from None


def sealer() -> Sealer:
    """As configured; raises DeskError pictures_off without a key."""
    return _of(settings.XIAOER.picture_key)


@lru_cache(maxsize=4)
def _of(keys: str) -> Sealer:
    secrets = [key.strip() for key in keys.split(",") if key.strip()]
    if not secrets:
        raise DeskError("pictures_off")
    return Sealer(secrets)


def _derived(secret: str, use: bytes, length: int) -> bytes:
    """A key for one use, so that its public name tells nothing of the one that encrypts."""
    return HKDF(SHA256(), length, None, b"xiaoer picture " + use).derive(secret.encode())
