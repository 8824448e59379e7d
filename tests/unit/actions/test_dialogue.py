"""The talk around requests, the question when unsure, and the wordings of all that is asked before buying."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.talk import (
    ActionAffirm,
    ActionAskWhich,
    ActionChitchat,
    ActionDeny,
    ActionGreet,
    ActionOutOfScope,
    ActionThanksBye,
    ActionUrgeReply,
    day_part,
)
from bot.reply.display import slots_of
from bot.shop.access import Page
from tests.unit.actions.presale_shop import NOW, SHIRT, ask, on

DATA = Path(__file__).resolve().parents[3] / "data"
USER, ASKED = {"event": "user"}, {"event": "action", "name": "action_ask_which"}
LISTEN = {"event": "action", "name": "action_listen"}


@pytest.mark.parametrize(
    ("hour", "part"),
    [(0, "night"), (6, "morning"), (12, "noon"), (14, "afternoon"), (19, "evening"), (23, "night")],
)
def test_the_greeting_follows_the_clock(hour: int, part: str) -> None:
    """The shop's own time of day."""
    assert day_part(NOW.replace(hour=hour)) == part


async def test_a_signed_in_shopper_is_greeted_by_name() -> None:
    """The name comes from the session, never from a slot."""
    assert (await ask(ActionGreet(), "在吗", signed_in=True)).facts["shopper"] == "李雷"
    assert (await ask(ActionGreet(), "在吗")).names == ["utter_greet"]


async def test_suggestions_fit_the_page() -> None:
    """Sizes on a product's page, parcels on an order's."""
    assert (await ask(ActionGreet(), "在吗", page=on(SHIRT))).titles()[0] == "size_advice"
    assert (await ask(ActionGreet(), "在吗", page=Page("order", order_id="O1"))).titles()[
        0
    ] == "track_logistics"


async def test_who_pushes_after_an_answer_hears_it_again() -> None:
    """查到没有啊 is not asked what to look up."""
    before = [
        {"event": "user", "parse_data": {"intent": {"name": name}}} for name in ("invoice", "urge_reply")
    ]
    answer = await ask(ActionUrgeReply(), "查到没有啊", slots={"wish": "invoice"}, events=before)
    assert (answer.names, answer.next) == (["utter_urge_again"], ["action_invoice"])
    later = [{"event": "user", "parse_data": {"intent": {"name": name}}} for name in ("greet", "urge_reply")]
    assert (await ask(ActionUrgeReply(), "人呢", slots={"wish": "invoice"}, events=later)).names == [
        "utter_urge_here"
    ]


async def test_bad_news_is_no_joke() -> None:
    """我刚失恋了."""
    assert (await ask(ActionChitchat(), "我刚失恋了")).names == ["utter_chitchat_sad"]
    assert (await ask(ActionChitchat(), "今天天气真好")).names == ["utter_chitchat"]


@pytest.mark.parametrize(
    ("action", "name"),
    [
        (ActionThanksBye(), "thanks_bye"),
        (ActionAffirm(), "affirm"),
        (ActionDeny(), "deny"),
        (ActionChitchat(), "chitchat"),
    ],
)
async def test_talk_with_nothing_open_is_answered_gently(action: Any, name: str) -> None:
    """A yes to nothing is no error."""
    assert (await ask(action, "好的")).names == [f"utter_{name}"]


@pytest.mark.parametrize("action", [ActionChitchat(), ActionAffirm(), ActionGreet()])
async def test_anger_is_met_with_an_apology_not_with_cheer(action: Any) -> None:
    """呵呵 in anger is no joke: sorry, what went wrong, and a person; the open question again."""
    answer = await ask(action, "呵呵", mood="angry", loop="size_form")
    assert (answer.names, answer.next) == (["utter_soothe"], ["size_form"])


async def test_being_pushed_repeats_the_open_question() -> None:
    """人呢 in a form: here, and the question again."""
    answer = await ask(ActionUrgeReply(), "人呢", loop="size_form")
    assert (answer.names, answer.next) == (["utter_urge_open"], ["size_form"])
    assert (await ask(ActionUrgeReply(), "人呢")).names == ["utter_urge_here"]


async def test_out_of_scope_says_what_there_is_instead() -> None:
    """No dead end."""
    assert len((await ask(ActionOutOfScope(), "订酒店")).facts["choices"]) == 4


async def test_unsure_offers_the_likeliest_intents() -> None:
    """Three at most, the fallback itself never."""
    ranking = ["nlu_fallback", "stock_query", "price_promo", "bargain", "review"]
    answer = await ask(ActionAskWhich(), "这个咋样", intent="nlu_fallback", ranking=ranking, events=[USER])
    assert (answer.names, answer.titles()) == (["utter_ask_which"], ["stock_query", "price_promo", "bargain"])


async def test_one_guess_is_offered_beside_what_is_usually_asked() -> None:
    """One candidate is no choice, talk is no request."""
    answer = await ask(ActionAskWhich(), "#", ranking=["nlu_fallback", "affirm", "review"], events=[USER])
    assert answer.titles() == ["review", "track_logistics"]
    assert (await ask(ActionAskWhich(), "#", ranking=["deny"], events=[USER])).names == [
        "utter_ask_which_any"
    ]


async def test_what_is_hardly_likely_is_not_offered() -> None:
    """Three emoji resemble nothing: what is usually asked on such a page instead."""
    said = ActionAskWhich()
    answer = await ask(
        said, "👍", ranking=["review", "invoice"], events=[USER], confidence=0.01, page=on(SHIRT)
    )
    assert (answer.names, answer.titles()[0]) == (["utter_ask_which_any"], "size_advice")


async def test_unsure_within_a_form_keeps_to_its_question_once() -> None:
    """The form asks again by itself; the second time it is left, and a person offered."""
    once = await ask(ActionAskWhich(), "啊", loop="size_form", events=[USER])
    assert once.names == ["utter_ask_which_open"]
    twice = await ask(ActionAskWhich(), "啊", loop="size_form", events=[USER, ASKED, LISTEN, USER])
    assert (twice.names, twice.next) == (["utter_ask_which_again"], ["action_listen"])
    assert {"event": "active_loop", "name": None, "timestamp": None} in twice.events


async def test_unsure_twice_in_a_row_offers_a_person() -> None:
    """Asked again only after an answer in between."""
    ranking = ["stock_query", "bargain"]
    twice = await ask(ActionAskWhich(), "啊", ranking=ranking, events=[USER, ASKED, LISTEN, USER])
    assert twice.names == ["utter_ask_which_again"]
    apart = await ask(
        ActionAskWhich(), "啊", ranking=ranking, events=[USER, ASKED, LISTEN, USER, LISTEN, USER]
    )
    assert apart.names == ["utter_ask_which"]


def responses() -> list[tuple[str, list[dict[str, Any]]]]:
    """All wordings before buying and around requests."""
    files = [
        yaml.safe_load((DATA / "responses" / f"{t}.yml").read_text("utf-8"))
        for t in ("products", "buying", "dialogue")
    ]
    return [(name, wordings) for file in files for name, wordings in file["responses"].items()]


@pytest.mark.parametrize(("name", "wordings"), responses())
def test_wordings_use_declared_facts_and_all_essential_ones(
    name: str, wordings: list[dict[str, Any]]
) -> None:
    """A slot that is not declared would be empty; an essential fact left out is a lie by omission."""
    declared = wordings[0].get("metadata") or {}
    facts = declared.get("facts") or {}
    assert {declared.get("card"), (declared.get("choices") or {}).get("from")} - {None} <= set(facts)
    for wording in wordings:
        used = set(slots_of(wording["text"]))
        assert used <= set(facts)
        assert set(declared.get("essential") or []) <= used


@pytest.mark.parametrize(("name", "wordings"), responses())
def test_wordings_keep_the_service_norms(name: str, wordings: list[dict[str, Any]]) -> None:
    """No superlatives that the advertising law forbids, none of the phrases that service forbids."""
    forbidden = ("最好", "最低", "第一名", "绝对", "100%", "我不能", "我不会", "但是", "不是我")
    assert not [word for wording in wordings for word in forbidden if word in wording["text"]]


@pytest.mark.parametrize(("name", "wordings"), responses())
def test_payloads_of_choices_are_well_formed(name: str, wordings: list[dict[str, Any]]) -> None:
    """`/intent{json}` once the row is filled in."""
    choices = (wordings[0].get("metadata") or {}).get("choices")
    if choices:
        row = dict.fromkeys(("title", "intent", "product_id", "product", "size", "faq", "sku_id"), "x") | {
            "data": ""
        }
        head, brace, rest = choices["payload"].format_map(row).partition("{")
        assert head == "/x"
        assert not brace or json.loads(brace + rest)


def test_every_intent_has_a_spoken_name() -> None:
    """Buttons show labels, never codes."""
    labels = yaml.safe_load((DATA / "responses" / "labels.yml").read_text("utf-8"))["intent"]
    domain = yaml.safe_load((DATA.parent / "domain.yml").read_text("utf-8"))
    assert set(labels) == set(domain["intents"]) - {"nlu_fallback"}
