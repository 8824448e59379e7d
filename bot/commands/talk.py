"""`xiaoer chat | talk | ask | understand`: the dialogue without a server, in this process."""

from __future__ import annotations

import asyncio
import codecs
import json
import os
import sys
from collections.abc import Awaitable, Callable, Iterator
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO, TextIO

import typer

from bot.errors import BadInput, XiaoerError

if TYPE_CHECKING:
    from bot.commands.conversation import Conversation

CHAT_EXAMPLES = """\b
例:
  xiaoer chat                    以演示买家的身份聊天,输入按钮前的数字可以点按钮
  xiaoer chat --as anonymous     以未登录的买家聊天
"""
TALK_EXAMPLES = """\b
例:
  echo '{"text": "我的快递到哪了"}' | xiaoer talk --json --as demo
  xiaoer talk --json --shop my-shop.json --today 2026-11-21T10:00+08:00 < turns.jsonl > answers.jsonl
\b
输入每行一个 {"text": "…"} 或 {"button": "按钮编号"},可加 "page";输出每行一个 Turn(不含 state)。
读不懂的行得到 {"error": …},写明第几行,对话继续;空行跳过。
"""
ASK_EXAMPLES = """\b
例:
  xiaoer ask "七天无理由怎么退"
  xiaoer ask "我的快递到哪了" --as demo
"""
UNDERSTAND_EXAMPLES = """\b
例:
  echo '{"text": "175 140斤穿什么码"}' | xiaoer understand
  xiaoer understand < in.jsonl > out.jsonl
\b
每行一个 {"text": "…"},可加 "today": "2026-11-21",今天、周三从这一天算;
可加 "turns": [{"who": "shopper|bot", "text": "…"}, …],前面说过的话,最后一句就是要听懂的那句。
输入行里的其他键原样保留,与理解结果同名的键被覆盖;"error" 只在这一行读不懂时才有,写明第几行。空行跳过。
"""
Speaker = Annotated[
    str, typer.Option("--as", metavar="ID", help="买家编号;demo 是第一位买家,anonymous 是未登录")
]
Shop = Annotated[
    str, typer.Option("--shop", metavar="FILE|URL", help="店铺资料:JSON 文件或数据库 URL;默认本店")
]
Today = Annotated[str, typer.Option("--today", metavar="ISO", help="固定的时间,如 2026-11-21T10:00+08:00")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(epilog=CHAT_EXAMPLES)(chat)
    app.command(epilog=TALK_EXAMPLES)(talk)
    app.command(epilog=ASK_EXAMPLES)(ask)
    app.command(epilog=UNDERSTAND_EXAMPLES)(understand)


def chat(speaker: Speaker = "demo", shop: Shop = "", today: Today = "") -> None:
    """在终端里和客服聊天(Ctrl-D 结束)。"""
    from bot.commands.chat_window import show

    with_conversation(speaker, shop, today, show)


def talk(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="逐行读写 JSON(目前唯一的格式)")] = False,
    speaker: Speaker = "anonymous",
    shop: Shop = "",
    today: Today = "",
) -> None:
    """一场不经过服务器的对话:逐行读入买家的话,逐行写出回复。"""
    if not as_json:
        raise BadInput("xiaoer talk 需要 --json;要人机聊天请用 xiaoer chat")

    async def lines(conversation: Conversation) -> None:
        for number, raw in numbered_lines(sys.stdin.buffer):
            write_line(out, await _answer(conversation, number, raw))

    with machine_output() as out:
        with_conversation(speaker, shop, today, lines)


def ask(
    text: Annotated[str, typer.Argument(help="买家说的一句话")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="输出整个 Turn(不含 state)")] = False,
    speaker: Speaker = "anonymous",
    shop: Shop = "",
    today: Today = "",
) -> None:
    """问一句,看回复。"""

    async def once(conversation: Conversation) -> None:
        turn = await conversation.say({"text": text})
        if as_json:
            write_line(out, turn.to_json(with_state=False))
            return
        for reply in turn.replies:
            print(reply.text, file=out)
            for button in reply.buttons:
                print(f"  [{button.title}]", file=out)

    with machine_output() as out:
        with_conversation(speaker, shop, today, once)


def understand(shop: Shop = "", today: Today = "") -> None:
    """读入 JSONL,写出每句话的意图、实体和情绪。"""

    async def lines(conversation: Conversation) -> None:
        for number, raw in numbered_lines(sys.stdin.buffer):
            write_line(out, await _understood(conversation, number, raw))

    with machine_output() as out:
        with_conversation("anonymous", shop, today, lines)


def with_conversation(
    speaker: str, shop: str, today: str, use: Callable[[Conversation], Awaitable[None]]
) -> None:
    """Open the shop and the dialogue, hand one conversation to `use`, and let go of both."""
    from bot.commands.conversation import conversation

    async def whole() -> None:
        async with conversation(speaker, shop, today) as opened:
            await use(opened)

    asyncio.run(whole())


async def _answer(conversation: Conversation, number: int, raw: Any) -> dict[str, Any]:
    try:
        turn = await conversation.say(_object(raw))
    except XiaoerError as e:
        return error(number, e)
    return dict(turn.to_json(with_state=False))


async def _understood(conversation: Conversation, number: int, raw: Any) -> dict[str, Any]:
    given = {key: value for key, value in raw.items() if key != "error"} if isinstance(raw, dict) else {}
    try:
        return {**given, **await conversation.understand(_object(raw))}
    except XiaoerError as e:
        return {**given, **error(number, e)}


def error(number: int, e: XiaoerError) -> dict[str, Any]:
    """What stands in place of an answer to line `number`."""
    code = "bad_input" if isinstance(e, BadInput) else "failed"
    return {"error": {"code": code, "message": f"第 {number} 行:{e}"}}


def json_lines(source: BinaryIO) -> Iterator[Any]:
    """Each line's JSON object, as soon as it is there; a BadInput in place of a line that is none."""
    return (raw for _, raw in numbered_lines(source))


def numbered_lines(source: BinaryIO) -> Iterator[tuple[int, Any]]:
    """As `json_lines`, each with its number from 1; blank lines count, but are left out."""
    for number, line in enumerate(iter(source.readline, b""), start=1):
        text = line.removeprefix(codecs.BOM_UTF8) if number == 1 else line
        if text.strip():
            yield number, _parsed(text)


def _parsed(line: bytes) -> Any:
    import orjson

    try:
        orjson.loads(line)  # the strict one: UTF-8 without broken characters, no NaN
        raw = json.loads(line)  # the exact one: whole numbers of any length
    except ValueError as e:
        return BadInput(f"应为一个 JSON 对象,却是 {_start(line)}({e})")
    return raw if isinstance(raw, dict) else BadInput(f"应为一个 JSON 对象,却是 {_start(line)}")


def _object(raw: Any) -> dict[str, Any]:
    if isinstance(raw, BadInput):
        raise raw
    return dict(raw)


def _start(line: bytes) -> str:
    text = line.strip().decode("utf-8", "replace")
    return repr(text if len(text) <= 40 else text[:40] + "…")


def write_line(out: TextIO, value: dict[str, Any]) -> None:
    """One JSON object on one line, at once: the reader may be waiting for it."""
    out.write(json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n")
    out.flush()


class machine_output:  # noqa: N801 - reads as a statement: with machine_output() as out
    """The real stdout for our lines alone; whatever a library prints goes to stderr meanwhile."""

    def __enter__(self) -> TextIO:
        sys.stdout.flush()
        self._saved = os.dup(1)
        self._out = os.fdopen(os.dup(1), "w", encoding="utf-8", errors="replace")
        os.dup2(2, 1)
        return self._out

    def __exit__(self, *_: object) -> None:
        sys.stdout.flush()
        try:
            self._out.close()
        finally:
            os.dup2(self._saved, 1)
            os.close(self._saved)
