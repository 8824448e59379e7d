"""The `xiaoer` command: registers what bot/commands/ has, one topic a file, and renders errors in one place.

Importing a command must stay cheap: what is heavy (rasa, sqlalchemy) is imported when the command runs.
"""

from __future__ import annotations

import logging
import os
import sys

import typer

from bot.commands import backup, bench, doctor, setup, shop, talk, train, up
from bot.errors import XiaoerError

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
for register in (up, train, talk, shop, setup, backup, doctor, bench):
    register.register(app)


def main() -> None:
    """Run the command line; every error a user can cause is one line on stderr, with exit code 2."""
    if not sys.warnoptions:  # warnings are for developers, whose tests fail on them
        logging.captureWarnings(True)  # filters would not do: sanic, which rasa imports, sets its own
        logging.getLogger("py.warnings").setLevel(logging.CRITICAL)
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """The exit code of one command line."""
    try:
        return app(arguments, prog_name="xiaoer", standalone_mode=False) or 0
    except XiaoerError as e:
        return _fail(str(e))
    except (typer.Abort, KeyboardInterrupt):
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader is gone: say nothing more
        return 0
    except OSError as e:
        return _fail(f"{e.filename or '文件'}: {e.strerror or e}")
    except CLICK_ERROR as e:
        if type(e).__name__ == "NoArgsIsHelpError":
            print(_message(e), file=sys.stderr)
            return 2
        return _fail(f"{_message(e)}(xiaoer --help 有用法和例子)")


def _message(e: BaseException) -> str:
    return str(e.format_message()) if hasattr(e, "format_message") else str(e)


def _fail(message: str) -> int:
    print("xiaoer: " + " ".join(message.split()), file=sys.stderr)
    return 2


if __name__ == "__main__":
    main()
