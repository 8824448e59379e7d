"""The training lines: read once, not copied at each step, not fingerprinted for a cache that nobody reads."""

from __future__ import annotations

from functools import lru_cache, wraps
from pathlib import Path
from typing import Any


def read_once() -> None:
    """Rasa reads each file three times (for two languages, and to see whether there is any): 5 s of CPU."""
    from rasa.shared.nlu.training_data import loading

    stock = loading._load

    @lru_cache(maxsize=256)
    def known(name: str, language: str, changed: int, size: int) -> Any:
        return stock(name, language)

    @wraps(stock)
    def load(filename: str, language: str | None = "en") -> Any:
        file = Path(filename).stat()
        return known(filename, language or "en", file.st_mtime_ns, file.st_size)

    load.stock = stock  # type: ignore[attr-defined]
    loading._load = load


def merge_without_copies() -> None:
    """Merging copies every line in depth, a dozen times over: 12 s of CPU for 23,000 lines.

    The merged data holds the lines themselves; what it was merged from is not used any more.
    """
    from rasa.shared.nlu.training_data import training_data
    from rasa.shared.nlu.training_data.message import Message

    stock = training_data.TrainingData.merge

    def merge(self: Any, *others: Any) -> Any:
        copying, Message.__deepcopy__ = Message.__dict__.get("__deepcopy__"), lambda line, _: line
        try:
            return stock(self, *others)
        finally:
            if copying is None:
                del Message.__deepcopy__
            else:
                Message.__deepcopy__ = copying

    merge.stock = stock  # type: ignore[attr-defined]
    training_data.TrainingData.merge = merge


def cache_no_training() -> None:
    """We always train in full: fingerprints of lines and copies of results serve nobody: 8 s of CPU."""
    from rasa.engine.training.hooks import TrainingHook

    def before(self: Any, *_: Any, **__: Any) -> dict[str, Any]:
        return {}

    def after(self: Any, *_: Any, **__: Any) -> None:
        return None

    before.stock, after.stock = TrainingHook.on_before_node, TrainingHook.on_after_node  # type: ignore[attr-defined]
    TrainingHook.on_before_node, TrainingHook.on_after_node = before, after
