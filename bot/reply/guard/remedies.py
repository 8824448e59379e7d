"""Rule status: where the template offers one remedy, the draft does not offer another in its place."""

from __future__ import annotations

from collections.abc import Iterator

from bot.reply.guard.case import Case, Reason
from bot.reply.guard.mentions import Mention
from bot.reply.guard.reading import Reading

REMEDIES = {
    "refund": "back", "return": "back", "exchange": "anew", "send_again": "anew", "repair": "repaired",
}  # fmt: skip
"""Concepts of what is done about goods, by what the shopper has of it."""


def check(case: Case) -> Iterator[Reason]:
    """可以退款 where the template has 可以换货."""
    theirs, ours = _offered(case.template), _offered(case.draft)
    gone, new = theirs.keys() - ours.keys(), ours.keys() - theirs.keys()
    spoken = {REMEDIES.get(one.concept) for one in case.draft.mentions}
    if gone - spoken and new and theirs:
        other = ours[min(new)]
        yield Reason("status", case.draft.span(other.start, other.end), "", "模板里是另一种处理")


def _offered(reading: Reading) -> dict[str, Mention]:
    """The remedies that a text offers or gives, each with a mention; those denied are none."""
    return {
        REMEDIES[one.concept]: one
        for one in reading.mentions
        if one.concept in REMEDIES and not one.absent and one.aspect not in {"wish", "after"}
    }
