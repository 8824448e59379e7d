"""Test sets of understanding: JSON lines, each of a kind that its keys tell, read with every field checked.

- {"text", "intent", "mood"?}: a message by itself
- {"text", "requests": [intent, intent, …]}: one that holds several requests, in their order
- {"text", "before": [text, …], "page", "shopper", "intent", "mood"?}: one that is read in its context
- {"text", "wish": "explicit" | "robot_question"}: a wish for a person, or a question whether the bot is one
- {"text", "entities": [{"entity", "value"}, …], "today"?}: one whose values are known
- {"text", "mood"}, and every line of a file mood*.jsonl: one of which only the mood is looked at
"""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any

from bot.errors import BadInput, told
from bot.examples.lines import Line
from bot.nlu.mood import Mood
from bot.shop.access import Page
from bot.turn import read_page
from bot.yaml_file import read_yaml, shown

Json = dict[str, Any]
FOLDER = "tests/nlu"
DOMAIN = "domain.yml"
FEW = 10
"""Names up to which all are told where another one was given."""
MOODS = tuple(mood.value for mood in Mood)


class Wish(str, Enum):
    """What somebody who speaks of a person wants."""

    EXPLICIT = "explicit"
    ROBOT_QUESTION = "robot_question"


@dataclass(frozen=True)
class Message(Line):
    """A message by itself; `mood` is empty where nobody labelled it."""

    intent: str
    mood: str


@dataclass(frozen=True)
class Several(Line):
    """A message with several requests."""

    requests: tuple[str, ...]
    mood: str


@dataclass(frozen=True)
class Fragment(Line):
    """A message and the shopper's messages before it; `shopper` is an id of the demo shop or empty."""

    intent: str
    mood: str
    before: tuple[str, ...]
    page: Page | None
    shopper: str


@dataclass(frozen=True)
class PersonWish(Line):
    """A message that speaks of a person."""

    wish: Wish


@dataclass(frozen=True)
class Valued(Line):
    """A message and the values in it, as (entity, value); `today` is the day that it was said on, if told."""

    values: tuple[tuple[str, str], ...]
    today: date | None


@dataclass(frozen=True)
class Felt(Line):
    """A message of which only the mood is looked at."""

    mood: str


@dataclass(frozen=True)
class Cases:
    """Everything that is to be asked; `mark` is a hash of it."""

    messages: tuple[Message, ...]
    several: tuple[Several, ...]
    fragments: tuple[Fragment, ...]
    wishes: tuple[PersonWish, ...]
    valued: tuple[Valued, ...]
    felt: tuple[Felt, ...] = ()
    mark: str = ""

    def counts(self) -> dict[str, int]:
        """How many there are of each kind."""
        kinds = ("messages", "several", "fragments", "wishes", "valued", "felt")
        return {kind: len(getattr(self, kind)) for kind in kinds}


def own_files(root: Path) -> list[Path]:
    """The project's own test set."""
    return sorted((root / FOLDER).glob("*.jsonl"))


def read_cases(files: Iterable[Path], root: Path) -> Cases:
    """The cases of these files; raises BadInput naming file and line, what was expected and what came."""
    intents = tuple(read_yaml(root / DOMAIN)["intents"])
    lines = [_case(row, intents) for path in files for row in _rows(path)]
    if not lines:
        raise BadInput('测试集是空的;每行写一个 {"text": "…", "intent": "…"}')

    def of(kind: type[Any]) -> tuple[Any, ...]:
        return tuple(line for line in lines if isinstance(line, kind))

    # Places are left out of the mark: a file may be split in two.
    told_of = "\n".join(sorted(repr({**vars(line), "place": ""}) for line in lines))
    mark = hashlib.sha256(told_of.encode()).hexdigest()[:16]
    return Cases(of(Message), of(Several), of(Fragment), of(PersonWish), of(Valued), of(Felt), mark)


def unseen_lines(root: Path) -> list[Line]:
    """The own set's texts that no example may be near to: all but fragments, whose context makes them new."""
    rows = [row for path in own_files(root) for row in _rows(path)]
    return [Line(row.place, row.text()) for row in rows if "before" not in row.raw]


@dataclass(frozen=True)
class _Row:
    """A line's JSON object and where it stands."""

    place: str
    raw: Mapping[str, Any]

    @property
    def file(self) -> str:
        """The name of the file."""
        return self.place.rpartition(":")[0].rpartition("/")[2]

    def text(self) -> str:
        return str(self.required("text", "一句不空的话", lambda text: isinstance(text, str) and text.strip()))

    def required(self, key: str, wanted: str, fits: Callable[[Any], object]) -> Any:
        """The value of a key; raises BadInput naming the place where it is missing or does not fit."""
        if key not in self.raw:
            raise BadInput(f'{self.place}:应有 "{key}"({wanted}),只有 {"、".join(self.raw) or "空的对象"}')
        if not fits(self.raw[key]):
            came = json.dumps(self.raw[key], ensure_ascii=False)
            raise BadInput(f'{self.place}:"{key}" 应为 {wanted},却是 {came}')
        return self.raw[key]

    def choice(self, key: str, among: Collection[str]) -> str:
        """A value that is one of a few."""
        wanted = "、".join(among) if len(among) < FEW else f"{DOMAIN} 里的一个名字{self._nearest(key, among)}"
        return str(self.required(key, wanted, lambda value: isinstance(value, str) and value in among))

    def _nearest(self, key: str, among: Collection[str]) -> str:
        near = difflib.get_close_matches(str(self.raw.get(key)), among, n=1)
        return f"(是不是 {near[0]}?)" if near else ""


def _rows(path: Path) -> Iterator[_Row]:
    try:
        lines = path.read_bytes().removeprefix(b"\xef\xbb\xbf").split(b"\n")
    except OSError as problem:
        raise BadInput(f"读不出来:{told(problem)}") from None
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _Row(f"{shown(path)}:{number}", _object(line, f"{shown(path)}:{number}"))


def _object(line: bytes, place: str) -> Mapping[str, Any]:
    try:
        raw = json.loads(line.decode("utf-8"))
    except ValueError as problem:
        raw = problem
    if isinstance(raw, dict):
        return raw
    start = line.decode("utf-8", "replace").strip()[:40]
    raise BadInput(f'{place}:每行应为一个 JSON 对象,如 {{"text": "…", "intent": "…"}},却是 {start!r}')


def _case(row: _Row, intents: Sequence[str]) -> Line:
    text = row.text()
    if "wish" in row.raw:
        return PersonWish(row.place, text, Wish(row.choice("wish", [wish.value for wish in Wish])))
    if "before" in row.raw:
        return _fragment(row, text, intents)
    if "requests" in row.raw:
        return Several(row.place, text, tuple(row.required("requests", *_several(intents))), _mood(row))
    if "entities" in row.raw:
        return Valued(row.place, text, tuple(_values(row)), _today(row))
    if row.file.startswith("mood") or row.raw.keys() == {"text", "mood"}:
        return Felt(row.place, text, row.choice("mood", MOODS))
    intent = row.raw.get("intent")
    if isinstance(intent, str) and "+" in intent and set(intent.split("+")) <= set(intents):
        return Several(row.place, text, tuple(intent.split("+")), _mood(row))
    return Message(row.place, text, row.choice("intent", intents), _mood(row))


def _fragment(row: _Row, text: str, intents: Sequence[str]) -> Fragment:
    before = row.required("before", "买家先前的几句话(文字的列表)", _is_texts)
    try:
        page = read_page(row.raw.get("page"))
    except BadInput as problem:
        raise BadInput(f"{row.place}:{problem}") from None
    shopper = row.raw.get("shopper")
    if shopper is not None:
        row.required("shopper", "买家编号或 null", lambda value: isinstance(value, str))
    return Fragment(
        row.place, text, row.choice("intent", intents), _mood(row), tuple(before), page, shopper or ""
    )


def _mood(row: _Row) -> str:
    return row.choice("mood", MOODS) if "mood" in row.raw else ""


def _today(row: _Row) -> date | None:
    def fits(value: Any) -> bool:
        try:
            return isinstance(value, str) and bool(date.fromisoformat(value))
        except ValueError:
            return False

    return (
        date.fromisoformat(row.required("today", "日期,如 2026-11-21", fits)) if "today" in row.raw else None
    )


def _several(intents: Sequence[str]) -> tuple[str, Callable[[Any], bool]]:
    def fits(value: Any) -> bool:
        return _is_texts(value) and len(value) > 1 and set(value) <= set(intents)

    return f"两个或更多意图的列表({DOMAIN} 里有的)", fits


def _values(row: _Row) -> Iterator[tuple[str, str]]:
    def fits(value: Any) -> bool:
        return isinstance(value, list) and all(
            isinstance(each, dict) and all(isinstance(each.get(key), str) for key in ("entity", "value"))
            for each in value
        )

    for each in row.required("entities", '{"entity": "…", "value": "…"} 的列表', fits):
        yield each["entity"], each["value"]


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) and each.strip() for each in value)
