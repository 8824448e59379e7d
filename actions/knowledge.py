"""What the shop has written down beside its rules, quoted: frequent questions, and lines of product texts."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from actions.finding import clause, name_of
from bot import settings
from bot.errors import BadInput
from bot.knowledge.entries import Entry, Knowledge
from bot.knowledge.files import FOLDER, FaqFiles
from bot.knowledge.retrieval import Index
from bot.shop.models import Product

if TYPE_CHECKING:
    from actions.session import Asked

Facts = dict[str, Any]
logger = logging.getLogger(__name__)

FAQ = "faq"
"""What a button with a question's title stands for."""
ASKED_BY = "product_info"
"""The intent of a pressed title."""
MOST_NEAR = 3


@dataclass(frozen=True)
class Shelf:
    """The entries of one shop, and how they are found."""

    entries: Mapping[str, Entry]
    index: Index

    @classmethod
    def of(cls, knowledge: Knowledge) -> Shelf:
        """Read them all; raises BadInput where they cannot be read."""
        entries = {entry.id: entry for entry in knowledge.entries()}
        return cls(entries, Index({e.id: (e.title, *e.also) for e in entries.values()}))


@lru_cache(maxsize=1)
def shelf() -> Shelf:
    """The shop's entries, read once; where its own files are faulty, the project's alone."""
    try:
        return Shelf.of(FaqFiles.of(settings.load().home))
    except BadInput:
        logger.exception("the shop's own FAQ cannot be read; xiaoer doctor says more")
        return Shelf.of(FaqFiles(FOLDER))


def sure_entry(question: str) -> Entry | None:
    """The entry that answers the question; None where none surely does."""
    hits = shelf().index.find(question, most=1)
    return shelf().entries[hits[0].key] if hits and hits[0].sure else None


def answered_from_faq(asked: Asked, question: str) -> bool:
    """Whether a title was pressed, or an entry surely answers the question; then its answer was said."""
    entry = shelf().entries.get(asked.entity(FAQ)) or sure_entry(question)
    if entry is None:
        return False
    asked.say("utter_faq", question=entry.title, answer=entry.answer)
    return True


def answered_from_text(asked: Asked, question: str, product: Product) -> bool:
    """Whether a line of the product's specs or manual surely answers the question; then it was quoted."""
    lines = {**product.specs, **product.usage}
    hits = Index({name: (f"{name} {value}",) for name, value in lines.items()}).find(
        without_names(question, product), most=1
    )
    if not hits or not hits[0].sure:
        return False
    name = hits[0].key
    asked.say("utter_product_line", title=name_of(product), name=name, value=clause(lines[name]))
    return True


def said_unknown(asked: Asked, question: str) -> bool:
    """Whether titles are near the question: then it was said that nothing answers it, and they are offered.

    False where nothing is near; whoever asked then has better to offer.
    """
    titles = near_titles(question)
    if titles:
        asked.say("utter_knowledge_none", near=titles)
    return bool(titles)


def near_titles(question: str) -> list[Facts]:
    """Rows for buttons with the titles nearest to the question, best first; none where none is near."""
    hits = [hit for hit in shelf().index.find(question, MOST_NEAR) if hit.near]
    return [{"title": shelf().entries[hit.key].title, "intent": ASKED_BY, FAQ: hit.key} for hit in hits]


def without_names(question: str, product: Product) -> str:
    """The question without what it calls the product: a line that repeats the name answers nothing."""
    for name in sorted((product.title, *product.aliases), key=len, reverse=True):
        question = question.replace(name.lower(), " ")
    return question
