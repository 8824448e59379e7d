"""Every command of `xiaoer`, one topic a file, and typer's errors in our own form.

Importing a command must stay cheap: what is heavy (rasa, sqlalchemy) is imported when the command runs.
"""

from __future__ import annotations

import sys

import typer

from bot.commands import (
    backup,
    bench,
    doctor,
    draft,
    evaluate,
    guard,
    journeys,
    policy,
    setup,
    shop,
    style,
    talk,
    train,
    up,
)
from bot.errors import BadInput

CLICK_ERROR: type[BaseException] = typer.BadParameter.__mro__[2]
"""Base of typer's own usage errors (it carries a copy of click whose module is private)."""

app = typer.Typer(
    name="xiaoer",
    help="店小二:网店客服机器人。先试 xiaoer up,再打开它打印的网址。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
for register in (
    up,
    train,
    talk,
    shop,
    setup,
    backup,
    doctor,
    bench,
    evaluate,
    journeys,
    policy,
    style,
    guard,
    draft,
):
    register.register(app)


def run(arguments: list[str]) -> int:
    """The exit code of one command line; raises BadInput where it is not understood."""
    try:
        return app(arguments, prog_name="xiaoer", standalone_mode=False) or 0
    except typer.Abort as e:
        if isinstance(e.__cause__, EOFError):
            raise BadInput("读到一半就没有了:文件不完整,或输入提前结束;换一个完整的文件再试") from e
        raise KeyboardInterrupt from None
    except CLICK_ERROR as e:
        message = str(e.format_message()) if hasattr(e, "format_message") else str(e)
        if type(e).__name__ == "NoArgsIsHelpError":
            print(message, file=sys.stderr)
            return 2
        raise BadInput(f"{message}(xiaoer --help 有用法和例子)") from e
