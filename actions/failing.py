"""A write that the shop's system did not answer: it is told, and a person sees to it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.shop.tasks import Task, TaskKind
from bot.shop.wishes import Wish, order_of

if TYPE_CHECKING:
    from actions.session import Asked

FAILED_DUE = timedelta(hours=2)
"""By when a person does what the shop's system did not."""


def say_down(asked: Asked, role: str, wish: Wish, key: str) -> None:
    """A person sees to it; the same yes may be tried again, its key makes that safe."""
    facts = {"what": wish.kind, "order_id": order_of(wish)}
    due = asked.session.now + FAILED_DUE
    task = Task(TaskKind.FAILED_WRITE, key, role, due, "utter_task_failed_write", facts, order_of(wish))
    asked.session.tasks.append(task)
    asked.say("utter_doing_down", what=wish.kind, task_key=key[:8], due=due.isoformat())
