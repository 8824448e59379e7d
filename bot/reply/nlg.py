"""Rasa's seam for wording: replies come from the templates of data/responses.

endpoints.yml names this class, so `rasa shell` and `rasa run` word replies as the bot server does.
"""

from __future__ import annotations

import logging
from contextvars import ContextVar
from time import monotonic
from typing import TYPE_CHECKING, Any

from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot import settings
from bot.reply.display import Display, read_labels
from bot.reply.failures import SECONDS
from bot.reply.style import FOLDER as STYLES
from bot.reply.style import read_styles
from bot.reply.voice import Occasion
from bot.reply.wording import WORDING, Json, choose, compose

if TYPE_CHECKING:
    from bot.reply.draft import Rewords

logger = logging.getLogger(__name__)

LABELS = "data/responses/labels.yml"
OCCASION: ContextVar[Occasion] = ContextVar("occasion")
"""Set by the turn; under plain Rasa it is made from the tracker."""


class XiaoerNLG(TemplatedNaturalLanguageGenerator):
    """Words replies from templates; the same message of the same conversation is always worded alike.

    With a drafter, a language model may reword them, by the occasion's deadline and past the guard.
    """

    def __init__(
        self,
        endpoint_config: EndpointConfig | None = None,
        domain: Domain | None = None,
        drafter: Rewords | None = None,
    ) -> None:
        """Rasa gives the endpoint and the domain, and refreshes `responses` whenever a model is loaded."""
        super().__init__(domain.responses if domain else {})
        self._labels = read_labels(settings.ROOT / LABELS)
        self._style = read_styles(settings.ROOT / STYLES).get(settings.load().style)
        self.drafter = self._configured() if endpoint_config else drafter
        self._until: dict[str, float] = {}

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any
    ) -> Json | None:
        """The message of a response, its facts given as keywords; None where there is no such response."""
        wordings = self.responses.get(utter_action)
        if not wordings:
            logger.error("no response named %s", utter_action)
            return None
        occasion = OCCASION.get(None) or self._plain_rasa_occasion(tracker)
        at = choose(utter_action, wordings, occasion)
        declared = wordings[0].get("metadata") or {}
        facts = {name: value for name, value in kwargs.items() if name in (declared.get("facts") or {})}
        message = compose(wordings, at, facts, Display(self._labels, occasion.today), occasion)
        if self.drafter is None:
            return message
        from bot.reply.draft import material

        template = message["text"]
        asked = material(utter_action, wordings[at]["text"], template, declared, facts)
        worded = await self.drafter.draft(asked, occasion)
        told = {"template": template, "worded_by": worded.worded_by, "checks": list(worded.checks)}
        return {**message, "text": worded.text, WORDING: {**message[WORDING], **told}}

    def _configured(self) -> Rewords | None:
        from bot.reply.draft import open_model

        model = open_model(settings.load(), self._labels)
        return model.drafter if model else None

    def _plain_rasa_occasion(self, tracker: DialogueStateTracker) -> Occasion:
        """All replies to one message share its deadline, as in a turn."""
        now, said = settings.load().now(), tracker.latest_message
        earlier = [e.intent_name for e in tracker.events if isinstance(e, UserUttered) and e is not said]
        return Occasion(
            f"{tracker.sender_id}/{len(tracker.events)}",
            now.date(),
            style=self._style,
            hour=now.hour,
            conversation=tracker.sender_id,
            shopper=(said.text or "") if said else "",
            recent=tuple(name for name in earlier if name)[-2:],
            until=self._deadline(said.message_id if said else ""),
        )

    def _deadline(self, message: str) -> float:
        now = monotonic()
        self._until = {name: until for name, until in self._until.items() if until > now - SECONDS}
        return self._until.setdefault(message, now + SECONDS)
