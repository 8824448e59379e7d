"""Why a language model gave no answer, and when it is left alone."""

from __future__ import annotations

from collections.abc import Callable

from bot.errors import XiaoerError

SECONDS = 8.0
"""A turn waits no longer for all it asks the model, both tries included."""
MOST_BYTES = 65_536
MOST_TOKENS = 400
FAILURES, REST = 3, 30.0
"""After so many failures in a row the model is left alone for so many seconds; then one call tries it."""

ADVICE = {
    "unreachable": "cannot be reached: is XIAOER_LLM_BASE_URL right, and the model's server up?",
    "slow": f"does not answer within {SECONDS:g} s: choose a smaller or nearer model",
    "key": "refuses the key: correct XIAOER_LLM_API_KEY",
    "model": "knows no such model or address: correct XIAOER_LLM_MODEL or XIAOER_LLM_BASE_URL (often …/v1)",
    "busy": "limits our requests (HTTP 429): ask its provider for more, or lower XIAOER_LLM_DAILY_TOKENS",
    "server": "fails by itself (HTTP 5xx): look at its own log",
    "refused": "refuses the request (HTTP 4xx): does it speak OpenAI's chat completions?",
    "garbage": "does not answer as OpenAI's chat completions do: XIAOER_LLM_BASE_URL may name a web page",
    "empty": "answers nothing",
    "cut": "breaks off in the middle of its answers",
    "long": "is cut off at our limit of tokens: it thinks aloud, or does not keep to a length",
    "huge": f"answers with more than {MOST_BYTES} bytes",
    "budget": "has used up the day's XIAOER_LLM_DAILY_TOKENS or XIAOER_LLM_DAILY_MONEY",
    "uncounted": "is not asked, since its usage cannot be counted: is XIAOER_ACCESS_URL reachable?",
    "resting": f"failed {FAILURES} times in a row and is left alone for {REST:g} s at a time",
    "late": "was not asked: the turn had no time left for it",
}
"""Every reason for which there may be no answer, and what it means to the owner."""
PASSING = frozenset({"unreachable", "busy", "server", "garbage", "empty", "cut"})
"""What a second try may mend."""
FREE = frozenset({"unreachable", "key", "model", "busy", "server", "refused"})
"""Failures for which nobody charges."""
OURS = frozenset({"budget", "uncounted", "resting", "late"})
"""Reasons that lie here and say nothing about the model."""


class LlmFailed(XiaoerError):
    """There is no answer; `reason` is one of ADVICE. `pause`: seconds after which to try again."""

    def __init__(self, reason: str, pause: float = 0.2) -> None:
        self.reason = reason
        self.pause = pause
        super().__init__(f"the language model {ADVICE[reason]}")


class Breaker:
    """Leaves a model that keeps failing alone; `clock` gives seconds that only grow."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._failed = 0
        self._until = 0.0

    @property
    def open(self) -> bool:
        """Whether the model is being left alone."""
        return self._failed >= FAILURES and self._clock() < self._until

    def may_ask(self) -> bool:
        """Whether to ask now; after a rest, one caller at a time may."""
        if self.open:
            return False
        if self._failed >= FAILURES:
            self._until = self._clock() + REST
        return True

    def note(self, *, good: bool) -> None:
        """An answer, or a failure of the model's."""
        self._failed = 0 if good else self._failed + 1
        if self._failed >= FAILURES:
            self._until = self._clock() + REST
