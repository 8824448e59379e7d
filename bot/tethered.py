"""`python -m bot.tethered MODULE ARG…`: run a module until stdin ends: no server outlives its starter.

The starter holds the other end of the pipe; when it goes, however it goes, this process ends.
"""

from __future__ import annotations

import os
import runpy
import signal
import sys
import threading
import time

GRACE = 12.0
"""Seconds for an orderly end."""


def main(arguments: list[str]) -> None:
    """Run the module as if started by `python -m`."""
    threading.Thread(target=_watch, name="tether", daemon=True).start()
    sys.argv = arguments
    runpy.run_module(arguments[0], run_name="__main__", alter_sys=True)


def _watch() -> None:
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE)
    os._exit(1)


if __name__ == "__main__":
    main(sys.argv[1:])
