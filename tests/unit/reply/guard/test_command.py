"""`xiaoer guard`: a verdict for every line, whatever stands in it."""

from __future__ import annotations

import json
import subprocess
import sys

from tests.unit.reply.guard.judging import ROOT


def test_each_line_gets_a_verdict() -> None:
    """Good, faulty and unreadable lines are answered in their order."""
    good = {"id": 1, "template": "预计11月23日送达。", "draft": "预计后天送达。", "today": "2026-11-21"}
    lines = [json.dumps(good), json.dumps({**good, "id": 2, "draft": "后天一定到。"}), "no json", "[]"]
    run = subprocess.run(
        [sys.executable, "-m", "bot.cli", "guard"],
        input="\n".join(lines).encode(),
        capture_output=True,
        cwd=ROOT,
        check=True,
        timeout=60,
    )
    verdicts = [json.loads(line) for line in run.stdout.splitlines()]
    assert [verdict["ok"] for verdict in verdicts] == [True, False, False, False]
    assert [verdict["id"] for verdict in verdicts] == [1, 2, None, None]
    assert verdicts[2]["reasons"][0]["rule"] == verdicts[3]["reasons"][0]["rule"] == "format"
