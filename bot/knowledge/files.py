"""Entries from files: the project's data/faq, and over them the shop's own in `<home>/faq`."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from bot.errors import BadInput
from bot.knowledge.entries import Entry
from bot.settings import ROOT

FOLDER = ROOT / "data" / "faq"
OWN = "faq"
"""Name of the folder in the shop's home."""
KEYS = ("title", "also", "answer")
MOST_TITLE, MOST_ANSWER = 30, 500
"""Characters: a title has to fit on a button, an answer into a reply."""


class FaqFiles:
    """The entries of several folders; an id in a later one replaces or, as `false`, removes the earlier."""

    def __init__(self, *folders: Path) -> None:
        """A folder that is not there holds nothing."""
        self._folders = folders

    @classmethod
    def of(cls, home: Path) -> FaqFiles:
        """The project's entries with the shop's own over them."""
        return cls(FOLDER, home / OWN)

    def entries(self) -> tuple[Entry, ...]:
        """All entries; raises BadInput naming file, id and key of the first fault."""
        found: dict[str, Entry] = {}
        for folder in self._folders:
            seen: dict[str, str] = {}
            for path in sorted(folder.glob("*.yml")):
                for name, raw in _read(path).items():
                    if name in seen:
                        raise BadInput(f"{path}:{name} 在 {seen[name]} 里已经有了;同一个文件夹里名字不能重复")
                    seen[name] = path.name
                    if raw is False:
                        found.pop(name, None)
                    else:
                        found[name] = _entry(name, raw, path)
        return tuple(found.values())


def _read(path: Path) -> Mapping[str, Any]:
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        where = " ".join(str(error).split())
        raise BadInput(f"{path} 读不出来({where});应为 UTF-8 的 YAML 文本") from None
    if raw is None:
        return {}
    if not isinstance(raw, dict):
        raise BadInput(f"{path}:应为“名字: 一条问答”,写法见 data/faq/shop.yml")
    return {str(name): value for name, value in raw.items()}


def _entry(name: str, raw: Any, path: Path) -> Entry:
    where = f"{path}:{name}"
    if not isinstance(raw, dict):
        raise BadInput(f"{where}:应有 {'、'.join(KEYS)};要去掉这一条就写 false")
    for key in raw:
        if key not in KEYS:
            near = difflib.get_close_matches(str(key), KEYS, n=1)
            hint = f"您是不是想写 {near[0]}?" if near else f"可用的有 {'、'.join(KEYS)}"
            raise BadInput(f"{where}:没有名为 {key} 的项;{hint}")
    title = _text(raw, "title", MOST_TITLE, where)
    answer = _text(raw, "answer", MOST_ANSWER, where)
    return Entry(name, title, tuple(_wordings(raw.get("also"), where)), answer, path.name)


def _text(raw: Mapping[str, Any], key: str, most: int, where: str) -> str:
    text = raw.get(key)
    if not isinstance(text, str) or not text.strip():
        raise BadInput(f"{where}:{key} 应为文字,却是 {text!r}")
    if len(text.strip()) > most:
        raise BadInput(f"{where}:{key} 最多 {most} 个字,却有 {len(text.strip())} 个;请写短一些")
    return text.strip()


def _wordings(raw: Any, where: str) -> Iterator[str]:
    if not isinstance(raw, list | None) or not all(isinstance(text, str) and text for text in raw or ()):
        raise BadInput(f"{where}:also 应为几种问法的列表,却是 {raw!r}")
    yield from raw or ()
