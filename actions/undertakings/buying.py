"""Buying for a shopper: an order placed, an unpaid one paid from the gift card, a coupon claimed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actions.finding import find, name_of, shared
from actions.intents import before_buying
from actions.phrases import is_question, says
from actions.undertaking import Facts, Undertaking
from actions.undertakings.receivers import merged, said_receiver
from actions.variants import label, options_before, options_in, wished_options, with_options
from bot.places import is_street
from bot.shop.codes import PayWay
from bot.shop.models import Address, Coupon, CouponState, Product, Sku
from bot.shop.wishes import ClaimCoupon, Line, PayByGiftCard, PlaceOrder, Wish

if TYPE_CHECKING:
    from actions.session import Asked

MOST_VARIANTS = 8
PAYING = ("pays_by_gift_card", "names_gift_card", "uses_coupon", "no_coupon")
"""What may be said of how an order is paid."""
LEAST_OF_TITLE = 2
"""Characters of a coupon's title that a message must hold to mean that one."""
NOWHERE = Address("A-new", "", "", "", "", "", "")


class DoPlaceOrder(Undertaking):
    """Goods are ordered: unpaid, or paid at once from the gift card."""

    kind = "place_order"
    role = "sales"
    own_refusals = frozenset(
        {
            "undeliverable",
            "off_sale",
            "no_variant",
            "card_short",
            "no_such_way",
            "coupon_over",
            "coupon_short",
        }
    )

    def claims(self, asked: Asked) -> bool:
        """Whatever belongs into an order, too, where it is no question."""
        told = asked.entity("colour", "size", "quantity", "sku_id", "address_id", "phone")
        words = any(says(asked.text, each) for each in PAYING)
        said = told or words or said_receiver(asked, None)
        return super().claims(asked) or (bool(said) and not is_question(asked.text))

    async def take(self, asked: Asked, args: Facts, asks: str | None) -> Facts:
        """Product, variant, how many, where to and how it is paid, in any order."""
        given = await _with_product(asked, args)
        given = _with_variant(asked, given)
        given = await _with_receiver(asked, given, asks)
        if quantity := asked.entity("quantity"):
            given = {**given, "quantity": int(float(quantity))}
        if says(asked.text, "pays_by_gift_card") or says(asked.text, "names_gift_card"):
            given = {**given, "pay": PayWay.GIFT_CARD.value}
        return await _with_coupon(asked, given)

    async def missing(self, asked: Asked, args: Facts) -> str | None:
        """What, which variant, where to."""
        if "product_id" not in args:
            return "product"
        if "sku_id" not in args:
            return "variant"
        if _is_out(asked, args):
            return "variant_out"
        address = await _address(asked, args)
        return None if address.receiver and address.phone and is_street(address.street) else "address"

    async def question(self, asked: Asked, asks: str, args: Facts) -> Facts:
        """The variants in stock."""
        product = asked.catalogue.get(args.get("product_id", ""))
        if product is None:
            return {}
        possible = _still_possible(product, args) if asks == "variant" else product.skus
        rows = [{"title": label(s), "sku_id": s.id} for s in possible if s.stock]
        wanted = next((label(s) for s in product.skus if s.id == args.get("sku_id")), "")
        return {"title": name_of(product), "variants": rows[:MOST_VARIANTS], "wanted": wanted}

    async def wish(self, asked: Asked, args: Facts) -> Wish:
        """See Undertaking; a coupon is used where the shopper speaks of one: that, or the one worth most."""
        line = Line(args["product_id"], args["sku_id"], max(int(args.get("quantity", 1)), 1))
        pay = PayWay(args["pay"]) if args.get("pay") else None
        coupon = await _coupon(asked, args) if args.get("uses_coupon") else None
        buyer = asked.session.identity.shopper_id if asked.session.identity else ""
        address = await _address(asked, args)
        return PlaceOrder(buyer, (line,), address, coupon.id if coupon else "", pay)

    def variant(self, result: Facts) -> str:
        """Paid from the gift card, or to be paid."""
        return "_paid" if result["state"] == "paid" else ""

    async def told(self, asked: Asked, wish: Wish, result: Facts) -> Facts:
        """With the name that the goods go by, and until when it is to be paid."""
        facts = {**result, **_payment(asked, result), "closes": asked.policy.payment.unpaid_closes}
        product = asked.catalogue.get(wish.lines[0].product_id) if isinstance(wish, PlaceOrder) else None
        return {**facts, "title": name_of(product)} if product else facts


class DoPayGiftCard(Undertaking):
    """An unpaid order is paid from the gift card."""

    kind = "pay_gift_card"
    role = "sales"
    own_refusals = frozenset({"card_short", "pay_time_over", "not_unpaid", "no_such_way"})

    async def wish(self, asked: Asked, args: Facts) -> Wish:
        """See Undertaking."""
        return PayByGiftCard(args["order_id"])


class DoClaimCoupon(Undertaking):
    """A coupon that anyone may claim becomes the shopper's."""

    kind = "claim_coupon"
    role = "sales"
    own_refusals = frozenset({"claimed", "coupon_over", "no_coupon"})

    async def take(self, asked: Asked, args: Facts, asks: str | None) -> Facts:
        """The coupon pressed, else the one there is."""
        pressed = asked.entity("coupon_id")
        return {**args, "coupon_id": pressed} if pressed else args

    async def missing(self, asked: Asked, args: Facts) -> str | None:
        """Which one."""
        return None if "coupon_id" in args else "coupon"

    async def question(self, asked: Asked, asks: str, args: Facts) -> Facts:
        """Those that may be claimed."""
        rows = [{"title": c.title, "coupon_id": c.id} for c in await claimable(asked)]
        return {"coupons": rows}

    async def wish(self, asked: Asked, args: Facts) -> Wish:
        """See Undertaking."""
        buyer = asked.session.identity.shopper_id if asked.session.identity else ""
        return ClaimCoupon(buyer, args["coupon_id"])


async def claimable(asked: Asked) -> list[Coupon]:
    """Coupons that anyone may claim now and the shopper has not yet."""
    coupons, today = await asked.session.access_coupons(), asked.session.today
    own = {c.title for c in coupons if c.shopper_id}
    free = [c for c in coupons if not c.shopper_id and c.state is CouponState.USABLE and c.ends >= today]
    return [c for c in free if c.title not in own]


def _payment(asked: Asked, result: Facts) -> Facts:
    """A card that leads to the shop's own page for paying, where it has one; nothing is marked paid by it."""
    if result.get("state") != "unpaid":
        return {}
    url = asked.policy.payment.link(result["order_id"])
    until = (asked.session.now + asked.policy.payment.unpaid_closes.delta).isoformat()
    card = {name: result[name] for name in ("order_id", "title", "total")}
    return {"payment": {**card, "until": until, "url": url}} if url else {}


async def _with_product(asked: Asked, args: Facts) -> Facts:
    found = (await find(asked.session, asked.tracker)).product
    known = "product_id" in args
    if found is None or (known and (not asked.product_names or is_question(asked.text))):
        return args  # 丝巾什么材质 asks about goods, and orders none
    kept = {key: value for key, value in args.items() if key not in ("sku_id", "options")}
    return {**(args if args.get("product_id") == found.id else kept), "product_id": found.id}


def _with_variant(asked: Asked, args: Facts) -> Facts:
    """The variant pressed, or the only one that has all the options said so far."""
    product = asked.catalogue.get(args.get("product_id", ""))
    if product is None:
        return args
    pressed = asked.entity("sku_id")
    if any(sku.id == pressed for sku in product.skus):
        return {**args, "sku_id": pressed}
    told = {**wished_options(asked, product), **_typed(asked, product)}
    talked_of = {} if told or "options" in args else _just_talked_of(asked, product)
    options = {**args.get("options", {}), **talked_of, **told}
    given = {**args, "options": options} if options else args
    fits = with_options(product, options)
    return {**given, "sku_id": fits[0].id} if len(fits) == 1 else given


def _just_talked_of(asked: Asked, product: Product) -> dict[str, str]:
    """灰色有货吗, then 来一套: the variant that was asked about."""
    about_goods = any(name in before_buying() for name in asked.lately[1:2])
    return options_before(asked, product) if about_goods else {}


def _typed(asked: Asked, product: Product) -> dict[str, str]:
    return options_in(asked.text, [], product)


def _still_possible(product: Product, args: Facts) -> list[Sku]:
    return with_options(product, args.get("options", {})) or list(product.skus)


async def _with_receiver(asked: Asked, args: Facts, asks: str | None) -> Facts:
    """A saved address that was pressed, or what the message says of it."""
    if pressed := asked.entity("address_id"):
        return {**args, "address_id": pressed, "to": {}}
    said = said_receiver(asked, "where" if asks == "address" else None)
    saved = await _meant_address(asked, said)
    if saved is not None:
        kept = {part: said[part] for part in ("receiver", "phone") if part in said}
        return {**args, "address_id": saved.id, "to": kept}
    return {**args, "to": {**args.get("to", {}), **said}} if said else args


async def _meant_address(asked: Asked, said: Facts) -> Address | None:
    """The saved address that the message means without writing it out: 老地址, 寄拉萨, 静安那个."""
    shopper = await asked.session.access_shopper()
    saved = shopper.addresses if shopper else ()
    if said.get("street"):
        return None
    region = {part: said[part] for part in ("province", "city", "district") if said.get(part)}
    fits = [a for a in saved if region and all(getattr(a, part) == value for part, value in region.items())]
    if len(fits) == 1:
        return fits[0]
    if region or not says(asked.text, "usual_address"):
        return None
    return next((a for a in saved if a.default), saved[0] if saved else None)


async def _address(asked: Asked, args: Facts) -> Address:
    """The address pressed, else the default one, with what was said in the place of its parts."""
    shopper = await asked.session.access_shopper()
    saved = shopper.addresses if shopper else ()
    chosen = next((a for a in saved if a.id == args.get("address_id")), None)
    usual = next((a for a in saved if a.default), saved[0] if saved else NOWHERE)
    return merged(chosen or usual, args.get("to", {}))


def _is_out(asked: Asked, args: Facts) -> bool:
    """Whether the variant is sold out and others are not."""
    product = asked.catalogue.get(args["product_id"])
    stock = {sku.id: sku.stock for sku in product.skus} if product else {}
    return not stock.get(args["sku_id"], 1) and any(stock.values())


async def _with_coupon(asked: Asked, args: Facts) -> Facts:
    """Whether a coupon is used, and which: by what it is called, or by its sums."""
    if says(asked.text, "no_coupon"):
        return {**args, "uses_coupon": False}
    if not says(asked.text, "uses_coupon"):
        return args
    own = [c for c in await asked.session.access_coupons() if c.shopper_id]
    told = {c.id: shared(asked.text, c.title.lower()) for c in own}
    best = max(told.values(), default=0)
    named = [i for i, length in told.items() if length == best >= LEAST_OF_TITLE]
    chosen = {"coupon_id": named[0]} if len(named) == 1 else {}
    return {**args, "uses_coupon": True, **chosen}


async def _coupon(asked: Asked, args: Facts) -> Coupon | None:
    """The shopper's coupon that was named, while it can be used; else the best."""
    own = [c for c in await asked.session.access_coupons() if c.shopper_id]
    named = next((c for c in own if c.id == args.get("coupon_id")), None)
    usable = named is not None and named.state is CouponState.USABLE
    return named if usable else await _best_coupon(asked, args)


async def _best_coupon(asked: Asked, args: Facts) -> Coupon | None:
    """The shopper's usable coupon for this product that is worth most; None where none fits."""
    product = asked.catalogue.get(args["product_id"])
    sku = next((s for s in product.skus if s.id == args["sku_id"]), None) if product else None
    if product is None or sku is None:
        return None
    total = (sku.price or product.price) * int(args.get("quantity", 1))
    own = [c for c in await asked.session.access_coupons() if c.shopper_id and _is_for(c, product, total)]
    return max(own, key=lambda c: (_is_on(c, asked), c.off, c.id), default=None)


def _is_for(coupon: Coupon, product: Product, total: int) -> bool:
    meant = not coupon.categories or product.category in coupon.categories
    return coupon.state is CouponState.USABLE and meant and total >= coupon.over


def _is_on(coupon: Coupon, asked: Asked) -> bool:
    return coupon.begins <= asked.session.today <= coupon.ends
