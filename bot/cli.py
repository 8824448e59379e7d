"""The `xiaoer` command: runs what bot/commands/ has, and renders errors in one place.

Needs the standard library alone, so that it can say what is missing where packages have gone.
"""

from __future__ import annotations

import io
import logging
import os
import sys
import traceback
from pathlib import Path

from bot.errors import XiaoerError, told


def main() -> None:
    """Run the command line; every error a user can cause is one line on stderr, with exit code 2."""
    if not sys.warnoptions:  # warnings are for developers, whose tests fail on them
        logging.captureWarnings(True)  # filters would not do: sanic, which rasa imports, sets its own
        logging.getLogger("py.warnings").setLevel(logging.CRITICAL)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that is not UTF-8 lacks some of our signs
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """The exit code of one command line."""
    try:
        from bot.commands import app  # not above: it needs typer

        return app.run(arguments)
    except XiaoerError as e:
        return _fail(str(e))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader is gone: say nothing more
        return 0
    except ImportError as e:
        return _fail(f"组件 {e.name or ''} 缺少或损坏({e});运行 make setup 补装")
    except OSError as e:
        return _fail(told(e))
    except Exception as e:
        if sys.flags.dev_mode:
            raise
        return _fail(f"没有料到的错误,{_where(e)};完整经过请用 python -X dev -m bot.cli 加同样的参数查看")


def _where(e: Exception) -> str:
    last = traceback.extract_tb(e.__traceback__)[-1]
    return f"{type(e).__name__}: {e}({Path(last.filename).name} 第 {last.lineno} 行)"


def _fail(message: str) -> int:
    print("xiaoer: " + " ".join(message.split()), file=sys.stderr)
    return 2


if __name__ == "__main__":
    main()
