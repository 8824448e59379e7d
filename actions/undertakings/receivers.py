"""Where an order goes: what a message says of a receiver, a phone and an address."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from actions.finding import heard
from actions.undertaking import Facts, Undertaking
from bot.places import is_street, read_place
from bot.shop.models import Address
from bot.shop.wishes import ChangeAddress, Wish, order_of

if TYPE_CHECKING:
    from actions.session import Asked

PARTICLES = re.compile(r"(?:[啊呀哈哦噢呗呢哟嘛啦嘞]|(?<![网酒书水氧茶])吧)+$")
"""What ends a sentence, and is no part of an address or a remark."""
_NUMBER = re.compile(r"\d+号")
MOST_SAVED = 3
"""So many of the shopper's addresses are offered as buttons."""
PLACE = ("province", "city", "district", "street")
PARTS = ("receiver", "phone", *PLACE)
KNOWN = 5
"""So many characters of a saved address's street, a number among them, mean that address."""
_HOUSE = re.compile(r"[\dA-Za-z\-号栋幢座楼层室单元]")
"""What goes on with a street's number: a house of its own."""


class DoChangeAddress(Undertaking):
    """An order goes elsewhere, to somebody else, or under another phone."""

    kind = "change_address"
    role = "packing"
    own_refusals = frozenset({"undeliverable", "same", "too_often"})

    async def take(self, asked: Asked, args: Facts, asks: str | None) -> Facts:
        """A saved address whole; else whatever the message says of receiver, phone and place."""
        saved = next((a for a in await _saved(asked) if a.id == asked.entity("address_id")), None)
        if saved is not None:
            return {**args, **{part: getattr(saved, part) for part in PARTS}}
        said = said_receiver(asked, asks)
        known = _known_place(asked.typed, await _saved(asked)) if "city" not in said else None
        place = {part: getattr(known, part) for part in PLACE} if known else {}
        return {**args, **await self._with_number(asked, args), **said, **place}

    def claims(self, asked: Asked) -> bool:
        """A number of a house, too."""
        return super().claims(asked) or bool(heard(asked.typed, "house_number"))

    @staticmethod
    async def _with_number(asked: Asked, args: Facts) -> Facts:
        """门牌是18号: the street as it is known, with that number."""
        number, order = heard(asked.typed, "house_number"), await asked.session.access_order(args["order_id"])
        street = args.get("street") or (order.address.street if order else "")
        return {"street": _NUMBER.sub(number, street, count=1)} if number and street else {}

    async def missing(self, asked: Asked, args: Facts) -> str | None:
        """Something new at all; of a new city the street as well."""
        if not any(part in args for part in PARTS):
            return "where"
        return "street" if "city" in args and not is_street(args.get("street", "")) else None

    async def question(self, asked: Asked, asks: str, args: Facts) -> Facts:
        """Where it goes now, and the shopper's other addresses."""
        order = await asked.session.access_order(args["order_id"])
        if order is None:
            return {}
        others = [a for a in await _saved(asked) if not same_place(a, order.address)][:MOST_SAVED]
        rows = [{"address_id": a.id, "title": f"{a.receiver} {a.district}{a.street}"} for a in others]
        return {
            **asked.named(order),
            "region": order.address.region,
            "saved": rows,
            "city": args.get("city", ""),
        }

    async def wish(self, asked: Asked, args: Facts) -> Wish:
        """The order's address with what is new; a new place is not mixed with the old one."""
        order = await asked.session.access_order(args["order_id"])
        old = order.address if order else Address("A", "", "", "", "", "", "")
        return ChangeAddress(args["order_id"], merged(old, args))

    async def told(self, asked: Asked, wish: Wish, result: Facts) -> Facts:
        """With where it was to go until now."""
        order = await asked.session.access_order(order_of(wish))
        return {**await super().told(asked, wish, result), "from": order.address.region if order else ""}


def said_receiver(asked: Asked, asks: str | None) -> Facts:
    """What a message says of receiver, phone and place; an answer may be the end of a place alone."""
    text, found = asked.typed, {}
    if phones := asked.entities("phone"):
        found["phone"] = phones[-1]
    if name := heard(text, "receiver"):
        found["receiver"] = name
    place = read_place(text)
    if place is not None:
        found |= {part: _bare(value) for part, value in vars(place).items() if value}
        if place.city:
            found.setdefault("district", "")
    elif street := _street_alone(text, asks):
        found["street"] = _bare(street)
    return found


def _known_place(text: str, saved: Sequence[Address]) -> Address | None:
    """The shopper's own address that a message names by a part of its street: 改到锦峰路158号那个."""
    for address in saved:
        run = SequenceMatcher(None, text, address.street, autojunk=False).find_longest_match()
        named = text[run.a : run.a + run.size]
        more = _HOUSE.match(text, run.a + run.size) is not None
        if run.size >= KNOWN and any(ch.isdigit() for ch in named) and not more:
            return address
    return None


def _bare(text: str) -> str:
    """What is told without the particle that ends it: 临园路18号啊."""
    return PARTICLES.sub("", text)


def merged(old: Address, new: Facts) -> Address:
    """The old address with what is new: whoever names a city means none of the old district or street."""
    kept = {part: getattr(old, part) for part in PARTS}
    if new.get("city"):
        kept |= {"province": "", "district": "", "street": ""}
    return Address(id=old.id, default=old.default, **{**kept, **{p: new[p] for p in PARTS if p in new}})


def same_place(one: Address, other: Address) -> bool:
    """Whether two addresses are one, whatever their ids."""
    return all(getattr(one, part) == getattr(other, part) for part in PARTS)


def _street_alone(text: str, asks: str | None) -> str:
    """A road or house without its city: what comes behind 改到, or the whole answer to a question."""
    said = heard(text, "new_street") or (text.strip() if asks in ("where", "street") else "")
    return said if is_street(said) else ""


async def _saved(asked: Asked) -> tuple[Address, ...]:
    shopper = await asked.session.access_shopper()
    return shopper.addresses if shopper else ()
