"""A person takes over, and only when one is wanted."""

from __future__ import annotations

from datetime import date

import pytest
import yaml

from actions.handoff import Compensation, Complaint, HumanAgent
from actions.intents import talk
from actions.session import ShopAction
from actions.talk import ActionUrgeReply
from bot.errors import ShopDown
from bot.settings import ROOT
from bot.shop.memory import MemoryShop
from tests.unit.actions.order_shop import Desk, on

SATURDAY, NEW_YEAR = date(2026, 11, 21), date(2027, 2, 6)


@pytest.mark.parametrize(
    "text",
    [
        "转人工",
        "人工",
        "叫你们主管来",
        "你是不是机器人啊 给我转人工",
        "zrg",
        "垃圾机器人 换人工",
        "我要跟人说话",
    ],
)
async def test_an_explicit_wish_queues(text: str) -> None:
    """The desk is asked for a person, with a reason and a role."""
    heard = await Desk().hear(HumanAgent(), text)
    assert heard.names == ["utter_handoff_queued"]
    assert heard.facts["custom"]["handoff"]["reason"] == "asked_for_person"


@pytest.mark.parametrize(
    "text", ["你是机器人吗？", "是人工吗", "你是真人吗", "是机器人回复的吧", "你是人还是机器", "AI?"]
)
async def test_a_question_about_the_bot_is_answered_and_queues_nobody(text: str) -> None:
    """The truth first; a person by button."""
    heard = await Desk().hear(HumanAgent(), text)
    assert heard.names == ["utter_handoff_identity"]
    assert heard.facts["custom"] == {}


async def test_a_shop_that_is_down_keeps_nobody_from_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither its hours nor its goods are needed for that; other questions are not answered from nothing."""

    async def down(_: object) -> None:
        raise ShopDown("no connection")

    monkeypatch.setattr(MemoryShop, "policy", down)
    heard = await Desk().hear(HumanAgent(), "转人工")
    assert heard.names == ["utter_handoff_shop_down"]
    assert heard.facts["custom"]["handoff"]["reason"] == "asked_for_person"
    with pytest.raises(ShopDown):
        await Desk().hear(Complaint(), "投诉你们")


async def test_a_question_for_hours_or_phone_is_answered() -> None:
    """From the policy."""
    hours = await Desk().hear(HumanAgent(), "人工几点上班")
    phone = await Desk().hear(HumanAgent(), "人工客服电话多少")
    assert (hours.names, hours.facts["weekday_begins"]) == (["utter_handoff_hours"], "09:00")
    assert (phone.names, phone.facts["phone"]) == (["utter_handoff_phone"], "400-820-2121")
    assert (await Desk().hear(HumanAgent(), "怎么联系你们")).names == ["utter_handoff_phone"]


@pytest.mark.parametrize(
    "text",
    [
        "你们客服几点上班",
        "几点下班",
        "周末有人吗",
        "晚上有客服吗",
        "半夜有没有人",
        "国庆客服放假吗",
        "人工24小时在线吗",
    ],
)
async def test_when_people_are_there_is_told_and_queues_nobody(text: str) -> None:
    """A question about hours in whatever words."""
    heard = await Desk().hear(HumanAgent(), text)
    assert (heard.names, heard.facts["custom"]) == (["utter_handoff_hours"], {})


async def test_the_rule_for_a_late_dispatch_is_told_and_queues_nobody() -> None:
    """延迟发货怎么赔: the sum of the policy; without one a person decides."""
    heard = await Desk().hear(Compensation(), "延迟发货怎么赔")
    assert (heard.names, heard.facts["amount"]) == (["utter_compensation_late"], 500)
    none = {"dispatch": {"late_compensation": 0}}
    assert (await Desk(policy=none).hear(Compensation(), "延迟发货怎么赔")).names == [
        "utter_compensation_queued"
    ]


@pytest.mark.parametrize(
    ("text", "name"), [("呵呵", "utter_complaint_which"), ("你们真坑", "utter_complaint_queued")]
)
async def test_a_snort_is_asked_about_before_anybody_is_called(text: str, name: str) -> None:
    """Nobody could take up 呵呵."""
    assert (await Desk().hear(Complaint(), text)).names == [name]


def test_who_tells_nothing_is_read_from_the_data() -> None:
    """The talk intents of data/lexicon/intents.yml and the wish for a person, nowhere else."""
    stages = yaml.safe_load((ROOT / "data" / "lexicon" / "intents.yml").read_text("utf-8"))["stages"]
    assert talk() == {*stages["dialogue"], "human_agent"}


async def test_at_night_the_reply_tells_when_people_are_back() -> None:
    """Queued all the same; the message is kept."""
    heard = await Desk(now=on(SATURDAY, 23)).hear(HumanAgent(), "转人工")
    assert (heard.names, heard.facts["back"]) == (["utter_handoff_later"], "2026-11-22T10:00:00+08:00")
    assert heard.facts["custom"]["handoff"]


@pytest.mark.parametrize(
    ("action", "waiting", "said"),
    [
        (HumanAgent(), "asked_for_person", "utter_handoff_again_later"),
        (HumanAgent(), "complaint", "utter_handoff_again_later"),
        (Complaint(), "complaint", "utter_handoff_again_later"),
        (Complaint(), "asked_for_person", "utter_complaint_later"),
        (Compensation(), "complaint", "utter_compensation_later"),
        (ActionUrgeReply(), "asked_for_person", "utter_handoff_again_later"),
    ],
)
async def test_who_waits_is_not_told_all_of_it_again(action: ShopAction, waiting: str, said: str) -> None:
    """The same wish, a plain one, an impatient word: the place is kept. What is new is answered in full."""
    heard = await Desk(now=on(SATURDAY, 23), waiting=waiting).hear(action, "转人工")
    assert (heard.names, heard.facts["back"]) == ([said], "2026-11-22T10:00:00+08:00")


async def test_in_a_holiday_people_are_back_after_it() -> None:
    """The shop's holidays count."""
    heard = await Desk(now=on(NEW_YEAR)).hear(HumanAgent(), "转人工")
    assert heard.facts["back"] == "2027-02-11T09:00:00+08:00"


@pytest.mark.parametrize(
    ("before", "role"),
    [
        (("size_advice",), "sales"),
        (("size_advice", "urge_ship"), "packing"),
        (("return_goods", "thanks_bye", "human_agent"), "aftersales"),
        (("complaint",), "complaint"),
        ((), "aftersales"),
    ],
)
async def test_the_role_follows_what_was_last_asked(before: tuple[str, ...], role: str) -> None:
    """Small talk tells nothing."""
    heard = await Desk().hear(HumanAgent(), "转人工", before=before)
    assert heard.facts["custom"]["handoff"]["role"] == role


async def test_who_asks_for_a_superior_goes_to_the_complaint_desk() -> None:
    """Somebody with authority."""
    heard = await Desk().hear(HumanAgent(), "找你们经理", before=("size_advice",))
    assert heard.facts["custom"]["handoff"]["role"] == "complaint"


@pytest.mark.parametrize("action", [Complaint(), Compensation()])
async def test_complaint_and_compensation_hand_over_at_once(action: HumanAgent) -> None:
    """With the deadline of the policy."""
    heard = await Desk().hear(action)
    assert heard.facts["custom"]["handoff"]["role"] == "complaint"
    assert heard.facts["answer"]
