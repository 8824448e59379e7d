"""What a turn has done in the shop is told even when its reply is refused."""

from __future__ import annotations

from desk import words
from desk.conversations.bot import BotTurn
from desk.conversations.models import Conversation, Event
from desk.conversations.service import append
from desk.conversations.status import BOTS
from desk.records import service as records


def tell(conversation: Conversation, turn: BotTurn, upto: int, epoch: int) -> bool:
    """Of a refused turn, which read up to message `upto` under `epoch`: keep what it did in the shop.

    One line for each write of which nobody was told, and the tasks of a turn that wrote or tried to. The
    conversation is held, and saved by the caller if this returns True.
    """
    if not turn.writes and all(task.kind != records.FAILED_WRITE for task in turn.tasks):
        return False
    if conversation.epoch == epoch and conversation.pinned_seq == upto:
        return False  # the lease was lost: another process makes the same turn again, and will say it
    records.add(conversation, turn.tasks)
    records.done(turn.writes)
    told = _told_since(conversation, upto)
    untold = [write for write in turn.writes if write.key not in told]
    if untold:
        _hear_of_it(conversation, upto, epoch)
    for write in untold:
        said = write.said or words.LINES["written"]
        append(conversation, Event.Kind.SYSTEM, said, code="written", payload={"write": write.record})
    return True


def _hear_of_it(conversation: Conversation, upto: int, epoch: int) -> None:
    """The line answers the yes if a person is there; a bot that has the conversation back is noted it."""
    if conversation.status not in BOTS:
        conversation.answered_seq = max(conversation.answered_seq, upto)
    elif conversation.epoch != epoch and conversation.note_from is None:
        conversation.note_from = conversation.last_seq


def _told_since(conversation: Conversation, seq: int) -> set[str]:
    """Keys of the writes told after event `seq`, by a line of their own or by the bot's reply."""
    payloads = Event.objects.filter(conversation=conversation, seq__gt=seq).values_list("payload", flat=True)
    found = [payload.get("write") for payload in payloads]
    found += [write for payload in payloads for write in (payload.get("turn") or {}).get("writes") or ()]
    return {str(write["key"]) for write in found if write}
