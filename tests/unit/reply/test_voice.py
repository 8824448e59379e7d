"""Every wording in every style and mood: complete, inside the rules, never the same twice in a row."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.reply.lint import lint
from bot.reply.rehearsal import TODAY, rehearse, said
from bot.reply.style import FOLDER, read_styles
from bot.reply.voice import Occasion, dress, inquiry, part_of_day
from bot.reply.wording import choose

ROOT = Path(__file__).parents[3]
FILES = [path for path in sorted((ROOT / "data/responses").glob("*.yml")) if path.name != "labels.yml"]
RESPONSES: dict[str, list[dict[str, Any]]] = {
    name: wordings
    for path in FILES
    for name, wordings in yaml.safe_load(path.read_text(encoding="utf-8"))["responses"].items()
}
STYLES = read_styles(ROOT / FOLDER)
SORRY = ("抱歉", "对不起", "致歉", "道歉", "不好意思", "过意不去")
MOODS = st.sampled_from(["calm", "confused", "angry"])
NAMES = st.sampled_from(sorted(name for name in RESPONSES if not name.startswith("utter_task_")))
SEEDS = st.text(alphabet="0123456789abcdef", min_size=1, max_size=8)


def declared(name: str) -> dict[str, Any]:
    return RESPONSES[name][0].get("metadata") or {}


def occasion(seed: str, style: str = "warm", **more: Any) -> Occasion:
    return Occasion(seed, TODAY, style=STYLES.get(style), **more)


def test_every_template_keeps_the_rules_in_every_style_and_mood() -> None:
    """Wording, length and emoji, with facts filled in."""
    assert list(rehearse(ROOT / "data/responses", STYLES)) == []


@pytest.mark.parametrize("name", [name for name in RESPONSES if not name.startswith("utter_task_")])
def test_every_response_has_two_wordings_for_any_occasion(name: str) -> None:
    """A shopper who asks twice does not read the same line twice; tasks are read by people at the desk."""
    free = [w for w in RESPONSES[name] if "when" not in (w.get("metadata") or {})]
    assert len(free) >= 2
    assert len({w["text"] for w in RESPONSES[name]}) == len(RESPONSES[name])


@pytest.mark.parametrize("style", STYLES.by_name)
@pytest.mark.parametrize("name", RESPONSES)
def test_an_upset_shopper_hears_trouble_and_apology_before_anything_else(name: str, style: str) -> None:
    """And nothing playful: no soft ends, no emoji, no pet names."""
    spoken = STYLES.by_name[style]
    for wording in RESPONSES[name]:
        for mood, text in said(wording, declared(name), spoken):
            if mood != "angry":
                continue
            first = text.partition("。")[0]
            assert any(word in first for word in SORRY), text
            assert "~" not in text
            assert not spoken.front or not text.startswith(spoken.front)
            assert not any(sign in text for sign in spoken.signs)


@pytest.mark.parametrize("name", RESPONSES)
def test_a_neutral_template_does_not_apologise_by_itself(name: str) -> None:
    """What went wrong is declared as `trouble`, so that no reply says sorry twice."""
    for wording in RESPONSES[name]:
        if "mood" not in ((wording.get("metadata") or {}).get("when") or {}):
            assert not any(word in wording["text"] for word in ("抱歉", "对不起", "致歉", "道歉"))


@given(NAMES, SEEDS, MOODS, st.sampled_from(sorted(STYLES.by_name)))
def test_the_same_input_is_worded_alike(name: str, seed: str, mood: str, style: str) -> None:
    """No clock, no chance."""

    def word() -> str:
        at = occasion(seed, style, mood=mood, used={"utter_greet": 1})
        wording = RESPONSES[name][choose(name, RESPONSES[name], at)]
        return dress(wording["text"], wording, declared(name), at)

    assert word() == word()


@given(NAMES, st.lists(SEEDS, min_size=2, max_size=6), MOODS)
def test_never_the_same_wording_twice_in_a_row(name: str, seeds: list[str], mood: str) -> None:
    """Whatever the messages are."""
    used: dict[str, int] = {}
    chosen = [choose(name, RESPONSES[name], occasion(seed, mood=mood, used=used)) for seed in seeds]
    assert all(first != second for first, second in pairwise(chosen))


@given(NAMES, SEEDS, MOODS, st.integers(0, 23), st.booleans(), st.sampled_from(["pre", "in", "after", "any"]))
def test_every_slot_of_a_wording_survives_the_style(
    name: str, seed: str, mood: str, hour: int, loyal: bool, stage: str
) -> None:
    """A style adds words around facts and takes none away."""
    for style in STYLES.by_name:
        at = occasion(seed, style, mood=mood, hour=hour, loyal=loyal, stage=stage, first=loyal)
        wording = RESPONSES[name][choose(name, RESPONSES[name], at)]
        text = dress(wording["text"], wording, declared(name), at)
        assert [slot in text for slot in _slots(wording["text"])].count(False) == 0


def _slots(text: str) -> list[str]:
    return [f"{{{part.partition('}')[0]}}}" for part in text.split("{")[1:]]


def test_one_template_speaks_in_three_voices() -> None:
    """The formal shop says 您 and full stops, the lively one 你."""
    wording = {"text": "查到了，您的包裹快到了~"}

    def word(style: str) -> str:
        return dress(wording["text"], wording, {}, occasion("3", style, hushed=0, spoken=1))

    assert word("formal") == "查到了，您的包裹快到了。"
    assert word("warm") == "查到啦，您的包裹快到啦~"
    assert word("lively") == "查到啦！你的包裹快到啦~"


def test_a_trouble_that_drags_on_is_not_told_as_new() -> None:
    """The second time the reply says that it drags on."""
    wording, used = {"text": "在查了。"}, dict[str, int]()
    texts = [
        dress(wording["text"], wording, {}, occasion(seed, mood="angry", intent="refund_status", used=used))
        for seed in "ab"
    ]
    assert "退" in texts[0] or "钱" in texts[0]
    assert any(text in texts[1] for text in STYLES.by_name["warm"].phrases["again"])


def test_after_anger_nothing_sounds_playful() -> None:
    """And the shopper is thanked for waiting, once."""
    wording, used = {"text": "好的，在查了~"}, dict[str, int]()
    texts = [dress(wording["text"], wording, {}, occasion(s, hushed=2, used=used)) for s in "abc"]
    assert all("~" not in text and "亲" not in text for text in texts)
    assert sum(any(t in text for t in STYLES.by_name["warm"].phrases["thanks"]) for text in texts) == 1


def test_only_the_first_reply_of_a_turn_is_opened() -> None:
    """Two bubbles are one answer."""
    at = occasion("1", mood="angry", intent="refund_status")
    wording = {"text": "在查了。"}
    assert dress(wording["text"], wording, {}, at) != "在查了。"
    assert dress(wording["text"], wording, {}, at) == "在查了。"


def test_a_wording_waits_for_its_occasion() -> None:
    """By hour, stage, grade, mood and style."""
    wordings = [{"text": "一"}, {"text": "二", "metadata": {"when": {"hour": "night", "grade": ["loyal"]}}}]
    assert {choose("r", wordings, occasion(str(n), hour=23)) for n in range(20)} == {0}
    assert {choose("r", wordings, occasion(str(n), hour=23, loyal=True)) for n in range(20)} == {0, 1}


def test_what_else_is_asked_only_where_a_matter_seems_settled() -> None:
    """Not behind a question, not at the start, not to somebody upset."""
    asked = [n for n in range(60) if inquiry("明天送到。", occasion(str(n)))]
    assert 5 < len(asked) < 40
    for n in asked:
        assert inquiry("要不要换一件？", occasion(str(n))) == ""
        assert inquiry("明天送到。", occasion(str(n), mood="angry")) == ""
        assert inquiry("明天送到。", occasion(str(n), first=True)) == ""


@pytest.mark.parametrize(
    ("hour", "part"),
    [(0, "night"), (5, "morning"), (11, "noon"), (13, "afternoon"), (18, "evening"), (23, "night")],
)
def test_a_day_has_five_parts(hour: int, part: str) -> None:
    """At the shop's own time."""
    assert part_of_day(hour) == part


def test_without_a_style_a_template_stands_as_it_is() -> None:
    """Plain Rasa with an unknown style still answers."""
    plain = Occasion("1", date(2026, 1, 1))
    assert dress("查到了~", {"text": "查到了~"}, {}, plain) == "查到了~"
    assert lint("查到了~", STYLES.rules) == ()
