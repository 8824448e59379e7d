"""The talk around requests: greeting, thanks, yes and no with nothing open, being pushed, being unsure."""

from __future__ import annotations

import json
from datetime import datetime

from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet

from actions.finding import heard, without
from actions.handoff import still_waits
from actions.intents import talk
from actions.knowledge import FAQ, answered_from_faq, near_titles, said_unknown
from actions.orders import offer_others
from actions.phrases import says
from actions.session import LISTEN, Asked, Facts, ShopAction
from actions.showing import answers_which

SIZE_FORM = "size_form"
UNSURE = "nlu_fallback"
MOST_RANKED = 6
MOST_GUESSES = 3
MOST_TITLES = 2
"""Titles of frequent questions that are offered beside the guesses."""
LEAST_LIKELY = 0.05
"""Below this probability an intent is no guess."""
ANGRY = "angry"
FOR_ANYBODY = {"asks_identity": "action_human_agent"}
TELLTALE = FOR_ANYBODY | {
    "cancels_visit": "action_delivery_install",
    "claims_coupon": "action_coupon_query",
    "withdraws": "action_refund_request",
}
"""What a wish for it sounds like, whatever else the message says; each is restated before it is done."""
SIGNS = {"asks_grade": "action_account_member", "other_goods": "action_recommend_compare"}
"""What tells a question, however unsure it was understood."""
SUGGESTIONS = {
    "product": ("size_advice", "stock_query", "ship_time", "coupon_query"),
    "order": ("track_logistics", "return_goods", "invoice", "urge_ship"),
}
ANYWHERE = ("track_logistics", "recommend_compare", "price_promo", "return_goods")
DAY_PARTS = ((5, "night"), (11, "morning"), (13, "noon"), (18, "afternoon"), (23, "evening"), (24, "night"))
"""Until which hour a greeting holds."""


class ActionGreet(ShopAction):
    """Greets by the time of day, by name where it is known, and says what can be asked."""

    intent = "greet"

    async def answer(self, asked: Asked) -> None:
        """One greeting with suggestions that fit the page."""
        if soothed(asked):
            return
        facts: Facts = {"greeting": day_part(asked.session.now), "choices": suggestions(asked)}
        shopper = await asked.session.access_shopper()
        name = shopper.name if shopper else (asked.session.identity.name if asked.session.identity else "")
        if name:
            asked.say("utter_greet_named", shopper=name, **facts)
        else:
            asked.say("utter_greet", **facts)
        resume(asked)


class ActionThanksBye(ShopAction):
    """Takes leave."""

    intent = "thanks_bye"

    async def answer(self, asked: Asked) -> None:
        """Warm and short."""
        asked.say("utter_thanks_bye")


class ActionAffirm(ShopAction):
    """A yes with nothing open."""

    intent = "affirm"

    async def answer(self, asked: Asked) -> None:
        """Acknowledge, stay there; an open question is asked again."""
        if soothed(asked):
            return
        if not resume(asked):
            asked.say("utter_affirm")


class ActionDeny(ShopAction):
    """A no with nothing open."""

    intent = "deny"

    async def answer(self, asked: Asked) -> None:
        """Fine as well; 不是这个 wants another order."""
        if not await offer_others(asked):
            asked.say("utter_deny")


class ActionUrgeReply(ShopAction):
    """The shopper pushes for an answer."""

    intent = "urge_reply"

    async def answer(self, asked: Asked) -> None:
        """Here I am; the open question again, if there is one, or what was just told."""
        if resume(asked):
            asked.say("utter_urge_open")
        elif asked.session.waiting:
            still_waits(asked)
        elif asked.order_wish and asked.order_wish == last_asked(asked):
            asked.say("utter_urge_again")
            asked.follow(f"action_{asked.order_wish}")
        else:
            asked.say("utter_urge_here", choices=suggestions(asked))


class ActionChitchat(ShopAction):
    """Small talk."""

    intent = "chitchat"

    async def answer(self, asked: Asked) -> None:
        """Light, and back to the open question."""
        if soothed(asked):
            return
        asked.say("utter_chitchat_sad" if says(asked.text, "sounds_sad") else "utter_chitchat")
        resume(asked)


class ActionOutOfScope(ShopAction):
    """Not a shopper's business here."""

    intent = "out_of_scope"

    async def answer(self, asked: Asked) -> None:
        """A frequent question is answered all the same; else honest, with what is near or what it is for."""
        if not answered_from_faq(asked, asked.text) and not said_unknown(asked, asked.text):
            asked.say("utter_out_of_scope", choices=suggestions(asked))


class ActionAskWhich(ShopAction):
    """Unsure what is meant: one closed question; the second time in a row a person."""

    intent = "ask_which"

    async def answer(self, asked: Asked) -> None:
        """Offer the likeliest two or three, or what is usually asked when nothing is likely."""
        if answers_which(asked):
            return
        named = asked.product()
        if named is not None and asked.product_names:
            asked.keep("product_id", named.id)
        signs = TELLTALE if asked.session.identity is not None else FOR_ANYBODY
        told = next((name for meaning, name in signs.items() if says(asked.text, meaning)), None)
        if told is not None:
            asked.follow(told)
            return
        if self._goes_on(asked):
            return
        if answered_from_faq(asked, asked.text):
            resume(asked)
            return
        in_form = (asked.tracker.active_loop or {}).get("name") == SIZE_FORM
        if asked_before(asked):
            asked.say("utter_ask_which_again")
            if in_form:
                asked.events += [ActiveLoop(None), SlotSet("requested_slot", None), FollowupAction(LISTEN)]
        elif in_form:
            asked.say("utter_ask_which_open")
        elif guesses := likeliest(asked):
            more = [row for row in suggestions(asked) if row["intent"] not in guesses]
            likely = (_rows(guesses) + more)[: max(2, len(guesses))]
            asked.say("utter_ask_which", choices=with_titles(asked, likely))
        else:
            asked.say("utter_ask_which_any", choices=with_titles(asked, suggestions(asked)))

    @staticmethod
    def _goes_on(asked: Asked) -> bool:
        """Whether words tell what is meant all the same: others of a kind, a parcel that may be gone."""
        meant = next((name for sign, name in SIGNS.items() if heard(asked.text, sign)), "")
        if heard(asked.text, "asks_cut") and heard(without(asked.text, "offer_rule"), "spends"):
            meant = "action_price_promo"
        if asked.session.identity is not None and heard(asked.text, "lost_parcel"):
            meant = "action_not_received"
        if meant:
            asked.follow(meant)
        return bool(meant)


def soothed(asked: Asked) -> bool:
    """Whether the shopper is angry, and was met with an apology, a question and a person instead of cheer."""
    if asked.tracker.latest_message.get("mood") != ANGRY:
        return False
    asked.say("utter_soothe")
    resume(asked)
    return True


def likeliest(asked: Asked) -> list[str]:
    """The likeliest requests of this message, three at most; talk around requests is no choice to offer."""
    ranking = asked.tracker.latest_message.get("intent_ranking") or []
    likely = [row for row in ranking[:MOST_RANKED] if float(row.get("confidence") or 0) >= LEAST_LIKELY]
    names = [str(row["name"]) for row in likely if row.get("name")]
    return [name for name in dict.fromkeys(names) if name not in {*talk(), UNSURE}][:MOST_GUESSES]


def asked_before(asked: Asked) -> bool:
    """Whether the turn before this one ended with the same question."""
    turns = 0
    for event in reversed(asked.tracker.events or []):
        if event.get("event") == "user":
            turns += 1
            if turns == 2:
                return False
        elif turns == 1 and event.get("event") == "action" and event.get("name") == "action_ask_which":
            return True
    return False


def resume(asked: Asked) -> bool:
    """Let an open form ask its question again after this answer; False if none is open."""
    loop = (asked.tracker.active_loop or {}).get("name")
    if loop:
        asked.follow(str(loop))
    return bool(loop)


def last_asked(asked: Asked) -> str:
    """The intent of the message before this one; empty if it is not remembered."""
    return next(iter(asked.lately[1:]), "")


def suggestions(asked: Asked) -> list[Facts]:
    """Rows for buttons with what is usually asked on such a page."""
    page = asked.session.page
    return _rows(SUGGESTIONS.get(page.kind if page else "", ANYWHERE))


def with_titles(asked: Asked, rows: list[Facts]) -> list[Facts]:
    """Rows with the titles of frequent questions that are near to the message behind them."""
    near = near_titles(asked.text)[:MOST_TITLES]
    titles = [{**row, "data": json.dumps({FAQ: row[FAQ]})} for row in near]
    return [*({**row, "data": ""} for row in rows), *titles]


def day_part(now: datetime) -> str:
    """The part of the day by the hour: morning, noon, afternoon, evening, night."""
    return next(part for until, part in DAY_PARTS if now.hour < until)


def _rows(intents: list[str] | tuple[str, ...]) -> list[Facts]:
    return [{"title": intent, "intent": intent} for intent in intents]
