"""What a product is, whether it is there, what comes with it, and whether it can be trusted."""

from __future__ import annotations

from actions.finding import clause, heard, manual_topic, name_of, question_of, says, spec_words, table
from actions.knowledge import answered_from_faq, answered_from_text, near_titles, without_names
from actions.session import Asked, ShopAction
from actions.showing import MOST_LISTED, product_fact, product_or_ask
from actions.stock import answered_as_goods, own_words
from actions.variants import values_of_option
from bot.shop.models import Product


class ActionProductInfo(ShopAction):
    """The attribute that was asked for, or a short card of the product."""

    intent = "product_info"
    after_faq = True

    async def answer(self, asked: Asked) -> None:
        """Only what the shop's own row says; what it does not say is said to be unsaid."""
        text = question_of(asked.tracker)
        if not asked.product_names and not asked.entity("product_id") and _looks_for_kind(text):
            asked.follow("action_recommend_compare")
            return
        if await answered_as_goods(asked):
            return
        if heard(text, "asks_price_of"):
            asked.follow("action_price_promo")
            return
        product = await product_or_ask(asked, lambda p: bool(answerable(text, p)))
        if product is None or _said_wearer(asked, product):
            return
        names = asked_specs(without_names(text, product), product)
        known = [name for name in names if name in product.specs]
        options = [name for name in names if name not in product.specs and values_of_option(product, name)]
        if options:
            listed = values_of_option(product, options[0])[:MOST_LISTED]
            asked.say("utter_product_options", title=name_of(product), name=options[0], values=listed)
        elif len(known) == 1:
            value = clause(product.specs[known[0]])
            asked.say("utter_product_spec", title=name_of(product), name=known[0], value=value)
        elif known:
            asked.say("utter_product_specs", title=name_of(product), product=product_fact(product, known))
        elif topic := manual_topic(text, product):
            asked.say("utter_usage_topic", title=name_of(product), topic=topic, how=product.usage[topic])
        elif answered_from_faq(asked, text):
            pass
        elif names:
            near = near_titles(text)
            asked.say("utter_product_unstated", title=name_of(product), name=names[0], near=near)
        elif not answered_from_text(asked, text, product):
            asked.say("utter_product_card", title=name_of(product), product=product_fact(product))


class ActionAuthenticity(ShopAction):
    """What the shop warrants: origin and freshness, in its own words."""

    intent = "authenticity"
    after_faq = True

    async def answer(self, asked: Asked) -> None:
        """Dates when asked for dates, else proof and what a fake would cost the shop."""
        goods = asked.policy.goods
        if says(question_of(asked.tracker), "fresh"):
            asked.say("utter_authentic_fresh", share=goods.fresh_percent)
        elif goods.genuine and goods.fake_pays:
            asked.say("utter_authentic", proof=clause(goods.proof), times=goods.fake_pays)
        else:
            asked.say("utter_authentic_proof", proof=clause(goods.proof))


def _looks_for_kind(text: str) -> bool:
    """有没有孕妇能吃的零食: goods of a kind are looked for, not an attribute of the one in talk."""
    return bool(heard(text, "looks_for")) and any(kind in text for kind in table("kinds"))


def _said_wearer(asked: Asked, product: Product) -> bool:
    """Whether the message asked if men or women can wear it, and the product's own words tell."""
    text = question_of(asked.tracker)
    if not says(text, "can_wear"):
        return False
    words = own_words(product)
    made_for = [wearer for wearer in table("wearers") if wearer in words]
    asked_for = next((w for w, said in table("wearers").items() if any(s in text for s in said)), "")
    if not asked_for or not made_for:
        return False
    if asked_for in made_for:
        asked.say("utter_product_wearer", title=name_of(product), wearer=asked_for)
    else:
        asked.say("utter_product_wearer_other", title=name_of(product), wearer=asked_for, made_for=made_for)
    return True


def asked_specs(text: str, product: Product) -> list[str]:
    """Attributes that the text asks for, by the product's own names where it has them.

    A name said outright beats a general word (功率多大 asks for 功率, not for 尺寸); a word inside a longer
    one does not count.
    """
    own = [*product.specs, *(name for sku in product.skus[:1] for name in sku.options)]
    outright = [name for name in [*own, *spec_words()] if name.lower() in text]
    if outright:
        return list(dict.fromkeys(_own_name(name, own) for name in sorted(outright, key=text.index)))
    hits = {
        name: max((w for w in words if w in text), key=len, default="")
        for name, words in spec_words().items()
    }
    said = [word for word in hits.values() if word]
    names = [
        n for n, word in hits.items() if word and not any(word != other and word in other for other in said)
    ]
    if names:
        named = [_own_name(name, own) for name in names]
        return list(dict.fromkeys([n for n in named if n in own] or named[:1]))
    return [name for name, value in product.specs.items() if _stated(value, text)]


def answerable(text: str, product: Product) -> list[str]:
    """Attributes that the text asks for and the product's row tells."""
    names = asked_specs(text, product)
    return [name for name in names if name in product.specs or values_of_option(product, name)]


def _own_name(name: str, own: list[str]) -> str:
    """The product's own name of an attribute: 面料 where the usual name is 材质."""
    if name in own:
        return name
    words = spec_words().get(name, ())
    return next((o for o in own if o.lower() in words or name in o), name)


def _stated(value: str, text: str) -> bool:
    """Whether the text asks about something that stands in the value: 是头层牛皮吗."""
    parts = value.lower().replace("、", " ").replace("，", " ").replace(",", " ").replace("/", " ").split()
    return any(len(part) > 1 and part in text for part in parts)
