"""What a dispatcher does: claim a conversation, then commit its turn or put it off. Each is one transaction.

A claim is a lease in the row under a fresh name. Whatever comes back under it counts only while owner, epoch
and lease are unchanged: no takeover, crash or slow second dispatcher leads to a wrong or double reply.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from bot.shop.delivery_rules import Shop
from desk import clock, shop, words
from desk.conversations import writes
from desk.conversations.bot import BotTurn
from desk.conversations.bubbles import Bubble, Merged, merge
from desk.conversations.confirming import give_up, pin, unpin
from desk.conversations.models import Conversation, Event
from desk.conversations.service import append, bots_own, locked, move, publish, system_line
from desk.conversations.status import BOTS, Move, Status
from desk.database import atomic
from desk.hints import BUS, shop_group
from desk.records import service as records

Json = dict[str, Any]
_MAX_OVERTAKEN = 3
"""Turns in a row that later bubbles may cancel; then one is committed and they get the next."""
_PLAIN_WISH = "asked_for_person"
"""The bot's reason when a person was asked for and nothing else: who waits has a better one, or the same."""
_NOTE_CODES = frozenset({"human_started", "human_ended"})


@dataclass(frozen=True)
class Claim:
    """The right to answer one conversation until the lease runs out."""

    pk: int
    public_id: str
    epoch: int
    lease: str
    merged: Merged
    now: datetime
    """As of when the turn is made."""
    first: bool
    """No earlier claim of this turn is known to have reached the bot."""
    state: Json | None
    note: tuple[Json, ...]
    shopper: Json | None
    client: str
    waiting: str
    """Why the shopper waits for a person, empty if they do not."""
    tries: int


class Outcome(str, Enum):
    """What became of a turn."""

    COMMITTED = "committed"
    OVERTAKEN = "overtaken"
    """The shopper wrote on before the reply was stored; both will be answered together."""
    REFUSED = "refused"
    """Someone else owns the conversation now."""
    HANDED_OVER = "handed_over"
    PUT_OFF = "put_off"


def claim() -> Claim | None:
    """Claim the conversation that has been due longest, or None."""
    now = timezone.now()
    with atomic():
        rows = _free(now).filter(due_at__lte=now).order_by("due_at", "pk")
        if connection.features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(skip_locked=True)
        conversation = rows.first()
        if conversation is None:
            return None
        bubbles = _unanswered(conversation)
        if not bubbles:
            Conversation.objects.filter(pk=conversation.pk).update(due_at=None)
            return None
        first = conversation.pinned_seq is None
        merged, at = pin(conversation, bubbles)
        conversation.lease = secrets.token_hex(16)
        conversation.lease_until = now + _lease()
        conversation.save(update_fields=["lease", "lease_until", "pinned_seq", "pinned_at"])
        group = shop_group(conversation.public_id)
        transaction.on_commit(lambda: BUS.send(group, {"kind": "typing", "on": True}))
        return _claim(conversation, merged, at, first)


def next_due() -> datetime | None:
    """When the next conversation that nobody works on falls, or fell, due."""
    rows = _free(timezone.now()).filter(due_at__isnull=False)
    return rows.order_by("due_at").values_list("due_at", flat=True).first()


def claim_or_next() -> Claim | datetime | None:
    """A claim, or else when to look again, if anything is due at all.

    The look comes first: it needs no write lock, which SQLite's transactions take at once.
    """
    due = next_due()
    if due is None or due > timezone.now():
        return due
    return claim() or next_due()


def commit(held: Claim, turn: BotTurn) -> Outcome:
    """Store replies, tasks, state, mood and a wish for a person together, if the claim still holds."""
    hours = shop.hours()
    with atomic():
        conversation = _held(held)
        if conversation is None:
            _keep(held, turn)
            return Outcome.REFUSED
        bubbles = _unanswered(conversation)
        if _overtaken(conversation, bubbles, held, turn):
            conversation.overtaken += 1
            conversation.due_at = timezone.now()
            conversation.save()
            publish(conversation)
            return Outcome.OVERTAKEN
        _store_replies(conversation, turn)
        records.add(conversation, turn.tasks)
        records.done(turn.writes)
        conversation.answered_seq = held.merged.upto
        conversation.mood = turn.mood or conversation.mood
        conversation.tries = conversation.overtaken = 0
        conversation.told_down = False
        conversation.note_from = None
        conversation.confirming = turn.confirming
        unpin(conversation)
        conversation.due_at = None
        if turn.handoff is not None:
            _hand_over(conversation, turn.handoff, hours)
        _go_on(conversation, bubbles[-1].seq > held.merged.upto, hours)
        conversation.state = turn.state
        conversation.save()
        publish(conversation, status=turn.handoff is not None)
        _typing_off(conversation)
    return Outcome.COMMITTED


def fail(held: Claim, why: str) -> Outcome:
    """Count a turn that the healthy bot could not make; after `tries` of them a person is asked."""
    hours = shop.hours()
    with atomic():
        conversation = _held(held)
        if conversation is None:
            return Outcome.REFUSED
        conversation.tries += 1
        if conversation.tries < settings.DESK["tries"]:
            if why == "timeout":
                _tell_down(conversation)  # the shopper has waited long enough to be told something
            conversation.due_at = timezone.now() + timedelta(seconds=0.25 * 2**conversation.tries)
            conversation.save()
            publish(conversation)
            return Outcome.PUT_OFF
        # What the bot could not read it is not told again as part of a human stretch, either.
        conversation.answered_seq = conversation.note_from = held.merged.upto
        conversation.due_at, conversation.tries = None, 0
        give_up(conversation)
        _give_up(conversation, why, hours)
        _go_on(conversation, bool(_unanswered(conversation)), hours)
        conversation.save()
        publish(conversation, status=True)
        _typing_off(conversation)
    return Outcome.HANDED_OVER


def put_off(held: Claim, *, counts: bool) -> Outcome:
    """The bot is down: keep the message due. `counts` if the bot went down while it made this very turn."""
    if counts and held.tries + 1 >= settings.DESK["tries"]:
        return fail(held, "bot_down")
    with atomic():
        conversation = _held(held)
        if conversation is None:
            return Outcome.REFUSED
        conversation.tries += int(counts)
        if held.first and not counts:
            unpin(conversation)  # the bot has seen nothing of it
        _tell_down(conversation)
        conversation.save()
        publish(conversation)
        _typing_off(conversation)
    return Outcome.PUT_OFF


def release(held: Claim) -> None:
    """Give the claim back unused: the dispatcher stops."""
    with atomic():
        conversation = _held(held)
        if conversation is not None:
            conversation.save(update_fields=["lease", "lease_until"])


def renew(leases: list[str]) -> None:
    """Hold these claims for longer: their turns are still being made."""
    with atomic():
        Conversation.objects.filter(lease__in=leases).update(lease_until=timezone.now() + _lease())


def free_all() -> None:
    """Give up every claim, whoever made it; should one still be worked on, its reply is refused."""
    with atomic():
        Conversation.objects.exclude(lease="").update(lease="", lease_until=None)


def tell_down() -> None:
    """Tell everyone who is due, and does not know yet, that the bot is down and the message kept."""
    now = timezone.now()
    for pk in list(_free(now).filter(due_at__lte=now, told_down=False).values_list("pk", flat=True)):
        with atomic():
            conversation = locked(pk)
            if conversation.status in BOTS and conversation.due_at is not None and not conversation.lease:
                _tell_down(conversation)
                conversation.save()
                publish(conversation)


def _lease() -> timedelta:
    return timedelta(seconds=settings.DESK["lease_seconds"])


def _tell_down(conversation: Conversation) -> None:
    if not conversation.told_down:
        system_line(conversation, "bot_down")
        conversation.told_down = True


def _free(now: datetime) -> QuerySet[Conversation]:
    """Conversations that the bot may answer and nobody works on."""
    free = Q(lease="") | Q(lease_until__lt=now)
    return Conversation.objects.filter(free, status__in=[status.value for status in BOTS])


def _held(held: Claim) -> Conversation | None:
    """The row, locked and without its lease, which the caller saves; None if the claim no longer holds.

    On this comparison under the lock hangs all that is done under a claim.
    """
    conversation = locked(held.pk)
    same = (conversation.epoch, conversation.lease) == (held.epoch, held.lease)
    if not same or conversation.status not in BOTS:
        return None
    conversation.lease, conversation.lease_until = "", None
    return conversation


def _unanswered(conversation: Conversation) -> list[Bubble]:
    rows = Event.objects.filter(
        conversation=conversation, kind=Event.Kind.SHOPPER, seq__gt=conversation.answered_seq
    ).order_by("seq")
    return [
        Bubble(e.seq, e.text, e.payload.get("button"), e.payload.get("page"), e.at, "picture" in e.payload)
        for e in rows[:100]
    ]


def _overtaken(conversation: Conversation, bubbles: list[Bubble], held: Claim, turn: BotTurn) -> bool:
    """Whether the shopper wrote on meanwhile and the turn can still be dropped: never one that may write."""
    if conversation.confirming or turn.writes or conversation.overtaken >= _MAX_OVERTAKEN:
        return False
    return merge(bubbles).upto != held.merged.upto


def _keep(held: Claim, turn: BotTurn) -> None:
    """The reply is refused; what the turn has done is not."""
    conversation, upto = locked(held.pk), held.merged.upto
    records.settle(conversation, upto, held.epoch)
    if writes.tell(conversation, turn, upto, held.epoch):
        conversation.save()
        publish(conversation)


def _claim(conversation: Conversation, merged: Merged, at: datetime, first: bool) -> Claim:
    shopper = {"sub": conversation.shopper_id, "name": conversation.shopper_name}
    return Claim(
        pk=conversation.pk,
        public_id=conversation.public_id,
        epoch=conversation.epoch,
        lease=conversation.lease,
        merged=merged,
        now=at,
        first=first,
        state=conversation.state,
        note=tuple(_note(conversation)),
        shopper=shopper if conversation.shopper_id else None,
        client=conversation.client,
        waiting=conversation.reason if conversation.status == Status.WAITING else "",
        tries=conversation.tries,
    )


def _note(conversation: Conversation) -> list[Json]:
    """What people said since the bot last spoke; lines that nobody answered are left to the turn."""
    if conversation.note_from is None:
        return []
    noted = []
    for event in Event.objects.filter(conversation=conversation, seq__gt=conversation.note_from).order_by(
        "seq"
    ):
        answered = event.seq <= conversation.answered_seq
        if event.code in _NOTE_CODES:
            noted.append({"kind": event.code, "at": event.at.isoformat()})
        elif event.code == "written":
            write = event.payload["write"]
            noted.append({"kind": "written", "text": event.text, "write": write, "at": event.at.isoformat()})
        elif event.kind == Event.Kind.AGENT:
            noted.append({"kind": "human_said", "text": event.text, "at": event.at.isoformat()})
        elif event.kind == Event.Kind.SHOPPER and answered:
            noted.append({"kind": "shopper_said", "text": event.text, "at": event.at.isoformat()})
    return noted


def _store_replies(conversation: Conversation, turn: BotTurn) -> None:
    for number, reply in enumerate(turn.replies):
        payload = dict(reply.payload)
        if number == 0:
            payload["turn"] = turn.record
        append(conversation, Event.Kind.BOT, reply.text, payload=payload)


def _hand_over(conversation: Conversation, handoff: dict[str, str], hours: Shop) -> None:
    """Into the queue; who waits there already keeps the place, and only what is wanted is told anew."""
    waits, reason = conversation.status == Status.WAITING, handoff["reason"][:64]
    if not (waits and reason == _PLAIN_WISH):
        conversation.reason = reason
    conversation.role, conversation.brief = handoff["role"][:16], handoff["brief"]
    if not waits:
        _queue(conversation, reason, hours, "waiting")


def _give_up(conversation: Conversation, why: str, hours: Shop) -> None:
    """The bot cannot answer this: say so, and leave it to a person."""
    if conversation.status == Status.WAITING:
        line, shown = _by_when("bot_failed", hours)
        append(conversation, Event.Kind.SYSTEM, words.LINES[line].format(**shown), code="bot_failed")
        return
    conversation.reason, conversation.role, conversation.brief = "bot_failed", "", why
    _queue(conversation, "bot_failed", hours, "bot_failed")


def _queue(conversation: Conversation, why: str, hours: Shop, line: str) -> None:
    conversation.waiting_since = clock.now()
    line, shown = _by_when(line, hours)
    move(conversation, Move.HAND_OVER, who="bot", why=why, line=line, shown=shown)


def _by_when(line: str, hours: Shop) -> tuple[str, Json]:
    """The variant of a system line for who is there now, and what goes into its words."""
    now = clock.now()
    if hours.agents_at(now):
        return line, {}
    back = hours.agents_next(now)
    return (f"{line}_later", {"back": shop.in_words(back, now)}) if back else (f"{line}_away", {})


def _go_on(conversation: Conversation, left: bool, hours: Shop) -> None:
    """Bubbles that are left are due at once, unless a person is to answer them."""
    if left and conversation.status in bots_own(hours):
        conversation.due_at = timezone.now()


def _typing_off(conversation: Conversation) -> None:
    group = shop_group(conversation.public_id)
    transaction.on_commit(lambda: BUS.send(group, {"kind": "typing", "on": False}))
