"""Numbers that stand for something: orders, parcels, phones, persons, firms.

An order or parcel is one of the shopper's own, however it is typed, or told by its shape or the words beside
it. Shops number as they like (ZX-1002, 2026/11/0042, 1002), so a short number needs such words, or one's own
list. What looks like such a number and says no more is a `code`: who asks about an order means one, who asks
about goods may mean a model.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from bot.nlu.digits import figures, tight
from bot.nlu.normalise import fold_width
from bot.nlu.patterns import Finder, Found, pattern, placed, take
from bot.spelling import compact

AS_TYPED = frozenset({"order_id", "code"})
"""Kinds whose capitals may matter: their value is the text itself."""
STRONG = 4
"""Letters and digits from which on an id is found anywhere; a shorter one wants a word beside it."""
STRONG_DIGITS = 6
"""Digits from which on a number is surely no price and no quantity."""
_SEPARATORS = frozenset(" \t_./-#:")
_MOST_BETWEEN = 2
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣", "-"))
_READABLE = re.compile(r"[a-z0-9]")
_LINK = re.compile(r"(?:https?://|www\.)[^\s\u4e00-\u9fff,。]+")

_TOKEN = r"(?<![a-z0-9])(?P<v>[a-z0-9](?:[a-z0-9_./-]{0,62}[a-z0-9])?)(?![a-z0-9])"  # noqa: S105
_FILL = r"(?:号码|就是|[是为:#\s]){0,3}"
_ORDER = r"(?:订单|定单|单子)"
_UNIT = re.compile(
    r"\s?(?:小时|分钟|kg|cm|ml|[元块毛角分天日月年岁点时秒周个件双条包盒箱瓶袋台套只份支本把人位次斤克米升码%楼层室栋期折度万千百多几余来])"
)
_DATE = r"(?:20\d\d[./-])?\d{1,2}[./-]\d{1,2}"
_NO_ID = re.compile(
    rf"{_DATE}(?:[-/.]{_DATE})?|\d+\.\d+|\d{{2,3}}/\d{{2,3}}(?:[a-c]|kg)?|0\d{{2,3}}-\d{{7,8}}|[48]00-?\d{{3}}-?\d{{4}}|"
    r"\d{1,5}(?:\.\d+)?(?:m?l|[mk]?g|k?w|m?ah?|[cm]?m|[mg]?hz|[mgt]b|k?pa|kv|v|k|p|x|x{0,3}l|lm|rpm|db|dpi|pcs|h|s|d)"
)
"""Dates, clothes' sizes (175/92a), telephones of offices, numbers with a unit (20000mah)."""
_DIGITS_ALONE = re.compile(r"\d+")
_TAIL = r"(?:尾号|尾数|末尾|(?:最后|后面|后|末)(?:[三四五六3-6])?位(?:数字?|号码)?)"
_BARE_TAIL = re.compile(r"[^\w]*(?P<v>\d{4,8})[^\w]*")
_TAIL_OF_ORDER = r"的?(?:这|那)?(?:个|一|笔)?(?:订单|单|包裹|快递|件)"


@dataclass(frozen=True)
class OwnIds:
    """The ids of a shopper's orders and parcels, as the shop writes them."""

    orders: tuple[str, ...] = ()
    waybills: tuple[str, ...] = ()

    def find(self, folded: str) -> Iterator[Found]:
        """Every place where one is typed, longest first; of two that are typed alike, only an exact one."""
        spellings = [("order_id", number) for number in self.orders]
        spellings += [("waybill", number) for number in self.waybills]
        if not spellings:
            return
        places = [at for at, ch in enumerate(folded) if ch.isalnum()]
        dense = "".join(folded[at] for at in places)
        hits = []
        for entity, number in spellings:
            key = compact(number)
            if not key or key not in dense:
                continue
            alone = sum(compact(other) == key for _, other in spellings) == 1
            for start, end in _spans(key, dense, places):
                if _stands_alone(folded, start, end) and _is_clear(key, folded, start, end):
                    exact = unicodedata.normalize("NFKC", number).lower() == folded[start:end]
                    if alone or exact:
                        hits.append(Found(entity, number, start, end))
        yield from sorted(hits, key=lambda hit: hit.start - hit.end)
        yield from self._bare_tail(folded)

    def _bare_tail(self, folded: str) -> Iterator[Found]:
        """A message of nothing but the last digits of one of them."""
        digits = _BARE_TAIL.fullmatch(folded)
        if digits and any(compact(n).endswith(digits["v"]) for n in (*self.orders, *self.waybills)):
            yield Found("order_tail", digits["v"], digits.start("v"), digits.end("v"))


def find(text: str, own: OwnIds) -> list[Found]:
    """Every id in the text, one's own first; offsets are those of the untouched text."""
    level = figures(fold_width(text).translate(_DASHES))
    if not _READABLE.search(level):
        return []
    taken: list[Found] = []
    take(taken, own.find(level))
    plain = tight(without_links(level))
    for finder in _FINDERS:
        take(taken, (_as_typed(found, text) for found in placed(finder(plain.text), plain)))
    return taken


def without_links(folded: str) -> str:
    """The text with blanks in the place of web addresses: what stands in them is no value."""
    return _LINK.sub(lambda match: " " * len(match.group()), folded)


def masked(text: str, found: Iterable[Found]) -> str:
    """The text with a long number for each id and 链接 for a web address: their letters teach nothing."""
    for one in sorted(found, key=lambda f: f.start, reverse=True):
        if one.entity in _MASKED:
            text = f"{text[: one.start]}{_MASK}{text[one.end :]}"
    return _LINK.sub(" 链接 ", text)


_MASKED = AS_TYPED | {"waybill"}
_MASK = "0" * 18


def _spans(key: str, dense: str, places: list[int]) -> Iterator[tuple[int, int]]:
    """Where a key stands in the text, its characters at most a separator or two apart."""
    at = dense.find(key)
    while at >= 0:
        inside = places[at : at + len(key)]
        if all(later - one <= _MOST_BETWEEN + 1 for one, later in pairwise(inside)):
            yield inside[0], inside[-1] + 1
        at = dense.find(key, at + 1)


def _stands_alone(folded: str, start: int, end: int) -> bool:
    """Whether no letter or digit goes on where an id begins and ends, and only separators are in it."""
    if any(not ch.isalnum() and ch not in _SEPARATORS for ch in folded[start:end]):
        return False
    before, after = folded[:start], folded[end:]
    joins = (
        "[_./-]?" if folded[start:end].isdigit() else "[_.-]?"
    )  # zx-1001/zx-1002 are two, 2026/0042 is one
    left = re.search(rf"[a-z0-9]{joins}$", before) if folded[start].isascii() else None
    right = re.match(rf"{joins}[a-z0-9]", after) if folded[end - 1].isascii() else None
    return left is None and right is None


def _is_clear(key: str, folded: str, start: int, end: int) -> bool:
    """Whether it is long enough to be meant by itself, stands beside a word that says so, or stands alone."""
    before, after = folded[:start], folded[end:]
    short = key.isdigit() and len(key) < STRONG_DIGITS
    if short and _UNIT.match(after) and not _BESIDE_AFTER.match(after):
        return False
    if short and _AMOUNT.search(before):
        return False
    if len(key) >= STRONG:
        return True
    beside = _BESIDE_BEFORE.search(before) or _BESIDE_AFTER.match(after)
    return beside is not None or not any(ch.isalnum() for ch in before + after)


_AMOUNT = re.compile(r"[¥$价第款]\s?$")
_BESIDE_BEFORE = re.compile(rf"(?:{_ORDER}|单号|运单|快递|#)(?:编?号码?|id|no\.?)?{_FILL}$")
_BESIDE_AFTER = re.compile(r"号?(?:的|这|那)?(?:个|笔|一)?(?:订单|定单|单子|单)")


def _as_typed(found: Found, text: str) -> Found:
    if found.entity not in AS_TYPED:
        return found
    typed = figures(unicodedata.normalize("NFKC", text[found.start : found.end]).translate(_DASHES))
    return Found(found.entity, re.sub(r"\s", "", typed), found.start, found.end)


def _numbered(match: re.Match[str]) -> str | None:
    """After 订单号, 运单 and the like: anything with a digit that is no quantity."""
    token = match["v"]
    counted = (
        _DIGITS_ALONE.fullmatch(token)
        and len(token) <= STRONG_DIGITS
        and _UNIT.match(match.string, match.end())
    )
    return None if counted or not any(ch.isdigit() for ch in token) else token.upper()


def _named(match: re.Match[str]) -> str | None:
    """After or before 订单: what is no quantity, date, or name of goods."""
    token = match["v"]
    digits = sum(ch.isdigit() for ch in token)
    enough = digits >= (STRONG if _DIGITS_ALONE.fullmatch(token) else STRONG - 1)
    plain = _DIGITS_ALONE.fullmatch(token) and token not in ("1111", "1212")
    return _numbered(match) if enough and (plain or not _NO_ID.fullmatch(token)) else None


def _code(match: re.Match[str]) -> str | None:
    """Letters with digits, or groups of digits: some number of the shop's, and no more is told."""
    token = match["v"]
    digits = sum(ch.isdigit() for ch in token)
    if _ACCOUNT.search(match.string[: match.start()]):
        return None
    if _DIGITS_ALONE.fullmatch(token):
        return token if 8 <= digits <= 11 else None
    letters = any(ch.isalpha() for ch in token)
    enough = digits >= (STRONG if letters else 9)
    return token if enough and not _NO_ID.fullmatch(token) else None


_ACCOUNT = re.compile(r"(?:qq|微信|vx|验证码|密码|邮编|电话)(?:号码?)?[是为:\s]{0,2}$")


def _id_card(match: re.Match[str]) -> str | None:
    """The check digit of GB 11643 tells an ID card from an order number of 18 digits."""
    digits = re.sub(r"\s", "", match.group())
    total = sum(
        int(d) * w
        for d, w in zip(digits[:17], (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), strict=True)
    )
    month, day = int(digits[10:12]), int(digits[12:14])
    born = digits[6:8] in ("19", "20") and 1 <= month <= 12 and 1 <= day <= 31
    return digits.upper() if born and "10X98765432"[total % 11] == digits[17].upper() else None


def _tail(match: re.Match[str]) -> str | None:
    return None if match["phone"] else match["v"]


def _spaced(match: re.Match[str]) -> str | None:
    """682604 173951 820317: one long number in groups, and no list of measures."""
    groups = match["v"].split()
    digits = "".join(groups)
    return digits if 12 <= len(digits) <= 24 and max(map(len, groups)) >= STRONG else None


def _parted(match: re.Match[str]) -> str | None:
    """sf3088 1127 64509: a waybill in groups."""
    token = re.sub(r"\s", "", match["v"]).upper()
    return token if 9 <= sum(ch.isdigit() for ch in token) <= 18 else None


_EDGE, _END = r"(?<![\da-z.])", r"(?![\da-z])"
_LETTERS = "sf|jdvb|jdv|jdx|jd|yt|sto|zto|jt|dpk|ems|cn"
"""What waybills of the carriers begin with."""
_GROUPS = r"\d{3,8}(?: \d{2,8}){2,7}"
_PHONE = r"(?P<phone>(?:手机|电话|号码)(?:号码?)?的?)?"
_BANK_ACCOUNT = (
    r"(?:账号|帐号|账户|银行卡号|开户行[^\d,，;；。\n]{2,30}?)[是为:\s]{0,3}"
    r"(?P<v>(?!1[3-9]\d{9}(?!\d))\d[\d ]{6,30}\d)(?!\d)"
)
"""Behind its label, or behind the bank's name; a phone that an account of the shop's goes by is none."""
_FINDERS: tuple[Finder, ...] = (
    pattern("email", r"(?<![a-z0-9_.+-])[a-z0-9_.+-]{1,64}@[a-z0-9-]+(?:\.[a-z0-9-]+)+", lambda m: m.group()),
    pattern("id_card", rf"{_EDGE}(?:\d{{17}}[\dx]|\d{{6}} \d{{8}} \d{{3}}[\dx]){_END}", _id_card),
    pattern("bank_account", _BANK_ACCOUNT, lambda m: re.sub(r"\D", "", m["v"])),
    pattern("tax_number", r"(?:税号|识别号|信用代码)[是为:\s]{0,3}(?P<v>[0-9a-z]{15,20})(?![0-9a-z])"),
    pattern("tax_number", rf"{_EDGE}(?=\d*[a-z])[159y][1-39]\d{{6}}[0-9a-hj-npqrtuwxy]{{10}}{_END}"),
    pattern(
        "phone",
        rf"{_EDGE}(?:\+?86[- ]?)?(?P<v>1[3-9]\d[- ]?\d{{4}}[- ]?\d{{4}}){_END}",
        lambda m: re.sub(r"\D", "", m["v"]),
    ),
    pattern(
        "order_tail",
        rf"(?:订单|定单|运单|快递|物流|单)(?:编?号码?)?的?{_PHONE}{_TAIL}[是为:\s]{{0,3}}(?P<v>\d{{3,8}})(?!\d)",
        _tail,
    ),
    pattern("order_tail", rf"{_PHONE}{_TAIL}[是为:\s]{{0,3}}(?P<v>\d{{3,8}}){_TAIL_OF_ORDER}", _tail),
    pattern("order_tail", r"(?<![\da-z])(?P<v>\d{3,8})(?:结尾|收尾|的?尾号)"),
    pattern(
        "phone_tail", r"(?:(?:最后|后面|后|末)(?:四|4)位(?:数字?)?|尾号|尾数)[是为:\s]{0,3}(?P<v>\d{4})(?!\d)"
    ),
    pattern("waybill", rf"{_EDGE}(?:{_LETTERS})[a-z]{{0,2}}\d{{9,18}}{_END}"),
    pattern("waybill", rf"{_EDGE}[a-z]{{2}}\d{{9}}cn{_END}"),
    pattern("waybill", rf"{_EDGE}(?P<v>(?:{_LETTERS})[a-z]{{0,2}} ?\d{{2,}}(?: \d+){{1,6}}){_END}", _parted),
    pattern(
        "waybill", rf"(?:运单|快递单|物流单|包裹单)(?:编?号码?)?{_FILL}(?P<v>{_GROUPS})(?![\da-z])", _parted
    ),
    pattern("order_id", rf"(?<![\da-z.])(?P<v>{_GROUPS})(?![\da-z])", _spaced),
    pattern("waybill", r"(?<!订)单号[号是为:\s]{0,3}(?P<v>\d{12,15})(?!\d)"),
    pattern(
        "waybill",
        rf"(?:(?:运单|快递单|物流单|包裹单)(?:编?号码?)?|(?:快递|物流|包裹)号){_FILL}{_TOKEN}",
        _numbered,
    ),
    pattern("order_id", rf"{_EDGE}\d{{16,24}}{_END}"),
    pattern("order_id", rf"(?:{_ORDER}(?:编?号码?|id|no\.?)|单号){_FILL}{_TOKEN}", _numbered),
    pattern("order_id", rf"{_ORDER}{_FILL}{_TOKEN}", _named),
    pattern(
        "waybill", rf"{_EDGE}(?:7[3578]\d{{12}}|7[78]\d{{11}}|77\d{{13}}|4[36]\d{{13}}|1[01]\d{{11}}){_END}"
    ),
    pattern("order_id", rf"{_EDGE}\d{{12,15}}{_END}"),
    pattern("order_id", rf"{_TOKEN}号?(?:的|这|那)?(?:个|笔|一)?(?:订单|定单|单子|那单|这单)", _named),
    pattern("order_id", rf"{_TOKEN}(?:这|那)(?:个|笔|一)?单(?![价人独位品件元])", _named),
    pattern("code", rf"(?<![_./+@-]){_TOKEN}", _code),
)
