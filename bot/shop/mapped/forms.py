"""Forms in which owners' columns hold numbers, moments and lists. A ValueError: this is none of them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Any

_PAIR = re.compile("[:：]")
_COMMA = re.compile("[,，、;；|]")
_ALONE = "规格"
"""What a word is called that stands for itself, as 黑色 alone does."""
_MILLISECONDS = 10**11
"""A number from here on counts milliseconds since 1970, below it seconds."""


class Shape(str, Enum):
    """What a column holds, as far as it matters."""

    TEXT = "text"
    WHOLE = "whole"
    NUMBER = "number"
    FLAG = "flag"
    MOMENT = "moment"
    AWARE = "aware"
    DAY = "day"
    JSON = "json"


class Unwritable(Exception):
    """A column cannot hold a value."""


def read_whole(raw: Any) -> int:
    """A whole number, however it is written: 3, "3.00"."""
    found = Decimal(str(raw))
    if found != found.to_integral_value():
        raise ValueError(raw)
    return int(found)


def write_number(number: Decimal, shape: Shape) -> Any:
    """A number for such a column; raises Unwritable for half a one in a column of whole ones."""
    # As text: every driver and database takes it for its own kind of number, without a float between.
    if shape is not Shape.WHOLE:
        return str(number)
    if number != number.to_integral_value():
        raise Unwritable(str(number))
    return int(number)


def to_number(value: Any) -> Decimal:
    """A text as the number that it is; raises Unwritable where it is none that a database holds."""
    try:
        found = Decimal(str(value))
    except InvalidOperation as problem:
        raise Unwritable(str(value)) from problem
    if not found.is_finite() or abs(found) >= 2**63:
        raise Unwritable(str(value))
    return found


def read_moment(raw: Any, zone: tzinfo) -> datetime:
    """A moment in the shop's zone, which it is of where it names none."""
    if isinstance(raw, datetime):
        found = raw
    elif isinstance(raw, date):
        found = datetime.combine(raw, time())
    elif re.fullmatch("[0-9]+", str(raw)):
        number = int(raw)
        seconds = number / 1000 if number >= _MILLISECONDS else number
        found = datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(seconds=seconds)
    else:
        found = datetime.fromisoformat(str(raw).strip().replace("Z", "+00:00"))
    return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(zone)


def read_day(raw: Any, zone: tzinfo) -> date:
    """A day, or the day of a moment."""
    if isinstance(raw, date) and not isinstance(raw, datetime):
        return raw
    return read_moment(raw, zone).date()


def write_moment(moment: datetime, shape: Shape) -> Any:
    """A moment of the shop's zone for such a column, to the second; of a day its day."""
    if shape is Shape.WHOLE:
        return int(moment.timestamp())
    if shape is Shape.AWARE:
        return moment.isoformat()
    return moment.strftime("%Y-%m-%d" if shape is Shape.DAY else "%Y-%m-%d %H:%M:%S")


def read_table(text: str) -> Any:
    """`{"颜色": "黑色"}`, or as many shops write it: 颜色:黑色;尺码:L. A word alone has no name."""
    return _json(text, "{", _read_pairs)


def read_texts(text: str) -> Any:
    """`["甲", "乙"]`, or 甲、乙."""
    return _json(text, "[", lambda plain: [piece for p in _COMMA.split(plain) if (piece := p.strip())])


def write_listed(value: Any, shape: Shape) -> str:
    """A table or texts as such columns are read: plain where that can be read again, else JSON."""
    if isinstance(value, dict):
        plain, read = ";".join(v if k == _ALONE else f"{k}:{v}" for k, v in value.items()), read_table
    else:
        plain, read = "、".join(map(str, value)), read_texts
    is_plain = shape is not Shape.JSON and read(plain) == value
    return plain if is_plain else json.dumps(value, ensure_ascii=False)


def _json(text: str, begins: str, read_plain: Callable[[str], Any]) -> Any:
    if text.lstrip().startswith(begins):
        try:
            return json.loads(text)
        except ValueError:  # [新品]杯刷 is no JSON
            pass
    return read_plain(text)


def _read_pairs(text: str) -> dict[str, str]:
    found = {}
    for piece in filter(None, (p.strip() for p in _COMMA.split(text))):
        name, *value = (part.strip() for part in _PAIR.split(piece, maxsplit=1))
        found[name if value else _ALONE] = value[0] if value else name
    return found
