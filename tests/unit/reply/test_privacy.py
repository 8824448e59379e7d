"""What is personal does not leave the machine, and comes back unchanged."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.reply.privacy import FILE, Known, Mask, Privacy, read_privacy
from bot.settings import ROOT

PRIVACY = read_privacy(ROOT / FILE)


def mask(*texts: str) -> Mask:
    return Mask(PRIVACY).learn(*texts)


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("打我电话13800138000", "13800138000"),
        ("138 0013 8000", "138 0013 8000"),
        ("138-0013-8000谢谢", "138-0013-8000"),
        ("+8613800138000", "13800138000"),
        ("0086 138 00138000", "138 00138000"),
        ("１３８００１３８０００", "１３８００１３８０００"),
        ("13\u200b800138\u200b000", "800138"),
        ("一三八零零一三八零零零", "一三八零零一三八零零零"),
        ("座机0571-88886666", "0571-88886666"),
        ("(010)6555 1234", "6555 1234"),
        ("400-800-1234", "400-800-1234"),
        ("身份证11010119900307663X", "11010119900307663X"),
        ("110101 19900307 6630", "110101 19900307 6630"),
        ("邮箱xiao.man+1@qq.com", "xiao.man+1@qq.com"),
        ("订单号 A12-345", "A12-345"),
        ("订单682604173951820317到哪了", "682604173951820317"),
        ("SF1234567890123", "SF1234567890123"),
        ("运单是YT-7788-9900-11", "YT-7788-9900-11"),
        ("手机尾号8346", "8346"),
        ("8346", "8346"),
        ("加我微信 xiaoman_99", "xiaoman_99"),
        ("QQ 84312", "84312"),
        ("我叫王小明", "王小明"),
        ("收件人改成欧阳锋", "欧阳锋"),
        ("收货人：Tom Lee", "Tom Lee"),
        ("林女士您好", "林"),
        ("浙江省杭州市西湖区文三路100号3栋2单元501室", "文三路100号3栋2单元501"),
        ("寄到杭州市西湖区", "杭州市西湖区"),
        ("送到翠苑小区3号楼2单元", "翠苑小区3号楼2单元"),
        ("地址：老地方便利店隔壁那家", "老地方便利店隔壁那家"),
        ("收件人李雷换成韩梅梅", "韩梅梅"),
        ("麻烦寄给张伟收", "张伟"),
        ("电话一三九 一二三四 五六七八", "一二三四"),
        ("车牌京A12345", "A12345"),
        ("寄到广州天河区体育西路103号维多利广场B塔2301", "B塔2301"),
        ("寄到深圳南山科技园", "南山科技园"),
        ("银行卡6222 0212 3456 7890 123", "6222 0212 3456 7890 123"),
    ],
)
def test_a_personal_value_is_hidden(text: str, hidden: str) -> None:
    masked = mask(text).hide(text)
    assert hidden not in masked
    assert "〔" in masked


@pytest.mark.parametrize(
    "text",
    [
        "1299.00元，满1299-1599元减100",
        "退款12345678元",
        "2026-11-21 10:00到2026-11-23发货",
        "11.11-11.20有活动",
        "预计明天(11月22日)送达，72小时内",
        "工作日 09:00-18:00，周末 10:00-22:00",
        "iPhone15ProMax 256GB 黑色",
        "175 140斤穿什么码",
        "我在路上，快递也在路上吗",
        "偏远地区会久一点，运费我们出",
        "怎么还不发货 我都等了三天了",
        "查到啦，您的卫衣由中通快递承运，目前在武汉转运中心",
        "「我的订单」→ 订单详情 →「申请售后」",
        "颜色改成黄色，是金色 对吧",
        "送到驿站了吗，送到门口就行",
        "可以转给人工吗，这个送给女朋友",
    ],
)
def test_amounts_days_and_products_stay(text: str) -> None:
    assert mask(text).hide(text) == text


def test_a_pasted_block_loses_name_phone_and_address() -> None:
    text = "王小明 13800138000 浙江省杭州市西湖区文三路100号"
    assert mask(text).hide(text) == "〔姓名1〕 〔电话1〕 〔地址1〕"


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("帮我看看王小明那单到哪了", "帮我看看〔姓名1〕那单到哪了"),
        ("刘洋签收的吗 我不认识", "〔姓名1〕签收的吗 我不认识"),
        ("给陈静怡发顺丰", "给〔姓名1〕发顺丰"),
        ("张三丰和李四的订单一起发", "〔姓名1〕和〔姓名2〕的订单一起发"),
    ],
)
def test_a_name_without_a_cue_is_hidden(text: str, hidden: str) -> None:
    assert Mask(PRIVACY).learn(text).hide(text) == hidden


@pytest.mark.parametrize("text", ["谢谢 明白了", "陈皮多少钱一斤", "银行卡付的", "方便面有吗"])
def test_what_only_looks_like_a_name_stays(text: str) -> None:
    assert Mask(PRIVACY).learn(text).hide(text) == text


def test_a_brand_that_the_shop_names_stays() -> None:
    """Without the template the same word counts as somebody's name: too much hidden is better."""
    assert Mask(PRIVACY).learn("李宁的鞋有42吗", "李宁跑鞋42码有货").hide("李宁跑鞋") == "李宁跑鞋"
    assert Mask(PRIVACY).learn("李宁的快递呢", "快件在路上").hide("李宁的快递呢") == "〔姓名1〕的快递呢"


def test_a_value_keeps_its_placeholder_through_all_texts_of_a_prompt() -> None:
    """A name that one text gives away is hidden in the others, where nothing marks it."""
    one, two = "我叫王小明", "王小明的卫衣在路上"
    shared = mask(one)
    assert shared.hide(one) == "我叫〔姓名1〕"
    assert shared.hide(two) == "〔姓名1〕的卫衣在路上"


def test_facts_are_known_by_type_and_name_wherever_they_stand() -> None:
    facts = {
        "order_id": "682604",
        "courier": "955-46",
        "receiver": "阿木",
        "title": "卫衣",
        "others": [{"order_id": "777001", "title": "T恤"}],
    }
    types = {"order_id": "id", "courier": "phone", "receiver": "text", "title": "text", "others": "orders"}
    known = list(PRIVACY.known(facts, types))
    hidden = Mask(PRIVACY, known).hide("订单 682604 的卫衣，阿木收，电话955-46；T恤是777001")
    assert hidden == "订单 〔订单号1〕 的卫衣，〔姓名1〕收，电话〔电话1〕；T恤是〔订单号2〕"


def test_a_short_known_value_is_not_hidden_within_a_longer_one() -> None:
    hidden = Mask(PRIVACY, [Known("id", "1299")]).hide("共12990元，1299号")
    assert hidden == "共12990元，〔编号1〕号"


def test_the_same_value_of_two_kinds_has_one_placeholder() -> None:
    shared = Mask(PRIVACY, [Known("order", "68260417")])
    assert shared.hide("68260417") == shared.hide("单号68260417").removeprefix("单号")


def test_an_altered_or_foreign_placeholder_is_found() -> None:
    text = "电话13800138000"
    shared = mask(text)
    assert shared.hide(text) == "电话〔电话1〕"
    assert shared.altered("请拨〔电话1〕") == []
    assert shared.altered("请拨〔电话2〕")
    assert shared.altered("请拨【电话1】")
    assert shared.altered("请拨〔电话 1〕")
    assert shared.altered("请拨电话1")


def test_brackets_of_the_shoppers_are_no_placeholders() -> None:
    """Nobody reads another value by typing its placeholder."""
    text = "〔电话1〕和13800138000"
    shared = mask(text)
    hidden = shared.hide(text)
    assert shared.placeholders(hidden) == set(re.findall(r"〔[^〔〕]+〕", hidden))
    assert shared.restore(hidden) == text


TEXTS = st.text(max_size=80) | st.text("0123456789-. 电话号〔〕1路市区X@a", max_size=60)
SEPARATORS = st.sampled_from(["", " ", "-", ".", "\u200b", " - "])
WIDTHS = st.sampled_from([str, lambda digits: digits.translate({48 + d: 0xFF10 + d for d in range(10)})])


@given(TEXTS, TEXTS)
def test_what_is_hidden_comes_back(one: str, two: str) -> None:
    shared = mask(one)
    for text in (one, two, one + two):
        assert shared.restore(shared.hide(text)) == text


def digits_of(text: str) -> str:
    return "".join(ch for ch in unicodedata.normalize("NFKC", text) if ch.isdecimal())


@given(TEXTS, st.from_regex(r"1[3-9]\d{9}", fullmatch=True), SEPARATORS, WIDTHS, TEXTS)
def test_no_mobile_number_survives(before: str, phone: str, between: str, width: object, after: str) -> None:
    """However it is cut into pieces, and whatever stands beside it."""
    written = between.join([phone[:3], phone[3:7], phone[7:]])
    text = before + width(written) + after  # type: ignore[operator]
    hidden = mask(text).hide(text)
    assert phone not in digits_of(re.sub(r"〔[^〔〕]*〕", "x", hidden)) or phone in digits_of(
        before + "x" + after
    )


@given(TEXTS, st.from_regex(r"[1-9]\d{5}(19|20)\d{9}[\dX]", fullmatch=True), SEPARATORS, TEXTS)
def test_no_id_card_survives(before: str, card: str, between: str, after: str) -> None:
    text = before + between.join([card[:6], card[6:14], card[14:]]) + after
    hidden = re.sub(r"〔[^〔〕]*〕", "x", mask(text).hide(text))
    assert card[:17] not in digits_of(hidden)


@given(TEXTS, st.emails(), TEXTS)
def test_no_email_survives(before: str, email: str, after: str) -> None:
    text = f"{before} {email} {after}"
    assert email not in mask(text).hide(text)


@given(st.text("省市区县路街号栋一二三浙江我在0123456789", max_size=500))
def test_a_hostile_text_takes_no_long_time(text: str) -> None:
    """No pattern is quadratic in a way that a shopper could use."""
    import time

    started = time.perf_counter()
    PRIVACY.find(text[:500])
    assert time.perf_counter() - started < 1


def test_a_vocabulary_with_a_typo_is_refused_by_name(tmp_path: Path) -> None:
    broken = (ROOT / FILE).read_text(encoding="utf-8").replace("surnames:", "surname:", 1)
    (tmp_path / "privacy.yml").write_text(broken, encoding="utf-8")
    with pytest.raises(BadInput, match=r"privacy\.yml.*surname"):
        read_privacy(tmp_path / "privacy.yml")


def test_reading_gives_one_object_for_any_number_of_prompts() -> None:
    assert isinstance(PRIVACY, Privacy)
    assert Mask(PRIVACY).hide("您好") == "您好"
