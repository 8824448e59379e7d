"""A language model chooses among the likeliest intents, where the bot would ask; it may also choose none."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from typing import Any

from bot.reply.failures import LlmFailed
from bot.reply.llm import Llm
from bot.reply.privacy import Mask, Privacy
from bot.reply.prompts import Prompts
from bot.reply.usage import Bill

Json = dict[str, Any]
logger = logging.getLogger(__name__)

NONE = "none"
SECONDS = 3.0
"""Of the turn's time, since a reply may have to be worded after it."""
MOST_TOKENS = 40


class Chooser:
    """Asks which of a few intents a message means."""

    def __init__(self, llm: Llm, privacy: Privacy, prompts: Prompts) -> None:
        """Share the model and the texts with the drafter."""
        self._llm = llm
        self._privacy = privacy
        self._prompts = prompts

    async def choose(
        self, text: str, candidates: Sequence[tuple[str, str]], left: float, bill: Bill
    ) -> str | None:
        """One of the (intent, label) given, or None: none fits, the answer is off the list, late or missing.

        `left`: seconds that the turn still has. Personal data in the text are hidden before it is sent.
        """
        names = [name for name, _ in candidates]
        shown = Mask(self._privacy).learn(text).hide(text)
        try:
            answer = await self._llm.complete(
                self._prompts.choosing(shown, candidates),
                deadline=min(left, SECONDS),
                bill=bill,
                schema=_schema([*names, NONE]),
                most_tokens=MOST_TOKENS,
            )
        except LlmFailed as failure:
            logger.info("the model chose nothing: %s", failure.reason)
            return None
        chosen = _intent(answer)
        return chosen if chosen in names else None


def _schema(names: list[str]) -> Json:
    return {
        "type": "object",
        "properties": {"intent": {"type": "string", "enum": names}},
        "required": ["intent"],
        "additionalProperties": False,
    }


def _intent(answer: str) -> str | None:
    try:
        chosen = json.loads(answer)["intent"]
    except (ValueError, KeyError, TypeError):
        return None
    return chosen if isinstance(chosen, str) else None
