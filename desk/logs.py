"""Logs with fields. A line names conversations and numbers, never a message's words or a person's data."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog

_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso"),
]
_NAME = "xiaoer"
_QUIET = {
    "axes": logging.ERROR,
    "django.request": logging.ERROR,
    "django.security.DisallowedHost": logging.CRITICAL,  # any scanner makes one
    "uvicorn.error": logging.WARNING,  # below, it tells each socket's address
    "httpx": logging.WARNING,
    "httpcore": logging.WARNING,
}


def configure(_: Any = None) -> None:
    """Set up structlog and the standard library's root logger; called once by Django."""
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.set_name(_NAME)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_SHARED,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,  # plain: rich's would print local variables
                _renderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [h for h in root.handlers if h.get_name() != _NAME]  # a test's stay
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    for name, level in _QUIET.items():
        logging.getLogger(name).setLevel(level)


def _renderer() -> Any:
    if sys.stderr.isatty():
        return structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    return structlog.processors.JSONRenderer()
