"""docs/shop-api.yaml, made from the code: `python -m bot.shop.openapi > docs/shop-api.yaml`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime, time
from enum import Enum
from types import UnionType
from typing import Any, Union, get_args, get_origin

import yaml

from bot.shop.contract import CATALOGUE, POLICY, PREVIEWS, QUESTIONS, VERSION, WRITES, Question, Request
from bot.shop.doing.refusals import REFUSALS
from bot.shop.doing.rows import Receipt
from bot.shop.models import Catalogue
from bot.shop.policy import Policy
from bot.shop.reading import hints
from bot.shop.signing import KEY, SIGNATURE, TIME, TOLERANCE
from bot.shop.values import LARGEST, Count, Duration, Fen, Id, Percent, Quantity, Window, Words
from bot.shop.wishes import KINDS

Json = dict[str, Any]

_SCALARS: dict[Any, Json] = {
    Any: {},
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    date: {"type": "string", "format": "date"},
    datetime: {"type": "string", "format": "date-time", "description": "ISO 8601 with its zone"},
    time: {"type": "string", "pattern": "^[0-9]{2}:[0-9]{2}$"},
    Duration: {"type": "string", "pattern": "^[0-9]{1,5}[mhd]$"},
    Id: {"type": "string", "minLength": 1, "maxLength": 64, "pattern": r"^\S+$"},
    Window: {"type": "string", "pattern": "^[0-9]{2}:[0-9]{2}-[0-9]{2}:[0-9]{2}$"},
    Words: {"type": "string", "pattern": r"\S"},
    Fen: {"type": "integer", "minimum": 0, "maximum": LARGEST, "description": "fen"},
    Count: {"type": "integer", "minimum": 0, "maximum": LARGEST},
    Quantity: {"type": "integer", "minimum": 1, "maximum": LARGEST},
    Percent: {"type": "integer", "minimum": 0, "maximum": 100},
}
_INTRODUCTION = (
    "What Xiaoer asks of a shop that keeps its rows in a system of its own. How to sign, what may be cached "
    "and sent again, and what a refusal is: docs/shop-api.md. What the fields mean: docs/shop-data.md."
)


class _Schemas:
    """The schemas that are referred to so far, by name."""

    def __init__(self) -> None:
        self.named: dict[str, Json] = {}

    def of(self, kind: Any, *, partial: bool = False) -> Json:
        """The schema of a type; `partial`: of a policy's section, which may leave keys out."""
        if kind in _SCALARS:
            return dict(_SCALARS[kind])
        origin, args = get_origin(kind), get_args(kind)
        if origin in (Union, UnionType):
            return {"anyOf": [self.of(next(a for a in args if a is not type(None))), {"type": "null"}]}
        if origin is tuple:
            pair = {} if args[-1] is Ellipsis else {"minItems": 2, "maxItems": 2}
            return {"type": "array", "items": self.of(args[0]), **pair}
        if origin is dict:
            keys = {"propertyNames": self.of(args[0])} if args[0] is not str else {}
            return {"type": "object", "additionalProperties": self.of(args[1]), **keys}
        if is_dataclass(kind):
            return self._record(kind, partial=partial)
        if issubclass(kind, Enum):
            return {"type": "string", "enum": [member.value for member in kind]}
        raise TypeError(f"no schema for {kind}")

    def wish(self) -> Json:
        """Any of the wishes; each is told by its `kind`."""
        return {"oneOf": [self._wish(name, kind) for name, kind in KINDS.items()]}

    def _wish(self, name: str, kind: Any) -> Json:
        form = self.object(kind)
        form["properties"] = {"kind": {"const": name}, **form["properties"]}
        form["required"] = ["kind", *form.get("required", [])]
        return self._named(f"{kind.__name__}Wish", form)

    def _record(self, kind: Any, *, partial: bool) -> Json:
        return self._named(kind.__name__, self.object(kind, partial=partial))

    def object(self, kind: Any, *, partial: bool = False) -> Json:
        """The schema of a dataclass itself, not under a name."""
        form: Json = {"type": "object", "description": str(kind.__doc__).partition("\n")[0]}
        members = {}
        for each in fields(kind):
            hint = hints(kind)[each.name]
            members[each.name] = self.of(hint, partial=partial and is_dataclass(hint))
        form["properties"] = members
        if required := [] if partial else list(_needed(fields(kind))):
            form["required"] = required
        form["additionalProperties"] = False
        return form

    def _named(self, name: str, form: Json) -> Json:
        if self.named.setdefault(name, form) != form:
            raise TypeError(f"{name} is two different schemas")
        return {"$ref": f"#/components/schemas/{name}"}


def document() -> Json:
    """The whole OpenAPI document."""
    schemas = _Schemas()
    schemas.named["Wish"] = schemas.wish()
    schemas.named["Request"] = {
        **schemas.object(Request),
        "properties": {"wish": {"$ref": "#/components/schemas/Wish"}, "at": schemas.of(datetime)},
    }
    code = {"type": "string", "enum": sorted(REFUSALS)}
    schemas.named["Refusal"] = _object({"code": code, "facts": {"type": "object"}}, ["code"])
    schemas.named["Error"] = _object({"code": {"type": "string"}, "message": {"type": "string"}}, ["code"])
    paths: Json = {question.path: {"get": _question(question, schemas)} for question in QUESTIONS}
    paths[CATALOGUE] = {"get": _versioned("All products, with a version of them", schemas.of(Catalogue))}
    rules = "The shop's rules; what is left out is the default's"
    paths[POLICY] = {"get": _versioned(rules, schemas.of(Policy, partial=True))}
    receipt = schemas.of(Receipt)
    paths[PREVIEWS] = {"post": _doing("What doing a wish would come to; nothing is changed", receipt)}
    write = _doing("Do a wish, once and for all under its key", receipt)
    write["parameters"] = [_parameter("header", KEY, {"type": "string", "minLength": 1, "maxLength": 64})]
    paths[WRITES] = {"post": write}
    return {
        "openapi": "3.1.0",
        "info": {"title": "A shop's interface for Xiaoer", "version": VERSION, "description": _INTRODUCTION},
        "servers": [{"url": "https://shop.example/xiaoer"}],
        "security": [{"time": [], "signature": []}],
        "paths": paths,
        "components": {
            "securitySchemes": _signed(),
            "responses": {name: _answer(told, _ERROR) for name, told in _FAULTS.values()},
            "schemas": dict(sorted(schemas.named.items())),
        },
    }


def _question(question: Question, schemas: _Schemas) -> Json:
    kind = tuple[question.row, ...] if question.many else question.row  # type: ignore[name-defined]
    asked = (
        [_parameter("query", question.by, _SCALARS[Id], required=not question.optional)]
        if question.by
        else []
    )
    missing = {} if question.many else {"404": _answer("There is none", _ERROR)}
    told = question.tells + (", in any order" if question.many else "")
    return {
        "summary": told,
        **({"parameters": asked} if asked else {}),
        "responses": {"200": _answer(told, schemas.of(kind)), **missing, **_faults()},
    }


def _versioned(told: str, schema: Json) -> Json:
    tag = {"ETag": {"schema": {"type": "string"}, "description": "Another one whenever the answer is"}}
    return {
        "summary": told,
        "parameters": [_parameter("header", "If-None-Match", {"type": "string"}, required=False)],
        "responses": {
            "200": {**_answer(told, schema), "headers": tag},
            "304": {"description": "Still that of If-None-Match"},
            **_faults(),
        },
    }


def _doing(told: str, receipt: Json) -> Json:
    refusal = {"$ref": "#/components/schemas/Refusal"}
    body = {"$ref": "#/components/schemas/Request"}
    return {
        "summary": told,
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": {
            "200": _answer("The receipt", receipt),
            "409": _answer("A rule forbids it; nothing was changed", refusal),
            **_faults(),
        },
    }


_ERROR = {"$ref": "#/components/schemas/Error"}
_FAULTS = {
    "400": ("BadRequest", "Not a request of this contract"),
    "401": ("Unauthorized", "Signature or time is wrong"),
    "503": ("Unavailable", "The shop cannot be asked now"),
}


def _faults() -> Json:
    return {status: {"$ref": f"#/components/responses/{name}"} for status, (name, _) in _FAULTS.items()}


def _answer(told: str, schema: Json) -> Json:
    return {"description": told, "content": {"application/json": {"schema": schema}}}


def _parameter(place: str, name: str, schema: Json, *, required: bool = True) -> Json:
    return {"name": name, "in": place, "required": required, "schema": dict(schema)}


def _object(properties: Json, required: list[str]) -> Json:
    return {"type": "object", "properties": properties, "required": required}


def _signed() -> Json:
    words = {
        "time": (TIME, f"Unix seconds, at most {TOLERANCE} away from the shop's clock"),
        "signature": (SIGNATURE, "HMAC-SHA256 of the request in hexadecimal, see docs/shop-api.md"),
    }
    return {
        each: {"type": "apiKey", "in": "header", "name": name, "description": told}
        for each, (name, told) in words.items()
    }


def _needed(members: tuple[Field[Any], ...]) -> Iterator[str]:
    return (m.name for m in members if m.default is MISSING and m.default_factory is MISSING)


class _Plain(yaml.SafeDumper):
    """Writes the same thing out again instead of referring to it."""

    def ignore_aliases(self, data: Any) -> bool:
        """See PyYAML."""
        return True


def text() -> str:
    """The document as YAML."""
    head = "# Made by `python -m bot.shop.openapi`; a test compares it with the code.\n"
    return head + yaml.dump(document(), Dumper=_Plain, sort_keys=False, allow_unicode=True, width=110)


if __name__ == "__main__":
    sys.stdout.write(text())
