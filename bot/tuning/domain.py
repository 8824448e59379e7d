"""The trained domain, read once and by libyaml."""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Iterator
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any

import yaml

FILE = "domain.yml"
_STRANGE = re.compile(r"[^\n\x20-\x7e\xa0-\u2027\u202a-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]|\$\{")
"""Characters that YAML readers treat differently, and Rasa's environment variables."""
_INT = re.compile(r"-?(?:0|[1-9][0-9]*)")
_FLOAT = re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+")


class _UnsureError(Exception):
    """The text holds what Rasa's reader might read otherwise."""


def read_once_and_fast() -> None:
    """Loading a model, Rasa reads its domain four times, slowly: 4.8 s of CPU, here 0.12 s.

    Its reader is slow since the pattern of environment variables is appended to ruamel's list of patterns at
    each scalar, and all are tried. Here the file is read once from libyaml's events, checked against Rasa's
    schema as ever, and left to stock Rasa wherever something in it could be read in two ways.
    """
    from rasa.graph_components.providers.domain_provider import DomainProvider

    stock = DomainProvider.__dict__["load"]

    def load(
        cls: Any, config: Any, model_storage: Any, resource: Any, execution_context: Any, **more: Any
    ) -> Any:
        with model_storage.read_from(resource) as folder:
            domain = quick_domain(Path(folder))
        if domain is None:
            return stock.__func__(cls, config, model_storage, resource, execution_context, **more)
        return cls(model_storage, resource, domain)

    known: Any = wraps(stock.__func__)(load)  # Rasa checks a component's annotations
    known.stock = stock.__func__
    DomainProvider.load = classmethod(known)


def quick_domain(folder: Path) -> Any | None:
    """What `Domain.from_path(folder)` makes of a folder as Rasa stores it; None where stock must look."""
    from rasa.shared.constants import LATEST_TRAINING_DATA_FORMAT_VERSION
    from rasa.shared.core.domain import Domain
    from rasa.shared.utils.io import read_file

    if [path.name for path in folder.rglob("*")] != [FILE]:
        return None
    data = read_exactly(read_file(folder / FILE))
    if data is None or data.get("version") != LATEST_TRAINING_DATA_FORMAT_VERSION or not _is_valid(data):
        return None
    return Domain.from_dict(data)


def read_exactly(text: str) -> dict[Any, Any] | None:
    """The mapping that `rasa.shared.utils.io.read_yaml` makes of a text; None where that is not certain."""
    libyaml = getattr(yaml, "CSafeLoader", None)
    if libyaml is None or text.isascii() or _STRANGE.search(text):  # in ASCII Rasa undoes escapes first
        return None
    try:
        events = iter(yaml.parse(text, Loader=libyaml))
        next(events)  # the stream's beginning
        if getattr(next(events), "explicit", True):
            return None
        read = _value(next(events), events)
        next(events)  # the document's end
        return read if isinstance(next(events), yaml.StreamEndEvent) and type(read) is dict else None
    except (yaml.YAMLError, _UnsureError, RecursionError):
        return None


def _value(event: Any, events: Iterator[Any]) -> Any:
    if event.anchor is not None or event.tag is not None:
        raise _UnsureError
    if isinstance(event, yaml.ScalarEvent):
        return _plain(event.value) if event.implicit[0] else event.value
    if isinstance(event, yaml.SequenceStartEvent):
        return [_value(item, events) for item in _until(yaml.SequenceEndEvent, events)]
    made: dict[Any, Any] = {}
    for item in _until(yaml.MappingEndEvent, events):
        key = _value(item, events)
        if type(key) is not str or key in made:
            raise _UnsureError
        made[key] = _value(next(events), events)
    return made


def _until(end: type, events: Iterator[Any]) -> Iterator[Any]:
    for event in events:
        if isinstance(event, end):
            return
        yield event


def _plain(text: str) -> Any:
    """An unquoted scalar, by Rasa's own patterns for YAML 1.2."""
    for kind, pattern in _patterns().get(text[:1], ()):
        if not pattern.match(text):
            continue
        if kind == "bool":
            return text.lower() == "true"
        if kind == "null":
            return None
        if kind == "int" and _INT.fullmatch(text):
            return int(text)
        if kind == "float" and _FLOAT.fullmatch(text):
            return float(text)
        raise _UnsureError
    return text


@lru_cache(maxsize=1)
def _patterns() -> dict[str, list[tuple[str, re.Pattern[str]]]]:
    """Kinds of scalars with their patterns, by first character, in the order in which ruamel tries them."""
    from ruamel.yaml.resolver import implicit_resolvers

    found: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
    for versions, tag, pattern, first in implicit_resolvers:
        if (1, 2) in versions:
            for character in first or ():  # the one without is the environment variable's
                found.setdefault(character, []).append((tag.rpartition(":")[2], pattern))
    return found


def _is_valid(data: dict[Any, Any]) -> bool:
    """Rasa's own check of a domain file; stock Rasa words the errors."""
    import rasa
    from pykwalify.core import Core  # type: ignore[import-untyped]
    from pykwalify.errors import SchemaError  # type: ignore[import-untyped]
    from rasa.shared.constants import DOMAIN_SCHEMA_FILE, RESPONSES_SCHEMA_FILE, SCHEMA_EXTENSIONS_FILE
    from rasa.shared.utils.io import read_yaml_file

    home = Path(rasa.__file__).parent
    schema = {**read_yaml_file(home / DOMAIN_SCHEMA_FILE), **read_yaml_file(home / RESPONSES_SCHEMA_FILE)}
    logging.getLogger("pykwalify").setLevel(logging.CRITICAL)
    checked = {"source_data": data, "schema_data": schema, "extensions": [str(home / SCHEMA_EXTENSIONS_FILE)]}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore", DeprecationWarning
            )  # pykwalify loads Rasa's extensions the old way
            Core(**checked).validate(raise_exception=True)
    except SchemaError:
        return False
    return True
