"""One form of a text for all rules: width-folded, lower case, with the way back to the written text."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_ENUMERATORS = frozenset("①②③④⑤⑥⑦⑧⑨⑩")
_BREAKS = re.compile(r"[。!?;~\n…]+|\.{2,}")
_CUTS = re.compile(r"[,。!?;:~\n…—|、()\[\]【】「」]+|\.{2,}")


@dataclass(frozen=True)
class Folded:
    """`text` to read; `origin[i]` is the offset in the written text of `text[i]`, one more at the end."""

    text: str
    origin: tuple[int, ...]
    written: str

    def span(self, start: int, end: int) -> str:
        """What was written at an interval of `text`."""
        if end <= start:
            return ""
        return self.written[self.origin[start] : self.origin[end - 1] + 1]


@dataclass(frozen=True)
class Clause:
    """One stretch between punctuation; `sentence` numbers what full stops part."""

    start: int
    end: int
    sentence: int


def fold(written: str) -> Folded:
    """NFKC code point by code point, unseen ones dropped; ① ends a sentence, emoji and blanks part words."""
    chars: list[str] = []
    origin: list[int] = []
    for at, ch in enumerate(written):
        plain = _plain(ch)
        chars.extend(plain)
        origin.extend([at] * len(plain))
    for at, ch in enumerate(chars):
        if ch == " " and _between_chinese(chars, at):
            chars[at] = ","
    return Folded("".join(chars), (*origin, len(written)), written)


def _between_chinese(chars: list[str], at: int) -> bool:
    """Whether a blank parts two Chinese words as a comma would."""
    around = (*chars[at - 1 : at], *chars[at + 1 : at + 2])
    return len(around) == 2 and all("\u3400" <= ch <= "\u9fff" for ch in around)


@lru_cache(maxsize=8192)
def _plain(ch: str) -> str:
    if ch in _ENUMERATORS:
        return "。"
    if ch > "\u2190" and unicodedata.category(ch) == "So":
        return ","
    if ch in "\n\r":
        return "\n"
    if unicodedata.category(ch) in {"Cf", "Cc", "Cs", "Co", "Cn", "Mn"}:
        return " " if ch == "\t" else ""
    return unicodedata.normalize("NFKC", ch).lower()


def clauses(text: str) -> list[Clause]:
    """The text cut at punctuation, numbers like 1,299 and times like 13:00 kept whole."""
    found: list[Clause] = []
    sentence = start = 0
    for cut in _CUTS.finditer(text):
        if _inside_number(text, cut):
            continue
        if cut.start() > start:
            found.append(Clause(start, cut.start(), sentence))
        if _BREAKS.search(cut.group()):
            sentence += 1
        start = cut.end()
    if start < len(text):
        found.append(Clause(start, len(text), sentence))
    return [clause for clause in found if text[clause.start : clause.end].strip()]


def _inside_number(text: str, cut: re.Match[str]) -> bool:
    if cut.group() not in {",", ":"} or cut.start() == 0 or cut.end() >= len(text):
        return False
    return text[cut.start() - 1].isdigit() and text[cut.end()].isdigit()
