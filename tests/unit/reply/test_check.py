"""A response that would say what no action gives fails before it is trained."""

from pathlib import Path

import pytest
import yaml

from bot.reply.check import problems

ROOT = Path(__file__).parents[3]
INTENTS = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["intents"]


def faults(tmp_path: Path, responses: str) -> str:
    (tmp_path / "labels.yml").write_text("order_state: {paid: 待发货}\n", encoding="utf-8")
    (tmp_path / "a.yml").write_text(f'version: "3.1"\nresponses:\n{responses}', encoding="utf-8")
    return "\n".join(problems(tmp_path, ["greet"]))


def test_the_projects_own_responses_have_no_fault() -> None:
    assert problems(ROOT / "data" / "responses", INTENTS) == []


@pytest.mark.parametrize(
    ("response", "fault"),
    [
        ("  utter_a:\n  - text: 共{total}\n", "{total} is not declared"),
        ("  utter_a:\n  - text: 好\n    metadata: {fact: {a: text}}\n", "metadata.fact"),
        ("  utter_a:\n  - text: 好\n    metadata: {facts: {text: text}}\n", "Rasa's own"),
        ("  utter_a:\n  - text: 好\n    metadata: {facts: {a: colour}}\n", "'colour' is none of"),
        ("  utter_a:\n  - text: 好\n    metadata: {facts: {a: 'enum:nothing'}}\n", "no section nothing"),
        ("  utter_a:\n  - text: 好\n    metadata: {facts: {a: text}, essential: [a]}\n", "{a} is left out"),
        ("  utter_a:\n  - text: 好\n    metadata: {facts: {}, essential: [b]}\n", "essential b"),
        ("  utter_a:\n  - text: 好\n    metadata: {facts: {a: text}, card: a}\n", "card a"),
        ("  utter_a:\n  - text: 好\n    buttons: [{title: 好, payload: /nothing}]\n", "payload /nothing"),
        ("  utter_a:\n  - text: 好\n    buttons: [{title: 好, payload: greet}]\n", "payload greet"),
    ],
)
def test_a_faulty_response_is_named(tmp_path: Path, response: str, fault: str) -> None:
    assert fault in faults(tmp_path, response)
    assert "a.yml: utter_a" in faults(tmp_path, response)


def test_a_sound_response_passes(tmp_path: Path) -> None:
    declared = "{facts: {total: money, state: 'enum:order_state'}}"
    sound = f"  utter_a:\n  - text: 共{{total}},{{state}}\n    metadata: {declared}\n"
    assert faults(tmp_path, sound) == ""
