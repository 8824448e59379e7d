"""What shoppers write when an order is to go elsewhere, and what becomes of it."""

from __future__ import annotations

from typing import Any

import pytest

from actions.changes import ModifyAddress
from actions.information import ProvideInfo
from actions.talk import ActionAffirm
from actions.undertakings.receivers import merged
from bot.places import read_place
from bot.shop.models import OrderState
from tests.unit.actions.order_shop import HOME
from tests.unit.actions.test_undertaking import N, Talk, talk

__all__ = ["talk"]


@pytest.mark.parametrize(
    ("text", "province", "city", "district", "street"),
    [
        (
            "改成广东省深圳市南山区科技园路5号3栋201",
            "广东省",
            "深圳市",
            "南山区",
            "科技园路5号3栋201",
        ),
        (
            "深圳南山区粤海街道滨海大道3001号 张三 13800138000",
            "广东省",
            "深圳市",
            "南山区",
            "粤海街道滨海大道3001号",
        ),
        ("北京朝阳区望京街10号", "北京市", "北京市", "朝阳区", "望京街10号"),
        ("湖北恩施州恩施市舞阳大道1号", "湖北省", "恩施土家族苗族自治州", "恩施市", "舞阳大道1号"),
        ("苏州工业园区星湖街328号", "江苏省", "苏州市", "工业园区", "星湖街328号"),
        ("吉林长春朝阳区", "吉林省", "长春市", "朝阳区", ""),
        (
            "廣西南寧".replace("廣", "广").replace("寧", "宁") + "青秀区民族大道 12号 3单元",
            "广西壮族自治区",
            "南宁市",
            "青秀区",
            "民族大道 12号 3单元",
        ),
    ],
)
def test_an_address_is_read_as_it_is_typed(
    text: str, province: str, city: str, district: str, street: str
) -> None:
    """With and without endings; the province follows from the city."""
    found = read_place(text)
    assert found is not None
    assert (found.province, found.city, found.district, found.street) == (province, city, district, street)


@pytest.mark.parametrize("text", ["南京东路100号", "改一下地址", "13800138000", "余杭区文一路3号"])
def test_a_road_called_after_a_city_is_no_city(text: str) -> None:
    """Nor is what names none."""
    assert read_place(text) is None


@pytest.mark.parametrize(
    ("text", "entities", "changed"),
    [
        ("电话改成13900001111", {"phone": "13900001111"}, {"phone": "13900001111"}),
        ("收件人改成王小明", {}, {"receiver": "王小明"}),
        ("收货人换成张伟，别的不变", {}, {"receiver": "张伟"}),
        ("改到文二路8号5幢", {}, {"street": "文二路8号5幢"}),
        ("改成 李华收 13900001111", {"phone": "13900001111"}, {"receiver": "李华", "phone": "13900001111"}),
        (
            "改成 北京朝阳区望京街10号 李华 13900001111",
            {"phone": "13900001111"},
            {
                "province": "北京市",
                "city": "北京市",
                "district": "朝阳区",
                "street": "望京街10号",
                "receiver": "李华",
                "phone": "13900001111",
            },
        ),
    ],
)
async def test_what_is_new_is_restated_with_what_stays(
    talk: Talk, text: str, entities: dict[str, str], changed: dict[str, Any]
) -> None:
    """And after a yes the order goes there."""
    heard = await talk.hear(ModifyAddress(), text, **entities)
    assert heard.names == ["utter_do_change_address_restate"]
    await talk.hear(ActionAffirm(), "好的")
    (found,) = [o for o in talk.shop.data.orders if o.id == N]
    assert found.address == merged(HOME, changed)
    assert all(getattr(found.address, part) == value for part, value in changed.items())


async def test_nothing_new_is_asked_for_then_a_city_alone_for_its_street(talk: Talk) -> None:
    """One thing at a time."""
    assert (await talk.hear(ModifyAddress(), "我要改地址")).names == ["utter_do_change_address_ask_where"]
    assert (await talk.hear(ProvideInfo(), "改到深圳")).names == ["utter_do_change_address_ask_street"]
    heard = await talk.hear(ProvideInfo(), "南山区科技园路5号")
    assert heard.names == ["utter_do_change_address_restate"]
    assert (heard.facts["region"], heard.facts["street"]) == ("广东省深圳市", "南山区科技园路5号")


async def test_a_correction_before_the_yes_is_restated(talk: Talk) -> None:
    """What was said before holds, but for what is corrected."""
    await talk.hear(ModifyAddress(), "改到北京朝阳区望京街10号")
    heard = await talk.hear(ProvideInfo(), "不对 是望京街12号")
    assert heard.names == ["utter_do_change_address_restate"]
    assert (heard.facts["region"], heard.facts["street"]) == ("北京市朝阳区", "望京街12号")


async def test_where_the_shop_does_not_send_is_refused(talk: Talk) -> None:
    """Nothing changes."""
    heard = await talk.hear(ModifyAddress(), "改到台湾台北市信义区信义路五段7号")
    assert heard.names == ["utter_do_change_address_refused_undeliverable"]
    assert talk.state is OrderState.PAID


@pytest.mark.parametrize(
    "text", ["13900001111 谢谢", "电话13900001111 麻烦了", "手机号改一下 13900001111 好的"]
)
async def test_a_courtesy_is_nobody_s_name(talk: Talk, text: str) -> None:
    """谢谢 behind a phone receives nothing."""
    heard = await talk.hear(ModifyAddress(), text, phone="13900001111")
    assert heard.facts["receiver"] == HOME.receiver
