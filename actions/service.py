"""Beside the goods: manuals, repair, price protection, reviews, the shopper's account."""

from __future__ import annotations

from actions.aftersales import HELD, say_fault, warranty_of
from actions.finding import heard
from actions.grades import asks_grades, say_grades
from actions.knowledge import answered_from_faq, answered_from_text, near_titles, said_unknown
from actions.ordering import fault_code
from actions.orders import CANCELLED, MONEY_BACK, UNPAID, OrderAction
from actions.phrases import says
from actions.refunds import until
from actions.session import Asked, Facts, ShopAction
from actions.undertaking import begin
from actions.undertakings.claims import keep_fault, told_reason
from actions.undertakings.goodwill import DoProtectPrice
from actions.underway import begun_by_this_message
from actions.visits import await_visit, booked_visit, visited, wants_visit
from bot.shop.codes import Reason
from bot.shop.doing.claims import FAULTS, fault_window
from bot.shop.doing.visits import is_installed
from bot.shop.models import (
    AWAITING_DISPATCH,
    DELIVERED,
    ON_THE_WAY,
    BookingKind,
    Order,
    OrderItem,
    Product,
)


class UsageHelp(OrderAction):
    """usage_help: how is it used, cleaned, filled; what does the code mean."""

    intent = "usage_help"
    prefers = HELD

    async def answer(self, asked: Asked) -> None:
        """The product of the message, the page or the talk; a frequent question; then the one bought."""
        if heard(asked.text, "still_fails"):
            return asked.follow("action_product_problem")
        product = asked.product_in_view()
        if product is not None:
            return self._explain(asked, product)
        if answered_from_faq(asked, asked.text):
            return None
        return await super().answer(asked)

    def suits(self, asked: Asked, order: Order) -> int:
        """One whose product has something to explain."""
        product = asked.product_of(order)
        if product is not None and fault_code(asked, product):
            return 2
        return int(product is not None and bool(explained(asked.text, product) or product.usage))

    async def without(self, asked: Asked) -> None:
        """Ask which product it is about."""
        asked.say("utter_usage_which")

    async def about(self, asked: Asked, order: Order, others: list[Facts]) -> None:
        """The product of that order, unless care of other goods is asked for: then the titles near to it."""
        product = asked.product_of(order)
        if product is None:
            return await self.without(asked)
        cares = says(asked.text, "asks_care") or says(asked.text, "asks_storing")
        if cares and explained(asked.text, product) is None and said_unknown(asked, asked.text):
            return None
        return self._explain(asked, product)

    @staticmethod
    def _explain(asked: Asked, product: Product) -> None:
        title = product.aliases[0] if product.aliases else product.title
        if say_fault(asked, product):
            return None
        if found := explained(asked.text, product):
            return asked.say("utter_usage_topic", title=title, topic=found[0], how=found[1])
        if answered_from_faq(asked, asked.text) or answered_from_text(asked, asked.text, product):
            return None
        if product.usage:
            return asked.say("utter_usage_topics", title=title, topics=list(product.usage))
        if product.manual_url:
            return asked.say("utter_usage_manual", title=title, link=product.manual_url)
        return asked.say("utter_usage_none", title=title, near=near_titles(asked.text))


def explained(text: str, product: Product) -> tuple[str, str] | None:
    """Topic and text of the manual that answer the message, or of the specs on care; else None."""
    topic = topic_of(text, product)
    if topic:
        return topic, product.usage[topic]
    if not says(text, "asks_care"):
        return None
    return next(((name, value) for name, value in product.specs.items() if says(name, "care_spec")), None)


def topic_of(text: str, product: Product) -> str:
    """The manual's topic that shares most with the message, by pairs of characters; empty if none does."""
    said = _pairs(text)
    best = max(product.usage, key=lambda t: len(_pairs(t) & said) / max(len(_pairs(t)), 1), default="")
    if best and _pairs(best) & said:
        return best
    return next(iter(product.usage)) if len(product.usage) == 1 else ""


def _pairs(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)}


class WarrantyRepair(OrderAction):
    """warranty_repair: how long, how, who pays."""

    intent = "warranty_repair"
    prefers = HELD

    def suits(self, asked: Asked, order: Order) -> int:
        """One whose product has a warranty at all."""
        return int(warranty_of(asked, asked.product_of(order)) is not None)

    async def without(self, asked: Asked) -> None:
        """The product's own warranty if one is meant, then the rules; for a visit an order is proved."""
        if wants_visit(asked) and asked.session.identity is None:
            return asked.prove_first()
        product = asked.product_in_view()
        covered = warranty_of(asked, product)
        if product is not None and covered is not None:
            asked.say("utter_warranty_product", title=product.title, covered=covered)
        return self._say_rules(asked)

    async def about(self, asked: Asked, order: Order, others: list[Facts]) -> None:
        """The visit that is booked, else until when this order's product is repaired free of charge."""
        if told_reason(asked, Reason.NO_REASON) in FAULTS:
            keep_fault(asked, order, told_reason(asked, Reason.QUALITY))
        product = asked.product_of(order)
        comes = product is None or not is_sent_in(product)
        comes = comes or await booked_visit(asked, order, BookingKind.REPAIR) is not None
        about = says(asked.text, "about_visit") or asked.entity("visit")
        if comes and about and await visited(asked, order, BookingKind.REPAIR, others):
            return None
        covered = warranty_of(asked, product)
        facts = {**asked.named(order), "others": others}
        if covered is None:
            return asked.say("utter_warranty_none", **facts, quality_window=fault_window(asked.policy))
        last = until(asked, order, covered)
        open_still = last >= asked.session.today
        days = {"until": last.isoformat(), "covered": covered}
        asked.say("utter_warranty_open" if open_still else "utter_warranty_past", **facts, **days)
        comes = product is not None and is_repaired_at_home(asked, product)
        bookable = open_still and comes and order.state in DELIVERED
        if product is not None and product.repair:
            name = "utter_warranty_bookable" if bookable else "utter_warranty_how"
            asked.say(name, how=product.repair)
            return await await_visit(asked, order, BookingKind.REPAIR) if bookable else None
        if bookable:
            asked.say("utter_warranty_visit", needs=list(asked.policy.warranty.needs))
            return await await_visit(asked, order, BookingKind.REPAIR)
        return self._say_rules(asked)

    async def presses(self, asked: Asked, order: Order) -> int:
        """One that somebody comes to repair, where the message is about a visit."""
        about = says(asked.text, "about_visit")
        return int(about and await booked_visit(asked, order, BookingKind.REPAIR) is not None)

    @staticmethod
    def _say_rules(asked: Asked) -> None:
        rule = asked.policy.warranty
        asked.say(
            "utter_warranty_rules",
            needs=list(rule.needs),
            excludes=list(rule.excludes),
            payer=rule.freight.value,
            repair=rule.repair,
        )


def is_sent_in(product: Product) -> bool:
    """Whether goods are repaired where they are sent to, by their own text, and nobody comes."""
    return says(product.repair, "sent_for_repair") and not says(product.repair, "comes_home")


def is_repaired_at_home(asked: Asked, product: Product) -> bool:
    """Whether somebody comes, by the goods' own text; where there is none, for what is installed as well."""
    return says(product.repair, "comes_home") if product.repair else is_installed([product], asked.policy)


class PriceProtect(OrderAction):
    """price_protect: it got cheaper after I paid."""

    intent = "price_protect"
    prefers = (DELIVERED | ON_THE_WAY | AWAITING_DISPATCH,)

    def suits(self, asked: Asked, order: Order) -> int:
        """One that costs less now."""
        return int(any(_price(asked, item) < item.price for item in order.items))

    async def answer(self, asked: Asked) -> None:
        """书桌换1.2米的 差价退我: the difference of an exchange that this message began is no other claim."""
        if not begun_by_this_message(asked):
            await super().answer(asked)

    async def without(self, asked: Asked) -> None:
        """The shop's rule."""
        rule = asked.policy.price_protection
        exclusions = [e.value for e in rule.exclusions]
        asked.say("utter_price_protect_rules", window=rule.window, times=rule.times, exclusions=exclusions)

    async def about(self, asked: Asked, order: Order, others: list[Facts]) -> None:
        """Give the difference back where the shop's rule does; a person may ask for the rule alone."""
        if order.state in UNPAID | CANCELLED | MONEY_BACK or says(asked.text, "asks_protection_rule"):
            return await self.without(asked)
        return await begin(asked, DoProtectPrice, others, order_id=order.id)


def _price(asked: Asked, item: OrderItem) -> int:
    """What an order's item costs now; its own price where it is sold no more."""
    product = asked.catalogue.get(item.product_id)
    sku = next((s for s in product.skus if s.id == item.sku_id), None) if product else None
    return sku.price if sku is not None else item.price


class Review(ShopAction):
    """review: how and until when; a bad one is listened to, never bought off."""

    intent = "review"

    async def answer(self, asked: Asked) -> None:
        """The part that was asked, else the rule."""
        rule = asked.policy.reviews
        if heard(asked.text, "harasses"):
            return asked.follow("action_complaint")
        if heard(asked.text, "cashback"):
            name = "utter_review_cashback" if rule.points else "utter_review_cashback_plain"
            return asked.say(name, within=rule.within, points=rule.points)
        part = "review_fails" if heard(asked.text, "upload_fails") else None
        part = part or next((topic for topic in REVIEW_PARTS if says(asked.text, topic)), None)
        name = (
            REVIEW_PARTS[part]
            if part
            else "utter_review_rules"
            if rule.points
            else "utter_review_rules_plain"
        )
        return asked.say(
            name,
            within=rule.within,
            change=rule.change_within,
            follow_up=rule.follow_up_within,
            points=rule.points,
        )


REVIEW_PARTS = {
    "review_fails": "utter_review_fails",
    "review_again": "utter_review_again",
    "review_delete": "utter_review_delete",
    "review_change": "utter_review_change",
}
"""Part of the topic, by its pattern, to its response."""


class AccountMember(ShopAction):
    """account_member: grade and points, password, phone, closing an account."""

    intent = "account_member"

    async def answer(self, asked: Asked) -> None:
        """The part that was asked; else what a signed-in shopper has, and what anybody can do."""
        shopper = await asked.session.access_shopper()
        if heard(asked.text, "birthday"):
            gives = asked.policy.account.birthday_gift
            return asked.say("utter_account_birthday" if gives else "utter_account_no_birthday")
        if heard(asked.text, "changed_phone"):
            return asked.say("utter_account_phone")
        if says(asked.text, "lost_password"):
            return asked.say("utter_account_password")
        if says(asked.text, "leaves_membership"):
            return asked.say("utter_account_leave")
        if asks_grades(asked):
            return say_grades(asked)
        perks = {g.name: list(g.perks) for g in asked.policy.membership}
        if says(asked.text, "asks_perks") and any(perks.values()) and shopper is None:
            names = list(perks)
            return asked.say("utter_account_grades", grades=names, grade=names[-1], perks=perks[names[-1]])
        if shopper is not None and not says(asked.text, "about_account"):
            mine = perks.get(shopper.grade, [])
            name = "utter_account_mine" if mine else "utter_account_mine_plain"
            return asked.say(name, grade=shopper.grade, points=shopper.points, perks=mine)
        return asked.say("utter_account_help", close_after=asked.policy.account.close_after)
