"""A turn that answers "shall I do exactly this?" may write to the shop: it is made as it was first begun.

What it reads, and as of when, is pinned in the row by its first claim. Later messages neither cancel it nor
join it, and a retry after a crash is the same turn again, for which the bot returns the result of the one
write; had the shopper's next words joined it, or the yes expired by it, the bot would deny what it has done.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from desk import clock
from desk.conversations.bubbles import Bubble, Merged, merge
from desk.conversations.models import Conversation
from desk.records import service as records


def pin(conversation: Conversation, bubbles: Sequence[Bubble]) -> tuple[Merged, datetime]:
    """What the turn reads, and as of when it is made. The conversation is held, and saved by the caller."""
    now, until = clock.now(), conversation.pinned_seq
    if not conversation.confirming:
        return merge(bubbles), now
    if until is not None and conversation.pinned_at is not None:
        now = timezone.localtime(conversation.pinned_at)
    merged = merge([bubble for bubble in bubbles if until is None or bubble.seq <= until] or bubbles)
    conversation.pinned_seq, conversation.pinned_at = merged.upto, now
    return merged, now


def unpin(conversation: Conversation) -> None:
    """It is known what became of the turn, or that the bot has never seen it."""
    conversation.pinned_seq = conversation.pinned_at = None


def give_up(conversation: Conversation) -> None:
    """Nobody may ever hear what became of a turn that was begun: a person is to look."""
    if conversation.pinned_seq is not None:
        records.doubt(conversation, conversation.pinned_seq)
        unpin(conversation)
