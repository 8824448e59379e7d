"""What people and shoppers do to a conversation. Each function is one transaction; hints go out after it."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Set
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from bot.shop.access import Identity
from bot.shop.delivery_rules import Shop
from desk import clock, shop, words
from desk.conversations.bubbles import MAX_CHARS, may_continue
from desk.conversations.confirming import give_up
from desk.conversations.models import Conversation, Event
from desk.conversations.status import BOTS, Move, Status, WrongStatus, after
from desk.database import atomic
from desk.errors import DeskError
from desk.hints import BUS, DESK, DISPATCH, shop_group
from desk.people.models import Agent

Json = dict[str, Any]
_OFFERS = 20
"""Replies back that a button may still be pressed on."""
_CODES = {
    Move.HAND_OVER: "waiting",
    Move.TAKE: "human_started",
    Move.HAND_BACK: "human_ended",
    Move.CLOSE: "closed",
    Move.REOPEN: "reopened",
}
"""The code of the system line that says what happened."""


@dataclass(frozen=True)
class Message:
    """A checked shopper message: one of `text`, `button` and `picture` ({"id", "width", "height"})."""

    client_id: str
    text: str
    button: str | None = None
    page: Json | None = None
    picture: Json | None = None


def hash_key(key: str) -> str:
    """How a conversation's key is stored."""
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()


@atomic()
def start(shopper_id: str, shopper_name: str, client: str, page: Json | None) -> tuple[Conversation, str]:
    """A new conversation and its key, which is shown once."""
    key = secrets.token_urlsafe(32)
    conversation = Conversation.objects.create(
        public_id=f"c{secrets.token_hex(10)}",
        key_hash=hash_key(key),
        shopper_id=shopper_id,
        shopper_name=shopper_name,
        client=client,
        page=page,
        created_at=clock.now(),
    )
    return conversation, key


@atomic()
def resume(conversation: Conversation, identity: Identity | None, client: str, page: Json | None) -> None:
    """Note where the shopper is now; an anonymous conversation becomes that of whoever has signed in."""
    held = locked(conversation.pk)
    held.client, held.page = client, page or held.page
    if identity is not None and not held.shopper_id:
        held.shopper_id, held.shopper_name = identity.shopper_id, identity.name
    held.save(update_fields=["client", "page", "shopper_id", "shopper_name"])
    conversation.shopper_id, conversation.shopper_name = held.shopper_id, held.shopper_name


def of_key(key: str) -> Conversation | None:
    """The conversation that the key opens."""
    return Conversation.objects.defer("state").filter(key_hash=hash_key(key)).first()


def locked(pk: int) -> Conversation:
    """The row, held until the transaction ends; the bot's state is neither read nor saved."""
    return Conversation.objects.select_for_update().defer("state").get(pk=pk)


def append(
    conversation: Conversation, kind: str, text: str, *, client_id: str | None = None, **more: Any
) -> Event:
    """Add an event to a conversation that is held; the caller saves the conversation."""
    conversation.last_seq += 1
    conversation.last_at = clock.now()
    if kind in (Event.Kind.SHOPPER, Event.Kind.AGENT):
        conversation.last_text = text[:100]  # what the agents' list previews: what people said
    return Event.objects.create(
        conversation=conversation,
        seq=conversation.last_seq,
        kind=kind,
        text=text,
        client_id=client_id,
        at=conversation.last_at,
        **more,
    )


def system_line(conversation: Conversation, code: str, payload: Json | None = None, **detail: Any) -> Event:
    """Add a system line of `words.LINES` to a conversation that is held."""
    text = words.LINES[code].format(**detail)
    return append(conversation, Event.Kind.SYSTEM, text, code=code, payload=payload or {})


def publish(conversation: Conversation, *, status: bool = False) -> None:
    """Once the transaction is committed, tell the shopper's sockets and the agents'."""
    group, last, now = shop_group(conversation.public_id), conversation.last_seq, conversation.status
    public_id, due = conversation.public_id, conversation.due_at is not None

    def send() -> None:
        BUS.send(group, {"kind": "events", "last": last})
        if status:
            BUS.send(group, {"kind": "status", "status": now})
        BUS.send(DESK, {"kind": "events", "conversation": public_id, "last": last})
        BUS.send(DESK, {"kind": "conversations"})
        if due:
            BUS.send(DISPATCH, {"kind": "work"})

    transaction.on_commit(send)


def move(
    conversation: Conversation,
    what: Move,
    *,
    who: str,
    why: str = "",
    line: str = "",
    shown: Json | None = None,
    **more: Any,
) -> Event:
    """Change the status of a conversation that is held, with one event saying who, why and the new epoch.

    `line` names the words of the event, if not the move's own, `shown` what goes into them; `more` is kept.

    Raises:
        DeskError: conflict, if the conversation's status does not allow it.
    """
    was = Status(conversation.status)
    try:
        conversation.status = after(was, what).value
    except WrongStatus as e:
        status, name = words.STATUS_NAMES[e.status.value], words.MOVE_NAMES[what.value]
        raise DeskError("conflict", why=words.WRONG_STATUS.format(status=status, move=name)) from e
    conversation.epoch += 1
    if was in BOTS:
        conversation.due_at, conversation.lease, conversation.lease_until = None, "", None
        conversation.tries = conversation.overtaken = 0
        conversation.told_down = False
        if conversation.note_from is None:
            conversation.note_from = conversation.answered_seq
    code = _CODES[what]
    payload = {"move": what.value, "who": who, "why": why, "epoch": conversation.epoch, **more}
    text = words.LINES[line or code].format(**(shown or {}))
    return append(conversation, Event.Kind.SYSTEM, text, code=code, payload=payload)


def receive(conversation_pk: int, message: Message) -> tuple[Event, bool]:
    """Store a shopper's message, or return the stored one if its client id was seen; True if it is new.

    The bot is to answer it unless a person does: one who is there, or one who is waited for in working hours.

    Raises:
        DeskError: unknown_button, if no recent reply of this conversation offered it.
    """
    return store(conversation_pk, message, bots_own(shop.hours()))


def bots_own(hours: Shop) -> Set[Status]:
    """Where the bot answers now: out of the agents' hours also those who wait for one of them."""
    return {Status.BOT} if hours.agents_at(clock.now()) else BOTS


@atomic()
def store(conversation_pk: int, message: Message, answering: Set[Status]) -> tuple[Event, bool]:
    """The part of `receive` that is one transaction; `answering` is `bots_own` of now."""
    conversation = locked(conversation_pk)
    seen = Event.objects.filter(conversation=conversation, client_id=message.client_id).first()
    if seen is not None:
        return seen, False
    text = _shown(conversation, message)
    reopened = conversation.status == Status.CLOSED
    if reopened:
        move(conversation, Move.REOPEN, who="shopper")
    payload = {"button": message.button, "page": message.page}
    if message.picture is not None:
        payload["picture"] = message.picture
    quiet = _quiet(conversation, message)
    event = append(conversation, Event.Kind.SHOPPER, text, client_id=message.client_id, payload=payload)
    conversation.page = message.page or conversation.page
    if Status(conversation.status) in answering:
        if message.button is None and len(text) > MAX_CHARS:
            system_line(conversation, "truncated", limit=MAX_CHARS)
        _make_due(conversation, quiet)
    conversation.save()
    publish(conversation, status=reopened)
    return event, True


def _make_due(conversation: Conversation, quiet: timedelta) -> None:
    """Due after the quiet time that the newest bubble asks for; what is due already keeps its place."""
    now = timezone.now()
    if conversation.due_at is None or conversation.due_at > now:
        conversation.due_at = now + quiet


def _shown(conversation: Conversation, message: Message) -> str:
    if message.picture is not None:
        return words.PICTURE
    return message.text if message.button is None else _title(conversation, message.button)


def _title(conversation: Conversation, button: str) -> str:
    offers = Event.objects.filter(conversation=conversation, kind=Event.Kind.BOT).order_by("-seq")[:_OFFERS]
    for offer in offers:
        for offered in offer.payload.get("buttons", ()):
            if offered["id"] == button:
                return str(offered["title"])
    raise DeskError("unknown_button")


def _quiet(conversation: Conversation, message: Message) -> timedelta:
    none, text = timedelta(0), message.text
    if message.picture is not None:  # what it is about mostly follows, or a second one
        return timedelta(seconds=settings.DESK["picture_seconds"])
    if message.button is not None or conversation.confirming:
        return none
    if not may_continue(text, answers_question=False):
        return none
    last = Event.objects.filter(conversation=conversation, kind=Event.Kind.BOT).order_by("-seq").first()
    asked = last is not None and (
        bool(last.payload.get("buttons")) or last.text.rstrip().endswith(("?", "？"))
    )
    return (
        timedelta(seconds=settings.DESK["quiet_seconds"])
        if may_continue(text, answers_question=asked)
        else none
    )


def take(conversation_pk: int, agent: Agent) -> Conversation:
    """The agent takes over, so that a reply under way is refused. Taking one's own again changes nothing."""
    return _take(conversation_pk, agent, shop.hours())


@atomic()
def _take(conversation_pk: int, agent: Agent, hours: Shop) -> Conversation:
    conversation = locked(conversation_pk)
    if conversation.status == Status.HUMAN:
        if conversation.assignee_id == agent.pk:
            return conversation
        raise DeskError("conflict", why=words.TAKEN.format(who=_assignee(conversation)))
    since = conversation.waiting_since
    give_up(conversation)
    conversation.confirming = False  # no question stays open over a stretch with a person
    waited = int((clock.now() - since).total_seconds()) if since is not None else None
    after_hours = since is not None and not hours.agents_at(timezone.localtime(since))
    move(
        conversation,
        Move.TAKE,
        who=agent.username,
        shown={"who": agent.shown_name},
        waited=waited,
        after_hours=after_hours,
    )
    conversation.assignee = agent
    conversation.waiting_since = None
    conversation.save()
    publish(conversation, status=True)
    return conversation


@atomic()
def hand_back(conversation_pk: int, agent: Agent) -> Conversation:
    """The bot answers again, beginning with what the shopper wrote after the person's last words."""
    conversation = _held_by(conversation_pk, agent)
    said = Event.objects.filter(conversation=conversation, kind=Event.Kind.AGENT).order_by("-seq").first()
    if said is not None:
        conversation.answered_seq = max(conversation.answered_seq, said.seq)
    move(conversation, Move.HAND_BACK, who=agent.username)
    conversation.assignee = None
    unanswered = Event.objects.filter(
        conversation=conversation, kind=Event.Kind.SHOPPER, seq__gt=conversation.answered_seq
    )
    conversation.due_at = timezone.now() if unanswered.exists() else None
    conversation.save()
    publish(conversation, status=True)
    return conversation


@atomic()
def close(conversation_pk: int, agent: Agent) -> Conversation:
    """End the conversation. What was proved in it ends with it: the bot's state is dropped."""
    conversation = _held_by(conversation_pk, agent)
    move(conversation, Move.CLOSE, who=agent.username)
    conversation.assignee = None
    conversation.note_from = None
    conversation.answered_seq = conversation.last_seq
    conversation.save()
    Conversation.objects.filter(pk=conversation.pk).update(state=None)
    publish(conversation, status=True)
    return conversation


@atomic()
def agent_say(conversation_pk: int, agent: Agent, client_id: str, text: str) -> tuple[Event, bool]:
    """A person's line, or the stored one if its client id was seen; True if it is new."""
    conversation = locked(conversation_pk)
    seen = Event.objects.filter(conversation=conversation, client_id=client_id).first()
    if seen is not None:
        return seen, False
    _check_own(conversation, agent)
    event = append(
        conversation,
        Event.Kind.AGENT,
        text,
        client_id=client_id,
        author=agent.shown_name,
        payload={"who": agent.username},
    )
    conversation.save()
    publish(conversation)
    return event, True


def _held_by(conversation_pk: int, agent: Agent) -> Conversation:
    conversation = locked(conversation_pk)
    if conversation.status == Status.HUMAN:
        _check_own(conversation, agent)
    return conversation


def _check_own(conversation: Conversation, agent: Agent) -> None:
    if conversation.status == Status.HUMAN and conversation.assignee_id == agent.pk:
        return
    who = _assignee(conversation) if conversation.status == Status.HUMAN else words.BOT_NAME
    raise DeskError("conflict", why=words.NOT_YOURS.format(who=who))


def _assignee(conversation: Conversation) -> str:
    return conversation.assignee.shown_name if conversation.assignee else words.STATUS_NAMES["human"]
