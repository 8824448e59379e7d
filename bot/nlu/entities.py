"""Values in a message: ids, numbers with their units, sizes, colours, days, carriers, product names.

Every pattern reads the width-folded text, so offsets hold for the untouched one. Where two finds overlap, the
earlier kind wins: what is surely an id is no quantity.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

import ahocorasick

from bot.nlu import calendar, ids
from bot.nlu.normalise import fold_width
from bot.nlu.patterns import Found, pattern, take
from bot.numerals import DIGITS, NUMERAL, decimal
from bot.yaml_file import read_yaml


@dataclass(frozen=True)
class Gazetteer:
    """Names to find word for word, as versioned data: spoken form -> normal form, per entity."""

    version: str = ""
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    products: frozenset[str] = frozenset()
    """Ids of products, looked for in web addresses and after 货号."""

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

    def find_products(self, folded: str) -> Iterator[Found]:
        """Products that a pasted link or an article number names by their id."""
        if not self.products:
            return
        by_key = {number.lower(): number for number in self.products}
        for place in _ARTICLE.finditer(folded):
            for part in _PART.finditer(folded, *place.span()):
                if number := by_key.get(part.group()):
                    yield Found("product", number, part.start(), part.end())


def extract(
    text: str, today: date, gazetteers: Sequence[Gazetteer] = (), known: Sequence[Found] | None = None
) -> list[Found]:
    """Every value in the text, in order of appearance and without overlaps; days are counted from `today`.

    `known` are the ids that `bot.nlu.ids.find` has found; found anew, nobody's own, where it is left out.
    """
    folded = fold_width(text)
    taken = list(ids.find(text, ids.OwnIds()) if known is None else known)
    for gazetteer in gazetteers:
        take(taken, gazetteer.find_products(folded))
    folded = ids.without_links(folded)
    for finder in _FINDERS if _COUNTABLE.search(folded) else ():
        take(taken, finder(folded))
    take(taken, (Found("date", value, start, end) for value, start, end in calendar.days(folded, today)))
    for gazetteer in gazetteers:
        take(taken, gazetteer.find(folded))
    for finder in _LATE_FINDERS:
        take(taken, finder(folded))
    return sorted(taken, key=lambda found: found.start)


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


_ARTICLE = re.compile(
    r"(?:https?://|www\.)[^\s\u4e00-\u9fff,。]+|(?:商品|产品|款式)?(?:货号|编号|款号|商品id)[是为:#\s]{0,3}[a-z0-9_-]+"
)
_PART = re.compile(r"[a-z0-9]+(?:[_-][a-z0-9]+)*")
_COUNTABLE = re.compile(rf"[{DIGITS}十百千万@]")
"""What every finder of numbers needs; most messages hold none of it."""
_KILO_UNITS = frozenset({"kg", "公斤", "千克"})
_N = rf"(?P<n>{NUMERAL})"
_EDGE, _END = r"(?<![\da-z.])", r"(?![\da-z])"

_FINDERS = (
    pattern(
        "percent",
        rf"(?P<v>{_N}(?:%|个点))",
        lambda m: _plain(decimal(m["n"])),
    ),
    pattern("percent", rf"(?P<v>百分之{_N})", lambda m: _plain(decimal(m["n"]))),
    pattern("height", rf"(?P<v>(?P<m>[12一])米(?P<r>[{DIGITS}]{{1,3}}))(?!斤|公斤|kg)", _metre_and_rest),
    pattern("height", rf"{_EDGE}(?P<v>{_N}(?P<u>cm|厘米|公分))", _height),
    pattern(
        "height",
        r"(?<![\d.])(?P<v>(?P<n>[12]\.\d{1,2})\s?(?P<u>m|米)?)(?=[\s,，、/]*(?:身高|体重|\d{2,3}\s?(?:斤|kg|公斤)))",
        lambda m: _plain(float(m["n"]) * 100),
    ),
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
    pattern("money", rf"(?P<v>[¥￥$]\s?{_N})", _money),
    pattern(
        "money", rf"(?<!几)(?P<v>{_N}(?<!一)\s?(?:元|块)(?P<t>[{DIGITS}](?![{DIGITS}\d个])|))(?!钱)", _money
    ),
    pattern("money", rf"(?<!几)(?P<v>{_N}\s?(?:块钱|元钱|rmb))", _money),
    pattern("money", rf"(?P<v>{_N}毛钱?)", lambda m: f"{decimal(m['n']) / 10:.2f}"),
    pattern(
        "duration",
        rf"(?<![第同])(?P<v>{_N}\s?个?(?P<u>分钟|小时|钟头|天|日|星期|礼拜|周|个月|月|年))(?![号前后]?份|级)",
        _real_duration,
    ),
    pattern(
        "time",
        r"(?P<v>(?P<p>早上|上午|中午|下午|傍晚|晚上|今晚|晚|凌晨|)(?P<h>\d{1,2}|[一二两三四五六七八九十]{1,3})(?:点钟|点|时)(?P<half>半|)(?:(?P<m>\d{1,2})分?)?)(?!儿)",
        _clock,
    ),
    pattern(
        "time",
        r"(?<!\d)(?P<v>(?:[01]?\d|2[0-4])[::][0-5]\d)(?!\d)",
        lambda m: m["v"].replace("：", ":").zfill(5),
    ),
)

_LATE_FINDERS = (
    pattern("size", r"(?<![a-z\d])(?P<v>[2-9]xl|x{1,5}[sl]|xs|均码)(?![a-z])", _size),
    pattern(
        "size",
        r"(?<![a-z\d])(?P<v>[sml])(?=码|号|的?有|还|够|合|会|行|可|偏|吧|呢|$|\s|\b[，,。?？])(?![a-z])",
        _size,
    ),
    pattern("size", r"(?<![\d.])(?P<v>3[4-9](?:\.5)?|4[0-8](?:\.5)?)(?=码)", _size),
    pattern(
        "quantity",
        rf"(?<![第几零])(?P<v>{_N}(?<!零)\s?(?:件|个|双|条|包|盒|箱|瓶|袋|套|台|只|份|罐|支|本|把))(?!套|月|[人点])",
        lambda m: _plain(decimal(m["n"])),
    ),
)


def common_names(lexicon: Path) -> Gazetteer:
    """Carriers, colours and other names of every shop, from `synonyms.yml`: {entity: {normal: [spoken]}}."""
    path = lexicon / "synonyms.yml"
    raw = read_yaml(path) if path.exists() else {}
    names = {
        entity: {str(form): str(normal) for normal, spoken in forms.items() for form in (normal, *spoken)}
        for entity, forms in raw.items()
        if entity != "size"  # sizes need their neighbours: see _LATE_FINDERS
    }
    return Gazetteer("common", names)
