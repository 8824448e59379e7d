"""The pure turn: (state, message, context) to replies and a new state.

Nothing is kept between turns and nothing here reads a clock or draws lots: the same input gives the same
output, timings aside. The shop is read, through the one door of `bot.shop.access`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import replace
from datetime import date
from pathlib import Path
from time import monotonic, perf_counter
from typing import TYPE_CHECKING, Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot import picturing
from bot import state as states
from bot.choosing import chosen
from bot.errors import BadInput, ModelMissing, ShopDown, first
from bot.forms import plain
from bot.intents import INTENTS, read_intents
from bot.manner import manner, tell
from bot.nlu.entities import Gazetteer
from bot.nlu.ids import OwnIds
from bot.nlu.normalise import visible
from bot.offers import meaning, offer
from bot.own_ids import NOBODYS, own_ids
from bot.rasa_host import RUNNING, Collector, InProcess, Running, StateStore
from bot.reply.display import read_labels
from bot.reply.failures import SECONDS
from bot.reply.nlg import LABELS, OCCASION, XiaoerNLG
from bot.reply.style import FOLDER as STYLES
from bot.reply.style import read_styles
from bot.reply.usage import Bill
from bot.reply.voice import Occasion, inquiry
from bot.reply.wording import WORDING
from bot.settings import ROOT, Settings
from bot.shop.access import SESSION, ProofTries, Session
from bot.shop.backend import ShopBackend
from bot.shop.doing.rows import written
from bot.shop.models import Catalogue, OrderState
from bot.shop.recall import RecalledShop
from bot.shop.tasks import Task
from bot.training import stored_fingerprint
from bot.transcript import Said, remembered
from bot.turn import MAX_CHARS, Context, Handoff, Incoming, Reply, Turn, Understanding
from bot.understanding import Read, read, understanding

if TYPE_CHECKING:
    from bot.reply.draft import Model, Rewords

Json = dict[str, Any]
logger = logging.getLogger(__name__)

RESTATE = "_restate"
"""In the name of every response that restates what is to be done."""
NOTHING_SAID, BUTTON_EXPIRED, FAILED = "utter_nothing_said", "utter_button_expired", "utter_action_failed"


class Dialogue:
    """Turns over one model and one shop; safe for many conversations at once."""

    def __init__(
        self, agent: Agent, shop: ShopBackend, tries: ProofTries, model: str, llm: Model | None = None
    ) -> None:
        """Use `load`."""
        self.model = model
        self.llm = llm
        self._processor = agent.processor
        self._shop = shop
        self._tries = tries
        self._intents = read_intents(ROOT / INTENTS)
        self._styles = read_styles(ROOT / STYLES)
        self._names = Gazetteer()

    @classmethod
    async def load(cls, settings: Settings, shop: ShopBackend, tries: ProofTries) -> Dialogue:
        """The dialogue over the trained model; raises ModelMissing where there is none that can be read."""
        if not settings.model.exists():
            raise ModelMissing(f"还没有模型({settings.model});运行 xiaoer train")
        read_styles(ROOT / STYLES).require(settings.style)
        llm = _open_llm(settings)
        generator = XiaoerNLG(drafter=llm.drafter if llm else None)
        actions = InProcess(settings.actions)
        agent = _load(settings.model, generator, StateStore(None), actions)
        return cls(agent, shop, tries, stored_fingerprint(ROOT) or settings.model.name, llm)

    def serving(self, shop: ShopBackend, tries: ProofTries) -> Dialogue:
        """The same dialogue over another shop; the model is shared."""
        other = copy(self)
        other._shop, other._tries, other._names = shop, tries, Gazetteer()
        return other

    def reword_with(self, drafter: Rewords | None) -> None:
        """Let another one reword the replies; None leaves the templates."""
        self._processor.nlg.drafter = drafter

    async def close(self) -> None:
        """Let go of what was opened for a language model."""
        if self.llm is not None:
            await self.llm.close()

    async def turn(self, state: Json | None, incoming: Incoming, context: Context) -> Turn:
        """One turn; `state` is None at first and then what the turn before returned.

        Raises BadInput for a state that is none of ours. What goes wrong inside becomes a reply.
        """
        started = perf_counter()
        domain = self._processor.domain
        memory = states.read(state, self.model, [slot.name for slot in domain.slots])
        session = Session(
            RecalledShop(self._shop),
            self._tries,
            context.now,
            context.shopper,
            context.client,
            incoming.page,
            memory.proved,
            context.waiting,
        )
        occasion = await self._occasion(memory, incoming, context, session)
        tokens = SESSION.set(session), OCCASION.set(occasion)
        try:
            outcome = await self._answer(memory, incoming, context, session)
        finally:
            SESSION.reset(tokens[0])
            OCCASION.reset(tokens[1])
        return replace(outcome, timings={**outcome.timings, "turn": _since(started)})

    async def understand(self, text: str, today: date, before: Sequence[Said] = ()) -> Understanding:
        """What a text means behind what was said before it; its first MAX_CHARS characters are read."""
        text = text[:MAX_CHARS]
        names = await self._catalogue_names()

        def read_one(said: str, *, asked: bool, recent: Sequence[str]) -> Read:
            return self._read(said[:MAX_CHARS], today, names, NOBODYS, asked=asked, recent=recent)

        recent, asked = await asyncio.to_thread(remembered, before, read_one, self._intents)
        found = await asyncio.to_thread(read_one, text, asked=asked, recent=recent)
        if self.llm is not None:
            found = await chosen(found, text, self.llm, SECONDS, Bill("understand", today))
        return understanding(found, text, self._intents)

    def note(self, state: Json | None, events: Sequence[Json]) -> Json | None:
        """The state after a stretch with a person: slots stay, open questions and buttons do not.

        Raises BadInput for an event of unknown kind.
        """
        kinds = {"human_started", "human_said", "shopper_said", "human_ended", "written"}
        for event in events:
            if event.get("kind") not in kinds:
                raise BadInput(
                    f"event kind: expected one of {', '.join(sorted(kinds))}, came {event.get('kind')!r}"
                )
        if state is None:
            return None
        memory = states.read(state, self.model, [slot.name for slot in self._processor.domain.slots])
        memory.events = states.without_open_forms(memory.events)
        memory.offers.clear()
        return memory.to_json(self.model)

    async def _answer(
        self, memory: states.Memory, incoming: Incoming, context: Context, session: Session
    ) -> Turn:
        pressed = meaning(memory.offers, incoming.button or "", context.now)
        text = (incoming.text or (pressed.title if pressed else ""))[:MAX_CHARS]
        tracker = memory.tracker(context.conversation, self._processor.domain.slots)
        restated = memory.restated
        started = perf_counter()
        if pressed is not None:
            parse = pressed.parse(text)
            found = Read(parse, (parse,), "rule")
        elif picturing.alone(incoming):
            found = picturing.read_alone()
        else:
            names = await self._catalogue_names()
            asked = tracker is not None and bool(tracker.active_loop_name or tracker.get_slot(states.DOING))
            own = await own_ids(session, text)
            recent, page = OCCASION.get().recent, incoming.page
            on_goods = page is not None and page.kind == "product"
            found = await asyncio.to_thread(
                self._read, text, session.today, names, own, asked=asked, recent=recent, on_goods=on_goods
            )
            if self.llm is not None:
                bill = Bill(context.conversation, session.today)
                found = await chosen(found, text, self.llm, OCCASION.get().until - monotonic(), bill)
        timings = {"understand": _since(started)}
        understood = understanding(found, text, self._intents)
        occasion = OCCASION.get()
        occasion.shopper = text
        tell(occasion, understood, memory.manner)
        if incoming.button is not None and pressed is None:
            said, end = await self._say(BUTTON_EXPIRED, context), tracker
        elif picturing.alone(incoming):
            said, end = await self._say_of_pictures(memory, tracker, context), tracker
        elif not visible(text).strip():
            said, end = await self._say(NOTHING_SAID, context), tracker
        else:
            said, end = await self._run(found, text, tracker, context.conversation, incoming.id)
            if said and incoming.pictures:
                said += await self._say(picturing.WITH_WORDS, context)
        messages = said or await self._say(FAILED, context)
        if end is not None:
            memory.events = states.trim(end.events)
        replies = _with_inquiry(self._replies(messages, memory, context, incoming.id), occasion)
        understood = await _staged(understood, replies, session)
        memory.manner = manner(occasion, understood)
        if memory.restated not in (None, restated) and not any(RESTATE in r.response for r in replies):
            memory.forget_restatement()
        said_at_once = " ".join(reply.text for reply in replies)
        return Turn(
            replies=replies,
            understanding=understood,
            state=memory.to_json(self.model),
            handoff=_handoff(messages),
            tasks=tuple([await self._task(task, context) for task in session.tasks]),
            writes=tuple({**written(receipt), "said": said_at_once} for receipt in session.done),
            confirming=memory.confirming,
            timings=timings,
        )

    async def _occasion(
        self, memory: states.Memory, incoming: Incoming, context: Context, session: Session
    ) -> Occasion:
        """What is known of the occasion before the message is read."""
        first = not (memory.events or memory.used)  # pictures alone leave no events
        loyal = await _is_loyal(session) if first else bool(memory.manner.get("loyal"))
        return Occasion(
            f"{context.conversation}/{incoming.id}",
            session.today,
            memory.used,
            style=self._styles.get(context.style) or self._styles.get(Context.style),
            hour=session.now.hour,
            first=first,
            loyal=loyal,
            conversation=context.conversation,
            private=(context.shopper.name,) if context.shopper and context.shopper.name else (),
            recent=tuple(
                e.intent_name for e in memory.events if isinstance(e, UserUttered) and e.intent_name
            ),
            until=monotonic() + SECONDS,
        )

    def _read(self, text: str, today: date, names: Gazetteer, own: OwnIds, **talk: Any) -> Read:
        """`talk` is what `read` may know of it: asked, recent, on_goods."""

        def parse(piece: str) -> Json:
            message = UserMessage(plain(piece), metadata={"today": today, "names": names, "own": own})
            parsed: Json = self._processor._parse_message_with_graph(message, _NO_TRACKER)
            return {**parsed, "text": piece}

        return read(text, parse, self._intents, **talk)

    async def _run(
        self, found: Read, text: str, tracker: DialogueStateTracker | None, conversation: str, message: str
    ) -> tuple[list[Json], DialogueStateTracker | None]:
        """One pass of Rasa per request, over one tracker."""
        running = Running(tracker)
        token = RUNNING.set(running)
        channel = Collector()
        try:
            for parse in found.parses:
                parse_data = {key: value for key, value in parse.items() if key != "text_tokens"}
                said = UserMessage(
                    text, channel, conversation, parse_data={**parse_data, "text": text}, message_id=message
                )
                await self._processor.handle_message(said)
        finally:
            RUNNING.reset(token)
        return channel.messages, running.tracker

    async def _task(self, task: Task, context: Context) -> Json:
        """A task in its wire form, what is wanted in words for a person."""
        wish = (await self._say(task.response, context, **task.facts))[0]["text"]
        row = {"kind": task.kind.value, "order": task.order, "wish": wish, "role": task.role}
        return {**row, "due": task.due.isoformat(), "key": task.key}

    async def _say(self, response: str, context: Context, **facts: Any) -> list[Json]:
        """A response of the dialogue's own, outside Rasa's rules."""
        tracker = DialogueStateTracker(context.conversation, [])
        message = await self._processor.nlg.generate(response, tracker, Collector.name(), **facts)
        return [{**(message or {"text": ""}), "utter_action": response}]

    async def _say_of_pictures(
        self, memory: states.Memory, tracker: DialogueStateTracker | None, context: Context
    ) -> list[Json]:
        in_form = bool(tracker is not None and tracker.active_loop_name)
        recent = OCCASION.get().recent
        way, waiting = memory.under_way, context.waiting
        response, facts = picturing.answer(way, in_form, waiting, recent, self._intents)
        return await self._say(response, context, **facts)

    def _replies(
        self, messages: Iterable[Json], memory: states.Memory, context: Context, message: str
    ) -> tuple[Reply, ...]:
        replies: dict[str, Reply] = {}
        for at, raw in enumerate(messages):
            text = raw.get("text") or ""
            wording = raw.get(WORDING) or {"facts": {}, "card": None}
            if not text and wording["card"] is None:
                continue
            seed = f"{context.conversation}/{message}/{at}"
            buttons = [offer(memory.offers, seed, row, context.now) for row in raw.get("buttons") or []]
            replies[str(wording.get("template", text))] = Reply(
                text,
                tuple(buttons),
                wording["card"],
                raw.get("utter_action") or "",
                wording["facts"],
                wording.get("worded_by", "template"),
                tuple(wording.get("checks", ())),
            )
        return tuple(replies.values())

    async def _catalogue_names(self) -> Gazetteer:
        """Product names as spoken, made anew when the catalogue's version changes."""
        try:
            catalogue = await self._shop.catalogue()
        except ShopDown:
            return self._names  # as they were; whatever action needs the shop says that it is down
        if catalogue.version != self._names.version:
            self._names = _names(catalogue)
        return self._names


def _load(model: Path, generator: XiaoerNLG, store: StateStore, actions: InProcess) -> Agent:
    """A cut-off or foreign archive fails inside Rasa in any of a dozen ways; one answer fits them all."""
    try:
        return Agent.load(str(model), generator=generator, tracker_store=store, action_endpoint=actions)
    except Exception as error:
        why = first(error)
        raise ModelMissing(
            f"模型读不出来({model}:{type(why).__name__}: {why});运行 xiaoer train --force 重新训练"
        ) from error


def _open_llm(settings: Settings) -> Model | None:
    if not settings.llm_on:
        return None
    from bot.reply.draft import open_model

    return open_model(settings, read_labels(ROOT / LABELS))


_NO_TRACKER = DialogueStateTracker("nobody", [])


def _names(catalogue: Catalogue) -> Gazetteer:
    spoken = {name: name for product in catalogue.products for name in (product.title, *product.aliases)}
    products = frozenset(product.id for product in catalogue.products)
    return Gazetteer(catalogue.version, {"product": spoken}, products)


async def _staged(understood: Understanding, replies: Iterable[Reply], session: Session) -> Understanding:
    """The stage by the state of the order that was talked about, where one was."""
    order_id = next((str(r.facts["order_id"]) for r in replies if r.facts.get("order_id")), "")
    order = await session.access_order(order_id) if order_id else None
    if order is None:
        return understood
    if order.state is OrderState.UNPAID:
        return replace(understood, stage="pre")
    return replace(understood, stage="in" if order.signed is None else "after")


def _with_inquiry(replies: tuple[Reply, ...], occasion: Occasion) -> tuple[Reply, ...]:
    """The replies, behind the last of which the bot may ask what else there is."""
    if not replies or replies[-1].buttons or replies[-1].worded_by == "llm":
        return replies
    *before, last = replies
    return (*before, replace(last, text=last.text + inquiry(last.text, occasion)))


async def _is_loyal(session: Session) -> bool:
    """Whether the shopper's grade is above the shop's lowest; no shop that is down keeps a reply back."""
    try:
        shopper = await session.access_shopper()
        grades = (await session.backend.policy()).membership if shopper else ()
    except ShopDown:
        return False
    return shopper is not None and shopper.grade in {grade.name for grade in grades[1:]}


def _handoff(messages: Iterable[Json]) -> Handoff | None:
    for message in messages:
        wish = (message.get("custom") or {}).get("handoff")
        if wish:
            return Handoff(wish["reason"], wish["role"], wish.get("brief", ""))
    return None


def _since(started: float) -> float:
    return round((perf_counter() - started) * 1000, 2)
