"""What is done with pictures: taken in as a message of the shopper's, and shown again."""

from __future__ import annotations

import math
import secrets
from collections.abc import Set
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from desk import shop
from desk.conversations import service as conversations
from desk.conversations.models import Conversation, Event
from desk.conversations.service import Message
from desk.conversations.status import Status
from desk.database import atomic
from desk.errors import DeskError
from desk.pictures.models import Picture
from desk.pictures.redrawing import Redrawn, redraw
from desk.pictures.sealing import sealer

_DAY, _MINUTE = timedelta(days=1), timedelta(minutes=1)


def receive(conversation: Conversation, client_id: str, content: bytes) -> tuple[Event, bool]:
    """Redraw, seal and store a picture as a message, or return the one of this client id; True if it is new.

    Raises:
        DeskError: The picture is none, or there were too many of them.
    """
    seen = Event.objects.filter(conversation=conversation, client_id=client_id).first()
    if seen is not None:
        return seen, False
    sealer()  # without a key nothing needs to be looked at
    _check_number(conversation)  # before the work of reading it
    return _keep(conversation.pk, client_id, redraw(content), conversations.bots_own(shop.hours()))


@atomic()
def _keep(pk: int, client_id: str, drawn: Redrawn, answering: Set[Status]) -> tuple[Event, bool]:
    """Picture and message together or neither; the count is right, since the conversation is held."""
    held = conversations.locked(pk)
    public_id, seal = secrets.token_urlsafe(18), sealer()
    about = {"id": public_id, "width": drawn.width, "height": drawn.height}
    event, new = conversations.store(pk, Message(client_id, "", picture=about), answering)
    if not new:
        return event, False
    _check_number(held)
    Picture.objects.create(
        public_id=public_id,
        conversation=held,
        at=timezone.now(),
        key=seal.name,
        full=seal.seal(drawn.full, _about(public_id, small=False)),
        thumb=seal.seal(drawn.thumb, _about(public_id, small=True)),
    )
    return event, True


def access(conversation: Conversation, public_id: str) -> Picture:
    """The one door: a picture of this conversation; another's and none sound the same (not_found)."""
    picture = Picture.objects.filter(conversation=conversation, public_id=public_id).first()
    if picture is None:
        raise DeskError("not_found")
    return picture


def content_of(picture: Picture, *, small: bool) -> bytes:
    """Its JPEG; raises DeskError picture_sealed where the key is not there any more."""
    sealed = bytes(picture.thumb if small else picture.full)
    return sealer().open(sealed, _about(picture.public_id, small=small), picture.key)


def _about(public_id: str, *, small: bool) -> str:
    return f"{public_id}/{'thumb' if small else 'full'}"


def _check_number(conversation: Conversation) -> None:
    """So many a minute and a day; counted in the database, thus for all processes together."""
    now, desk = timezone.now(), settings.DESK
    times = Picture.objects.filter(conversation=conversation, at__gt=now - _DAY).order_by("-at")
    sent = list(times.values_list("at", flat=True)[: desk["pictures_a_day"]])
    if len(sent) >= desk["pictures_a_day"]:
        raise DeskError("pictures_full", limit=desk["pictures_a_day"])
    _check_minute(sent, now, desk["pictures_a_minute"])


def _check_minute(newest_first: list[datetime], now: datetime, limit: int) -> None:
    if len(newest_first) < limit:
        return
    seconds = math.ceil((newest_first[limit - 1] + _MINUTE - now).total_seconds())
    if seconds > 0:
        raise DeskError("too_many_pictures", seconds=seconds, headers={"Retry-After": str(seconds)})
