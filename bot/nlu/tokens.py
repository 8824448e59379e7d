"""Words of a message by jieba, with the shop's own lexicon."""

from __future__ import annotations

import logging
from functools import lru_cache
from pathlib import Path

import jieba

WORDS = "words.txt"
"""File in a lexicon folder, one `word frequency tag` a line, as jieba's user dictionaries are."""


@lru_cache(maxsize=4)
def segmenter(lexicon: Path) -> jieba.Tokenizer:
    """A jieba tokenizer that knows the words of `lexicon`; kept, since loading takes most of a second."""
    jieba.setLogLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    words = lexicon / WORDS
    if words.exists():
        with words.open("rb") as lines:
            tokenizer.load_userdict(lines)
    tokenizer.initialize()
    return tokenizer


def spans(text: str, tokenizer: jieba.Tokenizer) -> list[tuple[str, int, int]]:
    """(word, start, end) of each token, white space left out."""
    return [(word, start, end) for word, start, end in tokenizer.tokenize(text) if not word.isspace()]
