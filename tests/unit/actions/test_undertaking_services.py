"""Invoices and visits: asked for what is missing, restated to the letter, done after a yes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from actions.changes import CancelOrder, ModifyOrder
from actions.information import ProvideInfo
from actions.invoices import InvoiceHelp
from actions.logistics import DeliveryEta
from actions.service import WarrantyRepair
from actions.talk import ActionAffirm, ActionAskWhich, ActionDeny
from actions.undertakings.invoice_data import labelled
from actions.visits import DeliveryInstall
from bot.shop.models import Booking, BookingKind, BookingState, Invoice, InvoiceState, OrderState
from bot.shop.policy import load_policy
from tests.unit.actions.order_shop import COOKER, SHIRT, TODAY, Desk, ago, order
from tests.unit.actions.test_undertaking import OTHER, N, Shop, Talk, talk

__all__ = ["talk"]

S, Progress = OrderState, InvoiceState
FIRM, NUMBER, MAIL = "杭州云岫设计有限公司", "91330106MA2XE00011", "a@b.cn"
WASHER = replace(
    COOKER, id="P9", title="滚筒洗衣机", aliases=("洗衣机",), category="大家电", installation="免费上门安装。"
)
LAMP = replace(COOKER, id="P10", title="台灯", aliases=("台灯",), installation="自行安装灯泡即可。")
MORNING, AFTERNOON, EVENING = "09:00-12:00", "14:00-18:00", "18:00-20:00"


def day(ahead: int) -> str:
    """A day from today on."""
    return (TODAY + timedelta(days=ahead)).isoformat()


def visit(ahead: int, window: str = MORNING, kind: BookingKind = BookingKind.INSTALLATION) -> Booking:
    """A booked visit for the first order."""
    return Booking("B1", N, kind, BookingState.BOOKED, TODAY + timedelta(days=ahead), window)


def shop(talk: Talk, *orders: Any, policy: dict[str, Any] | None = None, **rows: Any) -> Talk:
    """The same talk over other orders."""
    data = replace(talk.shop.data, orders=orders, policy=load_policy(policy or {}), **rows)
    talk.shop = Shop(replace(data, products=(SHIRT, COOKER, WASHER, LAMP)))
    return talk


def signed(talk: Talk, *invoices: Invoice, **policy: Any) -> Talk:
    """One signed order of a shirt, and what invoices it has."""
    return shop(talk, order(N, S.SIGNED, signed=ago(2)), invoices=invoices, policy={"invoices": policy})


def washed(talk: Talk, *bookings: Booking, **more: Any) -> Talk:
    """One signed order of a washing machine, and what visits it has."""
    return shop(talk, order(N, S.SIGNED, WASHER, **{"signed": ago(2), **more}), bookings=bookings)


def the_invoice(talk: Talk) -> Invoice:
    """The newest one of the first order."""
    return max((i for i in talk.shop.data.invoices if i.order_id == N), key=lambda i: i.requested)


def the_visit(talk: Talk) -> Booking:
    """The only one."""
    (found,) = talk.shop.data.bookings
    return found


def issued(**more: Any) -> Invoice:
    """An invoice of yesterday."""
    plain = Invoice("I1", N, Progress.ISSUED, "electronic", FIRM, 7900, ago(2), NUMBER, MAIL, issued=ago(1))
    return replace(plain, **more)


# --- invoices ---------------------------------------------------------------------------------------------


async def test_all_of_an_invoice_in_one_message_is_restated_at_once(talk: Talk) -> None:
    """Order, kind, title, number, e-mail and amount; then it is there, and when it comes is told."""
    said = f"开个公司发票 抬头 {FIRM} 税号 {NUMBER} 发到 {MAIL}"
    heard = await signed(talk).hear(InvoiceHelp(), said, tax_number=NUMBER, email=MAIL)
    assert heard.names == ["utter_do_invoice_restate"]
    told = ("order_id", "invoice_kind", "head", "tax_number", "email", "amount")
    assert [heard.facts[name] for name in told] == [N, "electronic", FIRM, NUMBER, MAIL, 7900]
    done = await talk.hear(ActionAffirm(), "好的")
    assert (done.names, done.facts["due"]) == (["utter_do_invoice_done"], "2026-11-22T10:00:00+08:00")
    found = the_invoice(talk)
    assert (found.state, found.title, found.tax_number, found.email) == (
        Progress.REQUESTED,
        FIRM,
        NUMBER,
        MAIL,
    )


async def test_what_is_missing_is_asked_for_one_by_one(talk: Talk) -> None:
    """Whose, which kind, title, number, e-mail."""
    steps = [
        (InvoiceHelp(), "我要开发票", "invoice", {}, "buyer"),
        (InvoiceHelp(), "", "invoice", {"buyer": "company"}, "title"),
        (ProvideInfo(), FIRM, "provide_info", {}, "kind"),
        (InvoiceHelp(), "", "invoice", {"invoice_kind": "electronic"}, "tax_number"),
        (ProvideInfo(), "9133010612", "provide_info", {}, "tax_number_again"),
        (ProvideInfo(), NUMBER.lower(), "provide_info", {"tax_number": NUMBER}, "email"),
    ]
    signed(talk)
    for action, text, intent, entities, asks in steps:
        heard = await talk.hear(action, text, intent, **entities)
        assert heard.names == [f"utter_do_invoice_ask_{asks}"]
    heard = await talk.hear(ProvideInfo(), f"发到{MAIL}", email=MAIL)
    assert (heard.names, heard.facts["tax_number"]) == (["utter_do_invoice_restate"], NUMBER)
    assert talk.shop.writes == 0


async def test_a_person_needs_no_tax_number(talk: Talk) -> None:
    """By the button or in words; the kind is clear then."""
    await signed(talk).hear(InvoiceHelp(), "开发票")
    assert (await talk.hear(ProvideInfo(), "个人的")).names == ["utter_do_invoice_ask_email"]
    heard = await talk.hear(ProvideInfo(), MAIL, email=MAIL)
    assert (heard.facts["head"], heard.facts["with_tax_number"]) == ("个人", None)
    await talk.hear(ActionAffirm(), "确认")
    assert the_invoice(talk).title == "个人"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("给我开杭州云岫设计有限公司的发票", FIRM),
        ("发票抬头写杭州云岫设计有限公司", FIRM),
        ("抬头开错了 应该是杭州云岫设计有限公司", FIRM),
        ("公司名称：杭州云岫设计有限公司\n税号：91330106MA2XE00011", FIRM),
        ("抬头：开元北京分公司，开户行：某银行杭州分行", "开元北京分公司"),
        ("发票抬头 李雷 发到邮箱", "李雷"),
        ("抬头是长沙市向阳小学", "长沙市向阳小学"),
        ("开个公司发票", None),
        ("顺便洗衣机那单开张公司发票", None),
        ("用我们公司名开", None),
        ("抬头怎么改", None),
        ("开户行：某银行股份有限公司杭州分行", None),
    ],
)
async def test_a_title_is_found_where_one_is(talk: Talk, text: str, title: str | None) -> None:
    """With or without its label, and none in what only speaks of one."""
    await signed(talk).hear(InvoiceHelp(), text)
    assert talk.slots["doing"]["args"].get("title") == title


async def test_goods_are_no_title(talk: Talk) -> None:
    """改下发票抬头 T恤 names the order."""
    heard = await signed(talk, issued()).hear(InvoiceHelp(), "改下发票抬头 T恤", product="T恤")
    assert heard.names == ["utter_do_change_invoice_ask_buyer"]


def test_labelled_values_end_where_the_next_one_begins() -> None:
    """As firms paste them."""
    text = "名称:云岫 纳税人识别号 9133 地址、电话：文一西路1号 0571-8800000；开户行及账号：某银行 6222"
    assert labelled(text) == {
        "title": "云岫",
        "tax_number": "9133",
        "address_phone": "文一西路1号 0571-8800000",
        "bank_account": "某银行 6222",
    }


async def test_a_special_invoice_asks_for_all_that_it_needs(talk: Talk) -> None:
    """What the row has no place for is restated, kept by the ledger, and told to a person."""
    heard = await signed(talk).hear(InvoiceHelp(), "能开专票吗")
    assert heard.names == ["utter_do_invoice_ask_title_special"]
    said = f"{FIRM} 税号{NUMBER} 地址、电话：文一西路1号 0571-8800000"
    heard = await talk.hear(InvoiceHelp(), said, tax_number=NUMBER)
    assert heard.names == ["utter_do_invoice_ask_bank"]
    heard = await talk.hear(ProvideInfo(), "某银行杭州分行 账号 62220000123")
    assert heard.names == ["utter_do_invoice_ask_email"]
    heard = await talk.hear(ProvideInfo(), MAIL, email=MAIL)
    told = [heard.facts[name] for name in ("address", "phone", "bank", "account")]
    assert told == ["文一西路1号", "0571-8800000", "某银行杭州分行", "62220000123"]
    await talk.hear(ActionAffirm(), "确认")
    assert talk.session is not None
    (task,) = talk.session.tasks
    assert (the_invoice(talk).kind, task.facts["account"]) == ("special", "62220000123")


async def test_a_kind_that_the_shop_does_not_make_is_refused_before_anything_is_asked(talk: Talk) -> None:
    """Neither is a person asked for a tax number in vain."""
    heard = await signed(talk, kinds=["electronic"]).hear(InvoiceHelp(), "我要开专票")
    assert (heard.names, heard.facts["kinds"]) == (["utter_do_invoice_refused_no_kind"], ["electronic"])
    heard = await signed(talk).hear(InvoiceHelp(), "个人能开专票吗")
    assert heard.names == ["utter_do_invoice_refused_special_personal"]


@pytest.mark.parametrize(
    ("of", "code"),
    [
        (order(N, S.UNPAID, paid=None), "unpaid"),
        (order(N, S.SIGNED, paid=ago(400), placed=ago(400), signed=ago(390)), "past"),
        (order(N, S.SIGNED, payment="礼品卡", signed=ago(1)), "nothing_to_bill"),
    ],
)
async def test_an_order_that_gets_no_invoice_is_told_so_at_once(talk: Talk, of: Any, code: str) -> None:
    """With the reason, before a single question."""
    heard = await shop(talk, of).hear(InvoiceHelp(), "开发票", order_id=N)
    assert heard.names == [f"utter_do_invoice_refused_{code}"]


async def test_a_correction_goes_on_from_what_was_said(talk: Talk) -> None:
    """Another e-mail leaves the rest; another firm leaves its own number to be told."""
    said = f"开发票 抬头 {FIRM} 税号 {NUMBER} {MAIL}"
    await signed(talk).hear(InvoiceHelp(), said, tax_number=NUMBER, email=MAIL)
    heard = await talk.hear(InvoiceHelp(), "邮箱改成c@d.cn", email="c@d.cn")
    assert (heard.names, heard.facts["head"], heard.facts["email"]) == (
        ["utter_do_invoice_restate"],
        FIRM,
        "c@d.cn",
    )
    heard = await talk.hear(InvoiceHelp(), "抬头改成宁波潮汐贸易有限公司")
    assert heard.names == ["utter_do_invoice_ask_tax_number"]


async def test_an_aside_is_answered_and_is_no_title(talk: Talk) -> None:
    """什么时候到 while the title is asked for."""
    await signed(talk).hear(InvoiceHelp(), "开发票")
    await talk.hear(InvoiceHelp(), "", buyer="company")
    heard = await talk.hear(DeliveryEta(), "一般几天到")
    assert heard.names[-1] == "utter_doing_still_asks"
    assert "title" not in talk.slots["doing"]["args"]
    assert (await talk.hear(ActionAskWhich(), "谢谢你哦", "thanks_bye")).names[
        -1
    ] != "utter_do_invoice_ask_kind"


async def test_an_issued_invoice_is_made_anew(talk: Talk) -> None:
    """What the message does not change stays; the number of the former firm does not."""
    heard = await signed(talk, issued()).hear(InvoiceHelp(), "发票抬头开错了")
    assert heard.names == ["utter_do_change_invoice_ask_buyer"]
    heard = await talk.hear(ProvideInfo(), "个人")
    assert (heard.names, heard.facts["head"], heard.facts["email"]) == (
        ["utter_do_change_invoice_restate"],
        "个人",
        MAIL,
    )
    await talk.hear(ActionAffirm(), "可以")
    assert [i.title for i in talk.shop.data.invoices] == [FIRM, "个人"]


async def test_what_is_to_change_is_asked_where_nothing_is_named(talk: Talk) -> None:
    """Then the new value."""
    heard = await signed(talk, issued()).hear(InvoiceHelp(), "发票想重开一下")
    assert (heard.names, heard.facts["head"]) == (["utter_do_change_invoice_ask_change"], FIRM)
    assert (await talk.hear(InvoiceHelp(), "", invoice_field="email")).names == [
        "utter_do_change_invoice_ask_email"
    ]
    heard = await talk.hear(ProvideInfo(), "c@d.cn", email="c@d.cn")
    assert (heard.facts["head"], heard.facts["email"]) == (FIRM, "c@d.cn")


async def test_a_running_or_refused_invoice_takes_the_new_number(talk: Talk) -> None:
    """The running one in its row, the refused one anew."""
    new = "91330106MA2XE0002A"
    for state, count in ((Progress.REQUESTED, 1), (Progress.REFUSED, 2)):
        talk.slots.clear()
        signed(talk, issued(state=state, issued=None))
        heard = await talk.hear(InvoiceHelp(), f"税号改成{new}", tax_number=new)
        assert (heard.names, heard.facts["tax_number"]) == (["utter_do_change_invoice_restate"], new)
        await talk.hear(ActionAffirm(), "确认")
        assert (len(talk.shop.data.invoices), the_invoice(talk).tax_number) == (count, new)


@pytest.mark.parametrize(
    "text", ["发票开好了吗", "电子发票发我邮箱了吗", "发票怎么没给我", "个人要报销 发票呢"]
)
async def test_a_question_about_an_invoice_is_answered(talk: Talk, text: str) -> None:
    """Nothing is begun."""
    heard = await signed(talk, issued(title="个人", tax_number="")).hear(InvoiceHelp(), text)
    assert heard.names == ["utter_invoice_mailed"]


# --- visits -----------------------------------------------------------------------------------------------


async def test_a_visit_is_booked_from_one_message(talk: Talk) -> None:
    """明天上午来装 is a day and hours."""
    heard = await washed(talk).hear(DeliveryInstall(), "明天上午来装洗衣机", product="洗衣机", date=day(1))
    assert heard.names == ["utter_do_book_visit_restate"]
    told = ("order_id", "visit", "day", "window")
    assert [heard.facts[name] for name in told] == [N, "installation", day(1), MORNING]
    assert (await talk.hear(ActionAffirm(), "可以")).names == ["utter_do_book_visit_done"]
    assert (the_visit(talk).day.isoformat(), the_visit(talk).window) == (day(1), MORNING)


async def test_day_and_hours_are_asked_for_with_what_is_free(talk: Talk) -> None:
    """The next days, then the shop's hours; both by buttons or words."""
    heard = await washed(talk).hear(DeliveryInstall(), "帮我预约安装")
    assert heard.names == ["utter_do_book_visit_ask_day"]
    assert [row["day"] for row in heard.facts["days"]] == [day(1), day(2), day(3), day(4)]
    heard = await talk.hear(ProvideInfo(), "", date=day(3))
    assert heard.names == ["utter_do_book_visit_ask_window"]
    assert [row["window"] for row in heard.facts["windows"]] == [MORNING, AFTERNOON, EVENING]
    heard = await talk.hear(ProvideInfo(), "晚上吧")
    assert (heard.names, heard.facts["window"]) == (["utter_do_book_visit_restate"], EVENING)


@pytest.mark.parametrize(
    ("text", "entities", "window"),
    [
        ("明天下午三点来装", {"time": "15:00"}, AFTERNOON),
        ("明天3点来装", {"time": "03:00"}, AFTERNOON),
        ("明天9点到12点来装", {"time": "09:00+12:00"}, MORNING),
        ("明天上午不行 下午来装", {}, AFTERNOON),
    ],
)
async def test_hours_are_read_from_times_and_parts_of_the_day(
    talk: Talk, text: str, entities: dict[str, str], window: str
) -> None:
    """The shop's hours around a time; what is ruled out is none."""
    heard = await washed(talk).hear(DeliveryInstall(), text, date=day(1), **entities)
    assert (heard.names, heard.facts["window"]) == (["utter_do_book_visit_restate"], window)


async def test_hours_in_which_nobody_comes_are_asked_for_again(talk: Talk) -> None:
    """中午 is none of the shop's."""
    heard = await washed(talk).hear(DeliveryInstall(), "明天中午来装", date=day(1))
    assert heard.names == ["utter_do_book_visit_ask_window"]
    heard = await talk.hear(ProvideInfo(), "都行")
    assert (heard.names, heard.facts["window"]) == (["utter_do_book_visit_restate"], MORNING)


async def test_a_day_on_which_nobody_can_come_is_told_with_those_that_are_left(talk: Talk) -> None:
    """No dead end: the next message may name another."""
    heard = await washed(talk).hear(DeliveryInstall(), "预约今天安装", date=day(0))
    assert (heard.names, heard.facts["because"]) == (["utter_do_book_visit_ask_other_day"], "soon")
    heard = await talk.hear(ProvideInfo(), "那两个月后吧", date=day(60))
    assert (heard.facts["because"], heard.facts["first"], heard.facts["last"]) == ("far", day(1), day(30))
    heard = await talk.hear(DeliveryInstall(), "那后天下午来装", date=day(2))
    assert (heard.names, heard.facts["day"]) == (["utter_do_book_visit_restate"], day(2))


async def test_a_weekday_is_the_next_one(talk: Talk) -> None:
    """周三 said on a Saturday is not last Wednesday."""
    heard = await washed(talk).hear(DeliveryInstall(), "周三上午来装", date=day(-3))
    assert heard.facts["day"] == day(4)


@pytest.mark.parametrize(
    ("state", "product", "names"),
    [
        (S.PAID, WASHER, ["utter_do_book_visit_refused_not_sent"]),
        (S.SIGNED, SHIRT, ["utter_do_book_visit_refused_no_installation"]),
        (S.SIGNED, LAMP, ["utter_install_product"]),
    ],
)
async def test_goods_that_nobody_comes_for_are_told_so(
    talk: Talk, state: OrderState, product: Any, names: list[str]
) -> None:
    """Not sent yet, not installed at all, or installed by oneself."""
    shop(talk, order(N, state, product, signed=ago(1)))
    assert (await talk.hear(DeliveryInstall(), "预约安装")).names == names


@pytest.mark.parametrize("text", ["洗衣机包安装吗", "安装收费吗", "安装要准备什么"])
async def test_a_question_about_installing_is_answered(talk: Talk, text: str) -> None:
    """With the goods' own text, and the offer to book."""
    assert (await washed(talk).hear(DeliveryInstall(), text)).names == ["utter_install_bookable"]


@pytest.mark.parametrize(
    ("action", "text", "entities", "told"),
    [
        (DeliveryInstall(), "装机改到周六下午", {"date": day(7)}, (day(7), AFTERNOON)),
        (ModifyOrder(), "安装改到后天 时间不变", {"date": day(2)}, (day(2), MORNING)),
        (DeliveryInstall(), "安装改到晚上", {}, (day(5), EVENING)),
        (WarrantyRepair(), "师傅上门能推迟到周六下午吗", {"date": day(7)}, (day(7), AFTERNOON)),
    ],
)
async def test_a_visit_is_moved(
    talk: Talk, action: Any, text: str, entities: dict[str, str], told: Any
) -> None:
    """Other hours alone are of the same day."""
    heard = await washed(talk, visit(5)).hear(action, text, **entities)
    assert heard.names == ["utter_do_move_visit_restate"]
    assert (heard.facts["was_day"], heard.facts["was_window"]) == (day(5), MORNING)
    assert (heard.facts["day"], heard.facts["window"]) == told
    assert (await talk.hear(ActionAffirm(), "确认")).names == ["utter_do_move_visit_done"]
    assert (the_visit(talk).id, the_visit(talk).day.isoformat(), the_visit(talk).window) == ("B1", *told)


@pytest.mark.parametrize("text", ["装洗衣机的时间要改", "安装换个时间", "那天不在家 安装改期"])
async def test_when_to_move_it_is_asked_and_a_correction_heard(talk: Talk, text: str) -> None:
    """A day, then the hours, then others after the restatement."""
    heard = await washed(talk, visit(5)).hear(ModifyOrder(), text)
    assert heard.names == ["utter_do_move_visit_ask_day"]
    assert (await talk.hear(ProvideInfo(), "", date=day(3))).names == ["utter_do_move_visit_ask_window"]
    heard = await talk.hear(ProvideInfo(), "还是原来的时间")
    assert (heard.names, heard.facts["window"]) == (["utter_do_move_visit_restate"], MORNING)
    heard = await talk.hear(ProvideInfo(), "下午的")
    assert (heard.facts["day"], heard.facts["window"]) == (day(3), AFTERNOON)
    assert talk.shop.writes == 0


@pytest.mark.parametrize("action", [DeliveryInstall(), CancelOrder(), ModifyOrder()])
async def test_a_visit_is_called_off_and_the_order_stays(talk: Talk, action: Any) -> None:
    """Whatever 取消安装预约 was understood as."""
    heard = await washed(talk, visit(5)).hear(action, "取消安装预约")
    assert heard.names == ["utter_do_cancel_visit_restate"]
    assert (await talk.hear(ActionAffirm(), "确认")).names == ["utter_do_cancel_visit_done"]
    assert (the_visit(talk).state, talk.state) == (BookingState.CANCELLED, S.SIGNED)


async def test_on_its_own_day_a_visit_is_a_persons(talk: Talk) -> None:
    """The reason is told before a question."""
    for text in ("安装改到后天", "取消安装预约"):
        heard = await washed(talk, visit(0)).hear(DeliveryInstall(), text, date=day(2))
        assert heard.names[0].endswith("refused_visit_too_late")


async def test_when_somebody_comes_is_told(talk: Talk) -> None:
    """A question is no wish."""
    assert (await washed(talk, visit(5)).hear(DeliveryInstall(), "师傅什么时候来")).names == [
        "utter_install_booked"
    ]


async def test_a_repair_is_booked_within_the_warranty(talk: Talk) -> None:
    """What is sent in, or past its warranty, is not."""
    heard = await washed(talk).hear(WarrantyRepair(), "洗衣机坏了 预约上门维修", product="洗衣机")
    assert (heard.names, heard.facts["visit"]) == (["utter_do_book_visit_ask_day"], "repair")
    talk.slots.clear()
    heard = await washed(talk, signed=ago(2000)).hear(WarrantyRepair(), "预约上门维修")
    assert heard.names == ["utter_do_book_visit_refused_warranty_past"]
    sent_in = replace(WASHER, repair="寄回检测，运费由本店承担。")
    talk.shop = Shop(replace(talk.shop.data, products=(sent_in,)))
    assert (await talk.hear(WarrantyRepair(), "预约上门维修")).names[0] == "utter_warranty_past"


async def test_a_no_leaves_the_visit_as_it_was(talk: Talk) -> None:
    """And the invoice unasked for."""
    await washed(talk, visit(5)).hear(DeliveryInstall(), "安装改到后天", date=day(2))
    assert (await talk.hear(ActionDeny(), "算了")).names == ["utter_doing_dropped"]
    assert the_visit(talk) == visit(5)


async def test_one_order_of_several_is_meant(talk: Talk) -> None:
    """The machine that is installed, not the newest order."""
    other = order(OTHER, S.SIGNED, placed=ago(1), signed=ago(1))
    heard = await shop(talk, order(N, S.SIGNED, WASHER, signed=ago(2)), other).hear(
        DeliveryInstall(), "预约安装"
    )
    assert heard.facts["order_id"] == N


async def test_a_bare_time_right_after_a_visit_was_told_moves_it() -> None:
    """改到周三上午 is no change of another order that could still be changed."""
    orders = (order(N, S.SIGNED, WASHER, signed=ago(2)), order(OTHER, S.UNPAID, paid=None))
    desk = Desk(orders, more={"products": (SHIRT, WASHER), "bookings": (visit(5),)})
    before = ("delivery_install", "modify_order")
    heard = await desk.hear(ModifyOrder(), "改到周三上午", slots={"order_id": N}, before=before, date=day(4))
    assert (heard.names, heard.facts["order_id"]) == (["utter_do_move_visit_restate"], N)
    assert heard.facts["day"] == day(4)


async def test_a_repair_is_booked_beside_an_installation(talk: Talk) -> None:
    """Two kinds of visits are two visits."""
    heard = await washed(talk, visit(5)).hear(WarrantyRepair(), "帮我预约洗衣机维修", product="洗衣机")
    assert (heard.names, heard.facts["visit"]) == (["utter_do_book_visit_ask_day"], "repair")


async def test_another_order_is_named_by_its_goods_while_something_is_asked_for(talk: Talk) -> None:
    """不是这单 is no title, and what was said stays."""
    other = order(OTHER, S.SIGNED, WASHER, placed=ago(9), signed=ago(5))
    await shop(talk, order(N, S.SIGNED, signed=ago(2)), other).hear(InvoiceHelp(), "开发票 个人")
    heard = await talk.hear(ProvideInfo(), "不是这单 是洗衣机那单", product="洗衣机")
    assert (heard.names, heard.facts["order_id"]) == (["utter_do_invoice_ask_email"], OTHER)


async def test_a_warranty_that_lasts_comes_with_the_offer_of_a_visit(talk: Talk) -> None:
    """Where somebody comes at all."""
    comes = replace(WASHER, repair="保修期内免费上门检修。")
    talk.shop = Shop(replace(washed(talk).shop.data, products=(comes,)))
    assert (await talk.hear(WarrantyRepair(), "洗衣机保修多久")).names[-1] == "utter_warranty_bookable"
    talk.shop = Shop(replace(talk.shop.data, products=(WASHER,)))
    assert (await talk.hear(WarrantyRepair(), "洗衣机保修多久")).names[-1] == "utter_warranty_visit"
    assert (await talk.hear(WarrantyRepair(), "洗衣机坏了 报修")).names == ["utter_do_book_visit_ask_day"]


async def test_a_correction_is_heard_whatever_it_was_understood_as(talk: Talk) -> None:
    """不对 改成周五 after the restatement, as a change of some order or a question when it comes."""
    for action, intent in (
        (ModifyOrder(), "modify_order"),
        (DeliveryEta(), "delivery_eta"),
        (ActionDeny(), "deny"),
    ):
        talk.slots.clear()
        await washed(talk).hear(DeliveryInstall(), "明天上午来装", date=day(1))
        heard = await talk.hear(action, "不对 周五下午", intent, date=day(6))
        assert (heard.names, heard.facts["day"]) == (["utter_do_book_visit_restate"], day(6))


async def test_a_correction_of_an_invoice_is_of_the_one_just_talked_of(talk: Talk) -> None:
    """Though another order's was refused."""
    refused = replace(issued(state=Progress.REFUSED, issued=None), id="I2", order_id=OTHER)
    shop(talk, order(N, S.SIGNED), order(OTHER, S.SIGNED, placed=ago(9)), invoices=(issued(), refused))
    await talk.hear(InvoiceHelp(), "发票开好了吗", order_id=N)
    heard = await talk.hear(InvoiceHelp(), "发票抬头改成个人")
    assert (heard.names, heard.facts["order_id"]) == (["utter_do_change_invoice_restate"], N)


async def test_a_stranger_proves_an_order_before_somebody_comes() -> None:
    """Questions are answered to anybody."""
    for action in (DeliveryInstall(), WarrantyRepair()):
        assert (await Desk(who=None).hear(action, "帮我预约上门维修")).follows == ["order_proof_form"]
