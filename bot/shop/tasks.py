"""What a conversation leaves for a person to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any


class TaskKind(str, Enum):
    """Why a person has to do it."""

    COMPLAINT = "complaint"
    FOLLOWUP = "followup"
    CALLBACK = "callback"
    FAILED_WRITE = "failed_write"


@dataclass(frozen=True)
class Task:
    """One thing to do for somebody of a role by a time; `key` makes the same task, left twice, one."""

    kind: TaskKind
    key: str
    role: str
    due: datetime
    response: str
    """Names the words that tell a person what is wanted; `facts` go into them."""
    facts: dict[str, Any]
    order: str = ""
