"""Showing what is being done: a spinner with seconds on a terminal, plain lines in a log."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn


class Steps:
    """Prints steps as they run; `step` is made for `prepare`."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(highlight=False)
        self.begun = time.monotonic()

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """Show the title while the block runs, and how long it took."""
        begun = time.monotonic()
        if self.console.is_terminal:
            columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
            with Progress(*columns, console=self.console, transient=True) as progress:
                progress.add_task(title, total=None)
                yield
        else:
            self.say(f"… {title}")
            yield
        self.say(f"✓ {title} {time.monotonic() - begun:.0f} 秒")

    def say(self, text: str) -> None:
        """One line, at once."""
        self.console.print(text, markup=False, soft_wrap=True)

    def seconds(self) -> float:
        """Since the first step."""
        return time.monotonic() - self.begun
