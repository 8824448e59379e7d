"""The patterns of data/lexicon/phrases.yml."""

from __future__ import annotations

import re
from collections import Counter

from actions.phrases import PHRASES


def test_every_meaning_stands_there_once() -> None:
    """YAML takes the last of two without a word, and the first one's patterns would be gone."""
    names = re.findall(r"^(\w+):", PHRASES.read_text(encoding="utf-8"), re.MULTILINE)
    assert [name for name, times in Counter(names).items() if times > 1] == []
