"""Both bots of the bench are made of the shop's own data, and of the same data."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from bot.errors import BadInput
from bot.quality import bench_project
from bot.quality.bench_project import TALK, laid_over, lay_out, read_messages, stories


def test_the_messages_look_like_real_ones():
    """About 200, a fifth of them talk, a median of about ten characters, none twice."""
    messages = read_messages()
    everything = [*messages.talk, *messages.business]
    lengths = sorted(map(len, everything))
    assert 190 <= len(everything) <= 230
    assert len(set(everything)) == len(everything)
    assert 8 <= lengths[len(lengths) // 2] <= 12
    assert 0.15 <= len(messages.talk) / len(everything) <= 0.25
    assert sorted(messages.mix) == sorted(everything)


def test_talk_is_spread_among_business():
    """A run of greetings would measure another conversation than shoppers have."""
    messages = read_messages()
    first_half = messages.mix[: len(messages.mix) // 2]
    assert 15 <= len(set(first_half) & set(messages.talk)) <= 27


def test_the_files_of_messages_must_have_all_lists(tmp_path: Path):
    """A misspelt list is named, not taken for an empty one."""
    path = tmp_path / "messages.yml"
    path.write_text("talk: [a]\nbusness: [b]\n", encoding="utf-8")
    with pytest.raises(BadInput, match="talk, business and desk"):
        read_messages(path)


def test_the_overlay_replaces_the_rules_of_its_intents_only():
    """One intent with two answers is no rule that Rasa would train."""
    shop = [
        {"rule": "a", "steps": [{"intent": "greet"}, {"action": "action_greet"}]},
        {"rule": "b", "steps": [{"intent": "invoice"}, {"action": "action_invoice"}]},
        {"rule": "c", "steps": [{"action": "size_form"}, {"active_loop": None}]},
    ]
    over = [{"rule": "x", "steps": [{"intent": "greet"}, {"action": "utter_bench_greet"}]}]
    assert [rule["rule"] for rule in laid_over(shop, over)] == ["b", "c"]


def test_stories_chain_simple_rules_only():
    """TED learns from stories; forms and conditions stay with the rules."""
    rules = [{"rule": str(n), "steps": [{"intent": f"i{n}"}, {"action": f"a{n}"}]} for n in range(4)]
    rules.append({"rule": "form", "steps": [{"intent": "f"}, {"action": "form"}, {"active_loop": "form"}]})
    rules.append({"rule": "only", "condition": [], "steps": [{"intent": "c"}, {"action": "c"}]})
    made = stories(rules)
    assert [len(story["steps"]) for story in made] == [6, 2]
    assert {"intent": "f"} not in [step for story in made for step in story["steps"]]


def test_the_folder_is_made_once_for_the_same_data(tmp_path: Path):
    """A model of ten minutes is trained again only when what it is made of changed."""
    first = lay_out(tmp_path)
    (first.folder / "mark").touch()
    assert lay_out(tmp_path) == first
    assert (first.folder / "mark").exists()
    rules = yaml.safe_load((first.folder / "data/rules.yml").read_text(encoding="utf-8"))["rules"]
    answers = {rule["steps"][0].get("intent"): rule["steps"][1] for rule in rules}
    assert {answers[intent]["action"].split("_")[0] for intent in TALK} == {"utter"}
    assert (first.folder / "lexicon" / "words.txt").is_file()


def test_another_stock_pipeline_makes_another_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Figures of two pipelines are never mixed."""
    before = lay_out(tmp_path).folder
    stock = bench_project.ROOT / "bot/quality"
    copied = tmp_path / "root"
    for name in ("data/nlu", "data/rules", "data/responses", "data/lexicon", "bot/nlu"):
        shutil.copytree(bench_project.ROOT / name, copied / name)
    for name in ("domain.yml", "config.yml"):
        shutil.copy(bench_project.ROOT / name, copied)
    shutil.copytree(stock, copied / "bot/quality")
    monkeypatch.setattr(bench_project, "ROOT", copied)
    monkeypatch.setattr(bench_project, "STOCK", copied / "bot/quality/stock")
    assert lay_out(tmp_path).folder == before
    config = copied / "bot/quality/stock/config.yml"
    config.write_text(config.read_text(encoding="utf-8").replace("epochs: 2", "epochs: 3"), encoding="utf-8")
    assert lay_out(tmp_path).folder != before
