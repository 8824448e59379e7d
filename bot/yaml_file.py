"""Reading YAML that an owner may have edited: what is broken is named by file and line."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from bot.errors import BadInput, told
from bot.settings import ROOT

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's where there is one: the examples are long."""


class _WordLoader(yaml.SafeLoader):
    """Takes `on`, `off`, `yes` and `no` for words; only `true` and `false` are truth values."""


_WordLoader.yaml_implicit_resolvers = {
    first: [rule for rule in rules if rule[0] != "tag:yaml.org,2002:bool"]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_WordLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("true|false"), list("tf"))


def read_yaml(path: Path, *, words: bool = False) -> Any:
    """What a file holds, None if nothing; raises BadInput naming file and line where it cannot be read.

    `words`: `on`, `off`, `yes` and `no` are words, for files in which they are names.
    """
    loader = _WordLoader if words else _LOADER
    return _read(path, lambda text: yaml.load(text, loader))  # noqa: S506 - safe loaders


def read_nodes(path: Path) -> yaml.Node | None:
    """The same file as nodes, which know their lines; raises BadInput as `read_yaml` does."""
    found: yaml.Node | None = _read(path, lambda text: yaml.compose(text, _LOADER))
    return found


def shown(path: Path) -> str:
    """A file as an owner finds it: from the project's folder on, where it lies there."""
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else str(path)


def _read(path: Path, parse: Callable[[str], Any]) -> Any:
    try:
        raw = path.read_bytes()
        return parse(raw.decode("utf-8"))
    except OSError as problem:
        raise BadInput(f"读不出来:{told(problem)}") from None
    except UnicodeDecodeError as problem:
        line = raw[: problem.start].count(b"\n") + 1
        raise BadInput(f"{shown(path)}:{line}:应为 UTF-8 文本,这一行不是;请另存为 UTF-8") from None
    except (yaml.YAMLError, ValueError) as problem:
        raise BadInput(f"{shown(path)}{_line(problem, raw)}:不是 YAML:{_why(problem)}") from None


def _line(problem: Exception, raw: bytes) -> str:
    """`:line`, or nothing where YAML does not tell it."""
    mark = getattr(problem, "problem_mark", None) or getattr(problem, "context_mark", None)
    if mark is not None:
        return f":{mark.line + 1}"
    position = getattr(problem, "position", None)  # of a character that no YAML may hold
    return ":" + str(raw.decode("utf-8")[:position].count("\n") + 1) if isinstance(position, int) else ""


def _why(problem: Exception) -> str:
    told_by_yaml = (getattr(problem, "context", None), getattr(problem, "problem", None))
    return ",".join(part for part in told_by_yaml if part) or " ".join(str(problem).split())
