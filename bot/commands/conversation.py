"""One conversation with the dialogue in this process: which shop, who speaks, what time it is."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from bot.bootstrap import open_dialogue
from bot.commands.shop import holds_demo
from bot.errors import BadInput
from bot.settings import Settings, load
from bot.shop.access import Identity
from bot.shop.adapters import is_foreign, open_shop
from bot.shop.backend import ShopBackend
from bot.shop.demo import load_demo
from bot.shop.memory import MemoryShop
from bot.shop.portable import ShopData, read_file
from bot.shop.sql import SqlShop
from bot.shop.tries import TriesHere
from bot.transcript import SHOPPER, read_said
from bot.turn import Context, Json, Turn, read_incoming

if TYPE_CHECKING:
    from bot.dialogue import Dialogue

ANONYMOUS, FIRST = "anonymous", "demo"


@dataclass
class Conversation:
    """Keeps the state between turns; ids are counted, so that the same input gives the same output."""

    dialogue: Dialogue
    settings: Settings
    shopper: Identity | None = None
    _state: Json | None = field(default=None, init=False)
    _turns: int = field(default=0, init=False)

    async def say(self, raw: Mapping[str, Any]) -> Turn:
        """One turn of `{"text"}` or `{"button"}`, with `page` if given; raises BadInput naming the field."""
        now = self.settings.now()
        incoming = replace(read_incoming({**raw, "id": f"m{self._turns + 1}"}), at=now)
        context = Context("talk", now, self.shopper, client="", style=self.settings.style, channel="talk")
        turn = await self.dialogue.turn(self._state, incoming, context)
        self._turns += 1
        self._state = turn.state
        return turn

    async def understand(self, raw: Mapping[str, Any]) -> Json:
        """What `{"text"}` means, on the day `today` and behind `turns` where given; raises BadInput.

        The last turn is the message itself; it may be left out of `turns`, or be given as `text` too.
        """
        before, text = read_said(raw.get("turns")), raw.get("text")
        if before and before[-1].who == SHOPPER and text in (None, before[-1].text):
            before, text = before[:-1], before[-1].text
        if not isinstance(text, str):
            came = f"却是 {text!r}" if "text" in raw else "却没有 text"
            raise BadInput(f'应为 {{"text": "…"}},{came}')
        found = await self.dialogue.understand(text, self._day(raw.get("today")), before)
        return dict(found.to_json())

    def _day(self, today: Any) -> date:
        """The line's own day, else the shop's; raises BadInput for what is no date."""
        if today is None:
            return self.settings.now().date()
        try:
            return datetime.fromisoformat(today).date()
        except (TypeError, ValueError):
            raise BadInput(f"today 应为 2026-11-21 这样的日期,却是 {today!r:.40}") from None


@asynccontextmanager
async def conversation(speaker: str, shop: str = "", today: str = "") -> AsyncIterator[Conversation]:
    """A conversation of `speaker` (an id, "demo": the first shopper, "anonymous") with a shop (FILE, URL)."""
    settings = load({**os.environ, "XIAOER_TODAY": today} if today else None)
    backend, all_rows = _open(settings, shop)
    try:
        shopper = await _identity(backend, speaker, all_rows)
        dialogue = await open_dialogue(settings, backend, TriesHere())
        yield Conversation(dialogue, settings, shopper)
        await dialogue.close()
    finally:
        await backend.close()


def _open(settings: Settings, shop: str) -> tuple[ShopBackend, Callable[[], ShopData]]:
    """The shop, and how to get at all its rows."""
    if not shop and settings.demo and holds_demo(settings):
        return _in_memory(load_demo(settings.now().date()))  # dated for this clock, not for the stored day
    if shop and "://" not in shop:
        return _in_memory(read_file(shop))
    url = shop or settings.shop_url
    if is_foreign(url, settings.shop_map):
        return open_shop(url, settings.shop_api_key, settings.shop_map), ShopData  # nobody lists its shoppers
    database = SqlShop(url)
    return database, database.read_all


def _in_memory(data: ShopData) -> tuple[ShopBackend, Callable[[], ShopData]]:
    return MemoryShop(data), lambda: data


async def _identity(backend: ShopBackend, speaker: str, all_rows: Callable[[], ShopData]) -> Identity | None:
    if speaker == ANONYMOUS:
        return None
    found = await backend.shopper(speaker)
    if found is None and speaker == FIRST:
        found = next(iter((await asyncio.to_thread(all_rows)).shoppers), None)
    if found is None:
        raise BadInput(
            f"--as: 没有编号为 {speaker} 的买家;xiaoer shop export - 列出编号,anonymous 表示未登录"
        )
    return Identity(found.id, found.name)
