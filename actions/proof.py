"""Proving one order by its number and the last four digits of a phone: what `order_proof_form` does."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.naming import numbers_in
from actions.phrases import says
from actions.session import LISTEN, PROOF_FORM, Asked, Event, hear
from bot.shop.access import WINDOW, Proof
from bot.spelling import compact

NUMBER, TAIL, STEP, ASKING = "order_number", "phone_tail", "proof_step", "requested_slot"
UNSURE = "nlu_fallback"
FALLBACK_WISH = "order_status"
STAYS = frozenset({"affirm", "provide_info"})
"""Intents that do not lead away from the form even when they bring nothing it asks for."""

_PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_NUMBER = re.compile(
    r"(?<![A-Za-z0-9])(?=[A-Za-z_./-]*\d)[A-Za-z0-9](?:[A-Za-z0-9_./-]{4,62}[A-Za-z0-9])(?![A-Za-z0-9])"
)
_BARE_NUMBER = re.compile(
    r"\W*(?!\d{1,3}(?!\d))(?=[A-Za-z_./-]*\d|[A-Z]{4})([A-Za-z0-9][A-Za-z0-9_./-]{1,62}[A-Za-z0-9])(?:\s+\d{4})?\W*"
)
"""An answer that is a number and nothing else but a phone's tail; three digits alone are a slip."""
_TAIL = re.compile(r"(?<![\d.¥￥A-Za-z-])\d{4}(?![\dA-Za-z.年元块多号点米斤克人天-])")
_ATTEMPT = re.compile(r"\D{0,6}\d[\d\s-]*\D{0,3}")


class Step(str, Enum):
    """What the next question has to say first."""

    FIRST = "first"
    PATIENCE = "patience"
    UNREADABLE = "unreadable"
    WRONG = "wrong"
    PHONE = "phone"
    """The tail is there, the number is not."""
    HELP = "help"
    """The shopper does not know where to find what is asked for."""


@dataclass(frozen=True)
class Given:
    """What a message brings towards a proof; empty where it brings nothing."""

    number: str = ""
    tail: str = ""
    digits: bool = False
    """Whether it is little else than digits: an attempt, if not a usable one."""


def read_given(asked: Asked, asking: str | None) -> Given:
    """Order number and phone tail of the message, from its entities or else from its bare digits."""
    text = unicodedata.normalize("NFKC", asked.typed).strip()
    phone = asked.entity("phone") or _first(_PHONE, text)
    number = next(iter(numbers_in(asked)), "")
    if not number and (asking is not None or asked.intent == "provide_info"):
        rest = _PHONE.sub(" ", text)
        bare = _BARE_NUMBER.fullmatch(rest) if asking == NUMBER else None
        number = bare[1] if bare else _first(_NUMBER, rest)
    tail = asked.entity("phone_tail") or phone[-4:]
    if not tail and (asking == TAIL or number):
        tail = _first(_TAIL, _without(text, number, *asked.entities("order_tail")))
    return Given(number, tail if re.fullmatch(r"\d{4}", tail) else "", _ATTEMPT.fullmatch(text) is not None)


def _without(text: str, *numbers: str) -> str:
    """The text without these numbers, also where blanks were typed into them."""
    for number in filter(None, numbers):
        text = re.sub(r"\s*".join(map(re.escape, number)), " ", text)
    return text


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found.group() if found else ""


class ValidateOrderProofForm(Action):
    """Reads each message while the form is open, and redeems number and tail as soon as both are there.

    The tail is never stored: it goes straight to `Session.prove`, except when it comes before the number.
    """

    def name(self) -> str:
        """The name under which Rasa looks for the form's validation."""
        return f"validate_{PROOF_FORM}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        """Slot events; none at all lets the form be rejected, so that the rules answer another request."""
        asked = await hear(dispatcher, tracker)
        asking = tracker.get_slot(ASKING)
        if asking is not None and (asked.intent == "deny" or says(asked.text, "gives_up")):
            asked.say("utter_order_proof_declined")
            return _ended(FollowupAction(LISTEN), SlotSet("wish", None))
        given = read_given(asked, asking or (TAIL if tracker.get_slot(NUMBER) else None))
        if asking is not None and not (given.number or given.tail):
            return _nothing_given(asked, given)
        number = given.number or tracker.get_slot(NUMBER) or (_of_page(asked) if asking is None else None)
        tail = given.tail or tracker.get_slot(TAIL)
        if number and tail:
            return await _redeem(asked, number, tail)
        step = Step.PHONE if asking is not None and given.tail else Step.FIRST
        return [SlotSet(NUMBER, number), SlotSet(TAIL, tail), SlotSet(STEP, step.value)]


def _of_page(asked: Asked) -> str | None:
    """The number of the order whose page is open: it need not be typed, only proved."""
    page = asked.session.page
    return page.order_id if page and page.order_id else None


def _nothing_given(asked: Asked, given: Given) -> list[Event]:
    if says(asked.text, "lacks_proof"):
        return [SlotSet(STEP, Step.HELP.value)]
    if given.digits or (asked.intent == UNSURE and asked.typed.isascii()):
        return [SlotSet(STEP, Step.UNREADABLE.value)]
    return [SlotSet(STEP, Step.PATIENCE.value)] if asked.intent in STAYS else []


async def _redeem(asked: Asked, number: str, tail: str) -> list[Event]:
    match await asked.session.prove(number, tail):
        case Proof.PROVED:
            proved = next(n for n in asked.session.proved if compact(n) == compact(number))
            wish = asked.order_wish or FALLBACK_WISH
            return _ended(SlotSet("order_id", proved), FollowupAction(f"action_{wish}"))
        case Proof.LOCKED:
            asked.say("utter_order_proof_locked", wait=f"{WINDOW // timedelta(hours=1)}h")
            return _ended(FollowupAction(LISTEN))
        case Proof.WRONG:
            return [SlotSet(NUMBER, number), SlotSet(TAIL, None), SlotSet(STEP, Step.WRONG.value)]


def _ended(*events: Event) -> list[Event]:
    """The form is done: it asks no further, and nothing of the proof lingers."""
    return [SlotSet(NUMBER, None), SlotSet(TAIL, None), SlotSet(STEP, None), *events, SlotSet(ASKING, None)]


class _Ask:
    slot = ""
    response = ""

    def name(self) -> str:
        """The name under which the form asks for its slot."""
        return f"action_ask_{self.slot}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        """Ask, worded for what came before; asked again with nothing new, it is asked with patience."""
        step = tracker.get_slot(STEP) or Step.FIRST.value
        dispatcher.utter_message(response=f"{self.response}_{step}", order_id=tracker.get_slot(NUMBER))
        return [SlotSet(STEP, Step.PATIENCE.value)]


class AskOrderNumber(_Ask, Action):
    """Asks for the order number."""

    slot, response = NUMBER, "utter_order_proof_number"


class AskPhoneTail(_Ask, Action):
    """Asks for the last four digits of the phone, repeating the number that was understood."""

    slot, response = TAIL, "utter_order_proof_tail"
