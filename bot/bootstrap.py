"""The one place where a process that speaks as the bot gets its parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.settings import Settings
from bot.shop.access import ProofTries
from bot.shop.backend import ShopBackend

if TYPE_CHECKING:
    from bot.dialogue import Dialogue


async def open_dialogue(settings: Settings, shop: ShopBackend, tries: ProofTries) -> Dialogue:
    """The dialogue over the trained model; raises ModelMissing where there is none.

    Importing it takes seconds (Rasa imports TensorFlow), so nothing else in the project does.
    """
    from bot import rasa_tuning

    rasa_tuning.apply()
    from bot.dialogue import Dialogue

    return await Dialogue.load(settings, shop, tries)
