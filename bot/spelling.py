"""One form for ids that are typed in different ways: shared by understanding, actions and the shop's door."""

from __future__ import annotations

import unicodedata
from functools import lru_cache


@lru_cache(maxsize=4096)
def compact(number: str) -> str:
    """An id without width, case, blanks and signs: ＺＸ－１００２, zx 1002 and ZX-1002 are zx1002."""
    folded = unicodedata.normalize("NFKC", number).casefold()
    return "".join(ch for ch in folded if ch.isalnum())
