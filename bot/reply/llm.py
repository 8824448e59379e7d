"""A language model behind any OpenAI-compatible endpoint: an answer in time, or a named reason why not.

`openai` is imported when an Llm is made, so a shop without a model never loads it.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from time import monotonic
from typing import Any, TypeVar
from urllib.parse import urlsplit

from bot.errors import NotConfigured, ShopDown
from bot.reply.failures import FREE, MOST_BYTES, MOST_TOKENS, OURS, PASSING, SECONDS, Breaker, LlmFailed
from bot.reply.usage import Bill, Tokens, Usage
from bot.settings import LOOPBACK, Settings

Json = dict[str, Any]
Messages = Sequence[dict[str, str]]
T = TypeVar("T")
logger = logging.getLogger(__name__)

CONNECT = 2.0
"""Seconds within which an endpoint that is up takes a connection."""
WORTH = 1.0
"""Seconds below which it is not worth asking."""
TOLD_EVERY = 600.0
"""Seconds between two log lines of one kind."""


@dataclass(frozen=True)
class Answer:
    """What was said and, where the endpoint tells, what it took."""

    text: str
    tokens: Tokens | None


class Llm:
    """One model for one process. Close it when done."""

    def __init__(self, settings: Settings, usage: Usage, clock: Callable[[], float] = monotonic) -> None:
        """Raises NotConfigured without an endpoint and a model's name."""
        if not settings.llm_on:
            raise NotConfigured("no language model: set XIAOER_LLM_BASE_URL and XIAOER_LLM_MODEL")
        self.model = settings.llm_model
        self.counts: Counter[str] = Counter()
        """Since the start: `asked`, `answered`, and each reason of failure."""
        self._usage = usage
        self._clock = clock
        self._breaker = Breaker(clock)
        self._told: dict[str, float] = {}
        self._settling: set[asyncio.Task[None]] = set()
        self._client = _client(settings)

    @property
    def resting(self) -> bool:
        """Whether the model is left alone after failures."""
        return self._breaker.open

    async def complete(
        self,
        messages: Messages,
        *,
        deadline: float,
        bill: Bill,
        schema: Json | None = None,
        most_tokens: int = MOST_TOKENS,
    ) -> str:
        """The model's whole answer, within `deadline` seconds at most; `schema` asks for JSON of that form.

        Raises LlmFailed. One failure that may pass is tried again within the same deadline.
        """
        request = {**self._request(messages, most_tokens), **_format(schema)}
        most = Tokens(_estimate(messages), most_tokens)
        until = self._clock() + min(deadline, SECONDS)
        try:
            self._check(until)
            await _within(self._reserve(bill, most), until - self._clock(), "uncounted")
            answer = await self._paid(request, until, bill, most)
        except LlmFailed as failure:
            self._failed(failure, judged=deadline >= SECONDS / 2)
            raise
        self._breaker.note(good=True)
        self.counts["answered"] += 1
        return answer.text

    async def stream(self, messages: Messages, *, deadline: float, bill: Bill) -> AsyncGenerator[str, None]:
        """The model's answer piece by piece, for a reader who judges it; raises LlmFailed, perhaps midway.

        Nothing is tried again: what was shown cannot be taken back.
        """
        most = Tokens(_estimate(messages), MOST_TOKENS)
        until = self._clock() + min(deadline, SECONDS)
        said = 0
        try:
            self._check(until)
            await _within(self._reserve(bill, most), until - self._clock(), "uncounted")
            async with aclosing(self._pieces(self._request(messages, MOST_TOKENS), until)) as pieces:
                async for piece in pieces:
                    said += len(piece)
                    yield piece
            if not said:
                raise LlmFailed("empty")
        except LlmFailed as failure:
            if failure.reason in FREE:
                self._settle(bill, most, Tokens(0, 0))
            self._failed(failure, judged=True)
            raise
        self._breaker.note(good=True)
        self.counts["answered"] += 1
        self._settle(bill, most, Tokens(most.sent, min(2 * said, MOST_TOKENS)))

    async def check(self) -> None:
        """Ask one question off the books, to see whether the model answers; raises LlmFailed."""
        request = self._request([{"role": "user", "content": "请只回答：在的"}], 16)
        until = self._clock() + SECONDS
        try:
            await _within(self._ask(request, until), SECONDS, "slow")
        except LlmFailed as failure:
            if failure.reason != "long":  # a model that thinks aloud is cut here, and answers none the less
                raise

    async def close(self) -> None:
        """Finish counting, let go of connections."""
        await asyncio.gather(*self._settling, return_exceptions=True)
        await self._client.close()
        self._usage.close()

    def _request(self, messages: Messages, most_tokens: int) -> Json:
        return {
            "model": self.model,
            "messages": list(messages),
            "max_tokens": most_tokens,
            "temperature": 0.3,
        }

    def _check(self, until: float) -> None:
        if until - self._clock() < WORTH:
            raise LlmFailed("late")
        if not self._breaker.may_ask():
            raise LlmFailed("resting")
        self.counts["asked"] += 1

    async def _reserve(self, bill: Bill, most: Tokens) -> None:
        try:
            granted = await asyncio.to_thread(self._usage.reserve, bill, most)
        except ShopDown as error:
            raise LlmFailed("uncounted") from error
        if not granted:
            raise LlmFailed("budget")

    async def _paid(self, request: Json, until: float, bill: Bill, most: Tokens) -> Answer:
        spent = most
        try:
            answer = await _within(self._tried_twice(request, until), until - self._clock(), "slow")
            spent = answer.tokens or most
        except LlmFailed as failure:
            spent = Tokens(0, 0) if failure.reason in FREE else most
            raise
        finally:
            self._settle(bill, most, spent)
        return answer

    async def _tried_twice(self, request: Json, until: float) -> Answer:
        try:
            return await self._ask(request, until)
        except LlmFailed as failure:
            if failure.reason not in PASSING or until - self._clock() - failure.pause < WORTH:
                raise
            await asyncio.sleep(failure.pause)
        return await self._ask(request, until)

    async def _ask(self, request: Json, until: float) -> Answer:
        create = self._client.chat.completions.with_streaming_response.create
        try:
            async with create(**request, timeout=self._timeout(until)) as response:
                return _read(await _body(response))
        except LlmFailed:
            raise
        except Exception as error:  # the transport's own errors come through a body half read
            raise _failure(error) from error

    async def _pieces(self, request: Json, until: float) -> AsyncGenerator[str, None]:
        try:
            opened = self._client.chat.completions.create(
                **request, stream=True, timeout=self._timeout(until)
            )
            chunks = await _within(opened, until - self._clock(), "slow")
            left, finish = MOST_BYTES, None
            async with chunks:
                while True:
                    chunk = await _within(anext(chunks, None), until - self._clock(), "slow")
                    if chunk is None:
                        break
                    if not chunk.choices:
                        continue
                    piece = chunk.choices[0].delta.content or ""
                    finish = chunk.choices[0].finish_reason or finish
                    left -= len(piece.encode())
                    if left < 0:
                        raise LlmFailed("huge")
                    if piece:
                        yield piece
                if finish != "stop":
                    raise LlmFailed("long" if finish == "length" else "cut")
        except LlmFailed:
            raise
        except Exception as error:  # see _ask
            raise _failure(error) from error

    def _timeout(self, until: float) -> Any:
        import openai

        return openai.Timeout(max(until - self._clock(), 0.1), connect=CONNECT)

    def _settle(self, bill: Bill, most: Tokens, spent: Tokens) -> None:
        """In the background: a shopper does not wait for the books."""

        async def settle() -> None:
            try:
                await asyncio.to_thread(self._usage.settle, bill, most, spent)
            except ShopDown:
                logger.warning("a call of the language model stays counted with the most it may cost")

        task = asyncio.create_task(settle())
        self._settling.add(task)
        task.add_done_callback(self._settling.discard)

    def _failed(self, failure: LlmFailed, *, judged: bool) -> None:
        """Count it, hold it against the model unless it had little time, and tell once in a while."""
        self.counts[failure.reason] += 1
        if failure.reason not in OURS and (judged or failure.reason != "slow"):
            self._breaker.note(good=False)
        last = self._told.get(failure.reason)
        if last is None or self._clock() - last >= TOLD_EVERY:
            self._told[failure.reason] = self._clock()
            logger.warning("%s; replies come from templates meanwhile", failure)


def _client(settings: Settings) -> Any:
    import openai

    for name in ("openai", "httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)  # below that they print what is sent
    local = urlsplit(settings.llm_base_url).hostname in LOOPBACK
    return openai.AsyncOpenAI(
        base_url=settings.llm_base_url,
        api_key=settings.llm_api_key or "none",  # not OPENAI_API_KEY of the environment: it is another shop's
        max_retries=0,
        http_client=openai.DefaultAsyncHttpxClient(trust_env=not local),
    )


async def _within(work: Awaitable[T], seconds: float, reason: str) -> T:
    try:
        return await asyncio.wait_for(work, max(seconds, 0))
    except asyncio.TimeoutError as error:
        raise LlmFailed(reason) from error


async def _body(response: Any) -> bytes:
    raw = bytearray()
    async for chunk in response.iter_bytes():
        raw += chunk
        if len(raw) > MOST_BYTES:
            raise LlmFailed("huge")
    return bytes(raw)


def _read(raw: bytes) -> Answer:
    try:
        answer = json.loads(raw)
        choice = answer["choices"][0]
        text = choice["message"]["content"] or ""
        used = answer.get("usage") or {}
        tokens = Tokens(int(used["prompt_tokens"]), int(used["completion_tokens"])) if used else None
        if not isinstance(text, str):
            raise TypeError
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        raise LlmFailed("garbage") from error
    if choice.get("finish_reason") == "length":
        raise LlmFailed("long")
    if not text.strip():
        raise LlmFailed("empty")
    return Answer(text, tokens)


def _failure(error: Exception) -> LlmFailed:
    """The reason behind an error of the client's."""
    import openai

    match error:
        case openai.APIStatusError():
            return _by_status(error)
        case openai.APITimeoutError():
            return LlmFailed("slow" if "connect" not in _cause(error) else "unreachable")
        case openai.APIConnectionError():
            return LlmFailed(
                "cut" if "protocol" in _cause(error) or "read" in _cause(error) else "unreachable"
            )
        case openai.APIError() | ValueError() | AttributeError() | TypeError():
            return LlmFailed("garbage")
    return LlmFailed("slow" if "timeout" in type(error).__name__.lower() else "cut")


def _cause(error: BaseException) -> str:
    return type(error.__cause__).__name__.lower()


def _by_status(error: Any) -> LlmFailed:
    status = error.status_code
    if status in {401, 403}:
        return LlmFailed("key")
    if status == 404 or getattr(error, "code", None) == "model_not_found":
        return LlmFailed("model")
    if status == 429:
        return LlmFailed("busy", _pause(error.response.headers.get("retry-after")))
    return LlmFailed("server" if status >= 500 else "refused")


def _pause(text: str | None) -> float:
    """Seconds of a Retry-After; a date, which is always too far off, counts as a minute."""
    if not text:
        return 0.5
    try:
        return max(float(text), 0.0)
    except ValueError:
        return 60.0


def _format(schema: Json | None) -> Json:
    if schema is None:
        return {}
    named = {"name": "answer", "schema": schema, "strict": True}
    return {"response_format": {"type": "json_schema", "json_schema": named}}


def _estimate(messages: Messages) -> int:
    """An upper bound of a prompt's tokens: a Chinese character, three bytes, takes at most one and a half."""
    return sum(len(message["content"].encode()) // 2 + 8 for message in messages)
