"""What a message says of an invoice: title, tax number, e-mail and the rest, in any order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from actions.phrases import says
from actions.undertaking import Facts
from bot.settings import ROOT
from bot.shop.codes import InvoiceKind
from bot.shop.doing.invoices import PERSONAL
from bot.shop.tax_numbers import is_tax_number
from bot.yaml_file import read_yaml

if TYPE_CHECKING:
    from actions.session import Asked

LEXICON = ROOT / "data" / "lexicon" / "invoices.yml"
DETAILS = ("address", "phone", "bank", "account")
MOST_OF_TITLE = 50
ANSWERS = frozenset({"provide_info", "nlu_fallback", "invoice", "modify_address"})
"""Intents of a message that is nothing but the value asked for; a place alone looks like another address."""
_NUMBER = re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z]{10,25}(?![0-9A-Za-z])")
_PHONE = re.compile(r"(?<!\d)\d[\d-]{5,}\d(?!\d)")
_ACCOUNT = re.compile(r"(?<!\d)\d[\d ]{6,30}\d(?!\d)")


@dataclass(frozen=True)
class _Words:
    """data/lexicon/invoices.yml, its expressions compiled."""

    labels: dict[str, str]
    label: re.Pattern[str]
    patterns: dict[str, re.Pattern[str]]


@lru_cache(maxsize=1)
def _words() -> _Words:
    raw: dict[str, Any] = read_yaml(LEXICON)
    labels = {label: field for field, each in raw["labels"].items() for label in each}
    longest_first = sorted(labels, key=len, reverse=True)
    label = re.compile(f"({'|'.join(map(re.escape, longest_first))}){raw['connector']}", re.IGNORECASE)
    rest = {name: value for name, value in raw.items() if name not in ("labels", "connector")}
    return _Words(labels, label, {name: re.compile(value) for name, value in rest.items()})


def said_of_invoice(asked: Asked, asks: str | None = None) -> Facts:
    """What the message says, by field; a message that is about nothing else may answer what was asked for."""
    text, parts = asked.typed, labelled(asked.typed)
    answers = asks if asked.intent in ANSWERS else None
    found: Facts = {}
    if kind := _kind(asked):
        found["invoice_kind"] = kind.value
    found |= _buyer(asked, text, parts, answers)
    found |= _tax_number(asked, text, parts, asks)
    if email := asked.entity("email"):
        found["email"] = email
    return {**found, **_details(text, parts, answers)}


def labelled(text: str) -> dict[str, str]:
    """Field to what stands behind its label, up to the next label or sign."""
    words = _words()
    places = list(words.label.finditer(text))
    ends = [*(place.start() for place in places), len(text)][1:]
    found = {}
    for place, end in zip(places, ends, strict=False):
        value = words.patterns["ends_at"].split(text[place.end() : end].strip(" 、/"))[0].strip()
        if value:
            found[words.labels[place[1].lower()]] = value
    return found


def fields_to_change(text: str) -> list[str]:
    """The fields that a message speaks of, whether or not it gives a value; none that it wants left alone."""
    words = _words()
    if words.patterns["unchanged"].search(text):
        return []
    return [words.labels[place[1].lower()] for place in words.label.finditer(text)]


def _kind(asked: Asked) -> InvoiceKind | None:
    pressed = asked.entity("invoice_kind")
    if pressed in {kind.value for kind in InvoiceKind}:
        return InvoiceKind(pressed)
    for kind, meaning in KINDS.items():
        if says(asked.text, meaning):
            return kind
    return None


KINDS = {
    InvoiceKind.ELECTRONIC: "plain_invoice",
    InvoiceKind.SPECIAL: "special_invoice",
    InvoiceKind.PAPER: "paper_invoice",
}
"""Each kind's pattern; 不要专票 is a plain one."""


def _buyer(asked: Asked, text: str, parts: dict[str, str], answers: str | None) -> Facts:
    """Whose invoice it is, and the title."""
    patterns, pressed = _words().patterns, asked.entity("buyer")
    title = _title(text, parts, answers)
    if title and not any(title in name or name in title for name in asked.product_names):
        return {"title": title, **({"buyer": "personal"} if title.startswith(PERSONAL) else {})}
    if pressed == "personal" or (not pressed and patterns["personal"].search(text)):
        return {"buyer": "personal", "title": PERSONAL}
    return {"buyer": "company"} if pressed == "company" or patterns["company"].search(text) else {}


def _title(text: str, parts: dict[str, str], answers: str | None) -> str:
    """A labelled title, a firm's name anywhere, or the whole of an answer."""
    patterns, given = _words().patterns, parts.get("title", "")
    if firm := _firm(given, labelled_=True) or _firm(_unlabelled(text, parts)):
        return firm
    if not given and answers in ("buyer", "title", "title_special"):
        given = text.strip()
    given = patterns["tail"].sub("", given.split(" ")[0])
    spoken = patterns["personal"].search(given) or patterns["company"].fullmatch(given)
    fits = 1 < len(given) <= MOST_OF_TITLE and not patterns["no_title"].search(given)
    return given if fits and not spoken else ""


def _firm(text: str, *, labelled_: bool = False) -> str:
    """A firm's name in the text, without what leads to it; empty where there is none.

    Right behind its label nothing leads to it.
    """
    patterns = _words().patterns
    for match in patterns["firm"].finditer(text):
        bare = labelled_ and match.start() == 0
        name = match.group() if bare else patterns["lead_in"].sub("", match.group())
        if len(name) > 3 and not patterns["no_firm"].search(name):
            return name
    return ""


def _unlabelled(text: str, parts: dict[str, str]) -> str:
    """The text without the values of other fields: a bank's name is no title."""
    for field, value in parts.items():
        if field != "title":
            text = text.replace(value, " ")
    return text


def _tax_number(asked: Asked, text: str, parts: dict[str, str], asks: str | None) -> Facts:
    """A number of the right form; where one is given and is none, what was given."""
    given = asked.entity("tax_number")
    if not given and (labelled_ := _NUMBER.search(parts.get("tax_number", ""))):
        given = labelled_.group()
    if not given and asks in ("tax_number", "tax_number_again") and (bare := _NUMBER.search(text)):
        given = bare.group()
    number = given.upper()
    if not number:
        return {}
    return {"tax_number": number} if is_tax_number(number) else {"bad_tax_number": number}


def _details(text: str, parts: dict[str, str], answers: str | None) -> Facts:
    """Address, phone, bank and account, each only where it looks like one."""
    for both in ("address_phone", "bank_account"):
        if both in parts:
            first, second = both.split("_")
            number = (_PHONE if second == "phone" else _ACCOUNT).search(parts[both])
            parts = {second: number.group(), **parts} if number else parts
            parts = {first: parts[both][: number.start()].strip(" 、") if number else parts[both], **parts}
    whole = _words().label.split(text)[0].strip() or text.strip()
    found = {}
    for field in DETAILS:
        if value := _looked_like(field, parts.get(field, "") or (whole if field == answers else "")):
            found[field] = value
    return found


def _looked_like(field: str, value: str) -> str:
    if field in ("phone", "account"):
        number = (_PHONE if field == "phone" else _ACCOUNT).search(value)
        return number.group().replace(" ", "") if number else ""
    return value if _words().patterns[field].search(value) and len(value) > 3 else ""
