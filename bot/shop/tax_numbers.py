"""Tax numbers of firms: their form, and the check digit of the unified code (GB 32100)."""

from __future__ import annotations

import re

_FORM = re.compile(r"[0-9A-Z]{15}|[0-9A-Z]{18}|[0-9A-Z]{20}")
_DIGITS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_UNIFIED = 18


def is_tax_number(text: str) -> bool:
    """Whether it has the form of one: 15, 18 or 20 capitals and digits."""
    return _FORM.fullmatch(text) is not None


def check_digit_fits(number: str) -> bool:
    """Whether the last character of a unified code follows from the others; true for the older forms."""
    if len(number) != _UNIFIED:
        return True
    if any(ch not in _DIGITS for ch in number):
        return False
    total = sum(_DIGITS.index(ch) * pow(3, at, 31) for at, ch in enumerate(number[:-1]))
    return _DIGITS[-total % 31] == number[-1]
