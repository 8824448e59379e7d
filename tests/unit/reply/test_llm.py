"""The model is asked within a deadline and a budget; every way to fail has a name, and none a stack trace."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.reply.failures import ADVICE, FAILURES, REST, LlmFailed
from bot.reply.llm import Llm
from bot.reply.usage import TOTAL, Bill, Budget, Tokens, Usage
from bot.settings import load
from tests.llm_double import (
    LlmDouble,
    cut_off,
    empty,
    endless,
    garbage,
    html,
    huge,
    llm_double,
    says,
    slow,
    status,
)

DAY = date(2026, 11, 22)
BILL = Bill("c1", DAY)
ASK = [{"role": "user", "content": "改写：您好"}]


@pytest.fixture
def double() -> Iterator[LlmDouble]:
    with llm_double() as opened:
        yield opened


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/access.sqlite3"


@asynccontextmanager
async def opened(double: LlmDouble, url: str, clock: Any = time.monotonic, **more: str) -> AsyncIterator[Llm]:
    settings = load({**double.settings(), **more})
    llm = Llm(settings, Usage(url, Budget.of(settings)), clock)
    try:
        yield llm
    finally:
        await llm.close()


async def reason(llm: Llm, deadline: float = 8.0) -> str:
    with pytest.raises(LlmFailed) as failed:
        await llm.complete(ASK, deadline=deadline, bill=BILL)
    return failed.value.reason


async def test_a_good_answer_is_its_text(double: LlmDouble, url: str) -> None:
    double.enqueue(says("您好呀"))
    async with opened(double, url) as llm:
        assert await llm.complete(ASK, deadline=8, bill=BILL) == "您好呀"
    assert double.history[0]["messages"] == ASK


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        (status(500), "server"),
        (status(400), "refused"),
        (status(429, retry_after="30"), "busy"),
        (status(429, retry_after="Wed, 21 Oct 2026 07:28:00 GMT"), "busy"),
        (cut_off(), "cut"),
        (html(), "garbage"),
        (garbage(), "garbage"),
        (empty(), "empty"),
        (huge(), "huge"),
    ],
)
async def test_every_failure_has_its_name(double: LlmDouble, url: str, act: Any, expected: str) -> None:
    double.enqueue(act, act)
    async with opened(double, url) as llm:
        assert await reason(llm) == expected


@pytest.mark.parametrize("act", [slow(), endless()])
async def test_a_model_without_an_end_is_given_up_at_the_deadline(
    double: LlmDouble, url: str, act: Any
) -> None:
    """The deadline holds for all of it, also while bytes keep coming."""
    double.enqueue(act)
    async with opened(double, url) as llm:
        started = time.monotonic()
        assert await reason(llm, deadline=1.2) == "slow"
        assert 1.0 < time.monotonic() - started < 5


async def test_a_wrong_key_and_an_unknown_model_are_told_apart(double: LlmDouble, url: str) -> None:
    async with opened(double, url, XIAOER_LLM_API_KEY="wrong") as llm:
        assert await reason(llm) == "key"
    async with opened(double, url, XIAOER_LLM_MODEL="gpt-17") as llm:
        assert await reason(llm) == "model"


async def test_the_key_of_another_program_is_never_sent(
    double: LlmDouble, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """OPENAI_API_KEY belongs to somebody else; without a key of ours none is given."""
    monkeypatch.setenv("OPENAI_API_KEY", "right-key")
    async with opened(double, url, XIAOER_LLM_API_KEY="") as llm:
        assert await reason(llm) == "key"


async def test_a_model_that_is_down_is_unreachable(double: LlmDouble, url: str) -> None:
    async with opened(double, url) as llm:
        double.close()
        assert await reason(llm) == "unreachable"


@pytest.mark.parametrize("act", [status(500), status(429), cut_off(), empty(), garbage()])
async def test_a_failure_that_may_pass_is_tried_once_more(double: LlmDouble, url: str, act: Any) -> None:
    double.enqueue(act, says("好的"))
    async with opened(double, url) as llm:
        assert await llm.complete(ASK, deadline=8, bill=BILL) == "好的"


async def test_a_refused_key_is_not_tried_again(double: LlmDouble, url: str) -> None:
    double.enqueue(status(401))
    async with opened(double, url) as llm:
        assert await reason(llm) == "key"
    assert len(double.history) == 1


async def test_an_answer_cut_by_the_token_limit_is_no_answer(double: LlmDouble, url: str) -> None:
    from tests.llm_double import Act

    double.enqueue(Act("好的亲，您的", finish="length"))
    async with opened(double, url) as llm:
        assert await reason(llm) == "long"


async def test_a_schema_is_passed_on(double: LlmDouble, url: str) -> None:
    double.enqueue(says('{"intent": "a"}'))
    async with opened(double, url) as llm:
        await llm.complete(ASK, deadline=8, bill=BILL, schema={"type": "object"})
    assert double.history[0]["response_format"]["json_schema"]["schema"] == {"type": "object"}


async def test_other_work_goes_on_while_the_model_is_awaited(double: LlmDouble, url: str) -> None:
    """The loop is never blocked: a ticker beside the call keeps its pace."""
    double.enqueue(slow(0.5, "好"))
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.01)
            ticks += 1

    async with opened(double, url) as llm:
        ticker = asyncio.create_task(tick())
        await llm.complete(ASK, deadline=8, bill=BILL)
        ticker.cancel()
    assert ticks >= 10


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


async def test_a_model_that_keeps_failing_is_left_alone_and_tried_again(double: LlmDouble, url: str) -> None:
    clock = Clock()
    double.enqueue(*[status(401)] * FAILURES)
    async with opened(double, url, clock) as llm:
        assert [await reason(llm) for _ in range(FAILURES)] == ["key"] * FAILURES
        assert await reason(llm) == "resting"
        assert len(double.history) == FAILURES
        clock.now += REST + 1
        double.enqueue(status(401), says("好了"))
        assert await reason(llm) == "key"
        assert await reason(llm) == "resting"
        clock.now += REST + 1
        assert await llm.complete(ASK, deadline=8, bill=BILL) == "好了"
        assert await llm.complete(*_faithful(double), deadline=8, bill=BILL) == "好"


def _faithful(double: LlmDouble) -> tuple[Any]:
    double.enqueue(says("好"))
    return (ASK,)


async def test_after_a_rest_only_one_call_tries(double: LlmDouble, url: str) -> None:
    """A herd of waiting turns would hang together on a model that hangs."""
    clock = Clock()
    double.enqueue(*[status(401)] * FAILURES, slow(0.3, "好"))
    async with opened(double, url, clock) as llm:
        for _ in range(FAILURES):
            await reason(llm)
        clock.now += REST + 1
        calls = [llm.complete(ASK, deadline=8, bill=BILL) for _ in range(5)]
        answers = await asyncio.gather(*calls, return_exceptions=True)
    assert sum(answer == "好" for answer in answers) == 1
    assert len(double.history) == FAILURES + 1


async def test_each_kind_of_failure_is_one_line_in_the_log(
    double: LlmDouble, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A line says what is wrong and what to do; it does not come with every message."""
    clock = Clock()
    double.otherwise = status(401)
    with caplog.at_level(logging.INFO):
        async with opened(double, url, clock) as llm:
            for _ in range(20):
                await reason(llm)
    lines = [record.getMessage() for record in caplog.records if record.name == "bot.reply.llm"]
    assert len(lines) == 2
    assert "XIAOER_LLM_API_KEY" in lines[0]
    assert "left alone" in lines[1]
    assert "您好" not in caplog.text


async def test_a_call_without_time_is_not_made_nor_held_against_the_model(
    double: LlmDouble, url: str
) -> None:
    async with opened(double, url) as llm:
        assert [await reason(llm, deadline=0.2) for _ in range(5)] == ["late"] * 5
        assert not llm.resting
    assert double.history == []


async def test_the_days_tokens_are_a_limit_over_all_processes(double: LlmDouble, url: str) -> None:
    double.otherwise = says("好")
    first, second = (opened(double, url, XIAOER_LLM_DAILY_TOKENS="1000") for _ in range(2))
    async with first as one, second as two:
        answered, refused = 0, set[str]()
        for llm in (one, two) * 10:
            try:
                await llm.complete(ASK, deadline=8, bill=BILL)
                answered += 1
                await asyncio.gather(*llm._settling)
            except LlmFailed as failed:
                refused.add(failed.reason)
        assert 1 <= answered < 10
        assert refused == {"budget"}
    usage = Usage(url, Budget())
    total = usage.of(Bill(TOTAL, DAY))
    assert total.tokens_in + total.tokens_out == 120 * answered <= 1000
    usage.close()


async def test_the_days_money_is_a_limit_and_begins_anew_each_day(double: LlmDouble, url: str) -> None:
    double.otherwise = says("好")
    prices = {"XIAOER_LLM_PRICE_IN": "2", "XIAOER_LLM_PRICE_OUT": "8", "XIAOER_LLM_DAILY_MONEY": "0.004"}
    async with opened(double, url, **prices) as llm:
        await llm.complete(ASK, deadline=8, bill=BILL)
        await asyncio.gather(*llm._settling)
        await llm.complete(ASK, deadline=8, bill=BILL)
        await asyncio.gather(*llm._settling)
        await llm.complete(ASK, deadline=8, bill=BILL)
        await asyncio.gather(*llm._settling)
        assert await reason(llm) == "budget"
        assert not llm.resting
        await llm.complete(ASK, deadline=8, bill=Bill("c1", date(2026, 11, 23)))


async def test_usage_is_kept_by_conversation_and_outlives_the_process(double: LlmDouble, url: str) -> None:
    double.otherwise = says("好")
    async with opened(double, url) as llm:
        await llm.complete(ASK, deadline=8, bill=BILL)
        await llm.complete(ASK, deadline=8, bill=Bill("c2", DAY))
        await llm.complete(ASK, deadline=8, bill=Bill("c2", DAY))
    usage = Usage(url, Budget())
    used = [usage.of(Bill(name, DAY)) for name in ("c1", "c2", TOTAL)]
    assert [(u.calls, u.tokens_in, u.tokens_out) for u in used] == [(1, 100, 20), (2, 200, 40), (3, 300, 60)]
    usage.close()


async def test_a_failure_that_nobody_charges_for_costs_nothing(double: LlmDouble, url: str) -> None:
    double.otherwise = status(500)
    async with opened(double, url) as llm:
        assert await reason(llm) == "server"
    usage = Usage(url, Budget())
    used = usage.of(BILL)
    assert (used.calls, used.tokens_in, used.tokens_out) == (1, 0, 0)
    usage.close()


def test_reservations_of_many_threads_never_pass_the_limit(url: str) -> None:
    """What is reserved at once by all processes stays within the budget."""
    from concurrent.futures import ThreadPoolExecutor

    usages = [Usage(url, Budget(tokens=1000)) for _ in range(4)]
    with ThreadPoolExecutor(8) as threads:
        granted = list(threads.map(lambda at: usages[at % 4].reserve(BILL, Tokens(60, 40)), range(40)))
    assert sum(granted) == 10
    for usage in usages:
        usage.close()


def test_old_days_are_dropped(url: str) -> None:
    usage = Usage(url, Budget())
    old = Bill("c1", date(2026, 1, 1))
    usage.reserve(old, Tokens(1, 1))
    usage.reserve(BILL, Tokens(1, 1))
    assert usage.of(BILL).calls == 1
    assert usage.of(old).calls == 0
    usage.close()


async def test_without_its_books_the_model_is_not_asked(double: LlmDouble, tmp_path: Path) -> None:
    """What cannot be counted cannot be kept within a budget."""
    async with opened(double, f"sqlite:///{tmp_path}/absent/access.sqlite3") as llm:
        assert await reason(llm) == "uncounted"
    assert double.history == []


async def test_a_stream_comes_piece_by_piece(double: LlmDouble, url: str) -> None:
    double.enqueue(says("您好，很高兴为您服务"))
    async with opened(double, url) as llm:
        pieces = [piece async for piece in llm.stream(ASK, deadline=8, bill=BILL)]
    assert len(pieces) > 1
    assert "".join(pieces) == "您好，很高兴为您服务"


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        (cut_off(), "cut"),
        (status(500), "server"),
        (empty(), "empty"),
        (huge(400_000), "huge"),
        (html(), "cut"),
    ],
)
async def test_a_stream_that_goes_wrong_says_why(
    double: LlmDouble, url: str, act: Any, expected: str
) -> None:
    double.enqueue(act)
    async with opened(double, url) as llm:
        with pytest.raises(LlmFailed) as failed:
            async for _ in llm.stream(ASK, deadline=8, bill=BILL):
                pass
    assert failed.value.reason == expected


def test_every_reason_tells_the_owner_something() -> None:
    assert all(len(advice) > 10 and "\n" not in advice for advice in ADVICE.values())
