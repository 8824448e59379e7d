"""Chinese addresses as people type them, read into province, city, district and street."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from bot.settings import ROOT
from bot.yaml_file import read_yaml

PLACES = ROOT / "data" / "places.yml"

_HAN = "[一-龥]"
_OWN_ENDING = re.compile("(?:自治州|地区|盟)$")
_SHORT = re.compile("(?:省|市|(?:壮族|回族|维吾尔)?自治区|特别行政区)$")
_PEOPLES = "朝鲜|土家|苗|布依|侗|彝|哈尼|壮|傣|景颇|白|傈僳|藏|羌|回|蒙古|哈萨克|柯尔克孜"
_SHORT_CITY = re.compile(f"(?:(?:{_PEOPLES})族?)*(?:自治州|地区|盟)$")
_ROAD = "(?![东西南北中]?[一二三四五六]?(?:路|街|大道|里|巷))"
"""A road is often called after a city."""
_DISTRICT = re.compile(f"({_HAN}{{1,7}}?(?:新区|自治县|开发区|区|县|旗|市))")
_DETAIL = re.compile(r"[0-9〇零一二两三四五六七八九十]+\s*(?:号|栋|幢|座|楼|层|室|单元|弄|组|队|巷|期)")
_NAMED = re.compile(
    f"{_HAN}(?:路|街|道|巷|弄|里|胡同|村|屯|庄|小区|花园|公寓|大厦|广场|苑|园|城|大学|学院|中学|小学|医院|驿站|超市|店|厂|公司)"
)
_STREET = re.compile(
    rf"(?:[A-Za-z0-9#\-—]|{_HAN}|\s(?=[0-9A-Za-z]{{1,6}}(?:号|栋|幢|座|楼|层|室|单元|弄|-)))+"
)
_PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")


@dataclass(frozen=True)
class Place:
    """Parts of an address, each empty where it was not said."""

    province: str = ""
    city: str = ""
    district: str = ""
    street: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether a courier finds it: a city, and a street or house in it."""
        return bool(self.city and self.street and is_street(self.street))


def is_street(text: str) -> bool:
    """Whether a text names a road, house or estate, or a number in one."""
    return bool(_DETAIL.search(text) or _NAMED.search(text))


def read_place(text: str) -> Place | None:
    """The address that begins with the first province, city or district of a text; None where none does."""
    folded = _PHONE.sub(" ", unicodedata.normalize("NFKC", text))
    found = _regions().search(folded)
    if found is None:
        return None
    province, city = _named(found.group())
    at = found.end()
    if province and not city:
        city, at = _city_in(province, folded, at)
    district = _DISTRICT.match(folded, at)
    if district is not None:
        at = district.end()
    street = _STREET.match(folded, at)
    return Place(province, city, district[1] if district else "", street.group().strip() if street else "")


def province_of(city: str) -> str:
    """The province that a city lies in; empty for one that is not known."""
    return _cities().get(city, ("", ""))[0]


@lru_cache(maxsize=1)
def _table() -> dict[str, tuple[str, ...]]:
    """Province in full to its cities in full."""
    return {
        str(province): tuple(c if _OWN_ENDING.search(c) else f"{c}市" for c in map(str, cities))
        for province, cities in read_yaml(PLACES).items()
    }


@lru_cache(maxsize=1)
def _cities() -> dict[str, tuple[str, str]]:
    """A city as it may be written (深圳市, 深圳, 恩施州) to its province and its name in full."""
    found: dict[str, tuple[str, str]] = {}
    for province, cities in _table().items():
        for city in cities:
            short = _SHORT_CITY.sub("", city.removesuffix("市"))
            for name in (city, short, f"{short}市", f"{short}州"):
                found.setdefault(name, (province, city))
    return found


@lru_cache(maxsize=1)
def _provinces() -> dict[str, str]:
    """A province as it may be written to its name in full."""
    return {name: full for full in _table() for name in (full, _SHORT.sub("", full))}


@lru_cache(maxsize=1)
def _regions() -> re.Pattern[str]:
    """A province or city that is no part of a road's name."""
    names = sorted({*_provinces(), *_cities()}, key=len, reverse=True)
    return re.compile(f"(?:{'|'.join(map(re.escape, names))}){_ROAD}")


def _named(name: str) -> tuple[str, str]:
    province = _provinces().get(name, "")
    if province and len(_table()[province]) > 1:
        return province, ""
    return _cities()[name]


def _city_in(province: str, text: str, at: int) -> tuple[str, int]:
    """The city of the province that the text goes on with."""
    names = sorted((n for n, (of, _) in _cities().items() if of == province), key=len, reverse=True)
    name = next((n for n in names if text.startswith(n, at)), "")
    return (_cities()[name][1], at + len(name)) if name else ("", at)
