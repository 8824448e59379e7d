"""What a turn gives Rasa in place of a server.

A tracker from the state, a channel that collects, an action endpoint without a network between.
"""

from __future__ import annotations

import asyncio
import logging
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from rasa.core.channels.channel import OutputChannel
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.trackers import DialogueStateTracker
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection

from bot.errors import ShopDown

Json = dict[str, Any]
logger = logging.getLogger(__name__)

ACTION_SECONDS = 8.0
"""An action that takes longer is given up; the shopper is told."""
SHOP_DOWN = "utter_shop_down"
ACTION_FAILED = "utter_action_failed"


@dataclass
class Running:
    """One turn on its way through Rasa."""

    tracker: DialogueStateTracker | None
    failed: list[str] = field(default_factory=list)


RUNNING: ContextVar[Running] = ContextVar("running")


class StateStore(TrackerStore):
    """The tracker of the running turn; nothing is kept between turns."""

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Hand the tracker to the turn."""
        RUNNING.get().tracker = tracker

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The tracker that the turn came with."""
        return RUNNING.get().tracker


class Collector(OutputChannel):
    """Collects messages as the NLG made them, cards and facts included."""

    def __init__(self) -> None:
        """Begin empty."""
        self.messages: list[Json] = []

    @classmethod
    def name(cls) -> str:
        """The channel's name in responses."""
        return "xiaoer"

    async def send_response(self, recipient_id: str, message: Json) -> None:
        """Keep the message."""
        self.messages.append(message)


class InProcess:
    """Rasa's action endpoint without a server between: same payload, same answer.

    What goes wrong in an action becomes a reply that says so; nothing is silent.
    """

    url = "in-process"
    type = None

    def __init__(self, package: str) -> None:
        """Register every action of the package; raises ImportError where it has none."""
        self.kwargs = {"enable_selective_domain": True}
        self._executor = ActionExecutor()
        self._executor.register_package(package)

    async def request(self, json: Json, **_: Any) -> Json:
        """Run the action that the payload names."""
        name = json["next_action"]
        try:
            result: Json = await asyncio.wait_for(self._executor.run(json), ACTION_SECONDS)
        except ActionExecutionRejection as refused:
            raise _rejected(refused) from refused
        except (ShopDown, asyncio.TimeoutError) as error:
            logger.warning("action %s: the shop did not answer (%s)", name, type(error).__name__)
            return _instead(name, SHOP_DOWN)
        except Exception:
            logger.exception("action %s failed", name)
            return _instead(name, ACTION_FAILED)
        return result


def _rejected(refused: ActionExecutionRejection) -> Exception:
    from rasa.core.actions.action import ActionExecutionRejection as Rejection

    rejection: Exception = Rejection(refused.action_name, str(refused))
    return rejection


def _instead(name: str, response: str) -> Json:
    RUNNING.get().failed.append(name)
    return {"events": [], "responses": [{"response": response}]}
