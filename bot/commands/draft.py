"""`xiaoer draft`: what a language model is told of a reply, what it makes of it, what the guard says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.commands.talk import Speaker, machine_output
from bot.errors import BadInput

if TYPE_CHECKING:
    from typing import TextIO

    from bot.reply.draft import Drafter, Material, Worded
    from bot.reply.voice import Occasion
    from bot.settings import Settings

EXAMPLES = """\b
例:
  xiaoer draft "我的快递到哪了" --as demo --show-prompt      看看会发出什么(不需要大模型)
  xiaoer draft "怎么还没到!!" --as demo                      让大模型改写,并看检查的结论
  xiaoer draft "运费谁出" --response utter_return_not_insured --facts '{"no_reason": "shopper"}'
"""
Response = Annotated[str, typer.Option("--response", metavar="NAME", help="直接改写这条回复,不经过对话")]
Facts = Annotated[str, typer.Option("--facts", metavar="JSON", help="这条回复的事实,如 '{\"fee\": 1200}'")]
Mood = Annotated[str, typer.Option("--mood", help="买家的情绪:calm、confused、angry(只用于 --response)")]
Shown = Annotated[bool, typer.Option("--show-prompt", help="只显示会发给大模型的内容,个人信息已经换成代号")]
Pair = tuple["Material", "Occasion"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=EXAMPLES)(draft)


def draft(
    text: Annotated[str, typer.Argument(help="买家说的一句话")],
    *,
    response: Response = "",
    facts: Facts = "{}",
    mood: Mood = "calm",
    speaker: Speaker = "anonymous",
    show_prompt: Shown = False,
) -> None:
    """看一条回复怎样交给大模型改写,改写得对不对。"""
    from bot.errors import NotConfigured
    from bot.settings import load

    settings = load()
    if not show_prompt and not settings.llm_on:
        raise NotConfigured(
            "还没有配置大模型(XIAOER_LLM_BASE_URL、XIAOER_LLM_MODEL);加 --show-prompt 可以只看内容"
        )
    with machine_output() as out:
        asyncio.run(_show(out, settings, show_prompt, _Wish(text, response, facts, mood, speaker)))


@dataclass(frozen=True)
class _Wish:
    """What was asked on the command line."""

    text: str
    response: str
    facts: str
    mood: str
    speaker: str


async def _show(out: TextIO, settings: Settings, only_prompt: bool, wish: _Wish) -> None:
    async with _drafter(settings, asks=not only_prompt) as drafter:
        pairs = [_direct(settings, wish)] if wish.response else await _by_dialogue(wish)
        for material, occasion in pairs:
            await _show_one(out, drafter, material, occasion, only_prompt)


async def _show_one(
    out: TextIO, drafter: Drafter, material: Material, occasion: Occasion, only_prompt: bool
) -> None:
    from bot.reply.draft import may_be_drafted
    from bot.reply.failures import SECONDS, LlmFailed
    from bot.reply.usage import Bill

    print(f"回复 {material.response}\n{material.template}\n", file=out)
    if occasion.style is None or not may_be_drafted(material, occasion.style):
        print("这条回复总是照原样发,不交给大模型。\n", file=out)
        return
    asked = drafter.ask(material, occasion, occasion.style)
    if only_prompt or drafter.llm is None:
        for message in asked.messages:
            print(f"[{message['role']}]\n{message['content']}\n", file=out)
        return
    bill = Bill("draft", occasion.today)
    try:
        answer = await drafter.llm.complete(asked.messages, deadline=SECONDS, bill=bill)
    except LlmFailed as failure:
        print(f"✗ 没有草稿,会发模板:{failure}\n", file=out)
        return
    verdict = drafter.look(answer, asked)
    print(f"草稿\n{verdict.text}\n", file=out)
    print("✗ 不能发,会发模板:" if verdict.reasons else "✓ 可以发", file=out)
    for reason in verdict.reasons:
        print(f"  {reason['rule']}「{reason['span']}」{reason['why']}", file=out)
    print(file=out)


@asynccontextmanager
async def _drafter(settings: Settings, *, asks: bool) -> AsyncIterator[Drafter]:
    from bot.reply.display import read_labels
    from bot.reply.draft import drafter
    from bot.reply.llm import Llm
    from bot.reply.usage import Budget, Usage
    from bot.settings import ROOT

    llm = Llm(settings, Usage(settings.access_url, Budget.of(settings))) if asks else None
    try:
        yield drafter(read_labels(ROOT / "data/responses/labels.yml"), llm)
    finally:
        if llm is not None:
            await llm.close()


class _Listener:
    """Takes down what there is to reword, and rewords nothing."""

    def __init__(self) -> None:
        self.heard: list[Pair] = []

    async def draft(self, material: Material, occasion: Occasion) -> Worded:
        """The template."""
        from bot.reply.draft import Worded

        self.heard.append((material, occasion))
        return Worded(material.template)


async def _by_dialogue(wish: _Wish) -> list[Pair]:
    """The replies of a real turn, as they would be handed to the model."""
    from bot.commands.conversation import conversation

    listener = _Listener()
    async with conversation(wish.speaker) as opened:
        opened.dialogue.reword_with(listener)
        await opened.say({"text": wish.text})
    return listener.heard


def _direct(settings: Settings, wish: _Wish) -> Pair:
    """One response with facts given by hand."""
    import orjson

    from bot.reply.display import Display, read_labels
    from bot.reply.draft import material
    from bot.reply.style import FOLDER, read_styles
    from bot.reply.voice import Occasion
    from bot.reply.wording import choose, compose
    from bot.settings import ROOT

    try:
        facts: Any = orjson.loads(wish.facts)
    except orjson.JSONDecodeError as error:
        raise BadInput(f"--facts: 要一个 JSON 对象,如 '{{\"fee\": 1200}}':{error}") from error
    if not isinstance(facts, dict):
        raise BadInput(f"--facts: 要一个 JSON 对象,收到 {type(facts).__name__}")
    wordings = _wordings(wish.response)
    declared = wordings[0].get("metadata") or {}
    now = settings.now()
    style = read_styles(ROOT / FOLDER).get(settings.style)
    said = wish.text[:500]
    occasion = Occasion("draft/m1", now.date(), style=style, hour=now.hour, mood=wish.mood, shopper=said)
    at = choose(wish.response, wordings, occasion)
    display = Display(read_labels(ROOT / "data/responses/labels.yml"), now.date())
    template = compose(wordings, at, facts, display, occasion)["text"]
    return material(wish.response, wordings[at]["text"], template, declared, facts), occasion


def _wordings(name: str) -> list[dict[str, Any]]:
    import yaml

    from bot.settings import ROOT

    for path in sorted((ROOT / "data/responses").glob("*.yml")):
        found = (yaml.safe_load(path.read_text(encoding="utf-8")).get("responses") or {}).get(name)
        if found:
            return list(found)
    raise BadInput(f"--response: 没有叫 {name} 的回复;名字见 data/responses/*.yml,如 utter_greet")
