"""The two bots that are compared: both trained by `rasa train` from one folder of the shop's own data.

The folder is named after what is in it, so each model is trained once. It lies under <home>/bench/.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.errors import BadInput
from bot.quality.bench_process import run
from bot.settings import ROOT
from bot.yaml_file import read_yaml

Json = dict[str, Any]
QUALITY = ROOT / "bot" / "quality"
STOCK = QUALITY / "stock"
DATA = ("data/nlu", "data/rules", "data/responses", "data/lexicon/words.txt", "domain.yml")
"""What both bots are made of."""
OURS = ("config.yml", "data/lexicon", "bot/nlu")
TALK = frozenset({"greet", "thanks_bye", "affirm", "deny", "chitchat", "urge_reply"})
"""Intents that stock/talk.yml answers without an action."""
STORY_TURNS = 3
TRAIN_SECONDS = 3600.0


@dataclass(frozen=True)
class Messages:
    """The fixed messages, in the order they are sent."""

    talk: tuple[str, ...]
    """Answered by a response."""
    business: tuple[str, ...]
    """Answered by an action."""
    desk: tuple[str, ...]
    """Complete requests that no bot hands over to a person, so that a conversation stays the bot's."""

    @property
    def mix(self) -> tuple[str, ...]:
        """All of them, talk spread evenly among the rest, as in real conversations."""
        step = max(1, len(self.business) // max(1, len(self.talk)))
        mixed: list[str] = []
        for at, text in enumerate(self.business):
            mixed.append(text)
            if at % step == step - 1 and at // step < len(self.talk):
                mixed.append(self.talk[at // step])
        return tuple(mixed)


@dataclass(frozen=True)
class Project:
    """A folder with both models."""

    folder: Path
    stock: Path
    """The stock model; trained only if it was asked for."""
    ours: Path


def read_messages(path: Path = QUALITY / "messages.yml") -> Messages:
    """The messages of the package; raises BadInput for a file of another form."""
    raw = read_yaml(path)
    if not isinstance(raw, dict) or set(raw) != {"talk", "business", "desk"}:
        raise BadInput(f"{path.name}: expected the lists talk, business and desk")
    return Messages(*(tuple(map(str, raw[name])) for name in ("talk", "business", "desk")))


def lay_out(home: Path) -> Project:
    """The folder for the data as it is now; nothing is written where it is there already."""
    data = _hash([ROOT / name for name in DATA], STOCK)
    folder = home / "bench" / data
    ours = _hash([ROOT / name for name in OURS])
    project = Project(folder, folder / "models" / "stock.tar.gz", folder / "models" / f"ours-{ours}.tar.gz")
    if not folder.is_dir():
        part = folder.with_name(f".{data}.{os.getpid()}")
        shutil.rmtree(part, ignore_errors=True)
        _write(part)
        part.replace(folder)
    return project


def train(project: Project, name: str) -> None:
    """Train `stock` or `ours` by `rasa train`, unless the model is there; raises XiaoerError if it fails."""
    model = project.stock if name == "stock" else project.ours
    if model.is_file():
        return
    folder = project.folder
    config = folder / "stock.yml" if name == "stock" else ROOT / "config.yml"
    part = folder / "models" / f"part-{name}-{os.getpid()}.tar.gz"
    what = ("rasa", "train", "--quiet", "--force", "--config", str(config), "--domain", "domain.yml")
    where = ("--data", "data", "--out", "models", "--fixed-model-name", part.name)
    try:
        run((*what, *where), {}, folder / f"train-{name}.log", TRAIN_SECONDS, folder)
        part.replace(model)
    finally:
        part.unlink(missing_ok=True)


def laid_over(rules: Sequence[Json], over: Sequence[Json]) -> list[Json]:
    """The rules, those for an intent that `over` answers left out."""
    answered = {_intent(rule) for rule in over}
    return [rule for rule in rules if _intent(rule) not in answered]


def stories(rules: Iterable[Json]) -> list[Json]:
    """Conversations for TED: rules of one question and one answer, three after another."""
    simple = [r["steps"] for r in rules if len(r["steps"]) == 2 and "condition" not in r and _intent(r)]
    chains = [simple[at : at + STORY_TURNS] for at in range(0, len(simple), STORY_TURNS)]
    return [
        {"story": f"talk {at}", "steps": [step for steps in chain for step in steps]}
        for at, chain in enumerate(chains)
    ]


def _write(folder: Path) -> None:
    over = _read(STOCK / "talk.yml")
    shutil.copytree(ROOT / "data/nlu", folder / "data/nlu")
    shutil.copytree(ROOT / "data/responses", folder / "data/responses")
    (folder / "lexicon").mkdir()
    (folder / "models").mkdir()
    shutil.copy(ROOT / "data/lexicon/words.txt", folder / "lexicon")
    shutil.copy(ROOT / "domain.yml", folder)
    shutil.copy(STOCK / "config.yml", folder / "stock.yml")
    rules = [rule for path in sorted((ROOT / "data/rules").glob("*.yml")) for rule in _read(path)["rules"]]
    rules = [*laid_over(rules, over["rules"]), *over["rules"]]
    _dump(folder / "data/rules.yml", {"rules": rules})
    _dump(folder / "data/stories.yml", {"stories": stories(rules)})
    _dump(folder / "data/responses/bench.yml", {"responses": over["responses"]})


def _intent(rule: Json) -> str:
    """The intent that a rule begins with, empty for one that begins otherwise."""
    return str(rule["steps"][0].get("intent") or "")


def _read(path: Path) -> Json:
    found: Json = read_yaml(path)
    return found


def _dump(path: Path, content: Mapping[str, Any]) -> None:
    text = yaml.safe_dump({"version": "3.1", **content}, allow_unicode=True, sort_keys=False)
    path.write_text(text, encoding="utf-8")


def _hash(sources: Iterable[Path], *more: Path) -> str:
    digest = hashlib.sha256()
    for source in (*sources, *more):
        for path in sorted(source.rglob("*")) if source.is_dir() else [source]:
            if path.suffix in {".yml", ".txt", ".py"}:
                digest.update(f"{path.relative_to(ROOT).as_posix()}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]
