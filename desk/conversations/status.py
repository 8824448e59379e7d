"""Who owns a conversation, and the one table of how that may change."""

from __future__ import annotations

from enum import Enum

from bot.errors import XiaoerError


class Status(str, Enum):
    """Who answers the shopper now."""

    BOT = "bot"
    WAITING = "waiting"
    """For a person. Out of the agents' hours the bot goes on answering meanwhile, in them it is silent."""
    HUMAN = "human"
    CLOSED = "closed"


class Move(str, Enum):
    """What may happen to a conversation."""

    HAND_OVER = "hand_over"
    """The bot asks for a person; of someone who waits already it is no move, they are in the queue."""
    TAKE = "take"
    """An agent takes over: someone who waits, or at any moment from the bot."""
    HAND_BACK = "hand_back"
    """The agent gives it back to the bot."""
    CLOSE = "close"
    """The agent ends it."""
    REOPEN = "reopen"
    """The shopper writes after the end."""


TRANSITIONS: dict[tuple[Status, Move], Status] = {
    (Status.BOT, Move.HAND_OVER): Status.WAITING,
    (Status.BOT, Move.TAKE): Status.HUMAN,
    (Status.WAITING, Move.TAKE): Status.HUMAN,
    (Status.HUMAN, Move.HAND_BACK): Status.BOT,
    (Status.HUMAN, Move.CLOSE): Status.CLOSED,
    (Status.CLOSED, Move.REOPEN): Status.BOT,
}

BOTS = frozenset({Status.BOT, Status.WAITING})
"""Where a turn of the bot may be stored; which messages of those who wait become due, `receive` decides."""


class WrongStatus(XiaoerError):
    """A move that the conversation's status does not allow."""

    def __init__(self, status: Status, move: Move) -> None:
        self.status, self.move = status, move
        expected = " or ".join(s.value for s, m in TRANSITIONS if m is move)
        super().__init__(
            f"{move.value}: expected a conversation that is {expected}, came one that is {status.value}"
        )


def after(status: Status, move: Move) -> Status:
    """The status that `move` leads to; raises WrongStatus naming what was expected and what came."""
    to = TRANSITIONS.get((status, move))
    if to is None:
        raise WrongStatus(status, move)
    return to
