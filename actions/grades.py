"""Grades of membership: how one rises to them, and what each brings."""

from __future__ import annotations

from actions.finding import heard
from actions.session import Asked, Facts
from bot.shop.sales_rules import Grade


def asks_grades(asked: Asked) -> bool:
    """Whether it is asked how grades are reached or what they bring, and the shop has any."""
    return len(asked.policy.membership) > 1 and bool(heard(asked.text, "asks_grade"))


def say_grades(asked: Asked) -> None:
    """The grade that is named with what it takes, and all of them in a table."""
    grades = asked.policy.membership
    named = next((g for g in reversed(grades) if g.name[:2] in asked.text), None)
    if named is None:
        asked.say("utter_account_ladder", grades=[g.name for g in grades], ladder=_table(grades))
        return
    facts: Facts = {"grade": named.name, "spent": named.spent, "perks": list(named.perks)}
    asked.say("utter_account_grade", **facts, percent=named.percent, ladder=_table(grades))


def _table(grades: tuple[Grade, ...]) -> Facts:
    """All grades as a fact of type `table`."""
    columns = [_word(code) for code in ("name", "spent", "percent", "freight", "perks")]
    rows = [
        [
            grade.name,
            {"value": grade.spent, "type": "money"},
            {"value": grade.percent, "type": "percent"},
            _word("free" if grade.free_freight else "usual"),
            {"value": list(grade.perks), "type": "list"},
        ]
        for grade in grades
    ]
    return {"title": "", "columns": columns, "rows": rows}


def _word(code: str) -> Facts:
    return {"value": code, "type": "enum:grade"}
