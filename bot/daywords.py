"""Words for single days, from today or fixed in the year: shared by understanding and by the guard."""

from __future__ import annotations

import re
from datetime import date

RELATIVE = {
    "大前天": -3, "前天": -2, "昨天": -1, "昨日": -1, "昨儿": -1, "昨晚": -1, "琴日": -1,
    "今天": 0, "今日": 0, "今儿": 0, "今晚": 0, "今早": 0,
    "明天": 1, "明日": 1, "明儿": 1, "明晚": 1, "明早": 1, "听日": 1, "后天": 2, "大后天": 3,
}  # fmt: skip
"""Days from today."""
FEASTS = {
    "双十一": (11, 11), "双11": (11, 11), "双十二": (12, 12), "双12": (12, 12), "618": (6, 18),
    "元旦": (1, 1), "情人节": (2, 14), "五一": (5, 1), "六一": (6, 1), "儿童节": (6, 1), "教师节": (9, 10),
    "国庆": (10, 1), "平安夜": (12, 24), "圣诞": (12, 25),
}  # fmt: skip
"""Month and day."""
WEEKDAYS = "一二三四五六日"
"""周一 is 0; 天 is 日."""
_FIGURES = r"(?<![\d.]){}(?![\d.%元块折件个码])"
PATTERN = re.compile(
    "|".join(
        _FIGURES.format(word) if word.isdigit() else word
        for word in sorted({*RELATIVE, *FEASTS}, key=len, reverse=True)
    )
)
"""One such word; 618元 is an amount."""


def calendar_day(year: int, month: int, day: int) -> date | None:
    """The day, or nothing where the calendar has none."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def weekday_number(name: str) -> int:
    """0 for 一 to 6 for 日 or 天."""
    return 6 if name == "天" else WEEKDAYS.index(name)
