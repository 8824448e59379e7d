"""`python -m bot.quality.bench_wording MODEL HANGS`: what wording costs, inside one process.

Prints one JSON object: `guard`, milliseconds of CPU of each judged case of tests/guard; `template`,
milliseconds of turns without a language model; `hanging`, seconds of HANGS turns with one that never answers.
"""

from __future__ import annotations

import asyncio
import json
import socket
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.quality.bench_client import CONVERSATION_TURNS
from bot.quality.bench_project import read_messages
from bot.settings import ROOT, load

Json = dict[str, Any]
CASES = ROOT / "tests" / "guard"
WARM_UP = 20
ASKED = "七天无理由怎么退"
"""A question whose reply is one that a model may reword."""


def main(arguments: list[str]) -> None:
    """Measure and print."""
    model, hangs = arguments
    found = {"guard": guard(), **asyncio.run(_turns(Path(model), int(hangs)))}
    sys.stdout.write(json.dumps(found) + "\n")


def guard() -> list[float]:
    """Milliseconds of CPU for each case, after a warm-up; empty where there are no cases."""
    from bot.reply.guard.judge import judge
    from bot.reply.style import FOLDER, read_styles

    styles = read_styles(ROOT / FOLDER)
    files = sorted(CASES.glob("*.jsonl"))
    cases = [_case(line) for path in files for line in path.read_text(encoding="utf-8").splitlines() if line]
    spent = []
    for case in [*cases[:WARM_UP], *cases]:
        begun = time.process_time()
        judge(case, styles)
        spent.append((time.process_time() - begun) * 1000)
    return spent[min(WARM_UP, len(cases)) :]


def _case(line: str) -> Any:
    try:
        return json.loads(line)
    except ValueError:
        return line


async def _turns(model: Path, hangs: int) -> Json:
    from bot import rasa_tuning

    rasa_tuning.apply()
    from bot.dialogue import Dialogue
    from bot.shop.adapters import shop_of
    from bot.shop.tries import SqlTries

    settings = replace(load(), model=model, llm_base_url="")
    shop = shop_of(settings)
    dialogue = await Dialogue.load(settings, shop, SqlTries(settings.access_url))
    texts = read_messages().mix
    template = [
        await _turn(dialogue, at, text, settings.now()) for at, text in enumerate([*texts[:WARM_UP], *texts])
    ]
    hanging = await _hanging(dialogue, hangs)
    await shop.close()
    return {"template": [1000 * seconds for seconds in template[WARM_UP:]], "hanging": hanging}


async def _turn(dialogue: Any, at: int, text: str, now: Any) -> float:
    from bot.turn import Context, Incoming

    context = Context(f"wording-{at // CONVERSATION_TURNS}", now)
    begun = time.perf_counter()
    await dialogue.turn(None, Incoming(f"m{at}", text), context)
    return time.perf_counter() - begun


async def _hanging(dialogue: Any, times: int) -> list[float]:
    """Seconds of a turn, each with a model that nobody has given up on yet."""
    from bot.reply.display import read_labels
    from bot.reply.draft import open_model
    from bot.reply.nlg import LABELS

    spent = []
    with socket.create_server(("127.0.0.1", 0)) as deaf, tempfile.TemporaryDirectory() as folder:
        given = {
            "XIAOER_LLM_BASE_URL": f"http://127.0.0.1:{deaf.getsockname()[1]}/v1",
            "XIAOER_LLM_MODEL": "hangs",
            "XIAOER_ACCESS_URL": f"sqlite:///{folder}/usage.sqlite3",
        }
        for at in range(times):
            model = open_model(load(given), read_labels(ROOT / LABELS))
            dialogue.reword_with(model.drafter if model else None)
            spent.append(await _turn(dialogue, at, ASKED, load().now()))
            dialogue.reword_with(None)
            if model is not None:
                await model.close()
    return spent


if __name__ == "__main__":
    main(sys.argv[1:])
