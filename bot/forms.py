"""What the form of a message tells by itself: nothing but values, a correction, a mark."""

from __future__ import annotations

import re
from typing import Any

from bot.context import GIVES, Following
from bot.nlu.ids import without_links

Json = dict[str, Any]

PUSHES = "urge_reply"
SIZES = "size_advice"
EXCHANGE = "exchange_goods"
STOCK = "stock_query"
_ANOTHER_SIZE = re.compile(
    r"(?:码|号|[SMLXsmlx\d])\s*(?:改|换)(?:成|为|到|大|小|[SMLXsmlx\d])|(?:拍|买|选|下)错.{0,4}(?:码|号)"
    r"|(?:改|换)(?:大|小)?(?:[一两]|半)?[码号]"
)
BARE_LENGTH = 4
"""Digits from which on a bare number is information by itself; 88 is a farewell and 175 a height."""
IDS = frozenset(
    {
        *("order_id", "waybill", "code", "order_tail", "tax_number", "bank_account"),
        *("phone", "phone_tail", "email", "id_card"),
    }
)
"""What says by itself that a message gives something; a bare product does as well."""
_LEADING = re.compile(r"^[\s/]+")
_PARTICLES = re.compile(r"那个|那件|那双|那款|这个|这件|这款|就是|的|呢|啊|呀|吧|哦")
_AND_WHAT_OF = re.compile(r"^\s*(?:还有|那么?|另外|然后)(?=.*呢)")
"""那卫衣呢 names goods as 卫衣呢 does."""
_NAMING = re.compile(r"[那的呢也码号啊呀吧么]|还有|另外|然后|看|下|查|一|件|个|双|款|条")
_UNITS = re.compile(r"[码号]")
_CORRECTION = re.compile(
    r"(?:[哦噢啊额呃嗯哎呀\s,，]|不好意思|抱歉|对不起){0,12}(?:不对|错了|(?:说|看|写|记|输|报|发|弄|搞|打)错了?|不是(?:这个|那个|这单|那单|这件|那件)?(?=[\s,，]))[\s,，。.!！啊呀]*(?:应该)?(?:是|要)?"
)
_NUMBER_WORDS = re.compile(r"(?:我的)?(?:订单|定单|运单|快递单?|物流单?|手机|电话|税|单|尾)(?:编?号码?)?是?")
VARIANTS = frozenset({"colour", "size"})
TIMES = frozenset({"date", "time", "duration"})
_TO = re.compile(r"[到至]|之间|左右|吧")
MEASURES = frozenset({"height", "weight", "size"})
"""Bare measures ask for a size, unless a form has asked for them."""


def plain(text: str) -> str:
    """The text as it may be parsed: Rasa takes a leading slash for a command and strips white space."""
    return _LEADING.sub("", text)


def lead(text: str) -> int:
    """How many characters `plain` leaves out in front."""
    return len(text) - len(plain(text))


def names_anew(text: str, entities: list[Json], following: Following) -> bool:
    """那袜子呢, 黑色的呢, 那M: a value of another thing, asked about as the one before it."""
    if not entities or not following.names_anew(text):
        return False
    return not any(ch.isalnum() for ch in _NAMING.sub("", _beside_values(text, entities)))


def by_rule(text: str, whole: Json, asked: bool) -> tuple[str, str] | None:
    """The intent that the form of a message tells, and the step; None where it tells none."""
    entities = whole["entities"]
    if _is_bare(text, entities, BARE_LENGTH if not asked else 1):
        return GIVES, "context" if asked else "rule"
    if not asked and _is_body(text, entities):
        return SIZES, "rule"
    if _is_question_mark(text):
        return PUSHES, "rule"
    if _changes_size(text, whole):
        return EXCHANGE, "rule"
    return (GIVES, "rule") if _is_correction(text, entities) else None


def _is_bare(text: str, entities: list[Json], digits: int) -> bool:
    """Whether a message is nothing but numbers of so many digits and values."""
    if digits > 1 and any(row["entity"] in MEASURES for row in entities):
        return False
    left = _PARTICLES.sub("", _AND_WHAT_OF.sub("", without_links(_beside_numbers(text, entities))))
    numbers = re.findall(r"\d+", left)
    named = any(row["entity"] in {*IDS, "product"} for row in entities) or (digits == 1 and bool(entities))
    long_enough = any(len(number) >= digits for number in numbers)
    return not any(ch.isalpha() for ch in left) and (named or long_enough)


def _changes_size(text: str, whole: Json) -> bool:
    """M改L, 尺码改大一号: a size that was bought is to be another one; nobody asks which fits."""
    return whole["intent"]["name"] == SIZES and _ANOTHER_SIZE.search(text) is not None


def _is_correction(text: str, entities: list[Json]) -> bool:
    """不对 是卫衣, 说错了 M码: what was said before holds for something else."""
    corrected = _CORRECTION.match(plain(text))
    if corrected is None or not entities:
        return False
    left = _UNITS.sub("", _PARTICLES.sub("", _beside_numbers(text, entities)[corrected.end() :]))
    return not any(ch.isalnum() for ch in left)


def _is_body(text: str, entities: list[Json]) -> bool:
    """A height and a weight and nothing else ask for a size."""
    named = {row["entity"] for row in entities}
    return named >= {"height", "weight"} and not any(ch.isalnum() for ch in _beside_values(text, entities))


def is_variant(text: str, entities: list[Json]) -> bool:
    """A colour or a size and nothing else: 黑色的, L码."""
    alone = bool(entities) and all(row["entity"] in VARIANTS for row in entities)
    return alone and not any(ch.isalnum() for ch in _NAMING.sub("", _beside_values(text, entities)))


def is_time(text: str, entities: list[Json]) -> bool:
    """Days and hours and nothing else: 明天下午两点到四点."""
    alone = bool(entities) and all(row["entity"] in TIMES for row in entities)
    return alone and not any(ch.isalnum() for ch in _TO.sub("", _beside_values(text, entities)))


def _is_question_mark(text: str) -> bool:
    """A bare ? pushes for an answer."""
    marks = text.strip()
    return bool(marks) and all(ch in "?？!！。. " for ch in marks) and any(ch in "?？" for ch in marks)


def is_only_values(piece: str, entities: list[Json]) -> bool:
    """羽绒服, 175 140斤, 订单号ZX-1002: a clause that only says what another one is about."""
    return not any(ch.isalnum() for ch in _beside_numbers(piece, entities))


def _beside_numbers(text: str, entities: list[Json]) -> str:
    """What stands beside the values, and beside the words that say which number is given."""
    rest = _beside_values(text, entities)
    alone = _NUMBER_WORDS.sub("", rest)
    return alone if any(row["entity"] in IDS for row in entities) or not alone.strip() else rest


def _beside_values(text: str, entities: list[Json]) -> str:
    rest = list(plain(text))
    for row in entities:
        rest[row["start"] : row["end"]] = " " * (row["end"] - row["start"])
    return "".join(rest)
