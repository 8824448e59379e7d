"""Whether a product, one of its variants, or such a thing at all is there."""

from __future__ import annotations

from actions.finding import (
    Found,
    alike_in_name,
    find,
    goods_in,
    heard,
    matching,
    name_of,
    question_of,
    stock_of,
    to_show,
    value_of,
    values_of,
    with_word,
)
from actions.session import Asked, Facts, ShopAction
from actions.showing import (
    MOST_LISTED,
    ask_which_product,
    choices,
    product_or_ask,
    say_off_sale,
)
from actions.variants import (
    foreign_wish,
    label,
    options_before,
    wished_one_by_one,
    wished_options,
    with_options,
)
from bot.shop.models import Product, Sku

MOST_OTHERS = 5


class ActionStockQuery(ShopAction):
    """Whether a product, or the variant that was named, is there, and when it comes back."""

    intent = "stock_query"
    after_faq = True

    async def answer(self, asked: Asked) -> None:
        """Guard clauses from what cannot be bought at all to what simply can."""
        if not asked.entity("product_id") and not asked.product_names and _has_budget(asked):
            asked.follow("action_recommend_compare")
            return
        if await answered_as_goods(asked):
            return
        product = await product_or_ask(asked, lambda p: bool(wished_options(asked, p)))
        if product is None:
            return
        if not product.on_sale:
            await say_off_sale(asked, product)
            return
        say_stock(asked, product)


def _has_budget(asked: Asked) -> bool:
    """100以内的包有没有: goods of some price are looked for, not the ones in talk."""
    return bool(heard(question_of(asked.tracker), "budget"))


def say_stock(asked: Asked, product: Product) -> None:
    """The variant of this message, or the one asked before where only its return is asked; else all of it."""
    several = wished_one_by_one(asked, product)
    if len(several) > 1:
        for each in several:
            _say_variant(asked, product, each, with_options(product, each))
        return
    wish = wished_options(asked, product)
    foreign = foreign_wish(asked, product)
    if foreign and not wish:
        listed = [label(sku) for sku in product.skus if sku.stock][:MOST_LISTED]
        asked.say("utter_stock_no_option", title=name_of(product), wished=foreign, available=listed)
        return
    if not wish and heard(question_of(asked.tracker), "restock"):
        before = options_before(asked, product)
        wish = {} if any(sku.stock for sku in with_options(product, before)) else before
    chosen = with_options(product, wish)
    if wish and not chosen:
        listed = [label(sku) for sku in product.skus if sku.stock][:MOST_LISTED]
        wished = " ".join(wish.values())
        asked.say("utter_stock_no_option", title=name_of(product), wished=wished, available=listed)
    elif chosen and wish:
        _say_variant(asked, product, wish, chosen)
    else:
        _say_product(asked, product)


async def answered_as_goods(asked: Asked) -> bool:
    """Whether the message asked for a kind of goods, and was answered: which there are, or none.

    A product that the message names is not meant by that, nor a variant or attribute of the one in view.
    """
    catalogue = await asked.session.backend.catalogue()
    text = question_of(asked.tracker)
    goods = goods_in(text)
    if not goods or asked.entity("product_id", "colour", "size"):
        return False
    if matching([*values_of(asked.tracker, "product"), text], catalogue):
        return False
    here = (await find(asked.session, asked.tracker)).product
    if here is not None and goods in own_words(here):
        return False
    there = [p for p in with_word(goods, catalogue) if p.on_sale]
    if there:
        await ask_which_product(asked, Found(options=tuple(there)))
        return True
    similar = alike_in_name(goods, catalogue)
    offered = similar or await to_show(asked.session)
    response = "utter_stock_not_sold_alike" if similar else "utter_stock_not_sold"
    asked.say(response, wished=goods, choices=choices(offered, "product_info"))
    return True


def own_words(product: Product) -> str:
    """Every word that the shop writes of a product and its variants, in lower case."""
    values = [value for sku in product.skus for value in sku.options.values()]
    specs = [f"{name} {value}" for name, value in product.specs.items()]
    return " ".join([product.title, *product.aliases, *values, *specs, *product.gifts]).lower()


def _say_variant(asked: Asked, product: Product, wish: dict[str, str], chosen: list[Sku]) -> None:
    stock = sum(sku.stock for sku in chosen)
    facts: Facts = {"title": name_of(product), "option": " ".join(wish.values())}
    wanted = value_of(asked.tracker, "quantity")
    if stock and wanted.isdigit() and int(wanted) > stock:
        asked.say("utter_stock_short", stock=stock, wanted=int(wanted), **facts)
    elif stock:
        asked.say("utter_stock_in", stock=stock, **facts)
    else:
        back = min((sku.restock for sku in chosen if sku.restock), default=None)
        there = [sku for sku in product.skus if sku.stock]
        there.sort(key=lambda sku: -len(wish.items() & sku.options.items()))
        others = [label(sku) for sku in there][:MOST_OTHERS]
        ending = "_others" if others else ""
        if others:
            facts["others"] = others
        if back is not None:
            asked.say(f"utter_stock_restock{ending}", restock=back.isoformat(), **facts)
        else:
            asked.say(f"utter_stock_out{ending}", **facts)


def _say_product(asked: Asked, product: Product) -> None:
    there = [sku for sku in product.skus if sku.stock]
    gone = [sku for sku in product.skus if not sku.stock]
    total = stock_of(product)
    wanted = value_of(asked.tracker, "quantity")
    if not there:
        back = min((sku.restock for sku in gone if sku.restock), default=None)
        if back is not None:
            asked.say("utter_stock_all_restock", title=name_of(product), restock=back.isoformat())
        else:
            asked.say("utter_stock_all_out", title=name_of(product))
    elif wanted.isdigit() and int(wanted) > total:
        asked.say("utter_stock_all_short", title=name_of(product), stock=total, wanted=int(wanted))
    elif gone:
        asked.say("utter_stock_some", title=name_of(product), gone=[label(sku) for sku in gone][:MOST_LISTED])
    else:
        asked.say("utter_stock_all", title=name_of(product), stock=total)
