"""The `xiaoer` command: help with examples, errors of one line, stable files."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.models import CommandInfo

from bot.commands.app import app
from bot.commands.chat_window import pressed
from bot.commands.talk import json_lines, numbered_lines, write_line
from bot.errors import BadInput
from bot.turn import Button

COMMANDS = ["up", "train", "chat", "talk", "ask", "understand", "shop", "init", "backup", "restore", "doctor"]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_shows_help_with_an_example(xiaoer: Callable, command: str):
    """An owner learns a command from its help alone."""
    ran = xiaoer(command, "--help")
    assert ran.code == 0
    assert "例:" in ran.out
    assert f"xiaoer {command}" in ran.out


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["ask"],
        ["talk", "--foo"],
        ["talk"],
        ["shop", "import", "/nowhere/shop.json"],
        ["shop", "export", "-"],
        ["restore", "/nowhere/backup.tar.gz"],
        ["backup", "/nowhere/backup.tar.gz"],
        ["init"],
        ["init", "--origin", "not an origin"],
        ["init", "--origin", "https://shop.example", "--public-url", "kefu.shop.example"],
    ],
)
def test_an_error_is_one_line_on_stderr_with_exit_code_2(xiaoer: Callable, arguments: list[str]):
    """Scripts can tell, people can read."""
    ran = xiaoer(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("xiaoer: ")
    assert ran.err.count("\n") == 1


def test_input_that_ends_too_early_is_no_silent_end(xiaoer: Callable, monkeypatch: pytest.MonkeyPatch):
    """typer turns an EOFError into an abort, as if somebody had pressed Ctrl-C."""

    def read_on() -> None:
        raise EOFError("Compressed file ended before the end-of-stream marker was reached")

    commands = [*app.registered_commands, CommandInfo("read-on", callback=read_on)]
    monkeypatch.setattr(app, "registered_commands", commands)
    ran = xiaoer("read-on")
    assert ran.code == 2
    assert ran.err.strip().startswith("xiaoer: ")


def test_an_error_that_nobody_foresaw_is_one_line_that_says_where(
    xiaoer: Callable, monkeypatch: pytest.MonkeyPatch
):
    """An owner can pass it on; Python's development mode shows the rest."""

    def stumble() -> None:
        raise ZeroDivisionError("division by zero")

    commands = [*app.registered_commands, CommandInfo("stumble", callback=stumble)]
    monkeypatch.setattr(app, "registered_commands", commands)
    ran = xiaoer("stumble")
    assert ran.code == 2
    assert re.fullmatch(r"xiaoer: .*ZeroDivisionError.*test_command_line\.py.*-X dev.*\n", ran.err)


@pytest.mark.parametrize(
    ("missing", "command"),
    [("sqlalchemy", ["shop", "demo"]), ("typer", ["doctor"]), ("yaml", ["doctor"])],
)
def test_a_package_that_has_gone_is_named_with_the_remedy(missing: str, command: list[str], home: Path):
    """Whatever was deleted from .venv, and whatever is run."""
    script = (
        f"import sys; sys.modules[{missing!r}] = None\nfrom bot.cli import run; sys.exit(run({command!r}))"
    )
    env = {**os.environ, "XIAOER_HOME": str(home)}
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=env, check=False
    )
    assert done.returncode == 2
    assert re.fullmatch(rf"xiaoer: .*{missing}.*make setup.*\n", done.stderr)


def test_an_unknown_setting_stops_every_command(xiaoer: Callable, monkeypatch: pytest.MonkeyPatch):
    """A typo in the environment is named, whatever is run."""
    monkeypatch.setenv("XIAOER_DESK_PROT", "1")
    ran = xiaoer("doctor")
    assert ran.code == 2
    assert "XIAOER_DESK_PROT" in ran.err


def test_demo_accounts_are_refused_on_an_open_address(xiaoer: Callable, monkeypatch: pytest.MonkeyPatch):
    """Everyone knows the demo's passwords."""
    monkeypatch.setenv("XIAOER_DESK_HOST", "0.0.0.0")
    ran = xiaoer("up")
    assert ran.code == 2
    assert "0.0.0.0" in ran.err
    assert "xiaoer init" in ran.err


def test_demo_accounts_are_refused_behind_a_public_name(xiaoer: Callable, monkeypatch: pytest.MonkeyPatch):
    """A proxy on this machine would show them to everyone."""
    monkeypatch.setenv("XIAOER_PUBLIC_URL", "https://kefu.shop.example")
    ran = xiaoer("up")
    assert ran.code == 2
    assert "https://kefu.shop.example" in ran.err


def test_listing_the_commands_imports_nothing_heavy():
    """A second start takes seconds, and most of them belong to Rasa."""
    script = (
        "import sys, bot.cli; "
        "print([m for m in ('rasa', 'tensorflow', 'sqlalchemy', 'django', 'uvicorn') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_export_is_stable_and_an_import_of_it_changes_nothing(xiaoer: Callable, tmp_path: Path):
    """Two states of a shop can be compared as files."""
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    assert xiaoer("shop", "demo").code == 0
    assert xiaoer("shop", "export", first).code == 0
    assert xiaoer("shop", "import", first).code == 0
    assert xiaoer("shop", "export", second).code == 0
    assert first.read_bytes() == second.read_bytes()


def test_the_demo_never_replaces_an_owners_own_rows(xiaoer: Callable, tmp_path: Path):
    """An imported shop stays, even where demo mode was left on."""
    mine = tmp_path / "mine.json"
    xiaoer("shop", "demo")
    xiaoer("shop", "export", mine)
    shop = json.loads(mine.read_text(encoding="utf-8"))
    shop["products"][0]["title"] = "我自己的商品"
    mine.write_text(json.dumps(shop, ensure_ascii=False), encoding="utf-8")
    assert xiaoer("shop", "import", mine).code == 0
    assert xiaoer("shop", "demo").code == 0
    assert "我自己的商品" in xiaoer("shop", "export", "-").out


def test_a_wrong_row_is_named_by_its_path_and_nothing_is_imported(xiaoer: Callable, tmp_path: Path):
    """Never half a shop."""
    file = tmp_path / "shop.json"
    xiaoer("shop", "demo")
    xiaoer("shop", "export", file)
    shop = json.loads(file.read_text(encoding="utf-8"))
    shop["orders"][3]["items"][0]["quantity"] = "two"
    file.write_text(json.dumps(shop), encoding="utf-8")
    for command in ("check", "import"):
        ran = xiaoer("shop", command, file)
        assert ran.code == 2
        assert "orders[3].items[0].quantity" in ran.err


def test_bad_lines_become_errors_and_the_good_ones_go_on():
    """A talk survives broken UTF-8, broken JSON and things that are no object."""
    source = io.BytesIO(b'{"text": "a"}\n\n\xff\xfe\n[1]\n{"text":\n{"text": "b"}')
    lines = list(json_lines(source))
    assert [line for line in lines if isinstance(line, dict)] == [{"text": "a"}, {"text": "b"}]
    refused = [str(line) for line in lines if isinstance(line, BadInput)]
    assert len(refused) == 3


def test_lines_are_numbered_as_an_editor_numbers_them():
    """Blank ones count, and a byte order mark belongs to no line."""
    source = io.BytesIO(b'\xef\xbb\xbf{"text": "a"}\r\n\n  \n{"text": "b"}\n')
    assert list(numbered_lines(source)) == [(1, {"text": "a"}), (4, {"text": "b"})]


def test_numbers_of_any_length_come_out_as_they_went_in():
    """Order numbers and message ids may be longer than a computer's word."""
    line = '{"id":123456789012345678901234567890,"price":1.5}'
    (raw,) = json_lines(io.BytesIO(line.encode()))
    out = io.StringIO()
    write_line(out, raw)
    assert out.getvalue() == line + "\n"


@pytest.mark.parametrize(
    "line", [b'{"a": NaN}', b'{"a": "\\ud800"}', b'{"a": ' + b"9" * 5000 + b"}", b"[" * 5000]
)
def test_what_is_no_sound_json_is_refused(line: bytes):
    """Nothing comes in that could not go out again."""
    (refused,) = json_lines(io.BytesIO(line))
    assert isinstance(refused, BadInput)


def test_lines_are_read_as_they_come():
    """Who talks line by line waits for each answer."""
    script = (
        "import sys; from bot.commands.talk import json_lines\n"
        "for line in json_lines(sys.stdin.buffer): print(line['text'], flush=True)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        for word in ("一", "二"):
            process.stdin.write(json.dumps({"text": word}) + "\n")
            process.stdin.flush()
            assert process.stdout.readline().strip() == word
        process.stdin.close()


def test_a_number_presses_the_offered_button_and_other_numbers_are_text():
    """In the terminal window a phone tail must not be taken for a button."""
    offered = (Button("b1", "转人工"), Button("b2", "查物流"))
    assert pressed("2", offered) == {"button": "b2"}
    assert pressed("3", offered) == {"text": "3"}
    assert pressed("0", offered) == {"text": "0"}
    assert pressed("1", ()) == {"text": "1"}
    assert pressed("²", offered) == {"text": "²"}


def test_an_init_that_fails_leaves_no_half_made_shop(xiaoer: Callable, home: Path):
    """It can be repeated with a better name; the password is shown once, the secrets never."""
    refused = xiaoer("init", "--origin", "https://shop.example", "--owner", "not a name")
    assert refused.code == 2
    assert not (home / "xiaoer.env").exists()
    made = xiaoer("init", "--origin", "https://shop.example", "--owner", "wang")
    assert made.code == 0
    assert "一次性密码" in made.out
    secrets = [
        line.partition("=")[2] for line in (home / "xiaoer.env").read_text().splitlines() if "SECRET" in line
    ]
    assert len(secrets) == 2
    assert not any(secret in made.out for secret in secrets)
    assert xiaoer("init", "--origin", "https://shop.example").code == 2


def test_the_check_up_says_what_to_do(xiaoer: Callable):
    """Each finding that is not good comes with its remedy."""
    ran = xiaoer("doctor")
    assert ran.code in {0, 1}
    lines = ran.out.splitlines()
    assert all(line[0] in "✓!✗ " for line in lines)
    for here, below in zip(lines, [*lines[1:], ""], strict=True):
        if here.startswith("!"):
            assert below.strip().startswith("→")


def test_what_the_system_refuses_is_said_in_chinese(xiaoer: Callable, tmp_path: Path):
    """A file in the place of a folder, and a folder in the place of a file."""
    (tmp_path / "file").write_text("")
    xiaoer("shop", "demo")
    ran = xiaoer("shop", "export", tmp_path / "file" / "shop.json")
    assert ran.code == 2
    assert "上级不是目录" in ran.err
    ran = xiaoer("shop", "check", tmp_path)
    assert (ran.code, ran.err) == (2, f"xiaoer: {tmp_path}:是目录,不是文件\n")
