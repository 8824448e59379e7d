"""Arabic and Chinese numerals as people write them: shared by understanding and by the guard."""

from __future__ import annotations

_VALUES = {
    "零": 0,
    "〇": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "俩": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10_000}
DIGITS = "0-9" + "".join(_VALUES)
"""Characters of a class that stand for one digit."""
_CHINESE = "零〇一二两俩三四五六七八九十百千万"
NUMERAL = rf"(?:(?<!\d)\d+(?:\.\d+)?|(?<![{_CHINESE}])[{_CHINESE}]+半?)"
"""One whole number, as a group-free pattern: begun at its first digit, so that a long run is read once."""


def decimal(text: str) -> float:
    """The value of what `NUMERAL` matched: 12.5, 一百二 (120), 两千零五 (2005), 二〇二六 (2026)."""
    if text[0].isdigit():
        return float(text)
    half = 0.5 if text.endswith("半") else 0.0
    body = text.rstrip("半")
    if not any(ch in _UNITS for ch in body):
        return float("".join(str(_VALUES[ch]) for ch in body) or 0) + half
    return _with_units(body) + half


def _with_units(body: str) -> float:
    total = section = digit = 0
    last_unit = 1
    for ch in body:
        if ch in _VALUES:
            digit = _VALUES[ch]
            last_unit = 1 if ch in "零〇" else last_unit
            continue
        unit = _UNITS[ch]
        if unit == 10_000:
            total, section = (total + section + digit) * unit, 0
        else:
            section += (digit or 1) * unit
        digit, last_unit = 0, unit
    # 一百二 leaves its last unit unsaid: a digit right after 百, 千 or 万 counts a tenth of that unit
    return float(total + section + digit * (last_unit // 10 if last_unit >= 100 else 1))
