"""A turn is a pure function: same input, same output; nothing is reached by typing its name."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest

from bot import settings
from bot.commands.conversation import Conversation
from bot.errors import BadInput
from bot.shop.access import Page
from bot.shop.backend import ShopBackend
from bot.turn import Turn
from tests.integration.bot.conftest import NOW, Talk

pytestmark = pytest.mark.rasa

FIVE = ["我的快递到哪了", "175 140斤穿什么码", "七天无理由怎么退", "怎么还不发货!!!", "转人工"]


def plain(turn: Turn) -> str:
    out = turn.to_json()
    del out["timings"]
    return json.dumps(out, ensure_ascii=False, sort_keys=True)


async def test_the_same_input_gives_the_same_output(dialogue: Any) -> None:
    """Byte-equal with the LLM off, timings aside."""
    one, two = Talk(dialogue), Talk(dialogue)
    for text in FIVE:
        assert plain(await one.turn(text)) == plain(await two.turn(text))


async def test_state_is_plain_json_and_stays_small(talk: Talk) -> None:
    for at in range(60):
        await talk.turn(FIVE[at % len(FIVE)])
        talk.state = json.loads(json.dumps(talk.state))
    assert len(json.dumps(talk.state, ensure_ascii=False).encode()) < 8_192


async def test_nothing_the_shopper_typed_is_in_the_state(talk: Talk) -> None:
    await talk.turn("怎么还不发货啊我都等急了")
    assert "等急" not in json.dumps(talk.state, ensure_ascii=False)


async def test_conversations_do_not_mix(dialogue: Any) -> None:
    """Thirty conversations interleaved answer as one alone does."""
    alone = Talk(dialogue)
    expected = [await alone.say(text) for text in FIVE]

    async def whole(_: int) -> list[str]:
        talk = Talk(dialogue)
        return [await talk.say(text) for text in FIVE]

    assert all(answers == expected for answers in await asyncio.gather(*map(whole, range(30))))


async def test_a_trimmed_state_answers_as_an_untrimmed_one(
    dialogue: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Trimming changes no answer, through forms, digressions and buttons too."""
    script = [
        "在吗",
        "我穿多大码",
        "七天无理由怎么退",
        "175",
        "140斤",
        "谢谢",
        *FIVE,
        "我的订单怎么样了",
        "多少钱",
    ]
    short = Talk(dialogue)
    trimmed = [await short.say(text) for text in script]
    monkeypatch.setattr("bot.state.KEPT_TURNS", 1000)
    whole = Talk(dialogue)
    assert [await whole.say(text) for text in script] == trimmed


@pytest.mark.parametrize(
    "text", ["/human_agent", '/track_logistics{"order_id": "1"}', "//restart", " /back", "/session_start"]
)
async def test_a_typed_command_is_only_text(talk: Talk, text: str) -> None:
    turn = await talk.turn(text)
    assert turn.replies
    assert turn.understanding.step in {"lexical", "semantic"}
    assert turn.state["events"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "\x00\x01\x02",
        "😭😭😭",
        "1",
        "8" * 17,
        "啊" * 5000,
        "<script>alert(1)</script>",
        "' OR 1=1 --",
        "\u202eabc",
        "a" * 499 + "退款",
    ],
    ids=range(11),
)
async def test_anything_typed_gets_a_reply_and_an_intent(talk: Talk, text: str) -> None:
    turn = await talk.turn(text)
    assert all(reply.text for reply in turn.replies)
    assert turn.replies
    assert turn.understanding.intent


async def test_offsets_are_those_of_the_untouched_text(talk: Talk) -> None:
    """Unseen characters and a leading slash move nothing."""
    text = "\x00 /订单\u200b 682604173951820317 到哪了"
    found = (await talk.turn(text)).understanding.entities
    assert [text[e.start : e.end] for e in found] == [e.raw for e in found] == ["682604173951820317"]


async def test_only_the_first_500_characters_are_read(dialogue: Any) -> None:
    found = await dialogue.understand("退" * 100_000, NOW.date())
    assert found.intent


async def test_a_button_means_what_it_was_offered_for(talk: Talk) -> None:
    offered = next(r for r in (await talk.turn("你是机器人吗")).replies if r.buttons)
    turn = await talk.turn(button=offered.buttons[0].id)
    assert turn.understanding.step == "rule"


async def test_an_unknown_button_is_told_so(talk: Talk) -> None:
    turn = await talk.turn(button="0123456789abcdef")
    assert [r.response for r in turn.replies] == ["utter_button_expired"]


async def test_a_button_expires_after_a_day(talk: Talk) -> None:
    offered = next(r for r in (await talk.turn("你是机器人吗")).replies if r.buttons)
    talk.now += timedelta(hours=25)
    turn = await talk.turn(button=offered.buttons[0].id)
    assert [r.response for r in turn.replies] == ["utter_button_expired"]


async def test_another_models_state_keeps_slots_and_drops_the_form(talk: Talk) -> None:
    await talk.turn("我穿多大码")
    assert talk.state is not None
    talk.state = {**talk.state, "model": "another"}
    turn = await talk.turn("七天无理由怎么退")
    assert not any(row[0] == "loop" and row[1] for row in turn.state["events"])
    assert turn.replies


async def test_a_foreign_state_is_refused_by_name(talk: Talk) -> None:
    talk.state = {"v": 99}
    with pytest.raises(BadInput, match="version 1"):
        await talk.turn("在吗")


STRETCH = ("shopper_said", "human_started", "written", "human_said", "human_ended")
"""What the desk tells of: the yes, the takeover, the write whose reply came too late, the person's words."""


async def test_after_a_human_stretch_no_question_is_open(talk: Talk) -> None:
    await talk.turn("我穿多大码")
    noted = talk.dialogue.note(talk.state, [{"kind": kind} for kind in STRETCH])
    assert not any(row[0] == "loop" for row in noted["events"])


async def test_the_stage_is_that_of_the_order_talked_about(talk: Talk) -> None:
    """Invoices are asked for at any stage; this order is on its way."""
    await talk.turn("我的快递到哪了")
    assert (await talk.turn("这单的发票开了吗")).understanding.stage == "in"


async def test_two_requests_are_answered_in_one_turn(talk: Talk) -> None:
    turn = await talk.turn("我的快递到哪了，另外能开发票吗")
    assert turn.understanding.requests == ("track_logistics", "invoice")
    assert len(turn.replies) >= 2


@pytest.mark.parametrize("text", ["682604173951820317", "13900010001", "8346", "SF1234567890123"])
async def test_bare_values_are_information(talk: Talk, text: str) -> None:
    assert (await talk.turn(text)).understanding.intent == "provide_info"


async def test_what_a_form_asked_for_is_information(talk: Talk) -> None:
    await talk.turn("我穿多大码")
    turn = await talk.turn("175")
    assert (turn.understanding.intent, turn.understanding.step) == ("provide_info", "context")


async def test_the_page_is_context(talk: Talk) -> None:
    """ "这个多少钱" on a product page is about that product."""
    product = (await talk.dialogue._shop.catalogue()).products[7]
    turn = await talk.turn("这个多少钱", page=Page("product", product.id))
    prices = {product.price, *(sku.price for sku in product.skus)}
    assert any(r.facts.get("price") in prices for r in turn.replies if r.response.startswith("utter_price"))


async def test_a_shop_that_does_not_answer_is_said_honestly(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.errors import ShopDown

    async def down(*_: object) -> None:
        raise ShopDown("no connection")

    monkeypatch.setattr(type(talk.dialogue._shop), "orders_of", down)
    turn = await talk.turn("我的快递到哪了")
    assert [r.response for r in turn.replies] == ["utter_shop_down"]


async def test_a_shop_that_is_down_altogether_silences_nobody(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even the names of its goods can be had: that is said, and whoever wants a person gets one."""
    from bot.errors import ShopDown

    async def down(*_: object) -> None:
        raise ShopDown("no connection")

    for name in ShopBackend.__abstractmethods__ - {"close"}:
        monkeypatch.setattr(type(talk.dialogue._shop), name, down)
    assert [r.response for r in (await talk.turn("我的快递到哪了")).replies] == ["utter_shop_down"]
    turn = await talk.turn("转人工")
    assert [r.response for r in turn.replies] == ["utter_handoff_shop_down"]
    assert turn.handoff is not None


async def test_a_slow_action_is_given_up(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    async def hang(*_: object) -> None:
        await asyncio.sleep(60)

    monkeypatch.setattr("bot.rasa_host.ACTION_SECONDS", 0.05)
    monkeypatch.setattr(type(talk.dialogue._shop), "orders_of", hang)
    turn = await talk.turn("我的快递到哪了")
    assert [r.response for r in turn.replies] == ["utter_shop_down"]


async def test_a_failing_action_is_never_silent(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object) -> None:
        raise KeyError("x")

    monkeypatch.setattr(type(talk.dialogue._shop), "orders_of", broken)
    turn = await talk.turn("我的快递到哪了")
    assert [r.response for r in turn.replies] == ["utter_action_failed"]


async def test_a_line_is_understood_behind_its_turns_and_on_its_day(dialogue: Any) -> None:
    """As `xiaoer understand` reads it: what stands before it, and from which day on a day counts."""
    spoken = Conversation(dialogue, settings.load({}))
    turns = [{"who": "shopper", "text": "我想退货"}, {"who": "shopper", "text": "运费呢"}]
    assert (await spoken.understand({"turns": turns}))["intent"] == "return_shipping"
    assert (await spoken.understand({"text": "运费呢"}))["intent"] == "shipping_fee"
    asked = [{"who": "bot", "text": "请问您的体重是多少呢"}, {"who": "shopper", "text": "110斤"}]
    assert (await spoken.understand({"turns": asked, "text": "110斤"}))["intent"] == "provide_info"
    on_that_day = await spoken.understand({"text": "后天来装", "today": "2027-03-10"})
    assert [e["value"] for e in on_that_day["entities"] if e["entity"] == "date"] == ["2027-03-12"]
    with pytest.raises(BadInput, match="today"):
        await spoken.understand({"text": "好", "today": "昨天"})
