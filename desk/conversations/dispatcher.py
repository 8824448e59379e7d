"""Claims conversations that are due, asks the bot, commits its turns. One in each desk process.

With the bot down, every shopper who waits is told once, the bot is asked for its health with growing pauses,
and once it is back all messages are answered in order: they have been due in the database all the time.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any, TypeVar

import structlog
from channels.layers import get_channel_layer
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import OperationalError, connection
from django.utils import timezone

from desk.conversations import turns
from desk.conversations.bot import Bot, BotDown, BotFailed, BotTurn
from desk.hints import BUS, DISPATCH

log = structlog.get_logger("desk.dispatcher")
T = TypeVar("T")
Json = dict[str, Any]
_PAUSES = (0.25, 0.5, 1.0, 2.0)
"""Seconds before each next look at a bot that is down; they begin anew with the first turn that succeeds."""


class Dispatcher:
    """`start` and `stop` within a running event loop. All database work goes through one thread, in order.

    `alone`: no other process answers, so whatever is claimed at the start was left by one that was killed.
    """

    def __init__(
        self,
        bot: Bot,
        *,
        style: str = "warm",
        concurrency: int = 8,
        poll_seconds: float = 1.0,
        alone: bool = False,
    ) -> None:
        self._bot = bot
        self._style = style
        self._poll = poll_seconds
        self._slots = concurrency
        self._alone = alone
        self._busy: set[asyncio.Task[None]] = set()
        self._leases: set[str] = set()
        self._background: list[asyncio.Task[None]] = []
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="dispatcher-db")
        self._down = False
        self._looks = 0
        self._stopping = False

    def start(self) -> None:
        """Begin to answer."""
        work = (self._run(), self._listen(), self._renew())
        self._background = [asyncio.create_task(part) for part in work]

    async def stop(self) -> None:
        """Stop; turns under way are given back at once, for another process or the next start."""
        self._stopping = True  # Python 3.10's wait_for may swallow a cancellation
        for task in [*self._background, *self._busy]:
            task.cancel()
        await asyncio.gather(*self._background, *self._busy, return_exceptions=True)
        await self._in_db(_close_connection)
        self._threads.shutdown()
        await self._bot.close()

    async def _in_db(self, work: Callable[..., T], *args: Any) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, _with_connection, work, *args)

    async def _listen(self) -> None:
        """Pass on other desk processes' hints; their loss costs at most one poll."""
        while not self._stopping:
            try:
                layer = get_channel_layer()
                channel = await layer.new_channel()
                await layer.group_add(DISPATCH, channel)
                while not self._stopping:
                    message = await layer.receive(channel)
                    if message["hint"].get("by") != BUS.name:
                        BUS.work.set()
            except Exception as e:  # Redis may be away in many ways; polling goes on
                log.warning("no hints from other processes", error=type(e).__name__)
                await asyncio.sleep(5)

    async def _run(self) -> None:
        while not self._stopping:
            BUS.work.clear()
            try:
                if self._alone:
                    await self._in_db(turns.free_all)
                    self._alone = False
                pause = await self._round()
            except DatabaseError as e:
                log.error("database", error=type(e).__name__)
                pause = self._poll
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(BUS.work.wait(), pause)

    async def _renew(self) -> None:
        """A lease is short, so that a killed process's soon runs out, and renewed while its turn is made."""
        while not self._stopping:
            await asyncio.sleep(settings.DESK["lease_seconds"] / 3)
            if self._leases:
                try:
                    await self._in_db(turns.renew, list(self._leases))
                except DatabaseError as e:
                    log.error("database", error=type(e).__name__)

    async def _round(self) -> float:
        """Claim as much as there are free slots; returns the seconds until the next look."""
        if self._down:
            await self._wait_for_bot()
        while len(self._busy) < self._slots and not self._down and not self._stopping:
            found = await self._in_db(turns.claim_or_next)
            if not isinstance(found, turns.Claim):
                return self._until(found)
            task = asyncio.create_task(self._answer(found))
            self._busy.add(task)
            task.add_done_callback(self._done)
        return self._poll

    def _done(self, task: asyncio.Task[None]) -> None:
        if len(self._busy) == self._slots:
            BUS.work.set()  # more may have been due than there were slots; else the hints tell
        self._busy.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("turn crashed", error=type(error).__name__)

    def _until(self, due: datetime | None) -> float:
        if due is None:
            return self._poll
        return min(self._poll, max(0.005, (due - timezone.now()).total_seconds()))

    async def _wait_for_bot(self) -> None:
        while not self._stopping:
            await self._in_db(turns.tell_down)
            look_at = self._loop_time() + _PAUSES[min(self._looks, len(_PAUSES) - 1)]
            self._looks += 1
            while (left := look_at - self._loop_time()) > 0:
                BUS.work.clear()
                with contextlib.suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(BUS.work.wait(), left)
                await self._in_db(turns.tell_down)
            if await self._bot.ready():
                break
        self._down = False
        log.info("bot is back")

    @staticmethod
    def _loop_time() -> float:
        return asyncio.get_running_loop().time()

    async def _answer(self, claim: turns.Claim) -> None:
        held = True
        self._leases.add(claim.lease)
        try:
            outcome = await self._attempt(claim)
            held = False
            log.info("turn", conversation=claim.public_id, upto=claim.merged.upto, outcome=outcome.value)
        except OperationalError as e:
            log.error("database", error=type(e).__name__)
            await asyncio.sleep(self._poll)
        finally:
            self._leases.discard(claim.lease)
            if held:
                await asyncio.shield(self._in_db(turns.release, claim))

    async def _attempt(self, claim: turns.Claim) -> turns.Outcome:
        try:
            turn = await self._ask(claim)
        except BotDown as e:
            return await self._bot_is_down(claim, str(e), counts=e.midway)
        except BotFailed as e:
            log.warning("turn failed", conversation=claim.public_id, upto=claim.merged.upto, why=str(e))
            if not await self._bot.ready():
                return await self._bot_is_down(claim, str(e), counts=True)
            return await self._in_db(turns.fail, claim, str(e))
        self._looks = 0
        return await self._commit(claim, turn)

    async def _commit(self, claim: turns.Claim, turn: BotTurn) -> turns.Outcome:
        try:
            return await self._in_db(turns.commit, claim, turn)
        except OperationalError:
            raise
        except (DatabaseError, ValueError, TypeError) as e:
            log.error("turn cannot be stored", conversation=claim.public_id, error=type(e).__name__)
            return await self._in_db(turns.fail, claim, "unstorable")

    async def _ask(self, claim: turns.Claim) -> BotTurn:
        state = claim.state
        if claim.note and state is not None:
            state = await self._bot.note(claim.public_id, state, list(claim.note))
        merged = claim.merged
        return await self._bot.turn(
            {
                "conversation": claim.public_id,
                "state": state,
                "incoming": {
                    "id": f"{claim.public_id}-{merged.upto}",
                    "text": merged.text,
                    "button": merged.button,
                    "page": merged.page,
                    "pictures": merged.pictures,
                    "at": timezone.localtime(merged.at).isoformat(),
                },
                "context": {
                    "shopper": claim.shopper,
                    "client": claim.client,
                    "now": claim.now.isoformat(),
                    "style": self._style,
                    "channel": "web",
                    "waiting": claim.waiting,
                },
            }
        )

    async def _bot_is_down(self, claim: turns.Claim, why: str, *, counts: bool) -> turns.Outcome:
        if not self._down:
            log.warning("bot is down", why=why)
        self._down = True
        return await self._in_db(lambda: turns.put_off(claim, counts=counts))


def _close_connection() -> None:
    connection.close()  # the one of the thread that runs this


def _with_connection(work: Callable[..., T], *args: Any) -> T:
    """Run in the dispatcher's thread, whose connection is kept; a broken one is dropped for the next call."""
    try:
        return work(*args)
    except DatabaseError:
        connection.close()
        raise
