"""What every adapter promises of invoices and visits: done by the shop's rules, or nothing is changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from bot.shop.backend import ShopBackend
from bot.shop.codes import InvoiceKind
from bot.shop.doing.rows import Refused
from bot.shop.models import Booking, BookingKind, BookingState, Invoice, InvoiceState
from bot.shop.portable import ShopData, read
from bot.shop.tax_numbers import check_digit_fits, is_tax_number
from bot.shop.wishes import (
    BookVisit,
    CancelVisit,
    ChangeInvoice,
    MoveVisit,
    RequestInvoice,
    Wish,
    read_wish,
    write_wish,
)
from tests.contract.test_shop_backend import order, rows, sku

Made = Callable[[ShopData], ShopBackend]
NOW = datetime.fromisoformat("2026-11-21T10:00:00+08:00")
FIRM, NUMBER = "杭州云岫设计有限公司", "91330106MA2XE0001A"
PLAIN, SPECIAL, PAPER = InvoiceKind.ELECTRONIC, InvoiceKind.SPECIAL, InvoiceKind.PAPER
INSTALL, REPAIR = BookingKind.INSTALLATION, BookingKind.REPAIR
MORNING, AFTERNOON = "09:00-12:00", "14:00-18:00"
DETAILS = {
    "address": "文一西路1号",
    "phone": "0571-8800000",
    "bank": "某银行杭州分行",
    "account": "62220000123",
}


def day(number: int) -> date:
    """A day of that November."""
    return date(2026, 11, number)


def bought(number: str, product: str = "P1", **more: Any) -> dict[str, Any]:
    """An order of S1's for one product."""
    placed = more.pop("placed", "2026-11-10T09:00:00+08:00")
    row = order(number, "S1", placed, **{"state": "signed", "payment": "支付宝", **more})
    row["items"] = [{**row["items"][0], "product_id": product, "sku_id": f"{product}-1"}]
    return {**row, "signed": "2026-11-12T10:00:00+08:00"} if row["state"] == "signed" else row


def invoice(number: str, of: str, state: str, **more: Any) -> dict[str, Any]:
    """An invoice for a firm, asked for on the 15th."""
    plain = {
        "id": number,
        "order_id": of,
        "state": state,
        "kind": "electronic",
        "title": FIRM,
        "amount": 38000,
    }
    return {
        **plain,
        "requested": "2026-11-15T09:00:00+08:00",
        "tax_number": NUMBER,
        "email": "a@b.cn",
        **more,
    }


def data(**policy: Any) -> ShopData:
    """The shop of the reading contract with a machine that is installed, and orders of every sort."""
    given = rows()
    washer = {"id": "P5", "title": "洗衣机", "category": "大家电", "skus": [sku("P5-1")]}
    lamp = {
        "id": "P6",
        "title": "吸顶灯",
        "category": "灯具",
        "skus": [sku("P6-1")],
        "installation": "上门安装",
    }
    kettle = {"id": "P7", "title": "电水壶", "category": "厨具", "skus": [sku("P7-1")], "warranty_days": 5}
    given["products"] += [washer, lamp, kettle]
    refund = {
        "id": "R9",
        "state": "paid",
        "amount": 30000,
        "requested": "2026-11-13T09:00:00+08:00",
        "to": "支付宝",
    }
    given["orders"] += [
        bought("N1"),
        bought("N2", state="unpaid"),
        bought("N3", state="cancelled"),
        bought("N4", state="refunded"),
        bought("N5", payment="礼品卡"),
        bought("N6", payment="礼品卡+微信"),
        bought("N7", refund=refund),
        bought("N8", placed="2025-01-01T09:00:00+08:00"),
        *(bought(number) for number in ("I1", "I2", "I3", "I4")),
        bought("V1", "P5"),
        bought("V2", "P6", state="in_transit"),
        bought("V3", "P5", state="paid"),
        bought("V4", "P7"),
        bought("V5", "P5"),
    ]
    given["parcels"] += [
        {"waybill": "W9", "order_id": "V2", "carrier": "中通", "state": "in_transit", "traces": []}
        | {"expected": "2026-11-25"}
    ]
    given["invoices"] += [
        invoice("J1", "I1", "requested"),
        invoice("J2", "I2", "issued", issued="2026-11-16T09:00:00+08:00"),
        invoice("J3", "I3", "refused", reason="税号与抬头不一致"),
        invoice("J4", "I4", "issued", issued="2026-10-01T09:00:00+08:00"),
    ]
    visit = {"order_id": "V5", "kind": "installation", "state": "booked", "window": "13:00-15:00"}
    given["bookings"] += [
        {**visit, "id": "K1", "day": "2026-11-24"},
        {**visit, "id": "K2", "day": "2026-11-21", "kind": "repair"},
        {**visit, "id": "K3", "day": "2026-11-10", "state": "done"},
    ]
    return read({**given, "policy": policy})


def firm(of: str, **more: Any) -> RequestInvoice:
    """An ordinary invoice for a firm."""
    return RequestInvoice(
        of, **{"invoice_kind": PLAIN, "title": FIRM, "tax_number": NUMBER, "email": "a@b.cn", **more}
    )


def anew(of: str, **more: Any) -> ChangeInvoice:
    """The same, of an invoice that is there."""
    return ChangeInvoice(
        of, **{"invoice_kind": PLAIN, "title": FIRM, "tax_number": NUMBER, "email": "a@b.cn", **more}
    )


async def the_invoice(shop: ShopBackend, of: str) -> Invoice:
    """The one that counts."""
    found = await shop.invoice_of(of)
    assert found is not None
    return found


async def the_visit(shop: ShopBackend, of: str, kind: BookingKind = INSTALL) -> Booking:
    """The order's visit of a kind that is not over."""
    return next(b for b in await shop.bookings_of(of) if b.kind is kind and b.state is not BookingState.DONE)


async def test_an_invoice_is_asked_for_over_what_was_paid(make_shop: Made) -> None:
    """A new row with all that was said, and by when it comes."""
    shop = make_shop(data())
    done = await shop.do(firm("N1"), "k1", NOW)
    found = await the_invoice(shop, "N1")
    assert (found.state, found.kind, found.title, found.amount) == (
        InvoiceState.REQUESTED,
        "electronic",
        FIRM,
        38000,
    )
    assert (found.tax_number, found.email, found.requested) == (NUMBER, "a@b.cn", NOW)
    assert (done.result["amount"], done.result["due"]) == (38000, "2026-11-22T10:00:00+08:00")
    with pytest.raises(Refused, match="running"):
        await shop.do(firm("N1"), "k2", NOW)


async def test_what_has_gone_back_is_not_billed(make_shop: Made) -> None:
    """Of 380 yuan 300 were refunded."""
    shop = make_shop(data())
    await shop.do(RequestInvoice("N7", PLAIN, "个人", email="a@b.cn"), "k1", NOW)
    assert (await the_invoice(shop, "N7")).amount == 8000


async def test_a_shop_that_bills_gift_cards_bills_them(make_shop: Made) -> None:
    """`covers` says what is left out."""
    shop = make_shop(data(invoices={"covers": "按实付金额开具"}))
    await shop.do(firm("N5"), "k1", NOW)
    assert (await the_invoice(shop, "N5")).amount == 38000


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        (firm("nobody's"), "not_found"),
        (firm("N2"), "unpaid"),
        (firm("N3"), "cancelled"),
        (firm("N4"), "refunded"),
        (firm("O1"), "in_aftersales"),
        (firm("N5"), "nothing_to_bill"),
        (firm("N6"), "by_person"),
        (firm("N8"), "past"),
        (firm("I1"), "running"),
        (firm("I2"), "issued"),
        (firm("N1", invoice_kind=PAPER), "no_kind"),
        (firm("N1", invoice_kind=SPECIAL), "incomplete"),
        (firm("N1", tax_number=""), "incomplete"),
        (firm("N1", email=""), "incomplete"),
        (RequestInvoice("N1", SPECIAL, "个人", email="a@b.cn"), "special_personal"),
        (firm("N1", tax_number="91330106"), "bad_tax_number"),
        (firm("N1", email="a@b"), "bad_email"),
        (anew("N1"), "no_invoice"),
        (anew("I2"), "same"),
        (anew("I4", email="c@d.cn"), "change_past"),
        (anew("I3", invoice_kind=SPECIAL), "incomplete"),
        (BookVisit("nobody's", INSTALL, day(24), MORNING), "not_found"),
        (BookVisit("N3", INSTALL, day(24), MORNING), "cancelled"),
        (BookVisit("O1", INSTALL, day(24), MORNING), "in_aftersales"),
        (BookVisit("N1", INSTALL, day(24), MORNING), "no_installation"),
        (BookVisit("V3", INSTALL, day(24), MORNING), "not_sent"),
        (BookVisit("V5", INSTALL, day(24), MORNING), "booked"),
        (BookVisit("N1", REPAIR, day(24), MORNING), "no_warranty"),
        (BookVisit("V3", REPAIR, day(24), MORNING), "not_delivered"),
        (BookVisit("V4", REPAIR, day(24), MORNING), "warranty_past"),
        (BookVisit("V1", INSTALL, day(24), "22:00-23:00"), "window"),
        (MoveVisit("V5", "K9", day(25), MORNING), "no_visit"),
        (MoveVisit("V5", "K3", day(25), MORNING), "no_visit"),
        (MoveVisit("V5", "K2", day(25), MORNING), "visit_too_late"),
        (MoveVisit("V5", "K1", day(24), "13:00-15:00"), "same"),
        (MoveVisit("V1", "K1", day(25), MORNING), "no_visit"),
        (CancelVisit("V5", "K2"), "visit_too_late"),
        (CancelVisit("V5", "K3"), "no_visit"),
    ],
)
async def test_a_refusal_changes_nothing(make_shop: Made, wish: Wish, code: str) -> None:
    """Neither in a preview nor in earnest."""
    shop = make_shop(data())
    before = await _told(shop)
    for trial in (shop.preview(wish, NOW), shop.do(wish, "k1", NOW)):
        with pytest.raises(Refused) as refused:
            await trial
        assert refused.value.code == code
    assert await _told(shop) == before


async def test_a_person_has_no_tax_number(make_shop: Made) -> None:
    """Nor has a name."""
    shop = make_shop(data())
    await shop.do(RequestInvoice("N1", PLAIN, "个人", email="a@b.cn"), "k1", NOW)
    await shop.do(RequestInvoice("N7", PLAIN, "李雷", email="a@b.cn"), "k2", NOW)
    assert [(await the_invoice(shop, of)).title for of in ("N1", "N7")] == ["个人", "李雷"]


async def test_a_special_invoice_is_made_of_all_that_it_needs(make_shop: Made) -> None:
    """The ledger keeps what its row has no place for."""
    shop = make_shop(data())
    done = await shop.do(firm("N1", invoice_kind=SPECIAL, **DETAILS), "k1", NOW)
    assert (await the_invoice(shop, "N1")).kind == "special"
    assert done.args["account"] == DETAILS["account"]


async def test_an_issued_invoice_is_asked_for_anew(make_shop: Made) -> None:
    """The old row stays; the newest counts."""
    shop = make_shop(data())
    await shop.do(anew("I2", title="个人", tax_number=""), "k1", NOW)
    found = await the_invoice(shop, "I2")
    assert (found.id != "J2", found.title, found.tax_number, found.requested) == (True, "个人", "", NOW)


async def test_an_invoice_being_made_takes_the_new_data(make_shop: Made) -> None:
    """The same row under the same promise."""
    shop = make_shop(data())
    done = await shop.do(anew("I1", email="c@d.cn"), "k1", NOW)
    found = await the_invoice(shop, "I1")
    assert (found.id, found.email, done.result["due"]) == ("J1", "c@d.cn", "2026-11-16T09:00:00+08:00")


async def test_a_refused_invoice_may_be_asked_for_again(make_shop: Made) -> None:
    """With the number put right."""
    shop = make_shop(data())
    await shop.do(anew("I3", tax_number="91330106MA2XE00021"), "k1", NOW)
    assert (await the_invoice(shop, "I3")).state is InvoiceState.REQUESTED


async def test_of_whom_the_shop_knows_the_bank_is_not_asked_for_again(make_shop: Made) -> None:
    """A former invoice that it took names them."""
    shop = make_shop(data())
    await shop.do(firm("N1", invoice_kind=SPECIAL, **DETAILS), "k1", NOW)
    await shop.do(anew("N1", invoice_kind=SPECIAL, email="c@d.cn"), "k2", NOW)
    assert (await the_invoice(shop, "N1")).email == "c@d.cn"
    with pytest.raises(Refused, match="incomplete"):
        await shop.do(anew("N1", invoice_kind=SPECIAL, title="宁波潮汐贸易有限公司"), "k3", NOW)


@pytest.mark.parametrize(("wish", "of"), [(INSTALL, "V1"), (INSTALL, "V2"), (REPAIR, "V1")])
async def test_a_visit_is_booked(make_shop: Made, wish: BookingKind, of: str) -> None:
    """For big goods, for what is installed, and while the warranty lasts."""
    shop = make_shop(data())
    await shop.do(BookVisit(of, wish, day(26), AFTERNOON), "k1", NOW)
    found = await the_visit(shop, of, wish)
    assert (found.state, found.day, found.window) == (BookingState.BOOKED, day(26), AFTERNOON)
    with pytest.raises(Refused, match="booked"):
        await shop.do(BookVisit(of, wish, day(27), AFTERNOON), "k2", NOW)


@pytest.mark.parametrize(
    ("of", "on", "because"),
    [
        ("V1", day(20), "past"),
        ("V1", day(21), "soon"),
        ("V1", date(2026, 12, 22), "far"),
        ("V1", day(30), "holiday"),
        ("V2", day(24), "undelivered"),
    ],
)
async def test_nobody_comes_on_a_day_on_which_nobody_can(
    make_shop: Made, of: str, on: date, because: str
) -> None:
    """The reason and the days that are possible are told."""
    rest = {"name": "店休", "begins": "2026-11-30", "ends": "2026-11-30", "agents": False, "dispatch": False}
    shop = make_shop(data(shop={"holidays": [rest]}))
    with pytest.raises(Refused) as refused:
        await shop.do(BookVisit(of, INSTALL, on, MORNING), "k1", NOW)
    assert (refused.value.code, refused.value.facts["because"]) == ("day", because)
    assert refused.value.facts["first"] == ("2026-11-25" if of == "V2" else "2026-11-22")


async def test_hours_of_today_count_by_the_clock(make_shop: Made) -> None:
    """A shop that comes within four hours has no morning left at ten."""
    shop = make_shop(data(visits={"earliest": "4h"}))
    with pytest.raises(Refused) as refused:
        await shop.do(BookVisit("V1", INSTALL, day(21), MORNING), "k1", NOW)
    assert refused.value.facts["windows"] == [AFTERNOON, "18:00-20:00"]
    await shop.do(BookVisit("V1", INSTALL, day(21), AFTERNOON), "k2", NOW)


async def test_a_visit_keeps_its_number_when_it_is_moved(make_shop: Made) -> None:
    """And may keep hours that the shop offers no more."""
    shop = make_shop(data())
    done = await shop.do(MoveVisit("V5", "K1", day(28), "13:00-15:00"), "k1", NOW)
    found = await the_visit(shop, "V5")
    assert (found.id, found.day, found.window) == ("K1", day(28), "13:00-15:00")
    assert (done.result["was_day"], done.result["day"]) == ("2026-11-24", "2026-11-28")


async def test_a_visit_is_called_off(make_shop: Made) -> None:
    """Then another one may be booked."""
    shop = make_shop(data())
    await shop.do(CancelVisit("V5", "K1"), "k1", NOW)
    assert (await the_visit(shop, "V5")).state is BookingState.CANCELLED
    await shop.do(BookVisit("V5", INSTALL, day(24), MORNING), "k2", NOW)


@pytest.mark.parametrize(
    "wish", [firm("N1", invoice_kind=SPECIAL, **DETAILS), MoveVisit("V5", "K1", day(25), MORNING)]
)
def test_a_wish_comes_back_from_json_as_it_was(wish: Wish) -> None:
    """State and ledger keep its JSON."""
    assert read_wish(write_wish(wish)) == wish


@pytest.mark.parametrize(
    ("number", "is_one", "fits"),
    [
        ("91330106MA2XE0001A", True, False),
        ("91330106MA2XE0001R", True, True),
        ("330106123456789", True, True),
        ("33010612345678901234", True, True),
        ("91330106MA2XE000", False, True),
        ("91330106ma2xe00017", False, False),
    ],
)
def test_tax_numbers_have_a_form_and_unified_ones_a_check_digit(
    number: str, is_one: bool, fits: bool
) -> None:
    """The digit follows from the seventeen before it."""
    assert (is_tax_number(number), check_digit_fits(number)) == (is_one, fits)


async def _told(shop: ShopBackend) -> Any:
    """All invoices and visits that a wish could change."""
    orders = ("N1", "N5", "I1", "I2", "I3", "I4", "V1", "V2", "V5")
    return [(await shop.invoice_of(of), await shop.bookings_of(of)) for of in orders]
