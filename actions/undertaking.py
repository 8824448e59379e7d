"""Doing something for a shopper: what is missing is asked, what will change is restated, a yes redeems it.

What is under way is one slot: {"kind", "args", "asks", "number", "until", "tries"}. `asks` names what was
asked for last and is None once all is there and restated; then `number` tells this restatement from earlier
ones and `until` when its yes expires. Nothing is written before a yes to that very restatement.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from actions.answers import UNSURE, YES_TO, Answer, answer_to, instead_of, says_yes
from actions.failing import say_down
from actions.intents import PERSON
from actions.otherwise import GONE, OTHERWISE, UNDOING, instead, otherwise
from actions.phrases import says
from actions.underway import SLOT, UnderWay, begun_by_this_message, kept_now, under_way
from bot.errors import ShopDown
from bot.shop.doing.rows import Receipt, Refused
from bot.shop.tasks import Task
from bot.shop.wishes import Wish, order_of, write_key

if TYPE_CHECKING:
    from actions.session import Asked

Facts = dict[str, Any]

COUNT = "restatements"
LIVES = timedelta(minutes=10)
"""So long a restatement's yes is good."""
MOST_TRIES = 2
"""So many messages may pass a question by before the undertaking is dropped."""
CORRECTED = ("date", "time", "quantity", "colour", "size", "phone", "address", "money")
"""Values that a correction brings; where they are what was restated, that is restated again."""
ORDER = "order"
"""What is waited for where an order was named by a wrong number."""
SOLD_OUT = "sold_out"
"""The code of what is not there in such a number, or not at all."""


class Undertaking(ABC):
    """One kind of thing that is done for shoppers. Responses are `utter_do_<kind>_<step>`."""

    kind: ClassVar[str]
    role: ClassVar[str] = "aftersales"
    """Whose task it becomes where the shop's system fails."""
    own_refusals: ClassVar[frozenset[str]] = frozenset()
    """Codes told by `utter_do_<kind>_refused_<code>`; the others by `utter_doing_refused_<code>`."""
    _known: ClassVar[dict[str, Undertaking]] = {}

    def __init_subclass__(cls) -> None:
        """Every kind is found by its name."""
        if "kind" in cls.__dict__:
            Undertaking._known[cls.kind] = cls()

    @staticmethod
    def of(kind: str) -> Undertaking:
        """The undertaking of a kind."""
        return Undertaking._known[kind]

    async def take(self, asked: Asked, args: Facts, asks: str | None) -> Facts:
        """`args` with what the message brings; `asks` is what was asked for. Plain JSON values only."""
        return args

    def becomes(self, asked: Asked, args: Facts) -> Undertaking:
        """The undertaking that it is by what has been told since: another one for few."""
        return self

    def claims(self, asked: Asked) -> bool:
        """Whether a message understood as a no, or as another request, corrects what was restated."""
        return says(asked.text, "corrects")

    async def missing(self, asked: Asked, args: Facts) -> str | None:
        """What has to be asked for next; None where all is there."""
        return None

    async def question(self, asked: Asked, asks: str, args: Facts) -> Facts:
        """Facts for the response that asks for it, `utter_do_<kind>_ask_<asks>`."""
        return {}

    @abstractmethod
    async def wish(self, asked: Asked, args: Facts) -> Wish:
        """What exactly is to be done."""

    def variant(self, result: Facts) -> str:
        """Which wording of restatement and result fits, as the end of its name: `_unpaid`."""
        return ""

    async def told(self, asked: Asked, wish: Wish, result: Facts) -> Facts:
        """Facts of restatement and result: what the shop said, the order as it is commonly called."""
        order = await asked.session.access_order(order_of(wish)) if order_of(wish) else None
        return {**result, **(asked.named(order) if order else {})}

    def task(self, asked: Asked, wish: Wish, receipt: Receipt) -> Task | None:
        """What is left for a person to do after it; nothing for most."""
        return None

    async def refused(self, asked: Asked, wish: Wish, refusal: Refused) -> None:
        """Say why not, and what else there is; codes of `own_refusals` have words of their own."""
        facts = await self.told(asked, wish, refusal.facts)
        of = f"do_{self.kind}" if refusal.code in self.own_refusals else "doing"
        gone = refusal.code == SOLD_OUT and not facts.get("stock")
        name = "utter_doing_none_left" if gone else f"utter_{of}_refused_{refusal.code}"
        asked.say(name, **{"what": self.kind, **facts})


async def begin(asked: Asked, doing: type[Undertaking], others: Sequence[Facts] = (), **args: Any) -> None:
    """Begin to do something, in the place of whatever was under way; the message may tell more of it.

    `others` are orders that might be meant instead, as buttons. Of several orders one comes after the other.
    """
    undertaking, way = Undertaking.of(doing.kind), under_way(asked)
    second = "" if doing.kind in UNDOING else otherwise(asked.text)
    known = {**args, **({OTHERWISE: second} if second else {})}
    if way is not None and begun_by_this_message(asked) and not says(asked.text, "self_corrects"):
        return await _queue(asked, undertaking, way, known)
    if way is not None and kept_now(asked) and way.args.get("order_id") != known.get("order_id"):
        row = [undertaking.kind, await undertaking.take(asked, known, None)]
        return _keep(asked, replace(way, then=[*way.then, row]))
    given = await undertaking.take(asked, known, None)
    if way is not None and (way.kind, way.args, way.asks) == (doing.kind, given, None) and says_yes(asked):
        return await _redeem(asked, undertaking, way)
    return await _advance(asked, undertaking, given, others=others)


async def also(asked: Asked, doing: type[Undertaking], **args: Any) -> None:
    """Begin what the message wants as well, or keep it until its turn comes."""
    way = under_way(asked)
    if way is None or not kept_now(asked):
        return await begin(asked, doing, **args)
    return await _queue(asked, Undertaking.of(doing.kind), way, args)


async def _queue(asked: Asked, undertaking: Undertaking, way: UnderWay, known: Facts) -> None:
    """Keep for later what a message wants beside what it began.

    Two requests of one kind are one thing to do; of a first wish and one in its place only the first is.
    """
    kinds = {way.kind, *(kind for kind, _ in way.then)}
    undone = {way.kind, undertaking.kind} <= UNDOING and way.args.get("order_id") == known.get("order_id")
    if undertaking.kind not in kinds and not undone and not otherwise(asked.text) and not way.offered:
        row = [undertaking.kind, await undertaking.take(asked, known, None)]
        _keep(asked, replace(way, then=[*way.then, row]))


async def offer(asked: Asked, doing: type[Undertaking], **args: Any) -> None:
    """Offer what the shopper did not ask for in so many words; nothing where it would be refused.

    What an earlier request of the same message has begun goes before.
    """
    if begun_by_this_message(asked):
        return
    undertaking = Undertaking.of(doing.kind)
    try:
        await asked.session.preview(await undertaking.wish(asked, args))
    except Refused:
        return
    await _advance(asked, undertaking, args)
    if (way := under_way(asked)) is not None:
        _keep(asked, replace(way, offered=True))


async def stand_by(asked: Asked, doing: type[Undertaking], **args: Any) -> None:
    """Keep ready what was only asked about: a yes or what is missing goes on with it, all else drops it."""
    undertaking = Undertaking.of(doing.kind)
    given = await undertaking.take(asked, args, None)
    asks = await undertaking.missing(asked, given)
    if asks is not None:
        _keep(asked, UnderWay(doing.kind, given, asks, offered=True))


def wait_for_order(asked: Asked, doing: type[Undertaking]) -> None:
    """Keep what was wanted of an order whose number was none: the number that comes next is for it."""
    _keep(asked, UnderWay(doing.kind, {}, ORDER, offered=True))


async def went_on(asked: Asked) -> bool:
    """Whether the message was for what is under way, and was answered."""
    way = under_way(asked)
    pressed = asked.entity(YES_TO)
    if way is None:
        if pressed:
            asked.say("utter_doing_stale")
        return bool(pressed)
    if begun_by_this_message(asked):
        return False
    if asked.topic == PERSON:
        _drop(asked)
        return False
    return await (_answered(asked, way) if way.asks is None else _filled(asked, way))


def remind(asked: Asked) -> None:
    """After something else was answered: ask again for what is open, once; then it is dropped."""
    way = under_way(asked)
    if way is None or kept_now(asked) or begun_by_this_message(asked):
        return
    if way.offered:
        _drop(asked)
        return
    if way.tries + 1 >= MOST_TRIES:
        _drop(asked)
        asked.say("utter_doing_left", what=way.kind)
        return
    _keep(asked, replace(way, tries=way.tries + 1))
    asked.say("utter_doing_still" if way.asks is None else "utter_doing_still_asks", **_yes(way))


def drops(asked: Asked, kinds: Collection[str]) -> bool:
    """Whether one of these kinds was under way; it is dropped then, and that is told."""
    way = under_way(asked)
    if way is None or way.kind not in kinds:
        return False
    _drop(asked)
    asked.say("utter_doing_dropped", what=way.kind)
    return True


async def _next(asked: Asked, way: UnderWay) -> None:
    """Go on with what the same message wanted as well."""
    if way.then:
        (kind, args), *rest = way.then
        await _advance(asked, Undertaking.of(kind), args, then=rest)


async def _advance(
    asked: Asked,
    undertaking: Undertaking,
    args: Facts,
    tries: int = 0,
    others: Sequence[Facts] = (),
    then: Sequence[list[Any]] = (),
) -> None:
    """Ask for what is missing, or restate the whole and wait for a yes."""
    undertaking = undertaking.becomes(asked, args)
    asks = await undertaking.missing(asked, args)
    if asks is not None:
        facts = await undertaking.question(asked, asks, args)
        if asks in GONE and args.get(OTHERWISE):
            asked.say("utter_doing_gone", what=undertaking.kind, **facts)
            return await _instead(asked, undertaking.kind, args)
        _keep(asked, UnderWay(undertaking.kind, args, asks, tries=tries, then=[*then]))
        return asked.say(f"utter_do_{undertaking.kind}_ask_{asks}", **facts)
    wish = await undertaking.wish(asked, args)
    try:
        tried = await asked.session.preview(wish)
    except Refused as refusal:
        _drop(asked)
        await undertaking.refused(asked, wish, refusal)
        return await _instead(asked, undertaking.kind, args)
    number = int(asked.tracker.get_slot(COUNT) or 0) + 1
    until = (asked.session.now + LIVES).isoformat()
    asked.keep(COUNT, number)
    way = UnderWay(undertaking.kind, args, None, number, until, tries, then=[*then])
    _keep(asked, way)
    facts = await undertaking.told(asked, wish, tried.result)
    name = f"utter_do_{undertaking.kind}_restate{undertaking.variant(tried.result)}"
    rows = [{**row, "intent": asked.topic, "entity": "order_id", "value": row["order_id"]} for row in others]
    return asked.say(name, **{**facts, **_yes(way), "buttons_for": [*_yes(way)["buttons_for"], *rows]})


async def _instead(asked: Asked, kind: str, args: Facts) -> None:
    """Go on with what was wanted where this cannot be, if that was told."""
    order = await asked.session.access_order(str(args.get("order_id", "")))
    other = instead(kind, args, order, asked.policy)
    if other is not None:
        undertaking = Undertaking.of(other[0])
        await _advance(asked, undertaking, await undertaking.take(asked, other[1], None))


async def _filled(asked: Asked, way: UnderWay) -> bool:
    """Whether the message brought what was asked for, gave up, or missed the point."""
    undertaking = Undertaking.of(way.kind)
    refuses = says(asked.text, "gives_up") or says(asked.text, "says_no")
    given = way.args if refuses else await undertaking.take(asked, way.args, way.asks)
    if given != way.args:
        await _advance(asked, undertaking, given)
        return True
    if refuses or asked.intent == "deny":
        _drop(asked)
        if way.offered:
            return False
        asked.say("utter_doing_dropped", what=way.kind)
        return True
    if asked.intent not in UNSURE or way.asks == ORDER:
        return False
    if way.tries + 1 >= MOST_TRIES:
        _drop(asked)
        asked.say("utter_doing_left", what=way.kind)
    else:
        await _advance(asked, undertaking, way.args, way.tries + 1)
    return True


async def _answered(asked: Asked, way: UnderWay) -> bool:
    """Whether the message says yes or no to the restatement, corrects it, or says neither."""
    undertaking = Undertaking.of(way.kind)
    match answer_to(asked, way):
        case Answer.YES:
            await _redeem(asked, undertaking, way)
        case Answer.NO | Answer.OTHER if (
            undertaking.claims(asked) and (given := await _taken(asked, way)) != way.args
        ):
            await _advance(asked, undertaking, given)
        case Answer.NO | Answer.OTHER if undertaking.claims(asked) and asked.entity(*CORRECTED):
            await _advance(asked, undertaking, way.args)
        case Answer.NO if says(asked.text, "not_this"):
            return _looks_anew(asked)
        case Answer.NO:
            _drop(asked)
            asked.keep("wish", None)
            asked.say("utter_doing_dropped", what=way.kind)
            if other := instead_of(asked, way.kind):
                asked.keep("order_id", way.args.get("order_id"))
                asked.follow(f"action_{other}")
            await _next(asked, way)
        case Answer.STALE:
            asked.say("utter_doing_stale")
            await _advance(asked, undertaking, way.args)
        case Answer.UNCLEAR if (given := await _taken(asked, way)) != way.args:
            await _advance(asked, undertaking, given)
        case Answer.UNCLEAR if asked.product_names or asked.names_number:
            return _looks_anew(asked)
        case Answer.UNCLEAR:
            remind(asked)
        case Answer.OTHER:
            return False
    return True


async def _taken(asked: Asked, way: UnderWay) -> Facts:
    """What is known with what a message behind the restatement brings."""
    return await Undertaking.of(way.kind).take(asked, way.args, None)


def _looks_anew(asked: Asked) -> bool:
    """Another order or other goods are meant: what was wanted is begun anew with them, if named."""
    _drop(asked)
    named = asked.product_names or asked.names_number
    if not named or asked.order_wish is None:
        return False
    asked.keep("order_id", None)
    asked.follow(f"action_{asked.order_wish}")
    return True


async def _redeem(asked: Asked, undertaking: Undertaking, way: UnderWay) -> None:
    """Do what was restated, once; say what came of it."""
    if datetime.fromisoformat(way.until) < asked.session.now:
        asked.say("utter_doing_expired", what=way.kind)
        return await _advance(asked, undertaking, way.args)
    wish = await undertaking.wish(asked, way.args)
    key = write_key(asked.tracker.sender_id, way.number, wish)
    try:
        receipt = await asked.session.do(wish, key)
    except Refused as refusal:
        _drop(asked)
        return await undertaking.refused(asked, wish, refusal)
    except ShopDown:
        return say_down(asked, undertaking.role, wish, key)
    _drop(asked)
    asked.keep("wish", None)  # a number that comes next is for something else
    if receipt.order_id:
        asked.keep("order_id", receipt.order_id)
    await _say_done(asked, undertaking, wish, receipt)
    return await _next(asked, way)


async def _say_done(asked: Asked, undertaking: Undertaking, wish: Wish, receipt: Receipt) -> None:
    facts = await undertaking.told(asked, wish, receipt.result)
    task = undertaking.task(asked, wish, receipt)
    if task is not None:
        asked.session.tasks.append(task)
        facts = {**facts, "task_key": task.key[:8], "due": task.due.isoformat()}
    asked.say(f"utter_do_{undertaking.kind}_done{undertaking.variant(receipt.result)}", **facts)


def _yes(way: UnderWay) -> Facts:
    """What is under way, and what its yes and no buttons are made of."""
    pair = (("yes", "affirm"), ("no", "deny"))
    row = {"state": "", "entity": YES_TO, "value": str(way.number)}
    return {"what": way.kind, "buttons_for": [{"title": t, "intent": i, **row} for t, i in pair]}


def _keep(asked: Asked, way: UnderWay) -> None:
    """Keep it; what was to come after it still is."""
    before = under_way(asked)
    if before is not None and before.kind == way.kind and not way.then:
        way = replace(way, then=before.then)
    asked.keep(SLOT, asdict(way))


def _drop(asked: Asked) -> None:
    asked.keep(SLOT, None)
