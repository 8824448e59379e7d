"""Frequent questions are answered word for word, and where nothing is found the shopper is led on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from actions import knowledge
from bot.knowledge.files import FOLDER, FaqFiles
from bot.settings import ROOT, load
from bot.turn import Turn
from tests.integration.bot.conftest import Talk
from tests.llm_double import Act, LlmDouble, llm_double, says, slow

pytestmark = pytest.mark.rasa

ANSWERS = {entry.id: entry.answer for entry in FaqFiles(FOLDER).entries()}
SHRINKS = "纯棉的洗了会不会缩水啊"


@pytest.fixture
def double() -> Iterator[LlmDouble]:
    with llm_double() as opened:
        yield opened


@asynccontextmanager
async def answering(dialogue: Any, double: LlmDouble, folder: Path, on: str = "1") -> AsyncIterator[None]:
    """A model that may answer from quoted lines, and reword nothing else."""
    from bot.reply.display import read_labels
    from bot.reply.draft import open_model

    more = {"XIAOER_LLM_KNOWLEDGE": on, "XIAOER_LLM_DRAFT": "0"}
    settings = load({**double.settings(), "XIAOER_ACCESS_URL": f"sqlite:///{folder}/access.sqlite3", **more})
    model = open_model(settings, read_labels(ROOT / "data/responses/labels.yml"))
    assert model is not None
    dialogue.reword_with(model.drafter)
    try:
        yield
    finally:
        dialogue.reword_with(None)
        await model.close()


def faq(turn: Turn) -> Any:
    """The one reply, which has to be of the FAQ."""
    (reply,) = turn.replies
    assert reply.response == "utter_faq"
    return reply


@pytest.mark.parametrize(
    ("asked", "entry"),
    [
        (SHRINKS, "cotton_shrinks"),
        ("莫代尔是什么面料", "modal"),
        ("316的比304好在哪里", "steel"),
        ("开封后的零食怎么保存", "snack_opened"),
        ("你们有实体店吗", "offline_store"),
    ],
)
async def test_a_frequent_question_is_answered_word_for_word(stranger: Talk, asked: str, entry: str) -> None:
    """Without any model; manners may stand around the answer, nothing stands in it."""
    reply = faq(await stranger.turn(asked))
    assert ANSWERS[entry] in reply.text
    assert reply.facts["answer"] == ANSWERS[entry]


async def test_what_a_product_states_goes_before_the_faq(stranger: Talk) -> None:
    """A general 声音大不大 is answered by the product that the page shows."""
    from bot.shop.access import Page

    turn = await stranger.turn("声音大不大", page=Page("product", "P033"))
    assert turn.replies[0].response != "utter_faq"
    assert turn.replies[0].facts["title"]


async def test_nothing_found_is_said_and_leads_to_titles_or_a_person(stranger: Talk) -> None:
    """The title that is pressed gives its answer."""
    turn = await stranger.turn("我想加盟开一家实体店")
    (reply,) = turn.replies
    assert reply.response == "utter_knowledge_none"
    titles = [button.title for button in reply.buttons]
    assert "你们有实体店吗" in titles
    assert "转人工" in titles
    assert len(titles) <= 4
    pressed = next(button.id for button in reply.buttons if button.title == "你们有实体店吗")
    assert ANSWERS["offline_store"] in faq(await stranger.turn(button=pressed)).text


async def test_what_is_like_no_title_still_has_a_way_on(stranger: Talk) -> None:
    (reply,) = (await stranger.turn("帮我写一首关于月亮的诗")).replies
    assert reply.buttons


async def test_the_shops_own_answer_goes_before_ours(
    stranger: Talk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "faq").mkdir()
    own = "modal: {title: 莫代尔是什么面料, answer: 我们家的莫代尔来自榉木。}"
    (tmp_path / "faq/own.yml").write_text(own, encoding="utf-8")
    monkeypatch.setenv("XIAOER_HOME", str(tmp_path))
    knowledge.shelf.cache_clear()
    try:
        assert "我们家的莫代尔来自榉木。" in faq(await stranger.turn("莫代尔是什么面料")).text
    finally:
        knowledge.shelf.cache_clear()


async def test_a_faulty_file_of_the_shops_leaves_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "faq").mkdir()
    (tmp_path / "faq/own.yml").write_text("modal: {titel: 甲}", encoding="utf-8")
    monkeypatch.setenv("XIAOER_HOME", str(tmp_path))
    knowledge.shelf.cache_clear()
    try:
        assert set(knowledge.shelf().entries) == set(ANSWERS)
    finally:
        knowledge.shelf.cache_clear()


async def test_a_faithful_short_answer_is_sent(dialogue: Any, double: LlmDouble, tmp_path: Path) -> None:
    """The model sees the retrieved lines, and its answer goes out where the guard finds nothing in it."""
    short = "亲，纯棉洗后会略有收缩，一般3%左右，出厂前都做过预缩~30℃以下水洗、不要高温烘干，晾时拉平就好。"
    double.otherwise = says(short)
    async with answering(dialogue, double, tmp_path):
        reply = faq(await Talk(dialogue, shopper=None).turn(SHRINKS))
    told = double.history[-1]["messages"][-1]["content"]
    assert ANSWERS["cotton_shrinks"] in told
    assert SHRINKS in told
    assert (reply.text, reply.worded_by, reply.checks) == (short, "llm", ())


def lying(request: dict[str, Any]) -> str:
    return ANSWERS["cotton_shrinks"].replace("3%", "1%").replace("30℃", "60℃")


def promising(request: dict[str, Any]) -> str:
    return ANSWERS["cotton_shrinks"] + "缩水了我们保证全额退款！"


@pytest.mark.parametrize("act", [lying, promising, "It will not shrink at all.", slow(30)])
async def test_a_model_that_lies_promises_or_hangs_leaves_the_line_itself(
    dialogue: Any,
    double: LlmDouble,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    act: Act | str | Callable[[dict[str, Any]], str],
) -> None:
    monkeypatch.setattr("bot.dialogue.SECONDS", 1.5)
    double.otherwise = act
    plain = faq(await Talk(dialogue, shopper=None).turn(SHRINKS))
    async with answering(dialogue, double, tmp_path):
        reply = faq(await Talk(dialogue, shopper=None).turn(SHRINKS))
    assert double.history
    assert (reply.text, reply.worded_by) == (plain.text, "template")
    assert reply.checks


async def test_lines_are_never_shown_to_a_model_that_may_not_answer(
    dialogue: Any, double: LlmDouble, tmp_path: Path
) -> None:
    """A shop's own words stay as they are, also where the model may reword templates."""
    async with answering(dialogue, double, tmp_path, on="0"):
        dialogue._processor.nlg.drafter.rewords = True
        reply = faq(await Talk(dialogue, shopper=None).turn(SHRINKS))
    assert not double.history
    assert ANSWERS["cotton_shrinks"] in reply.text
