"""The training examples as data: enough of each intent, none twice, all of one form."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest
import yaml

DATA = Path(__file__).parents[3] / "data"
FILES = sorted((DATA / "nlu").glob("*/*.yml"))
ANNOTATION = re.compile(r"\[(?P<value>[^\]]+)\]\([a-z_]+\)")
ENOUGH = 150
NEAR = 0.7
WORDLESS = r"[\W_]+"


def _domain() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((DATA.parent / "domain.yml").read_text(encoding="utf-8"))
    return loaded


def _examples() -> list[tuple[str, str]]:
    """(intent, plain text) of all files, in their order."""
    return [
        (block["intent"], ANNOTATION.sub(r"\g<value>", line.removeprefix("- ")))
        for path in FILES
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]
        for line in block["examples"].splitlines()
    ]


def _bare(text: str) -> str:
    """The text without width, case, blanks and punctuation; the text itself where nothing else is in it."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return "".join(ch for ch in folded if unicodedata.category(ch)[0] not in "PZC") or text


def test_every_intent_of_the_domain_has_enough_examples() -> None:
    """Below so many lines an intent is guessed rather than known."""
    counts = Counter(intent for intent, _ in _examples())
    few = {intent: counts[intent] for intent in _domain()["intents"] if counts[intent] < ENOUGH}
    assert not few


def test_no_intent_is_unknown_to_the_domain() -> None:
    """An example under a mistyped intent would teach an intent that nothing answers."""
    assert {intent for intent, _ in _examples()} <= set(_domain()["intents"])


def test_each_intent_stands_under_one_topic_only() -> None:
    """Whoever looks for an intent's lines finds them all in one folder, one file a writer."""
    topics: defaultdict[str, set[str]] = defaultdict(set)
    for path in FILES:
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            topics[block["intent"]].add(path.parent.name)
    assert not {intent: names for intent, names in topics.items() if len(names) > 1}


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_block_names_its_writer(path: Path) -> None:
    """Whole writers are held out when thresholds are fitted."""
    blocks = yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]
    assert [block["metadata"] for block in blocks] == [{"writer": path.stem}] * len(blocks)


def test_no_example_is_nearly_another() -> None:
    """Lines that share most of their character trigrams teach one thing twice."""
    rows = [(text, _trigrams(text)) for _, text in _examples() if len(_bare(text)) > 2]
    holders: defaultdict[str, list[int]] = defaultdict(list)
    near = []
    for at, (text, trigrams) in enumerate(rows):
        shared = Counter(other for trigram in trigrams for other in holders[trigram])
        near += [
            (text, rows[other][0])
            for other, count in shared.items()
            if count / (len(trigrams) + len(rows[other][1]) - count) > NEAR
        ]
        for trigram in trigrams:
            holders[trigram].append(at)
    assert not near


def _trigrams(text: str) -> set[str]:
    bare = f"^{re.sub(WORDLESS, '', unicodedata.normalize('NFKC', text).lower())}$"
    return {bare[at : at + 3] for at in range(len(bare) - 2)}


def test_no_example_is_written_twice() -> None:
    """Lines apart in width, case or punctuation only are one line; under two intents they contradict."""
    places: defaultdict[str, list[str]] = defaultdict(list)
    for intent, text in _examples():
        places[_bare(text)].append(f"{intent}: {text}")
    assert not [lines for lines in places.values() if len(lines) > 1]


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_examples_hold_no_accidental_markup(path: Path) -> None:
    """Brackets begin Rasa's entity syntax, a leading slash a button's meaning: plain text has neither."""
    odd = [
        line
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]
        for line in block["examples"].splitlines()
        if not line.startswith("- ")
        or line[2:].startswith("/")
        or line != line.rstrip()
        or re.search(r"[\[\](){}|]", ANNOTATION.sub("", line))
    ]
    assert not odd
