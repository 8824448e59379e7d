"""The bench says what it measured, and nothing more."""

from __future__ import annotations

import io
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from bot.errors import XiaoerError
from bot.quality.bench_bots import Figures
from bot.quality.bench_client import Phase, measure, percentile, turns
from bot.quality.bench_desk import DeskFigures, wrong_answers
from bot.quality.bench_process import Child, environment, free_port, run
from bot.quality.bench_report import Row, rows, table


def phase(cpu: float, per_second: float = 100.0) -> Phase:
    return Phase(3, (1.0, 2.0, 3.0), cpu, per_second)


def figures(cpu: float, **inside: Any) -> Figures:
    found = {
        "load_s": 1.0,
        "parse_cpu": [cpu / 10] * 4,
        "first_cpu": [cpu / 5] * 4,
        "turn_cpu": {"talk": [cpu], "business": [cpu]},
    }
    found["action_turns"] = 2
    one = phase(cpu)
    return Figures(2.0, 500.0, 510.0, one, one, one, one, one, phase(cpu, 1000 / cpu), {**found, **inside})


def by_name(found: list[Row]) -> dict[str, Row]:
    return {row.what: row for row in found}


def test_the_ratio_says_how_many_times_better_ours_is():
    """Less is better for costs, more for throughput."""
    assert Row("a", "ms", 2.0, 50.0).ratio == 25
    assert Row("b", "轮/s", 250.0, 10.0, higher_is_better=True).ratio == 25
    assert Row("c", "ms", 2.0).ratio is None


def test_a_target_counts_as_met_only_when_its_ratio_is_met_too():
    """Fast enough alone, but not twenty times faster than stock, is not what was asked."""
    turn = "一轮对话,无动作(进程内)p50"
    assert by_name(rows(figures(3.0), figures(90.0), None))[turn].met is True
    assert by_name(rows(figures(3.0), figures(30.0), None))[turn].met is False
    assert by_name(rows(figures(3.0), None, None))[turn].met is True
    assert by_name(rows(figures(9.0), figures(900.0), None))[turn].met is False


def test_a_turn_that_waited_longer_than_a_model_may_take_is_not_met():
    """The slowest of the turns counts, and no cases of the guard are no figure."""
    found = by_name(
        rows(None, None, None, {"guard": [1.0, 2.0], "template": [5.0, 9.0], "hanging": [8.0, 9.5]})
    )
    assert found["审一稿(进程内)p95"].met is True
    assert found["用模板回复一轮(进程内)p95"].ours == pytest.approx(8.8)
    assert found["大模型不回答时一轮,最慢"].met is False
    assert by_name(rows(None, None, None, {"guard": []}))["审一稿(进程内)p95"].ours is None


def test_messages_never_seen_cost_a_share_of_diets_at_most():
    """Their mean counts, sentence vectors and all."""
    natural = "自然比例的平均解析,含语义阶段"
    assert by_name(rows(figures(3.0), figures(9.0), None))[natural].met is True
    assert by_name(rows(figures(3.0), figures(4.0), None))[natural].met is False


def test_what_was_not_measured_is_said():
    """An empty cell could be taken for a zero."""
    found = by_name(rows(figures(3.0), None, None))
    assert found["自然比例的平均解析,含语义阶段"].met is None
    assert found["经客服台 16 路并发"].ours is None
    shown = Console(width=140, record=True, file=io.StringIO())
    shown.print(table(list(found.values())))
    assert shown.export_text().count("未测") >= 10


def test_the_action_server_counts_as_part_of_a_stock_turn():
    """Moving work into another process is no saving."""
    stock = figures(60.0, action_server_cpu_s=0.02)
    assert by_name(rows(figures(3.0), stock, None))["一轮对话,有动作(进程内)p50"].stock == 70


def test_a_conversation_that_grows_dearer_misses_its_target():
    """A turn after 800 events may cost 1.2 times one after 40."""
    slow = replace(figures(3.0), long=phase(6.0))
    assert by_name(rows(slow, None, None))["800 个事件后的一轮 ÷ 40 个事件后"].met is False


def test_desk_figures_are_reported_with_their_count():
    """Zero wrong answers mean something only beside how many were asked."""
    desk = DeskFigures(1500, 150, 0, 40.0, 90.0, 60.0, 30.0, 80.0, 19.8, 0)
    found = by_name(rows(figures(3.0), None, desk))
    assert found["没答、答两次或乱序(共 1500 条)"].met is True
    assert found["收到消息→存下回复,20 条/s,p95"].met is True
    overloaded = by_name(rows(figures(3.0), None, replace(desk, paced_per_second=9.0)))
    assert overloaded["收到消息→存下回复,只达到 9 条/s,p95"].met is False


@pytest.mark.parametrize(
    ("log", "wrong"),
    [
        (["s:a", "b", "s:b", "b"], 0),
        (["s:a", "b", "+", "s:b", "b", "+"], 0),
        (["s:a", "b", "s:b"], 1),
        (["s:a", "b", "b", "s:b", "b"], 1),
        (["s:a", "s:b", "b"], 1),
        (["s:b", "b", "s:a", "b"], 2),
        (["s:a", "b"], 1),
    ],
    ids=["right", "several bubbles", "not answered", "twice", "merged", "out of order", "lost"],
)
def test_every_message_is_answered_exactly_once_and_in_order(log: list[str], wrong: int):
    """`b` begins a turn's reply, `+` is its next bubble."""
    stored = [
        ("c", "shopper", entry[2:], False) if entry.startswith("s:") else ("c", "bot", "", entry == "b")
        for entry in log
    ]
    assert wrong_answers({"c": ["a", "b"]}, stored) == wrong


def test_percentiles_interpolate():
    """Between two values lies their middle."""
    assert percentile([1.0, 3.0], 50) == 2.0
    assert percentile(list(map(float, range(101))), 95) == 95.0


async def test_each_call_is_timed_and_conversations_change():
    """Ten messages a conversation."""
    said: list[tuple[str, str]] = []

    class Fake:
        async def parse(self, text: str) -> str:
            return "greet"

        async def turn(self, conversation: str, text: str) -> None:
            said.append((conversation, text))

        async def remember(self, conversation: str, rounds: int, text: str) -> None:
            pass

    found = await measure(turns(Fake(), "t", [str(n) for n in range(12)]), ())
    assert (found.calls, len(found.wall), found.cpu) == (12, 12, 0.0)
    assert {name for name, _ in said} == {"t-0", "t-1"}


SERVER = """
import http.server, sys
class Ok(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
    def log_message(self, *_): pass
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Ok).serve_forever()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_child_is_watched_and_leaves_nothing_behind(tmp_path: Path):
    """CPU and memory are the child's; after the block it is gone."""
    (tmp_path / "tiny_server.py").write_text(SERVER, encoding="utf-8")
    port = free_port()
    path = os.pathsep.join([str(tmp_path), environment({})["PYTHONPATH"]])
    with Child("server", ("tiny_server", str(port)), {"PYTHONPATH": path}, tmp_path / "log") as child:
        child.wait(f"http://127.0.0.1:{port}/", 30, lambda answer: answer.status_code == 200)
        assert child.seconds > 0
        assert child.cpu() > 0
        assert 1 < child.resident() < 500
        pid = child._process.pid
    assert not Path(f"/proc/{pid}").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_child_that_dies_is_reported_with_its_last_word(tmp_path: Path):
    """Nobody waits ten minutes for a process that is gone."""
    child = Child("server", ("no_such_module",), {}, tmp_path / "log")
    with child, pytest.raises(XiaoerError, match="no_such_module"):
        child.wait("http://127.0.0.1:9/", 30, lambda answer: False)


def test_a_step_that_takes_too_long_is_ended(tmp_path: Path):
    """Bounded in time, whatever hangs."""
    (tmp_path / "sleeper.py").write_text("import time; time.sleep(60)", encoding="utf-8")
    with pytest.raises(XiaoerError, match="longer than"):
        run(("sleeper",), {"PYTHONPATH": str(tmp_path)}, tmp_path / "log", 0.5)


def test_processes_that_are_measured_do_not_see_this_shops_settings(monkeypatch: pytest.MonkeyPatch):
    """A run is the same whatever this shop has configured."""
    monkeypatch.setenv("XIAOER_STYLE", "formal")
    assert "XIAOER_STYLE" not in environment({"XIAOER_HOME": "/somewhere"})
    assert environment({"XIAOER_HOME": "/somewhere"})["XIAOER_HOME"] == "/somewhere"
