"""The lexicon's files: their form, and that they leave right words alone."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import yaml

from bot.nlu.entities import DECOY

LEXICON = Path(__file__).parents[3] / "data" / "lexicon"


def _yaml(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((LEXICON / name).read_text(encoding="utf-8"))
    return loaded


def test_words_are_a_jieba_user_dictionary_without_repeats() -> None:
    """A line is `word frequency tag`; jieba takes anything else for a word and says nothing."""
    lines = (LEXICON / "words.txt").read_text(encoding="utf-8").splitlines()
    assert not [line for line in lines if not re.fullmatch(r"\S+ \d+ [a-z]+", line)]
    assert not [word for word, n in Counter(line.split()[0] for line in lines).items() if n > 1]


def test_synonyms_lead_to_one_normal_form() -> None:
    """A spoken form under two normal forms would make the value depend on the order of the file."""
    for entity, forms in _yaml("synonyms.yml").items():
        spoken = Counter(word for normal, words in forms.items() for word in {normal, *words})
        assert not [f"{entity}: {word}" for word, times in spoken.items() if times > 1]


def test_synonyms_are_entities_of_the_domain() -> None:
    """A name that the domain does not know is an entity that no slot takes."""
    domain = yaml.safe_load((LEXICON.parents[1] / "domain.yml").read_text(encoding="utf-8"))
    assert set(_yaml("synonyms.yml")) - {DECOY} <= set(domain["entities"])


def test_a_typo_is_never_its_own_correction() -> None:
    """Corrections run once: a right form that is itself listed as a typo would be half corrected."""
    typos = _yaml("typos.yml")
    assert not [wrong for wrong, right in typos.items() if wrong == right or right in typos]
    assert all(isinstance(word, str) for pair in typos.items() for word in pair)
