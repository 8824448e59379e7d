"""From which probability on the bot acts on a verdict instead of asking back, fitted on writers held out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from bot.nlu.fitting import Floats, Numbers, sure_from

FILE = "asking.json"
RIGHT = 0.90
"""The aim: of what is answered without asking, this share is right on lines of writers that were held out.

These lines are written along the boundaries between intents; of a natural mix a larger share is right."""


@dataclass(frozen=True)
class Asking:
    """Thresholds that reach `RIGHT`, over all verdicts and for each intent's own, and what they are worth."""

    usual: float
    own: dict[str, float]
    answered: float
    """Share of the held-out lines that are answered without asking, from the usual threshold on."""
    right: float

    def threshold(self, intent: str, careful: bool) -> float:
        """Below this probability the bot asks; a careful intent's own verdicts reach the aim too."""
        return max(self.usual, self.own.get(intent, self.usual)) if careful else self.usual

    def save(self, folder: Path) -> None:
        """Write them beside the model that they were fitted for."""
        (folder / FILE).write_text(json.dumps(asdict(self)), encoding="ascii")

    @classmethod
    def load(cls, folder: Path) -> Asking:
        """Read what `save` wrote."""
        return cls(**json.loads((folder / FILE).read_text(encoding="ascii")))


def fit(probabilities: Floats, target: Numbers, intents: Sequence[str]) -> Asking:
    """The thresholds by held-out probabilities (lines x intents) and the numbers of the right intents."""
    guessed, best = probabilities.argmax(axis=1), probabilities.max(axis=1)
    usual = sure_from(probabilities, target, RIGHT)
    answered = best >= usual
    return Asking(
        usual=usual,
        own={
            intent: sure_from(probabilities[guessed == at], target[guessed == at], RIGHT)
            for at, intent in enumerate(intents)
        },
        answered=float(answered.mean()),
        right=float((guessed == target)[answered].mean()) if answered.any() else 0.0,
    )
