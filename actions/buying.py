"""Ordering and paying, what sending costs, and who carries it. All figures are the shop's policy."""

from __future__ import annotations

from actions.finding import find, heard, name_of, prices_of, question_of, says, table, value_of
from actions.ordering import pays_by_card, wants_goods
from actions.orders import say_payable
from actions.picking import holding
from actions.regions import region_of
from actions.session import Asked, Facts, ShopAction
from actions.undertaking import begin
from actions.undertakings.buying import DoPayGiftCard, DoPlaceOrder
from bot.shop.models import OrderState, Product
from bot.shop.policy import Policy


class ActionOrderPayment(ShopAction):
    """How to order and pay, and what to do when it fails."""

    intent = "order_payment"

    async def answer(self, asked: Asked) -> None:
        """An order to place or to pay from the gift card, one's own unpaid order; then the shop's ways."""
        if await self._does(asked) or await say_payable(asked):
            return
        text, rules = question_of(asked.tracker), asked.policy.payment
        ways = [way.value for way in rules.ways]
        if says_deposit(asked):
            return
        if heard(text, "closes"):
            asked.say("utter_pay_closes", closes=rules.unpaid_closes)
        elif says(text, "fail"):
            asked.say("utter_pay_failed", ways=ways, closes=rules.unpaid_closes)
        elif says(text, "cash"):
            asked.say("utter_pay_cod" if rules.cod else "utter_pay_no_cod", ways=ways)
        elif says(text, "instalment"):
            _say_instalments(asked, ways)
        elif says(text, "company"):
            asked.say("utter_pay_company", ways=ways)
        elif says(text, "how"):
            asked.say("utter_pay_how", ways=ways, closes=rules.unpaid_closes)
        else:
            asked.say("utter_pay_ways", ways=ways, closes=rules.unpaid_closes)

    @staticmethod
    async def _does(asked: Asked) -> bool:
        """Whether goods are to be ordered, or an unpaid order paid from the gift card: that is begun."""
        if asked.session.identity is None:
            return False
        if wants_goods(asked) or asked.entity("sku_id"):
            await begin(asked, DoPlaceOrder)
            return True
        if not pays_by_card(asked.text):
            return False
        unpaid = [o for o in await asked.session.access_orders() if o.state is OrderState.UNPAID]
        names = asked.product_names
        meant = holding(asked.catalogue, unpaid, names) if names else unpaid
        new = bool(names and not meant) or (bool(asked.entity("quantity")) and not names)
        if meant and not new:
            order = next((o for o in meant if o.id == asked.shown_id), meant[0])
            await begin(asked, DoPayGiftCard, order_id=order.id)
        elif new:
            await begin(asked, DoPlaceOrder)
        return bool(meant) or new


class ActionShippingFee(ShopAction):
    """What sending costs, to the region that was named or everywhere."""

    intent = "shipping_fee"

    async def answer(self, asked: Asked) -> None:
        """A named region first, then the shopper's grade, then the product in view, then the rule."""
        rules = asked.policy.freight
        region = region_of(asked)
        shopper = await asked.session.access_shopper()
        free = shopper is not None and shopper.grade in _free_grades(asked.policy)
        if region and not (free and rules.delivers_to(region)):
            _say_region(asked, region)
            return
        if shopper is not None and free:
            asked.say("utter_freight_member", grade=shopper.grade)
            return
        product = (await find(asked.session, asked.tracker)).product
        if product is not None:
            _say_for_product(asked, product)
        remote: Facts = {"remote": list(rules.remote.provinces), "remote_fee": rules.remote.fee}
        response = "utter_freight_remote_note" if product is not None else "utter_freight_rule"
        usual = {} if product is not None else {"free_over": rules.free_over, "base": rules.base}
        asked.say(response, **usual, **remote)


class ActionCourierQuery(ShopAction):
    """Which carriers the shop uses, and whether one may be chosen."""

    intent = "courier_query"

    async def answer(self, asked: Asked) -> None:
        """Large goods travel their own way; a named carrier is answered; else the list."""
        rules = asked.policy.delivery
        carriers = [carrier.value for carrier in rules.carriers]
        product = (await find(asked.session, asked.tracker)).product
        if product is not None and product.category in rules.big.categories:
            asked.say("utter_courier_big", title=name_of(product), carrier=rules.big.carrier.value)
            if asked.product_names or (asked.session.page and asked.session.page.product_id):
                return
        named = carrier_of(asked)
        upgrade = rules.upgrade.value if rules.upgrade else ""
        if upgrade and named == upgrade:
            asked.say("utter_courier_upgrade", carrier=upgrade, fee=rules.upgrade_fee, carriers=carriers)
        elif named and named not in carriers:
            asked.say("utter_courier_not_used", carrier=named, carriers=carriers)
        elif named and not rules.choice:
            asked.say("utter_courier_no_choice", carrier=named, carriers=carriers)
        elif rules.choice:
            asked.say("utter_courier_choice", carriers=carriers)
        elif upgrade:
            asked.say("utter_courier_list_upgrade", carriers=carriers, carrier=upgrade, fee=rules.upgrade_fee)
        else:
            asked.say("utter_courier_list", carriers=carriers)


def says_deposit(asked: Asked) -> bool:
    """Whether the message is about a presale's deposit, and was told if it comes back."""
    rules = asked.policy.presale
    if not says(question_of(asked.tracker), "deposit"):
        return False
    late = "back" if rules.deposit_back_when_late else "late_kept"
    asked.say(f"utter_pay_deposit_{late if rules.deposit_back else 'kept'}", within=rules.balance_within)
    return True


def carrier_of(asked: Asked) -> str:
    """The code of the carrier that the message names, or empty."""
    text = f"{question_of(asked.tracker)} {value_of(asked.tracker, 'carrier').lower()}"
    return next((code for code, names in table("carriers").items() if any(n in text for n in names)), "")


def _say_instalments(asked: Asked, ways: list[str]) -> None:
    rules = asked.policy.payment
    if not rules.instalments:
        asked.say("utter_pay_no_instalments", ways=ways)
        return
    response = "utter_pay_instalments_free" if rules.instalments_free else "utter_pay_instalments"
    asked.say(response, parts=list(rules.instalments), lowest=rules.instalments_from)


def _say_region(asked: Asked, region: str) -> None:
    rules = asked.policy.freight
    if not rules.delivers_to(region):
        asked.say("utter_freight_undeliverable", region=region)
    elif not rules.is_remote(region):
        asked.say("utter_freight_usual", region=region, free_over=rules.free_over, base=rules.base)
    elif rules.remote.free_over is None:
        asked.say("utter_freight_remote_always", region=region, fee=rules.remote.fee)
    else:
        asked.say(
            "utter_freight_remote", region=region, fee=rules.remote.fee, free_over=rules.remote.free_over
        )


def _say_for_product(asked: Asked, product: Product) -> None:
    rules, price = asked.policy.freight, prices_of(product)[0]
    facts: Facts = {"title": name_of(product), "price": price, "free_over": rules.free_over}
    if rules.fee(price) == 0:
        asked.say("utter_freight_product_free", **facts)
    else:
        asked.say("utter_freight_product_fee", base=rules.base, short=rules.free_over - price, **facts)


def _free_grades(policy: Policy) -> set[str]:
    return {grade.name for grade in policy.membership if grade.free_freight}
