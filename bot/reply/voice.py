"""A template put into a style's voice: what stands before and behind it by mood, and how its words sound.

Templates are written once, in neutral polite Chinese that says 您 and marks a soft end of sentence with `~`.
Facts are filled in after this, so no style ever touches a value.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import inf
from typing import Any

from bot.reply.style import Style, Trouble

SOFT_END = "~"
NEUTRAL = "您"
CALLS = 2
EMOJI = 3
ASKS = 3
"""One reply in so many calls the shopper, has an emoji, asks what else there is."""
WELCOMED = frozenset({"pre", "in"})
"""Stages in which a loyal shopper is greeted as such; who comes with a trouble wants it heard first."""
_TALKED_OUT = re.compile(r"[？?：:]$|随时|接着|告诉我|喊我|转人工|人工客服|祝您")
"""A reply that already asks, or says what to do next, asks nothing more."""


@dataclass
class Occasion:
    """When, for whom and in which mood a reply is worded; one for all replies of a turn."""

    seed: str
    today: date
    used: dict[str, int] = field(default_factory=dict)
    """The wording last sent, by response; the phrase last used, by kind."""
    style: Style | None = None
    """None words templates as they stand."""
    mood: str = "calm"
    """calm, confused or angry."""
    hushed: int = 0
    """Turns left in which nothing sounds playful, since the shopper was angry a moment ago."""
    intent: str = ""
    stage: str = "any"
    """pre, in, after or any."""
    hour: int = 12
    first: bool = False
    """Nothing has been said in this conversation yet."""
    loyal: bool = False
    """The shopper's grade is above the lowest."""
    spoken: int = 0
    """Replies worded in this turn so far."""
    conversation: str = ""
    shopper: str = ""
    """The message that is answered. Earlier ones are known by their intents alone: `recent`, newest last."""
    recent: tuple[str, ...] = ()
    private: tuple[str, ...] = ()
    """Names by which the shopper is known."""
    until: float = inf
    """When the turn's time for a language model is over, in seconds of `time.monotonic`."""

    def conditions(self) -> Mapping[str, str]:
        """What a wording's `when` is held against."""
        return {
            "style": self.style.name if self.style else "",
            "mood": self.mood,
            "stage": self.stage,
            "hour": part_of_day(self.hour),
            "grade": "loyal" if self.loyal else "regular",
        }


WHEN: Mapping[str, frozenset[str]] = {
    "mood": frozenset({"calm", "confused", "angry"}),
    "stage": frozenset({"pre", "in", "after", "any"}),
    "hour": frozenset({"morning", "noon", "afternoon", "evening", "night"}),
    "grade": frozenset({"loyal", "regular"}),
}
"""What a wording may be for, beside a style's name."""


def part_of_day(hour: int) -> str:
    """morning, noon, afternoon, evening or night."""
    ends = {5: "night", 11: "morning", 13: "noon", 18: "afternoon", 23: "evening"}
    return next((name for end, name in ends.items() if hour < end), "night")


def draw(name: str, count: int, occasion: Occasion) -> int:
    """One of `count` by hash of the message and the name, but not the one used last."""
    at = number(name, occasion) % count
    if count > 1 and occasion.used.get(name) == at:
        at = (at + 1) % count
    occasion.used[name] = at
    return at


def number(name: str, occasion: Occasion) -> int:
    """A number that depends on the message and the name alone."""
    return int.from_bytes(hashlib.sha256(f"{occasion.seed}/{name}".encode()).digest()[:4], "big")


def dress(text: str, wording: Mapping[str, Any], declared: Mapping[str, Any], occasion: Occasion) -> str:
    """A template in the voice of the occasion's style, its parts in the order that the mood asks for.

    A wording that is written for a mood carries its own opening.
    """
    style = occasion.style
    if style is None:
        return text
    occasion.spoken += 1
    if occasion.spoken > 1 or "mood" in ((wording.get("metadata") or {}).get("when") or {}):
        return _said(text, style, occasion)
    upset = occasion.mood == "angry" or "trouble" in declared
    order = style.steps["angry" if upset else occasion.mood]
    before = order[: order.index("fact")]
    opening = _opening(before, style, declared, occasion)
    body = text if opening or upset else _called(text, style, declared, occasion)
    said = _said(body, style, occasion)
    if declared.get("closes") and not upset and not occasion.hushed:
        said += _phrase("closing", style, occasion)
    return opening + _with_sign(said, style, declared, occasion)


def inquiry(text: str, occasion: Occasion) -> str:
    """What is asked behind a turn's last reply: now and then, where a matter is settled; empty otherwise."""
    style = occasion.style
    quiet = style is None or occasion.mood != "calm" or occasion.hushed or occasion.first
    if style is None or quiet or "inquiry" not in style.steps["calm"] or _TALKED_OUT.search(text):
        return ""
    return _phrase("inquiry", style, occasion) if number("inquiry?", occasion) % ASKS == 0 else ""


def _opening(steps: Sequence[str], style: Style, declared: Mapping[str, Any], occasion: Occasion) -> str:
    """What is said before the fact; trouble and apology are one sentence."""
    said = ""
    for step in steps:
        if step == "trouble":
            said += _trouble(style, declared, occasion)
        elif step == "apology":
            said = f"{said}，{_phrase(step, style, occasion)}。" if said and said[-1] != "。" else said
        elif step == "answer" or (step == "greeting" and occasion.first and not declared.get("greets")):
            name = "loyal" if step == "greeting" and occasion.loyal and occasion.stage in WELCOMED else step
            said += _phrase(name, style, occasion)
    thankful = occasion.hushed and not declared.get("closes") and "phrase:thanks" not in occasion.used
    if not said and thankful:
        return _phrase("thanks", style, occasion)
    return said


def _trouble(style: Style, declared: Mapping[str, Any], occasion: Occasion) -> str:
    """What the shopper went through, or, where that was said in this conversation, that it drags on."""
    named = str(declared.get("trouble") or occasion.intent)
    trouble: Trouble = style.troubles.get(named) or style.troubles["any"]
    key = f"trouble:{named}"
    if occasion.mood == "angry" and key in occasion.used:
        return _phrase("again", style, occasion)
    clauses = trouble.angry if occasion.mood == "angry" else trouble.calm
    return _pronoun(clauses[draw(key, len(clauses), occasion)], style)


def _phrase(name: str, style: Style, occasion: Occasion) -> str:
    options = style.phrases[name]
    return options[draw(f"phrase:{name}", len(options), occasion)]


def _called(text: str, style: Style, declared: Mapping[str, Any], occasion: Occasion) -> str:
    """The text with the shopper called by the style's address, in every second reply."""
    if not style.front or occasion.hushed or declared.get("greets") or number("call", occasion) % CALLS:
        return text
    for word in style.after:
        if text.startswith(word) and text[len(word) : len(word) + 1] in "，~！":
            return f"{word}{style.address}{text[len(word) :]}"
    return style.front + text


def _said(text: str, style: Style, occasion: Occasion) -> str:
    """The text's marks and phrases as the style says them; for an upset shopper nothing sounds playful."""
    if occasion.mood == "angry" or occasion.hushed:
        return _pronoun(text.replace(SOFT_END, "。"), style)
    marks = sorted(style.voice, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, marks)))
    return _pronoun(pattern.sub(lambda mark: style.voice[mark.group()], text) if marks else text, style)


def _with_sign(text: str, style: Style, declared: Mapping[str, Any], occasion: Occasion) -> str:
    """An emoji behind the text, now and then, where nobody is upset and nothing went wrong."""
    plain = occasion.mood == "calm" and not occasion.hushed and "trouble" not in declared
    if not plain or not style.signs or not text.endswith(SOFT_END) or number("sign", occasion) % EMOJI:
        return text
    return text + style.signs[draw("sign", len(style.signs), occasion)]


def _pronoun(text: str, style: Style) -> str:
    return text.replace(NEUTRAL, style.pronoun)
