"""A template reworded by a language model, or left as it is: hidden, drafted, restored, judged.

What the shopper gets is the template unless a draft came in time and the guard found nothing in it.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Protocol

from bot.reply import persons
from bot.reply.choice import Chooser
from bot.reply.display import CARD_TYPES, Display, Labels, slots_of
from bot.reply.failures import LlmFailed
from bot.reply.llm import Llm
from bot.reply.privacy import FILE as PRIVACY
from bot.reply.privacy import Known, Mask, Privacy, read_privacy
from bot.reply.prompts import FILE as PROMPTS
from bot.reply.prompts import Prompts, read_prompts
from bot.reply.style import FOLDER as STYLES
from bot.reply.style import Style, Styles, read_styles
from bot.reply.usage import Bill, Budget, Usage
from bot.reply.voice import Occasion
from bot.settings import ROOT, Settings

Json = dict[str, Any]
Judge = Callable[[Mapping[str, Any], Styles], Json]
logger = logging.getLogger(__name__)

QUOTED = "knowledge"
"""What `draft` of a response says whose template quotes FAQ or product lines."""
OVERHEAD = 60
"""Tokens that a draft may have beyond two for each character of its template."""


@dataclass(frozen=True)
class Material:
    """A reply to be reworded: its response as declared, its facts, and the template filled with them."""

    response: str
    template: str
    declared: Mapping[str, Any]
    facts: Json
    slots: frozenset[str]
    """Names of the facts that the template shows."""

    @property
    def quoted(self) -> bool:
        """Whether the template quotes what the shop has written."""
        return self.declared.get("draft") == QUOTED


@dataclass(frozen=True)
class Worded:
    """What the shopper gets, and why it is no draft: rules of the guard, or `llm_` and a failure's reason."""

    text: str
    worded_by: str = "template"
    checks: tuple[str, ...] = ()


class Rewords(Protocol):
    """Whoever has a say in a reply's words."""

    async def draft(self, material: Material, occasion: Occasion) -> Worded:
        """The reply as the shopper gets it."""
        ...


@dataclass(frozen=True)
class Asked:
    """All that a model is told of one reply, and what its answer is held against."""

    messages: list[dict[str, str]]
    mask: Mask
    template: str
    """With placeholders."""
    case: Json
    """The guard's input, without the draft."""


@dataclass(frozen=True)
class Verdict:
    """An answer looked at: the text with its values back, and the guard's reasons against it."""

    text: str
    reasons: tuple[Json, ...]


@dataclass
class Drafter:
    """Rewords replies for one process; made by `drafter`."""

    prompts: Prompts
    privacy: Privacy
    labels: Labels
    styles: Styles
    judge: Judge
    llm: Llm | None = None
    rewords: bool = True
    """Whether templates may be reworded."""
    answers: bool = False
    """Whether a short answer may be made of quoted lines."""
    counts: Counter[str] = field(default_factory=Counter)
    """Since the start: `accepted`, `refused`, and each reason."""

    async def draft(self, material: Material, occasion: Occasion) -> Worded:
        """The reply as the shopper gets it, by the occasion's deadline, whatever the model does."""
        style = occasion.style
        wanted = self.answers if material.quoted else self.rewords
        if self.llm is None or style is None or not wanted or not may_be_drafted(material, style):
            return Worded(material.template)
        asked = self.ask(material, occasion, style)
        try:
            answer = await self.llm.complete(
                asked.messages,
                deadline=occasion.until - monotonic(),
                bill=Bill(occasion.conversation, occasion.today),
                most_tokens=OVERHEAD + 2 * len(asked.template),
            )
        except LlmFailed as failure:
            return self._refused(material, (f"llm_{failure.reason}",))
        verdict = self.look(answer, asked)
        if verdict.reasons:
            return self._refused(material, tuple(dict.fromkeys(r["rule"] for r in verdict.reasons)))
        self.counts["accepted"] += 1
        return Worded(verdict.text, "llm")

    def ask(self, material: Material, occasion: Occasion, style: Style) -> Asked:
        """What the model is told, personal data hidden; pure, and used to show it as well."""
        types = material.declared.get("facts") or {}
        words = self._words(material, types, occasion)
        known = [*self.privacy.known(material.facts, types), *(Known("name", n) for n in occasion.private)]
        mask = Mask(self.privacy, known).learn(occasion.shopper, material.template)
        template = mask.hide(material.template)
        intents = self.labels.get("intent", {})
        told = {
            "shopper": mask.hide(occasion.shopper),
            "facts": "；".join(f"{name}={mask.hide(value)}" for name, value in words.items()),
            "template": template,
            "recent": "、".join(intents.get(name, name) for name in occasion.recent),
        }
        look = {**style.to_json(), "title": style.title}
        case = {
            "id": occasion.seed,
            "response": material.response,
            "mood": occasion.mood,
            "shopper": occasion.shopper,
            "template": material.template,
            "facts": words,
            "today": occasion.today.isoformat(),
            "style": style.to_json(),
        }
        ask = self.prompts.answering if material.quoted else self.prompts.drafting
        return Asked(ask(look, occasion.mood, told), mask, template, case)

    def look(self, answer: str, asked: Asked) -> Verdict:
        """An answer's text with its values back, judged."""
        bare = self.prompts.bare(answer)
        text = asked.mask.restore(bare)
        reasons = [
            {"rule": "value", "span": span, "expected": "", "why": "a placeholder that was not given"}
            for span in asked.mask.altered(bare)
        ]
        missing = asked.mask.placeholders(asked.template) - asked.mask.placeholders(bare)
        reasons += [
            {
                "rule": "omission",
                "span": "",
                "expected": label,
                "why": "a placeholder of the template is gone",
            }
            for label in sorted(missing)
        ]
        return Verdict(text, (*reasons, *self.judge({**asked.case, "draft": text}, self.styles)["reasons"]))

    def _words(self, material: Material, types: Mapping[str, str], occasion: Occasion) -> dict[str, str]:
        """The facts in words; personal ones only where the template shows them."""
        display = Display(self.labels, occasion.today)
        return {
            name: display.words(material.facts[name], kind)
            for name, kind in types.items()
            if material.facts.get(name) not in (None, "", [])
            and kind not in CARD_TYPES
            and not _is_rows(material.facts[name])
            and (name in material.slots or not self.privacy.is_personal(name, kind))
        }

    def _refused(self, material: Material, reasons: tuple[str, ...]) -> Worded:
        self.counts["refused"] += 1
        self.counts.update(reasons)
        logger.info("the draft of %s was not used: %s", material.response, ", ".join(reasons))
        return Worded(material.template, checks=reasons)


def may_be_drafted(material: Material, style: Style) -> bool:
    """Not where a response is said word for word, its style says no, or it is longer than drafts may be."""
    verbatim = material.declared.get("draft") is False
    return not verbatim and style.draft and 0 < len(material.template) <= style.max_chars


def material(response: str, wording: str, text: str, declared: Mapping[str, Any], facts: Json) -> Material:
    """The material of a composed message; `wording` is the template before its facts were filled in."""
    return Material(response, text, declared, facts, frozenset(slots_of(wording)))


def drafter(labels: Labels, llm: Llm | None = None) -> Drafter:
    """A drafter over the project's data; without a model it shows what would be asked, and asks nothing."""
    from bot.reply.guard.judge import judge

    prompts, privacy = read_prompts(ROOT / PROMPTS), read_privacy(ROOT / PRIVACY)
    return Drafter(prompts, privacy, labels, read_styles(ROOT / STYLES), judge, llm)


@dataclass(frozen=True)
class Model:
    """A language model at work: for words, for choices, or for both."""

    llm: Llm
    drafter: Drafter
    chooser: Chooser | None

    def to_json(self) -> Json:
        """Counts since the process began, for whoever watches it."""
        return {
            "resting": self.llm.resting,
            "calls": dict(self.llm.counts),
            "drafts": dict(self.drafter.counts),
        }

    async def close(self) -> None:
        """Finish counting, let go of connections."""
        await self.llm.close()


def open_model(settings: Settings, labels: Labels) -> Model | None:
    """The configured model; None where there is none, and `openai` is not imported then."""
    if not settings.llm_on:
        return None
    persons.prepare()
    llm = Llm(settings, Usage(settings.access_url, Budget.of(settings)))
    words = drafter(labels, llm if settings.llm_draft or settings.llm_knowledge else None)
    words.rewords, words.answers = settings.llm_draft, settings.llm_knowledge
    chooser = Chooser(llm, words.privacy, words.prompts) if settings.llm_understand else None
    return Model(llm, words, chooser)


def _is_rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)
