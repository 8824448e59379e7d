"""Turns JSON into frozen dataclasses and back; every wrong value is named by its path.

The form of the JSON is the dataclass: keys are field names, enums their values, tuples arrays, times ISO.
"""

from __future__ import annotations

import difflib
import json
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from datetime import date, datetime, time, timedelta, timezone
from enum import Enum
from functools import cache
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from bot.errors import BadInput
from bot.shop.values import Duration, Rule

MOST_PROBLEMS = 20
SHANGHAI = timezone(timedelta(hours=8))
"""The zone of `D-3 10:20`; China has one zone and no summer time."""

_UNSOUND = re.compile("[\0\ud800-\udfff]")
_RELATIVE = re.compile(r"D([+-][0-9]{1,4})(?: ([0-9]{2}:[0-9]{2}))?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"[0-9]{2}:[0-9]{2}")


class WrongRows(BadInput):
    """One or more values are not usable; `problems` has a line for each, at most twenty."""

    def __init__(self, problems: Sequence[str], more: int = 0) -> None:
        """`more`: how many further problems are not listed."""
        self.problems = tuple(problems)
        listed = ";".join(problems)
        tail = f";另外还有 {more} 处" if more else ""
        super().__init__(listed if len(problems) == 1 else f"{len(problems) + more} 处不对:{listed}{tail}")


class _Bad:
    """Stands for a value that could not be read; the problem is already noted."""


BAD = _Bad()


@dataclass
class Reading:
    """One pass over foreign data: what was wrong so far, and the day `D-3` counts from (None: no)."""

    anchor: date | None = None
    problems: list[str] = field(default_factory=list)
    more: int = 0

    def wrong(self, path: str, expected: str, *came: object) -> _Bad:
        """Note a problem: what was expected at `path`, and what `came`, if anything."""
        space = " " if expected[0].isascii() else ""
        return self.note(path, f"应为{space}{expected}" + (f",却是 {shown(came[0])}" if came else ""))

    def note(self, path: str, told: str) -> _Bad:
        """Note a problem at `path` in words of its own."""
        line = f"{path or '文件'}:{told}"
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append("".join(c if c.isprintable() else "\ufffd" for c in line))
        else:
            self.more += 1
        return BAD

    def finish(self) -> None:
        """Raise WrongRows if anything was wrong."""
        if self.problems:
            raise WrongRows(self.problems, self.more)


class Discreet(Reading):
    """A reading of customers' rows: it says what is wrong where, and what was expected, never what came."""

    def wrong(self, path: str, expected: str, *came: object) -> _Bad:
        """See Reading."""
        return super().wrong(path, expected)


Read = Callable[[Any, str, Reading], Any]


def read_value(kind: Any, value: Any, path: str, reading: Reading) -> Any:
    """`value` as a `kind` (a dataclass or any type its fields use), or BAD with the problem noted."""
    return _reader(kind)(value, path, reading)


def write_value(value: Any) -> Any:
    """The JSON form of a value; every field of a dataclass is written, in its declared order."""
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: write_value(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, dict):
        return {write_value(k): write_value(v) for k, v in value.items()}
    if isinstance(value, tuple):
        return [write_value(v) for v in value]
    return _write_scalar(value)


def _write_scalar(value: Any) -> Any:
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return str(value) if isinstance(value, Duration) else value


def check_keys(value: Mapping[Any, Any], known: Iterable[str], path: str, reading: Reading) -> None:
    """Refuse keys that nobody knows, with the nearest known one as a hint."""
    names = list(known)
    for key in value:
        if key in names:
            continue
        near = difflib.get_close_matches(str(key), names, n=1)
        hint = f"您是不是想写 {near[0]}?" if near else f"可用的有 {'、'.join(names)}"
        reading.note(join(path, str(key)), f"没有这一项({hint})")


def join(path: str, name: str) -> str:
    """The path of a member."""
    return f"{path}.{name}" if path else name


@cache
def hints(kind: type) -> dict[str, Any]:
    """The types of a dataclass's fields, with their rules."""
    return get_type_hints(kind, include_extras=True)


@cache
def _reader(kind: Any) -> Read:
    if kind is Any:
        return lambda value, path, reading: value
    if kind is Any:
        return lambda value, path, reading: value
    origin, args = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _ruled(args[0], args[1])
    if origin in (Union, UnionType):
        return _optional(_reader(next(a for a in args if a is not type(None))))
    if origin is tuple:
        return _array(_reader(args[0])) if args[-1] is Ellipsis else _pair(_reader(args[0]))
    if origin is dict:
        return _mapping(_reader(args[0]), _reader(args[1]))
    if is_dataclass(kind):
        return _record(kind)
    if issubclass(kind, Enum):
        return _choice(kind)
    return _SCALARS[kind]


def _ruled(base: type, rule: Rule) -> Read:
    read = _reader(base)

    def ruled(value: Any, path: str, reading: Reading) -> Any:
        if type(value) is not base:
            return reading.wrong(path, rule.expected, value)
        found = read(value, path, reading)
        return found if found is BAD or rule.holds(found) else reading.wrong(path, rule.expected, value)

    return ruled


def _optional(read: Read) -> Read:
    return lambda value, path, reading: None if value is None else read(value, path, reading)


def _array(read: Read) -> Read:
    def array(value: Any, path: str, reading: Reading) -> Any:
        if not isinstance(value, list):
            return reading.wrong(path, "数组", value)
        found = tuple(read(v, f"{path}[{i}]", reading) for i, v in enumerate(value))
        return BAD if any(v is BAD for v in found) else found

    return array


def _pair(read: Read) -> Read:
    def pair(value: Any, path: str, reading: Reading) -> Any:
        if not isinstance(value, list) or len(value) != 2:
            return reading.wrong(path, "从小到大的两个数 [最小, 最大]", value)
        low, high = (read(v, f"{path}[{i}]", reading) for i, v in enumerate(value))
        if low is BAD or high is BAD:
            return BAD
        return (low, high) if low <= high else reading.wrong(path, "从小到大的两个数 [最小, 最大]", value)

    return pair


def _mapping(read_key: Read, read: Read) -> Read:
    def mapping(value: Any, path: str, reading: Reading) -> Any:
        if not isinstance(value, dict):
            return reading.wrong(path, "对象", value)
        keys = [read_key(k, f"{path}.{k}", reading) for k in value]
        found = [read(v, f"{path}.{k}", reading) for k, v in value.items()]
        return BAD if BAD in keys or BAD in found else dict(zip(keys, found, strict=True))

    return mapping


def _record(kind: Any) -> Read:
    required = {f.name for f in fields(kind) if f.default is MISSING and f.default_factory is MISSING}
    readers = {f.name: _reader(hints(kind)[f.name]) for f in fields(kind)}

    def record(value: Any, path: str, reading: Reading) -> Any:
        if not isinstance(value, dict):
            return reading.wrong(path, "对象", value)
        before = len(reading.problems) + reading.more
        check_keys(value, readers, path, reading)
        found = {}
        for name, read in readers.items():
            if name in value:
                found[name] = read(value[name], join(path, name), reading)
            elif name in required:
                reading.note(join(path, name), "缺少这一项")
        return kind(**found) if len(reading.problems) + reading.more == before else BAD

    return record


def _choice(kind: type[Enum]) -> Read:
    members = {m.value: m for m in kind}
    expected = "以下之一:" + "、".join(members)

    def choice(value: Any, path: str, reading: Reading) -> Any:
        found = members.get(value) if isinstance(value, str) else None
        return reading.wrong(path, expected, value) if found is None else found

    return choice


def _text(value: Any, path: str, reading: Reading) -> Any:
    if not isinstance(value, str):
        return reading.wrong(path, "文字", value)
    if _UNSOUND.search(value):
        return reading.wrong(path, "不含 NUL 和残缺字符的文字", value)
    return value


def _whole(value: Any, path: str, reading: Reading) -> Any:
    return value if type(value) is int else reading.wrong(path, "整数", value)


def _number(value: Any, path: str, reading: Reading) -> Any:
    sound = type(value) in (int, float) and abs(value) < 10**9 and math.isfinite(value)
    return float(value) if sound else reading.wrong(path, "数字", value)


def _flag(value: Any, path: str, reading: Reading) -> Any:
    return value if isinstance(value, bool) else reading.wrong(path, "真假值 true 或 false", value)


def _day(value: Any, path: str, reading: Reading) -> Any:
    if isinstance(value, str) and reading.anchor and (shift := _RELATIVE.fullmatch(value)) and not shift[2]:
        return reading.anchor + timedelta(days=int(shift[1]))
    try:
        return date.fromisoformat(value if _DAY.fullmatch(value) else "")
    except (TypeError, ValueError):
        return reading.wrong(path, '日期,如 "2026-11-21"', value)


def _moment(value: Any, path: str, reading: Reading) -> Any:
    expected = '带时区的时间,如 "2026-11-21T10:20:00+08:00"'
    try:
        if reading.anchor and (shift := _RELATIVE.fullmatch(value)) and shift[2]:
            day = reading.anchor + timedelta(days=int(shift[1]))
            return datetime.combine(day, time.fromisoformat(shift[2]), SHANGHAI)
        found = datetime.fromisoformat(value[:-1] + "+00:00" if value.endswith("Z") else value)
        found.astimezone(timezone.utc)
    except (AttributeError, TypeError, ValueError, OverflowError):
        return reading.wrong(path, expected, value)
    return found if found.tzinfo else reading.wrong(path, expected, value)


def _time_of_day(value: Any, path: str, reading: Reading) -> Any:
    try:
        return time.fromisoformat(value if _TIME.fullmatch(value) else "")
    except (TypeError, ValueError):
        return reading.wrong(path, '钟点,如 "16:00"(要加引号)', value)


def _duration(value: Any, path: str, reading: Reading) -> Any:
    try:
        return Duration(value)
    except (TypeError, ValueError):
        return reading.wrong(path, '时长,如 "30m"、"48h"、"7d"', value)


_SCALARS: dict[Any, Read] = {
    str: _text,
    int: _whole,
    float: _number,
    bool: _flag,
    date: _day,
    datetime: _moment,
    time: _time_of_day,
    Duration: _duration,
}


def shown(value: object) -> str:
    """A value as the file has it, shortened."""
    try:
        text = json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError):
        text = repr(value)
    text = text.encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= 60 else text[:57] + "…"
