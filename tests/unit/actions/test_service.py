"""Manuals, repair, price protection, invoices, reviews, the account."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actions.invoices import InvoiceHelp
from actions.service import AccountMember, PriceProtect, Review, UsageHelp, WarrantyRepair
from bot.shop.access import Page
from bot.shop.models import Invoice, InvoiceState, OrderState, Promotion
from tests.unit.actions.order_shop import COOKER, Desk, ago, order

N = "100000000000000001"
S, Progress = OrderState, InvoiceState


async def test_usage_finds_the_manuals_topic() -> None:
    """The product of the page, the topic of the words."""
    heard = await Desk(who=None, page=Page("product", product_id="P2")).hear(UsageHelp(), "这个怎么清洗")
    assert (heard.names, heard.facts["topic"]) == (["utter_usage_topic"], "清洗")


async def test_usage_without_a_topic_lists_what_there_is() -> None:
    """The shopper chooses."""
    heard = await Desk(who=None).hear(UsageHelp(), "怎么用", product="电饭煲")
    assert heard.facts["topics"] == ["清洗", "放多少水"]


async def test_usage_of_clothes_is_in_their_specs() -> None:
    """怎么洗 is answered by the wash label."""
    heard = await Desk(who=None).hear(UsageHelp(), "T恤怎么洗", product="T恤")
    assert (heard.facts["topic"], heard.facts["how"]) == ("洗涤", "30℃以下机洗")


async def test_usage_means_the_order_with_a_manual() -> None:
    """A newer order of something without a manual does not hide it."""
    orders = (order(N, S.SIGNED, COOKER), order("100000000000000002", S.SIGNED, placed=ago(1)))
    assert (await Desk(orders).hear(UsageHelp(), "怎么用")).names == ["utter_usage_topics"]
    assert (await Desk(orders).hear(UsageHelp(), "羊毛大衣怎么收纳")).names == ["utter_knowledge_none"]


async def test_usage_of_nothing_known_asks_which() -> None:
    """One question, no guess."""
    assert (await Desk(who=None).hear(UsageHelp())).names == ["utter_usage_which"]


@pytest.mark.parametrize(("days", "response"), [(10, "utter_warranty_open"), (400, "utter_warranty_past")])
async def test_a_warranty_counts_from_signing(days: int, response: str) -> None:
    """The product's own days win over its category's."""
    heard = await Desk((order(N, S.FINISHED, COOKER, signed=ago(days)),)).hear(WarrantyRepair())
    assert (heard.names[0], heard.facts["covered"]) == (response, "365d")


async def test_goods_without_a_warranty_are_told_honestly() -> None:
    """A shirt has none; the quality window is named instead."""
    heard = await Desk((order(N, S.SIGNED, signed=ago(1)),)).hear(WarrantyRepair())
    assert heard.names == ["utter_warranty_none"]


async def test_price_protection_compares_with_todays_price() -> None:
    """The difference is counted over all pieces."""
    dear = order(N, S.SIGNED)
    dear = replace(dear, items=(replace(dear.items[0], price=9900, quantity=2),))
    dear = replace(dear, paid_total=19800)
    facts = (await Desk((dear,)).hear(PriceProtect())).facts
    assert (facts["response"], facts["amount"]) == ("utter_do_protect_price_restate", 4000)


async def test_price_protection_ends_with_its_window() -> None:
    """Paid 20 days ago: past; today: the same price."""
    past = await Desk((order(N, S.FINISHED, paid=ago(20)),)).hear(PriceProtect())
    assert past.names == ["utter_do_protect_price_refused_past"]
    same = await Desk((order(N, S.FINISHED),)).hear(PriceProtect())
    assert same.names == ["utter_do_protect_price_refused_not_lower"]
    assert (await Desk(who=None).hear(PriceProtect())).names == ["utter_price_protect_rules"]


@pytest.mark.parametrize(
    ("state", "more", "response"),
    [
        (Progress.REQUESTED, {}, "utter_invoice_requested"),
        (Progress.REQUESTED, {"requested": ago(3)}, "utter_invoice_late"),
        (Progress.ISSUED, {"issued": ago(1)}, "utter_invoice_issued"),
        (Progress.ISSUED, {"issued": ago(1), "email": "a@example.com"}, "utter_invoice_mailed"),
        (Progress.REFUSED, {}, "utter_invoice_refused"),
        (Progress.REFUSED, {"reason": "税号有误"}, "utter_invoice_refused_because"),
    ],
)
async def test_an_invoice_tells_how_far_it_is(
    state: InvoiceState, more: dict[str, object], response: str
) -> None:
    """Kind, head and amount come as facts."""
    found = replace(Invoice("I1", N, state, "电子普通发票", "个人", 7900, ago(hours=1)), **more)  # type: ignore[arg-type]
    heard = await Desk((order(N, S.SIGNED),), more={"invoices": (found,)}).hear(InvoiceHelp())
    assert (heard.names, heard.facts["head"]) == ([response], "个人")


async def test_how_long_an_invoice_takes_is_told_before_it_is_asked_for() -> None:
    """And anybody hears the rules."""
    heard = await Desk((order(N, S.SIGNED),)).hear(InvoiceHelp(), "发票多久能开好")
    assert (heard.names, heard.facts["amount"]) == (["utter_invoice_not_yet"], 7900)
    assert (await Desk(who=None).hear(InvoiceHelp())).names == ["utter_invoice_rules"]


async def test_reviews_and_accounts_are_answered_to_anybody() -> None:
    """A member also hears grade and points."""
    assert (await Desk(who=None).hear(Review())).names == ["utter_review_rules"]
    assert (await Desk(who=None).hear(AccountMember())).names == ["utter_account_help"]
    mine = await Desk().hear(AccountMember())
    assert mine.names == ["utter_account_mine"]


@pytest.mark.parametrize(
    ("excluded", "response"),
    [(True, "utter_do_protect_price_refused_excluded"), (False, "utter_do_protect_price_restate")],
)
async def test_a_flash_price_is_told_and_why_it_does_not_count(excluded: bool, response: str) -> None:
    """No shopper hears that nothing is cheaper while the page says otherwise."""
    flash = Promotion("M1", "秒杀", "", ago(1), ago(-1), ("P1",), price=5900)
    rules = {} if excluded else {"price_protection": {"exclusions": []}}
    heard = await Desk((order(N, S.SIGNED),), policy=rules, more={"promotions": (flash,)}).hear(
        PriceProtect()
    )
    assert (heard.names, heard.facts["was"], heard.facts["price"]) == ([response], 7900, 5900)


async def test_a_flash_sale_that_is_over_counts_for_nothing() -> None:
    """Only what runs now."""
    over = Promotion("M1", "秒杀", "", ago(2), ago(1), ("P1",), price=5900)
    heard = await Desk((order(N, S.SIGNED),), more={"promotions": (over,)}).hear(PriceProtect())
    assert heard.names == ["utter_do_protect_price_refused_not_lower"]


OLD = order("100000000000000002", S.FINISHED, placed=ago(20))


@pytest.mark.parametrize(
    ("state", "text", "meant"),
    [
        (Progress.REFUSED, "发票怎么没给我", OLD.id),
        (Progress.REQUESTED, "发票开好了没", OLD.id),
        (Progress.REFUSED, "帮我开一下发票", N),
        (Progress.ISSUED, "发票开好了没", N),
        (Progress.ISSUED, "发票抬头开错了", OLD.id),
    ],
)
async def test_an_invoice_that_needs_a_word_is_the_one_meant(
    state: InvoiceState, text: str, meant: str
) -> None:
    """Refused, late or being made goes before the order shown; a new one is for the order shown."""
    found = Invoice("I1", OLD.id, state, "电子普通发票", "个人", 7900, ago(hours=1), issued=ago(hours=1))
    desk = Desk((order(N, S.SIGNED), OLD), more={"invoices": (found,)})
    assert (await desk.hear(InvoiceHelp(), text, slots={"order_id": N})).facts["order_id"] == meant


async def test_an_invoice_past_its_change_is_said_to_be_so() -> None:
    """No change is offered after its last day."""
    found = Invoice("I1", N, Progress.ISSUED, "电子普通发票", "个人", 7900, ago(41), issued=ago(40))
    heard = await Desk((order(N, S.FINISHED),), more={"invoices": (found,)}).hear(InvoiceHelp(), "能改抬头吗")
    assert (heard.names, heard.facts["until"]) == (["utter_invoice_issued_past"], "2026-11-11")


async def test_a_special_invoice_is_made_or_not() -> None:
    """By the shop's kinds, with what it needs."""
    heard = await Desk(who=None).hear(InvoiceHelp(), "专票可以开吗")
    assert (heard.names, "tax_number" in heard.facts["needs"]) == (["utter_invoice_special"], True)
    plain = await Desk(who=None, policy={"invoices": {"kinds": ["electronic"]}}).hear(
        InvoiceHelp(), "能开专票吗"
    )
    assert plain.names == ["utter_invoice_no_special"]


@pytest.mark.parametrize(
    ("text", "response"),
    [
        ("评价不了", "utter_review_fails"),
        ("差评怎么删", "utter_review_delete"),
        ("评价能改吗", "utter_review_change"),
        ("怎么追评", "utter_review_again"),
        ("怎么评价", "utter_review_rules"),
    ],
)
async def test_of_reviews_the_part_asked_is_told(text: str, response: str) -> None:
    """Not everything at once."""
    assert (await Desk(who=None).hear(Review(), text)).names == [response]


@pytest.mark.parametrize(
    ("text", "response"),
    [
        ("密码忘了", "utter_account_password"),
        ("会员到期了怎么退", "utter_account_leave"),
        ("会员有什么好处", "utter_account_mine"),
        ("怎么换绑手机号", "utter_account_help"),
    ],
)
async def test_of_the_account_the_part_asked_is_told(text: str, response: str) -> None:
    """A password is no question of grade."""
    assert (await Desk().hear(AccountMember(), text)).names == [response]


async def test_what_members_get_is_told_to_anybody() -> None:
    """The grades and the highest one's perks."""
    assert (await Desk(who=None).hear(AccountMember(), "会员有什么好处")).names == ["utter_account_grades"]


async def test_usage_and_warranty_go_on_about_the_product_in_view() -> None:
    """放多少水, 保修几年 after a product was talked of."""
    view = {"product_id": "P2"}
    heard = await Desk(who=None).hear(UsageHelp(), "放多少水", slots=view)
    assert (heard.names, heard.facts["topic"]) == (["utter_usage_topic"], "放多少水")
    covered = await Desk(who=None).hear(WarrantyRepair(), "保修几年", slots=view)
    assert covered.names[0] == "utter_warranty_product"
