"""Values in a message: numbers with their units, ids, sizes, colours, days, carriers, product names.

Every pattern reads the width-folded text, so offsets hold for the untouched one. Where two finds overlap, the
earlier kind in `_FINDERS` wins: what is surely an id is no quantity.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

import ahocorasick
import yaml

from bot.nlu import calendar
from bot.nlu.normalise import fold_width
from bot.numerals import DIGITS, NUMERAL, decimal


@dataclass(frozen=True)
class Found:
    """One value; offsets in code points of the untouched text, end exclusive."""

    entity: str
    value: str
    start: int
    end: int


@dataclass(frozen=True)
class Gazetteer:
    """Names to find word for word, as versioned data: spoken form -> normal form, per entity."""

    version: str = ""
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @cached_property
    def _automaton(self) -> ahocorasick.Automaton:
        automaton = ahocorasick.Automaton()
        for entity, spoken in self.names.items():
            for form, value in spoken.items():
                automaton.add_word(fold_width(form), (entity, value, len(form)))
        automaton.make_automaton()
        return automaton

    def find(self, folded: str) -> Iterator[Found]:
        """All names in the text, longest first where they overlap."""
        if not len(self._automaton):
            return
        hits = [
            (end + 1 - length, end + 1, entity, value)
            for end, (entity, value, length) in self._automaton.iter(folded)
        ]
        hits.sort(key=lambda hit: (hit[0] - hit[1], hit[0]))
        yield from (Found(entity, value, start, end) for start, end, entity, value in hits)


def extract(text: str, today: date, gazetteers: Sequence[Gazetteer] = ()) -> list[Found]:
    """Every value in the text, in order of appearance and without overlaps; days are counted from `today`."""
    folded = fold_width(text)
    taken: list[Found] = []
    for finder in _FINDERS if _COUNTABLE.search(folded) else ():
        _take(taken, finder(folded))
    _take(taken, (Found("date", value, start, end) for value, start, end in calendar.days(folded, today)))
    for gazetteer in gazetteers:
        _take(taken, gazetteer.find(folded))
    for finder in _LATE_FINDERS:
        _take(taken, finder(folded))
    return sorted(taken, key=lambda found: found.start)


def _take(taken: list[Found], candidates: Iterator[Found]) -> None:
    for candidate in candidates:
        if all(candidate.end <= other.start or candidate.start >= other.end for other in taken):
            taken.append(candidate)


def _pattern(
    entity: str, pattern: str, value: Callable[[re.Match[str]], str | None] | None = None
) -> Callable[[str], Iterator[Found]]:
    """A finder for one pattern; the group `v`, if there is one, is the span; `value` may refuse by None."""
    compiled = re.compile(pattern)
    span: str | int = "v" if "v" in compiled.groupindex else 0

    def find(folded: str) -> Iterator[Found]:
        for match in compiled.finditer(folded):
            normal = value(match) if value else match.group(span).upper()
            if normal is not None:
                yield Found(entity, normal, match.start(span), match.end(span))

    return find


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
    return _plain(number) if 30 <= number <= 250 else None


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


def _money(match: re.Match[str]) -> str | None:
    number = decimal(match["n"])
    tail = match["t"] if "t" in match.re.groupindex and match["t"] else ""
    if tail:
        number += decimal(tail) / 10
    return f"{number:.2f}"


def _size(match: re.Match[str]) -> str:
    size = match["v"].upper()
    if size.startswith("均"):
        return "F"
    letters = re.fullmatch(r"(X{2,})([SL])", size)
    return f"{len(letters[1])}X{letters[2]}" if letters else size


def _duration(match: re.Match[str]) -> str:
    unit = {"日": "天", "星期": "周", "礼拜": "周", "钟头": "小时", "分": "分钟"}.get(match["u"], match["u"])
    return f"{_plain(decimal(match['n']))}{unit}"


def _clock(match: re.Match[str]) -> str | None:
    hour = int(decimal(match["h"]))
    if match["h"] == "一" and not (match["p"] or match["half"] or match["m"] or "钟" in match.group()):
        return None  # 便宜一点
    minute = 30 if match["half"] else int(decimal(match["m"])) if match["m"] else 0
    if match["p"] in ("下午", "晚上", "傍晚", "今晚", "晚") and hour < 12:
        hour += 12
    return f"{hour:02d}:{minute:02d}" if hour < 25 and minute < 60 else None


def _id_card(match: re.Match[str]) -> str | None:
    """The check digit of GB 11643 tells an ID card from an order number of 18 digits."""
    digits = match.group()
    total = sum(
        int(d) * w
        for d, w in zip(digits[:17], (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), strict=True)
    )
    month, day = int(digits[10:12]), int(digits[12:14])
    born = digits[6:8] in ("19", "20") and 1 <= month <= 12 and 1 <= day <= 31
    return digits.upper() if born and "10X98765432"[total % 11] == digits[17].upper() else None


def _bare_weight(match: re.Match[str]) -> str | None:
    number = float(match["n"])
    return _plain(number / 2 if number >= 85 else number)


def _real_duration(match: re.Match[str]) -> str | None:
    """三月 and 5日 are days of the calendar, 2024年 is a year; 三个月 and 5天 are durations."""
    if match["u"] == "年" and decimal(match["n"]) > 100:
        return None
    if match["u"] in ("月", "日") and "个" not in match.group():
        return None
    return (
        _duration(match).replace("个个月", "个月")
        if match["u"] != "月"
        else f"{_plain(decimal(match['n']))}个月"
    )


_COUNTABLE = re.compile(rf"[{DIGITS}十百千万@]")
"""What every finder of numbers needs; most messages hold none of it."""
_KILO_UNITS = frozenset({"kg", "公斤", "千克"})
_N = rf"(?P<n>{NUMERAL})"
_EDGE, _END = r"(?<![\da-z.])", r"(?![\da-z])"

_FINDERS = (
    _pattern("email", r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", lambda m: m.group()),
    _pattern("id_card", rf"{_EDGE}\d{{17}}[\dx]{_END}", _id_card),
    _pattern(
        "phone",
        rf"{_EDGE}(?:\+?86[- ]?)?(?P<v>1[3-9]\d[- ]?\d{{4}}[- ]?\d{{4}}){_END}",
        lambda m: re.sub(r"\D", "", m["v"]),
    ),
    _pattern(
        "waybill", rf"{_EDGE}(?:sf|jdvb|jdv|jdx|jd|yt|sto|zto|jt|dpk|ems|cn)[a-z]{{0,2}}\d{{9,18}}{_END}"
    ),
    _pattern("waybill", rf"{_EDGE}[a-z]{{2}}\d{{9}}cn{_END}"),
    _pattern("waybill", r"(?:运单|快递单|物流单|单号|快递号|物流号)[号是为:\s]{0,3}(?P<v>\d{12,15})(?!\d)"),
    _pattern("order_id", rf"{_EDGE}\d{{16,24}}{_END}"),
    _pattern("order_id", r"订单[号编码是为:#\s]{0,4}(?P<v>[a-z]{0,3}\d{6,24})(?![\da-z])"),
    _pattern(
        "waybill", rf"{_EDGE}(?:7[3578]\d{{12}}|7[78]\d{{11}}|77\d{{13}}|4[36]\d{{13}}|1[01]\d{{11}}){_END}"
    ),
    _pattern("order_id", rf"{_EDGE}\d{{12,15}}{_END}"),
    _pattern("phone_tail", r"(?:后四位|后4位|尾号|末四位|尾数)[是为:\s]{0,3}(?P<v>\d{4})(?!\d)"),
    _pattern(
        "percent",
        rf"(?P<v>{_N}(?:%|个点))",
        lambda m: _plain(decimal(m["n"])),
    ),
    _pattern("percent", rf"(?P<v>百分之{_N})", lambda m: _plain(decimal(m["n"]))),
    _pattern("height", rf"(?P<v>(?P<m>[12一])米(?P<r>[{DIGITS}]{{1,3}}))(?!斤|公斤|kg)", _metre_and_rest),
    _pattern("height", rf"{_EDGE}(?P<v>{_N}(?P<u>cm|厘米|公分))", _height),
    _pattern(
        "height",
        r"(?<![\d.])(?P<v>(?P<n>[12]\.\d{1,2})\s?(?P<u>m|米)?)(?=[\s,，、/]*(?:身高|体重|\d{2,3}\s?(?:斤|kg|公斤)))",
        lambda m: _plain(float(m["n"]) * 100),
    ),
    _pattern(
        "height",
        r"身高[是:\s]*(?P<v>(?P<n>\d{2,3}|[12]\.\d{1,2})(?P<u>cm|m|米)?)",
        lambda m: _plain(float(m["n"]) * (100 if "." in m["n"] else 1)),
    ),
    _pattern(
        "height",
        rf"{_EDGE}(?P<v>(?P<h>\d{{2,3}}))[\s,，、/.+-]{{1,3}}(?:体重)?(?P<w>\d{{2,3}}(?:\.\d)?)\s?(?P<u>斤|kg|公斤|)(?![\d元块天号码个件])",
        _pair("height"),
    ),
    _pattern(
        "height",
        r"我(?:身高)?\s?(?P<v>(?P<n>1[3-9]\d|20\d))(?![\d.]|\s?(?:元|块|斤|kg|公斤|号|个|件))",
        lambda m: m["n"],
    ),
    _pattern("weight", rf"(?P<v>{_N}\s?(?P<u>斤|kg|公斤|千克))", _weight),
    _pattern(
        "weight",
        r"体重[是:\s]*(?P<v>(?P<n>\d{2,3}(?:\.\d)?)(?P<u>))(?!\s?(?:斤|kg|公斤))",
        _bare_weight,
    ),
    _pattern(
        "weight",
        rf"{_EDGE}(?P<h>\d{{2,3}})[\s,，、/.+-]{{1,3}}(?:体重)?(?P<v>(?P<w>\d{{2,3}}(?:\.\d)?)(?P<u>))(?![\d元块天号码个件斤]|\s?kg|公斤)",
        _pair("weight"),
    ),
    _pattern("money", rf"(?P<v>[¥￥$]\s?{_N})", _money),
    _pattern(
        "money", rf"(?<!几)(?P<v>{_N}(?<!一)\s?(?:元|块)(?P<t>[{DIGITS}](?![{DIGITS}\d个])|))(?!钱)", _money
    ),
    _pattern("money", rf"(?<!几)(?P<v>{_N}\s?(?:块钱|元钱|rmb))", _money),
    _pattern("money", rf"(?P<v>{_N}毛钱?)", lambda m: f"{decimal(m['n']) / 10:.2f}"),
    _pattern(
        "duration",
        rf"(?<![第同])(?P<v>{_N}\s?个?(?P<u>分钟|小时|钟头|天|日|星期|礼拜|周|个月|月|年))(?![号前后]?份|级)",
        _real_duration,
    ),
    _pattern(
        "time",
        r"(?P<v>(?P<p>早上|上午|中午|下午|傍晚|晚上|今晚|晚|凌晨|)(?P<h>\d{1,2}|[一二两三四五六七八九十]{1,3})(?:点钟|点|时)(?P<half>半|)(?:(?P<m>\d{1,2})分?)?)(?!儿)",
        _clock,
    ),
    _pattern(
        "time",
        r"(?<!\d)(?P<v>(?:[01]?\d|2[0-4])[::][0-5]\d)(?!\d)",
        lambda m: m["v"].replace("：", ":").zfill(5),
    ),
)

_LATE_FINDERS = (
    _pattern("size", r"(?<![a-z\d])(?P<v>[2-9]xl|x{1,5}[sl]|xs|均码)(?![a-z])", _size),
    _pattern(
        "size",
        r"(?<![a-z\d])(?P<v>[sml])(?=码|号|的?有|还|够|合|会|行|可|偏|吧|呢|$|\s|\b[，,。?？])(?![a-z])",
        _size,
    ),
    _pattern("size", r"(?<![\d.])(?P<v>3[4-9](?:\.5)?|4[0-8](?:\.5)?)(?=码)", _size),
    _pattern(
        "quantity",
        rf"(?<![第几零])(?P<v>{_N}(?<!零)\s?(?:件|个|双|条|包|盒|箱|瓶|袋|套|台|只|份|罐|支|本|把))(?!套|月|[人点])",
        lambda m: _plain(decimal(m["n"])),
    ),
)


def common_names(lexicon: Path) -> Gazetteer:
    """Carriers, colours and other names of every shop, from `synonyms.yml`: {entity: {normal: [spoken]}}."""
    path = lexicon / "synonyms.yml"
    raw = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {}
    names = {
        entity: {str(form): str(normal) for normal, spoken in forms.items() for form in (normal, *spoken)}
        for entity, forms in raw.items()
        if entity != "size"  # sizes need their neighbours: see _LATE_FINDERS
    }
    return Gazetteer("common", names)
