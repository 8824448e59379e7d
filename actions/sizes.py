"""Size advice from a product's own chart: numbers first, one at a time, then the size."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from rasa_sdk import FormValidationAction, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.charts import Advice, advise, advise_shoe
from actions.finding import (
    MAX_CHOICES,
    clause,
    find,
    heard,
    intent_of,
    matching,
    name_of,
    question_of,
    says,
    to_show,
    value_of,
)
from actions.measures import asked_measure, girth_in, measured, to_number
from actions.ordering import elsewhere
from actions.session import Asked, Event, Facts, ShopAction, current, hear
from actions.showing import keep_product
from actions.undertaking import went_on
from actions.underway import under_way
from bot.shop.access import Session
from bot.shop.models import Product

HEIGHT_CM = (40.0, 230.0)
WEIGHT_KG = (10.0, 200.0)
FOOT = (15.0, 330.0)
"""A usual shoe size (below 100) or a foot's length in mm."""
SHOWN = 3


@dataclass(frozen=True)
class Body:
    """What is known of who will wear it: cm, kg, and a usual shoe size or a foot in mm."""

    height: float | None = None
    weight: float | None = None
    foot: float | None = None

    def enough_for(self, product: Product) -> bool:
        """Whether all is known that the product's chart goes by."""
        return all(getattr(self, name) is not None for name in needed(product))

    def facts(self) -> dict[str, float | int | None]:
        """Height and weight as facts, whole numbers without a fraction."""
        return {"height": _plain(self.height), "weight": _plain(self.weight)}


def wears(product: Product) -> bool:
    """Whether it comes in sizes that a chart explains."""
    return bool(product.size_chart)


def is_shoe(product: Product) -> bool:
    """Whether its chart goes by the foot."""
    return any(row.foot for row in product.size_chart)


def needed(product: Product) -> list[str]:
    """The measures that its chart goes by: the foot, or the height and mostly the weight."""
    if is_shoe(product):
        return ["foot"]
    return ["height", "weight"] if any(row.weight for row in product.size_chart) else ["height"]


class ValidateSizeForm(FormValidationAction):
    """Fills height and weight, or the foot for shoes, from whatever the shopper typed."""

    def name(self) -> str:
        """Rasa's name of this action."""
        return "validate_size_form"

    async def required_slots(
        self,
        domain_slots: list[str],
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> list[str]:
        """Only what the product's chart needs; nothing for a plain question how it runs."""
        product = (await find(current(tracker.sender_id), tracker, wears)).product
        told = any(measured(tracker).values())
        if says(question_of(tracker), "fit") and product is not None and product.fit and not told:
            return []
        if _bare_size(tracker) or await _is_no_question(dispatcher, tracker):
            return []
        if product is not None:
            return needed(product)
        if asked_measure(tracker) == "foot" or says(question_of(tracker), "shoe"):
            return ["foot"]
        return ["height", "weight"]

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        """Fill and check; a product named along the way is kept for the answer.

        Asking for a size again within the form always sets a slot: a form that got nothing steps back, and
        the rule of size_advice would only lead into it again. A bare name of a product sets one as well; any
        other intent sets none by naming one.
        """
        if (girth := girth_in(tracker)) and not any(measured(tracker).values()):
            dispatcher.utter_message(response="utter_size_no_girth", measure=girth)
        events: list[Event] = await super().run(dispatcher, tracker, domain)
        answers = intent_of(tracker) == "provide_info" and value_of(tracker, "product")
        if intent_of(tracker) != "size_advice" and not answers:
            return events
        found = await find(current(tracker.sender_id), tracker, wears)
        kept = found.product.id if found.product else tracker.get_slot("product_id")
        events.append(SlotSet("product_id", kept))
        if found.options:
            events.append(SlotSet("product_question", question_of(tracker)))
        return events

    async def get_extraction_events(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        """Slots from the message's measures."""
        product = (await find(current(tracker.sender_id), tracker, wears)).product
        given = measured(tracker, shoes=product is not None and is_shoe(product))
        return [SlotSet(name, value) for name, value in given.items()]

    def validate_height(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> dict[str, float | None]:
        """40 to 230 cm."""
        return {"height": _checked(value, HEIGHT_CM, "utter_size_height_odd", dispatcher)}

    def validate_weight(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> dict[str, float | None]:
        """10 to 200 kg."""
        return {"weight": _checked(value, WEIGHT_KG, "utter_size_weight_odd", dispatcher)}

    def validate_foot(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> dict[str, float | None]:
        """A usual shoe size, or 100 to 330 mm."""
        return {"foot": _checked(value, FOOT, "utter_size_foot_odd", dispatcher)}


class ActionSizeAdvice(ShopAction):
    """Says the size once the form has the numbers."""

    intent = "size_advice"

    async def _went_on(self, asked: Asked) -> bool:
        """Behind the form as well, where that had nothing to ask."""
        return await went_on(asked) if answers_undertaking(asked) else await super()._went_on(asked)

    async def answer(self, asked: Asked) -> None:
        """One product: its size. None known: the size in a few products, and which is meant."""
        found = await find(asked.session, asked.tracker, wears)
        body = Body(*(asked.tracker.get_slot(name) for name in ("height", "weight", "foot")))
        product = found.product
        if asked.tracker.get_slot("digressions"):
            asked.keep("digressions", None)
        if _bare_size(asked.tracker):
            asked.follow("action_stock_query")
            return
        if product is None:
            await _across(asked, found.options or await _named_before(asked), body)
            return
        keep_product(asked, product)
        if product.fit and says(question_of(asked.tracker), "fit") and not measured(asked.tracker):
            asked.say("utter_size_fit", title=name_of(product), fit=product.fit)
            return
        advice = _advice_for(product, body)
        if advice is None:
            asked.say("utter_size_nothing")
        elif is_shoe(product) and says(question_of(asked.tracker), "wide"):
            _say_wide(asked, product, advice)
        else:
            await _say(asked, product, advice, body, _response(product))


def _response(product: Product) -> str:
    """The stem of the responses that speak of what its chart goes by."""
    if is_shoe(product):
        return "utter_size_shoe"
    return "utter_size" if "weight" in needed(product) else "utter_size_height"


async def _is_no_question(dispatcher: CollectingDispatcher, tracker: Tracker) -> bool:
    """Whether the message wants something done with goods in a size, and no advice."""
    asked = await hear(dispatcher, tracker)
    asked.topic = ActionSizeAdvice.intent
    return answers_undertaking(asked) or await elsewhere(asked) is not None


def answers_undertaking(asked: Asked) -> bool:
    """Whether a message about a size answers what is asked for something under way: 尺码不合适."""
    way = under_way(asked)
    return way is not None and way.asks is not None and not any(measured(asked.tracker).values())


def _bare_size(tracker: Tracker) -> bool:
    """Whether the message is nothing but a letter size: that asks whether it is there."""
    return bool(heard(question_of(tracker), "bare_size"))


def _say_wide(asked: Asked, product: Product, advice: Advice) -> None:
    """A wide foot: what the page says on it, else the next size of the chart."""
    stated = next(((n, v) for n, v in product.specs.items() if says(v, "wide")), None)
    if stated is not None:
        asked.say("utter_product_spec", title=name_of(product), name=stated[0], value=clause(stated[1]))
        return
    sizes = list(dict.fromkeys(row.size for row in product.size_chart))
    usual = advice.sizes[-1]
    larger = sizes[min(sizes.index(usual) + 1, len(sizes) - 1)]
    response = "utter_size_shoe_wide" if larger != usual else "utter_size_shoe_widest"
    asked.say(response, title=name_of(product), size=usual, larger=larger)


async def _say(asked: Asked, product: Product, advice: Advice, body: Body, response: str) -> None:
    facts: Facts = {"title": name_of(product), **({} if is_shoe(product) else body.facts())}
    if not advice.inside:
        await _say_outside(asked, product, advice, body, response, facts)
        return
    facts["following"] = [_next_step(product, advice)]
    if product.fit:
        facts["fit"] = product.fit
    ending = "_fit" if product.fit else ""
    if len(advice.sizes) == 1:
        asked.say(f"{response}_one{ending}", size=advice.sizes[0], **facts)
        return
    smaller, larger = advice.sizes
    advised = _between(smaller, larger, product.fit, question_of(asked.tracker))
    asked.say(f"{response}_between{ending}", smaller=smaller, larger=larger, advised=advised, **facts)


async def _say_outside(
    asked: Asked, product: Product, advice: Advice, body: Body, response: str, facts: Facts
) -> None:
    """The chart ends before the shopper: the nearest size, and what fits instead."""
    others = fitting(await _wearable(asked.session, is_shoe(product)), body)
    if others:
        facts["others"], facts["choices"] = _sizes_of(others), _choices([p for p, _ in others])
        asked.say(f"{response}_outside_others", nearest=advice.sizes[0], **facts)
    else:
        asked.say(f"{response}_outside", nearest=advice.sizes[0], **facts)


def _next_step(product: Product, advice: Advice) -> dict[str, str]:
    """The button that asks whether the size is there."""
    return {
        "title": "stock_query",
        "intent": "stock_query",
        "product_id": product.id,
        "size": advice.sizes[-1],
    }


async def _named_before(asked: Asked) -> tuple[Product, ...]:
    """Products that fit a name said before the numbers were asked for."""
    said = asked.tracker.get_slot("product_question")
    catalogue = await asked.session.backend.catalogue()
    return tuple(matching([said], catalogue, wears)) if said else ()


async def _across(asked: Asked, options: tuple[Product, ...], body: Body) -> None:
    """Sizes in the products it may be, or in a few of the shop's, and which is meant."""
    by_foot = body.foot is not None and (
        body.height is None or body.weight is None or says(question_of(asked.tracker), "shoe")
    )
    pool = options or await _wearable(asked.session, by_foot)
    fits = fitting(pool, body)
    if fits:
        response, facts = ("utter_size_shoe_several", {}) if by_foot else ("utter_size_several", body.facts())
        asked.say(response, sizes=_sizes_of(fits), choices=_choices([p for p, _ in fits]), **facts)
    elif pool and by_foot:
        asked.say("utter_size_shoe_none", choices=_choices(pool[:MAX_CHOICES]))
    elif pool:
        asked.say("utter_size_none", choices=_choices(pool[:MAX_CHOICES]), **body.facts())
    else:
        asked.say("utter_size_nothing")


def fitting(products: Iterable[Product], body: Body) -> list[tuple[Product, Advice]]:
    """The first few products whose chart reaches to that body, with the size."""
    sized = ((p, _advice_for(p, body)) for p in products)
    return [(p, a) for p, a in sized if a is not None and a.inside][:SHOWN]


def _sizes_of(fits: list[tuple[Product, Advice]]) -> list[str]:
    return [f"{name_of(p)} {'/'.join(a.sizes)}" for p, a in fits]


def _choices(products: Iterable[Product]) -> list[Facts]:
    return [{"title": name_of(p), "product_id": p.id, "intent": "size_advice"} for p in products]


async def _wearable(session: Session, by_foot: bool) -> tuple[Product, ...]:
    """All products on sale whose chart goes by the foot, or by the body; those to offer first lead."""

    def suits(product: Product) -> bool:
        return wears(product) and product.on_sale and is_shoe(product) == by_foot

    everything = [p for p in (await session.backend.catalogue()).products if suits(p)]
    return tuple({p.id: p for p in [*await to_show(session, suits), *everything]}.values())


def _advice_for(product: Product, body: Body) -> Advice | None:
    """The size of that product for that body; None where a measure is not known."""
    if not body.enough_for(product):
        return None
    if is_shoe(product):
        return advise_shoe(product.size_chart, body.foot or 0.0)
    return advise(product.size_chart, body.height or 0.0, body.weight or 0.0)


def _between(smaller: str, larger: str, fit: str, text: str) -> str:
    if says(text, "loose"):
        return larger
    if says(text, "tight") or says(fit, "runs_large"):
        return smaller
    return larger


def _checked(
    value: Any, limits: tuple[float, float], refusal: str, dispatcher: CollectingDispatcher
) -> float | None:
    number = to_number(str(value)) if value is not None else None
    if number is None:
        return None
    if limits[0] <= number <= limits[1]:
        return number
    dispatcher.utter_message(response=refusal)
    return None


def _plain(number: float | None) -> float | int | None:
    return int(number) if number is not None and float(number).is_integer() else number
