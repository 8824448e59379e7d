"""Rasa's seam for wording: replies come from the templates of data/responses.

endpoints.yml names this class, so `rasa shell` and `rasa run` word replies as the bot server does.
"""

from __future__ import annotations

import logging
from contextvars import ContextVar
from typing import Any

from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot import settings
from bot.reply.display import Display, read_labels
from bot.reply.style import FOLDER as STYLES
from bot.reply.style import Style, read_styles
from bot.reply.voice import Occasion
from bot.reply.wording import Json, choose, compose

logger = logging.getLogger(__name__)

LABELS = "data/responses/labels.yml"
OCCASION: ContextVar[Occasion] = ContextVar("occasion")
"""Set by the turn; under plain Rasa it is made from the tracker."""


class XiaoerNLG(TemplatedNaturalLanguageGenerator):
    """Words replies from templates; the same message of the same conversation is always worded alike."""

    def __init__(self, endpoint_config: EndpointConfig | None = None, domain: Domain | None = None) -> None:
        """Rasa gives the endpoint and the domain, and refreshes `responses` whenever a model is loaded."""
        super().__init__(domain.responses if domain else {})
        self._labels = read_labels(settings.ROOT / LABELS)
        self._style = read_styles(settings.ROOT / STYLES).get(settings.load().style)

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any
    ) -> Json | None:
        """The message of a response, its facts given as keywords; None where there is no such response."""
        wordings = self.responses.get(utter_action)
        if not wordings:
            logger.error("no response named %s", utter_action)
            return None
        occasion = OCCASION.get(None) or _plain_rasa_occasion(tracker, self._style)
        at = choose(utter_action, wordings, occasion)
        declared = (wordings[0].get("metadata") or {}).get("facts") or {}
        facts = {name: value for name, value in kwargs.items() if name in declared}
        return compose(wordings, at, facts, Display(self._labels, occasion.today), occasion)


def _plain_rasa_occasion(tracker: DialogueStateTracker, style: Style | None) -> Occasion:
    now = settings.load().now()
    return Occasion(f"{tracker.sender_id}/{len(tracker.events)}", now.date(), style=style, hour=now.hour)
