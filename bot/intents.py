"""What the bot knows of its intents beside their examples: when they arise, which are one wish."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.context import CONTEXT, Following, read_following
from bot.yaml_file import read_yaml

FALLBACK = "nlu_fallback"
PERSON = "human_agent"
INTENTS = "data/lexicon/intents.yml"
PHRASES = "phrases.yml"
"""Beside it: whose `asks_identity` is who asks whether a bot is speaking."""
LONGEST_IDENTITY = 20
"""Letters up to which a message may be that question and nothing else."""
Pairs = tuple[tuple[frozenset[str], frozenset[str]], ...]
_ENDING = re.compile(r"[\s呢啊呀哦噢哈的了吧亲~。.!！?？,，…]+$")


@dataclass(frozen=True)
class Intents:
    """The stage of each intent, which carry no request (ever, or beside another), which say one wish."""

    stage: Mapping[str, str]
    dialogue: frozenset[str]
    only_alone: frozenset[str]
    one_wish: tuple[frozenset[str], ...]
    told_for: Pairs
    """Pairs: beside one of the second, one of the first is its reason and no request."""
    told_beside: Pairs
    """The same where the first's clause asks nothing."""
    no_request: re.Pattern[str]
    """What a clause names or declines without wishing for it."""
    stated: frozenset[str]
    """What is a request without a question, too; the others only tell of something where nothing is asked."""
    asking: re.Pattern[str]
    """What makes a clause a question or a wish."""
    pushing: re.Pattern[str]
    """What wishes for something to be done about a trouble itself."""
    fragments: re.Pattern[str]
    """What says nothing without the talk before it."""
    continuations: re.Pattern[str]
    """What goes on with the request before it, where there was one."""
    pushes_on: re.Pattern[str]
    """The same, and pushes."""
    identity: tuple[re.Pattern[str], ...]
    """What asks whether a bot is speaking, all of them at once: who speaks, and words for bots and people."""
    courtesies: re.Pattern[str]
    """What may stand before a request and says nothing of it."""
    following: Following
    """What a short message means after another."""

    def is_request(self, intent: str) -> bool:
        """Whether an intent is something to be answered, and no talk around it."""
        return intent in self.stage and intent not in self.dialogue and intent != PERSON

    def same_wish(self, one: str, other: str) -> bool:
        """Whether two intents in one message are one wish."""
        return one == other or any(one in kin and other in kin for kin in self.one_wish)

    def asks_identity(self, text: str) -> bool:
        """Whether a text asks who is speaking, and little else."""
        short = sum(ch.isalnum() for ch in text) <= LONGEST_IDENTITY
        return short and all(words.search(text) is not None for words in self.identity)

    def is_fragment(self, text: str) -> bool:
        """Whether a text says nothing without the talk before it."""
        return self.fragments.fullmatch(_ENDING.sub("", text)) is not None

    def says_no_request(self, text: str) -> bool:
        """Whether a clause speaks of something without wishing for it: 取消的那单, 懒得退了."""
        return self.no_request.fullmatch(_ENDING.sub("", text)) is not None

    def going_on(self, text: str, context: str) -> str:
        """What a text means that goes on with the request before it; empty where it does not."""
        bare = _ENDING.sub("", text)
        if self.pushes_on.fullmatch(bare) is not None:
            return self.following.pushed.get(context, context)
        continues = self.continuations.fullmatch(bare) is not None or self.following.asks_barely(text)
        return context if continues else ""


def read_intents(path: Path) -> Intents:
    """The file's stages ({stage: [intent]}; `dialogue` counts as any), only_alone, one_wish, fragments."""
    raw = read_yaml(path)
    stage = {
        intent: "any" if name == "dialogue" else name
        for name, intents in raw["stages"].items()
        for intent in intents
    }
    return Intents(
        stage=stage,
        dialogue=frozenset(raw["stages"]["dialogue"]),
        only_alone=frozenset(raw["only_alone"]),
        one_wish=tuple(map(frozenset, raw["one_wish"])),
        told_for=_pairs(raw["told_for"]),
        told_beside=_pairs(raw["told_beside"]),
        no_request=_any(raw["no_request"]),
        stated=frozenset(raw["stated"]),
        asking=re.compile(raw["asking"]),
        pushing=re.compile(raw["pushing"]),
        fragments=_any(raw["fragments"]),
        continuations=_any(raw["continuations"]),
        pushes_on=_any(raw["pushes_on"]),
        identity=(_any(read_yaml(path.with_name(PHRASES))["asks_identity"]), re.compile(raw["bots"])),
        courtesies=re.compile(rf"^(?:(?:{'|'.join(raw['courtesies'])})[\s,，。.!！~?？啊呀哈]*)+"),
        following=read_following(path.with_name(Path(CONTEXT).name)),
    )


def _pairs(rows: list[dict[str, list[str]]]) -> Pairs:
    return tuple((frozenset(row["trouble"]), frozenset(row["remedy"])) for row in rows)


def _any(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{each})" for each in patterns))
