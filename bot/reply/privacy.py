"""Personal data becomes placeholders before a text leaves the machine, and comes back afterwards.

A value keeps its placeholder, such as 〔电话1〕, within one prompt. Hiding too much costs a little sense,
since all of it is restored; what was sent cannot be taken back. So the patterns rather take too much.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bot.errors import BadInput
from bot.reply.persons import persons

Json = dict[str, Any]
FILE = "data/privacy.yml"
KEYS = frozenset(
    {"kinds", "facts", "name_cues", "self_cues", "weak_self_cues", "honorifics", "number_cues", "phone_cues"}
    | {"account_cues", "address_cues", "way_cues", "change_cues", "plates", "provinces", "surnames"}
    | {"compound_surnames", "not_names"}
)
OPEN, CLOSE = "〔", "〕"
SHORTEST = {"name": 2, "address": 3}
"""Characters from which on a known value is hidden wherever it stands; 4 for other kinds."""

_SEP = r"[\s\-.·•_/—–\u200b-\u200f\u2060\ufeff]"
_HAN = "[\u4e00-\u9fff]"
_IS = r"[是为叫改成换到:：\s]"
_DATE = re.compile(rf"(?<!\d)(?:19|20)\d\d[-/.]\d{{1,2}}[-/.]\d{{1,2}}(?!{_SEP}?\d)")
_RUN = re.compile(rf"\d(?:{_SEP}{{0,3}}\d)*")
_TOKEN = re.compile(r"[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*")
_MOBILE = re.compile(rf"(?:(?:\+|00)?86{_SEP}?)?1{_SEP}?[3-9](?:{_SEP}?\d){{9}}")
_LANDLINE = re.compile(
    rf"\(?0\d{{2,3}}\)?{_SEP}?\d{{3,4}}{_SEP}?\d{{3,4}}(?:[-转]\d{{1,6}})?|[48]00{_SEP}?\d{{3,4}}{_SEP}?\d{{3,4}}"
)
_ID_CARD = re.compile(
    rf"(?<!\d)[1-9](?:{_SEP}?\d){{5}}{_SEP}?(?:1{_SEP}?[89]|2{_SEP}?0)(?:{_SEP}?\d){{9}}{_SEP}?[\dXx](?!\d)"
)
_ENDS_IN_X = re.compile(rf"(?<!\d)\d(?:{_SEP}?\d){{16}}{_SEP}?[Xx]")
_EMAIL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.\-]{1,64}@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){0,8}"
)
_SAID = "[零〇一二三四五六七八九幺壹贰叁肆伍陆柒捌玖两]"
_SPOKEN = re.compile(rf"{_SAID}(?:{_SEP}{{0,2}}{_SAID}){{6,}}")
_ONLY_DIGITS = re.compile(r"\s*\d[\d\s]{2,}\d\s*[。.!！~]?\s*")
_MONEY_AFTER = re.compile(r"\s*(?:元|块|万|人民币|RMB|rmb)")
_ROOM = r"[0-9零一二三四五六七八九十百A-Za-z\-]{1,6}(?:号楼|号院|号|栋|幢|座|塔|单元|弄|楼|层|室|户|组)"
_ESTATES = (
    "小区|花园|家园|苑|公寓|大厦|广场|新村|村|府|校区|大学|学院|宿舍|工业园|科技园|产业园|驿站|自提点|快递柜"
)


@dataclass(frozen=True)
class Span:
    """A personal value's place in a text, end exclusive."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True)
class Known:
    """A value that is known to be personal, hidden wherever it stands."""

    kind: str
    value: str


@dataclass(frozen=True)
class Privacy:
    """What counts as personal; made by `read_privacy`, good for any number of prompts."""

    kinds: Mapping[str, str]
    facts: Mapping[str, str]
    """Kind by the name of a fact."""
    cued: tuple[tuple[re.Pattern[str], str], ...]
    address: re.Pattern[str]
    province: re.Pattern[str]
    name: str
    """Pattern of a name that begins with a surname."""
    not_names: frozenset[str]
    """What only looks like one."""

    def known(self, facts: Mapping[str, Any], types: Mapping[str, str]) -> Iterator[Known]:
        """The personal values of facts: by declared type, by name, and by name within cards and lists."""
        for name, value in facts.items():
            if isinstance(value, dict):
                yield from self.known(value, {})
            elif isinstance(value, list):
                for row in value:
                    yield from self.known(row if isinstance(row, dict) else {name: row}, {})
            elif isinstance(value, str) and (kind := self._kind(name, types.get(name, ""))):
                yield Known(kind, value)

    def find(self, text: str) -> list[Span]:
        """Every personal value in free text, overlapping ones as one, in order."""
        shadow = _shadow(text)
        spans = [*self._cued(shadow), *_numbers(shadow), *self._addresses(shadow)]
        spans += _beside(shadow, spans, re.compile(self.name))
        return _merged(spans)

    def named(self, text: str, shop: str = "") -> Iterator[Known]:
        """Names that nothing marks as such, but for what the shop itself says in `shop`: 李宁 sells shoes."""
        for person in persons(text, re.compile(self.name)):
            if person not in self.not_names and person not in shop:
                yield Known("name", person)

    def is_personal(self, name: str, kind: str) -> bool:
        """Whether a fact of this name and declared type identifies somebody."""
        return bool(self._kind(name, kind))

    def _kind(self, name: str, declared: str) -> str:
        return self.facts.get(name) or (declared if declared in {"id", "phone"} else "")

    def _addresses(self, shadow: str) -> Iterator[Span]:
        """Addresses, without the words that lead up to a province."""
        for match in self.address.finditer(shadow):
            province = self.province.search(shadow, match.start(), match.end())
            leads = province is not None and province.start() - match.start() <= 4
            yield Span(province.start() if province and leads else match.start(), match.end(), "address")

    def _cued(self, shadow: str) -> Iterator[Span]:
        for pattern, kind in self.cued:
            for match in pattern.finditer(shadow):
                yield Span(match.start("value"), match.end("value"), kind)


@dataclass
class Mask:
    """The placeholders of one prompt: `hide` all its texts with the same mask, then `restore` the answer."""

    privacy: Privacy
    known: list[Known] = field(default_factory=list)
    _values: dict[str, str] = field(default_factory=dict)
    _labels: dict[tuple[str, str], str] = field(default_factory=dict)
    _counts: dict[str, int] = field(default_factory=dict)

    def learn(self, text: str, shop: str = "") -> Mask:
        """Take the personal values of a shopper's text as known, wherever else they stand; returns itself.

        `shop` is what the shop says in the same prompt: a name-like word that stands there stays.
        """
        self.known += [Known(s.kind, text[s.start : s.end]) for s in self.privacy.find(text)]
        self.known += self.privacy.named(text, shop)
        return self

    def hide(self, text: str) -> str:
        """The text with placeholders."""
        spans = [*self._literal(text), *self.privacy.find(text)]
        spans += [Span(at, at + 1, "bracket") for at, ch in enumerate(text) if ch in OPEN + CLOSE]
        parts, done = [], 0
        for span in _merged(spans):
            parts += [text[done : span.start], self._placeholder(text[span.start : span.end], span.kind)]
            done = span.end
        return "".join([*parts, text[done:]])

    def restore(self, text: str) -> str:
        """The text with values in the place of placeholders; what is none of ours stays."""
        return self._any().sub(lambda match: self._values.get(match[0], match[0]), text)

    def placeholders(self, text: str) -> set[str]:
        """Those of ours in a text."""
        return {found for found in self._any().findall(text) if found in self._values}

    def altered(self, text: str) -> list[str]:
        """What looks like a placeholder in an answer and is none that was given."""
        left = self._any().sub(lambda match: "" if match[0] in self._values else match[0], text)
        words = "|".join(map(re.escape, self.privacy.kinds.values()))
        names = {label.strip(OPEN + CLOSE) for label in self._values}
        loose = [m[0] for m in re.finditer(rf"(?:{words})\s?\d+", left) if m[0].replace(" ", "") in names]
        return [*re.findall(rf"[{OPEN}{CLOSE}][^{OPEN}{CLOSE}]{{0,12}}", left), *loose]

    def _any(self) -> re.Pattern[str]:
        words = "|".join(map(re.escape, self.privacy.kinds.values()))
        return re.compile(rf"{OPEN}(?:{words})\d+{CLOSE}")

    def _literal(self, text: str) -> Iterator[Span]:
        for known in self.known:
            if len(known.value.strip()) < SHORTEST.get(known.kind, 4):
                continue
            edges = r"(?<![A-Za-z0-9])", r"(?![A-Za-z0-9])"
            for match in re.finditer(f"{edges[0]}{re.escape(known.value)}{edges[1]}", text):
                yield Span(match.start(), match.end(), known.kind)

    def _placeholder(self, value: str, kind: str) -> str:
        if (kind, value) not in self._labels:
            same = next((label for (_, known), label in self._labels.items() if known == value), None)
            self._labels[kind, value] = same or self._new(value, kind)
        return self._labels[kind, value]

    def _new(self, value: str, kind: str) -> str:
        word = self.privacy.kinds[kind]
        self._counts[word] = self._counts.get(word, 0) + 1
        label = f"{OPEN}{word}{self._counts[word]}{CLOSE}"
        self._values[label] = value
        return label


def read_privacy(path: Path) -> Privacy:
    """The cues of a file; raises BadInput naming an unknown or missing key."""
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(raw, dict) or set(raw) != KEYS:
        wrong = ", ".join(sorted(set(raw) ^ KEYS)) if isinstance(raw, dict) else type(raw).__name__
        raise BadInput(f"{path.name}: expected exactly the keys {', '.join(sorted(KEYS))}; wrong: {wrong}")
    surname = f"(?:{_one_of(raw['compound_surnames'])}|[{raw['surnames']}])"
    name = rf"{surname}{_HAN}{{1,2}}"
    facts = {fact: kind for kind, names in raw["facts"].items() for fact in names}
    province = re.compile(_one_of(raw["provinces"]))
    cued = tuple(_cues(raw, surname, name))
    not_names = frozenset(raw["not_names"])
    return Privacy(raw["kinds"], facts, cued, _address(raw["provinces"]), province, name, not_names)


def _cues(raw: Json, surname: str, name: str) -> Iterator[tuple[re.Pattern[str], str]]:
    any_name = rf"{_HAN}[\u4e00-\u9fff·]{{1,7}}(?!{_HAN})|[A-Za-z]+(?:[ .][A-Za-z]+){{0,2}}"
    patterns = [
        (rf"(?:{_one_of(raw['name_cues'])}){_IS}{{1,3}}(?P<value>{any_name}|{name})", "name"),
        (rf"(?:{_one_of(raw['name_cues'])})(?P<value>{name})", "name"),
        (rf"(?:{_one_of(raw['self_cues'])}){_IS}{{0,2}}(?P<value>{name})", "name"),
        (rf"(?:{_one_of(raw['weak_self_cues'])})(?P<value>{name})(?=$|[\s,，。;；、!！\d收])", "name"),
        (
            rf"(?:{_one_of(raw['name_cues'])})[^,，。;；\n]{{0,8}}?(?:{_one_of(raw['change_cues'])})\s?(?P<value>{name})",
            "name",
        ),
        (rf"(?P<value>[{raw['plates']}][A-Z][A-Z0-9]{{5,6}})(?![A-Za-z0-9])", "number"),
        (
            rf"(?:{_one_of(raw['way_cues'])})(?P<value>[^,，。;；!！?？\s]{{1,20}}(?:{_ESTATES})[^,，。;；!！?？\s]{{0,8}})",
            "address",
        ),
        (rf"(?P<value>{surname}{_HAN}{{0,2}}?)(?={_one_of(raw['honorifics'])})", "name"),
        (rf"(?:{_one_of(raw['number_cues'])}){_IS}{{0,3}}(?P<value>[A-Za-z0-9][A-Za-z0-9\-]{{2,}})", "id"),
        (rf"(?:{_one_of(raw['phone_cues'])}){_IS}{{0,3}}(?P<value>\d(?:{_SEP}?\d){{4,}})", "phone"),
        (
            rf"(?i:{_one_of(raw['account_cues'])}){_IS}{{0,3}}(?P<value>[A-Za-z0-9][A-Za-z0-9_\-]{{3,}})",
            "account",
        ),
        (rf"(?:{_one_of(raw['address_cues'])}){_IS}{{1,3}}(?P<value>[^,，。;；!！?？\n]{{4,60}})", "address"),
    ]
    return ((re.compile(pattern), kind) for pattern, kind in patterns)


def _address(provinces: Iterable[str]) -> re.Pattern[str]:
    """Two parts or more of province, city, district, road, estate, house, one after another."""
    province = f"(?:{_one_of(provinces)})(?:省|市|(?:壮族|回族|维吾尔)?自治区|特别行政区)?"
    city = f"{_HAN}{{2,6}}?(?:市|自治州|地区|盟)"
    district = f"{_HAN}{{1,5}}?(?:区|县|旗|镇|乡|街道)"
    road = "[\u4e00-\u9fffA-Za-z0-9]{1,8}?(?:路|大道|大街|街|道|巷|弄|胡同)"
    estate = f"[\u4e00-\u9fffA-Za-z0-9]{{1,10}}?(?:{_ESTATES})"
    part = f"(?:{province}|{city}|{district}|{_ROOM}|{road}|{estate})"
    return re.compile(rf"{part}(?:[\s,，]{{0,2}}{part}){{1,9}}(?:[\s\-]?\d{{2,5}})?")


def _numbers(shadow: str) -> Iterator[Span]:
    """Numbers that identify: by form, by length, or since a message is nothing else."""
    yield from _spans(_EMAIL, shadow, "email")
    yield from _spans(_ID_CARD, shadow, "id_card")
    yield from _spans(_ENDS_IN_X, shadow, "id_card")
    yield from _spans(_MOBILE, shadow, "phone")
    yield from _spans(_LANDLINE, shadow, "phone")
    yield from _spans(_SPOKEN, shadow, "number")
    if _ONLY_DIGITS.fullmatch(shadow):
        yield Span(0, len(shadow), "number")
    for match in _TOKEN.finditer(shadow):
        if _digits(match[0]) >= 7 and any(ch.isalpha() for ch in match[0]):
            yield Span(match.start(), match.end(), "id")
    dateless = _DATE.sub(lambda match: "~" * len(match[0]), shadow)
    for match in _RUN.finditer(dateless):
        if _digits(match[0]) >= 7 and not _is_days(match[0]) and not _is_amount(match, dateless):
            yield Span(match.start(), match.end(), "number")


def _is_days(run: str) -> bool:
    """11.11-11.20, 2026-11-21 10: no more than ten digits in pairs, perhaps behind a year."""
    groups = re.findall(r"\d+", run)
    if groups and re.fullmatch(r"(?:19|20)\d\d", groups[0]):
        groups = groups[1:]
    return _digits(run) <= 10 and bool(groups) and all(len(group) <= 2 for group in groups)


def _is_amount(match: re.Match[str], text: str) -> bool:
    if _digits(match[0]) > 9:
        return False
    return text[: match.start()].rstrip().endswith(("¥", "￥")) or bool(_MONEY_AFTER.match(text, match.end()))


def _beside(shadow: str, spans: Iterable[Span], name: re.Pattern[str]) -> Iterator[Span]:
    """A name right before or after a phone or an address, as in a pasted block."""
    for span in spans:
        if span.kind in {"phone", "address"}:
            before = re.search(
                rf"(?:^|(?<={_HAN})|(?<=[\s,，;；、:：]))({_HAN}{{2,4}})[\s,，;；、]{{0,2}}$",
                shadow[max(0, span.start - 12) : span.start],
            )
            if before and name.fullmatch(before[1]):
                start = max(0, span.start - 12) + before.start(1)
                yield Span(start, start + len(before[1]), "name")
            after = re.compile(rf"[\s,，;；、]{{0,2}}({_HAN}{{2,4}})(?!{_HAN})").match(shadow, span.end)
            if after and name.fullmatch(after[1]):
                yield Span(after.start(1), after.end(1), "name")


def _merged(spans: Iterable[Span]) -> list[Span]:
    """Overlapping spans as one, of the kind of the longest."""
    merged: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.start, -s.end)):
        if merged and span.start < merged[-1].end:
            last = merged[-1]
            kind = max((last, span), key=lambda s: (s.end - s.start, s is last)).kind
            merged[-1] = Span(last.start, max(last.end, span.end), kind)
        elif span.end > span.start:
            merged.append(span)
    return merged


def _spans(pattern: re.Pattern[str], text: str, kind: str) -> Iterator[Span]:
    return (Span(match.start(), match.end(), kind) for match in pattern.finditer(text))


def _shadow(text: str) -> str:
    """The text of the same length with every character in its plain form: full-width digits, ① and so on."""
    return "".join(_plain(ch) for ch in text)


def _plain(ch: str) -> str:
    if ch < "\x80" or "\u4e00" <= ch <= "\u9fff":
        return ch
    plain = unicodedata.normalize("NFKC", ch)
    if len(plain) != 1:
        return ch
    digit = unicodedata.decimal(plain, None)
    return plain if digit is None else str(digit)


def _digits(text: str) -> int:
    return sum(ch.isdigit() for ch in text)


def _one_of(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))
