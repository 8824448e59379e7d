"""What every action starts from: who asks, what was said, and which order is meant."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, ClassVar

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.intents import PERSON, before_buying, talk
from actions.knowledge import FAQ, answered_from_faq
from actions.naming import numbers_in
from actions.ordering import elsewhere
from actions.phrases import ends, said
from actions.picking import Pick, Presses, States, Suits, Wish, called, pick_order
from actions.undertaking import remind, went_on
from bot import settings
from bot.errors import ShopDown
from bot.shop.access import SESSION, Identity, ProofTries, Session
from bot.shop.backend import ShopBackend
from bot.shop.models import Catalogue, Order, OrderState, Product
from bot.shop.policy import Policy

Event = dict[str, Any]
Facts = dict[str, Any]

PROOF_FORM = "order_proof_form"
LISTEN = "action_listen"
MOST_REMEMBERED = 1000
WISH_LIVES = 2
"""So many other requests may be answered before what was wanted earlier is given up."""


def current(conversation: str = "") -> Session:
    """The session of this turn.

    Outside a turn (plain `rasa shell`, `rasa run actions`): an anonymous one, or XIAOER_DEV_SHOPPER's; what
    such a shopper has proved is kept by `conversation` for as long as the process lives.
    """
    found = SESSION.get(None)
    return found if found is not None else _outside(conversation)


def _outside(conversation: str) -> Session:
    configured = settings.load()
    shopper = Identity(configured.dev_shopper) if configured.dev_shopper else None
    backend, tries = _doors(configured)
    return Session(backend, tries, configured.now(), shopper, proved=_proved(conversation))


@lru_cache(maxsize=4)
def _doors(configured: settings.Settings) -> tuple[ShopBackend, ProofTries]:
    from bot.shop.adapters import shop_of
    from bot.shop.tries import SqlTries

    return shop_of(configured), SqlTries(configured.access_url)


_PROVED: OrderedDict[str, set[str]] = OrderedDict()


def _proved(conversation: str) -> set[str]:
    proved = _PROVED.setdefault(conversation, set())
    _PROVED.move_to_end(conversation)
    while len(_PROVED) > MOST_REMEMBERED:
        _PROVED.popitem(last=False)
    return proved


@dataclass
class Asked:
    """One call of an action: the message, the session, the shop's rules, and the mouth to answer with."""

    dispatcher: CollectingDispatcher
    tracker: Tracker
    session: Session
    policy: Policy
    catalogue: Catalogue
    topic: str = ""
    """The intent that is being answered; not the message's, where one action hands on to another."""
    events: list[Event] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What the message says: simplified, half width, lower case, slips put right; empty for a button."""
        return said(self.tracker)

    @property
    def typed(self) -> str:
        """The message as it was typed; empty for a pressed button. Offsets of entities are in it."""
        text = str(self.tracker.latest_message.get("text") or "")
        return "" if text.startswith("/") else text

    @property
    def intent(self) -> str:
        """What the message was taken to mean."""
        return str((self.tracker.latest_message.get("intent") or {}).get("name") or "")

    @property
    def lately(self) -> list[str]:
        """Intents of the messages still remembered, this one's first."""
        said = [e for e in self.tracker.events or () if e.get("event") == "user"]
        return [((e.get("parse_data") or {}).get("intent") or {}).get("name") or "" for e in reversed(said)]

    def entity(self, *names: str) -> str:
        """The value of the first entity of one of these names, empty if there is none."""
        for name in names:
            if values := self.entities(name):
                return values[0]
        return ""

    def entities(self, *names: str) -> list[str]:
        """The values of all entities of these names, in order of appearance."""
        rows = self.tracker.latest_message.get("entities") or ()
        return [str(row["value"]) for row in rows if row.get("entity") in names and row.get("value")]

    @property
    def names_number(self) -> bool:
        """Whether the message holds the number of an order or parcel, or the end of one."""
        return bool(numbers_in(self) or self.entity("order_tail"))

    def say(self, response: str, **facts: Any) -> None:
        """Answer with a response of data/responses, its facts canonical."""
        self.dispatcher.utter_message(response=response, **facts)

    def hand_over(self, response: str, reason: str, role: str, **facts: Any) -> None:
        """Answer, and ask the desk for a person of that role."""
        custom = {"handoff": {"reason": reason, "role": role}}
        self.dispatcher.utter_message(response=response, json_message=custom, **facts)

    def keep(self, slot: str, value: Any) -> None:
        """Set a slot."""
        self.events.append(SlotSet(slot, value))

    def keep_wish(self) -> None:
        """Remember what is being answered: a number or name that comes next is for it."""
        self.events += [SlotSet("wish", self.topic), SlotSet("wish_age", 0)]

    @property
    def order_wish(self) -> str | None:
        """What was last wanted of an order; None where nothing was, or only of goods."""
        wish = self.tracker.get_slot("wish")
        return str(wish) if wish and wish not in before_buying() else None

    def follow(self, action: str) -> None:
        """Let another action go on with this message."""
        self.events.append(FollowupAction(action))

    @property
    def follows(self) -> bool:
        """Whether another action goes on with this message."""
        return any(e.get("event") == "followup" for e in self.events)

    @property
    def in_proof(self) -> bool:
        """Whether the shopper was being asked to prove an order."""
        return (self.tracker.active_loop or {}).get("name") == PROOF_FORM

    async def pick(
        self,
        *preferred: States,
        fits: States = frozenset(OrderState),
        suits: Suits | None = None,
        presses: Presses | None = None,
        keeps: bool = True,
    ) -> Pick:
        """Which order is meant, by what `Wish` tells of `preferred`, `fits`, `suits` and `presses`.

        No `preferred` group means every state. Unless told otherwise the order counts as shown from now on.
        """
        wish = Wish(preferred or (frozenset(OrderState),), fits, suits, presses)
        picked = await pick_order(self, wish)
        if picked.order is not None and keeps:
            self.show(picked.order)
        return picked

    def show(self, order: Order) -> None:
        """Remember an order as the one shown last; its product too, where the message points at it."""
        self.keep("order_id", order.id)
        product = self.product_of(order)
        if product is not None and (self.product_names or self.names_number):
            self.keep("product_id", product.id)

    @property
    def shown_id(self) -> str | None:
        """The order last shown; for the second request of one message, the one shown before the message."""
        shown = _slot_before_message(self.tracker, "order_id") or self.tracker.get_slot("order_id")
        return str(shown) if shown else None

    def prove_first(self) -> None:
        """Ask for order number and phone tail; the wish is resumed after that."""
        self.follow(PROOF_FORM)

    @property
    def product_names(self) -> list[str]:
        """What the message calls the goods it is about; what they are to be changed into is left out."""
        into = ends(self.typed, "changes_into")
        return [name for name, at in self._names() if into is None or at < into]

    @property
    def wanted_instead(self) -> Product | None:
        """The product that the goods are to be changed into, where the message names one."""
        into = ends(self.typed, "changes_into")
        names = [name for name, at in self._names() if into is not None and at >= into]
        return _best_called(self.catalogue.products, names) if names else None

    def _names(self) -> list[tuple[str, int]]:
        """Each name of goods in the message, and where it begins."""
        rows = self.tracker.latest_message.get("entities") or ()
        named = [row for row in rows if row.get("entity") in ("product_id", "product") and row.get("value")]
        return [(str(row["value"]), int(row.get("start") or 0)) for row in named]

    def product(self) -> Product | None:
        """The product that the message names or the page shows."""
        named = self.entity("product_id", "product")
        if named:
            return _best_called(self.catalogue.products, [named])
        page = self.session.page
        return self.catalogue.get(page.product_id) if page and page.product_id else None

    def product_in_view(self) -> Product | None:
        """The product that the message names or the page shows, else the one that was talked of."""
        return self.product() or self.catalogue.get(self.tracker.get_slot("product_id") or "")

    def product_of(self, order: Order) -> Product | None:
        """The order's product that the message names, else its first."""
        products = [p for item in order.items if (p := self.catalogue.get(item.product_id))]
        named = _best_called(products, self.product_names)
        return named or (products[0] if products else None)

    def named(self, order: Order) -> Facts:
        """How a reply refers to an order: its number and what its first item is commonly called."""
        product = self.product_of(order)
        first = order.items[0].title if order.items else ""
        title = product.aliases[0] if product and product.aliases else product.title if product else first
        return {"order_id": order.id, "title": title}

    def order_fact(self, order: Order) -> Facts:
        """An order as a fact of type `order`."""
        pictures = {p.id: p.picture for p in self.catalogue.products}
        items = [
            {
                "title": item.title,
                "options": item.options,
                "quantity": item.quantity,
                "price": item.price,
                "picture": pictures.get(item.product_id, ""),
            }
            for item in order.items
        ]
        return {
            "order_id": order.id,
            "state": order.state.value,
            "items": items,
            "total": order.paid_total,
            "placed": order.placed.isoformat(),
        }

    def order_facts(self, orders: Sequence[Order]) -> list[Facts]:
        """Orders as a fact of type `orders`; each also with the `title` that a button shows, told apart."""
        rows = [{**self.order_fact(order), **self.named(order)} for order in orders]
        for add in (_options_of, _end_of):
            shown = [(row["title"], row["state"]) for row in rows]
            twins = [row for row, seen in zip(rows, shown, strict=True) if shown.count(seen) > 1]
            for row in twins:
                row["title"] = f"{row['title']} {add(row)}".rstrip()
        return rows


async def hear(dispatcher: CollectingDispatcher, tracker: Tracker) -> Asked:
    """One call of an action, with the shop's rules and products at hand."""
    session = current(tracker.sender_id)
    backend = session.backend
    return Asked(dispatcher, tracker, session, await backend.policy(), await backend.catalogue())


class ShopAction(Action, ABC):
    """An action named after its intent. Subclasses say what to answer in `answer`."""

    intent: ClassVar[str]
    about_order: ClassVar[bool] = False
    """Whether a bare order number that comes next is to be answered by this action again."""
    after_faq: ClassVar[bool] = False
    """Whether a frequent question goes before its answer, where no product is in view."""

    def name(self) -> str:
        """The action's name in domain and rules."""
        return f"action_{self.intent}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Facts) -> list[Event]:
        """Answer, then end the turn properly wherever in it this action was called."""
        try:
            asked = await hear(dispatcher, tracker)
        except ShopDown:
            if self.intent != PERSON:
                raise
            return _put_through(dispatcher)
        asked.topic = self.intent
        if await self._went_on(asked):
            return [*asked.events, *_closing(asked)]
        if (meant := await elsewhere(asked)) is not None:
            asked.follow(f"action_{meant}")
        elif not self._is_frequent(asked):
            await self.answer(asked)
        if not asked.follows:
            remind(asked)
        if self.about_order and not (asked.in_proof and not asked.follows):
            asked.keep_wish()  # a digression answered leaves the wish that waits for its proof
        else:
            _let_wish_age(asked)
        closing = _closing(asked)
        return [*asked.events, *closing]

    async def _went_on(self, asked: Asked) -> bool:
        """Whether the message was for what is under way; not asked where another action has handed on."""
        handed_on = asked.tracker.latest_action_name not in (None, LISTEN)
        return not handed_on and await went_on(asked)

    def _is_frequent(self, asked: Asked) -> bool:
        """Whether a title was pressed, or a frequent question asked, no product in view; it is answered."""
        pressed = asked.entity(FAQ)
        general = self.after_faq and asked.product_in_view() is None
        return bool(pressed or general) and answered_from_faq(asked, asked.text)

    @abstractmethod
    async def answer(self, asked: Asked) -> None:
        """Say what there is to say."""


def _put_through(dispatcher: CollectingDispatcher) -> list[Event]:
    """Ask for a person without a look at the shop: when it is down, a person is all there is."""
    custom = {"handoff": {"reason": "asked_for_person", "role": "aftersales"}}
    dispatcher.utter_message(response="utter_handoff_shop_down", json_message=custom)
    return []


def _let_wish_age(asked: Asked) -> None:
    """An old wish is forgotten when others have been answered since."""
    kept = any(e.get("event") == "slot" and e.get("name") == "wish" for e in asked.events)
    if kept or asked.topic in talk() or not asked.tracker.get_slot("wish"):
        return
    age = int(asked.tracker.get_slot("wish_age") or 0) + 1
    if age > WISH_LIVES:
        asked.events += [SlotSet("wish", None), SlotSet("wish_age", None)]
    else:
        asked.keep("wish_age", age)


def _drops_form(asked: Asked) -> bool:
    """Whether so many other requests were answered that a form's question is not asked again."""
    if asked.topic in talk() or not asked.tracker.active_loop:
        return False
    digressions = int(asked.tracker.get_slot("digressions") or 0) + 1
    asked.keep("digressions", digressions if digressions <= WISH_LIVES else None)
    return digressions > WISH_LIVES


def _closing(asked: Asked) -> list[Event]:
    """A digression drops the proof, and no phone lingers; after a follow-up no rule is looked for."""
    if asked.follows:
        return []
    if asked.in_proof or _drops_form(asked):
        done = [SlotSet("requested_slot", None), SlotSet("phone_tail", None)]
        return [ActiveLoop(None), *done, FollowupAction(LISTEN)]
    return [FollowupAction(LISTEN)] if asked.tracker.latest_action_name not in (None, LISTEN) else []


def _options_of(row: Facts) -> str:
    """The variant of an order's first item."""
    return " ".join(row["items"][0]["options"].values()) if row["items"] else ""


def _end_of(row: Facts) -> str:
    """The end of an order's number."""
    return f"…{row['order_id'][-4:]}"


def _best_called(products: Sequence[Product], names: Sequence[str]) -> Product | None:
    """The product that one of the names fits best, the first of equals; None where none fits."""
    fits = [max((called(product, name) for name in names), default=0) for product in products]
    best = max(fits, default=0)
    return products[fits.index(best)] if best else None


def _slot_before_message(tracker: Tracker, slot: str) -> Any:
    """A slot as it was before the first request of this message; None where this is the first."""
    events = tracker.events or []
    said = [at for at, event in enumerate(events) if event.get("event") == "user"]
    message = events[said[-1]].get("message_id") if said else None
    passes = [at for at in said if message and events[at].get("message_id") == message]
    if len(passes) < 2:
        return None
    kept = [e for e in events[: passes[0]] if e.get("event") == "slot" and e.get("name") == slot]
    return kept[-1].get("value") if kept else None
