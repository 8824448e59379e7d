"""One form of a text for all rules: width-folded, lower case, with the way back to the written text."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_ENUMERATORS = frozenset("①②③④⑤⑥⑦⑧⑨⑩")
_BREAKS = re.compile(r"[。!?;~\n…]+|\.{2,}")
_HAN = re.compile(r"[㐀-鿿]")
_NUMBERED = re.compile(r"\d[.、)]")
_THOUSANDS, _REST = re.compile(r"(?<!\d)\d{1,3}$"), re.compile(r"\d{3}(?!\d)")
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
    kept = [
        (_blank(chars, at) if ch == " " else ch, place)
        for at, (ch, place) in enumerate(zip(chars, origin, strict=True))
    ]
    kept = [(ch, place) for ch, place in kept if ch]
    return Folded("".join(ch for ch, _ in kept), (*(place for _, place in kept), len(written)), written)


def _blank(chars: list[str], at: int) -> str:
    """What a blank stands for: a comma between two Chinese words, nothing in 12 月 and L 码."""
    before, behind = "".join(chars[max(0, at - 1) : at]), "".join(chars[at + 1 : at + 3])
    if not before or not behind:
        return " "
    chinese = [_HAN.match(ch) is not None for ch in (before, behind)]
    if all(chinese):
        return ","
    return (
        ""
        if any(chinese) and all(map(str.isalnum, before + behind[0])) and not _NUMBERED.match(behind)
        else " "
    )


@lru_cache(maxsize=8192)
def _plain(ch: str) -> str:
    if ch in _ENUMERATORS:
        return "。"
    if ch > "\u2190" and unicodedata.category(ch) == "So" and unicodedata.normalize("NFKC", ch) == ch:
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
    if cut.group() == ",":
        return _THOUSANDS.search(text, max(0, cut.start() - 4), cut.start()) is not None and (
            _REST.match(text, cut.end()) is not None
        )
    return text[cut.start() - 1].isdigit() and text[cut.end()].isdigit()
