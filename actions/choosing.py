"""Which product to buy: a few that fit what was said, or two or three side by side."""

from __future__ import annotations

import re
from collections.abc import Sequence

from actions.comparing import compared, few_in_talk, said_variants, say_comparison
from actions.finding import (
    MAX_CHOICES,
    alike,
    find,
    heard,
    name_of,
    needs,
    prices_of,
    question_of,
    says,
    shown,
    stock_of,
    table,
    to_show,
    told_apart,
    value_of,
    values_of,
    with_word,
)
from actions.knowledge import answered_from_faq
from actions.phrases import says as says_phrase
from actions.session import Asked, Facts, ShopAction
from actions.showing import answers_which, choices, keep_offered, product_fact
from actions.stock import say_stock
from actions.variants import wished_options
from bot.shop.models import Catalogue, Product

MOST_SHOWN = 3
MOST_PAIRED = 2
MOST_OF_FRAGMENT = 10
"""Characters of a message that only names another variant: 干皮的呢."""
STRETCH = 1.1
"""A little above the budget still counts as within it, unless it was called a limit."""

_BUDGET = re.compile(r"(?:预算|不超过|以内)\D{0,3}(\d{2,6})|(\d{2,6})(?:元|块)?(?:以内|左右|以下|上下|之内)")
_DIGITS = {"两": 2, **{digit: n for n, digit in enumerate("一二三四五六七八九", start=1)}}
_NUMBER = re.compile(r"\d+")
_SPOKEN = re.compile(r"([一二三四五六七八九两])(百|千)(?:元|块|来|多|以|左|上|之|预|出|的|\s|$)")


class ActionRecommendCompare(ShopAction):
    """Compare when two products are meant, recommend otherwise."""

    intent = "recommend_compare"

    async def answer(self, asked: Asked) -> None:
        """Two or three named, or one beside those in talk: a table. Else up to three that fit."""
        if answers_which(asked):
            return
        if asked.product_names and says_phrase(asked.text, "asks_stock"):
            asked.follow("action_stock_query")
            return
        catalogue = await asked.session.backend.catalogue()
        if said_variants(asked, catalogue) or _said_variant_here(asked, catalogue):
            return
        several = compared(asked, catalogue)
        if await _said_of_pair(asked, several):
            return
        if len(several) > MOST_PAIRED:
            say_comparison(asked, several)
            return
        talked_of = await _talked_of(asked, catalogue)
        if talked_of:
            asked.say(
                "utter_recommend", **_shown(talked_of[:MOST_SHOWN])
            )  # all that was offered stays in talk
            return
        if len(several) == MOST_PAIRED:
            say_comparison(asked, several)
            return
        if not several and answered_from_faq(asked, asked.text):
            return
        if several:
            siblings = await alike(asked.session, several[0])
            other = told_apart(question_of(asked.tracker), siblings).product if siblings else None
            if other is not None:
                say_comparison(asked, [several[0], other])
                return
            asked.say("utter_compare_with", title=name_of(several[0]), choices=choices(siblings, self.intent))
            return
        scored = fitting(asked, catalogue)
        if says(question_of(asked.tracker), "pair") and not scored:
            asked.say("utter_compare_unknown")
            return
        await _recommend(asked, catalogue, scored)


def fitting(asked: Asked, catalogue: Catalogue) -> list[tuple[int, Product]]:
    """Products in stock that answer the words, with a score, best first; the others are left out."""
    entities = [value.lower() for value in values_of(asked.tracker, "product")]
    text = " ".join([question_of(asked.tracker), *entities])
    kinds = [part for word, parts in table("kinds").items() if word in text for part in parts]
    names = [*_aliases_in(text, catalogue), *entities, *_wished(text, catalogue)]
    there = [p for p in catalogue.products if p.on_sale and stock_of(p)]
    scored = [(_score(text, names, kinds, p), p) for p in there]
    best = max((score for score, _ in scored), default=0)
    least = NAMED if best >= NAMED else KIND if kinds or any(p.category in text for p in there) else 1
    return sorted(((score, p) for score, p in scored if score >= least), key=lambda pair: -pair[0])


def _aliases_in(text: str, catalogue: Catalogue) -> list[str]:
    """Names of products in the text; one inside a longer one does not count."""
    names = {a.lower() for p in catalogue.products for a in p.aliases if a.lower() in text}
    return [name for name in names if not any(name != other and name in other for other in names)]


def _wished(text: str, catalogue: Catalogue) -> list[str]:
    """What 推荐个X的 asks for, if products are called by that word."""
    wish = heard(text, "wishes")
    return [wish] if wish and with_word(wish, catalogue) else []


def budget_of(asked: Asked) -> int | None:
    """The amount in the message in fen, or None."""
    yuan = value_of(asked.tracker, "money")
    found = _BUDGET.search(question_of(asked.tracker))
    if not yuan and found:
        yuan = found[1] or found[2]
    spoken = _SPOKEN.search(question_of(asked.tracker))
    if not yuan and spoken:
        yuan = str(_DIGITS[spoken[1]] * (1000 if spoken[2] == "千" else 100))
    try:
        return round(float(yuan) * 100) or None
    except ValueError:
        return None


NAMED = 1000
"""Being called what was asked for outweighs being of its kind."""
KIND = 100
"""Being of the kind that was asked for outweighs every need."""
NEED = 10
"""Answering a need outweighs how many words of the product say so."""


def _score(text: str, names: list[str], kinds: list[str], product: Product) -> int:
    words = f"{product.category} {product.title} {' '.join(product.aliases)}".lower()
    named = any(name in words for name in names)
    kind = product.category in text or any(k in words for k in kinds)
    return NAMED * named + KIND * kind + _answers(text, product)


def _answers(text: str, product: Product) -> int:
    """How well the product answers the needs in the text; 0 if it answers none of them."""
    whole = " ".join([product.category, product.title, *product.aliases, *product.specs.values()]).lower()
    wants = [words for words in needs().values() if any(w in text for w in words)]
    hits = [sum(word in whole for word in words) for words in wants]
    met = sum(bool(hit) for hit in hits) + _serves(text, product)
    return NEED * met + min(sum(hits), NEED - 1)


def _serves(text: str, product: Product) -> bool:
    """Whether it is made for as many people as the text says."""
    said = heard(text, "people")
    count = _DIGITS.get(said) or (int(said) if said.isdigit() else 0)
    ranges = [heard(value, "served") for name, value in product.specs.items() if says(name, "serves")]
    bounds = [[int(n) for n in _NUMBER.findall(found)] for found in ranges]
    return any(b[0] <= count <= b[-1] for b in bounds if b and count)


async def _talked_of(asked: Asked, catalogue: Catalogue) -> list[Product]:
    """The few offered, or the one in view and those like it, best first by the need that 哪个X tells.

    None where the message names goods, gives a budget, tells no need, or wants two compared.
    """
    text = question_of(asked.tracker)
    if not says(text, "which") or says(text, "pair") or budget_of(asked) is not None:
        return []
    if _aliases_in(text, catalogue) or any(word in text for word in table("kinds")):
        return []
    few = few_in_talk(asked, catalogue)
    if len(few) == 1:
        few += await alike(asked.session, few[0])
    scores = {p.id: _answers(text, p) for p in few}
    return sorted((p for p in few if scores[p.id]), key=lambda p: -scores[p.id])


async def _said_of_pair(asked: Asked, several: Sequence[Product]) -> bool:
    """Whether those just compared were asked about once more: what fits a budget, or what no page tells."""
    again = [p.id for p in several] == shown(asked.tracker) and asked.lately[1:2] == ["recommend_compare"]
    if len(several) < MOST_PAIRED or not again or asked.product_names:
        return False
    budget = budget_of(asked)
    within = [p for p in several if budget is not None and prices_of(p)[0] <= budget * STRETCH]
    if within and budget is not None:
        asked.say("utter_recommend_budget", budget=budget, **_shown(within))
        return True
    if any(_answers(question_of(asked.tracker), p) for p in several):
        return False
    asked.say("utter_compare_again", titles=[name_of(p) for p in several])
    return True


def _said_variant_here(asked: Asked, catalogue: Catalogue) -> bool:
    """干皮的呢: whether only a variant of the one in talk was named, and was told to be there or not."""
    few = few_in_talk(asked, catalogue)
    if len(few) != 1 or asked.product_names or len(asked.text) > MOST_OF_FRAGMENT:
        return False
    if not wished_options(asked, few[0]) or says(question_of(asked.tracker), "two"):
        return False
    say_stock(asked, few[0])
    return True


async def _recommend(asked: Asked, catalogue: Catalogue, scored: list[tuple[int, Product]]) -> None:
    budget = budget_of(asked)
    wish = heard(question_of(asked.tracker), "wishes")
    if not scored and budget is None and wish and not heard(wish, "no_wish"):
        asked.say(
            "utter_recommend_unknown",
            wished=wish,
            choices=choices(await to_show(asked.session), "product_info"),
        )
        return
    if not scored and budget is None:
        await _show_around(asked, catalogue)
        return
    pool = [p for _, p in scored] or [p for p in catalogue.products if p.on_sale and stock_of(p)]
    if budget is None:
        _keep_and_say(asked, "utter_recommend", pool[:MOST_SHOWN])
        if len(pool) == 1 and wished_options(asked, pool[0]):
            say_stock(asked, pool[0])
        return
    most = budget if says(question_of(asked.tracker), "at_most") else budget * STRETCH
    within = [p for p in pool if prices_of(p)[0] <= most]
    best = {p.id: score for score, p in scored}
    within.sort(key=lambda p: (-best.get(p.id, 0), -prices_of(p)[0]))
    if within:
        _keep_and_say(asked, "utter_recommend_budget", within[:MOST_SHOWN], budget=budget)
    else:
        nearest = sorted(pool, key=lambda p: prices_of(p)[0])[:MOST_SHOWN]
        asked.say("utter_recommend_over", budget=budget, **_shown(nearest))


async def _show_around(asked: Asked, catalogue: Catalogue) -> None:
    """Nothing to go by: products like the one in view, else a few of the shop's and its categories."""
    here = (await find(asked.session, asked.tracker)).product
    if here is not None:
        similar = await alike(asked.session, here)
        if similar:
            asked.say("utter_recommend_alike", title=name_of(here), **_shown(similar[:MOST_SHOWN]))
            return
    categories = list(dict.fromkeys(p.category for p in catalogue.products if p.on_sale))[:MAX_CHOICES]
    some = await to_show(asked.session)
    rows = [{"title": name, "product": name, "intent": "recommend_compare"} for name in categories]
    asked.say("utter_recommend_around", products=[product_fact(p) for p in some[:MOST_SHOWN]], kinds=rows)


def _keep_and_say(asked: Asked, response: str, products: list[Product], **facts: int) -> None:
    """Show a few products; what is said next is about them."""
    keep_offered(asked, products)
    asked.say(response, **facts, **_shown(products))


def _shown(products: list[Product]) -> Facts:
    return {
        "titles": [name_of(p) for p in products],
        "products": [product_fact(p) for p in products],
        "choices": choices(products, "product_info"),
    }
