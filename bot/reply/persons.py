"""Names of people in free text that no cue marks: words that jieba's part-of-speech model takes for names."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

NAME = "nr"
"""jieba's tag of a person's name."""


def persons(text: str, name: re.Pattern[str]) -> Iterator[str]:
    """Words of `text` that are tagged as names and fit `name`; parts that jieba cut are joined."""
    words = [(word.word, word.flag) for word in _tagger().cut(text)]
    at = 0
    while at < len(words):
        end = at
        while end < len(words) and words[end][1].startswith(NAME):
            end += 1
        run = [word for word, _ in words[at:end]]
        yield from [whole] if name.fullmatch(whole := "".join(run)) else filter(name.fullmatch, run)
        at = max(end, at + 1)


def prepare() -> None:
    """Load the tagger now, which takes a second or two, so that no turn waits for it."""
    _tagger()


@lru_cache(1)
def _tagger() -> Any:
    """jieba's tagger, loaded once, and only where a language model is asked at all."""
    import jieba
    import jieba.posseg

    jieba.setLogLevel(logging.WARNING)
    return jieba.posseg.POSTokenizer(jieba.Tokenizer())
