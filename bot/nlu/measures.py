"""Numbers with their units: percentages, heights and weights, amounts, durations, times, sizes, quantities.

Every finder reads the width-folded text; where two finds overlap, the earlier kind wins.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.nlu.patterns import Finder, pattern
from bot.numerals import DIGITS, NUMERAL, decimal

_COUNTABLE = re.compile(rf"[{DIGITS}十百千万仨]")
"""What every number holds; most messages hold none of it."""


def of_numbers(folded: str) -> tuple[Finder, ...]:
    """The finders worth trying on this text."""
    return _FINDERS if _COUNTABLE.search(folded) else ()


def _plain(number: float) -> str:
    return str(int(number)) if number == int(number) else f"{number:g}"


def _weight(match: re.Match[str]) -> str | None:
    number = decimal(match["n"])
    kilos = number if match["u"] in _KILO_UNITS else number / 2
    return _plain(kilos) if 2 <= kilos <= 250 else None


def _height(match: re.Match[str]) -> str | None:
    number = decimal(match["n"])
    if match["u"] in ("m", "米"):
        number *= 100
    return _plain(round(number, 1)) if 30 <= number <= 250 else None


def _metre_and_rest(match: re.Match[str]) -> str | None:
    rest = match["r"]
    centimetres = decimal(rest) * (10 if len(rest) == 1 else 1)
    return _plain(decimal(match["m"]) * 100 + centimetres)


def _pair(entity: str) -> Callable[[re.Match[str]], str | None]:
    """Height and weight said as two bare numbers: 175 140, 160/50. Above twice 45 a weight is in 斤."""

    def value(match: re.Match[str]) -> str | None:
        height, weight = int(match["h"]), float(match["w"])
        if not (80 <= height <= 215):
            return None
        jin = match["u"] == "斤" or (match["u"] == "" and weight >= max(85.0, height - 90))
        kilos = weight / 2 if jin else weight
        if not (10 <= kilos <= 150):
            return None
        return _plain(height) if entity == "height" else _plain(kilos)

    return value


def _bare_weight(match: re.Match[str]) -> str | None:
    number = float(match["n"])
    return _plain(number / 2 if number >= 85 else number)


def _money(match: re.Match[str]) -> str | None:
    number = decimal(match["n"].replace(",", ""))
    tail = match["t"] if "t" in match.re.groupindex and match["t"] else ""
    if tail:
        number += decimal(tail) / 10
    return f"{number:.2f}"


def _size(match: re.Match[str]) -> str | None:
    size = match["v"].upper()
    if size.startswith("均"):
        return "F"
    letters = re.fullmatch(r"(X{2,})([SL])", size)
    return f"{len(letters[1])}X{letters[2]}" if letters else size


def _sized(match: re.Match[str]) -> str | None:
    """42码, 四十二码: of shoes, of trousers (26 to 40), of children's clothes (80 to 180)."""
    number = decimal(match["v"])
    return _plain(number) if 13 <= number <= 180 else None


def _duration(match: re.Match[str]) -> str | None:
    """三月 and 5日 are days of the calendar, 2024年 is a year; 三个月 and 5天 are durations."""
    unit, number = match["u"], decimal(match["n"].replace("仨", "三"))
    if unit == "年" and number > 100:
        return None
    if unit in ("月", "日") and "个" not in match.group() and match["n"] not in ("俩", "仨"):
        return None
    return f"{_plain(number)}{_UNITS_OF_TIME.get(unit, unit)}"


def _clock(match: re.Match[str]) -> str | None:
    hour, rest = int(decimal(match["h"])), match["m"]
    if match["h"] == "一" and not (match["p"] or match["half"] or rest or "钟" in match.group()):
        return None  # 便宜一点
    minute = 30 if match["half"] else _QUARTERS.get(rest, 0) or int(decimal(rest or "0"))
    evening = match["p"] in ("下午", "晚上", "傍晚", "晚") or match.string[: match.start()].endswith("晚")
    if evening and 0 < hour <= 12:
        hour = (hour + 12) % 24
    return f"{hour:02d}:{minute:02d}" if hour < 25 and minute < 60 else None


_KILO_UNITS = frozenset({"kg", "公斤", "千克"})
_UNITS_OF_TIME = {
    "日": "天",
    "星期": "周",
    "礼拜": "周",
    "钟头": "小时",
    "分": "分钟",
    "h": "小时",
    "月": "个月",
}
_QUARTERS = {"一刻": 15, "三刻": 45}
_N = rf"(?P<n>{NUMERAL})"
_EDGE = r"(?<![\da-z.])"
_COUNTERS = "件个双条包盒箱瓶袋套台只份罐支本把"
_NO_UNIT = (
    rf"(?![\d.:/-]|[{DIGITS}十百千万{_COUNTERS}a-z%多几余来人次年月日号天点时分秒周度公斤里米平升毫克层楼]"
    r"|[栋室级折片抽颗粒码岁位期刻字])"
)
"""Behind a number that counts nothing, and so may be an amount."""
_PRICE_WORD = (
    r"(?:[退付收降卖减满补扣花才差]|只要|原价|现价|到手|尾款|定金|金额|优惠|便宜|一共|总共|这笔|每[条个件双])"
    r"(?:了|到|价|掉|款|是|为|我|才)?[:\s]?"
)
_THEN = r"(?:昨天|今天|前天|刚才|刚刚|原来|现在|上次|之前|当时)(?:是|才|卖)?"
_HUNDREDS = rf"(?<![第几好零{DIGITS}十百千万])[一二两三四五六七八九][百千万][{DIGITS}十百千万]*"
"""三百八, 一千二百九十九: who says so with nothing behind it speaks of money."""
_FINE = r"(?P<m>[一二三四五]?十[一二三四五六七八九]?|零[一二三四五六七八九]|一刻|三刻|\d{1,2}|)"

_FINDERS: tuple[Finder, ...] = (
    pattern("percent", rf"(?P<v>{_N}(?:%|个点))", lambda m: _plain(decimal(m["n"]))),
    pattern("percent", rf"(?P<v>百分之{_N})", lambda m: _plain(decimal(m["n"]))),
    pattern(
        "height",
        rf"(?P<v>(?P<m>[12一])米(?P<r>[{DIGITS}]{{1,2}}))(?!斤|公斤|kg|\d)",
        _metre_and_rest,
    ),
    pattern("height", rf"{_EDGE}(?P<v>{_N}(?P<u>cm|厘米|公分))", _height),
    pattern(
        "height",
        r"(?<![\d.])(?P<v>(?P<n>[12]\.\d{1,2})\s?(?P<u>m|米)?)(?=[\s,，、/]*(?:身高|体重|\d{2,3}\s?(?:斤|kg|公斤)))",
        lambda m: _plain(float(m["n"]) * 100),
    ),
    pattern("height", r"^\s*(?P<v>(?P<n>1\.\d{1,2})\s?(?P<u>m|米))\s*$", _height),
    pattern(
        "height",
        r"身高[是:\s]*(?P<v>(?P<n>\d{2,3}|[12]\.\d{1,2})(?P<u>cm|m|米)?)",
        lambda m: _plain(float(m["n"]) * (100 if "." in m["n"] else 1)),
    ),
    pattern(
        "height",
        rf"{_EDGE}(?P<v>(?P<h>\d{{2,3}}))[\s,，、/.+-]{{1,3}}(?:体重)?(?P<w>\d{{2,3}}(?:\.\d)?)\s?(?P<u>斤|kg|公斤|)(?![\d元块天号码个件])",
        _pair("height"),
    ),
    pattern(
        "height",
        r"我(?:身高)?\s?(?P<v>(?P<n>1[3-9]\d|20\d))(?![\d.]|\s?(?:元|块|斤|kg|公斤|号|个|件))",
        lambda m: m["n"],
    ),
    pattern("weight", rf"(?P<v>{_N}\s?(?P<u>斤|kg|公斤|千克))", _weight),
    pattern(
        "weight",
        r"体重[是:\s]*(?P<v>(?P<n>\d{2,3}(?:\.\d)?)(?P<u>))(?!\s?(?:斤|kg|公斤))",
        _bare_weight,
    ),
    pattern(
        "weight",
        rf"{_EDGE}(?P<h>\d{{2,3}})[\s,，、/.+-]{{1,3}}(?:体重)?(?P<v>(?P<w>\d{{2,3}}(?:\.\d)?)(?P<u>))(?![\d元块天号码个件斤]|\s?kg|公斤)",
        _pair("weight"),
    ),
    pattern(
        "money",
        r"(?P<v>[¥￥$]?\s?(?<![\d,.])(?P<n>\d{1,3}(?:,\d{3})+(?:\.\d+)?)(?:元|块钱?)?)(?![\d,])",
        _money,
    ),
    pattern("money", rf"(?P<v>[¥￥$]\s?{_N})", _money),
    pattern(
        "money",
        rf"(?<!几)(?P<v>{_N}(?<!一)\s?(?:元|块|蚊)(?P<t>[{DIGITS}](?![{DIGITS}\d个])|))(?!钱)",
        _money,
    ),
    pattern("money", rf"(?<!几)(?P<v>{_N}\s?(?:块钱|元钱|rmb))", _money),
    pattern("money", rf"(?P<v>{_N}毛钱?)", lambda m: f"{decimal(m['n']) / 10:.2f}"),
    pattern("money", r"满(?P<v>(?P<n>\d{2,5}))(?=[减送返打立])", _money),
    pattern("money", r"满\d{2,5}(?:立?减|返)(?P<v>(?P<n>\d{1,4}))(?![\d件折])", _money),
    pattern(
        "duration",
        rf"(?<![第同])(?P<v>(?P<n>{NUMERAL}|俩|仨)\s?个?(?P<u>分钟|小时|钟头|天|日|星期|礼拜|周|个月|月|年|h(?![a-z])))(?![号前后]?份|级)",
        _duration,
    ),
    pattern(
        "time",
        rf"(?P<v>(?P<p>早上|上午|中午|下午|傍晚|晚上|(?<![今明昨当])晚|凌晨|)(?P<h>\d{{1,2}}|[零一二两三四五六七八九十]{{1,3}})(?:点钟|点|时)(?P<half>半|){_FINE}分?)(?!儿|[{DIGITS}十])",
        _clock,
    ),
    pattern(
        "time",
        r"(?<!\d)(?P<v>(?:[01]?\d|2[0-4])[::][0-5]\d)(?!\d)",
        lambda m: m["v"].replace("：", ":").zfill(5),
    ),
    pattern("size", rf"(?<![\d.第{DIGITS}])(?P<v>{NUMERAL})码(?!头|数)", _sized),
    pattern(
        "size", r"(?:穿|拿|换(?:成|个|到)?)(?P<v>3[4-9](?:\.5)?|4[0-8](?:\.5)?)(?![\d.元块个件天号斤]|kg|cm)"
    ),
    pattern(
        "size", r"(?<![\d.])(?P<v>3[4-9](?:\.5)?|4[0-8](?:\.5)?)(?=换(?:成|个|到)?\d{2}(?:\.5)?(?![\d元块]))"
    ),
    pattern("size", r"双(?P<v>3[4-9](?:\.5)?|4[0-8](?:\.5)?)(?=的|\s|$)"),
    pattern(
        "money", rf"{_PRICE_WORD}(?P<v>(?P<n>\d{{2,5}}\.\d{{1,2}}|\d{{3,5}}(?<!1[5-9]\d))){_NO_UNIT}", _money
    ),
    pattern("money", rf"{_THEN}(?P<v>(?P<n>\d{{2,5}}(?:\.\d{{1,2}})?)){_NO_UNIT}", _money),
    pattern("money", rf"(?P<v>(?P<n>{_HUNDREDS})){_NO_UNIT}", _money),
)
"""What surely is a number goes before the names; a bare number comes last."""

AFTER_NAMES: tuple[Finder, ...] = (
    pattern(
        "colour",
        r"(?:^|[^\u4e00-\u9fff]|[就要换成改是有没只和跟买拍选拿发穿件双条个款])(?P<v>[黑白灰红粉橙黄绿蓝紫棕银金])的(?!确|话)",
        lambda m: f"{m['v']}色",
    ),
    pattern("size", r"(?<![a-z\d])(?P<v>[2-9]xl|x{1,5}[sl]|xs|均码)(?![a-z])", _size),
    pattern("size", r"(?<![a-z\d])(?P<v>[smlf])(?=码|号)", _size),
    pattern("size", r"^\s*(?P<v>f)\s*$", _size),
    pattern(
        "size",
        r"(?<![a-z\d])(?P<v>[sml])(?=的?有|还|够|合|会|行|可|偏|吧|呢|$|\s|\b[，,。?？])(?![a-z])",
        _size,
    ),
    pattern("size", r"(?:穿|拿|换(?:成|个|到)?)(?P<v>[smlf])(?![a-z\d])", _size),
    pattern(
        "quantity",
        rf"(?<![第几零])(?P<v>{_N}(?<!零)\s?(?:[{_COUNTERS}]))(?!套|月|[人点])",
        lambda m: _plain(decimal(m["n"])),
    ),
    pattern(
        "quantity",
        r"(?<![我你您他她它咱们人这那哪谁])(?P<v>[俩仨])(?![人月娃孩钱小])",
        lambda m: {"俩": "2", "仨": "3"}[m["v"]],
    ),
)
"""Colours, sizes and quantities, once the catalogue's names are known: a name may hold them."""
