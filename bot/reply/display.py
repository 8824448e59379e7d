"""Facts to words: canonical values of declared types, as a Chinese shopper reads them.

One place for templates, cards and (later) the guard. The labels of codes stand in data/responses/labels.yml.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

from bot.errors import BadInput

Json = dict[str, Any]
Labels = Mapping[str, Mapping[str, str]]

WEEKDAYS = "一二三四五六日"
NEAR_DAYS = {-2: "前天", -1: "昨天", 0: "今天", 1: "明天", 2: "后天"}
DURATION = re.compile(r"(?P<n>\d+(?:\.\d+)?(?:-\d+)?)(?P<unit>m|h|d|wd|w|mo|y)")
DURATION_UNITS = {"m": "分钟", "h": "小时", "d": "天", "wd": "个工作日", "w": "周", "mo": "个月", "y": "年"}
SIMPLE_TYPES = frozenset(
    {"money", "date", "time", "duration", "number", "percent", "id", "phone", "text", "list"}
)
CARD_TYPES = frozenset({"order", "orders", "parcel", "payment", "product", "products", "table"})
ENUM = "enum:"


def read_labels(path: Path) -> Labels:
    """The labels of every enum; raises BadInput where the file is not sections of code to label."""
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(raw, dict) or not all(isinstance(section, dict) for section in raw.values()):
        raise BadInput(f"{path.name}: expected sections of `code: label`")
    return {
        str(name): {str(code): str(label) for code, label in section.items()} for name, section in raw.items()
    }


@dataclass(frozen=True)
class Display:
    """Words for values, seen from `today`."""

    labels: Labels
    today: date

    def words(self, value: Any, kind: str) -> str:
        """The value of a declared type in words, a list of codes joined; None gives an empty string.

        Raises BadInput for a value that is not of its type: the fault is an action's, never a shopper's.
        """
        if value is None:
            return ""
        if kind.startswith(ENUM):
            codes = value if isinstance(value, list) else [value]
            return "、".join(self.label(kind.removeprefix(ENUM), str(code)) for code in codes)
        try:
            return self._simple(value, kind)
        except (TypeError, ValueError) as error:
            raise BadInput(f"fact of type {kind}: came {value!r}") from error

    def label(self, name: str, code: str) -> str:
        """A code's label; a code without one is shown as it is."""
        return self.labels.get(name, {}).get(code, code)

    def card(self, value: Any, kind: str) -> Json:
        """A structured fact as a card of display-ready strings; raises BadInput for an unknown kind."""
        makers = {
            "order": self._order,
            "orders": lambda rows: {"orders": [self._order(row) for row in rows]},
            "parcel": self._parcel,
            "payment": self._payment,
            "product": self._product,
            "products": lambda rows: {"products": [self._product(row) for row in rows]},
            "table": self._table,
        }
        if kind not in makers:
            raise BadInput(f"card: expected one of {', '.join(makers)}, came {kind!r}")
        return {"kind": kind, **makers[kind](value)}

    def _simple(self, value: Any, kind: str) -> str:
        match kind:
            case "money":
                return money(value)
            case "date":
                return self._date(date.fromisoformat(value))
            case "time":
                return self._time(datetime.fromisoformat(value))
            case "duration":
                return duration(value)
            case "percent":
                return f"{value}%"
            case "list":
                return "、".join(str(part) for part in value)
            case "number" | "id" | "phone" | "text":
                return str(value)
        raise BadInput(
            f"fact type: expected one of {', '.join(sorted(SIMPLE_TYPES))} or enum:<name>, came {kind!r}"
        )

    def _date(self, day: date) -> str:
        year = f"{day.year}年" if day.year != self.today.year else ""
        plain = f"{year}{day.month}月{day.day}日"
        near = NEAR_DAYS.get((day - self.today).days)
        return f"{near}({plain})" if near else f"{plain}(周{WEEKDAYS[day.weekday()]})"

    def _time(self, at: datetime) -> str:
        near = NEAR_DAYS.get((at.date() - self.today).days)
        year = f"{at.year}年" if at.year != self.today.year else ""
        return f"{near or f'{year}{at.month}月{at.day}日'} {at:%H:%M}"

    def _order(self, row: Json) -> Json:
        return {
            "order_id": row["order_id"],
            "state": self.label("order_state", row["state"]),
            "state_code": row["state"],
            "items": [
                {
                    "title": item["title"],
                    "options": _options(item.get("options")),
                    "quantity": str(item["quantity"]),
                    "price": money(item["price"]),
                    "picture": item.get("picture") or "",
                }
                for item in row["items"]
            ],
            "total": money(row["total"]),
            "placed": self._time(datetime.fromisoformat(row["placed"])),
        }

    def _parcel(self, row: Json) -> Json:
        return {
            "order_id": row["order_id"],
            "carrier": row["carrier"],
            "waybill": row["waybill"],
            "state": self.label("parcel_state", row["state"]),
            "state_code": row["state"],
            "place": row.get("place") or "",
            "expected": self.words(row.get("expected"), "date"),
            "traces": [
                {
                    "at": self._time(datetime.fromisoformat(trace["at"])),
                    "place": trace["place"],
                    "text": trace["text"],
                }
                for trace in reversed(row["traces"])
            ],
        }

    def _payment(self, row: Json) -> Json:
        return {
            "order_id": row["order_id"],
            "title": row["title"],
            "total": money(row["total"]),
            "until": self._time(datetime.fromisoformat(row["until"])),
            "url": row["url"],
        }

    def _product(self, row: Json) -> Json:
        return {
            "product_id": row["product_id"],
            "title": row["title"],
            "price": money(row["price"]),
            "stock": str(row["stock"]),
            "picture": row.get("picture") or "",
            "specs": [{"name": name, "value": value} for name, value in (row.get("specs") or {}).items()],
        }

    def _table(self, row: Json) -> Json:
        return {
            "title": str(row.get("title") or ""),
            "columns": [self._cell(column) for column in row["columns"]],
            "rows": [[self._cell(cell) for cell in cells] for cells in row["rows"]],
        }

    def _cell(self, cell: Any) -> str:
        """A cell as it stands, or a value of a declared type: `{"value": 4000, "type": "money"}`."""
        return self.words(cell["value"], cell["type"]) if isinstance(cell, dict) else str(cell)


def money(fen: int) -> str:
    """Fen as yuan: 129900 -> 1299元, 1990 -> 19.9元, 5 -> 0.05元."""
    sign, fen = ("-", -fen) if fen < 0 else ("", fen)
    yuan, rest = divmod(fen, 100)
    cents = f".{rest:02d}".rstrip("0") if rest else ""
    return f"{sign}{yuan}{cents}元"


def duration(value: str) -> str:
    """48h -> 48小时, 7d -> 7天, 1-3d -> 1-3天; raises ValueError for anything else."""
    match = DURATION.fullmatch(value)
    if match is None:
        raise ValueError(value)
    return f"{match['n']}{DURATION_UNITS[match['unit']]}"


def _options(options: Mapping[str, str] | str | None) -> str:
    if isinstance(options, str) or options is None:
        return options or ""
    return " ".join(options.values())


def slots_of(text: str) -> Sequence[str]:
    """The names of the `{slots}` in a wording."""
    return re.findall(r"{([^{}\n]+)}", text)
