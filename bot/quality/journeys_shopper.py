"""A shopper played by rules: says what they want, answers what they are asked from what they know."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.quality.journeys_files import Journey
from bot.turn import Button, Reply, Turn

MOST_ANSWERS = 3
"""So often one thing that was asked is answered; who asks for ever gets none."""
_SENTENCE = re.compile(r"[^。！!~\n]+[。！!~\n]?")
_ASKS = re.compile(
    r"[?？吗呢]|哪|什么|多少|几[个点天件]|请|麻烦|还差|还缺|告诉|发[给我一来]|选|点一下|说一声|给我|就行|就好|确认"
)
YES = ("好的", "确认", "是的", "对 办吧", "嗯嗯", "可以", "没问题", "行")
NO = ("不用了", "算了", "先不要了", "不办了", "我再想想")
NOISY = 0.25
"""Share of wishes that are typed with a slip."""


@dataclass(frozen=True)
class Said:
    """A typed message, or a pressed button."""

    text: str | None = None
    button: str | None = None


@dataclass
class Shopper:
    """One try at a journey; `seed` chooses among phrasings, words and buttons, slips of the finger."""

    journey: Journey
    seed: int
    _wishes: int = field(default=0, init=False)
    _decided: int = field(default=0, init=False)
    _answered: dict[str, int] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        """The same journey and seed give the same shopper."""
        self._random = random.Random(f"{self.journey.name}/{self.seed}")  # noqa: S311 - no secret

    def first(self) -> Said:
        """How they begin."""
        return self._next_wish() or Said(text="在吗")

    def hears(self, turn: Turn) -> Said | None:
        """What they say to a turn; None where they are done."""
        if turn.confirming:
            return self._decides(turn)
        return self._answer(turn) or self._next_wish()

    def _decides(self, turn: Turn) -> Said:
        choices = self.journey.decides
        decision = choices[min(self._decided, len(choices) - 1)]
        self._decided += 1
        if decision not in ("yes", "no"):
            return Said(text=decision)
        words = YES if decision == "yes" else NO
        button = _button(turn.replies, "确认" if decision == "yes" else "先不办")
        if button is not None and self._random.random() < 0.5:
            return Said(button=button.id)
        return Said(text=self._random.choice(words))

    def _answer(self, turn: Turn) -> Said | None:
        """What they know of what is asked: a button that says it, else in words."""
        if turn.writes:
            return None  # what is done is no question
        asked = "\n".join(
            s for reply in turn.replies for s in _SENTENCE.findall(reply.text) if _ASKS.search(s)
        )
        titles = " ".join(button.title for reply in turn.replies for button in reply.buttons)
        fresh = sorted(self.journey.answers.items(), key=lambda each: self._answered.get(each[0], 0))
        for pattern, answers in fresh:
            if not re.search(pattern, f"{asked}\n{titles}"):
                continue
            times = self._answered.get(pattern, 0)
            if times >= MOST_ANSWERS:
                continue
            self._answered[pattern] = times + 1
            answer = answers[min(times, len(answers) - 1)] if times else self._random.choice(answers)
            button = _button(turn.replies, answer)
            return Said(button=button.id) if button is not None else Said(text=answer)
        return None

    def _next_wish(self) -> Said | None:
        if self._wishes >= len(self.journey.says):
            return None
        text = self._random.choice(self.journey.says[self._wishes])
        self._wishes += 1
        return Said(text=self._typed(text))

    def _typed(self, text: str) -> str:
        """As thumbs write it: an end left off, a sound doubled, a blank, a 亲 before it."""
        if self._random.random() > NOISY:
            return text
        slip = self._random.choice((_without_end, _with_particle, _with_call))
        return slip(text)


def _without_end(text: str) -> str:
    return text.rstrip("。.!！?？~")


def _with_particle(text: str) -> str:
    return f"{text.rstrip('。.!！?？~')}啊"


def _with_call(text: str) -> str:
    return f"亲 {text}"


def _button(replies: Sequence[Reply], title: str) -> Button | None:
    """The button that is called so, or whose title holds it."""
    buttons = [button for reply in replies for button in reply.buttons]
    same = next((b for b in buttons if b.title == title), None)
    return same or next((b for b in buttons if title and title in b.title), None)
