"""What several goods come to, to the fen: grade, 满减, one coupon, freight to where they go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from actions.basket import SLOT, Basket, told_by_this_message
from actions.coupons import coupons_now, say_unusable
from actions.finding import clause, name_of
from actions.session import Asked, Facts
from actions.showing import choices
from actions.summing import PRICING, wanted_basket
from actions.variants import label
from actions.vouchers import unusable
from bot.shop.doing.buying import Bill, bill_of, price_now
from bot.shop.doing.rows import Moment
from bot.shop.models import Coupon, OrderItem, Product, Promotion, Shopper, Sku

USUAL = "usual"
"""The region of whoever has not told where it goes."""
MOST_VARIANTS = 8


@dataclass(frozen=True)
class Goods:
    """A line as it can be bought."""

    product: Product
    sku: Sku
    quantity: int
    price: int
    variant: tuple[str, ...] = ()

    def item(self) -> OrderItem:
        """As an order would hold it."""
        ids = (self.product.id, self.sku.id)
        return OrderItem(*ids, self.product.title, self.sku.options, self.quantity, self.price)

    @property
    def title(self) -> str:
        """What it is called, with what was told of its variant."""
        return " ".join([name_of(self.product), *self.variant])

    @property
    def stock(self) -> int:
        """Pieces of all variants that it may be."""
        skus = [s for s in self.product.skus if set(self.variant) <= set(s.options.values())]
        return sum(s.stock for s in skus)


async def told_sum(asked: Asked) -> bool:
    """Whether the message asked for a sum, and was told it or asked for what is missing."""
    if told_by_this_message(asked):
        return True
    promotions = await asked.session.backend.promotions()
    basket = await wanted_basket(asked, promotions)
    if basket is None:
        return False
    asked.keep(SLOT, basket.to_json())
    if not basket.lines:
        asked.say("utter_quote_empty")
    elif not _asks_open(asked, basket, promotions):
        await _tell(asked, basket, promotions)
    return True


def _asks_open(asked: Asked, basket: Basket, promotions: Sequence[Promotion]) -> bool:
    """Whether a line is open still, and was asked about: which goods, or which variant."""
    line = next((line for line in basket.lines if not line.sku_id), None)
    if line is None:
        return False
    products = [p for i in line.options if (p := asked.catalogue.get(i)) is not None]
    if len(products) != 1:
        asked.say("utter_quote_which", choices=choices(products, PRICING))
        return True
    product = products[0]
    rows = [
        {
            "title": label(sku),
            "intent": PRICING,
            "sku_id": sku.id,
            "price": price_now(product, sku, promotions, asked.session.now),
        }
        for sku in product.skus
        if sku.stock
    ]
    asked.say("utter_quote_variant", title=name_of(product), choices=rows[:MOST_VARIANTS])
    return True


async def _tell(asked: Asked, basket: Basket, promotions: Sequence[Promotion]) -> None:
    """The sum with its parts; what may come off beside; what is not there in such a number."""
    goods, shopper = _goods(asked, basket, promotions), await asked.session.access_shopper()
    home = next((a.province for a in shopper.addresses if a.default), "") if shopper else ""
    region = basket.region or home
    if not asked.policy.freight.delivers_to(region):
        asked.say("utter_freight_undeliverable", region=region)
        return
    coupon = await _coupon(asked, basket, goods, shopper, region, promotions)
    bill = _bill(asked, goods, shopper, coupon, region, promotions)
    _say_bill(asked, goods, bill, coupon, region)
    for each in goods:
        if each.stock < each.quantity:
            asked.say("utter_quote_short", title=each.title, stock=each.stock, wanted=each.quantity)
    for offer in _open_offers(asked, goods, promotions):
        asked.say("utter_quote_offer", offer=offer.title, rule=clause(offer.rule))
    if coupon is None:
        await _say_better(asked, goods, shopper, region, promotions, bill)


def _goods(asked: Asked, basket: Basket, promotions: Sequence[Promotion]) -> list[Goods]:
    found: list[Goods] = []
    for line in basket.lines:
        product = asked.catalogue.get(line.options[0])
        sku = next((s for s in product.skus if s.id == line.sku_id), None) if product else None
        if product is not None and sku is not None:
            price = price_now(product, sku, promotions, asked.session.now)
            found.append(Goods(product, sku, line.quantity, price, line.variant))
    return found


def _bill(
    asked: Asked,
    goods: Sequence[Goods],
    shopper: Shopper | None,
    coupon: Coupon | None,
    region: str,
    promotions: Sequence[Promotion],
) -> Bill:
    bought = [(each.item(), each.product) for each in goods]
    at = Moment(asked.session.now, asked.policy, "")
    return bill_of(bought, shopper, coupon, region, promotions, at)


async def _coupon(
    asked: Asked,
    basket: Basket,
    goods: Sequence[Goods],
    shopper: Shopper | None,
    region: str,
    promotions: Sequence[Promotion],
) -> Coupon | None:
    """The coupon that is wanted, told why where it cannot be used; None where none is."""
    if not basket.coupon:
        return None
    named = next((c for c in await asked.session.access_coupons() if c.id == basket.coupon), None)
    bought = [(each.item(), each.product) for each in goods]
    if named is not None:
        why = unusable(named, asked.session.today, bought)
        if why:
            say_unusable(asked, named, bought, why)
        return None if why else named
    best = await _best(asked, goods, shopper, region, promotions)
    if best is None:
        asked.say("utter_quote_no_coupon")
    return best


async def _best(
    asked: Asked,
    goods: Sequence[Goods],
    shopper: Shopper | None,
    region: str,
    promotions: Sequence[Promotion],
) -> Coupon | None:
    """The coupon with which least is to be paid, one's own before one to claim; None where none helps."""
    plain = _bill(asked, goods, shopper, None, region, promotions).total
    bought = [(each.item(), each.product) for each in goods]
    fit = [c for c in await coupons_now(asked.session) if not unusable(c, asked.session.today, bought)]
    totals = {c.id: _bill(asked, goods, shopper, c, region, promotions).total for c in fit}
    better = [c for c in fit if totals[c.id] < plain]
    return min(better, key=lambda c: (totals[c.id], not c.shopper_id, c.id), default=None)


def _say_bill(asked: Asked, goods: Sequence[Goods], bill: Bill, coupon: Coupon | None, region: str) -> None:
    """In a sentence, and line by line in a table."""
    cut, free = bill.discount > 0, bill.freight == 0
    name = f"utter_quote{'' if cut else '_plain'}{'_free' if free else ''}"
    asked.say(
        name,
        items=[f"{each.title}×{each.quantity}" for each in goods],
        goods=bill.goods,
        cut=bill.discount,
        region=region or USUAL,
        freight=bill.freight,
        total=bill.total,
        bill=_table(goods, bill, coupon),
    )


def _table(goods: Sequence[Goods], bill: Bill, coupon: Coupon | None) -> Facts:
    """The bill as a fact of type `table`."""
    rows = [[g.title, _money(g.price), str(g.quantity), _money(g.price * g.quantity)] for g in goods]
    cuts = (
        (_word("member"), bill.member),
        (bill.offer, bill.promotion),
        (coupon.title if coupon else "", bill.coupon),
    )
    rows += [[name, "", "", _money(-amount)] for name, amount in cuts if amount]
    rows += [[_word("freight"), "", "", _money(bill.freight)], [_word("total"), "", "", _money(bill.total)]]
    return {"title": "", "columns": [_word(n) for n in ("goods", "price", "quantity", "sum")], "rows": rows}


def _money(fen: int) -> Facts:
    return {"value": fen, "type": "money"}


def _word(code: str) -> Facts:
    return {"value": code, "type": "enum:quote"}


def _open_offers(asked: Asked, goods: Sequence[Goods], promotions: Sequence[Promotion]) -> list[Promotion]:
    """Running offers for these goods whose sum only the shop's own page can tell."""
    ids, now = {each.product.id for each in goods}, asked.session.now
    running = [p for p in promotions if p.begins <= now < p.ends and p.price is None and not p.off]
    return [p for p in running if not p.product_ids or ids & set(p.product_ids)][:1]


async def _say_better(
    asked: Asked,
    goods: Sequence[Goods],
    shopper: Shopper | None,
    region: str,
    promotions: Sequence[Promotion],
    bill: Bill,
) -> None:
    """The coupon that would make it less, one's own or one to claim first."""
    best = await _best(asked, goods, shopper, region, promotions)
    if best is None:
        return
    total = _bill(asked, goods, shopper, best, region, promotions).total
    name = "utter_quote_coupon" if best.shopper_id else "utter_quote_claim"
    asked.say(name, coupon=best.title, cut=bill.total - total, total=total)
