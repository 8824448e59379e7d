"""Visits to install or repair: booked, moved, called off."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import TYPE_CHECKING

from actions.answers import UNSURE
from actions.intents import talk
from actions.phrases import ends, found, says
from actions.undertaking import Facts, Undertaking
from actions.undertakings.trial import refusal, with_named_order
from bot.daywords import calendar_day
from bot.shop.doing.visits import windows_on
from bot.shop.models import BookingKind
from bot.shop.wishes import BookVisit, CancelVisit, MoveVisit, Wish

if TYPE_CHECKING:
    from actions.session import Asked

HEARD = frozenset({"delivery_install", "warranty_repair", "modify_order"}) | UNSURE
"""Requests in which a day is the day of a visit; in others it may be any."""
MENDABLE = frozenset({"day", "window", "same"})
"""Refusals that another day or other hours will mend."""
MOST_DAYS = 4
PARTS = {"part_morning": (0, 12), "part_noon": (11, 14), "part_afternoon": (12, 17), "part_evening": (17, 24)}
"""Parts of a day by their patterns: from which hour on, and before which, hours of it begin."""


class _TimedVisit(Undertaking):
    """A visit whose day and hours are asked for: `day`, and `hours` as all that the words may mean."""

    async def take(self, asked: Asked, args: Facts, asks: str | None) -> Facts:
        """The day and the hours that the message names."""
        of_it = says(asked.text, "bare_time") or says(asked.text, "rather_then")
        if asked.topic not in HEARD | talk() and not of_it:
            return args
        day, hours = said_day(asked), said_hours(asked, args.get("was_window", ""))
        any_ = (asks is not None and says(asked.text, "any_time")) or says(asked.text, "same_time")
        return {
            **args,
            **({"day": day.isoformat()} if day else {}),
            **({"hours": hours} if hours is not None else {}),
            **({"any": True} if any_ else {}),
        }

    def claims(self, asked: Asked) -> bool:
        """A time, too, where it stands alone or is said of what visits are about."""
        names_time = said_day(asked) is not None or said_hours(asked) is not None
        heard = asked.topic in HEARD or says(asked.text, "rather_then")
        meant = heard and not says(asked.text, "cancels_visit")
        return super().claims(asked) or says(asked.text, "bare_time") or (meant and names_time)

    async def missing(self, asked: Asked, args: Facts) -> str | None:
        """A day on which somebody can come, then the hours; nothing where nobody comes at all."""
        refused = await refusal(asked, await self.wish(asked, args))
        if refused is not None and refused.code not in MENDABLE:
            return None
        if self.day(asked, args) is None:
            return "day"
        if refused is not None and refused.code == "day":
            return "other_day"
        return None if self.window(asked, args) else "window"

    async def question(self, asked: Asked, asks: str, args: Facts) -> Facts:
        """Which days and hours there are, and why the one named is none."""
        order = await asked.session.access_order(args["order_id"])
        refused = await refusal(asked, await self.wish(asked, args))
        told = refused.facts if refused is not None and refused.code == "day" else {}
        first = date.fromisoformat(told["first"]) if "first" in told and "day" in args else None
        days = [each.isoformat() for each in open_days(asked, first)][:MOST_DAYS]
        day = self.day(asked, args)
        windows = self._possible(asked, args, day) if day else []
        return {
            **(asked.named(order) if order else {}),
            **told,
            "visit": args["visit"],
            "was_day": args.get("was_day"),
            "was_window": args.get("was_window", ""),
            "day": day.isoformat() if day else None,
            "days": [{"day": each} for each in days],
            "windows": [{"window": each, "begins": each.partition("-")[0]} for each in windows],
        }

    def day(self, asked: Asked, args: Facts) -> date | None:
        """The day that was chosen; of any, the first."""
        if "day" in args:
            return date.fromisoformat(args["day"])
        return next(open_days(asked), None) if args.get("any") else None

    def window(self, asked: Asked, args: Facts) -> str:
        """The hours that were chosen, where only some are possible; empty while they are open."""
        day = self.day(asked, args)
        windows = self._possible(asked, args, day) if day else []
        chosen = len(windows) == 1 or (args.get("any") and windows)
        return windows[0] if chosen and ("hours" in args or args.get("any")) else ""

    def _possible(self, asked: Asked, args: Facts, day: date) -> list[str]:
        """What is open on the day, of what was said; all of it where that fits none."""
        windows = windows_on(day, asked.policy, asked.session.now, args.get("was_window", ""))
        return [w for w in windows if w in args.get("hours", ())] or windows


class DoBookVisit(_TimedVisit):
    """Somebody is to come."""

    kind = "book_visit"

    async def take(self, asked: Asked, args: Facts, asks: str | None) -> Facts:
        """For another order as well, where the message names one."""
        return await super().take(asked, await with_named_order(asked, args), asks)

    own_refusals = frozenset(
        {
            *("no_installation", "not_sent", "no_warranty", "not_delivered", "warranty_past"),
            *("booked", "day", "window"),
        }
    )

    async def wish(self, asked: Asked, args: Facts) -> Wish:
        """While the day is open, tomorrow stands in for it."""
        day = self.day(asked, args) or next(open_days(asked), asked.session.today)
        window = self.window(asked, args) or "-"
        return BookVisit(args["order_id"], BookingKind(args["visit"]), day, window)


class DoMoveVisit(_TimedVisit):
    """A visit is to be at another time; what is not said of it stays."""

    kind = "move_visit"
    own_refusals = frozenset({"no_visit", "visit_too_late", "day", "window", "same"})

    def day(self, asked: Asked, args: Facts) -> date | None:
        """Other hours alone are other hours of the same day."""
        chosen = super().day(asked, args)
        return date.fromisoformat(args["was_day"]) if chosen is None and args.get("hours") else chosen

    def window(self, asked: Asked, args: Facts) -> str:
        """Whoever has no wish keeps the hours, where they are open."""
        day = self.day(asked, args)
        windows = windows_on(day, asked.policy, asked.session.now, args["was_window"]) if day else []
        kept = args.get("any") and "hours" not in args and args["was_window"] in windows
        return args["was_window"] if kept else super().window(asked, args)

    async def wish(self, asked: Asked, args: Facts) -> Wish:
        """While the day is open, the visit as it is."""
        day = self.day(asked, args) or date.fromisoformat(args["was_day"])
        window = self.window(asked, args) or args["was_window"]
        return MoveVisit(args["order_id"], args["booking_id"], day, window)


class DoCancelVisit(Undertaking):
    """Nobody is to come."""

    kind = "cancel_visit"
    own_refusals = frozenset({"no_visit", "visit_too_late"})

    async def wish(self, asked: Asked, args: Facts) -> Wish:
        """See Undertaking."""
        return CancelVisit(args["order_id"], args["booking_id"])


def open_days(asked: Asked, first: date | None = None) -> Iterator[date]:
    """The days on which somebody can come, the next ones first."""
    today, latest = asked.session.today, asked.policy.visits.latest.delta.days
    for ahead in range(latest + 1):
        day = today + timedelta(days=ahead)
        if (first is None or day >= first) and windows_on(day, asked.policy, asked.session.now):
            yield day


def said_day(asked: Asked) -> date | None:
    """The day that the message names for a visit: behind 改到 the first, else the last; never a past one
    where its next occurrence may be meant."""
    entities = asked.tracker.latest_message.get("entities") or ()
    rows = [row for row in entities if row.get("entity") == "date" and not _is_ruled_out(asked, row)]
    into = ends(asked.typed, "changes_into")
    behind = [row for row in rows if into is not None and int(row.get("start") or 0) >= into]
    meant = (behind or rows[-1:])[:1]
    return next((_coming(asked, date.fromisoformat(str(row["value"]))) for row in meant), None)


def _is_ruled_out(asked: Asked, row: Facts) -> bool:
    """Whether it is the day on which nobody is at home: 7号我不在家."""
    behind = asked.typed[int(row.get("end") or len(asked.typed)) :]
    return says(behind, "not_then")


def said_hours(asked: Asked, kept: str = "") -> list[str] | None:
    """The shop's hours that the message may mean: those around a time, else those of a part of the day.

    None where it names no time; empty where nobody comes then.
    """
    windows = [w for w in dict.fromkeys((*asked.policy.visits.windows, kept)) if w]
    times = [_clock(each) for each in asked.entities("time")]
    if times:
        exact = [w for w in windows if len(times) > 1 and _hours(w) == (times[0], times[1])]
        later = times[0].replace(hour=(times[0].hour + 12) % 24)
        return exact or _around(windows, times[0]) or _around(windows, later)  # 3点 is 15:00 where it can be
    rather = found(asked.text, "rather_then")
    text = asked.text[asked.text.find(rather) :]  # 下午要上班 还是16号晚上吧
    parts = [hours for part, hours in PARTS.items() if says(text, part)]
    if not parts:
        return None
    return [w for w in windows if any(low <= _hours(w)[0].hour < high for low, high in parts)]


def _coming(asked: Asked, day: date) -> date:
    """周三 said on a Saturday is next week's, 5号 said on the 21st next month's; a whole date is itself."""
    weekday = says(asked.text, "names_weekday")
    over = day == asked.session.today and weekday and not windows_on(day, asked.policy, asked.session.now)
    if (day >= asked.session.today and not over) or says(asked.text, "names_past"):
        return day
    if weekday:
        return day + timedelta(days=7)
    if says(asked.text, "names_day_alone"):
        month = day.month % 12 + 1
        return calendar_day(day.year + (month == 1), month, day.day) or day
    return day


def _around(windows: list[str], at: time) -> list[str]:
    return [w for w in windows if _hours(w)[0] <= at < _hours(w)[1]]


def _clock(text: str) -> time:
    """An entity's time of day; 24:00 is the last minute."""
    return time(23, 59) if text.startswith("24") else time.fromisoformat(text)


def _hours(window: str) -> tuple[time, time]:
    """When hours begin and end; those in a shop's own words are none."""
    begins, _, ended = window.partition("-")
    try:
        return time.fromisoformat(begins), time.fromisoformat(ended)
    except ValueError:
        return time.min, time.min
